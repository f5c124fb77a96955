import { Client } from 'pg'
import type { BenchTenant, Bench } from './place.ts'

const batch = 50_000

/** Teams beside the desk, the first with most records and the last with a few hundred of a million. */
export const teamNames = Array.from({ length: 40 }, (_, at) => `Team ${at + 1}`)

/**
 * Incidents straight into the tables, for measuring at size: two years, five in a hundred open, words by a power law over a vocabulary
 * of four thousand, so that some are in every tenth record and most in a handful. Two in five hold values of the tenant's own fields, three
 * in ten were given from one team to another.
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
  await admin.query(
    `insert into custom_field (tenant_id, id, record_kind, key, label, type, choices, position)
     select $1, gen_random_uuid(), 'incident', f.key, f.key, f.type, case when f.type = 'choice' then array(select 'W' || w from generate_series(0, 59) w) else '{}' end, f.position
     from (values ('ward', 'choice', 0), ('room', 'text', 1), ('cost', 'number', 2), ('visited', 'date', 3), ('paid', 'boolean', 4)) as f (key, type, position)
     on conflict do nothing`,
    [tenant.tenantId],
  )
  await admin.query(
    `insert into team (tenant_id, id, name, created_at)
     select $1, gen_random_uuid(), t.name, now() from unnest($2::text[]) as t (name) on conflict do nothing`,
    [tenant.tenantId, teamNames],
  )
  for (let from = 0; from < count; from += batch) {
    const to = Math.min(count, from + batch)
    await admin.query(
      `with teams as (select array_agg(id order by substr(name, 6)::int) as ids from team where tenant_id = $1 and name like 'Team %'),
       made as materialized (
         select random() as share, (select ids[1 + floor(pow(random(), 4) * 40)::int + g * 0] from teams) as other_team,
           case when random() < 0.4 then jsonb_build_object(
             'ward', 'W' || floor(pow(random(), 2) * 60)::int, 'room', 'B-' || floor(random() * 20000)::int || ' east', 'cost', floor(pow(random(), 3) * 100000) / 100,
             'visited', to_char(now() - random() * interval '1500 days', 'YYYY-MM-DD'), 'paid', random() < 0.001) else '{}' end as custom,
           ('01' || lpad(to_hex(g), 6, '0') || '-0000-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid as id, g,
           now() - random() * interval '730 days' as created_at, random() as luck,
           (select string_agg('wort' || floor(pow(random(), 3) * 4000)::int, ' ') from generate_series(1, 7 + g * 0)) as title,
           (select string_agg('wort' || floor(pow(random(), 3) * 4000)::int, ' ') from generate_series(1, 24 + g * 0)) as description
         from generate_series($4::bigint, $5::bigint) as g),
       records as (
         insert into record (tenant_id, id, kind, number, title, description, state, is_open, priority, team_id, requester_id, assignee_id, created_at, updated_at, resolved_at, closed_at, custom)
         select $1, id, 'incident', 'B' || g, title, description,
           case when luck < 0.02 then 'new' when luck < 0.05 then 'in_progress' when luck < 0.1 then 'resolved' else 'closed' end, luck < 0.05,
           1 + (g % 4), case when share < 0.3 then other_team else $2::uuid end, $3, case when luck between 0.02 and 0.5 then $3::uuid end, created_at, created_at,
           case when luck >= 0.05 then created_at + interval '3 hours' end, case when luck >= 0.1 then created_at + interval '7 days' end, custom
         from made),
       handed as (
         insert into journal (tenant_id, id, era, at, actor_kind, via, subject_kind, subject_id, type, data)
         select $1, gen_random_uuid(), (select max(era) from journal_era), created_at, 'system', 'bench', 'incident', id, 'incident.assigned',
           jsonb_build_object('changes', jsonb_build_object('team_id', jsonb_build_object('from', case when share < 0.15 then $2::uuid else other_team end, 'to', $2::uuid)))
         from made where share < 0.3)
       insert into incident (tenant_id, id, impact, urgency, computed_priority, matrix_version, channel, raised_by, routing, team_path, team_since)
       select $1, id, 3, 3, 1 + (g % 4), 0, 'portal', $3, '{"teamId":"","personId":null,"rule":"catch_all","sentence":"","version":0}', array[$2::uuid], created_at from made`,
      [tenant.tenantId, tenant.teamId, tenant.requesterId, from, to - 1],
    )
    tell(`${to} of ${count} incidents after ${Math.round((performance.now() - began) / 1000)} s`)
  }
  await admin.query('vacuum analyze record, incident, record_value, record_handover')
  await admin.end()
}
