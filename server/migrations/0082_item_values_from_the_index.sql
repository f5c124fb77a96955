-- A part of a text is looked for in the index alone.
drop index item_value_text;
create index item_value_text on item_value (tenant_id, attribute, folded, item_id) include (place) where folded is not null;
