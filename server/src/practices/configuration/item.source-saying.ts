import type { SourceItem } from '@evenkeel/contract/item'
import { SourceName } from '@evenkeel/contract/item-class'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { NewItem } from './item.commands.ts'
import { says } from './item.reasons.ts'
import type { Saying, Values } from './item.repo.ts'

/** Something a source says at once: by a request, or by a run of an import in many transactions. */
export type Delivery = {
  readonly source: string
  readonly validFrom: string
  /** Whose rights say what it may speak of; null where they were looked at before. */
  readonly speaker: Pick<Caller, 'grants' | 'reach'> | null
  /** When it began, where it takes several transactions. */
  readonly begun: string | null
  readonly importId: string | null
}

/** Whoever speaks for a source speaks of everything it knows. */
export const mustReachAll = ({ grants }: Caller): void => {
  if (grants.get('item.manage')?.has('all') !== true)
    throw new Refusal('forbidden', says('permission', { permission: 'item.manage' }))
}

/** What stock-takings found, decided by a person. */
export const auditSource = 'audit'

export const isASource = (source: string): boolean =>
  source !== 'hand' && source !== 'import' && source !== auditSource && SourceName.safeParse(source).success

/** @throws Refusal `invalid` for names that mean something else */
export const mustBeASource = (source: string): void => {
  if (!isASource(source))
    throw new Refusal('invalid', [
      { code: 'reserved', field: 'source', message: says('source.reserved', { source }) },
    ])
}

export const valuesOf = (item: SourceItem): Values => ({
  ...item.values,
  name: item.name,
  ...(item.state === undefined ? {} : { state: item.state }),
})

export const documentOf = (
  { source, validFrom }: Pick<Delivery, 'source' | 'validFrom'>,
  item: SourceItem,
): Saying => ({
  source,
  saidBy: null,
  stretch: { from: validFrom, to: null },
  change: (was) => {
    const state = was?.['state']
    // A document that says nothing of the state leaves it; what ended with its source is back with it.
    return {
      ...(state === undefined ? {} : { state: state === 'retired' ? 'in_use' : state }),
      ...valuesOf(item),
    }
  },
})

/** What an entry says of where its words come from. */
export const originOf = ({
  source,
  validFrom,
  importId,
}: Omit<Delivery, 'speaker' | 'begun'>): JsonObject => ({
  source,
  validFrom,
  ...(importId === null ? {} : { importId }),
})

export const newItem = (
  id: string,
  { source, validFrom, importId }: Omit<Delivery, 'speaker' | 'begun'>,
  item: SourceItem,
): NewItem => ({
  id,
  class: item.class,
  name: item.name,
  values: item.values,
  state: item.state ?? 'in_use',
  source,
  saidBy: null,
  validFrom,
  more: { externalId: item.externalId, ...(importId === null ? {} : { importId }) },
})

/** Items by the ids a source gave them. */
export const itemsBySourceId = async (
  q: Reader,
  source: string,
  externalIds: readonly string[],
): Promise<Map<string, string>> => {
  if (externalIds.length === 0) return new Map()
  const rows = await q.rows<{ externalId: string; itemId: string }>({
    name: 'items_by_source_id',
    text: `select external_id as "externalId", item_id as "itemId" from item_source_seen
           where tenant_id = $1 and source = $2 and external_id = any($3::text[])`,
    values: [q.tenantId, source, [...new Set(externalIds)]],
  })
  return new Map(rows.map(({ externalId, itemId }) => [externalId, itemId]))
}

/** That a source spoke of these just now; of those nobody knows yet nothing is kept. */
export const keepSeen = (
  tx: Tx,
  source: string,
  externalIds: readonly string[],
  itemOf: ReadonlyMap<string, string>,
): void => {
  const rows = [...new Set(externalIds)].flatMap((externalId) => {
    const itemId = itemOf.get(externalId)
    return itemId === undefined
      ? []
      : [
          {
            tenant_id: tx.tenantId,
            source,
            external_id: externalId,
            item_id: itemId,
            seen_at: tx.author.now,
          },
        ]
  })
  for (const statement of insertMany(
    'item_source_seen',
    { tenant_id: 'uuid', source: 'text', external_id: 'text', item_id: 'uuid', seen_at: 'timestamptz' },
    rows,
    ' on conflict (tenant_id, source, external_id) do update set item_id = excluded.item_id, seen_at = excluded.seen_at',
  ))
    tx.send(statement)
}
