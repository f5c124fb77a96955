-- Which second factor a session proved: a role may ask for one, and a password alone then opens no more than setting one up.
alter table session add column second_factor text check (second_factor in ('totp', 'recovery_code', 'passkey'));

-- When an account was last used, kept after its sessions were swept; and what its person was told about that.
create table account_use (
  tenant_id    uuid not null,
  person_id    uuid not null,
  last_used_at timestamptz(3),
  warned_at    timestamptz(3),
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
call protect_tenant_rows(array['account_use'], 'select, insert, update');

-- Mail about accounts that nobody uses, and about a second factor that was added.
alter table outbound_mail drop constraint outbound_mail_kind_check;
alter table outbound_mail add constraint outbound_mail_kind_check check (kind in
  ('notice', 'invitation', 'reset', 'password_changed', 'second_factor_added', 'unused_warning', 'unused_accounts'));

do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    update session set second_factor = case
        when signed_in_by = 'passkey' then 'passkey'
        when signed_in_by = 'password+totp' then 'totp'
        else 'recovery_code' end
      where tenant_id = t and signed_in_by in ('passkey', 'password+totp', 'password+recovery_code');
  end loop;
end $$;
