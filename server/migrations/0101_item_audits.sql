-- Stock-taking: what should be there at its start, what was scanned, what was decided of the difference.
create table item_audit (
  tenant_id uuid not null references tenant (id),
  id        uuid not null,
  name      text not null check (length(name) between 1 and 120),
  -- What it looks for: items a filter finds, or what is in a place and in the places in it.
  filter    text check (length(filter) <= 4000),
  place_id  uuid,
  state     text not null default 'open' check (state in ('open', 'closed')),
  version   integer not null default 1,
  opened_by uuid not null,
  opened_at timestamptz(3) not null,
  closed_by uuid,
  closed_at timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, opened_by) references person (tenant_id, id),
  foreign key (tenant_id, closed_by) references person (tenant_id, id),
  foreign key (tenant_id, place_id) references item (tenant_id, id),
  check ((filter is null) <> (place_id is null)),
  check ((closed_at is null) = (state = 'open')),
  check ((closed_by is null) = (closed_at is null))
);
create index item_audit_recent on item_audit (tenant_id, opened_at);

-- What should be there, and where, as it was known when it began: what moves meanwhile does not move the goal.
create table item_audit_expected (
  tenant_id uuid not null,
  audit_id  uuid not null,
  item_id   uuid not null,
  place_id  uuid,
  primary key (tenant_id, audit_id, item_id),
  foreign key (tenant_id, audit_id) references item_audit (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, place_id) references item (tenant_id, id)
);
create index item_audit_expected_item on item_audit_expected (tenant_id, item_id);

-- A scan is never changed; its id is made on the device, so that delivering it again adds nothing.
create table item_audit_scan (
  tenant_id   uuid not null,
  audit_id    uuid not null,
  id          uuid not null,
  text        text not null check (length(text) between 1 and 1000),
  -- The item that the text named when it arrived; null where it named none, or several.
  item_id     uuid,
  place_id    uuid,
  at          timestamptz(3) not null,
  scanned_by  uuid not null,
  received_at timestamptz(3) not null,
  primary key (tenant_id, audit_id, id),
  foreign key (tenant_id, audit_id) references item_audit (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, place_id) references item (tenant_id, id),
  foreign key (tenant_id, scanned_by) references person (tenant_id, id)
);

create table item_audit_decision (
  tenant_id  uuid not null,
  audit_id   uuid not null,
  item_id    uuid not null,
  decision   text not null check (decision in ('move', 'lost', 'leave')),
  decided_by uuid not null,
  decided_at timestamptz(3) not null,
  primary key (tenant_id, audit_id, item_id),
  foreign key (tenant_id, audit_id) references item_audit (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, decided_by) references person (tenant_id, id)
);

call protect_tenant_rows(array['item_audit', 'item_audit_decision'], 'select, insert, update');
call protect_tenant_rows(array['item_audit_expected', 'item_audit_scan'], 'select, insert');

-- Who walks with the scanner: everybody who works with items. Who begins, decides and closes keeps the model (`item.manage`).
do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    insert into role_permission (tenant_id, role_id, permission, scope)
    select r.tenant_id, r.id, 'item.audit', 'all' from role r
    where r.tenant_id = t and r.is_built_in and r.key in ('agent', 'team_lead', 'problem_manager', 'change_manager',
      'major_incident_manager', 'configuration_manager', 'administrator')
    on conflict do nothing;
  end loop;
  perform set_config('evenkeel.tenant', '', true);
end $$;
