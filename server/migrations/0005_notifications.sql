-- Telling people: what appears in the application, and mail that left or waits.

-- What a mention (@ana.silva) names: the part of the address before the @. A column, because under row-level security an index is
-- only used for operators that leak nothing, and lower() is not known to be one.
alter table person add column handle text not null generated always as (lower(split_part(email, '@', 1))) stored;
create index person_handle on person (tenant_id, handle);

create table notification (
  tenant_id      uuid not null,
  id             uuid not null,
  person_id      uuid not null,
  -- What happened. Of several entries that are one event (a question and the hold it comes with), a person hears once.
  entry_id       uuid not null,
  event_id       uuid not null,
  entry_type     text not null,
  kind           text not null,
  -- Why: the rule, its sentence as it stood, and the version of the policy that had it.
  rule           text not null,
  reason         text not null,
  policy_version integer not null,
  record_id      uuid,
  is_internal    boolean not null,
  in_application boolean not null,
  created_at     timestamptz(3) not null,
  read_at        timestamptz(3),
  primary key (tenant_id, id),
  constraint once_per_event_and_person unique (tenant_id, event_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id)
);
create index notification_mine on notification (tenant_id, person_id, id desc) where in_application;
create index notification_unread on notification (tenant_id, person_id) where in_application and read_at is null;

create table notification_preference (
  tenant_id      uuid not null,
  person_id      uuid not null,
  kind           text not null,
  in_application boolean,
  mail           boolean,
  primary key (tenant_id, person_id, kind),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);

-- Who is to get a mail about what. The words are made when it is sent, from the rows as they are then and under the rights the person
-- has then; only mail that is kept for want of a mail server holds them.
create table outbound_mail (
  tenant_id         uuid not null,
  id                uuid not null,
  kind              text not null check (kind in ('notice', 'invitation', 'reset', 'password_changed')),
  person_id         uuid not null,
  notification_id   uuid,
  record_id         uuid,
  entry_id          uuid not null,
  is_internal       boolean not null default false,
  -- What mail about an account has to say; no secrets.
  facts             jsonb not null default '{}',
  -- A link that stands for the person, until the mail is settled; encrypted under the instance's account key, which is not in the
  -- database.
  secret            bytea,
  expires_at        timestamptz(3),
  status            text not null default 'queued'
                      check (status in ('queued', 'accepted', 'kept', 'refused', 'dead', 'unknown', 'withdrawn')),
  -- Tries since it was queued or redriven; which try the waiting job is for, which only grows; when that is due.
  attempts          integer not null default 0,
  try               integer not null default 1,
  due_at            timestamptz(3) not null,
  -- A try began and has not reported: if its worker died, the mail may have arrived.
  begun_at          timestamptz(3),
  may_have_arrived  boolean not null default false,
  last_code         text,
  last_answer       text,
  -- Where it went; for mail about an account, where it is to go.
  to_address        text,
  message_id        text,
  server_message_id text,
  subject           text,
  message           jsonb,
  created_at        timestamptz(3) not null,
  settled_at        timestamptz(3),
  primary key (tenant_id, id),
  unique (tenant_id, message_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  foreign key (tenant_id, notification_id) references notification (tenant_id, id),
  foreign key (tenant_id, record_id) references record (tenant_id, id),
  constraint settled_or_queued check ((status = 'queued') = (settled_at is null)),
  constraint notices_have_a_notification check ((kind = 'notice') = (notification_id is not null)),
  constraint secrets_end check (secret is null or status in ('queued', 'kept'))
);
create index outbound_mail_recent on outbound_mail (tenant_id, id desc);
create index outbound_mail_status on outbound_mail (tenant_id, status, id desc);
create index outbound_mail_notification on outbound_mail (tenant_id, notification_id) where notification_id is not null;
-- The server answers under this identifier when it replaced ours.
create index outbound_mail_server_message on outbound_mail (tenant_id, server_message_id) where server_message_id is not null;

call protect_tenant_rows(array['notification', 'outbound_mail'], 'select, insert, update');
call protect_tenant_rows(array['notification_preference'], 'select, insert, update, delete');
