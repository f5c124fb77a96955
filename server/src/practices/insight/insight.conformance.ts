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

type Detail = {
  readonly from: string | null
  readonly to: string
  readonly team_id: string | null
  readonly team_name: string | null
  readonly month: string | null
  readonly passes: number
}
type Example = {
  readonly from: string | null
  readonly to: string
  readonly id: string
  readonly number: string
  readonly title: string
}

const mostNamed = 5
const mostMonths = 24

/** What in history the process does not have, and where. Statements: 3. */
export const conformance = (database: Database, caller: Caller, asked: InsightAsked): Promise<Conformance> =>
  asking(database, caller, asked, async (q, scope) => {
    const first = scope.values.length + 1
    const unfit = `(s.place = 0 and s.activity <> '${incidentProcess.initial}' or s.state_before || '>' || s.activity <> all($${first}::text[]))`
    const steps = `${scope.from} join insight_step s on s.tenant_id = $1 and s.record_id = c.record_id`
    const readable = readableSql(caller, first + 1)
    const [{ ways, notYet, incidents }, details, examples] = await Promise.all([
      waysIn(q, scope, 'states'),
      q.rows<Detail>({
        text: `select d.*, t.name as team_name from (
                 select u."from", u."to", u.team_id, u.month, count(*)::int as passes from (
                   select s.state_before as "from", s.activity as "to", s.team_id, to_char(s.at at time zone $${first + 1}, 'YYYY-MM') as month
                   from ${steps} where ${scope.text} and ${unfit}) u
                 group by grouping sets ((u."from", u."to", u.team_id), (u."from", u."to", u.month))) d
               left join team t on t.tenant_id = $1 and t.id = d.team_id
               order by d.passes desc, t.name`,
        values: [...scope.values, moveWords, caller.timeZone],
      }),
      q.rows<Example>({
        text: `select e."from", e."to", e.id, e.number, e.title from (
                 select s.state_before as "from", s.activity as "to", r.id, r.number, r.title,
                   row_number() over (partition by s.state_before, s.activity order by s.at desc, r.id) as place
                 from ${steps} where ${scope.text} and ${unfit} and ${readable.text}) e
               where e.place <= ${mostNamed * 4} order by e.place`,
        values: [...scope.values, moveWords, ...readable.values],
      }),
    ])
    const detailsOf = Map.groupBy(details, ({ from, to }) => keyOf(from, to))
    const examplesOf = Map.groupBy(examples, ({ from, to }) => keyOf(from, to))
    const deviationOf = (found: Found): Deviation => {
      const of = detailsOf.get(keyOf(found.from, found.to)) ?? []
      const named = new Map(
        (examplesOf.get(keyOf(found.from, found.to)) ?? []).map(({ id, number, title }) => [
          id,
          { id, number, title },
        ]),
      )
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
