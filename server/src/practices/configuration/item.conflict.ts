import type { ItemConflict, SourceItem } from '@evenkeel/contract/item'
import { type Identified } from '../../kernel/identification/identify.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { type Tx, write } from '../../platform/journal/write.ts'
import { type Database, read } from '../../platform/postgres/database.ts'
import { labelIn } from './item-class.model.ts'
import { itemRows, refOf } from './item.at.ts'
import { addItem, changeItem, jsonOf, rightsOn } from './item.commands.ts'
import { inForce, type InForce, modelForNew, modelOf } from './item.model.ts'
import { sourceLabel } from './item.page.ts'
import { says } from './item.reasons.ts'
import { type Changes, lockItems, noChanges, storeItems } from './item.repo.ts'
import {
  type Delivery,
  documentOf,
  keepSeen,
  mustReachAll,
  newItem,
  originOf,
  valuesOf,
} from './item.source-saying.ts'
import { storeService } from './service.repo.ts'

export const keepConflict = (
  tx: Tx,
  { source, validFrom, importId }: Omit<Delivery, 'speaker' | 'begun'>,
  item: SourceItem,
  { because }: Extract<Identified, { is: 'undecided' }>,
): void => {
  const ids = because.why === 'several' ? because.ids : because.why === 'contradicted' ? [because.id] : []
  const rule = because.why === 'nothing_to_go_by' ? '' : because.rule
  tx.send({
    text: `insert into item_conflict (tenant_id, id, source, external_id, document, reason, candidate_ids, because, valid_from, at, import_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           on conflict (tenant_id, source, external_id) where decided_at is null
           do update set document = excluded.document, reason = excluded.reason, candidate_ids = excluded.candidate_ids,
             because = excluded.because, valid_from = excluded.valid_from, at = excluded.at, import_id = excluded.import_id`,
    values: [
      tx.tenantId,
      uuidv7(),
      source,
      item.externalId,
      JSON.stringify(item),
      because.why === 'several' ? 'several' : 'contradiction',
      ids,
      JSON.stringify(ids.map(() => rule)),
      validFrom,
      tx.author.now,
      importId,
    ],
  })
}

type ConflictRow = {
  readonly id: string
  readonly source: string
  readonly externalId: string
  readonly document: SourceItem
  readonly reason: 'several' | 'contradiction'
  readonly candidateIds: readonly string[]
  readonly because: readonly string[]
  readonly validFrom: string
  readonly at: string
  readonly importId: string | null
}

const conflictColumns = `id, source, external_id as "externalId", document, reason, candidate_ids as "candidateIds", because,
  valid_from as "validFrom", at, import_id as "importId"`
const mostConflicts = 200

export const listItemConflicts = async (
  database: Database,
  caller: Caller,
): Promise<{ conflicts: ItemConflict[]; more: boolean }> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<ConflictRow>({
      text: `select ${conflictColumns} from item_conflict where tenant_id = $1 and decided_at is null order by at, id limit $2`,
      values: [q.tenantId, mostConflicts + 1],
    })
    const ids = [...new Set(rows.flatMap(({ candidateIds }) => candidateIds))]
    const [items, rights] = await Promise.all([itemRows(q, ids), rightsOn(q, caller, ids, 'item.read')])
    const byId = new Map(items.map((row) => [row.id, row]))
    return {
      more: rows.length > mostConflicts,
      conflicts: rows.slice(0, mostConflicts).map((row) => ({
        id: row.id,
        source: row.source,
        sourceLabel: sourceLabel(row.source, force, language),
        externalId: row.externalId,
        name: row.document.name,
        class: row.document.class,
        classLabel: labelIn(modelOf(force.models, row.document.class).label, language),
        sentence: says(`conflict.${row.reason}`, { by: row.because[0] ?? '' }).in(language),
        candidates: row.candidateIds.flatMap((id, place) => {
          const item = rights.get(id)?.read === true ? byId.get(id) : undefined
          return item === undefined
            ? []
            : [{ ...refOf(item, force, language), because: row.because[place] ?? '' }]
        }),
        at: row.at,
      })),
    }
  })
}

export const decideItemConflict = async (
  database: Database,
  caller: Caller,
  id: string,
  decided: { decision: 'same'; itemId: string } | { decision: 'new' | 'drop' },
): Promise<{ itemId: string | null }> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const conflict = await tx.one<ConflictRow & { decidedAt: string | null }>({
      text: `select ${conflictColumns}, decided_at as "decidedAt" from item_conflict where tenant_id = $1 and id = $2 for update`,
      values: [tx.tenantId, id],
    })
    if (conflict.decidedAt !== null) throw new Refusal('not_allowed_here', says('conflict.decided'))
    const itemId = decided.decision === 'drop' ? null : await settle(tx, force, conflict, decided)
    tx.send({
      text: `update item_conflict set decided_at = $3, decision = $4, decided_by = $5, item_id = $6 where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, id, caller.now, decided.decision, caller.personId, itemId],
    })
    tx.journal({
      type: 'item.conflict_decided',
      subject: { kind: 'item', id: itemId ?? id },
      data: { source: conflict.source, externalId: conflict.externalId, decision: decided.decision, itemId },
    })
    return { itemId }
  })
}

/** What the source said becomes part of the item that was chosen, or of a new one. */
const settle = async (
  tx: Tx,
  force: InForce,
  conflict: ConflictRow,
  decided: { decision: 'same'; itemId: string } | { decision: 'new' | 'drop' },
): Promise<string> => {
  const { source, externalId, document } = conflict
  const changes: Changes = noChanges()
  const done = (itemId: string): string => {
    keepSeen(tx, source, [externalId], new Map([[externalId, itemId]]))
    return itemId
  }
  if (decided.decision !== 'same') {
    const model = modelForNew(force.models, document.class)
    const row = addItem(tx, force, newItem(uuidv7(), conflict, document), changes)
    storeItems(tx, changes)
    if (model.isService) await storeService(tx, null, row, { source })
    return done(row.id)
  }
  const known = (await lockItems(tx, [decided.itemId])).get(decided.itemId)
  if (known === undefined || known.row.mergedIntoId !== null) throw new Refusal('not_found')
  const { row, changed, isChanged } = changeItem(tx, force, known, [documentOf(conflict, document)], changes)
  storeItems(tx, changes)
  if (isChanged) {
    if (modelOf(force.models, row.class).isService) await storeService(tx, known.row, row, { source })
    tx.journal({
      type: 'item.edited',
      subject: { kind: 'item', id: row.id },
      data: {
        version: row.version,
        changes: changed,
        said: jsonOf(valuesOf(document)),
        ...originOf(conflict),
      },
    })
  }
  return done(row.id)
}
