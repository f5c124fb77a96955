import { refusals, type Reason, type RefusalCode } from '@evenkeel/contract/refusal'

/** An answer that says no, and why. Thrown by commands and queries, sent by the HTTP edge, never shown as a failure of ours. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly reasons: readonly Reason[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: RefusalCode,
    reasons: readonly Reason[] | string = [],
    headers: Record<string, string> = {},
  ) {
    super(typeof reasons === 'string' ? reasons : (reasons[0]?.message ?? refusals[code].title))
    this.name = 'Refusal'
    this.code = code
    this.reasons = typeof reasons === 'string' ? [{ code, message: reasons }] : reasons
    this.headers = headers
  }

  get status(): number {
    return refusals[this.code].status
  }
}

/** A refusal about one field of the request. */
export const invalid = (field: string, message: string): Refusal =>
  new Refusal('invalid', [{ code: 'invalid', field, message }])
