import { isGerman } from '../../kernel/language/saying.ts'
import { german } from './incident.fields.de.ts'
import { says } from './incident.reasons.ts'
import type { FastifyReply } from 'fastify'
import { holdReasons } from '@evenkeel/contract/choices'
import {
  incidentReportRoutes as routes,
  type HoldsReport,
  type TeamLedger,
  type TeamsReport,
} from '@evenkeel/contract/incident-report'
import type { ListQuery } from '@evenkeel/contract/record'
import { mayAtAll } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { serve } from '../../platform/http/serve.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { beginning, csvLine, followingOf, pageQuery, readList } from '../record/index.ts'
import { mustBeAllowed, rightsOn } from './incident.command.ts'
import { incidentFields, listedIncidents } from './incident.fields.ts'
import { holdsOf, minutesOf, spansOf, valueAt, type Span } from './incident.ledger.ts'
import { findIncident } from './incident.repo.ts'

// Every story is read whole; the newest five thousand answer within a second.
const mostCounted = 5000
const mostNamed = 20

type Story = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly teams: readonly Span[]
  readonly holds: readonly Span[]
  readonly bounces: readonly { readonly teamId: string; readonly minutesAway: number }[]
  /** When the desk wrote to the caller. */
  readonly outbound: readonly string[]
  readonly isOver: boolean
}

type RecordRow = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly created_at: string
  readonly closed_at: string | null
  readonly team_id: string
  readonly hold_reason: string | null
  readonly callers: readonly string[]
}

type EntryRow = {
  readonly record_id: string
  readonly type: string
  readonly at: string
  readonly by: string | null
  readonly team_from: string | null
  readonly team_to: string | null
  readonly hold_from: string | null
  readonly hold_to: string | null
  readonly turned: 'team' | 'hold' | 'both' | null
  readonly came_back_to: string | null
  readonly minutes_away: number | null
}

/** What the journal says of where incidents were and what they waited for. Statements: 2, in one flush. */
const storiesOf = async (q: Reader, ids: readonly string[], now: string): Promise<Story[]> => {
  const [records, entries] = await Promise.all([
    q.rows<RecordRow>({
      name: 'incident_story_records',
      text: `select r.id, r.number, r.title, r.created_at, r.closed_at, r.team_id, i.hold_reason,
               array(select a.person_id from affected_person a where a.tenant_id = $1 and a.record_id = r.id) || r.requester_id as callers
             from unnest($2::uuid[]) with ordinality as wanted (id, place)
             join record r on r.tenant_id = $1 and r.id = wanted.id
             join incident i on i.tenant_id = $1 and i.id = wanted.id
             order by wanted.place`,
      values: [q.tenantId, ids],
    }),
    q.rows<EntryRow>({
      name: 'incident_story_entries',
      text: `select j.subject_id as record_id, j.type, j.at, coalesce(j.on_behalf_of, j.actor_id) as by,
               c.change->'team_id'->>'from' as team_from, c.change->'team_id'->>'to' as team_to,
               c.change->'hold_reason'->>'from' as hold_from, c.change->'hold_reason'->>'to' as hold_to,
               case when c.change ? 'team_id' and c.change ? 'hold_reason' then 'both' when c.change ? 'team_id' then 'team'
                    when c.change ? 'hold_reason' then 'hold' end as turned,
               j.data->'teams'->>-1 as came_back_to, (j.data->>'minutesAway')::int as minutes_away
             from journal j cross join lateral (select j.data->'changes' as change) c
             where j.tenant_id = $1 and j.subject_id = any($2)
               and (c.change ?| array['team_id', 'hold_reason'] or j.type in ('incident.bounced', 'incident.commented', 'incident.imported_comment'))
             order by j.subject_id, coalesce((j.data->>'version')::int, 0), j.id`,
      values: [q.tenantId, ids],
    }),
  ])
  const byRecord = Map.groupBy(entries, (entry) => entry.record_id)
  return records.map((record) => storyOf(record, byRecord.get(record.id) ?? [], now))
}

const storyOf = (record: RecordRow, entries: readonly EntryRow[], now: string): Story => {
  const between = { start: record.created_at, end: record.closed_at ?? now }
  const turned = (what: 'team' | 'hold') =>
    entries.filter((entry) => entry.turned === what || entry.turned === 'both')
  const { id, number, title } = record
  return {
    id,
    number,
    title,
    teams: spansOf(
      turned('team').map(({ at, team_from: from, team_to: to }) => ({ at, from, to })),
      { ...between, now: record.team_id },
    ),
    holds: spansOf(
      turned('hold').map(({ at, hold_from: from, hold_to: to }) => ({ at, from, to })),
      { ...between, now: record.hold_reason },
    ),
    bounces: [
      ...importedBounces(turned('team')),
      ...entries.flatMap(({ type, came_back_to: teamId, minutes_away: minutesAway }) =>
        type === 'incident.bounced' && teamId !== null ? [{ teamId, minutesAway: minutesAway ?? 0 }] : [],
      ),
    ],
    outbound: entries.flatMap(({ type, at, by }) =>
      (type === 'incident.commented' || type === 'incident.imported_comment') &&
      by !== null &&
      !record.callers.includes(by)
        ? [at]
        : [],
    ),
    isOver: record.closed_at !== null,
  }
}

/** Another system's history has no entries of its own about ping-pong: it shows in where the record went. */
const importedBounces = (turns: readonly EntryRow[]): { teamId: string; minutesAway: number }[] =>
  turns.flatMap(({ type, at, team_to: teamId }, index) => {
    const before = turns[index - 1]
    return type === 'incident.imported_update' && teamId !== null && before?.team_from === teamId
      ? [{ teamId, minutesAway: wholeMinutes(Date.parse(before.at), Date.parse(at)) }]
      : []
  })

/** Names of all teams, those given up included: history names them. */
const teamNames = async (q: Reader): Promise<(id: string) => { id: string; name: string }> => {
  const rows = await q.rows<{ id: string; name: string }>({
    name: 'incident_report_teams',
    text: 'select id, name from team where tenant_id = $1',
    values: [q.tenantId],
  })
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return (id) => ({ id, name: names.get(id) ?? '' })
}

const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** Which teams had one incident, and for how long: for whoever may see its internals. */
const incidentTeams = (database: Database, caller: Caller, id: string): Promise<TeamLedger> =>
  read(database, caller.tenantId, async (q) => {
    const [row, following, [story], nameOf] = await Promise.all([
      findIncident(q, id),
      followingOf(q, id, caller.personId),
      storiesOf(q, [id], caller.now),
      teamNames(q),
    ])
    if (row === undefined || story === undefined) throw new Refusal('not_found')
    const by = rightsOn(row, caller, following)
    if (!by.may('incident.read')) throw new Refusal('not_found')
    mustBeAllowed(by, 'incident.read_internal')
    const minutes = minutesOf(story.teams)
    const perTeam = new Map<string, number>()
    const spans = story.teams.map((span, at) => {
      const teamId = span.value ?? row.team_id
      perTeam.set(teamId, (perTeam.get(teamId) ?? 0) + (minutes[at] ?? 0))
      const isNow = at === story.teams.length - 1 && !story.isOver
      return {
        team: nameOf(teamId),
        from: instant(span.from),
        to: isNow ? null : instant(span.to),
        minutes: minutes[at] ?? 0,
      }
    })
    return {
      minutes: minutes.reduce((sum, one) => sum + one, 0),
      bounces: story.bounces.length,
      spans,
      teams: [...perTeam].map(([teamId, of]) => ({ team: nameOf(teamId), minutes: of })),
    }
  })

type Filtered = Pick<ListQuery, 'q' | 'filter'>

/** The stories of what a filter finds among the incidents whose internals the caller may see, newest first. */
const storiesFor = async <Report>(
  database: Database,
  caller: Caller,
  query: Filtered,
  report: (
    stories: readonly Story[],
    nameOf: (id: string) => { id: string; name: string },
    counted: { counted: number; capped: boolean },
  ) => Report,
): Promise<Report> => {
  if (!mayAtAll(caller.grants, 'incident.read_internal')) throw new Refusal('forbidden')
  const offered = await incidentFields(database, caller, {
    texts: query.q === undefined ? [] : [query.q],
  })
  const list = await beginning(
    database,
    readList(
      { kind: 'incident', permission: 'incident.read_internal', ...offered, from: listedIncidents },
      caller,
      query,
    ),
  )
  return read(database, caller.tenantId, async (q) => {
    const [found, nameOf] = await Promise.all([q.rows(pageQuery(list, undefined, mostCounted)), teamNames(q)])
    const ids = found.slice(0, mostCounted).map((row) => row.id)
    const stories = await storiesOf(q, ids, caller.now)
    return report(stories, nameOf, { counted: ids.length, capped: found.length > mostCounted })
  })
}

type TeamSum = { incidents: number; minutes: number; givenAway: number; cameBack: number }

const reportTeams = (database: Database, caller: Caller, query: Filtered): Promise<TeamsReport> =>
  storiesFor(database, caller, query, (stories, nameOf, counted) => {
    const sums = new Map<string, TeamSum>()
    const sumOf = (teamId: string): TeamSum => {
      const sum = sums.get(teamId) ?? { incidents: 0, minutes: 0, givenAway: 0, cameBack: 0 }
      sums.set(teamId, sum)
      return sum
    }
    for (const { teams, bounces } of stories) {
      const minutes = minutesOf(teams)
      for (const teamId of new Set(teams.flatMap((span) => span.value ?? []))) sumOf(teamId).incidents += 1
      for (const [at, { value }] of teams.entries()) {
        if (value === null) continue
        sumOf(value).minutes += minutes[at] ?? 0
        if (at < teams.length - 1) sumOf(value).givenAway += 1
      }
      for (const { teamId } of bounces) sumOf(teamId).cameBack += 1
    }
    return {
      ...counted,
      teams: [...sums]
        .map(([teamId, sum]) => ({ team: nameOf(teamId), ...sum }))
        .sort((one, other) => other.minutes - one.minutes || one.team.name.localeCompare(other.team.name)),
      bounced: stories
        .flatMap(({ id, number, title, bounces }) =>
          bounces.length === 0
            ? []
            : [
                {
                  id,
                  number,
                  title,
                  bounces: bounces.length,
                  minutesAway: bounces.reduce((sum, one) => sum + one.minutesAway, 0),
                },
              ],
        )
        .sort((one, other) => other.bounces - one.bounces || other.minutesAway - one.minutesAway)
        .slice(0, mostNamed),
    }
  })

type HoldSum = {
  holds: number
  minutes: number
  silentMinutes: number
  /** Minutes of each incident in it, by number. */
  readonly of: Map<string, number>
  readonly silentOf: Map<string, number>
}

const noHolds = (): HoldSum => ({
  holds: 0,
  minutes: 0,
  silentMinutes: 0,
  of: new Map(),
  silentOf: new Map(),
})

// What one filter takes, and one address.
const mostBehind = 200

const held = ({ of, silentOf, ...sum }: HoldSum) => ({
  ...sum,
  incidents: longest(of),
  silentIncidents: longest(silentOf),
})

const longest = (minutes: ReadonlyMap<string, number>): string[] =>
  [...minutes]
    .sort((one, other) => other[1] - one[1])
    .slice(0, mostBehind)
    .map(([number]) => number)

const wholeMinutes = (from: number, to: number): number => Math.floor((to - from) / 60_000)

const reportHolds = (database: Database, caller: Caller, query: Filtered): Promise<HoldsReport> =>
  storiesFor(database, caller, query, (stories, nameOf, counted) => {
    const all = noHolds()
    const byReason = new Map<string, HoldSum>()
    const byTeam = new Map<string, HoldSum>()
    const silent: { id: string; number: string; title: string; minutes: number; silentMinutes: number }[] = []
    const sumIn = (sums: Map<string, HoldSum>, key: string): HoldSum => {
      const sum = sums.get(key) ?? noHolds()
      sums.set(key, sum)
      return sum
    }
    for (const { id, number, title, teams, holds, outbound } of stories) {
      const own = noHolds()
      for (const hold of holdsOf(holds, outbound)) {
        const minutes = wholeMinutes(hold.from, hold.to)
        const silentMinutes = wholeMinutes(hold.from, hold.silentTo)
        const teamId = valueAt(teams, hold.from)
        const sums = [
          all,
          own,
          sumIn(byReason, hold.reason),
          ...(teamId === null ? [] : [sumIn(byTeam, teamId)]),
        ]
        for (const sum of sums) {
          sum.holds += 1
          sum.minutes += minutes
          sum.silentMinutes += silentMinutes
          sum.of.set(number, (sum.of.get(number) ?? 0) + minutes)
          if (silentMinutes > 0) sum.silentOf.set(number, (sum.silentOf.get(number) ?? 0) + silentMinutes)
        }
      }
      if (own.silentMinutes > 0)
        silent.push({ id, number, title, minutes: own.minutes, silentMinutes: own.silentMinutes })
    }
    return {
      ...counted,
      ...held(all),
      reasons: holdReasons.flatMap((reason) => {
        const sum = byReason.get(reason)
        return sum === undefined ? [] : [{ reason, ...held(sum) }]
      }),
      teams: [...byTeam]
        .map(([teamId, sum]) => ({ team: nameOf(teamId), ...held(sum) }))
        .sort((one, other) => other.silentMinutes - one.silentMinutes || other.minutes - one.minutes),
      silent: silent
        .sort((one, other) => other.silentMinutes - one.silentMinutes || other.minutes - one.minutes)
        .slice(0, mostNamed),
    }
  })

/** The report as lines of CSV, the first one their headings. Who took it out is journalled, as with lists. */
const exported = async <Report>(
  database: Database,
  caller: Caller,
  query: Filtered,
  name: string,
  make: (database: Database, caller: Caller, query: Filtered) => Promise<Report>,
  lines: (report: Report, language: string) => readonly Parameters<typeof csvLine>[0][],
): Promise<string> => {
  const report = await make(database, caller, query)
  await write(database, caller, async (tx) => {
    tx.journal({
      type: 'incident.exported',
      subject: { kind: 'person', id: caller.personId },
      data: { report: name, q: query.q ?? null, filter: query.filter ?? null },
      personal: ['/q', '/filter'],
    })
  })
  return `\uFEFF${lines(report, caller.language).map(csvLine).join('')}`
}

const teamLines = ({ teams }: TeamsReport, language: string) => [
  (['report.team', 'report.incidents', 'report.minutes', 'report.given', 'report.back'] as const).map((key) =>
    says(key).in(language),
  ),
  ...teams.map((row) => [row.team.name, row.incidents, row.minutes, row.givenAway, row.cameBack]),
]

const holdLines = ({ reasons, teams }: HoldsReport, language: string) => {
  const waits = isGerman(language) ? (german.choices['hold'] ?? {}) : {}
  const sums = (row: { holds: number; minutes: number; silentMinutes: number }) => [
    row.holds,
    row.minutes,
    row.silentMinutes,
  ]
  return [
    (['report.by', 'report.name', 'report.holds', 'report.minutes', 'report.silent'] as const).map((key) =>
      says(key).in(language),
    ),
    ...reasons.map((row) => [
      says('report.waits').in(language),
      waits[row.reason] ?? row.reason.replace('_', ' '),
      ...sums(row),
    ]),
    ...teams.map((row) => [says('report.team').in(language), row.team.name, ...sums(row)]),
  ]
}

const asFile = (reply: FastifyReply, caller: Caller, name: string, text: string): FastifyReply =>
  reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}-${caller.now.slice(0, 10)}.csv"`)
    .send(text)

export const incidentReportRoutes = serve(routes, {
  incidentTeams: ({ database, caller }, { params }) => incidentTeams(database, caller, params.id),
  reportTeams: ({ database, caller }, { query }) => reportTeams(database, caller, query),
  reportHolds: ({ database, caller }, { query }) => reportHolds(database, caller, query),
  exportTeamsReport: async ({ database, caller, reply }, { query }) =>
    asFile(
      reply,
      caller,
      'time-per-team',
      await exported(database, caller, query, 'teams', reportTeams, teamLines),
    ),
  exportHoldsReport: async ({ database, caller, reply }, { query }) =>
    asFile(
      reply,
      caller,
      'time-on-hold',
      await exported(database, caller, query, 'holds', reportHolds, holdLines),
    ),
})
