import type { SourceBatch } from '@evenkeel/contract/item'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import { itemsBySourceId, type Delivery } from './item.source-saying.ts'
import { journalRelated } from './relation.commands.ts'
import { endsOf } from './relation.words.ts'

export type RelationCounts = { created: number; same: number; refused: number }

/** What became of one relation that a source gave. */
export type Related = {
  readonly outcome: 'created' | 'same' | 'refused'
  /** The end that nobody knows, where one is missing. */
  readonly unknown: 'from' | 'to' | null
}

export const countsOf = (related: readonly Related[]): RelationCounts => {
  const counts = { created: 0, same: 0, refused: 0 }
  for (const { outcome } of related) counts[outcome] += 1
  return counts
}

type Pair = { readonly type: string; readonly belowId: string; readonly aboveId: string }
const keyOf = ({ type, belowId, aboveId }: Pair): string => `${type} ${belowId} ${aboveId}`

/**
 * Relations that a source gives by its own ids, in their order. One that is there, whoever said it first, stays as it is.
 * @param itemOf items of this delivery by the source's ids; others are looked up
 */
export const relate = async (
  tx: Tx,
  { source, validFrom, importId }: Omit<Delivery, 'speaker' | 'begun'>,
  relations: SourceBatch['relations'],
  itemOf: ReadonlyMap<string, string>,
): Promise<Related[]> => {
  const named = relations.flatMap(({ from, to }) => [from, to]).filter((id) => !itemOf.has(id))
  const others = await itemsBySourceId(tx, source, named)
  const idOf = (externalId: string): string | undefined => itemOf.get(externalId) ?? others.get(externalId)
  const resolved = relations.map(({ type, from, to }) => {
    const [fromId, toId] = [idOf(from), idOf(to)]
    if (fromId === undefined || toId === undefined)
      return { unknown: fromId === undefined ? ('from' as const) : ('to' as const) }
    return fromId === toId ? { unknown: null } : { type, fromId, toId, ...endsOf(type, fromId, toId) }
  })
  const wanted = resolved.flatMap((one) => ('type' in one ? [one] : []))
  const rows =
    wanted.length === 0
      ? []
      : await tx.rows<Pair & { id: string; source: string }>({
          text: `select x.id, x.source, x.type, x.below_id as "belowId", x.above_id as "aboveId" from item_relation x
                 where x.tenant_id = $1 and x.below_id = any($2::uuid[]) and x.known_to is null and (x.valid_to is null or x.valid_to > $3)`,
          values: [tx.tenantId, [...new Set(wanted.map(({ belowId }) => belowId))], validFrom],
        })
  const there = new Map(rows.map((row) => [keyOf(row), row]))
  const heard: string[] = []
  const made = new Set<string>()
  const added: { readonly id: string; readonly relationId: string; readonly one: (typeof wanted)[number] }[] =
    []
  const related = resolved.map((one): Related => {
    if (!('type' in one)) return { outcome: 'refused', unknown: one.unknown }
    const key = keyOf(one)
    const row = there.get(key)
    if (row?.source === source) heard.push(row.id)
    if (row !== undefined || made.has(key)) return { outcome: 'same', unknown: null }
    made.add(key)
    added.push({ id: uuidv7(), relationId: uuidv7(), one })
    return { outcome: 'created', unknown: null }
  })
  if (heard.length > 0)
    tx.send({
      name: 'item_relations_heard',
      text: 'update item_relation set seen_at = $3 where tenant_id = $1 and id = any($2::uuid[])',
      values: [tx.tenantId, heard, tx.author.now],
    })
  for (const { relationId, one } of added)
    journalRelated(tx, { id: one.fromId, toId: one.toId, relationId, type: one.type, source, validFrom })
  for (const statement of insertMany(
    'item_relation',
    {
      tenant_id: 'uuid',
      id: 'uuid',
      relation_id: 'uuid',
      type: 'text',
      below_id: 'uuid',
      above_id: 'uuid',
      source: 'text',
      valid_from: 'timestamptz',
      known_from: 'timestamptz',
      seen_at: 'timestamptz',
      import_id: 'uuid',
    },
    added.map(({ id, relationId, one }) => ({
      tenant_id: tx.tenantId,
      id,
      relation_id: relationId,
      type: one.type,
      below_id: one.belowId,
      above_id: one.aboveId,
      source,
      valid_from: validFrom,
      known_from: tx.author.now,
      seen_at: tx.author.now,
      import_id: importId,
    })),
  ))
    tx.send(statement)
  return related
}
