-- What of a record runs out next, where lists sort and filter: a copy of the first deadline among its clocks, written with them. An order that
-- had to look into the clocks of every record would read them all for one page.
alter table record add column deadline_at timestamptz(3);
create index record_deadline on record (tenant_id, kind, deadline_at, id desc);

create or replace view record_in_force as
  select * from record
  where tenant_id = (select tenant_in_force()) and coalesce(import_id <> all ((select voided_imports())::uuid[]), true);
