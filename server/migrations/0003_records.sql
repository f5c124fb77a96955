-- Records: what everything with a number and a timeline has in common, and services, which records are about.

create table service (
  tenant_id       uuid not null references tenant (id),
  id              uuid not null,
  name            text not null check (length(name) between 1 and 120),
  description     text not null default '',
  support_team_id uuid not null,
  owner_id        uuid,
  criticality     smallint not null default 3 check (criticality between 1 and 4),
  is_active       boolean not null default true,
  version         integer not null default 1,
  created_at      timestamptz(3) not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, support_team_id) references team (tenant_id, id),
  foreign key (tenant_id, owner_id) references person (tenant_id, id)
);
create unique index service_name on service (tenant_id, lower(name));

create table number_block (
  tenant_id uuid not null references tenant (id),
  kind      text not null,
  next      bigint not null check (next > 0),
  primary key (tenant_id, kind)
);

create table record (
  tenant_id       uuid not null references tenant (id),
  id              uuid not null,
  kind            text not null check (kind in ('incident')),
  number          text not null,
  title           text not null check (length(title) between 1 and 200),
  description     text not null default '' check (length(description) <= 65536),
  state           text not null,
  is_open         boolean not null,
  priority        smallint not null check (priority between 1 and 5),
  service_id      uuid,
  team_id         uuid not null,
  assignee_id     uuid,
  requester_id    uuid not null,
  confidentiality text not null default 'normal' check (confidentiality in ('normal', 'confidential')),
  created_at      timestamptz(3) not null,
  updated_at      timestamptz(3) not null,
  resolved_at     timestamptz(3),
  closed_at       timestamptz(3),
  last_public_at  timestamptz(3),
  version         integer not null default 1,
  custom          jsonb not null default '{}',
  search          tsvector not null generated always as (text_words(number || ' ' || title || ' ' || left(description, 20000))) stored,
  primary key (tenant_id, id),
  unique (tenant_id, kind, number),
  foreign key (tenant_id, service_id) references service (tenant_id, id),
  foreign key (tenant_id, team_id) references team (tenant_id, id),
  foreign key (tenant_id, assignee_id) references person (tenant_id, id),
  foreign key (tenant_id, requester_id) references person (tenant_id, id),
  constraint incident_state check (kind <> 'incident' or state in ('new', 'in_progress', 'on_hold', 'resolved', 'closed', 'canceled')),
  constraint open_means_not_ended check (is_open = (state not in ('resolved', 'closed', 'canceled')))
);
create index record_recent on record (tenant_id, kind, created_at desc, id desc);
create index record_open on record (tenant_id, kind, priority, created_at desc, id desc) where is_open;
create index record_team on record (tenant_id, team_id, kind, created_at desc, id desc) where is_open;
create index record_assignee on record (tenant_id, assignee_id, kind, created_at desc, id desc) where is_open;
create index record_requester on record (tenant_id, requester_id, created_at desc, id desc);
create index record_service on record (tenant_id, service_id, created_at desc, id desc);
create index record_search on record using gin (tenant_id, search);
create index record_title_trigram on record using gin (tenant_id, title gin_trgm_ops) where is_open;
call protect_tenant_rows(array['service', 'number_block', 'record'], 'select, insert, update');

create table comment (
  tenant_id  uuid not null,
  id         uuid not null,
  record_id  uuid not null,
  audience   text not null check (audience in ('public', 'team')),
  body       text not null check (length(body) between 1 and 65536),
  author_id  uuid not null,
  via        text not null,
  created_at timestamptz(3) not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, author_id) references person (tenant_id, id)
);
create index comment_record on comment (tenant_id, record_id, created_at, id);
call protect_tenant_rows(array['comment'], 'select, insert');

create table attachment (
  tenant_id   uuid not null,
  id          uuid not null,
  record_id   uuid not null,
  audience    text not null check (audience in ('public', 'team')),
  name        text not null check (length(name) between 1 and 255),
  media_type  text not null,
  size_bytes  bigint not null check (size_bytes >= 0),
  sha256      bytea not null check (length(sha256) = 32),
  storage_key text not null,
  added_by    uuid not null,
  created_at  timestamptz(3) not null,
  removed_at  timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, added_by) references person (tenant_id, id)
);
create index attachment_record on attachment (tenant_id, record_id, created_at);
call protect_tenant_rows(array['attachment'], 'select, insert, update');

create table record_link (
  tenant_id  uuid not null,
  from_id    uuid not null,
  type       text not null check (type in ('related', 'duplicate_of', 'follows', 'caused_by_change', 'fixed_by_change', 'problem')),
  to_id      uuid not null,
  added_by   uuid,
  created_at timestamptz(3) not null,
  primary key (tenant_id, from_id, type, to_id),
  foreign key (tenant_id, from_id) references record (tenant_id, id),
  foreign key (tenant_id, to_id) references record (tenant_id, id),
  constraint no_self_link check (from_id <> to_id)
);
create index record_link_back on record_link (tenant_id, to_id, type);
-- A duplicate has one survivor: what is a duplicate of what is a forest.
create unique index one_survivor on record_link (tenant_id, from_id) where type = 'duplicate_of';

-- Watching means being told. Only who was added by somebody else reads the record by it: watching of one's own accord gives no
-- rights, so that rights which end, end.
create table watcher (
  tenant_id uuid not null,
  record_id uuid not null,
  person_id uuid not null,
  shared_by uuid,
  primary key (tenant_id, record_id, person_id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  constraint shared_by_somebody_else check (shared_by <> person_id)
);
create index watcher_person on watcher (tenant_id, person_id);
-- "Affects me too": the people an interruption touches, instead of one ticket each.
create table affected_person (
  tenant_id  uuid not null,
  record_id  uuid not null,
  person_id  uuid not null,
  created_at timestamptz(3) not null,
  primary key (tenant_id, record_id, person_id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index affected_person_person on affected_person (tenant_id, person_id);
call protect_tenant_rows(array['record_link', 'affected_person'], 'select, insert, delete');
call protect_tenant_rows(array['watcher'], 'select, insert, update, delete');

create table custom_field (
  tenant_id   uuid not null references tenant (id),
  id          uuid not null,
  record_kind text not null,
  key         text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label       text not null check (length(label) between 1 and 80),
  type        text not null check (type in ('text', 'number', 'choice', 'date', 'boolean')),
  choices     text[] not null default '{}',
  is_required boolean not null default false,
  is_internal boolean not null default true,
  is_active   boolean not null default true,
  position    integer not null default 0,
  version     integer not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, record_kind, key)
);
create table saved_view (
  tenant_id   uuid not null,
  id          uuid not null,
  record_kind text not null,
  name        text not null check (length(name) between 1 and 80),
  owner_id    uuid not null,
  team_id     uuid,
  audience    text not null check (audience in ('mine', 'team', 'everyone')),
  filter      jsonb not null,
  sort        jsonb not null default '[]',
  columns     jsonb not null default '[]',
  version     integer not null default 1,
  created_at  timestamptz(3) not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references person (tenant_id, id),
  foreign key (tenant_id, team_id) references team (tenant_id, id)
);
create table template (
  tenant_id   uuid not null,
  id          uuid not null,
  kind        text not null check (kind in ('incident', 'quick_reply', 'macro')),
  name        text not null check (length(name) between 1 and 80),
  document    jsonb not null,
  team_id     uuid,
  version     integer not null default 1,
  is_active   boolean not null default true,
  author_id   uuid not null,
  created_at  timestamptz(3) not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, team_id) references team (tenant_id, id),
  foreign key (tenant_id, author_id) references person (tenant_id, id)
);
call protect_tenant_rows(array['custom_field', 'saved_view', 'template'], 'select, insert, update, delete');

-- Searching words cannot use its index under row-level security (the operators are not leakproof), so it goes through a function
-- that filters on the tenant itself and returns ids, which are read again under the policy: the newest thousand that match.
-- Planned anew for each query (execute), because the best way depends on how common the words are.
create function search_records(words tsquery, only_kind text, at_most integer default 1000)
  returns table (id uuid)
  language plpgsql stable security definer rows 50 set search_path = public as $$
begin
  return query execute
    'select r.id from record r where r.tenant_id = $1 and r.kind = $2 and r.search @@ $3 order by r.created_at desc, r.id desc limit $4'
    using tenant_in_force(), only_kind, words, at_most;
end $$;
create policy owner_reads on record for select to current_user using (true);

-- Candidates for duplicates: open records with a similar title, and of the same service or requester with a somewhat similar one.
create function similar_open_records(wanted text, only_kind text, of_service uuid, of_requester uuid)
  returns table (id uuid, likeness real)
  language plpgsql stable security definer set search_path = public set pg_trgm.similarity_threshold = 0.3 as $$
begin
  return query
    (select r.id, similarity(r.title, wanted) from record r
     where r.tenant_id = tenant_in_force() and r.kind = only_kind and r.is_open and r.title % wanted
     order by similarity(r.title, wanted) desc, r.id desc limit 40)
    union
    (select r.id, similarity(r.title, wanted) from record r
     where r.tenant_id = tenant_in_force() and r.kind = only_kind and r.is_open
       and (r.service_id = of_service or r.requester_id = of_requester) and word_similarity(wanted, r.title) > 0.25
     order by similarity(r.title, wanted) desc, r.id desc limit 40);
end $$;
