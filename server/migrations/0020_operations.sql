-- Operations.

-- What fills a new instance as a whole. One that was cut off half-way is emptied and begun anew: nobody has worked in it yet.
-- The owner's alone.
create table seeding (
  name     text primary key,
  began_at timestamptz not null default now(),
  ended_at timestamptz
);
