-- How incidents traveled, folded from the journal: made anew from it at any time, so nothing here is evidence.

-- One row an incident. `path` has a letter a step (insight.activities.ts), `states` the same without handovers.
create table insight_case (
  tenant_id uuid not null,
  record_id uuid not null,
  begun_at  timestamptz(3) not null,
  last_at   timestamptz(3) not null check (last_at >= begun_at),
  state     text collate "C" not null,
  path      text collate "C" not null check (path <> ''),
  states    text collate "C" not null check (states <> ''),
  primary key (tenant_id, record_id),
  foreign key (tenant_id, record_id) references record (tenant_id, id)
);

-- One row a step: the beginning, each state entered, each handover from one team to another.
create table insight_step (
  tenant_id     uuid not null,
  record_id     uuid not null,
  place         integer not null check (place >= 0),
  entry_id      uuid not null,
  at            timestamptz(3) not null,
  activity      text collate "C" not null,
  -- The step before, and how long it lasted; null for the beginning.
  before        text collate "C",
  seconds       double precision check (seconds >= 0),
  -- The state before, and how long that lasted; null where no state was entered.
  state_before  text collate "C",
  state_seconds double precision check (state_seconds >= 0),
  -- Whose it was after this step; for a handover also whose it was before, and for how long it had been away when it came straight back.
  team_id       uuid,
  team_before   uuid,
  away_seconds  double precision check (away_seconds >= 0),
  primary key (tenant_id, record_id, place),
  foreign key (tenant_id, record_id) references insight_case (tenant_id, record_id) on delete cascade
);
call protect_tenant_rows(array['insight_case', 'insight_step'], 'select, insert, update, delete');
