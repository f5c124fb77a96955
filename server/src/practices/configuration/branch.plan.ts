import type { Reader } from '../../platform/postgres/database.ts'
import { overlayOf, type Overlay, type PlannedStep } from './branch.overlay.ts'
import { plannedSteps, type Branch } from './branch.repo.ts'
import type { Times } from './graph.times.ts'
import { itemsAt } from './item.at.ts'
import type { InForce } from './item.model.ts'
import type { ItemRow } from './item.repo.ts'

/**
 * The times of a question about a plan: nobody knows the future, so what is planned for an instant to come stands on what is so now; for one
 * that is over, on what was so then. As it was known, when that is asked.
 */
export const planTimes = (
  asked: { readonly at?: string | undefined; readonly knownAt?: string | undefined },
  now: string,
): { readonly at: string; readonly base: Times } => {
  const iso = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : new Date(text).toISOString()
  const known = iso(asked.knownAt) ?? now
  const knownAt = known > now ? now : known
  const at = iso(asked.at) ?? knownAt
  const validAt = at > knownAt ? knownAt : at
  return { at, base: { validAt, knownAt, isNow: validAt === now && knownAt === now } }
}

/** Items that steps speak of. */
export const itemsOf = (steps: readonly PlannedStep[]): string[] => [
  ...new Set(steps.flatMap(({ itemId, otherId }) => (otherId === null ? [itemId] : [itemId, otherId]))),
]

/** What these branches plan for an instant, to be laid over the model. */
export const planAt = async (
  q: Reader,
  branches: readonly Branch[],
  at: string,
  base: Times,
  force: InForce,
): Promise<{ readonly plan: Overlay; readonly rows: ReadonlyMap<string, ItemRow> }> => {
  const steps = branches.flatMap(plannedSteps)
  const rows = await itemsAt(q, itemsOf(steps), base, force)
  return { plan: overlayOf(steps, at, rows), rows }
}
