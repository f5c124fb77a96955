-- Attestation: whoever looks after items is asked, by a day, whether what the model says of them is right.
create table item_attestation (
  tenant_id uuid not null references tenant (id),
  id        uuid not null,
  name      text not null check (length(name) between 1 and 120),
  filter    text not null check (length(filter) <= 4000),
  due_at    timestamptz(3) not null,
  state     text not null default 'open' check (state in ('open', 'closed')),
  version   integer not null default 1,
  opened_by uuid not null,
  opened_at timestamptz(3) not null,
  closed_by uuid,
  closed_at timestamptz(3),
  primary key (tenant_id, id),
  foreign key (tenant_id, opened_by) references person (tenant_id, id),
  foreign key (tenant_id, closed_by) references person (tenant_id, id),
  check (due_at > opened_at),
  check ((closed_at is null) = (state = 'open')),
  check ((closed_by is null) = (closed_at is null))
);
create index item_attestation_open on item_attestation (tenant_id, due_at) where state = 'open';

-- Which items were asked for when it began, and what was last said of each. Who is asked is who looks after it now.
create table item_attestation_item (
  tenant_id      uuid not null,
  attestation_id uuid not null,
  item_id        uuid not null,
  answer         text check (answer in ('right', 'wrong')),
  note           text not null default '' check (length(note) <= 2000),
  answered_by    uuid,
  answered_at    timestamptz(3),
  primary key (tenant_id, attestation_id, item_id),
  foreign key (tenant_id, attestation_id) references item_attestation (tenant_id, id),
  foreign key (tenant_id, item_id) references item (tenant_id, id),
  foreign key (tenant_id, answered_by) references person (tenant_id, id),
  check ((answer is null) = (answered_at is null)),
  check ((answered_by is null) = (answered_at is null)),
  check (answer is distinct from 'wrong' or note <> '')
);
create index item_attestation_of_item on item_attestation_item (tenant_id, item_id);

-- Whom nobody has to tell again: one row for each time somebody was asked or reminded, written with the telling.
create table item_attestation_told (
  tenant_id      uuid not null,
  attestation_id uuid not null,
  person_id      uuid not null,
  -- Asked when it begins; reminded a week and a day before it is due; told when it is; or reminded by hand, on a day.
  occasion       text not null check (occasion ~ '^(asked|week|day|due|hand-\d{4}-\d\d-\d\d)$'),
  told_at        timestamptz(3) not null,
  primary key (tenant_id, attestation_id, person_id, occasion),
  foreign key (tenant_id, attestation_id) references item_attestation (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);

call protect_tenant_rows(array['item_attestation', 'item_attestation_item'], 'select, insert, update');
call protect_tenant_rows(array['item_attestation_told'], 'select, insert');

alter table outbound_mail
  drop constraint outbound_mail_kind_check,
  add constraint outbound_mail_kind_check
    check (kind in ('notice', 'digest', 'invitation', 'reset', 'password_changed', 'second_factor_added', 'unused_warning',
      'unused_accounts', 'items_end', 'items_attest'));
