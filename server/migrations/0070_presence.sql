-- Who looks at which record right now, so that the processes of an instance know it of each other. Pages say it anew every few seconds:
-- after a crash of the database nothing is missed, so it is not logged, and no backup takes it.
-- It points at no other table: to say where one looks must not wait for whoever holds the record.
create unlogged table presence (
  tenant_id  uuid not null,
  person_id  uuid not null,
  page       uuid not null,
  record_id  uuid not null,
  process    uuid not null,
  is_writing boolean not null,
  seen_at    timestamptz(3) not null,
  primary key (tenant_id, person_id, page)
);
create index on presence (tenant_id, record_id);
call protect_tenant_rows(array['presence'], 'select, insert, update, delete');
