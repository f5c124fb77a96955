import type { SourceFigures } from '@evenkeel/contract/item'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { inForce } from './item.model.ts'
import { sourceLabel } from './item.page.ts'
import { mustReachAll } from './item.source-saying.ts'

/** Of each source, as many of the items it spoke of last are looked at to say how often it is believed. */
const mostLookedAt = 2000

/** How each source speaks: those that are ordered by the policy, and those that spoke without being named there. */
export const readSourceFigures = async (
  database: Database,
  caller: Caller,
): Promise<{ sources: SourceFigures[] }> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  const ordered = force.sources.sources
  return read(database, caller.tenantId, async (q) => {
    const [seen, waiting] = await Promise.all([
      q.rows<{ source: string; items: number; lastAt: string; silent: number }>({
        text: `select s.source, count(distinct s.item_id)::int as items, max(s.seen_at) as "lastAt",
                 (count(distinct s.item_id) filter (where s.seen_at < $4::timestamptz - make_interval(days => w.days)))::int as silent
               from item_source_seen s left join unnest($2::text[], $3::integer[]) w (source, days) on w.source = s.source
               where s.tenant_id = $1 group by s.source`,
        values: [
          q.tenantId,
          ordered.map(({ name }) => name),
          ordered.map(({ staleAfterDays }) => staleAfterDays),
          caller.now,
        ],
      }),
      q.rows<{ source: string; count: number }>({
        text: `select source, count(*)::int as count from item_conflict where tenant_id = $1 and decided_at is null group by source`,
        values: [q.tenantId],
      }),
    ])
    const names = [
      ...new Set([
        ...ordered.map(({ name }) => name),
        ...seen.map(({ source }) => source),
        ...waiting.map(({ source }) => source),
      ]),
    ]
    const said = await q.rows<{ source: string; items: number; lastAt: string; won: number; lost: number }>({
      text: `select n.source, count(distinct f.item_id)::int as items, max(f.known_from) as "lastAt",
               (count(v.key) filter (where i.values -> v.key = v.value or (v.key = 'name' and to_jsonb(i.name) = v.value) or (v.key = 'state' and to_jsonb(i.state) = v.value)))::int as won,
               (count(v.key) filter (where not (coalesce(i.values -> v.key = v.value, false) or (v.key = 'name' and to_jsonb(i.name) = v.value) or (v.key = 'state' and to_jsonb(i.state) = v.value))))::int as lost
             from unnest($2::text[]) n (source)
             cross join lateral (
               select f.item_id, f.values, f.known_from from item_fact f
               where f.tenant_id = $1 and f.source = n.source and f.known_to is null and f.valid_to is null
               order by f.known_from desc limit $3) f
             join item i on i.tenant_id = $1 and i.id = f.item_id and i.merged_into_id is null
             left join lateral jsonb_each(f.values) v on true
             group by n.source`,
      values: [q.tenantId, names, mostLookedAt],
    })
    return {
      sources: names.map((name) => {
        const [heard, spoke] = [
          seen.find(({ source }) => source === name),
          said.find(({ source }) => source === name),
        ]
        return {
          name,
          label: sourceLabel(name, force, caller.language),
          items: heard?.items ?? spoke?.items ?? 0,
          lastAt: heard?.lastAt ?? spoke?.lastAt ?? null,
          silent: heard?.silent ?? 0,
          won: spoke?.won ?? 0,
          lost: spoke?.lost ?? 0,
          waiting: waiting.find(({ source }) => source === name)?.count ?? 0,
        }
      }),
    }
  })
}
