import type { ImportProgress, LiveChange, Presence } from '@evenkeel/contract/live'
import { eventsOf } from '../ui/event-stream.ts'

/** What tabs tell each other, and what a page hears. */
export type LiveMessage =
  | { readonly kind: 'change'; readonly eventId: string | undefined; readonly change: LiveChange }
  /** The stream stands. What was missed before, if anything, will not come: pages load anew what they got before this. */
  | { readonly kind: 'open'; readonly missed: boolean }
  | { readonly kind: 'away' }
  /** Who is on a record now. */
  | { readonly kind: 'presence'; readonly presence: Presence }
  /** How far a batch of imports is; told to those who may import. */
  | { readonly kind: 'import'; readonly batch: ImportProgress }
  /** The journal has grown; told to those who read it. */
  | { readonly kind: 'journal' }
  /** The session is over, or owes a second factor before it hears more. */
  | { readonly kind: 'ended' }

export type LiveSettings = {
  readonly connect: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>
  readonly tell: (message: LiveMessage) => void
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Where a tab that led before this one got to. */
  readonly lastEventId: () => string | undefined
  readonly random?: () => number
}

const shortest = 500
const longest = 30_000
/** The server says something every 15 s; a stream that is silent for longer is dead without knowing it. */
const silenceMilliseconds = 40_000

/** Doubles up to half a minute; the random half keeps a thousand browsers from coming back at once. */
export const backoff = (failures: number, random: number): number => {
  const full = Math.min(longest, shortest * 2 ** failures)
  return full / 2 + (full / 2) * random
}

/** Keeps one stream open until the signal ends it or the session is over. */
export const follow = async (settings: LiveSettings, signal: AbortSignal): Promise<void> => {
  const { tell } = settings
  let failures = 0
  while (!signal.aborted) {
    const silence = new AbortController()
    let watch = setTimeout(() => silence.abort(), silenceMilliseconds)
    const heard = (): void => {
      clearTimeout(watch)
      watch = setTimeout(() => silence.abort(), silenceMilliseconds)
    }
    try {
      const resumeFrom = settings.lastEventId()
      const response = await settings.connect(resumeFrom, AbortSignal.any([signal, silence.signal]))
      if (response.status === 401 || response.status === 403) {
        tell({ kind: 'ended' })
        return
      }
      if (!response.ok || response.body === null)
        throw new Error(`the live stream answered ${response.status}`)
      failures = 0
      tell({ kind: 'open', missed: resumeFrom === undefined })
      for await (const { event, data, id } of eventsOf(response.body, heard)) {
        if (event === 'reset') tell({ kind: 'open', missed: true })
        if (event === 'journal') tell({ kind: 'journal' })
        const told =
          event === 'message' || event === 'presence' || event === 'import' ? parsed(data) : undefined
        if (event === 'import' && isProgress(told)) tell({ kind: 'import', batch: told })
        if (event === 'presence' && isPresence(told)) tell({ kind: 'presence', presence: told })
        if (event === 'message' && isChange(told)) tell({ kind: 'change', eventId: id, change: told })
      }
    } catch {
      // Whatever went wrong, the answer is the same: say so, wait, try again.
    } finally {
      clearTimeout(watch)
    }
    if (signal.aborted) return
    tell({ kind: 'away' })
    await settings.pause(backoff(failures, (settings.random ?? Math.random)()), signal)
    failures += 1
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// Looked at by hand: every page hears this, and the library of schemas would be a tenth of what it has to load before it is drawn.
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isChange = (value: unknown): value is LiveChange =>
  isRecord(value) &&
  typeof value['kind'] === 'string' &&
  typeof value['id'] === 'string' &&
  typeof value['type'] === 'string' &&
  (value['version'] === null || Number.isInteger(value['version']))

const isPresence = (value: unknown): value is Presence =>
  isRecord(value) &&
  typeof value['recordId'] === 'string' &&
  Array.isArray(value['people']) &&
  value['people'].every(
    (person) =>
      isRecord(person) &&
      typeof person['id'] === 'string' &&
      typeof person['name'] === 'string' &&
      typeof person['writing'] === 'boolean',
  )

const isProgress = (value: unknown): value is ImportProgress =>
  isRecord(value) &&
  typeof value['id'] === 'string' &&
  typeof value['state'] === 'string' &&
  isRecord(value['progress']) &&
  typeof value['progress']['rows'] === 'number'
