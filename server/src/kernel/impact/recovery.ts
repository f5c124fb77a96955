import { isWorse } from './difference.ts'
import type { Graph } from './graph.ts'
import { healthOf, type HealthOfAll } from './health.ts'
import type { Health } from './level.ts'

export type Passing = {
  readonly health: Health
  /** When it ends by itself, RFC 3339 in UTC with milliseconds; null where nobody said. */
  readonly until: string | null
}

/** As many different ends as are looked at; whatever ends later ends at a time that is not told. */
const mostEnds = 50

/** When a node gets better than it is because something it suffers from ends; null where it does not, or nobody said. */
export const recoveryIn = (
  graph: Graph,
  findings: ReadonlyMap<string, Passing>,
): ((node: string) => string | null) => {
  const ends = [...new Set([...findings.values()].flatMap(({ until }) => until ?? []))]
    .toSorted()
    .slice(0, mostEnds)
  const pictures = new Map<string | null, HealthOfAll>()
  const pictureAt = (end: string | null): HealthOfAll => {
    const known = pictures.get(end)
    if (known !== undefined) return known
    const picture = healthOf(graph, (node) => {
      const finding = findings.get(node)
      if (finding === undefined) return 'up'
      const isOver = end !== null && finding.until !== null && finding.until <= end
      return isOver ? 'up' : finding.health
    })
    pictures.set(end, picture)
    return picture
  }
  return (node) => {
    if (ends.length === 0) return null
    const now = pictureAt(null).of(node)?.health ?? 'up'
    if (now === 'up') return null
    return ends.find((end) => isWorse(now, pictureAt(end).of(node)?.health ?? 'up')) ?? null
  }
}
