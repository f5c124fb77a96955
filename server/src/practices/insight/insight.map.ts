import type { Activity, Lens, ProcessMap } from '@evenkeel/contract/insight'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { hasMove, inProcessOrder, stepsOf } from './insight.activities.ts'
import { definitionsOf } from './insight.definitions.ts'
import {
  asking,
  keptIn,
  mostFrequent,
  waysIn,
  type Looked,
  type Scope,
  type WayCount,
} from './insight.scope.ts'

type NodeCount = { visits: number; incidents: number; begins: number; ends: number; still: number }
type EdgeCount = { from: Activity; to: Activity; passes: number; incidents: number; unfit: number }

/** Pure: what the ways and their counts say of each step and of what follows what. Times are not in them. */
export const countsOf = (
  ways: readonly WayCount[],
): { readonly nodes: ReadonlyMap<Activity, NodeCount>; readonly edges: ReadonlyMap<string, EdgeCount> } => {
  const nodes = new Map<Activity, NodeCount>()
  const edges = new Map<string, EdgeCount>()
  const nodeOf = (activity: Activity): NodeCount => {
    const node = nodes.get(activity) ?? { visits: 0, incidents: 0, begins: 0, ends: 0, still: 0 }
    nodes.set(activity, node)
    return node
  }
  for (const { path, incidents, over } of ways) {
    const steps = stepsOf(path)
    const [first, last] = [steps[0], steps.at(-1)]
    if (first === undefined || last === undefined) continue
    nodeOf(first).begins += incidents
    nodeOf(last).ends += over
    nodeOf(last).still += incidents - over
    for (const activity of new Set(steps)) nodeOf(activity).incidents += incidents
    const passed = new Set<EdgeCount>()
    let state: Activity = first
    for (const [at, to] of steps.entries()) {
      nodeOf(to).visits += incidents
      const from = steps[at - 1]
      if (from === undefined) continue
      const key = `${from}>${to}`
      const edge = edges.get(key) ?? { from, to, passes: 0, incidents: 0, unfit: 0 }
      edges.set(key, edge)
      edge.passes += incidents
      passed.add(edge)
      if (to === 'handed_over') continue
      if (!hasMove(state, to)) edge.unfit += incidents
      state = to
    }
    for (const edge of passed) edge.incidents += incidents
  }
  return { nodes, edges }
}

type Times = { readonly medianSeconds: number | null; readonly p90Seconds: number | null }
const notMeasured: Times = { medianSeconds: null, p90Seconds: null }

/** Median and P90 of each pair of steps, and of each step whatever follows. */
const timesIn = async (q: Reader, scope: Scope, lens: Lens): Promise<ReadonlyMap<string, Times>> => {
  const [before, seconds] = lens === 'states' ? ['state_before', 'state_seconds'] : ['before', 'seconds']
  // Sorting a year of steps does not fit what a small server gives a statement by default.
  void q.rows({ text: `set local work_mem = '64MB'`, values: [] }).catch(() => {})
  const rows = await q.rows<{ before: string; activity: string | null; times: [number, number] }>({
    text: `select s.${before} as before, s.activity, percentile_disc(array[0.5, 0.9]) within group (order by s.${seconds}) as times
           from ${scope.from} join insight_step s on s.tenant_id = $1 and s.record_id = c.record_id
           where ${scope.text} and s.${before} is not null
           group by grouping sets ((s.${before}, s.activity), (s.${before}))`,
    values: scope.values,
  })
  return new Map(
    rows.map(({ before: from, activity, times: [medianSeconds, p90Seconds] }) => [
      activity === null ? from : `${from}>${activity}`,
      { medianSeconds, p90Seconds },
    ]),
  )
}

/** What follows what, with counts and times. Statements: 2, the second for the ways that the first one found to be frequent. */
export const processMap = (database: Database, caller: Caller, looked: Looked): Promise<ProcessMap> =>
  asking(database, caller, looked, async (q, scope) => {
    const { lens, share } = looked
    const { ways, notYet, incidents } = await waysIn(q, scope, lens)
    const kept = mostFrequent(ways, share)
    const times = await timesIn(q, keptIn(scope, lens, share, kept), lens)
    const { nodes, edges } = countsOf(kept)
    return {
      counted: { incidents, notYet },
      shown: {
        incidents: kept.reduce((sum, way) => sum + way.incidents, 0),
        variants: kept.length,
        ofVariants: ways.length,
      },
      nodes: [...nodes]
        .map(([activity, node]) => ({ activity, ...node, ...(times.get(activity) ?? notMeasured) }))
        .toSorted((one, other) => inProcessOrder(one.activity, other.activity)),
      edges: [...edges]
        .map(([key, edge]) => ({ ...edge, ...(times.get(key) ?? notMeasured) }))
        .toSorted((one, other) => other.passes - one.passes || inProcessOrder(one.from, other.from)),
      definitions: definitionsOf(caller.language, [
        'incidents',
        'visits',
        'nodeSeconds',
        'ends',
        'passes',
        'edgeSeconds',
        'unfit',
        'share',
      ]),
    }
  })
