-- Where a tenant's people sign in, when the address alone says whose they are.

alter table tenant add column host_name text unique check (host_name = lower(host_name) and host_name ~ '^[a-z0-9.-]{1,253}$');
