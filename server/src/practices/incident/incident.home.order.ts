import { homeReasons, type HomeLine, type HomeReason } from '@evenkeel/contract/home'
import type { IncidentState, Priority } from '@evenkeel/contract/incident'

const hour = 3_600_000

/** How long a caller may go without word before it is said, by priority. The clock of a service level, where there is one, is stricter. */
export const quietHours = { 1: 0.5, 2: 2, 3: 4, 4: 24, 5: 72 } as const satisfies Record<Priority, number>
const holdEndsWithin = 2 * hour

/** What is known of an open incident when it is asked whether it needs the one who looks. */
export type Standing = {
  readonly state: IncidentState
  readonly priority: Priority
  readonly createdAt: string
  /** When it was given to the one who looks; null when it is not theirs, and only a mention brings it here. */
  readonly assignedAt: string | null
  readonly ownCall: boolean
  readonly lastPublicAt: string | null
  readonly callerSaidAt: string | null
  readonly reopenedAt: string | null
  readonly holdReason: string | null
  readonly holdUntil: string | null
  readonly mentionedAt: string | null
}

export type Because = HomeLine['because']

/** Why it needs the one who looks, the strongest reason first; empty when nothing has to be done about it now. */
export const reasonsFor = (it: Standing, now: string): Because => {
  const at = Date.parse(now)
  const heard = it.lastPublicAt === null ? Number.NEGATIVE_INFINITY : Date.parse(it.lastPublicAt)
  const quietSince = it.lastPublicAt ?? it.createdAt
  const since: Partial<Record<HomeReason, string | null>> = { mentioned: it.mentionedAt }
  if (it.assignedAt !== null) {
    if (it.callerSaidAt !== null && Date.parse(it.callerSaidAt) > heard)
      since.caller_answered = it.callerSaidAt
    if (it.reopenedAt !== null && Date.parse(it.reopenedAt) > heard) since.reopened = it.reopenedAt
    if (it.state === 'on_hold' && it.holdUntil !== null) {
      const left = Date.parse(it.holdUntil) - at
      if (left <= 0) since.hold_over = it.holdUntil
      else if (left <= holdEndsWithin) since.hold_ends = it.holdUntil
    }
    // Who waits for an answer has been told; who agreed on a date knows it.
    const owed = it.holdReason !== 'caller' && it.holdReason !== 'user_scheduled' && !it.ownCall
    if (owed && at - Date.parse(quietSince) >= quietHours[it.priority] * hour) since.not_told = quietSince
    if (it.state === 'new') since.not_started = it.assignedAt
  }
  return homeReasons.flatMap((why) => {
    const began = since[why]
    return began === undefined || began === null ? [] : [{ why, at: began }]
  })
}

/** Reasons of one rank are equally pressing: somebody waits for exactly this person; somebody waits; work waits. */
const rank: Readonly<Record<HomeReason, number>> = {
  hold_over: 0,
  reopened: 0,
  caller_answered: 0,
  mentioned: 0,
  hold_ends: 1,
  not_told: 1,
  not_started: 2,
}

type Line = { readonly priority: Priority; readonly because: Readonly<Because> }

/** The order to do it in: what is critical; then by how pressing the reason is, by priority, and who has waited longest. */
export const inOrder = (one: Line, other: Line): number => {
  const [a, b] = [one.because[0], other.because[0]]
  if (a === undefined || b === undefined) return 0
  return (
    Number(other.priority === 1) - Number(one.priority === 1) ||
    rank[a.why] - rank[b.why] ||
    one.priority - other.priority ||
    Date.parse(a.at) - Date.parse(b.at)
  )
}

/** Whether somebody has clearly more than the others: one and a half times the average, and not by one or two. */
export const isHeavy = (open: number, average: number): boolean =>
  open >= average * 1.5 && open - average >= 2
