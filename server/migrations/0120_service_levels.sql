-- Clocks of service levels: what the journal and the agreements make of each record, kept so that timers and lists find it. Folded: made
-- anew from the journal at any time, so nothing here is evidence.

-- One row a round of a clock. `slot` is whose clock it is and what it measures: 'sla/resolution'.
create table clock (
  tenant_id     uuid not null,
  record_id     uuid not null,
  slot          text collate "C" not null check (slot ~ '^(sla|ola|contract)/(response|update|resolution|assignment)$'),
  round         integer not null check (round > 0),
  agreement     text not null,
  -- The version of the agreements that the last promise was made by.
  version       integer not null check (version > 0),
  phase         text collate "C" not null check (phase in ('running', 'paused', 'stopped', 'canceled')),
  phase_since   timestamptz(3) not null,
  started_at    timestamptz(3) not null,
  missed_at     timestamptz(3),
  -- When it runs out as things stand; only a clock that runs does.
  deadline_at   timestamptz(3),
  -- The next warning or the deadline, whichever comes first and was not said yet.
  next_due_at   timestamptz(3),
  -- Working time that counted when it was last folded.
  elapsed_ms    bigint not null check (elapsed_ms >= 0),
  folded_to     timestamptz(3) not null,
  primary key (tenant_id, record_id, slot, round),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  constraint only_running_clocks_run_out check (phase = 'running' or (deadline_at is null and next_due_at is null)),
  constraint begins_before_it_changes check (started_at <= phase_since and phase_since <= folded_to)
);
create index clock_next_due on clock (tenant_id, next_due_at) where next_due_at is not null;
create index clock_deadline on clock (tenant_id, deadline_at) where deadline_at is not null;

-- The ledger: every instant of a round belongs to one line at most, which the database holds. Closed hours within a line follow from its calendar.
create table clock_segment (
  tenant_id  uuid not null,
  record_id  uuid not null,
  slot       text collate "C" not null,
  round      integer not null,
  place      integer not null check (place >= 0),
  during     tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  phase      text collate "C" not null check (phase in ('running', 'paused', 'stopped', 'canceled')),
  holder     text collate "C" not null check (holder in ('team', 'caller', 'supplier', 'problem', 'change')),
  team_id    uuid,
  -- The working time in it, by the calendar of then.
  working_ms bigint not null check (working_ms >= 0),
  primary key (tenant_id, record_id, slot, round, place),
  constraint one_holder_at_a_time exclude using gist (tenant_id with =, record_id with =, slot with =, round with =, during with &&),
  foreign key (tenant_id, record_id, slot, round) references clock (tenant_id, record_id, slot, round) on delete cascade,
  constraint a_team_is_named check ((holder = 'team') or team_id is null)
);
call protect_tenant_rows(array['clock', 'clock_segment'], 'select, insert, update, delete');

-- Instants at which agreements or calendars change: then all open records are folded again, in steps.
create table clock_turn (
  tenant_id uuid not null references tenant (id),
  at        timestamptz(3) not null,
  after_id  uuid,
  primary key (tenant_id, at)
);
call protect_tenant_rows(array['clock_turn'], 'select, insert, update, delete');

-- What the timers of all tenants may see: whose turn it is, and nothing of what is due.
create function tenants_with_clocks_due(before timestamptz) returns table (tenant_id uuid)
  language sql stable security definer set search_path = public
  begin atomic
    select c.tenant_id from clock c where c.next_due_at < before
    union
    select t.tenant_id from clock_turn t where t.at < before;
  end;
create policy owner_reads on clock for select to current_user using (true);
create policy owner_reads on clock_turn for select to current_user using (true);
create index clock_due_anywhere on clock (next_due_at) where next_due_at is not null;
