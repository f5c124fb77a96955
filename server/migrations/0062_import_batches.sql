-- How a batch works: whose turn it is, how far it is, what it made beside records; and the mappings people keep.

alter table import_batch
  drop column done_to,
  -- The place of the last record whose history is here: a run goes on behind it. And of the last one the dry run checked.
  add column done_to      bigint not null default 0,
  add column checked_to   bigint not null default 0,
  -- Who works on it: a worker that finds another name here stops, so that two never write the same batch.
  add column worker       uuid,
  add column seen_at      timestamptz(3),
  add column turn         integer not null default 0,
  add column rate         real not null default 0,
  add column known        bigint not null default 0,
  add column started_by   uuid,
  -- Whether the rows it no longer needs are gone.
  add column tidied       boolean not null default false,
  add column taken_back   jsonb,
  add column file_removed boolean not null default false;

-- A row that was refused stays until the report is made: the file's side counts it.
alter table import_row add column refused boolean not null default false;

-- The records of a file, in the order in which it first names them: numbers compare under row-level security where words do not.
create table import_record (
  tenant_id  uuid not null,
  batch_id   uuid not null,
  record_key text not null,
  place      bigint not null check (place > 0),
  rows       bigint not null,
  -- What the file says of it, once it was checked: {"month": "2016-03", "line": "…", "missed": true, …}
  facts      jsonb,
  refused    boolean not null default false,
  primary key (tenant_id, batch_id, record_key),
  unique (tenant_id, batch_id, place),
  foreign key (tenant_id, batch_id) references import_batch (tenant_id, id)
);

-- People, teams and services as the file names them, and who or what they are here. Those a batch made say so.
create table import_reference (
  tenant_id  uuid not null,
  batch_id   uuid not null,
  kind       text not null check (kind in ('person', 'team', 'service')),
  value      text not null,
  fate       text not null check (fate in ('found', 'create', 'made', 'leave', 'refuse', 'retired', 'kept')),
  id         uuid,
  rows       bigint not null default 0,
  primary key (tenant_id, batch_id, kind, value),
  foreign key (tenant_id, batch_id) references import_batch (tenant_id, id),
  constraint somebody_when_it_says_so check (fate not in ('found', 'made', 'retired', 'kept') or id is not null)
);
create index import_reference_id on import_reference (tenant_id, id) where id is not null;

create table import_mapping (
  tenant_id uuid not null references tenant (id),
  name      text not null check (length(name) between 1 and 80),
  version   integer not null check (version > 0),
  document  jsonb not null,
  note      text not null default '',
  author_id uuid,
  saved_at  timestamptz(3) not null,
  primary key (tenant_id, name, version),
  foreign key (tenant_id, author_id) references person (tenant_id, id)
);
call protect_tenant_rows(array['import_record', 'import_reference'], 'select, insert, update, delete');
call protect_tenant_rows(array['import_mapping'], 'select, insert');
