-- How far each reader of the journal has come, and how often it set something aside: for monitoring of the whole instance. Says where
-- it is, nothing of what entries hold; `oldest` is the first entry it has not read, whose id tells when it was written.
create policy owner_reads on reaction_setback for select to current_user using (true);
create function reaction_progress(at_most integer)
  returns table (name text, behind integer, oldest uuid, set_aside integer)
  language sql stable security definer set search_path = public
  begin atomic
    select c.name, w.behind, w.oldest, (select count(*)::int from reaction_setback s where s.reaction = c.name)
    from reaction_cursor c,
      lateral (select count(*)::int as behind, (array_agg(j.id order by j.era, j.tx, j.id))[1] as oldest
               from journal_after(c.era, c.tx, c.entry_id, at_most) j) w;
  end;
