import { refusals, type Reason, type RefusalCode } from '@evenkeel/contract/refusal'
import type { Saying } from './language/saying.ts'

/** A part of why, before it is known who reads it. */
export type Ground = Omit<Reason, 'message' | 'theirs' | 'yours'> & {
  readonly message: Saying
  readonly theirs?: Saying
  readonly yours?: Saying
}

/** An answer that says no, and why. Thrown by commands and queries, sent by the HTTP edge, never shown as a failure of ours. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly grounds: readonly Ground[]
  readonly headers: Readonly<Record<string, string>>

  constructor(code: RefusalCode, why: readonly Ground[] | Saying = [], headers: Record<string, string> = {}) {
    const grounds = 'in' in why ? [{ code, message: why }] : why
    super(grounds[0]?.message.in('en') ?? refusals[code].title)
    this.name = 'Refusal'
    this.code = code
    this.grounds = grounds
    this.headers = headers
  }

  get status(): number {
    return refusals[this.code].status
  }

  /** The reasons as somebody reads them. */
  reasonsIn(language: string): Reason[] {
    return this.grounds.map((ground) => reasonIn(ground, language))
  }
}

export const reasonIn = ({ message, theirs, yours, ...ground }: Ground, language: string): Reason => ({
  ...ground,
  message: message.in(language),
  ...(theirs === undefined ? {} : { theirs: theirs.in(language) }),
  ...(yours === undefined ? {} : { yours: yours.in(language) }),
})

/** A refusal about one field of the request. */
export const invalid = (field: string, message: Saying): Refusal =>
  new Refusal('invalid', [{ code: 'invalid', field, message }])
