-- What using a link came to, so that whoever opens it again is told what they said. The record it led to, when that is another one.
alter table one_time_token
  add column outcome    text,
  add column outcome_id uuid;
