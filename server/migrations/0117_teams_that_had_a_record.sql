-- Which teams gave a record away, and to which it came back, as the journal says: lists by that begin at an index instead of reading the
-- history of every record.

create table record_handover (
  tenant_id  uuid not null references tenant (id),
  record_id  uuid not null,
  how        text collate "C" not null check (how in ('given', 'back')),
  team_id    uuid not null,
  -- Of the record, as in record_value.
  created_at timestamptz(3) not null,
  primary key (tenant_id, record_id, how, team_id)
);
create index record_handover_team on record_handover (tenant_id, team_id, how, created_at, record_id);

create function keep_handovers() returns trigger
  language plpgsql as $$
declare
  given uuid := new.data->'changes'->'team_id'->>'from';
  back uuid := case when new.type = 'incident.bounced' then new.data->'teams'->>-1 end;
begin
  insert into record_handover (tenant_id, record_id, how, team_id, created_at)
  select r.tenant_id, r.id, h.how, h.team_id, r.created_at
  from (values ('given', given), ('back', back)) as h (how, team_id), record r
  where h.team_id is not null and r.tenant_id = new.tenant_id and r.id = new.subject_id
  on conflict do nothing;
  return null;
end $$;
create trigger keep_handovers after insert on journal for each row
  when (new.subject_kind = 'incident' and (new.type = 'incident.bounced' or new.data->'changes' ? 'team_id'))
  execute function keep_handovers();

-- What a team has now, ended or not: the other half of what it ever had.
create index record_had_by on record (tenant_id, team_id, created_at desc, id desc) include (import_id);

create policy owner_reads on record_handover for select to current_user using (true);
create view record_handover_in_force as
  select * from record_handover where tenant_id = (select tenant_in_force());
grant select on record_handover_in_force to evenkeel_app;
call protect_tenant_rows(array['record_handover'], 'select, insert');

do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    insert into record_handover (tenant_id, record_id, how, team_id, created_at)
    select j.tenant_id, j.subject_id, h.how, h.team_id, r.created_at from journal j
    join record r on r.tenant_id = j.tenant_id and r.id = j.subject_id, lateral (values
      ('given', (j.data->'changes'->'team_id'->>'from')::uuid),
      ('back', case when j.type = 'incident.bounced' then (j.data->'teams'->>-1)::uuid end)
    ) as h (how, team_id)
    where j.tenant_id = t and j.subject_kind = 'incident' and (j.type = 'incident.bounced' or j.data->'changes' ? 'team_id') and h.team_id is not null
    on conflict do nothing;
  end loop;
  perform set_config('evenkeel.tenant', '', true);
end $$;
