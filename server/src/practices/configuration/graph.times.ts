import type { TwoTimes } from '@evenkeel/contract/item'
import type { Overlay } from './branch.overlay.ts'

/** Two times of a question: when it was so, and when it was known. */
export type Times = {
  readonly validAt: string
  readonly knownAt: string
  readonly isNow: boolean
  /** What is planned, on top of what was so. */
  readonly plan?: Overlay
}

export const withoutPlan = ({ validAt, knownAt, isNow }: Times): Times => ({ validAt, knownAt, isNow })

export const nowIs = (now: string): Times => ({ validAt: now, knownAt: now, isNow: true })

/** Whoever asks for one time means things as they are known now; nobody knows the future. */
export const timesOf = ({ validAt, knownAt }: TwoTimes, now: string): Times => {
  const at = (text: string | undefined): string => {
    const instant = text === undefined ? now : new Date(text).toISOString()
    return instant > now ? now : instant
  }
  const times = { validAt: at(validAt), knownAt: at(knownAt) }
  return { ...times, isNow: times.validAt === now && times.knownAt === now }
}

/** The rows (alias `x`) that held and were known at these times; `$valid` and `$known` are placeholders. */
export const heldSql = ({ isNow }: Times, alias: string, valid: string, known: string): string => {
  const holds = `${alias}.valid_from <= ${valid}::timestamptz and (${alias}.valid_to is null or ${alias}.valid_to > ${valid}::timestamptz)`
  // Now by the index of what is known now; `known` is compared anyway, so that both forms have the same parameters.
  return isNow
    ? `${alias}.known_to is null and ${alias}.known_from <= greatest(${known}::timestamptz, ${alias}.known_from) and ${holds}`
    : `${alias}.known_from <= ${known}::timestamptz and (${alias}.known_to is null or ${alias}.known_to > ${known}::timestamptz) and ${holds}`
}
