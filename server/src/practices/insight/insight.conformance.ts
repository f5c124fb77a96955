import type { Conformance, Deviation, InsightAsked } from '@evenkeel/contract/insight'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { everyOne, type Saying } from '../../kernel/language/saying.ts'
import { incidentProcess, phrasesIn } from '../incident/index.ts'
import {
  fitsProcess,
  hasMove,
  inProcessOrder,
  movesOfProcess,
  stateNamed,
  type State,
} from './insight.activities.ts'
import { stepsOf, moveWords } from './insight.activities.ts'
import { definitionsOf } from './insight.definitions.ts'
import { says } from './insight.reasons.ts'
import { asking, waysIn, type WayCount } from './insight.scope.ts'
import { readableSql } from './insight.readable.ts'

type Found = { readonly from: State | null; readonly to: State; passes: number; incidents: number }

/** Pure: beginnings and moves in the ways that the process does not have, most frequent first. */
export const deviationsIn = (ways: readonly WayCount[]): Found[] => {
  const found = new Map<string, Found>()
  for (const { path, incidents } of ways) {
    const states = stepsOf(path).flatMap((activity) => stateNamed(activity) ?? [])
    const here = new Set<Found>()
    for (const [at, to] of states.entries()) {
      const from = states[at - 1] ?? null
      if (from === null ? to === incidentProcess.initial : hasMove(from, to)) continue
      const key = keyOf(from, to)
      const deviation = found.get(key) ?? { from, to, passes: 0, incidents: 0 }
      found.set(key, deviation)
      deviation.passes += incidents
      here.add(deviation)
    }
    for (const deviation of here) deviation.incidents += incidents
  }
  return [...found.values()].toSorted(
    (one, other) =>
      other.passes - one.passes ||
      inProcessOrder(one.from ?? 'new', other.from ?? 'new') ||
      inProcessOrder(one.to, other.to),
  )
}

const keyOf = (from: string | null, to: string): string => `${from ?? ''}>${to}`

/** What the process says of a move it does not have. */
const sentenceOf = (from: State | null, to: State, language: string): string => {
  const { states } = phrasesIn(language)
  if (from === null)
    return says('deviation.begins', { initial: states[incidentProcess.initial], state: states[to] }).in(
      language,
    )
  if (incidentProcess.states[from].final === true)
    return says('deviation.final', { from: states[from] }).in(language)
  const sources = movesOfProcess.filter((move) => move.to === to).map((move) => move.from)
  const named: Saying = everyOne([...new Set(sources)].toSorted(inProcessOrder).map((state) => states[state]))
  return sources.length === 0
    ? says('deviation.never', { from: states[from], to: states[to] }).in(language)
    : says('deviation.other', { from: states[from], to: states[to], sources: named }).in(language)
}

/** A move by team or by month, or one of its examples. */
type Row = {
  readonly from: string | null
  readonly to: string
  readonly team_id: string | null
  readonly team_name: string | null
  readonly month: string | null
  readonly passes: number
  readonly example: { readonly id: string; readonly number: string; readonly title: string } | null
}

const mostNamed = 5
const mostMonths = 24

/** What in history the process does not have, and where. Statements: 2. */
export const conformance = (database: Database, caller: Caller, asked: InsightAsked): Promise<Conformance> =>
  asking(database, caller, asked, async (q, scope) => {
    const first = scope.values.length + 1
    const readable = readableSql(caller, first + 2)
    const [{ ways, notYet, incidents }, rows] = await Promise.all([
      waysIn(q, scope, 'states'),
      q.rows<Row>({
        // What does not fit is found once, and then looked at by team, by month and by incident.
        text: `with unfit as materialized (
                 select s.state_before as "from", s.activity as "to", s.team_id, s.at, r.id, r.number, r.title, ${readable.text} as is_readable,
                   to_char(s.at at time zone $${first + 1}, 'YYYY-MM') as month
                 from ${scope.from} join insight_step s on s.tenant_id = $1 and s.record_id = c.record_id
                 where ${scope.text} and (s.place = 0 and s.activity <> '${incidentProcess.initial}'
                   or s.state_before || '>' || s.activity <> all($${first}::text[])))
               select * from (
                 select d."from", d."to", d.team_id, t.name as team_name, d.month, d.passes, 0 as place, null::jsonb as example from (
                   select "from", "to", team_id, month, count(*)::int as passes from unfit
                   group by grouping sets (("from", "to", team_id), ("from", "to", month))) d
                 left join team t on t.tenant_id = $1 and t.id = d.team_id
                 union all
                 select e."from", e."to", null, null, null, 0, e.place, jsonb_build_object('id', e.id, 'number', e.number, 'title', e.title) from (
                   select *, row_number() over (partition by "from", "to" order by at desc, id) as place from unfit where is_readable) e
                 where e.place <= ${mostNamed * 4}) found
               order by passes desc, team_name, place`,
        values: [...scope.values, moveWords, caller.timeZone, ...readable.values],
      }),
    ])
    const rowsOf = Map.groupBy(rows, ({ from, to }) => keyOf(from, to))
    const deviationOf = (found: Found): Deviation => {
      const of = rowsOf.get(keyOf(found.from, found.to)) ?? []
      const named = new Map(of.flatMap(({ example }) => (example === null ? [] : [[example.id, example]])))
      return {
        ...found,
        share: found.incidents / incidents,
        sentence: sentenceOf(found.from, found.to, caller.language),
        teams: of
          .flatMap(({ team_id: id, team_name: name, passes }) =>
            id === null ? [] : [{ team: { id, name: name ?? '' }, passes }],
          )
          .slice(0, mostNamed),
        months: of
          .flatMap(({ month, passes }) => (month === null ? [] : [{ month, passes }]))
          .toSorted((one, other) => (one.month < other.month ? -1 : 1))
          .slice(-mostMonths),
        examples: [...named.values()].slice(0, mostNamed),
      }
    }
    return {
      counted: { incidents, notYet },
      fitting: ways.reduce((sum, way) => sum + (fitsProcess(way.path) ? way.incidents : 0), 0),
      deviations: deviationsIn(ways).map(deviationOf),
      definitions: definitionsOf(caller.language, [
        'incidents',
        'fitting',
        'deviations',
        'deviationShare',
        'deviationTeams',
        'deviationMonths',
      ]),
    }
  })
