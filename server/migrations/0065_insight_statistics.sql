-- A past that was just brought in is as if it were not there for the planner, until autovacuum comes by: joining all of it one row by one
-- then takes minutes. Whoever folds it says so on the way, at each fifth that was added.
create function count_insight_anew() returns void
  language plpgsql security definer set search_path = public as $$
declare name text;
begin
  for name in
    select s.relname from pg_stat_user_tables s
    where s.schemaname = 'public' and s.relname in ('record', 'incident', 'insight_case', 'insight_step')
      and s.n_mod_since_analyze > 500 and s.n_mod_since_analyze > s.n_live_tup / 5
  loop
    execute format('analyze %I', name);
  end loop;
end $$;

-- The same conditions as before, said so that the planner does not take them for "no row": of "not one of these" in a column that has few
-- values, because one batch brought most of the records, it expects nothing, and joins a whole desk one row by one.
drop policy not_voided on record;
create policy not_voided on record as restrictive for select to evenkeel_app
  using (coalesce(import_id <> all ((select voided_imports())::uuid[]), true));

create or replace view record_in_force as
  select * from record
  where tenant_id = (select tenant_in_force()) and coalesce(import_id <> all ((select voided_imports())::uuid[]), true);
