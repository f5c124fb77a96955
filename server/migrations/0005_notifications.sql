-- Telling people: what appears in the application, and mail that left or waits.

create table notification (
  tenant_id  uuid not null,
  id         uuid not null,
  person_id  uuid not null,
  entry_id   uuid not null,
  kind       text not null,
  record_id  uuid,
  reason     text not null,
  created_at timestamptz(3) not null,
  read_at    timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, entry_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id)
);
create index notification_unread on notification (tenant_id, person_id, created_at desc, id desc);
create table outbound_mail (
  tenant_id   uuid not null,
  id          uuid not null,
  person_id   uuid,
  record_id   uuid,
  entry_id    uuid not null,
  to_address  text not null,
  subject     text not null,
  message     jsonb not null,
  message_id  text not null,
  status      text not null check (status in ('queued', 'accepted', 'kept', 'refused', 'dead', 'unknown')),
  attempts    integer not null default 0,
  last_answer text,
  created_at  timestamptz(3) not null,
  settled_at  timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, message_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id)
);
create index outbound_mail_status on outbound_mail (tenant_id, status, created_at desc);
call protect_tenant_rows(array['notification', 'outbound_mail'], 'select, insert, update');
