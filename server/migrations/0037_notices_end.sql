-- What people were told, and mail that is settled, is kept for as long as the notification policy says, and removed in batches.
create index notification_old on notification (tenant_id, created_at);
create index outbound_mail_old on outbound_mail (tenant_id, settled_at) where settled_at is not null;
grant delete on notification, outbound_mail to evenkeel_app;
