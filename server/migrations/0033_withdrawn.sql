-- The caller may say that they no longer need it.
alter table incident drop constraint incident_cancel_reason_check;
alter table incident add constraint incident_cancel_reason_check
  check (cancel_reason in ('duplicate', 'not_an_incident', 'raised_in_error', 'withdrawn'));
