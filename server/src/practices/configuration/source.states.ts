import type { ItemSourceState, ItemVanishing } from '@evenkeel/contract/item-source'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { inForce } from './item.model.ts'
import { sourceLabel } from './item.page.ts'
import { says } from './item.reasons.ts'
import { mustReachAll } from './item.source-saying.ts'
import { openVanishings, sourceRules } from './source.gone.ts'

/** Every source that spoke or is expected to, those that need somebody first. */
export const listItemSources = async (
  database: Database,
  caller: Caller,
): Promise<{ sources: ItemSourceState[]; vanishings: ItemVanishing[] }> => {
  mustReachAll(caller)
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language, now } = caller
  return read(database, caller.tenantId, async (q) => {
    const rules = force.sources.sources
    const [heard, conflicts, vanishings] = await Promise.all([
      q.rows<{ source: string; items: number; stale: number; heardAt: string }>({
        text: `select s.source, count(distinct s.item_id)::int as items, max(s.seen_at) as "heardAt",
                 count(distinct s.item_id) filter (where w.days is not null and s.seen_at < $4::timestamptz - make_interval(days => w.days))::int as stale
               from item_source_seen s left join unnest($2::text[], $3::integer[]) w (source, days) on w.source = s.source
               where s.tenant_id = $1 group by s.source order by s.source`,
        values: [q.tenantId, rules.map(({ name }) => name), rules.map((rule) => rule.staleAfterDays), now],
      }),
      q.rows<{ source: string; count: number }>({
        text: 'select source, count(*)::int as count from item_conflict where tenant_id = $1 and decided_at is null group by source',
        values: [q.tenantId],
      }),
      openVanishings(q),
    ])
    const spoken = new Map(heard.map((one) => [one.source, one]))
    const waiting = new Map(conflicts.map(({ source, count }) => [source, count]))
    const names = [
      ...new Set([...rules.map(({ name }) => name), ...spoken.keys(), ...waiting.keys()]),
    ].filter((name) => name !== 'hand' && name !== 'import')
    const sources = names.map((name): ItemSourceState => {
      const { expectedEveryHours } = sourceRules(force.sources, name)
      const one = spoken.get(name)
      const heardAt = one?.heardAt ?? null
      const silent = heardAt === null ? Infinity : Date.parse(now) - Date.parse(heardAt)
      return {
        name,
        label: sourceLabel(name, force, language),
        items: one?.items ?? 0,
        stale: one?.stale ?? 0,
        heardAt,
        expectedEveryHours,
        isLate: expectedEveryHours !== null && silent > expectedEveryHours * 3_600_000,
        conflicts: waiting.get(name) ?? 0,
      }
    })
    return {
      sources: sources.toSorted((a, b) => Number(b.isLate) - Number(a.isLate)),
      vanishings: vanishings.map((row) => ({
        ...row,
        sourceLabel: sourceLabel(row.source, force, language),
        sentence: says('source.gone', {
          items: row.items,
          ofItems: row.ofItems,
          relations: row.relations,
          ofRelations: row.ofRelations,
        }).in(language),
      })),
    }
  })
}
