import type { RelationType } from '@evenkeel/contract/item'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { since } from './item.check.ts'
import { holdItem, rightsOn } from './item.commands.ts'
import { says } from './item.reasons.ts'
import { rewrite, type Held } from '../../kernel/bitemporal/rewrite.ts'
import { endsOf } from './relation.words.ts'

export type RelationRow = {
  readonly id: string
  readonly relationId: string
  readonly type: RelationType
  readonly belowId: string
  readonly aboveId: string
  readonly source: string
  readonly saidBy: string | null
  readonly validFrom: string
  readonly validTo: string | null
  readonly knownFrom: string
}

export const relationColumns = `x.id, x.relation_id as "relationId", x.type, x.below_id as "belowId", x.above_id as "aboveId", x.source,
  x.said_by as "saidBy", x.valid_from as "validFrom", x.valid_to as "validTo", x.known_from as "knownFrom"`

/** What a stretch of a relation says: which one it is, and who says so. */
type Document = Pick<RelationRow, 'relationId' | 'source' | 'saidBy'>

const held = (row: RelationRow): Held<Document> => ({
  id: row.id,
  from: row.validFrom,
  to: row.validTo,
  document: row,
})

const same = (one: Document, other: Document): boolean => one.relationId === other.relationId

/** Writes what becomes of a relation's rows; nothing where nothing changes. */
export const restateRelation = (
  tx: Tx,
  ends: { readonly type: RelationType; readonly belowId: string; readonly aboveId: string },
  rows: readonly RelationRow[],
  stretch: { readonly from: string; readonly to: string | null },
  change: (document: Document | undefined) => Document | null,
): boolean => {
  const { close, add } = rewrite(rows.map(held), stretch, change, same)
  if (close.length === 0 && add.length === 0) return false
  const at = rows.reduce((latest, { knownFrom }) => (knownFrom > latest ? knownFrom : latest), tx.author.now)
  if (close.length > 0)
    tx.send({
      name: 'item_relations_close',
      text: 'update item_relation set known_to = $3 where tenant_id = $1 and id = any($2::uuid[])',
      values: [tx.tenantId, close, at],
    })
  for (const { from, to, document } of add)
    tx.insert('item_relation', {
      tenant_id: tx.tenantId,
      id: uuidv7(),
      relation_id: document.relationId,
      type: ends.type,
      below_id: ends.belowId,
      above_id: ends.aboveId,
      source: document.source,
      said_by: document.saidBy,
      valid_from: from,
      valid_to: to,
      known_from: at,
    })
  return true
}

export const relateItem = async (
  database: Database,
  caller: Caller,
  id: string,
  { type, toId, validFrom }: { type: RelationType; toId: string; validFrom?: string | undefined },
  once: OnceStore | null,
): Promise<{ id: string }> => {
  if (toId === id) throw invalid('toId', says('relation.itself'))
  const from = since(validFrom, caller.now)
  return write(database, caller, async (tx) => {
    // Both ends in the order of their ids: two people who relate the same two never wait for each other forever.
    await tx.rows({
      text: 'select 1 from item where tenant_id = $1 and id = any($2::uuid[]) order by id for update',
      values: [tx.tenantId, [id, toId]],
    })
    await holdItem(tx, caller, id, undefined)
    const [rights, other] = await Promise.all([
      rightsOn(tx, caller, [toId], 'item.read'),
      tx.maybe<{ merged: string | null }>({
        text: 'select merged_into_id as merged from item where tenant_id = $1 and id = $2',
        values: [tx.tenantId, toId],
      }),
    ])
    if (rights.get(toId)?.read !== true || other === undefined || other.merged !== null)
      throw invalid('toId', says('value.nobody', { label: 'toId' }))
    const ends = { type, ...endsOf(type, id, toId) }
    const rows = await relationRows(tx, ends)
    const relationId = rows[0]?.relationId ?? uuidv7()
    const isNew = restateRelation(
      tx,
      ends,
      rows,
      { from, to: null },
      (was) => was ?? { relationId, source: 'hand', saidBy: caller.personId },
    )
    if (!isNew) throw new Refusal('already_exists', says('relation.there'))
    journalRelated(tx, { id, toId, relationId, type, source: 'hand', validFrom: from })
    once?.remember(tx, 201, { id: relationId })
    return { id: relationId }
  })
}

/** One entry at each end: whoever reads the history of either sees it. */
export const journalRelated = (
  tx: Tx,
  said: {
    readonly id: string
    readonly toId: string
    readonly relationId: string
    readonly type: RelationType
    readonly source: string
    readonly validFrom: string
  },
): void => {
  const { id, ...data } = said
  tx.journal({ type: 'item.related', subject: { kind: 'item', id }, data: { ...data, fromId: id } })
}

const relationRows = (
  tx: Tx,
  { type, belowId, aboveId }: { type: RelationType; belowId: string; aboveId: string },
): Promise<RelationRow[]> =>
  tx.rows({
    text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.below_id = $2 and x.above_id = $3 and x.type = $4
             and x.known_to is null order by x.valid_from for update`,
    values: [tx.tenantId, belowId, aboveId, type],
  })

export const endItemRelation = async (
  database: Database,
  caller: Caller,
  id: string,
  relationId: string,
  { validTo, never }: { validTo?: string | undefined; never: boolean },
): Promise<{ id: string }> =>
  write(database, caller, async (tx) => {
    await holdItem(tx, caller, id, undefined)
    const rows = await tx.rows<RelationRow>({
      text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.relation_id = $2 and x.known_to is null
             order by x.valid_from for update`,
      values: [tx.tenantId, relationId],
    })
    const [first] = rows
    if (first === undefined || (first.belowId !== id && first.aboveId !== id)) throw new Refusal('not_found')
    const otherId = first.belowId === id ? first.aboveId : first.belowId
    const rights = await rightsOn(tx, caller, [otherId], 'item.read')
    if (rights.get(otherId)?.read !== true) throw new Refusal('not_found')
    const from = never ? first.validFrom : since(validTo, caller.now)
    if (!restateRelation(tx, first, rows, { from, to: null }, () => null))
      throw new Refusal('not_allowed_here', says('relation.gone'))
    tx.journal({
      type: 'item.relation_ended',
      subject: { kind: 'item', id },
      data: { relationId, type: first.type, otherId, validTo: never ? null : from, never },
    })
    return { id: relationId }
  })
