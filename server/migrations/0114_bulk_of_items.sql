-- Many items are changed at once as many incidents are; each list shows its own.
alter table bulk_action add column kind text not null default 'incident' check (kind in ('incident', 'item'));
alter table bulk_action alter column kind drop default;
