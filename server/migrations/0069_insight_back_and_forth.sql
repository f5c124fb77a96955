-- Of all steps, few are records that came straight back to the team they left: those are found without reading the others.
create index insight_step_back on insight_step (tenant_id, record_id) where away_seconds is not null;
