-- Incident management (ITIL 4): an unplanned interruption or reduction in quality of a service.

create table incident (
  tenant_id         uuid not null,
  id                uuid not null,
  impact            smallint not null check (impact between 1 and 3),
  urgency           smallint not null check (urgency between 1 and 3),
  -- What was said before the caller's standing made it more urgent.
  urgency_raised_from smallint check (urgency_raised_from > urgency and urgency_raised_from <= 3),
  computed_priority smallint not null check (computed_priority between 1 and 5),
  matrix_version    integer not null,
  override_reason   text,
  channel           text not null check (channel in ('portal', 'desk', 'api', 'mail', 'alert', 'phone')),
  category          text not null default '',
  raised_by         uuid not null,
  assigned_at       timestamptz(3),
  team_since        timestamptz(3) not null,
  routing           jsonb not null,
  hold_reason       text check (hold_reason in ('caller', 'change', 'problem', 'vendor', 'parts', 'user_scheduled')),
  hold_until        timestamptz(3),
  hold_on           text,
  held_at           timestamptz(3),
  resolution_code   text,
  resolution_notes  text,
  resolved_by       uuid,
  cancel_reason     text check (cancel_reason in ('duplicate', 'not_an_incident', 'raised_in_error')),
  parent_id         uuid,
  reopen_count      integer not null default 0,
  reassignment_count integer not null default 0,
  team_path         uuid[] not null default '{}',
  auto_close_at     timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references record (tenant_id, id),
  foreign key (tenant_id, parent_id) references record (tenant_id, id),
  foreign key (tenant_id, raised_by) references person (tenant_id, id),
  foreign key (tenant_id, resolved_by) references person (tenant_id, id),
  constraint not_its_own_parent check (parent_id <> id),
  constraint held_for_a_reason check ((hold_reason is null) = (held_at is null)),
  constraint resolved_with_notes check ((resolution_code is null) = (resolution_notes is null))
);
create index incident_parent on incident (tenant_id, parent_id) where parent_id is not null;
create index incident_auto_close on incident (tenant_id, auto_close_at) where auto_close_at is not null;
create index incident_hold_until on incident (tenant_id, hold_until) where hold_until is not null;
call protect_tenant_rows(array['incident'], 'select, insert, update');

-- One row per bulk action, so that it can be found again and undone for fifteen minutes.
create table bulk_action (
  tenant_id  uuid not null,
  id         uuid not null,
  steps      text[] not null,
  count      integer not null check (count between 1 and 500),
  actor_id   uuid not null,
  created_at timestamptz(3) not null,
  finished_at timestamptz(3),
  undone_at  timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, actor_id) references person (tenant_id, id)
);
create index bulk_action_actor on bulk_action (tenant_id, actor_id, created_at desc);

-- What became of each record, written in the transaction that did it. No foreign key to the record: the ids are what was asked for,
-- and one that does not exist is answered as such.
create table bulk_result (
  tenant_id    uuid not null,
  bulk_id      uuid not null,
  record_id    uuid not null,
  position     integer not null,
  outcome      text not null check (outcome in ('done', 'refused', 'not_found')),
  -- The version it made; null when nothing was changed.
  version      integer,
  reasons      jsonb not null default '[]',
  undo_outcome text check (undo_outcome in ('done', 'refused')),
  undo_reasons jsonb not null default '[]',
  primary key (tenant_id, bulk_id, record_id),
  foreign key (tenant_id, bulk_id) references bulk_action (tenant_id, id)
);
call protect_tenant_rows(array['bulk_action', 'bulk_result'], 'select, insert, update');
