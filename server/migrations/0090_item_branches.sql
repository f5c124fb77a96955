-- Branches of the configuration: what is planned on top of the present model, which it never touches (ADR 16).
create table item_branch (
  tenant_id   uuid not null references tenant (id),
  id          uuid not null,
  name        text not null check (length(name) between 1 and 120),
  description text not null default '' check (length(description) <= 4000),
  owner_id    uuid not null,
  starts_at   timestamptz(3) not null,
  ends_at     timestamptz(3) not null check (ends_at > starts_at),
  state       text not null default 'open' check (state in ('open', 'applied', 'discarded')),
  version     integer not null default 1,
  created_at  timestamptz(3) not null,
  updated_at  timestamptz(3) not null,
  closed_at   timestamptz(3),
  closed_by   uuid,
  -- Since when what was applied holds.
  applied_from timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references person (tenant_id, id),
  foreign key (tenant_id, closed_by) references person (tenant_id, id),
  check ((closed_at is null) = (state = 'open'))
);
create index item_branch_recent on item_branch (tenant_id, state, starts_at, id);
create index item_branch_owner on item_branch (tenant_id, owner_id);

-- When it was planned for, as it was known: a window that moved leaves what was believed of it.
create table item_branch_window (
  tenant_id  uuid not null,
  id         uuid not null,
  branch_id  uuid not null,
  starts_at  timestamptz(3) not null,
  ends_at    timestamptz(3) not null check (ends_at > starts_at),
  known_from timestamptz(3) not null,
  known_to   timestamptz(3) check (known_to >= known_from),
  primary key (tenant_id, id),
  foreign key (tenant_id, branch_id) references item_branch (tenant_id, id)
);
create index item_branch_window_of on item_branch_window (tenant_id, branch_id);

-- One planned modification. `item_id` may be an item that only this branch makes; `other_id` the other end of a relation.
create table item_branch_step (
  tenant_id  uuid not null,
  id         uuid not null,
  branch_id  uuid not null,
  kind       text not null check (kind in ('make', 'edit', 'move', 'quorum', 'relate', 'unrelate', 'down')),
  item_id    uuid not null,
  other_id   uuid,
  document   jsonb not null check (jsonb_typeof(document) = 'object'),
  -- What the step was planned on: it is compared with what is there later.
  basis      jsonb not null default '{}' check (jsonb_typeof(basis) = 'object'),
  -- When it takes something down; the window of the branch where this is not said.
  starts_at  timestamptz(3),
  ends_at    timestamptz(3) check (ends_at > starts_at),
  said_by    uuid,
  known_from timestamptz(3) not null,
  known_to   timestamptz(3) check (known_to >= known_from),
  primary key (tenant_id, id),
  foreign key (tenant_id, branch_id) references item_branch (tenant_id, id),
  foreign key (tenant_id, said_by) references person (tenant_id, id)
);
create index item_branch_step_of on item_branch_step (tenant_id, branch_id);
create index item_branch_step_item on item_branch_step (tenant_id, item_id) where known_to is null;
create index item_branch_step_other on item_branch_step (tenant_id, other_id) where known_to is null and other_id is not null;

call protect_tenant_rows(array['item_branch', 'item_branch_window', 'item_branch_step'], 'select, insert, update');

-- Who plans: everybody who keeps the model, and who makes changes safe.
do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    insert into role_permission (tenant_id, role_id, permission, scope)
    select r.tenant_id, r.id, 'item.plan', 'all' from role r
    where r.tenant_id = t and r.is_built_in and r.key in ('change_manager', 'configuration_manager', 'administrator')
    on conflict do nothing;
  end loop;
  perform set_config('evenkeel.tenant', '', true);
end $$;
