import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { readBranches } from './branch.access.ts'
import { overlayOf, type PlannedStep } from './branch.overlay.ts'
import { branchesRunning, plannedSteps } from './branch.repo.ts'
import { timesOf, type Times } from './graph.times.ts'
import { itemsAt } from './item.at.ts'
import type { InForce } from './item.model.ts'

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

/** The times of a question with a plan on top, as whoever may know of these branches asks it. */
export const timesWith = async (
  q: Reader,
  caller: Caller,
  asked: {
    readonly validAt?: string | undefined
    readonly knownAt?: string | undefined
    readonly branchIds: readonly string[]
    /** Also what other open branches take down then. */
    readonly withRunning?: boolean
  },
  force: InForce,
): Promise<Times> => {
  const isPlan = asked.branchIds.length > 0 || asked.withRunning === true
  if (!isPlan) return timesOf(asked, caller.now)
  const { knownAt } = planTimes(asked, caller.now).base
  const branches = asked.branchIds.length === 0 ? [] : await readBranches(q, caller, asked.branchIds, knownAt)
  // Whoever names no instant means the one at which all of them have begun.
  const begun = branches
    .map(({ row }) => row.startsAt)
    .toSorted()
    .at(-1)
  const { at, base } = planTimes({ at: asked.validAt ?? begun, knownAt: asked.knownAt }, caller.now)
  const running = asked.withRunning === true ? await branchesRunning(q, at, knownAt) : []
  const steps = [
    ...branches.flatMap(plannedSteps),
    ...running
      .filter(({ row }) => !asked.branchIds.includes(row.id))
      .flatMap(plannedSteps)
      .filter(({ document }) => document.kind === 'down'),
  ]
  if (steps.length === 0 && at <= base.knownAt) return base
  return { ...base, plan: overlayOf(steps, at, await itemsAt(q, itemsOf(steps), base, force)) }
}
