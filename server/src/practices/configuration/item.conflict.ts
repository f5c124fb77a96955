import type { ItemConflict, SourceItem } from '@evenkeel/contract/item'
import { type Identified } from '../../kernel/identification/identify.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { type Tx, write } from '../../platform/journal/write.ts'
import { type Database, read } from '../../platform/postgres/database.ts'
import { labelIn, type Model } from './item-class.model.ts'
import { itemRows, refOf } from './item.at.ts'
import { attributesFor } from './item.check.ts'
import { addItem, changeItem, jsonOf, rightsOn } from './item.commands.ts'
import { inForce, type InForce, modelForNew, modelOf } from './item.model.ts'
import { sourceLabel } from './item.page.ts'
import { says } from './item.reasons.ts'
import { type Changes, lockItems, noChanges, storeItems, type Values } from './item.repo.ts'
import {
  type Delivery,
  documentOf,
  keepSeen,
  mustReachAll,
  newItem,
  originOf,
  valuesOf,
} from './item.source-saying.ts'
import { namesFor } from './item.names.ts'
import { idsIn, textOf } from './item.value.ts'
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
  { source }: { readonly source?: string | undefined },
): Promise<{
  conflicts: ItemConflict[]
  more: boolean
  waiting: { source: string; sourceLabel: string; count: number }[]
}> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const [rows, waiting] = await Promise.all([
      q.rows<ConflictRow>({
        text: `select ${conflictColumns} from item_conflict where tenant_id = $1 and decided_at is null and ($3::text is null or source = $3)
               order by at, id limit $2`,
        values: [q.tenantId, mostConflicts + 1, source ?? null],
      }),
      q.rows<{ source: string; count: number }>({
        text: `select source, count(*)::int as count from item_conflict where tenant_id = $1 and decided_at is null
               group by source order by source`,
        values: [q.tenantId],
      }),
    ])
    const ids = [...new Set(rows.flatMap(({ candidateIds }) => candidateIds))]
    const [items, rights] = await Promise.all([itemRows(q, ids), rightsOn(q, caller, ids, 'item.read')])
    const byId = new Map(items.map((row) => [row.id, row]))
    const shown = rows.slice(0, mostConflicts)
    const named = [
      ...shown.map(({ document: { class: key, values } }) => ({ class: key, values })),
      ...items,
    ].flatMap(({ class: key, values }) =>
      [...attributesFor(modelOf(force.models, key), caller).values()].flatMap((attribute) => {
        const value = values[attribute.key]
        return value === undefined ? [] : idsIn(attribute, value)
      }),
    )
    const nameOf = await namesFor(q, caller, named)
    const textsOf = (key: string, values: Values): Record<string, string> =>
      Object.fromEntries(
        [...attributesFor(modelOf(force.models, key), caller).values()].flatMap((attribute) => {
          const value = values[attribute.key]
          return value === undefined ? [] : [[attribute.key, textOf(attribute, value, language, nameOf)]]
        }),
      )
    return {
      more: rows.length > mostConflicts,
      waiting: waiting.map((one) => ({ ...one, sourceLabel: sourceLabel(one.source, force, language) })),
      conflicts: shown.map((row) => {
        const model = modelOf(force.models, row.document.class)
        return {
          id: row.id,
          source: row.source,
          sourceLabel: sourceLabel(row.source, force, language),
          externalId: row.externalId,
          name: row.document.name,
          class: row.document.class,
          classLabel: labelIn(model.label, language),
          sentence: says(`conflict.${row.reason}`, { by: byIn(row.because[0] ?? '', model, language) }).in(
            language,
          ),
          values: Object.entries(textsOf(row.document.class, row.document.values)).map(([key, text]) => ({
            key,
            label: labelIn(model.byKey.get(key)?.label ?? key, language),
            text,
          })),
          candidates: row.candidateIds.flatMap((id, place) => {
            const item = rights.get(id)?.read === true ? byId.get(id) : undefined
            return item === undefined || item.mergedIntoId !== null
              ? []
              : [
                  {
                    ...refOf(item, force, language),
                    because: byIn(row.because[place] ?? '', model, language),
                    version: item.version,
                    values: textsOf(item.class, item.values),
                  },
                ]
          }),
          at: row.at,
        }
      }),
    }
  })
}

/** A rule in words: the labels of its attributes. */
const byIn = (rule: string, model: Model, language: string): string =>
  rule
    .split(' + ')
    .map((key) =>
      key === 'name'
        ? says('field.name').in(language)
        : labelIn(model.byKey.get(key)?.label ?? key, language),
    )
    .join(' + ')

export const decideItemConflict = async (
  database: Database,
  caller: Caller,
  id: string,
  decided: Decided & { readonly reason?: string },
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
      data: {
        source: conflict.source,
        externalId: conflict.externalId,
        decision: decided.decision,
        itemId,
        reason: decided.reason ?? '',
      },
      personal: ['/reason'],
    })
    return { itemId }
  })
}

/** Takes back that it is nothing of ours. What became part of an item is taken out again by splitting that. */
export const reopenItemConflict = async (database: Database, caller: Caller, id: string): Promise<void> => {
  mustReachAll(caller)
  await write(database, caller, async (tx) => {
    const conflict = await tx.one<ConflictRow & { decision: string | null }>({
      text: `select ${conflictColumns}, decision from item_conflict where tenant_id = $1 and id = $2 for update`,
      values: [tx.tenantId, id],
    })
    if (conflict.decision !== 'drop') throw new Refusal('not_allowed_here', says('conflict.notDropped'))
    tx.send({
      text: `update item_conflict set decided_at = null, decision = null, decided_by = null where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, id],
    })
    tx.journal({
      type: 'item.conflict_reopened',
      subject: { kind: 'item', id },
      data: { source: conflict.source, externalId: conflict.externalId },
    })
  })
}

type Decided = { decision: 'same'; itemId: string } | { decision: 'new' | 'drop' }

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
