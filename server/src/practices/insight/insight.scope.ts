import type { InsightAsked, InsightLooked, Lens } from '@evenkeel/contract/insight'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { incidentsAsked } from '../incident/index.ts'
import { pathColumn } from './insight.activities.ts'
import { says } from './insight.reasons.ts'

/**
 * The incidents a question is about, as far as `insight.read` reaches for who asks: what they may not know of is neither counted nor
 * named. `text` is over `r`, `i` and `c`, the row of `insight_case`; its first parameter is the tenant.
 */
export type Scope = {
  readonly from: string
  readonly text: string
  readonly values: readonly unknown[]
}

export const scopeOf = async (database: Database, caller: Caller, asked: InsightAsked): Promise<Scope> => {
  const { q, filter, from, to } = asked
  if (from !== undefined && to !== undefined && from > to)
    throw new Refusal('malformed', [{ code: 'months', field: 'from', message: says('months') }])
  const months =
    from === undefined && to === undefined
      ? []
      : [
          from !== undefined && to !== undefined
            ? { field: 'created', op: 'within', value: [from, to] }
            : from !== undefined
              ? { field: 'created', op: '>=', value: from }
              : { field: 'created', op: '<=', value: to },
        ]
  const queries = [{ q, filter }, ...months.map((month) => ({ filter: JSON.stringify(month) }))]
  const scope = await incidentsAsked(database, caller, queries, 'insight.read')
  return {
    ...scope,
    from: `${scope.from} left join insight_case c on c.tenant_id = $1 and c.record_id = r.id`,
  }
}

/** How many incidents went one way. */
export type WayCount = { readonly path: string; readonly incidents: number; readonly over: number }

/** Every way with its count, most frequent first; `notYet` were not folded yet. */
export const waysIn = async (
  q: Reader,
  scope: Scope,
  lens: Lens,
): Promise<{ readonly ways: readonly WayCount[]; readonly notYet: number; readonly incidents: number }> => {
  const rows = await q.rows<{ path: string | null; incidents: number; over: number }>({
    text: `select ${pathColumn[lens]} as path, count(*)::int as incidents,
             count(*) filter (where c.state in ('closed', 'canceled'))::int as over
           from ${scope.from} where ${scope.text} group by 1 order by 2 desc, 1`,
    values: scope.values,
  })
  const ways = rows.flatMap(({ path, ...counts }) => (path === null ? [] : [{ path, ...counts }]))
  return {
    ways,
    notYet: rows.find(({ path }) => path === null)?.incidents ?? 0,
    incidents: ways.reduce((sum, way) => sum + way.incidents, 0),
  }
}

/** Pure: the most frequent ways that together make up a share of the incidents, in percent; at least one. */
export const mostFrequent = (ways: readonly WayCount[], share: number): readonly WayCount[] => {
  const wanted = (ways.reduce((sum, way) => sum + way.incidents, 0) * share) / 100
  let together = 0
  return ways.filter((way) => {
    const isWanted = together < wanted
    together += way.incidents
    return isWanted
  })
}

/** A scope narrowed to the ways that are shown. */
export const keptIn = (scope: Scope, lens: Lens, share: number, kept: readonly WayCount[]): Scope =>
  share === 100
    ? scope
    : {
        ...scope,
        text: `${scope.text} and ${pathColumn[lens]} = any($${scope.values.length + 1}::text[])`,
        values: [...scope.values, kept.map(({ path }) => path)],
      }

export type Looked = Pick<InsightLooked, 'lens' | 'share'> & InsightAsked

/** One question at one moment. */
export const asking = async <Answer>(
  database: Database,
  caller: Caller,
  asked: InsightAsked,
  work: (q: Reader, scope: Scope) => Promise<Answer>,
): Promise<Answer> => {
  const scope = await scopeOf(database, caller, asked)
  return read(database, caller.tenantId, (q) => work(q, scope))
}
