import type { SourceItem, SourceOutcome } from '@evenkeel/contract/item'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { type Tx } from '../../platform/journal/write.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import { says } from './item.reasons.ts'
import { type Values } from './item.repo.ts'

/** Whoever speaks for a source speaks of everything it knows. */
export const mustReachAll = ({ grants }: Caller): void => {
  if (grants.get('item.manage')?.has('all') !== true)
    throw new Refusal('forbidden', says('permission', { permission: 'item.manage' }))
}

export const valuesOf = (item: SourceItem): Values => ({
  ...item.values,
  name: item.name,
  ...(item.state === undefined ? {} : { state: item.state }),
})

export const documentOf = (source: string, item: SourceItem, validFrom: string) => ({
  source,
  saidBy: null,
  stretch: { from: validFrom, to: null },
  change: () => valuesOf(item),
})

export const newItem = (id: string, source: string, item: SourceItem, validFrom: string) => ({
  id,
  class: item.class,
  name: item.name,
  values: item.values,
  state: item.state ?? ('in_use' as const),
  source,
  saidBy: null,
  validFrom,
  more: { externalId: item.externalId },
})

export const keepSeen = (tx: Tx, source: string, outcomes: readonly SourceOutcome[]): void => {
  const rows = outcomes.flatMap(({ externalId, itemId }) =>
    itemId === null
      ? []
      : [
          {
            tenant_id: tx.tenantId,
            source,
            external_id: externalId,
            item_id: itemId,
            seen_at: tx.author.now,
          },
        ],
  )
  for (const statement of insertMany(
    'item_source_seen',
    { tenant_id: 'uuid', source: 'text', external_id: 'text', item_id: 'uuid', seen_at: 'timestamptz' },
    rows,
    ' on conflict (tenant_id, source, external_id) do update set item_id = excluded.item_id, seen_at = excluded.seen_at',
  ))
    tx.send(statement)
}
