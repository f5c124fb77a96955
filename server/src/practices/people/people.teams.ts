import type { Saying } from '../../kernel/language/saying.ts'
import type { CreateTeam, EditTeam, TeamRow, TeamView } from '@evenkeel/contract/people'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { says } from './people.reasons.ts'

type Ref = { readonly id: string; readonly version: number }

/** `all` reaches every team, `team` those one belongs to. */
const mayManage = (caller: Caller, teamId: string): boolean => {
  const scopes = caller.grants.get('team.manage')
  return scopes?.has('all') === true || (scopes?.has('team') === true && caller.reach.teamIds.has(teamId))
}

const refuseOthers = (caller: Caller, teamId: string): void => {
  if (!mayManage(caller, teamId)) {
    throw new Refusal('forbidden', [{ code: 'team.manage', message: says('permission.team') }])
  }
}

const lockTeam = (tx: Tx, teamId: string) =>
  tx.one<{ version: number; name: string; is_active: boolean }>({
    text: 'select version, name, is_active from team where tenant_id = $1 and id = $2 for update',
    values: [tx.tenantId, teamId],
  })

export const listTeams = (database: Database, caller: Caller): Promise<{ rows: TeamRow[] }> =>
  read(database, caller.tenantId, async (q) => ({
    rows: await q.rows<TeamRow>({
      text: `select t.id, t.name, t.description, t.calendar, t.is_active as "isActive", t.version,
               (select count(*)::int from team_member m join person p on p.tenant_id = m.tenant_id and p.id = m.person_id and p.is_active
                where m.tenant_id = t.tenant_id and m.team_id = t.id) as members
             from team t where t.tenant_id = $1 order by lower(t.name) limit 2000`,
      values: [q.tenantId],
    }),
  }))

export const readTeam = (database: Database, caller: Caller, teamId: string): Promise<TeamView> =>
  read(database, caller.tenantId, async (q) => {
    const values = [q.tenantId, teamId]
    const [team, members] = await Promise.all([
      q.maybe<Omit<TeamView, 'members' | 'allowed'>>({
        text: 'select id, name, description, calendar, is_active as "isActive", version from team where tenant_id = $1 and id = $2',
        values,
      }),
      q.rows<TeamView['members'][number]>({
        text: `select p.id, p.name, p.title, m.is_lead as "isLead", p.is_active as "isActive" from team_member m
               join person p on p.tenant_id = m.tenant_id and p.id = m.person_id
               where m.tenant_id = $1 and m.team_id = $2 order by m.is_lead desc, lower(p.name) limit 2000`,
        values,
      }),
    ])
    if (team === undefined) throw new Refusal('not_found')
    return { ...team, members, allowed: mayManage(caller, teamId) ? ['team.manage'] : [] }
  })

const takenName = (): Refusal =>
  new Refusal('already_exists', [{ code: 'taken', field: 'name', message: says('team.taken') }])

export const addTeam = (
  database: Database,
  caller: Caller,
  draft: CreateTeam,
  once: OnceStore | null,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    if (caller.grants.get('team.manage')?.has('all') !== true) {
      throw new Refusal('forbidden', [{ code: 'team.manage', message: says('permission.teams') }])
    }
    const id = uuidv7()
    const members = new Map(draft.members.map((member) => [member.personId, member.isLead]))
    const [made, people] = await Promise.all([
      tx.maybe({
        text: `insert into team (tenant_id, id, name, description, calendar, created_at) values ($1, $2, $3, $4, $5, $6)
               on conflict (tenant_id, lower(name)) do nothing returning 1`,
        values: [tx.tenantId, id, draft.name, draft.description, draft.calendar, caller.now],
      }),
      tx.rows({
        text: 'select 1 from person where tenant_id = $1 and id = any($2) and is_active',
        values: [tx.tenantId, [...members.keys()]],
      }),
    ])
    if (made === undefined) throw takenName()
    if (people.length !== members.size) throw invalid('members', says('team.members'))
    tx.send({
      text: 'insert into team_member (tenant_id, team_id, person_id, is_lead) select $1, $2, * from unnest($3::uuid[], $4::boolean[])',
      values: [tx.tenantId, id, [...members.keys()], [...members.values()]],
    })
    tx.journal({
      type: 'team.created',
      subject: { kind: 'team', id },
      data: {
        name: draft.name,
        members: [...members].map(([personId, isLead]) => ({ personId, isLead })),
      },
    })
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })

export const editTeam = (
  database: Database,
  caller: Caller,
  teamId: string,
  version: number,
  edit: EditTeam,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const team = await lockTeam(tx, teamId)
    refuseOthers(caller, teamId)
    if (team.version !== version) throw new Refusal('changed_meanwhile', says('team.changed'))
    if (edit.name !== undefined) {
      const other = await tx.maybe({
        text: 'select 1 from team where tenant_id = $1 and lower(name) = lower($2) and id <> $3',
        values: [tx.tenantId, edit.name, teamId],
      })
      if (other !== undefined) throw takenName()
    }
    if (edit.isActive === false && team.is_active) await refuseTeamInUse(tx, teamId, database)
    tx.send({
      text: `update team set name = coalesce($3, name), description = coalesce($4, description), calendar = coalesce($5, calendar),
               is_active = coalesce($6, is_active), version = version + 1 where tenant_id = $1 and id = $2`,
      values: [
        tx.tenantId,
        teamId,
        edit.name ?? null,
        edit.description ?? null,
        edit.calendar ?? null,
        edit.isActive ?? null,
      ],
    })
    tx.journal({
      type: 'team.edited',
      subject: { kind: 'team', id: teamId },
      data: {
        version: version + 1,
        ...Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)),
      },
    })
    return { id: teamId, version: version + 1 }
  })

/** What keeps a team in use: said by the practices that give work to teams. */
export type TeamUse = (
  q: Reader,
  teamId: string,
  at: { database: Database; now: string },
) => Promise<Saying | null>
const teamUses: TeamUse[] = []

/** Practices above say why a team cannot go yet; they are asked in the transaction that would deactivate it, and before it. */
export const teamsAreUsedBy = (use: TeamUse): void => {
  teamUses.push(use)
}

const usesOf = async (
  q: Reader,
  teamId: string,
  at: { database: Database; now: string },
): Promise<Saying[]> =>
  (await Promise.all(teamUses.map((use) => use(q, teamId, at)))).filter((reason) => reason !== null)

/** What has to be given to another team before this one can be retired. */
export const readTeamUse = (
  database: Database,
  caller: Caller,
  teamId: string,
): Promise<{ reasons: string[] }> =>
  read(database, caller.tenantId, async (q) => {
    await q.one({ text: 'select 1 from team where tenant_id = $1 and id = $2', values: [q.tenantId, teamId] })
    return {
      reasons: (await usesOf(q, teamId, { database, now: caller.now })).map((use) => use.in(caller.language)),
    }
  })

const refuseTeamInUse = async (tx: Tx, teamId: string, database: Database): Promise<void> => {
  const found = await usesOf(tx, teamId, { database, now: tx.author.now })
  if (found.length > 0) {
    throw new Refusal(
      'not_ready',
      found.map((message) => ({ code: 'in_use', message })),
    )
  }
}

export const setTeamMember = (
  database: Database,
  caller: Caller,
  teamId: string,
  personId: string,
  isLead: boolean,
): Promise<void> =>
  write(database, caller, async (tx) => {
    await lockTeam(tx, teamId)
    refuseOthers(caller, teamId)
    const person = await tx.maybe({
      text: 'select 1 from person where tenant_id = $1 and id = $2 and is_active',
      values: [tx.tenantId, personId],
    })
    if (person === undefined) throw new Refusal('not_found')
    tx.send({
      text: `insert into team_member (tenant_id, team_id, person_id, is_lead) values ($1, $2, $3, $4)
             on conflict (tenant_id, team_id, person_id) do update set is_lead = excluded.is_lead`,
      values: [tx.tenantId, teamId, personId, isLead],
    })
    tx.journal({ type: 'team.member_set', subject: { kind: 'team', id: teamId }, data: { personId, isLead } })
  })

export const removeTeamMember = (
  database: Database,
  caller: Caller,
  teamId: string,
  personId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    await lockTeam(tx, teamId)
    refuseOthers(caller, teamId)
    const removed = await tx.maybe({
      text: 'delete from team_member where tenant_id = $1 and team_id = $2 and person_id = $3 returning 1',
      values: [tx.tenantId, teamId, personId],
    })
    if (removed === undefined) throw new Refusal('not_found')
    tx.journal({ type: 'team.member_removed', subject: { kind: 'team', id: teamId }, data: { personId } })
  })
