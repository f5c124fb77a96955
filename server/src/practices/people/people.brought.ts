import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'

/** Who or what a word of a file stands for here; `several` when it could be more than one. */
export type Named = {
  readonly value: string
  readonly id: string
  readonly isActive: boolean
  readonly several: boolean
}

/** What is to be made: the file's word for it, and its id. */
export type ToMake = { readonly value: string; readonly id: string }

// Somebody who is known by name alone gets an address that leads nowhere (RFC 2606), so that nothing is ever sent there.
const nowhere = 'import.invalid'

/** Whether an address is known to lead nowhere: no mail server is asked about it. */
export const leadsNowhere = (email: string): boolean => /[@.]invalid$/i.test(email)

/** People by address or by name; of several with one name, the only active one is meant. */
export const findPeopleNamed = (
  q: Reader,
  by: 'address' | 'name',
  values: readonly string[],
): Promise<Named[]> =>
  q.rows({
    text: `select v.value, (array_agg(p.id order by p.is_active desc, p.created_at, p.id))[1] as id, bool_or(p.is_active) as "isActive",
             count(*) filter (where p.is_active) > 1 or (count(*) filter (where p.is_active) = 0 and count(*) > 1) as several
           from unnest($2::text[]) v (value) join person p on p.tenant_id = $1
             and ${by === 'address' ? 'p.email_key = lower(v.value)' : 'lower(p.name) = lower(v.value)'}
           group by v.value`,
    values: [q.tenantId, values],
  })

export const findTeamsNamed = (q: Reader, values: readonly string[]): Promise<Named[]> =>
  q.rows({
    text: `select v.value, t.id, t.is_active as "isActive", false as several
           from unnest($2::text[]) v (value) join team t on t.tenant_id = $1 and lower(t.name) = lower(v.value)`,
    values: [q.tenantId, values],
  })

/** People without a role and without a way to sign in: history names them, an administrator decides what they may do. */
export const makePeople = (
  tx: Tx,
  by: 'address' | 'name',
  people: readonly ToMake[],
  importId: string,
): void => {
  if (people.length === 0) return
  const addressOf = ({ value, id }: ToMake): string => (by === 'address' ? value : `${id}@${nowhere}`)
  const nameOf = ({ value }: ToMake): string =>
    by === 'address' ? (value.split('@')[0] ?? value).slice(0, 120) : value
  tx.send({
    text: `insert into person (tenant_id, id, name, email, language, time_zone, created_at)
           select $1, v.id, v.name, v.email, t.language, t.time_zone, $2
           from unnest($3::uuid[], $4::text[], $5::text[]) v (id, name, email) join tenant t on t.id = $1`,
    values: [
      tx.tenantId,
      tx.author.now,
      people.map(({ id }) => id),
      people.map(nameOf),
      people.map(addressOf),
    ],
  })
  for (const person of people)
    tx.journal({
      type: 'person.created',
      subject: { kind: 'person', id: person.id },
      data: { name: nameOf(person), email: addressOf(person), roles: [], importId },
      personal: ['/name', '/email'],
    })
}

/** Teams without members, at work always: whoever manages teams says who belongs to them. */
export const makeTeams = (tx: Tx, teams: readonly ToMake[], importId: string): void => {
  if (teams.length === 0) return
  tx.send({
    text: `insert into team (tenant_id, id, name, created_at) select $1, v.id, v.name, $2
           from unnest($3::uuid[], $4::text[]) v (id, name)`,
    values: [tx.tenantId, tx.author.now, teams.map(({ id }) => id), teams.map(({ value }) => value)],
  })
  for (const { id, value } of teams)
    tx.journal({
      type: 'team.created',
      subject: { kind: 'team', id },
      data: { name: value, members: [], importId },
    })
}

const turn = async (
  tx: Tx,
  table: 'person' | 'team',
  ids: readonly string[],
  isActive: boolean,
  importId: string,
): Promise<void> => {
  const turned = await tx.rows<{ id: string; version: number }>({
    text: `update ${table} set is_active = $3, version = version + 1
           where tenant_id = $1 and id = any($2) and is_active <> $3 returning id, version`,
    values: [tx.tenantId, ids, isActive],
  })
  for (const { id, version } of turned)
    tx.journal(
      table === 'team'
        ? { type: 'team.edited', subject: { kind: 'team', id }, data: { version, isActive, importId } }
        : {
            type: isActive ? 'person.reactivated' : 'person.deactivated',
            subject: { kind: 'person', id },
            data: { version, changes: { is_active: { from: !isActive, to: isActive } }, importId },
          },
    )
}

/** Those an import made and took back with it come again with another one, or go again. */
export const turnPeople = (tx: Tx, ids: readonly string[], isActive: boolean, importId: string) =>
  turn(tx, 'person', ids, isActive, importId)
export const turnTeams = (tx: Tx, ids: readonly string[], isActive: boolean, importId: string) =>
  turn(tx, 'team', ids, isActive, importId)

/** Of these people, those whom somebody gave a role, a way to sign in or a place in a team since. */
export const peopleInUse = async (q: Reader, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await q.rows<{ id: string }>({
    text: ['person_role', 'password', 'passkey', 'api_key', 'session', 'team_member']
      .map((table) => `select person_id as id from ${table} where tenant_id = $1 and person_id = any($2)`)
      .join(' union '),
    values: [q.tenantId, ids],
  })
  return new Set(rows.map(({ id }) => id))
}

/** Of these teams, those that somebody joined since. */
export const teamsWithMembers = async (q: Reader, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await q.rows<{ id: string }>({
    text: 'select distinct team_id as id from team_member where tenant_id = $1 and team_id = any($2)',
    values: [q.tenantId, ids],
  })
  return new Set(rows.map(({ id }) => id))
}
