-- Rows that were refused are looked at by reason: of a file with millions, those of a rare one come first.
create index import_fault_reason on import_fault (tenant_id, batch_id, code, line, place);
