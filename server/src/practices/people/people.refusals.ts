import type { RefusalCode } from '@evenkeel/contract/refusal'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Author } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'

const windowMilliseconds = 10 * 60_000
const mostPerWindow = 20
const mostWatched = 20_000

type Window = { readonly until: number; written: number; unwritten: number }
const windows = new WeakMap<Database, Map<string, Window>>()

/**
 * How many refusals of the same one were left out since the last written, or undefined when this one is to be left out too. An
 * attacker who is refused a million times must not fill the journal: twenty in ten minutes are written, the rest are counted.
 */
const turn = (database: Database, who: string, nowMillis: number): number | undefined => {
  let watched = windows.get(database)
  if (watched === undefined) windows.set(database, (watched = new Map()))
  let window = watched.get(who)
  const leftOut = window?.unwritten ?? 0
  if (window === undefined || window.until <= nowMillis) {
    watched.delete(who)
    if (watched.size >= mostWatched) watched.delete(watched.keys().next().value ?? who)
    window = { until: nowMillis + windowMilliseconds, written: 0, unwritten: 0 }
    watched.set(who, window)
  } else if (window.written >= mostPerWindow) {
    window.unwritten += 1
    return undefined
  }
  window.written += 1
  const missed = leftOut
  window.unwritten = 0
  return missed
}

/** A refusal that concerns access, in a transaction of its own: the one it refused is gone. */
const writeRefusal = async (
  database: Database,
  author: Author,
  who: string,
  type: string,
  subject: { kind: string; id: string },
  data: JsonObject,
  personal: readonly string[] = [],
): Promise<void> => {
  const leftOut = turn(database, `${author.tenantId} ${type} ${who}`, Date.parse(author.now))
  if (leftOut === undefined) return
  await write(database, author, async (tx) => {
    tx.journal({ type, subject, data: leftOut === 0 ? data : { ...data, leftOut }, personal })
  })
}

/** Somebody signed in was told no. */
export const journalRefusal = (
  database: Database,
  caller: Caller,
  route: string,
  refusal: Refusal,
): Promise<void> =>
  writeRefusal(
    database,
    caller,
    caller.keyId ?? caller.personId,
    'access.refused',
    { kind: 'person', id: caller.personId },
    {
      route,
      code: refusal.code satisfies RefusalCode,
      reasons: refusal.grounds.map(({ code }) => code).slice(0, 5),
    },
  )

export type RefusedSignIn = {
  readonly reason:
    | 'unknown_account'
    | 'wrong_password'
    | 'no_password'
    | 'wrong_second_factor'
    | 'locked'
    | 'deactivated'
    | 'suspended'
    | 'wrong_passkey'
    | 'too_many_from_address'
    | 'unknown_account_reset'
  readonly personId: string | undefined
  readonly address: string
  /** What refusals are counted by: the account that was tried, or the address. */
  readonly by: string
}

/** Somebody could not sign in. What was typed is not kept: people type passwords into the wrong field. */
export const journalRefusedSignIn = (
  database: Database,
  author: Author,
  { reason, personId, address, by }: RefusedSignIn,
): Promise<void> =>
  writeRefusal(
    database,
    author,
    by,
    'session.refused',
    personId === undefined ? { kind: 'tenant', id: author.tenantId } : { kind: 'person', id: personId },
    { reason, address },
    ['/address'],
  )
