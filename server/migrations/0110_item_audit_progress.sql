-- How far a stock-taking is, asked for a list of them: whether an expected item was scanned.
create index item_audit_scan_item on item_audit_scan (tenant_id, audit_id, item_id);
