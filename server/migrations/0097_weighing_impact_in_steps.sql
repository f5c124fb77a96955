-- How far open incidents were weighed again after the model changed: so that many of them are weighed in several transactions, and a worker
-- that stopped goes on where it was.
create table impact_weighing (
  tenant_id uuid primary key references tenant (id),
  -- The latest entry that made it necessary.
  cause     uuid not null,
  -- The last incident that was weighed because of it; null before the first.
  after_id  uuid,
  is_done   boolean not null default false
);
call protect_tenant_rows(array['impact_weighing'], 'select, insert, update');
