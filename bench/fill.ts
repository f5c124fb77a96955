import { Client } from 'pg'
import type { BenchTenant, Bench } from './place.ts'

const batch = 50_000

/**
 * Incidents straight into the tables, for measuring at size: two years, five in a hundred open, words by a power law over a vocabulary
 * of four thousand, so that some are in every tenth record and most in a handful.
 */
export const fill = async (
  bench: Bench,
  tenant: BenchTenant,
  count: number,
  tell: (line: string) => void,
): Promise<void> => {
  const admin = new Client({ connectionString: bench.server.adminUrl.replace('@/postgres?', '@/evenkeel?') })
  await admin.connect()
  const began = performance.now()
  for (let from = 0; from < count; from += batch) {
    const to = Math.min(count, from + batch)
    await admin.query(
      `with made as materialized (
         select ('01' || lpad(to_hex(g), 6, '0') || '-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid as id, g,
           now() - random() * interval '730 days' as created_at, random() as luck,
           (select string_agg('wort' || floor(pow(random(), 3) * 4000)::int, ' ') from generate_series(1, 7 + g * 0)) as title,
           (select string_agg('wort' || floor(pow(random(), 3) * 4000)::int, ' ') from generate_series(1, 24 + g * 0)) as description
         from generate_series($4::bigint, $5::bigint) as g),
       records as (
         insert into record (tenant_id, id, kind, number, title, description, state, is_open, priority, team_id, requester_id, assignee_id, created_at, updated_at, resolved_at, closed_at)
         select $1, id, 'incident', 'B' || g, title, description,
           case when luck < 0.02 then 'new' when luck < 0.05 then 'in_progress' when luck < 0.1 then 'resolved' else 'closed' end, luck < 0.05,
           1 + (g % 4), $2, $3, case when luck between 0.02 and 0.5 then $3::uuid end, created_at, created_at,
           case when luck >= 0.05 then created_at + interval '3 hours' end, case when luck >= 0.1 then created_at + interval '7 days' end
         from made)
       insert into incident (tenant_id, id, impact, urgency, computed_priority, matrix_version, channel, raised_by, routing, team_path, team_since)
       select $1, id, 3, 3, 1 + (g % 4), 0, 'portal', $3, '{"teamId":"","personId":null,"rule":"catch_all","sentence":"","version":0}', array[$2::uuid], created_at from made`,
      [tenant.tenantId, tenant.teamId, tenant.requesterId, from, to - 1],
    )
    tell(`${to} of ${count} incidents after ${Math.round((performance.now() - began) / 1000)} s`)
  }
  await admin.query('vacuum analyze record, incident')
  await admin.end()
}
