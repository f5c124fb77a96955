-- What a record does to the items of the configuration, and what that makes of an incident's impact (INC-07).
create table record_item (
  tenant_id uuid not null,
  record_id uuid not null,
  item_id   uuid not null,
  effect    text not null check (effect in ('down', 'degraded', 'involved')),
  named_by  uuid,
  named_at  timestamptz(3) not null,
  primary key (tenant_id, record_id, item_id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, named_by) references person (tenant_id, id)
);
create index record_item_of on record_item (tenant_id, item_id);
call protect_tenant_rows(array['record_item'], 'select, insert, update, delete');

alter table incident
  add column impact_computed smallint check (impact_computed between 1 and 3),
  add column impact_grounds  jsonb not null default '[]' check (jsonb_typeof(impact_grounds) = 'array');

-- The view behind lists shows every column of its table.
create or replace view incident_in_force as
  select * from incident where tenant_id = (select tenant_in_force());
