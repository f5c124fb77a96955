-- What an imported history needs beside the rows: how far it is known, which batch has seen which record, and that taking back holds in
-- every way in which records are read.

-- The version and the last instant that the import left a record at: one that was worked on here since is not overwritten by a later file.
alter table imported_record add column version integer not null;
alter table imported_record add column last_at timestamptz(3) not null;

-- The records that a batch's file holds, brought by it or known before, and how many of their updates are here.
create table imported_seen (
  tenant_id uuid not null,
  batch_id  uuid not null,
  record_id uuid not null,
  updates   integer not null check (updates >= 0),
  -- The record was here already and this batch brought more of its history.
  continued boolean not null,
  primary key (tenant_id, batch_id, record_id),
  foreign key (tenant_id, batch_id) references import_batch (tenant_id, id),
  foreign key (tenant_id, record_id) references imported_record (tenant_id, record_id)
);
call protect_tenant_rows(array['imported_seen'], 'select, insert, update');

-- For the application alone: under any policy of its own the owner, too, would lose the indexes over words. What reads with the owner's
-- rights says the same in its condition: the view of lists, and the search for what is similar.
drop policy not_voided on record;
create policy not_voided on record as restrictive for select to evenkeel_app
  using (import_id is null or import_id <> all ((select voided_imports())::uuid[]));

create or replace view record_in_force as
  select * from record
  where tenant_id = (select tenant_in_force()) and (import_id is null or import_id <> all ((select voided_imports())::uuid[]));

create or replace function similar_open_records(wanted text, only_kind text, of_service uuid, of_requester uuid)
  returns table (id uuid, likeness real)
  language plpgsql stable security definer set search_path = public set pg_trgm.similarity_threshold = 0.3 as $$
begin
  return query
    (select r.id, similarity(r.title, wanted) from record r
     where r.tenant_id = tenant_in_force() and r.kind = only_kind and r.is_open and r.title % wanted
       and (r.import_id is null or r.import_id <> all (voided_imports()))
     order by similarity(r.title, wanted) desc, r.id desc limit 40)
    union
    (select r.id, similarity(r.title, wanted) from record r
     where r.tenant_id = tenant_in_force() and r.kind = only_kind and r.is_open
       and (r.import_id is null or r.import_id <> all (voided_imports()))
       and (r.service_id = of_service or r.requester_id = of_requester) and word_similarity(wanted, r.title) > 0.25
     order by similarity(r.title, wanted) desc, r.id desc limit 40);
end $$;

-- Taking a batch back touches no record, so its numbers are taken until somebody wants them again: then they carry the batch's name.
create function free_voided_numbers(only_kind text, numbers text[]) returns void
  language sql volatile security definer set search_path = public
  begin atomic
    update record set number = number || '~' || import_id
    where tenant_id = tenant_in_force() and kind = only_kind and number = any(numbers) and import_id = any (voided_imports());
  end;
revoke all on function free_voided_numbers(text, text[]) from public;
grant execute on function free_voided_numbers(text, text[]) to evenkeel_app;
