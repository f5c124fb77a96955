-- Watching and keeping views became permissions of their own: roles that had them as part of reading keep them, but for those that only
-- read (auditors), who keep views and watch nothing.
do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    insert into role_permission (tenant_id, role_id, permission, scope)
      select r.tenant_id, r.role_id, 'incident.watch', r.scope from role_permission r
      where r.tenant_id = t and r.permission = 'incident.read'
        and exists (select from role_permission c where c.tenant_id = t and c.role_id = r.role_id and c.permission = 'incident.comment')
      on conflict do nothing;
    insert into role_permission (tenant_id, role_id, permission, scope)
      select distinct r.tenant_id, r.role_id, 'view.save', 'own' from role_permission r
      where r.tenant_id = t and r.permission = 'incident.read'
      on conflict do nothing;
  end loop;
end $$;
