-- A view remembers what its list is divided by, and everybody may begin with a view of their own choice.

alter table saved_view add column group_by text not null default '' check (length(group_by) <= 81);

create table default_view (
  tenant_id   uuid not null,
  person_id   uuid not null,
  record_kind text not null,
  view_id     uuid not null,
  primary key (tenant_id, person_id, record_kind),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, view_id) references saved_view (tenant_id, id) on delete cascade
);
create index default_view_of on default_view (tenant_id, view_id);
call protect_tenant_rows(array['default_view'], 'select, insert, update, delete');
