-- Items of the configuration: what services stand on, with the two times of every fact (ADR 16).
create extension if not exists btree_gist;

-- What is believed now of each item, kept for lists, filters and pages; the facts behind it are in `item_fact`.
create table item (
  tenant_id       uuid not null references tenant (id),
  id              uuid not null,
  class           text not null check (class ~ '^[a-z][a-z0-9_]{0,39}$'),
  name            text not null check (length(name) between 1 and 120),
  state           text not null default 'in_use'
    check (state in ('planned', 'ordered', 'in_stock', 'in_use', 'in_repair', 'retired', 'disposed')),
  values          jsonb not null default '{}' check (jsonb_typeof(values) = 'object'),
  -- Required attributes that nobody gave.
  missing         smallint not null default 0 check (missing >= 0),
  owner_id        uuid,
  support_team_id uuid,
  criticality     smallint check (criticality between 1 and 4),
  -- What was found to be the same thing is kept, so that old references and old answers still lead somewhere.
  merged_into_id  uuid check (merged_into_id <> id),
  -- What free words find beside the name: never anything restricted.
  words           text not null default '',
  search          tsvector not null generated always as (tenant_words(tenant_id, name || ' ' || left(words, 20000))) stored,
  version         integer not null default 1,
  created_at      timestamptz(3) not null,
  updated_at      timestamptz(3) not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references person (tenant_id, id),
  foreign key (tenant_id, support_team_id) references team (tenant_id, id),
  foreign key (tenant_id, merged_into_id) references item (tenant_id, id) deferrable initially deferred
);
create index item_name on item (tenant_id, lower(name), id);
create index item_class on item (tenant_id, class, id);
create index item_recent on item (tenant_id, created_at desc, id desc);
create index item_in_repair on item (tenant_id, id) where state = 'in_repair';
create index item_owner on item (tenant_id, owner_id) where owner_id is not null;
create index item_team on item (tenant_id, support_team_id) where support_team_id is not null;
create index item_merged on item (tenant_id, merged_into_id) where merged_into_id is not null;
create index item_search on item using gin (search);

-- What one source said of an item, about one stretch of time, from one moment on. Nothing is changed but the end of `known`.
-- A stretch of `known` may be empty: said and corrected at the same instant.
create table item_fact (
  tenant_id  uuid not null,
  id         uuid not null,
  item_id    uuid not null,
  source     text collate "C" not null check (source ~ '^[a-z][a-z0-9_-]{0,39}$'),
  said_by    uuid,
  values     jsonb not null check (jsonb_typeof(values) = 'object'),
  valid_from timestamptz(3) not null,
  valid_to   timestamptz(3) check (valid_to > valid_from),
  known_from timestamptz(3) not null,
  known_to   timestamptz(3) check (known_to >= known_from),
  primary key (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, said_by) references person (tenant_id, id),
  constraint one_answer_of_a_source exclude using gist (tenant_id with =, item_id with =, source with =,
    tstzrange(valid_from, valid_to) with &&, tstzrange(known_from, known_to) with &&)
);
create index item_fact_of on item_fact (tenant_id, item_id, known_from);

-- Trouble of the item below reaches the item above. `member_of`: below is the member, above the group; in all others the item that says
-- it ("runs on", "depends on", "backed up by") is above. `relation_id` stays while rows come and go with the times.
create table item_relation (
  tenant_id   uuid not null,
  id          uuid not null,
  relation_id uuid not null,
  type        text not null check (type in ('depends_on', 'runs_on', 'hosted_in', 'connected_to', 'backed_up_by', 'member_of')),
  below_id    uuid not null,
  above_id    uuid not null check (above_id <> below_id),
  source      text collate "C" not null check (source ~ '^[a-z][a-z0-9_-]{0,39}$'),
  said_by     uuid,
  valid_from  timestamptz(3) not null,
  valid_to    timestamptz(3) check (valid_to > valid_from),
  known_from  timestamptz(3) not null,
  known_to    timestamptz(3) check (known_to >= known_from),
  primary key (tenant_id, id),
  foreign key (tenant_id, below_id) references item (tenant_id, id),
  foreign key (tenant_id, above_id) references item (tenant_id, id),
  foreign key (tenant_id, said_by) references person (tenant_id, id),
  constraint one_relation_at_a_time exclude using gist (tenant_id with =, below_id with =, above_id with =, type with =,
    tstzrange(valid_from, valid_to) with &&, tstzrange(known_from, known_to) with &&)
);
create index item_relation_up on item_relation (tenant_id, below_id) where known_to is null;
create index item_relation_down on item_relation (tenant_id, above_id) where known_to is null;
-- What was believed once: asked for by questions about another time only.
create index item_relation_up_then on item_relation (tenant_id, below_id) where known_to is not null;
create index item_relation_down_then on item_relation (tenant_id, above_id) where known_to is not null;
create index item_relation_rows on item_relation (tenant_id, relation_id);

-- How an item itself was said to be.
create table item_health (
  tenant_id  uuid not null,
  id         uuid not null,
  item_id    uuid not null,
  health     text not null check (health in ('up', 'degraded', 'down', 'unknown')),
  reason     text not null check (length(reason) <= 500),
  said_by    uuid,
  valid_from timestamptz(3) not null,
  valid_to   timestamptz(3) check (valid_to > valid_from),
  known_from timestamptz(3) not null,
  known_to   timestamptz(3) check (known_to >= known_from),
  primary key (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, said_by) references person (tenant_id, id),
  constraint one_health_at_a_time exclude using gist (tenant_id with =, item_id with =,
    tstzrange(valid_from, valid_to) with &&, tstzrange(known_from, known_to) with &&)
);
create index item_health_of on item_health (tenant_id, item_id);
-- Few items are not well: trouble is followed from them upwards.
create index item_unwell on item_health (tenant_id, valid_from) where known_to is null and health <> 'up';

-- Attributes that lists are filtered and sorted by, one row a value: under row-level security no index serves operators on JSON.
create table item_value (
  tenant_id uuid not null,
  item_id   uuid not null,
  attribute text collate "C" not null,
  place     smallint not null default 0,
  text      text,
  -- As filters compare it; of long texts the beginning.
  folded    text generated always as (text_fold(left(text, 200))) stored,
  number    double precision,
  day       date,
  ref       uuid,
  primary key (tenant_id, item_id, attribute, place),
  foreign key (tenant_id, item_id) references item (tenant_id, id)
);
create index item_value_text on item_value (tenant_id, attribute, folded, item_id) where text is not null;
create index item_value_number on item_value (tenant_id, attribute, number, item_id) where number is not null;
create index item_value_day on item_value (tenant_id, attribute, day, item_id) where day is not null;
create index item_value_ref on item_value (tenant_id, attribute, ref, item_id) where ref is not null;

-- Under which identity a source knows an item, and when it last spoke of it.
create table item_source_seen (
  tenant_id   uuid not null,
  source      text collate "C" not null check (source ~ '^[a-z][a-z0-9_-]{0,39}$'),
  external_id text collate "C" not null check (length(external_id) between 1 and 200),
  item_id     uuid not null,
  seen_at     timestamptz(3) not null,
  primary key (tenant_id, source, external_id),
  foreign key (tenant_id, item_id) references item (tenant_id, id)
);
create index item_source_seen_of on item_source_seen (tenant_id, item_id);

-- What a source said that only a person can tell apart.
create table item_conflict (
  tenant_id     uuid not null references tenant (id),
  id            uuid not null,
  source        text collate "C" not null,
  external_id   text collate "C" not null,
  document      jsonb not null,
  reason        text not null check (reason in ('several', 'contradiction')),
  candidate_ids uuid[] not null,
  -- By which attributes each candidate was found, in the order of the candidates.
  because       jsonb not null default '[]',
  valid_from    timestamptz(3) not null,
  at            timestamptz(3) not null,
  decided_at    timestamptz(3),
  decision      text check (decision in ('same', 'new', 'drop')),
  decided_by    uuid,
  item_id       uuid,
  primary key (tenant_id, id),
  foreign key (tenant_id, decided_by) references person (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  check ((decided_at is null) = (decision is null))
);
create unique index item_conflict_open on item_conflict (tenant_id, source, external_id) where decided_at is null;

-- A service is an item under the same id. Those there are become items; what is known of them is known from today on.
do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    insert into item (tenant_id, id, class, name, state, values, owner_id, support_team_id, criticality, words, version, created_at, updated_at)
    select s.tenant_id, s.id, 'business_service', s.name, case when s.is_active then 'in_use' else 'retired' end,
      jsonb_strip_nulls(jsonb_build_object('description', nullif(s.description, ''), 'support_team', s.support_team_id, 'owner', s.owner_id,
        'criticality', s.criticality::text)),
      s.owner_id, s.support_team_id, s.criticality, s.description, s.version, s.created_at, s.created_at
    from service s where s.tenant_id = t;
    insert into item_fact (tenant_id, id, item_id, source, values, valid_from, known_from)
    select i.tenant_id, gen_random_uuid(), i.id, 'hand', i.values || jsonb_build_object('name', i.name, 'state', i.state), i.created_at,
      greatest(i.created_at, now())
    from item i where i.tenant_id = t;
    insert into item_value (tenant_id, item_id, attribute, text, ref)
    select i.tenant_id, i.id, v.attribute, v.text, v.ref from item i, lateral (values
      ('criticality', i.criticality::text, null::uuid), ('owner', null, i.owner_id), ('support_team', null, i.support_team_id)
    ) v (attribute, text, ref) where i.tenant_id = t and (v.text is not null or v.ref is not null);
    insert into role_permission (tenant_id, role_id, permission, scope)
    select r.tenant_id, r.id, p.permission, 'all' from role r
      cross join (values ('item.read'), ('item.read_restricted'), ('item.manage')) p (permission)
    where r.tenant_id = t and r.is_built_in and (
      (p.permission = 'item.read' and r.key in ('agent', 'team_lead', 'problem_manager', 'change_manager', 'major_incident_manager',
        'configuration_manager', 'auditor', 'administrator'))
      or (p.permission = 'item.read_restricted' and r.key in ('configuration_manager', 'auditor', 'administrator'))
      or (p.permission = 'item.manage' and r.key in ('configuration_manager', 'administrator')))
    on conflict do nothing;
  end loop;
  perform set_config('evenkeel.tenant', '', true);
end $$;
alter table service add foreign key (tenant_id, id) references item (tenant_id, id);

-- Lists read through it, so that words find their index (migrations 0040, 0041).
create policy owner_reads on item for select to current_user using (true);
create view item_in_force as
  select * from item where tenant_id = (select tenant_in_force());
grant select on item_in_force to evenkeel_app;

call protect_tenant_rows(array['item', 'item_fact', 'item_relation', 'item_health', 'item_source_seen', 'item_conflict'], 'select, insert, update');
call protect_tenant_rows(array['item_value'], 'select, insert, update, delete');
