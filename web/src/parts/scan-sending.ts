import { api } from '@evenkeel/contract/api'
import { createClient, Refused } from '@evenkeel/contract/client'
import { auditCaps, otherPerson } from '@evenkeel/contract/item-audit'
import { askedBy } from './at-keyboard.ts'
import { claimDevice, type KeptScan, scansOf, settleScans, tellScans } from './kept.ts'
import { backoff } from './live-stream.ts'

/** Where sending stands: nothing to do or at it; no network; waiting for its owner to sign in. */
export type Sending = 'open' | 'away' | 'signed_out'

/** A network that answers nobody is none. */
const answerMilliseconds = 20_000

const sender = createClient(api, {
  baseUrl: '',
  headers: askedBy,
  fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(answerMilliseconds) }),
})

let sending: Sending = 'open'
export const sendingNow = (): Sending => sending
const say = (next: Sending): void => {
  if (sending === next) return
  sending = next
  tellScans()
}

let owner: string | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0

/** Sends what this person scanned, in the order in which it was scanned, as soon as there is a network. May be called as often as wanted. */
export const beginSending = (personId: string): void => {
  if (owner !== personId) {
    owner = personId
    void claimDevice(personId).catch(() => undefined)
    window.addEventListener('online', sendSoon)
    document.addEventListener('visibilitychange', whenLookedAt)
  }
  sendSoon()
}

/** A page that goes away begins nothing: its answer would find nobody. */
const whenLookedAt = (): void => {
  if (document.visibilityState === 'visible') sendSoon()
}

const sendSoon = (): void => {
  clearTimeout(timer)
  failures = 0
  void sendAll()
}

const later = (milliseconds: number): void => {
  clearTimeout(timer)
  timer = setTimeout(() => void sendAll(), milliseconds)
}

/** One tab at a time; where the browser has no locks, the server takes each scan once all the same. */
const sendAll = async (): Promise<void> => {
  isAsked = true
  if (isAtIt) return
  isAtIt = true
  while (isAsked) {
    isAsked = false
    await sendOnce()
  }
  isAtIt = false
}
let isAtIt = false
let isAsked = false

const sendOnce = async (): Promise<void> => {
  const person = owner
  if (person === undefined) return
  const work = async (): Promise<void> => {
    try {
      while ((await sendNext(person)) === 'more');
    } catch {
      // The database of the browser did not answer; the next time it may.
      later(backoff((failures += 1), Math.random()))
    }
  }
  if ('locks' in navigator) await navigator.locks.request(`evenkeel-scans:${person}`, work)
  else await work()
}

/** The oldest scans that wait, of one stock-taking. */
export const nextOf = (scans: readonly KeptScan[], most: number): readonly KeptScan[] => {
  const waiting = scans.filter(({ state }) => state === 'waiting').toSorted((a, b) => a.seq - b.seq)
  const other = waiting.findIndex(({ auditId }) => auditId !== waiting[0]?.auditId)
  return waiting.slice(0, other === -1 ? most : Math.min(most, other))
}

let most: number = auditCaps.delivery

const sendNext = async (person: string): Promise<'more' | 'done'> => {
  const batch = nextOf(await scansOf(person), most)
  const [first] = batch
  if (first === undefined) {
    most = auditCaps.delivery
    say('open')
    return 'done'
  }
  try {
    const { taken } = await sender.deliverScans({
      params: { id: first.auditId },
      body: {
        scans: batch.map(({ id, text, placeId, at }) => ({ id, text, placeId, at })),
        scannedBy: person,
      },
    })
    const said = new Map(taken.map((one) => [one.id, one]))
    await settleScans(
      person,
      'waiting',
      new Map(batch.map(({ id }) => [id, { state: 'sent', said: said.get(id) ?? null, reason: null }])),
    )
    failures = 0
    say('open')
    return 'more'
  } catch (error) {
    const means = whatItMeans(error, batch.length)
    switch (means.is) {
      case 'away':
        say('away')
        later(
          means.retryAfterSeconds === undefined
            ? backoff((failures += 1), Math.random())
            : means.retryAfterSeconds * 1000,
        )
        return 'done'
      case 'signed_out':
        say('signed_out')
        return 'done'
      case 'one_by_one':
        most = 1
        return 'more'
      case 'refused':
        await settleScans(
          person,
          'waiting',
          new Map(batch.map(({ id }) => [id, { state: 'refused', said: null, reason: means.reason }])),
        )
        return 'more'
    }
  }
}

export type Means =
  | { readonly is: 'away'; readonly retryAfterSeconds?: number | undefined }
  | { readonly is: 'signed_out' }
  /** Something of it is wrong: each by itself says which. */
  | { readonly is: 'one_by_one' }
  | { readonly is: 'refused'; readonly reason: string }

/** What a failed delivery means for the scans in it. What may pass by itself leaves them waiting. */
export const whatItMeans = (error: unknown, count: number): Means => {
  if (!(error instanceof Refused)) return { is: 'away' }
  const { status, body, retryAfterSeconds } = error
  if (status === 401 || body.code === 'second_factor_owed') return { is: 'signed_out' }
  if (body.reasons?.some(({ code }) => code === otherPerson) === true) return { is: 'signed_out' }
  // What a proxy or a hotel's network answers in the server's place says nothing about the scans.
  if (status === 429 || body.code === 'failed' || status >= 500) return { is: 'away', retryAfterSeconds }
  if (body.code === 'invalid' && count > 1) return { is: 'one_by_one' }
  return { is: 'refused', reason: body.reasons?.[0]?.message ?? body.title }
}

/** Somebody says that it may go now: the stock-taking was opened to them, for instance. */
export const sendAgain = async (person: string, scans: readonly KeptScan[]): Promise<void> => {
  await settleScans(
    person,
    'refused',
    new Map(scans.map(({ id }) => [id, { state: 'waiting', said: null, reason: null }])),
  )
  sendSoon()
}
