-- What a model of a million items asks of its indexes.

-- Lists stand in the order of their names as they compare them.
create index item_order on item (tenant_id, left(lower(name), 100), id);
-- What carries trouble upwards, without a look at the rows.
create index item_carrying on item (tenant_id, id) where state in ('in_use', 'in_repair');

-- What very many stand on is read from the index alone, a page for a hundred relations instead of a page for each.
drop index item_relation_up;
create index item_relation_up on item_relation (tenant_id, below_id)
  include (above_id, type, relation_id, source, valid_from, valid_to, known_from) where known_to is null;

-- A constraint's index that holds the ids themselves is taken by questions about one end of a relation, and reads half of itself for them.
-- What must not overlap is told apart by one value, which serves nothing else.
alter table item_relation drop constraint one_relation_at_a_time;
alter table item_relation add constraint one_relation_at_a_time exclude using gist (
  (md5(tenant_id::text || below_id::text || above_id::text || type)::uuid) with =,
  tstzrange(valid_from, valid_to) with &&, tstzrange(known_from, known_to) with &&);
alter table item_fact drop constraint one_answer_of_a_source;
alter table item_fact add constraint one_answer_of_a_source exclude using gist (
  (md5(tenant_id::text || item_id::text || source)::uuid) with =,
  tstzrange(valid_from, valid_to) with &&, tstzrange(known_from, known_to) with &&);

-- How common a value is depends on the attribute.
create statistics item_value_texts (mcv) on attribute, folded from item_value;

-- Whoever compares the folded text says so, and not that there is a text.
drop index item_value_text;
create index item_value_text on item_value (tenant_id, attribute, folded, item_id) where folded is not null;
