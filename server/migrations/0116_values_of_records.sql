-- What records hold in fields of a tenant's own, one row a value: lists by them begin at an index instead of reading every record.
--
-- The record's own document stays the truth. What is here follows from it by a trigger, so that every way of writing a record has it,
-- those to come included, and a record without such values costs nothing.

-- A day of the calendar, or nothing: 30 February is none.
create function day_of(input text) returns date
  language sql immutable parallel safe
  return case when input ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$' then
    case when right(input, 2)::int <= extract(day from make_date(left(input, 4)::int, substr(input, 6, 2)::int, 1) + interval '1 month - 1 day')
      then make_date(left(input, 4)::int, substr(input, 6, 2)::int, right(input, 2)::int) end end;

create table record_value (
  tenant_id  uuid not null,
  record_id  uuid not null,
  field      text collate "C" not null,
  -- Of the record, which keeps it: lists that begin here are in order before a record is read.
  created_at timestamptz(3) not null,
  -- As filters compare it; of long texts the beginning, so that what is found here is looked at once more.
  folded     text collate "C",
  number     double precision,
  truth      boolean,
  day        date,
  primary key (tenant_id, record_id, field),
  foreign key (tenant_id, record_id) references record (tenant_id, id)
);
create index record_value_text on record_value (tenant_id, field, folded, created_at, record_id) where folded is not null;
create index record_value_number on record_value (tenant_id, field, number, created_at, record_id) where number is not null;
create index record_value_truth on record_value (tenant_id, field, truth, created_at, record_id) where truth is not null;
create index record_value_day on record_value (tenant_id, field, day, created_at, record_id) where day is not null;
-- A part of a text.
create index record_value_part on record_value using gin (folded gin_trgm_ops) where folded is not null;
create index record_value_long on record_value (tenant_id, field, created_at, record_id) where length(folded) = 200;
-- How common a value is depends on the field.
create statistics record_value_texts (mcv) on field, folded from record_value;
create statistics record_value_truths (mcv) on field, truth from record_value;

create function keep_record_values() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from record_value where tenant_id = new.tenant_id and record_id = new.id;
  end if;
  insert into record_value (tenant_id, record_id, field, created_at, folded, number, truth, day)
  select new.tenant_id, new.id, v.key, new.created_at,
    case when jsonb_typeof(v.value) = 'string' then text_fold(left(v.value #>> '{}', 200)) end,
    case when jsonb_typeof(v.value) = 'number' then (v.value #>> '{}')::double precision end,
    case when jsonb_typeof(v.value) = 'boolean' then (v.value #>> '{}')::boolean end,
    case when jsonb_typeof(v.value) = 'string' then day_of(v.value #>> '{}') end
  from jsonb_each(new.custom) as v
  where jsonb_typeof(v.value) in ('string', 'number', 'boolean');
  return null;
end $$;
create trigger keep_values_of_new after insert on record for each row when (new.custom <> '{}') execute function keep_record_values();
create trigger keep_values after update of custom on record for each row
  when (new.custom is distinct from old.custom) execute function keep_record_values();

-- Lists read through it, so that a part of a text finds its index (migrations 0040, 0041).
create policy owner_reads on record_value for select to current_user using (true);
create view record_value_in_force as
  select * from record_value where tenant_id = (select tenant_in_force());
grant select on record_value_in_force to evenkeel_app;
call protect_tenant_rows(array['record_value'], 'select, insert, delete');

-- Records there are: written once more as they are.
do $$
declare t uuid;
begin
  for t in select id from tenant loop
    perform set_config('evenkeel.tenant', t::text, true);
    insert into record_value (tenant_id, record_id, field, created_at, folded, number, truth, day)
    select r.tenant_id, r.id, v.key, r.created_at,
      case when jsonb_typeof(v.value) = 'string' then text_fold(left(v.value #>> '{}', 200)) end,
      case when jsonb_typeof(v.value) = 'number' then (v.value #>> '{}')::double precision end,
      case when jsonb_typeof(v.value) = 'boolean' then (v.value #>> '{}')::boolean end,
      case when jsonb_typeof(v.value) = 'string' then day_of(v.value #>> '{}') end
    from record r, jsonb_each(r.custom) as v
    where r.tenant_id = t and r.custom <> '{}' and jsonb_typeof(v.value) in ('string', 'number', 'boolean');
  end loop;
  perform set_config('evenkeel.tenant', '', true);
end $$;
