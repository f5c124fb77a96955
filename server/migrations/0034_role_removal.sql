-- Own roles that nobody has can be removed; the journal keeps what they gave and when.
grant delete on role to evenkeel_app;
