import { Refused } from '@evenkeel/contract/client'
import type { Permission } from '@evenkeel/contract/permission'
import type { Me } from '@evenkeel/contract/session'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { client } from './api.ts'
import { keptFor } from './kept-mark.ts'

/** Who is signed in here; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return await inTime(client.me())
    } catch (error) {
      if (isSignedOut(error)) {
        if (keptFor() !== null) await (await import('./kept.ts')).leaveDevice().catch(() => undefined)
        return null
      }
      const kept =
        error instanceof Refused || !worksAway() ? null : await (await import('./kept.ts')).keptMe()
      if (kept !== null) return kept
      throw error
    }
  },
  staleTime: 60_000,
})

/** Pages that work without network, on a device that keeps what they need. */
const worksAway = (): boolean => keptFor() !== null && window.location.pathname.startsWith('/audits')

/** In a cellar there is often a network that answers nobody. */
const inTime = (answer: Promise<Me>): Promise<Me> =>
  worksAway()
    ? Promise.race([
        answer,
        new Promise<never>((_, reject) =>
          setTimeout(() => reject(new TypeError('nobody answered')), awayMilliseconds),
        ),
      ])
    : answer
const awayMilliseconds = 5000

export const isSignedOut = (error: unknown): boolean =>
  error instanceof Refused && error.body.code === 'not_signed_in'

export const owesFactor = (error: unknown): boolean =>
  error instanceof Refused && error.body.code === 'second_factor_owed'

/** The person signed in; only below pages that need one. */
export const useMe = (): Me => {
  const { data } = useSuspenseQuery(sessionQuery)
  if (data === null) throw new Error('a page for people who are signed in was drawn without one')
  return data
}

/** Whoever does not work on incidents has the portal: help in plain words, and nothing of the desk. */
export const usesPortal = (me: Me): boolean => !mayAtAll(me, 'incident.read_internal')

/** Of incidents they see what happens to them; lists and records of the desk are not for them. */
export const seesOnlyOwn = (me: Me): boolean =>
  usesPortal(me) &&
  me.permissions.every(
    ({ permission, scopes }) => permission !== 'incident.read' || scopes.every((scope) => scope === 'own'),
  )

/** Whether to offer something at all; the server decides about each record and says so in `allowed` and `moves`. */
export const mayAtAll = (me: Me, permission: Permission): boolean =>
  me.permissions.some((granted) => granted.permission === permission)
