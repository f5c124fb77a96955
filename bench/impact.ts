/**
 * `node --max-old-space-size=6144 bench/impact.ts [--items 1000000] [--relations 5000000]`: how long health and blast radius take in memory on
 * an estate whose relations are spread as in real ones (`estate.ts`): a few nodes that very many stand on, groups with redundancy, circles.
 * Tells milliseconds and keeps them in `bench/results/impact.json`; the same questions to a database are another bench.
 */
import { parseArgs } from 'node:util'
import { blastRadiusIn } from '../server/src/kernel/impact/blast-radius.ts'
import { graphOf, sourceIn } from '../server/src/kernel/impact/graph.ts'
import { healthOf } from '../server/src/kernel/impact/health.ts'
import { jointLossIn } from '../server/src/kernel/impact/joint-loss.ts'
import { makeEstate, randomFrom } from './estate.ts'
import { keepFigures } from './figures.ts'

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '1000000' },
    relations: { type: 'string', default: '5000000' },
  },
})
const [items, relations] = [Number(values.items), Number(values.relations)]
if (!(items >= 1000 && relations >= items))
  throw new RangeError('--items is from 1000, --relations from that')

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const timed = <Result>(work: () => Result): readonly [Result, number] => {
  const start = performance.now()
  const result = work()
  return [result, Math.round((performance.now() - start) * 10) / 10]
}
const quantiles = (all: readonly number[]) => {
  const sorted = all.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), most: at(1) }
}

const random = randomFrom(7)
const any = (): string => `n${Math.floor(items * random())}`
const caps = { maxDepth: 5, maxNodes: 10_000, maxEdges: 200_000 }

const estate = makeEstate(items, relations)
const [graph, buildMs] = timed(() => graphOf(estate.edges(), estate.groups, estate.nodes()))
const degrees = new Int32Array(items)
for (const support of graph.edges.supports) degrees[support] = (degrees[support] ?? 0) + 1
const busiest = Array.from(degrees.keys())
  .sort((a, b) => (degrees[b] ?? 0) - (degrees[a] ?? 0))
  .slice(0, 20)
tell(
  `${items} items, ${relations} relations, ${estate.groups.length} groups: built in ${buildMs} ms; the busiest has ${degrees[busiest[0] ?? 0] ?? 0} relations`,
)

const source = sourceIn(graph)
const failures = new Set(Array.from({ length: Math.ceil(items / 10_000) }, any))
const healths = Array.from({ length: 5 }, () =>
  timed(() => healthOf(graph, (node) => (failures.has(node) ? 'down' : 'up')).troubled().length),
)
const health = {
  ...quantiles(healths.map(([, ms]) => ms)),
  down: failures.size,
  troubled: healths[0]?.[0] ?? 0,
}
tell(
  `health of everything, ${health.down} down, ${health.troubled} troubled: ${health.p50} ms (most ${health.most})`,
)

const radiusOf = (failed: readonly string[][]) => {
  const answers = failed.map((nodes) => timed(() => blastRadiusIn(source, nodes, caps)))
  return {
    ...quantiles(answers.map(([, ms]) => ms)),
    mostAffected: Math.max(...answers.map(([{ affected }]) => affected.length)),
    cut: answers.filter(([{ cut }]) => cut !== null).length,
    asked: failed.length,
  }
}
const one = radiusOf(Array.from({ length: 1000 }, () => [any()]))
tell(
  `blast radius of any one item, 5 hops: p50 ${one.p50} ms, p95 ${one.p95} ms, most ${one.most} ms, ${one.cut} cut`,
)
const busy = radiusOf(busiest.map((node) => [`n${node}`]))
tell(
  `of each of the 20 busiest: p50 ${busy.p50} ms, p95 ${busy.p95} ms, most ${busy.most} ms, ${busy.cut} cut`,
)
const pairs = Array.from({ length: 200 }, () =>
  timed(() => jointLossIn(source, { one: [any(), any()], other: [any(), any()] }, caps)),
)
const joint = quantiles(pairs.map(([, ms]) => ms))
tell(`joint loss of two sets of two: p50 ${joint.p50} ms, p95 ${joint.p95} ms, most ${joint.most} ms`)
const heapMb = Math.round(process.memoryUsage().rss / 2 ** 20)
tell(`${heapMb} MB resident`)

await keepFigures('impact', {
  items,
  relations,
  groups: estate.groups.length,
  buildMs,
  health,
  one,
  busy,
  joint,
  heapMb,
})
