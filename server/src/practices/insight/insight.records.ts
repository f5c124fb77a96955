import type { IncidentState, Priority } from '@evenkeel/contract/incident'
import { insightRoutes, type Activity, type InsightRecord } from '@evenkeel/contract/insight'
import type { RouteRequest } from '@evenkeel/contract/route'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { fittingStart, letterOf, pathColumn, stepsOf, unfitPairs } from './insight.activities.ts'
import { readableSql } from './insight.readable.ts'
import { says } from './insight.reasons.ts'
import { asking, keptIn, mostFrequent, waysIn, type Scope } from './insight.scope.ts'

type Query = RouteRequest<(typeof insightRoutes)['listInsightRecords']>['query']

type Row = {
  readonly id: string
  readonly number: string
  readonly title: string
  readonly state: IncidentState
  readonly priority: Priority
  readonly team_id: string
  readonly team_name: string
  readonly created_at: string
  readonly path: string
}

type Answer = {
  readonly rows: InsightRecord[]
  readonly next: string | null
  readonly incidents: number
  readonly readable: number
}

/** The incidents behind a number, newest first. Statements: 2, and one more to know which ways are shown. */
export const recordsBehind = (database: Database, caller: Caller, query: Query): Promise<Answer> =>
  asking(database, caller, query, async (q, all) => {
    const place = placeIn(query.cursor)
    const kept =
      query.share === 100
        ? all
        : keptIn(
            all,
            query.lens,
            query.share,
            mostFrequent((await waysIn(q, all, query.lens)).ways, query.share),
          )
    const scope = narrowed(kept, query)
    const readable = readableSql(caller, scope.values.length + 1)
    const values = [...scope.values, ...readable.values]
    const [counts, rows] = await Promise.all([
      q.one<{ incidents: number; readable: number }>({
        text: `select count(*)::int as incidents, (count(*) filter (where ${readable.text}))::int as readable
               from ${scope.from} where ${scope.text}`,
        values,
      }),
      q.rows<Row>({
        text: `select found.*, t.name as team_name from (
                 select r.id, r.number, r.title, r.state, r.priority, r.team_id, r.created_at, ${pathColumn[query.lens]} as path
                 from ${scope.from} where ${scope.text} and ${readable.text}
                   ${place === null ? '' : `and (r.created_at, r.id) < ($${values.length + 2}::timestamptz, $${values.length + 3}::uuid)`}
                 order by r.created_at desc, r.id desc limit $${values.length + 1}::int) found
               join team t on t.tenant_id = $1 and t.id = found.team_id
               order by found.created_at desc, found.id desc`,
        values: [...values, query.limit + 1, ...(place ?? [])],
      }),
    ])
    const shown = rows.slice(0, query.limit)
    const last = shown.at(-1)
    return {
      rows: shown.map(({ team_id, team_name, created_at: createdAt, path, ...row }) => ({
        ...row,
        team: { id: team_id, name: team_name },
        createdAt,
        steps: stepsOf(path),
      })),
      next: rows.length > query.limit && last !== undefined ? `${last.created_at}_${last.id}` : null,
      ...counts,
    }
  })

const placeForm =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

const placeIn = (cursor: string | undefined): readonly [string, string] | null => {
  if (cursor === undefined) return null
  const [, at, id] = placeForm.exec(cursor) ?? []
  if (at === undefined || id === undefined || Number.isNaN(Date.parse(at)))
    throw new Refusal('malformed', [{ code: 'cursor', field: 'cursor', message: says('cursor') }])
  return [at, id]
}

/** The scope narrowed to what is behind one number. A pair of steps is two letters side by side. */
const narrowed = (scope: Scope, query: Query): Scope => {
  const column = pathColumn[query.lens]
  const values = [...scope.values]
  const given = (value: unknown, type: string): string => `$${values.push(value)}::${type}`
  const only = (text: string): Scope => ({
    ...scope,
    text: `${scope.text} and c.record_id is not null and ${text}`,
    values,
  })
  const word = (...steps: readonly Activity[]): string => given(steps.map(letterOf).join(''), 'text')
  switch (query.behind) {
    case 'all':
      return only('true')
    case 'variant':
      return only(`${column} = ${given(named(query.path, 'path'), 'text')}`)
    case 'node':
      return only(`position(${word(named(query.activity, 'activity'))} in ${column}) > 0`)
    case 'edge':
      return only(
        `position(${word(named(query.fromStep, 'fromStep'), named(query.toStep, 'toStep'))} in ${column}) > 0`,
      )
    case 'unfit': {
      const to = named(query.toStep, 'toStep')
      return query.fromStep === undefined
        ? only(`left(c.states, 1) = ${word(to)}`)
        : only(`position(${word(query.fromStep, to)} in c.states) > 0`)
    }
    case 'fitting':
      return only(`c.states ~ '${fittingStart}' and c.states !~ '${unfitPairs}'`)
    case 'pair':
      return only(
        `exists (select from insight_step s where s.tenant_id = $1 and s.record_id = c.record_id and s.away_seconds is not null
           and s.team_id = ${given(named(query.home, 'home'), 'uuid')} and s.team_before = ${given(named(query.other, 'other'), 'uuid')})`,
      )
    case 'bounced':
      return only(
        'exists (select from insight_step s where s.tenant_id = $1 and s.record_id = c.record_id and s.away_seconds is not null)',
      )
  }
}

const named = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined)
    throw new Refusal('malformed', [{ code: 'behind', field: name, message: says('behind', { what: name }) }])
  return value
}
