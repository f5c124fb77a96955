-- Checklists: what a team sets out to do on a record, and who ticked it off. Items keep the order in which they were put there.

create table checklist_item (
  tenant_id  uuid not null,
  id         uuid not null,
  record_id  uuid not null,
  text       text not null check (length(text) between 1 and 500),
  position   integer not null check (position >= 0),
  done_by    uuid,
  done_at    timestamptz(3),
  version    integer not null default 1,
  added_by   uuid not null,
  created_at timestamptz(3) not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, done_by) references person (tenant_id, id),
  foreign key (tenant_id, added_by) references person (tenant_id, id),
  constraint done_by_somebody check ((done_by is null) = (done_at is null))
);
create index checklist_record on checklist_item (tenant_id, record_id, position, id);
call protect_tenant_rows(array['checklist_item'], 'select, insert, update, delete');
