-- Every version a template, quick reply or macro had: what a macro did is explained by the version that did it.

create table template_version (
  tenant_id   uuid not null,
  template_id uuid not null,
  version     integer not null check (version > 0),
  name        text not null,
  document    jsonb not null,
  author_id   uuid not null,
  created_at  timestamptz(3) not null,
  primary key (tenant_id, template_id, version),
  foreign key (tenant_id, template_id) references template (tenant_id, id),
  foreign key (tenant_id, author_id) references person (tenant_id, id)
);
call protect_tenant_rows(array['template_version'], 'select, insert');
