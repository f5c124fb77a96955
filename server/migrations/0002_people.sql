-- People, teams, what they may do, and how they prove who they are.

create table person (
  tenant_id   uuid not null references tenant (id),
  id          uuid not null,
  name        text not null check (length(name) between 1 and 120),
  email       text not null check (length(email) between 3 and 254),
  -- People are found by address at every sign-in; under row-level security only plain columns are looked up by an index.
  email_key   text not null generated always as (lower(email)) stored,
  title       text not null default '',
  phone       text not null default '',
  language    text not null default 'en',
  time_zone   text not null default 'UTC',
  is_vip      boolean not null default false,
  is_active   boolean not null default true,
  preferences jsonb not null default '{}',
  custom      jsonb not null default '{}',
  created_at  timestamptz(3) not null,
  version     integer not null default 1,
  primary key (tenant_id, id)
);
create unique index person_email on person (tenant_id, email_key);
create index person_name on person (tenant_id, lower(name), id);

create table team (
  tenant_id     uuid not null references tenant (id),
  id            uuid not null,
  name          text not null check (length(name) between 1 and 120),
  description   text not null default '',
  calendar      text not null default '',
  is_active     boolean not null default true,
  version       integer not null default 1,
  created_at    timestamptz(3) not null,
  primary key (tenant_id, id)
);
create unique index team_name on team (tenant_id, lower(name));

create table team_member (
  tenant_id uuid not null,
  team_id   uuid not null,
  person_id uuid not null,
  is_lead   boolean not null default false,
  primary key (tenant_id, team_id, person_id),
  foreign key (tenant_id, team_id) references team (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index team_member_person on team_member (tenant_id, person_id);

-- Roles are data: a role is a set of permissions, each with the rows it reaches.
create table role (
  tenant_id   uuid not null references tenant (id),
  id          uuid not null,
  key         text not null check (key ~ '^[a-z][a-z_]{1,39}$'),
  name        text not null,
  description text not null default '',
  is_built_in boolean not null default false,
  version     integer not null default 1,
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
create table role_permission (
  tenant_id  uuid not null,
  role_id    uuid not null,
  permission text not null,
  scope      text not null check (scope in ('own', 'team', 'service', 'all')),
  primary key (tenant_id, role_id, permission, scope),
  foreign key (tenant_id, role_id) references role (tenant_id, id)
);
create table person_role (
  tenant_id uuid not null,
  person_id uuid not null,
  role_id   uuid not null,
  primary key (tenant_id, person_id, role_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, role_id) references role (tenant_id, id)
);
call protect_tenant_rows(array['person', 'team', 'role'], 'select, insert, update');
call protect_tenant_rows(array['team_member', 'role_permission', 'person_role'], 'select, insert, update, delete');

-- Sign-in. Secrets are stored hashed; a null never equals anything.
create table password (
  tenant_id       uuid not null,
  person_id       uuid not null,
  hash            text not null,
  changed_at      timestamptz(3) not null,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
-- Failed attempts are counted by a hash of the address that was tried, whether there is such a person or not: a lock tells nothing.
create table sign_in_attempt (
  tenant_id    uuid not null references tenant (id),
  account_hash bytea not null check (length(account_hash) = 32),
  failed       integer not null,
  last_at      timestamptz(3) not null,
  locked_until timestamptz(3),
  primary key (tenant_id, account_hash)
);
-- The secret is encrypted under the instance's account key, which is not in the database.
create table totp (
  tenant_id    uuid not null,
  person_id    uuid not null,
  secret       bytea not null,
  confirmed_at timestamptz(3),
  last_step    bigint not null default 0,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create table recovery_code (
  tenant_id uuid not null,
  person_id uuid not null,
  code_hash bytea not null,
  used_at   timestamptz(3),
  primary key (tenant_id, person_id, code_hash),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create table passkey (
  tenant_id     uuid not null,
  id            uuid not null,
  person_id     uuid not null,
  credential_id text not null,
  public_key    bytea not null,
  counter       bigint not null,
  transports    text[] not null default '{}',
  name          text not null,
  created_at    timestamptz(3) not null,
  last_used_at  timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, credential_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
-- A challenge that a passkey answers once, within five minutes; for a sign-in nobody knows yet whose it will be.
create table passkey_ceremony (
  tenant_id  uuid not null references tenant (id),
  id         uuid not null,
  purpose    text not null check (purpose in ('register', 'sign_in', 'confirm')),
  person_id  uuid,
  challenge  text not null,
  expires_at timestamptz(3) not null,
  primary key (tenant_id, id),
  constraint somebody_asks check ((person_id is null) = (purpose = 'sign_in'))
);
create table session (
  tenant_id       uuid not null,
  id              uuid not null,
  person_id       uuid not null,
  secret_hash     bytea not null check (length(secret_hash) = 32),
  -- Somebody acting as this person, and the session they do it from, which this one does not outlive.
  impersonator_id uuid,
  parent_id       uuid,
  signed_in_by    text not null,
  -- When the person was last proved to be there; null when never (a demo's click, somebody acting).
  proved_at       timestamptz(3),
  user_agent      text not null default '',
  address         text not null default '',
  created_at      timestamptz(3) not null,
  last_seen_at    timestamptz(3) not null,
  expires_at      timestamptz(3) not null,
  ended_at        timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, impersonator_id) references person (tenant_id, id),
  foreign key (tenant_id, parent_id) references session (tenant_id, id),
  constraint acting_has_a_parent check ((impersonator_id is null) = (parent_id is null))
);
create index session_person on session (tenant_id, person_id) where ended_at is null;
create table api_key (
  tenant_id    uuid not null,
  id           uuid not null,
  person_id    uuid not null,
  name         text not null,
  secret_hash  bytea not null check (length(secret_hash) = 32),
  permissions  text[] not null,
  created_at   timestamptz(3) not null,
  expires_at   timestamptz(3) not null,
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index api_key_person on api_key (tenant_id, person_id) where revoked_at is null;
-- Links that stand for a person once: invitations, resets, "still broken". Bound to a purpose and a person.
create table one_time_token (
  tenant_id   uuid not null,
  id          uuid not null,
  purpose     text not null,
  person_id   uuid not null,
  subject_id  uuid,
  secret_hash bytea not null check (length(secret_hash) = 32),
  created_at  timestamptz(3) not null,
  expires_at  timestamptz(3) not null,
  used_at     timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
create index one_time_token_person on one_time_token (tenant_id, person_id, purpose) where used_at is null;
call protect_tenant_rows(
  array['password', 'sign_in_attempt', 'totp', 'recovery_code', 'passkey', 'passkey_ceremony', 'session', 'api_key', 'one_time_token'],
  'select, insert, update, delete');

-- Finding people by the beginning of any word of their name or address. Trigram operators cannot use their index under row-level
-- security, so the search goes through a function that filters on the tenant itself and returns ids, read again under the policy.
create index person_words on person using gin (tenant_id, (' ' || lower(name) || ' ' || lower(email)) gin_trgm_ops);
create function search_people(prefix text, at_most integer)
  returns table (id uuid)
  language sql stable security definer set search_path = public
  begin atomic
    select p.id from person p
    where p.tenant_id = tenant_in_force()
      and (' ' || lower(p.name) || ' ' || lower(p.email)) like '% ' || replace(replace(replace(lower(prefix), '\', '\\'), '%', '\%'), '_', '\_') || '%'
    order by lower(p.name), p.id limit at_most;
  end;
create policy owner_reads on person for select to current_user using (true);
