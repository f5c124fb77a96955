import type { ItemSource, ItemSources } from '@evenkeel/contract/item-class'
import type { ItemVanishing } from '@evenkeel/contract/item-source'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reaction } from '../../platform/journal/reactions.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { inForceAt } from './item.model.ts'
import { says } from './item.reasons.ts'
import { endRelations, endSayings } from './item.ended.ts'
import { mustBeASource, mustReachAll } from './item.source-saying.ts'
import { relationColumns, type RelationRow } from './relation.commands.ts'

// What a whole delivery leaves out is gone for its source: its sayings end, or stay and grow stale, or wait for a person where so much is
// gone at once that the delivery itself may be what is wrong.

export type What = 'items' | 'relations' | 'both'

/** What holds for a source that nobody wrote rules for. */
export const sourceRules = ({ sources }: ItemSources, name: string): ItemSource =>
  sources.find((source) => source.name === name) ?? {
    name,
    label: name,
    staleAfterDays: null,
    expectedEveryHours: null,
    whenGone: 'end',
    askAbovePercent: 20,
  }

// What a source says of an item holds while one of its facts does.
const saysSomething = `exists (select from item_fact f where f.tenant_id = $1 and f.item_id = s.item_id and f.source = $2
  and f.known_to is null and f.valid_to is null and f.values->>'state' is distinct from 'retired')`

type Counted = { readonly count: number; readonly of: number }

const itemsGone = (q: Reader, source: string, before: string): Promise<Counted> =>
  q.one({
    text: `select count(*) filter (where s.seen_at < $3)::int as count, count(*)::int as of from item_source_seen s
           where s.tenant_id = $1 and s.source = $2 and ${saysSomething}`,
    values: [q.tenantId, source, before],
  })

const relationsGone = (q: Reader, source: string, before: string): Promise<Counted> =>
  q.one({
    text: `select count(*) filter (where coalesce(x.seen_at, x.known_from) < $3)::int as count, count(*)::int as of from item_relation x
           where x.tenant_id = $1 and x.source = $2 and x.known_to is null and x.valid_to is null`,
    values: [q.tenantId, source, before],
  })

/** How many items the source knows that a file of an import does not name: as sets, since each word of one is in no order of the other. */
export const goneOf = (q: Reader, source: string, batchId: string): Promise<Counted> =>
  q.one({
    text: `with known as materialized (
             select s.external_id as key from item_source_seen s where s.tenant_id = $1 and s.source = $2 and ${saysSomething}
           ), gone as (
             select key from known except select record_key from import_record where tenant_id = $1 and batch_id = $3
           )
           select (select count(*) from gone)::int as count, (select count(*) from known)::int as of`,
    values: [q.tenantId, source, batchId],
  })

const none: Counted = { count: 0, of: 0 }

export type Gone = {
  readonly items: number
  readonly relations: number
  readonly outcome: 'ended' | 'stays' | 'waits'
}

/** A whole delivery is over: what the source last spoke of before it began is gone there. What follows happens behind it. */
export const deliveryEnds = async (tx: Tx, source: string, begun: string, what: What): Promise<Gone> => {
  const { sources } = await inForceAt(tx, tx.author.now)
  const { whenGone, askAbovePercent } = sourceRules(sources, source)
  const [items, relations] = await Promise.all([
    what === 'relations' ? none : itemsGone(tx, source, begun),
    what === 'items' ? none : relationsGone(tx, source, begun),
  ])
  // What waited before is answered by what came since.
  tx.send({
    text: `update item_vanishing set decided_at = $3, decision = 'stay', decided_by = null where tenant_id = $1 and source = $2 and decided_at is null`,
    values: [tx.tenantId, source, tx.author.now],
  })
  const isMany = [items, relations].some(({ count, of }) => count > 0 && count * 100 > of * askAbovePercent)
  const outcome = whenGone === 'stay' ? 'stays' : isMany ? 'waits' : 'ended'
  if (outcome === 'waits')
    tx.send({
      text: `insert into item_vanishing (tenant_id, id, source, heard_before, items, of_items, relations, of_relations, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        tx.tenantId,
        uuidv7(),
        source,
        begun,
        items.count,
        items.of,
        relations.count,
        relations.of,
        tx.author.now,
      ],
    })
  tx.journal({
    type: 'item_source.delivered',
    subject: { kind: 'item_source', id: tx.tenantId },
    data: { source, begun, items: items.count, relations: relations.count, what, outcome },
  })
  return { items: items.count, relations: relations.count, outcome }
}

export const finishDelivery = async (
  database: Database,
  caller: Caller,
  source: string,
  since: string,
): Promise<Gone> => {
  mustReachAll(caller)
  mustBeASource(source)
  const begun = new Date(since).toISOString()
  if (begun > caller.now) throw new Refusal('invalid', says('time.future'))
  return write(database, caller, (tx) => deliveryEnds(tx, source, begun, 'both'))
}

type VanishingRow = Omit<ItemVanishing, 'sourceLabel' | 'sentence'>
const columns = `id, source, heard_before as "heardBefore", items, of_items as "ofItems", relations, of_relations as "ofRelations", at`

export const openVanishings = (q: Reader): Promise<VanishingRow[]> =>
  q.rows({
    text: `select ${columns} from item_vanishing where tenant_id = $1 and decided_at is null order by at, id`,
    values: [q.tenantId],
  })

export const decideVanishing = async (
  database: Database,
  caller: Caller,
  id: string,
  decision: 'end' | 'stay',
): Promise<{ id: string }> => {
  mustReachAll(caller)
  return write(database, caller, async (tx) => {
    const row = await tx.one<VanishingRow & { decidedAt: string | null }>({
      text: `select ${columns}, decided_at as "decidedAt" from item_vanishing where tenant_id = $1 and id = $2 for update`,
      values: [tx.tenantId, id],
    })
    if (row.decidedAt !== null) throw new Refusal('not_allowed_here', says('conflict.decided'))
    tx.send({
      text: 'update item_vanishing set decided_at = $3, decision = $4, decided_by = $5 where tenant_id = $1 and id = $2',
      values: [tx.tenantId, id, caller.now, decision, caller.personId],
    })
    tx.journal({
      type: 'item_source.gone_decided',
      subject: { kind: 'item_source', id: tx.tenantId },
      data: {
        source: row.source,
        begun: row.heardBefore,
        what: row.items === 0 ? 'relations' : row.relations === 0 ? 'items' : 'both',
        decision,
      },
    })
    return { id }
  })
}

const atOnce = 500

/** Ends what a source no longer says, in the transaction of the reader's place: each delivery has its effect once. */
export const whatIsGoneEnds: Reaction = {
  name: 'what_is_gone_ends',
  to: ['item_source.delivered', 'item_source.gone_decided'],
  react: async (tx, entries) => {
    for (const { data } of entries) {
      const { source, begun, what } = data
      const ends = data['outcome'] === 'ended' || data['decision'] === 'end'
      if (!ends || typeof source !== 'string' || typeof begun !== 'string') continue
      if (what !== 'relations') await endItemsOf(tx, source, begun)
      if (what !== 'items') await endRelationsOf(tx, source, begun)
    }
  },
}

const endItemsOf = async (tx: Tx, source: string, begun: string): Promise<void> => {
  for (let after = ''; ;) {
    const rows: { externalId: string; itemId: string }[] = await tx.rows({
      text: `select s.external_id as "externalId", s.item_id as "itemId" from item_source_seen s
             where s.tenant_id = $1 and s.source = $2 and s.seen_at < $3 and s.external_id > $4 and ${saysSomething}
               and not exists (select from item_source_seen o where o.tenant_id = $1 and o.source = $2 and o.item_id = s.item_id
                 and o.seen_at >= $3)
             order by s.external_id limit ${atOnce}`,
      values: [tx.tenantId, source, begun, after],
    })
    await endSayings(tx, source, [...new Set(rows.map(({ itemId }) => itemId))], () => true, null)
    const last = rows.at(-1)
    if (last === undefined || rows.length < atOnce) return
    after = last.externalId
  }
}

const endRelationsOf = async (tx: Tx, source: string, begun: string): Promise<void> => {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows: RelationRow[] = await tx.rows({
      text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.source = $2 and x.known_to is null
               and x.valid_to is null and coalesce(x.seen_at, x.known_from) < $3 and x.id > $4 order by x.id limit ${atOnce} for update`,
      values: [tx.tenantId, source, begun, after],
    })
    endRelations(tx, rows)
    const last = rows.at(-1)
    if (last === undefined || rows.length < atOnce) return
    after = last.id
  }
}
