import { everyOne } from '../../kernel/language/saying.ts'
import type { AssignIncident, IncidentRef } from '@evenkeel/contract/incident'
import { invalid, type Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { mergeOrRefuse, type Wish } from '../record/index.ts'
import { mustFit, onIncident, type Change, type Sheet } from './incident.command.ts'
import { showField } from './incident.edit.ts'
import type { IncidentRow } from './incident.repo.ts'
import { policiesAt } from './incident.rules.ts'
import { says } from './incident.reasons.ts'

/** Gives the incident to a team or a person, for somebody who saw version `seen`. */
export const assignIncident = async (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  wish: AssignIncident,
): Promise<IncidentRef> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  return onIncident(database, caller, id, 'incident.assign', async (sheet) => {
    await mergeOrRefuse(
      sheet.tx,
      sheet.row,
      seen,
      assignWishes(sheet.row, wish),
      showField(sheet.tx, policies),
    )
    await assign(sheet, wish)
  })
}

/** Pure: what an assignment wants, for merging. */
export const assignWishes = (row: IncidentRow, { teamId, personId }: AssignIncident): Wish[] => [
  ...(teamId === undefined
    ? []
    : [{ column: 'team_id', field: 'teamId', theirs: row.team_id, yours: teamId }]),
  ...(personId === undefined
    ? []
    : [{ column: 'assignee_id', field: 'personId', theirs: row.assignee_id, yours: personId }]),
]

/** What the decision needs to know of the teams and people named. */
export type Seats = {
  /** The team that was asked for. */
  readonly team: { readonly id: string; readonly name: string; readonly isActive: boolean } | null
  /** The person in question: the one asked for, or who has it now. */
  readonly person: {
    readonly id: string
    readonly name: string
    readonly isActive: boolean
    /** Active teams they are a member of. */
    readonly teams: readonly { readonly id: string; readonly name: string }[]
  } | null
}

export type Seat = { readonly teamId: string; readonly personId: string | null }

/**
 * Pure: where it goes. A person has to be an active member of the team; a person alone takes it along to their own team. A new team
 * without a person keeps whoever has it when they are a member there too.
 *
 * @throws Refusal `invalid` naming the field
 */
export const seatFor = (
  now: { readonly team_id: string; readonly assignee_id: string | null },
  wish: AssignIncident,
  { team, person }: Seats,
): Seat => {
  if (wish.teamId === undefined && wish.personId === undefined) throw invalid('teamId', says('assign.nobody'))
  if (wish.teamId !== undefined && (team === null || !team.isActive))
    throw invalid('teamId', says('team.none'))
  if (typeof wish.personId === 'string') {
    if (person === null || !person.isActive) throw invalid('personId', says('person.none'))
    return { teamId: teamOf(now.team_id, wish, person, team?.name), personId: person.id }
  }
  const teamId = wish.teamId ?? now.team_id
  if (wish.personId === null || teamId !== now.team_id) {
    const stays =
      wish.personId === undefined &&
      person?.isActive === true &&
      person.teams.some((seat) => seat.id === teamId)
    return { teamId, personId: stays ? now.assignee_id : null }
  }
  return { teamId, personId: now.assignee_id }
}

const teamOf = (
  current: string,
  wish: AssignIncident,
  person: NonNullable<Seats['person']>,
  teamName: string | undefined,
): string => {
  const isIn = (id: string): boolean => person.teams.some((team) => team.id === id)
  if (wish.teamId !== undefined) {
    if (isIn(wish.teamId)) return wish.teamId
    throw invalid(
      'personId',
      says('assign.notIn', { person: person.name, team: teamName ?? says('assign.thatTeam') }),
    )
  }
  if (isIn(current)) return current
  const [only, ...others] = person.teams
  if (only === undefined) throw invalid('personId', says('assign.noTeam', { person: person.name }))
  if (others.length > 0) throw severalTeams(person)
  return only.id
}

const severalTeams = (person: NonNullable<Seats['person']>): Refusal =>
  invalid(
    'teamId',
    says('assign.several', { person: person.name, teams: everyOne(person.teams.map((team) => team.name)) }),
  )

/** The step: one entry for the assignment, and one more when it came back to a team it had just left. */
export const assign = async (sheet: Sheet, wish: AssignIncident): Promise<void> => {
  mustFit(sheet, 'assign')
  const { tx, row } = sheet
  const seat = seatFor(row, wish, await seatsFor(tx, wish.teamId, wish.personId ?? row.assignee_id))
  if (seat.teamId === row.team_id && seat.personId === row.assignee_id) return
  const assigned = sheet.enter({
    type: 'incident.assigned',
    change: assignedColumns(row, seat, tx.author.now),
  })
  const bounced = bounceOf(row, seat.teamId)
  if (bounced !== null) {
    sheet.enter({
      type: 'incident.bounced',
      data: {
        teams: [...bounced],
        // What the detour cost, for the ledger of INC-09.
        minutesAway: Math.max(
          0,
          Math.floor((Date.parse(tx.author.now) - Date.parse(row.team_since)) / 60_000),
        ),
      },
      cause: assigned,
    })
  }
}

/** Pure: the three teams of a ping-pong A→B→A, or null. */
export const bounceOf = (
  row: Pick<IncidentRow, 'team_id' | 'team_path'>,
  teamId: string,
): readonly [string, string, string] | null => {
  const previous = row.team_path.at(-2)
  return teamId !== row.team_id && previous === teamId ? [teamId, row.team_id, teamId] : null
}

// Enough to see every ping-pong; the whole story is in the journal.
const longestPath = 50

/** Pure: a reassignment is a change of team, or of one person for another; the first person to get it is none. */
const assignedColumns = (row: IncidentRow, seat: Seat, now: string): Change => {
  const newTeam = seat.teamId !== row.team_id
  const newPerson = seat.personId !== row.assignee_id
  const handedOver = newPerson && row.assignee_id !== null && seat.personId !== null
  return {
    team_id: seat.teamId,
    assignee_id: seat.personId,
    ...(newPerson ? { assigned_at: seat.personId === null ? null : now } : {}),
    ...(newTeam ? { team_since: now, team_path: [...row.team_path, seat.teamId].slice(-longestPath) } : {}),
    ...(newTeam || handedOver ? { reassignment_count: row.reassignment_count + 1 } : {}),
    routing: {
      teamId: seat.teamId,
      personId: seat.personId,
      rule: 'by_hand',
      sentence: 'Assigned by hand.',
      version: 0,
    },
  }
}

const seatsFor = async (q: Reader, teamId: string | undefined, personId: string | null): Promise<Seats> => {
  const [team, person] = await Promise.all([
    teamId === undefined
      ? undefined
      : q.maybe<NonNullable<Seats['team']>>({
          name: 'incident_assign_team',
          text: 'select id, name, is_active as "isActive" from team where tenant_id = $1 and id = $2',
          values: [q.tenantId, teamId],
        }),
    personId === null
      ? undefined
      : q.maybe<NonNullable<Seats['person']>>({
          name: 'incident_assign_person',
          text: `select p.id, p.name, p.is_active as "isActive",
                   coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name)
                     from team_member m join team t on t.tenant_id = m.tenant_id and t.id = m.team_id
                     where m.tenant_id = p.tenant_id and m.person_id = p.id and t.is_active), '[]') as teams
                 from person p where p.tenant_id = $1 and p.id = $2`,
          values: [q.tenantId, personId],
        }),
  ])
  return { team: team ?? null, person: person ?? null }
}
