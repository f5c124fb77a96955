-- Organisations that came as an archive. Their history was written in one transaction, so its entries are told from all later ones by it:
-- they are sealed here like any other, and no reaction answers them a second time.
create table carried_journal (
  tenant_id uuid not null references tenant (id),
  era       integer not null references journal_era (era),
  tx        xid8 not null default pg_current_xact_id(),
  at        timestamptz(3) not null,
  entries   bigint not null check (entries >= 0),
  -- Of the archive's description of itself, which names the checksum of everything else in it.
  sha256    bytea not null check (length(sha256) = 32),
  primary key (tenant_id)
);
call protect_tenant_rows(array['carried_journal'], 'select, insert');
