-- Whose turn it is: when routing last gave each member of a team something.
create table routing_turn (
  tenant_id     uuid not null,
  team_id       uuid not null,
  person_id     uuid not null,
  last_given_at timestamptz(3) not null,
  primary key (tenant_id, team_id, person_id),
  foreign key (tenant_id, team_id) references team (tenant_id, id),
  foreign key (tenant_id, person_id) references person (tenant_id, id)
);
call protect_tenant_rows(array['routing_turn'], 'select, insert, update');
