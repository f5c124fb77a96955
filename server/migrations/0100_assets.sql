-- The commercial side of items (ADR 19): lost or stolen is a state, software is installed on something, and what ends is told once.

alter table item drop constraint item_state_check, add constraint item_state_check
  check (state in ('planned', 'ordered', 'in_stock', 'in_use', 'in_repair', 'lost', 'retired', 'disposed'));

-- Software is installed on devices: neither goes down with the other; counted for licenses, at any two times.
alter table item_relation drop constraint item_relation_type_check, add constraint item_relation_type_check
  check (type in ('depends_on', 'runs_on', 'hosted_in', 'connected_to', 'backed_up_by', 'member_of', 'installed_on'));

-- Whom nobody has to tell again that something ends: one row for each end of each item, written with the telling.
create table item_end_told (
  tenant_id uuid not null,
  item_id   uuid not null,
  -- `ends_on` or `warranty_until`.
  attribute text not null,
  -- The end they were told of; one that is moved is told anew.
  day       date not null,
  told_at   timestamptz(3) not null,
  primary key (tenant_id, item_id, attribute, day),
  foreign key (tenant_id, item_id) references item (tenant_id, id)
);
call protect_tenant_rows(array['item_end_told'], 'select, insert');

-- People are told about items too.
alter table notification
  add column item_id uuid,
  add foreign key (tenant_id, item_id) references item (tenant_id, id);

-- The mail is written with the journal, at the end of the same transaction.
alter table notification alter constraint notification_tenant_id_digest_id_fkey deferrable initially deferred;

alter table outbound_mail
  drop constraint outbound_mail_kind_check,
  add constraint outbound_mail_kind_check
    check (kind in ('notice', 'digest', 'invitation', 'reset', 'password_changed', 'second_factor_added', 'unused_warning',
      'unused_accounts', 'items_end'));
