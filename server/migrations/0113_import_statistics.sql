-- What a file just brought is as if it were not there for the planner, until autovacuum comes by: of ways to find a few hundred of its rows
-- it takes the one that reads all of them. Whoever brings it says so on the way (as 0065 does for what is folded of it).

-- Right behind the reading of a file: always, since a batch that no statistics know of counts as empty.
create function count_file_anew() returns void
  language plpgsql security definer set search_path = public as $$
begin
  analyze import_row;
  analyze import_record;
end $$;

-- While items and relations come in: one table at a time, at each fifth that was added. True where one was counted, and another may wait.
create function count_items_anew() returns boolean
  language plpgsql security definer set search_path = public as $$
declare name text;
begin
  select s.relname into name from pg_stat_user_tables s
  where s.schemaname = 'public'
    and s.relname in ('item', 'item_value', 'item_fact', 'item_relation', 'item_source_seen', 'item_import')
    and s.n_mod_since_analyze > 500 and s.n_mod_since_analyze > s.n_live_tup / 5
  order by s.relname limit 1;
  if name is null then return false; end if;
  execute format('analyze %I', name);
  return true;
end $$;
