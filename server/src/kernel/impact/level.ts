/** What somebody found out about a node itself. */
export type Health = 'up' | 'degraded' | 'down' | 'unknown'

/**
 * How bad it is, in an order, so that "the worst of" is a maximum. `REDUCED` is shown as degraded: works, with less redundancy than was
 * built. What is passed on begins at `DEGRADED`.
 */
export const UP = 0
export const UNKNOWN = 1
export const REDUCED = 2
export const DEGRADED = 3
export const DOWN = 4
export type Level = typeof UP | typeof UNKNOWN | typeof REDUCED | typeof DEGRADED | typeof DOWN

const levels = { up: UP, unknown: UNKNOWN, degraded: DEGRADED, down: DOWN } as const
const healths = ['up', 'unknown', 'degraded', 'degraded', 'down'] as const

export const levelOf = (health: Health): Level => levels[health]
export const healthAt = (level: Level): Health => healths[level]

/** What a node does to one that needs it. */
export const throughNeed = (level: Level): Level => (level >= DEGRADED ? level : UP)

/** What a node does to one that uses it weakly: at worst it degrades, and a mere degradation ends here. */
export const throughWeak = (level: Level): Level => (level === DOWN ? DEGRADED : UP)

/** What a group does to its dependent. `unwell` counts the members that are degraded or down. */
export const throughGroup = (need: number, size: number, down: number, unwell: number): Level => {
  if (size - down < need) return DOWN
  if (size - unwell < need) return DEGRADED
  return down > 0 ? REDUCED : UP
}
