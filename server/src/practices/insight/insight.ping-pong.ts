import type { InsightAsked, PingPong, PingPongPair } from '@evenkeel/contract/insight'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { definitionsOf } from './insight.definitions.ts'
import { readableSql } from './insight.readable.ts'
import { asking } from './insight.scope.ts'

type Row = {
  readonly home_id: string | null
  readonly home: string | null
  readonly other_id: string | null
  readonly other: string | null
  readonly times: number
  readonly incidents: number
  readonly seconds: number
  readonly measured: [number, number] | null
  /** The row of everything, not of one pair. */
  readonly is_sum: boolean
  readonly of_pairs: number
  /** An incident of a pair instead. */
  readonly example: {
    readonly id: string
    readonly number: string
    readonly title: string
    readonly seconds: number
  } | null
}

const mostPairs = 50
const mostNamed = 3

/** Given away and straight back. Statements: 2. */
export const pingPong = (database: Database, caller: Caller, asked: InsightAsked): Promise<PingPong> =>
  asking(database, caller, asked, async (q, scope) => {
    const readable = readableSql(caller, scope.values.length + 1)
    const [counted, found] = await Promise.all([
      q.one<{ incidents: number; not_yet: number }>({
        text: `select count(c.record_id)::int as incidents, (count(*) - count(c.record_id))::int as not_yet from ${scope.from} where ${scope.text}`,
        values: scope.values,
      }),
      q.rows<Row>({
        text: `with back as materialized (
                 select s.team_id as home_id, s.team_before as other_id, s.away_seconds, r.id, r.number, r.title, ${readable.text} as is_readable
                 from ${scope.from} join insight_step s on s.tenant_id = $1 and s.record_id = c.record_id and s.away_seconds is not null
                 where ${scope.text})
               select * from (
                 (select p.*, h.name as home, o.name as other, null::jsonb as example, 0 as place from (
                   select home_id, other_id, count(*)::int as times, count(distinct id)::int as incidents,
                     coalesce(sum(away_seconds), 0) as seconds,
                     percentile_disc(array[0.5, 0.9]) within group (order by away_seconds) as measured,
                     grouping(home_id) = 1 as is_sum, (count(*) over () - 1)::int as of_pairs
                   from back group by grouping sets ((home_id, other_id), ())) p
                 left join team h on h.tenant_id = $1 and h.id = p.home_id
                 left join team o on o.tenant_id = $1 and o.id = p.other_id
                 order by p.is_sum desc, p.seconds desc, h.name, o.name limit ${mostPairs + 1})
                 union all
                 select e.home_id, e.other_id, 0, 0, 0, null, false, 0, null, null,
                   jsonb_build_object('id', e.id, 'number', e.number, 'title', e.title, 'seconds', e.seconds), e.place from (
                   select home_id, other_id, id, number, title, sum(away_seconds) as seconds,
                     row_number() over (partition by home_id, other_id order by sum(away_seconds) desc, id) as place
                   from back where is_readable group by home_id, other_id, id, number, title) e
                 where e.place <= ${mostNamed}) told
               order by is_sum desc, seconds desc, home, other, place`,
        values: [...scope.values, ...readable.values],
      }),
    ])
    const rows = found.filter(({ example }) => example === null)
    const examplesOf = Map.groupBy(found, ({ home_id: home, other_id: other }) => `${home}>${other}`)
    const sum = rows.find((row) => row.is_sum)
    return {
      counted: { incidents: counted.incidents, notYet: counted.not_yet },
      ...figuresOf(sum),
      pairs: rows.flatMap((row): PingPongPair[] => {
        const { home_id: home, other_id: other } = row
        if (row.is_sum || home === null || other === null) return []
        return [
          {
            home: { id: home, name: row.home ?? '' },
            other: { id: other, name: row.other ?? '' },
            ...figuresOf(row),
            examples: (examplesOf.get(`${home}>${other}`) ?? []).flatMap(({ example }) => example ?? []),
          },
        ]
      }),
      ofPairs: sum?.of_pairs ?? 0,
      definitions: definitionsOf(caller.language, ['incidents', 'bounces', 'bounceSeconds']),
    }
  })

const figuresOf = (row: Row | undefined) => ({
  times: row?.times ?? 0,
  incidents: row?.incidents ?? 0,
  seconds: row?.seconds ?? 0,
  medianSeconds: row?.measured?.[0] ?? null,
  p90Seconds: row?.measured?.[1] ?? null,
})
