-- Records of other systems: files on their way in, what they brought, and taking a whole batch back.

create table import_batch (
  tenant_id    uuid not null references tenant (id),
  id           uuid not null,
  file_name    text not null check (length(file_name) between 1 and 255),
  size_bytes   bigint not null check (size_bytes >= 0),
  sha256       bytea not null check (length(sha256) = 32),
  storage_key  text not null,
  state        text not null check (state in ('waiting', 'examining', 'examined', 'importing', 'paused', 'imported', 'voided', 'failed')),
  mapping      jsonb,
  mapping_name text,
  mapping_version integer,
  failure      jsonb,
  findings     jsonb,
  report       jsonb,
  rows_read    bigint not null default 0,
  bytes_read   bigint not null default 0,
  rows_done    bigint not null default 0,
  records      bigint not null default 0,
  updates      bigint not null default 0,
  refused      bigint not null default 0,
  -- The last record whose history is here, in the order of the keys: a run goes on behind it.
  done_to      text,
  created_by   uuid not null,
  created_at   timestamptz(3) not null,
  started_at   timestamptz(3),
  finished_at  timestamptz(3),
  voided_at    timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, created_by) references person (tenant_id, id),
  constraint voided_when_it_says_so check ((state = 'voided') = (voided_at is not null))
);

-- The file's rows as the mapping translated them, in whatever order they stood; gone when the batch is imported.
create table import_row (
  tenant_id  uuid not null,
  batch_id   uuid not null,
  line       bigint not null check (line > 0),
  record_key text not null,
  update_key text not null,
  at         timestamptz(3),
  translated jsonb not null,
  primary key (tenant_id, batch_id, line),
  foreign key (tenant_id, batch_id) references import_batch (tenant_id, id)
);
create index import_row_record on import_row (tenant_id, batch_id, record_key, at, line);

create table import_fault (
  tenant_id uuid not null,
  batch_id  uuid not null,
  line      bigint not null,
  place     integer not null,
  record_key text,
  col       text,
  value     text,
  code      text not null,
  primary key (tenant_id, batch_id, line, place),
  foreign key (tenant_id, batch_id) references import_batch (tenant_id, id)
);

-- Where a record came from. A record that was imported once is known again by its source and its identity there.
create table imported_record (
  tenant_id  uuid not null,
  record_id  uuid not null,
  batch_id   uuid not null,
  source     text not null,
  source_key text not null,
  -- What the other system counted: {"missed": true, "reassignments": 2, "reopens": 0}.
  recorded   jsonb not null default '{}',
  primary key (tenant_id, record_id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, batch_id) references import_batch (tenant_id, id)
);
create index imported_record_source on imported_record (tenant_id, source, source_key);
create index imported_record_batch on imported_record (tenant_id, batch_id);
-- Each update that is here: the same update again is the same.
create table imported_update (
  tenant_id  uuid not null,
  record_id  uuid not null,
  update_key text not null,
  entry_id   uuid not null,
  line       bigint not null,
  primary key (tenant_id, record_id, update_key),
  foreign key (tenant_id, record_id) references imported_record (tenant_id, record_id)
);
call protect_tenant_rows(array['import_batch', 'import_row', 'import_fault', 'imported_record', 'imported_update'], 'select, insert, update, delete');

-- The batches that were taken back, asked once per statement.
create function voided_imports() returns uuid[]
  language sql stable parallel safe
  return (select coalesce(array_agg(id), '{}') from import_batch where state = 'voided');

-- What a voided batch brought is there for nobody: one row says so for all its records, at once and in every reader.
alter table record add column import_id uuid;
alter table record add foreign key (tenant_id, import_id) references import_batch (tenant_id, id);
create policy not_voided on record as restrictive for select
  using (import_id is null or import_id <> all ((select voided_imports())::uuid[]));
