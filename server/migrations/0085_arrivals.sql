-- Items and relations come in by files too, and sources fall silent: what a run said can be taken back, what a whole delivery left out ends.

alter table import_batch
  -- What became of items and relations, by outcome; null for records.
  add column outcomes jsonb,
  -- Whether the rows that named what came behind them were brought once more, and how far that is.
  add column later_to bigint not null default 0;
alter table import_record add column later boolean not null default false;
create index import_record_later on import_record (tenant_id, batch_id, place) where later;
alter table import_reference
  drop constraint import_reference_kind_check,
  add constraint import_reference_kind_check check (kind in ('person', 'team', 'service', 'item'));

-- What a run of an import said of items, while it is the last that its source said: known by when it was known from.
create table item_import (
  tenant_id  uuid not null,
  batch_id   uuid not null,
  item_id    uuid not null,
  known_from timestamptz(3) not null,
  primary key (tenant_id, batch_id, item_id),
  foreign key (tenant_id, item_id) references item (tenant_id, id)
);

-- When a source last said that a relation is there, and by which run of an import it came.
alter table item_relation
  add column seen_at timestamptz(3),
  add column import_id uuid;
create index item_relation_import on item_relation (tenant_id, import_id) where import_id is not null and known_to is null;
create index item_relation_source on item_relation (tenant_id, source, seen_at) where known_to is null and valid_to is null;
alter table item_conflict add column import_id uuid;
create index item_source_seen_at on item_source_seen (tenant_id, source, seen_at);

-- How far what follows from silence was worked out, and when a source last spoke at all.
create table item_source_state (
  tenant_id  uuid not null references tenant (id),
  source     text collate "C" not null check (source ~ '^[a-z][a-z0-9_-]{0,39}$'),
  settled_to timestamptz(3) not null,
  primary key (tenant_id, source)
);

-- What a whole delivery left out, where so much is gone at once that a person says whether it is.
create table item_vanishing (
  tenant_id    uuid not null references tenant (id),
  id           uuid not null,
  source       text collate "C" not null check (source ~ '^[a-z][a-z0-9_-]{0,39}$'),
  -- Everything that the source said last before this.
  heard_before timestamptz(3) not null,
  items        integer not null check (items >= 0),
  of_items     integer not null,
  relations    integer not null check (relations >= 0),
  of_relations integer not null,
  at           timestamptz(3) not null,
  decided_at   timestamptz(3),
  decision     text check (decision in ('end', 'stay')),
  decided_by   uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, decided_by) references person (tenant_id, id),
  check ((decided_at is null) = (decision is null))
);
create unique index item_vanishing_open on item_vanishing (tenant_id, source) where decided_at is null;

call protect_tenant_rows(array['item_import', 'item_source_state', 'item_vanishing'], 'select, insert, update, delete');
grant delete on item_conflict to evenkeel_app;
