-- One mail a day instead of one for each thing, for who wants it so.

alter table notification_preference
  add column digest boolean not null default false,
  add constraint digests_are_mail check (not digest or mail is true);

alter table notification
  add column awaits_digest boolean not null default false,
  -- The mail that told it together with others.
  add column digest_id uuid,
  add constraint waits_or_is_told check (not (awaits_digest and digest_id is not null)),
  add foreign key (tenant_id, digest_id) references outbound_mail (tenant_id, id) on delete set null (digest_id);
create index notification_awaiting on notification (tenant_id, person_id) where awaits_digest;
create index notification_digest on notification (tenant_id, digest_id) where digest_id is not null;

alter table outbound_mail
  drop constraint outbound_mail_kind_check,
  add constraint outbound_mail_kind_check
    check (kind in ('notice', 'digest', 'invitation', 'reset', 'password_changed', 'second_factor_added', 'unused_warning',
      'unused_accounts'));

create table digest (
  tenant_id uuid not null,
  person_id uuid not null,
  -- Of the day where the person is.
  hour      smallint not null default 7 check (hour between 0 and 23),
  -- When what waits leaves; null while nothing waits. Reckoned in this zone: whoever moved is reckoned anew.
  due_at    timestamptz(3),
  time_zone text,
  -- The day, where the person was, of the last one: there is one a day.
  last_day  date,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id),
  constraint due_somewhere check (due_at is null or time_zone is not null)
);
create index digest_due on digest (tenant_id, due_at) where due_at is not null;
call protect_tenant_rows(array['digest'], 'select, insert, update, delete');
