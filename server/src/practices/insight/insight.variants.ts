import type { InsightAsked, Lens, Variants } from '@evenkeel/contract/insight'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { fitsProcess, pathColumn, stepsOf } from './insight.activities.ts'
import { definitionsOf } from './insight.definitions.ts'
import { asking, waysIn } from './insight.scope.ts'

type Asked = InsightAsked & { readonly lens: Lens; readonly limit: number }

/** The most frequent ways. Statements: 2. */
export const variants = (database: Database, caller: Caller, asked: Asked): Promise<Variants> =>
  asking(database, caller, asked, async (q, scope) => {
    const { lens, limit } = asked
    const { ways, notYet, incidents } = await waysIn(q, scope, lens)
    const shown = ways.slice(0, limit)
    const rows = await q.rows<{ path: string; times: [number, number] }>({
      text: `select ${pathColumn[lens]} as path,
               percentile_disc(array[0.5, 0.9]) within group (order by extract(epoch from c.last_at - c.begun_at)::float8) as times
             from ${scope.from} where ${scope.text} and ${pathColumn[lens]} = any($${scope.values.length + 1}::text[]) group by 1`,
      values: [...scope.values, shown.map(({ path }) => path)],
    })
    const times = new Map(rows.map((row) => [row.path, row.times]))
    let together = 0
    return {
      counted: { incidents, notYet },
      variants: shown.map(({ path, incidents: count }) => {
        together += count
        const [medianSeconds, p90Seconds] = times.get(path) ?? [null, null]
        return {
          path,
          steps: stepsOf(path),
          incidents: count,
          share: count / incidents,
          together: together / incidents,
          medianSeconds,
          p90Seconds,
          fits: fitsProcess(path),
        }
      }),
      ofVariants: ways.length,
      definitions: definitionsOf(caller.language, [
        'incidents',
        'variants',
        'together',
        'variantSeconds',
        'fitting',
      ]),
    }
  })
