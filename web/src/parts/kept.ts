import type { Me } from '@evenkeel/contract/session'
import type { TakenScan } from '@evenkeel/contract/item-audit'
import { countUnsent, keptFor, markKept } from './kept-mark.ts'

/**
 * What this device keeps for working without network, in a database of the browser: answers of the server, and scans until the server has
 * them. Everything has an owner. Answers go when that person signs out or somebody else signs in; scans that the server does not have yet stay
 * until their owner comes back, and nobody else sees or sends them.
 */
const databaseName = 'evenkeel-kept'
/** What is kept serves for a working day without network, not for ever. */
const servesMilliseconds = 12 * 3_600_000

export type KeptScan = {
  /** In the order in which they were scanned on this device. */
  readonly seq: number
  /** Made here, once: what the server has with this id is not counted again. */
  readonly id: string
  readonly owner: string
  readonly auditId: string
  readonly text: string
  readonly placeId: string | null
  readonly at: string
  readonly state: 'waiting' | 'sent' | 'refused'
  /** What the server said of it. */
  readonly said: TakenScan | null
  /** Why it was refused. */
  readonly reason: string | null
}

type KeptAnswer = {
  readonly owner: string
  readonly key: string
  readonly at: string
  readonly value: unknown
}

type Kept = { readonly answers: KeptAnswer; readonly scans: KeptScan }

let opened: Promise<IDBDatabase> | undefined

const open = (): Promise<IDBDatabase> => {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(databaseName, 1)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('answers', { keyPath: ['owner', 'key'] })
      const scans = asked.result.createObjectStore('scans', { keyPath: 'seq', autoIncrement: true })
      scans.createIndex('id', 'id', { unique: true })
      scans.createIndex('owner', 'owner')
    }
    asked.onsuccess = () => {
      // Another tab with a newer version of the application wants it: the next use opens it again.
      asked.result.onversionchange = () => {
        asked.result.close()
        opened = undefined
      }
      resolve(asked.result)
    }
    asked.addEventListener('error', () =>
      reject(asked.error ?? new Error('the database of the browser did not open')),
    )
  }).catch((error: unknown) => {
    opened = undefined
    throw error
  })
  return opened
}

/** One transaction; what it did is on the disk when this is done. */
const within = async <Result>(
  store: 'answers' | 'scans',
  mode: IDBTransactionMode,
  work: (at: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> => {
  const database = await open()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode, { durability: 'strict' })
    const asked = work(transaction.objectStore(store))
    transaction.oncomplete = () => resolve(asked.result)
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new Error('the browser kept nothing')),
    )
  })
}

/** Removes what a condition says; the rest stays as it is. */
const removeWhere = <Store extends keyof Kept>(
  store: Store,
  isGone: (row: Kept[Store]) => boolean,
): Promise<unknown> =>
  within(store, 'readwrite', (at) => {
    const walk = at.openCursor()
    walk.onsuccess = () => {
      const cursor = walk.result
      if (cursor === null) return
      // Both stores hold what this file puts there, and nothing else.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      if (isGone(cursor.value as Kept[Store])) cursor.delete()
      cursor.continue()
    }
    return walk
  })

/** Asks the server, and keeps the answer; without network, what was kept is the answer, with the time it is from. */
export const askOrKept = async <Value>(
  owner: string,
  key: string,
  ask: () => Promise<Value>,
  isAnswer: (error: unknown) => boolean,
): Promise<{ readonly value: Value; readonly keptAt: string | null; readonly isKept: boolean }> => {
  try {
    const value = await ask()
    const isKept = await keepAnswer(owner, key, value).then(
      () => true,
      () => false,
    )
    return { value, keptAt: null, isKept }
  } catch (error) {
    if (isAnswer(error)) throw error
    const kept = await answerOf(owner, key).catch(() => undefined)
    if (kept === undefined) throw error
    // A key is only ever kept with the answer of one route.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { value: kept.value as Value, keptAt: kept.at, isKept: true }
  }
}

const keepAnswer = async (owner: string, key: string, value: unknown): Promise<void> => {
  const row: KeptAnswer = { owner, key, at: new Date().toISOString(), value }
  await within('answers', 'readwrite', (at) => at.put(row))
  markKept(owner)
}

const answerOf = async (owner: string, key: string): Promise<KeptAnswer | undefined> => {
  // The store holds what `keepAnswer` puts there, and nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const row = (await within('answers', 'readonly', (at) => at.get([owner, key]))) as KeptAnswer | undefined
  return row === undefined || isPast(row) ? undefined : row
}

const isPast = ({ at }: { readonly at: string }): boolean => Date.now() - Date.parse(at) > servesMilliseconds

/** Who is signed in here is known without network too, for as long as it serves. */
export const keepMe = (me: Me): Promise<void> => keepAnswer(me.person.id, 'me', me)

export const keptMe = async (): Promise<Me | null> => {
  const owner = keptFor()
  if (owner === null) return null
  const kept = await answerOf(owner, 'me').catch(() => undefined)
  // `keepMe` put it there.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return kept === undefined ? null : (kept.value as Me)
}

export const addScan = async (
  scan: Pick<KeptScan, 'owner' | 'auditId' | 'text' | 'placeId'>,
): Promise<void> => {
  markKept(scan.owner)
  await within('scans', 'readwrite', (at) =>
    at.add({
      ...scan,
      id: crypto.randomUUID(),
      at: new Date().toISOString(),
      state: 'waiting',
      said: null,
      reason: null,
    }),
  )
  await recount(scan.owner)
}

export const scansOf = async (owner: string): Promise<readonly KeptScan[]> =>
  // The store holds what `addScan` puts there, and nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  (await within('scans', 'readonly', (at) => at.index('owner').getAll(owner))) as readonly KeptScan[]

/** What became of scans: only those that still stand where they stood are touched, whatever another tab did meanwhile. */
export const settleScans = async (
  owner: string,
  from: KeptScan['state'],
  changes: ReadonlyMap<string, Pick<KeptScan, 'state' | 'said' | 'reason'>>,
): Promise<void> => {
  await within('scans', 'readwrite', (at) => {
    const walk = at.index('owner').openCursor(owner)
    walk.onsuccess = () => {
      const cursor = walk.result
      if (cursor === null) return
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const scan = cursor.value as KeptScan
      const change = changes.get(scan.id)
      if (change !== undefined && scan.state === from) cursor.update({ ...scan, ...change })
      cursor.continue()
    }
    return walk
  })
  await recount(owner)
}

/** Only what was refused, and only because its owner says so. */
export const dropScan = async (owner: string, id: string): Promise<void> => {
  await removeWhere('scans', (scan) => scan.owner === owner && scan.id === id && scan.state === 'refused')
  await recount(owner)
}

/** Somebody is signed in: what others left here is gone, but for their scans that the server does not have. */
export const claimDevice = async (owner: string): Promise<void> => {
  await Promise.all([
    removeWhere('answers', (row) => row.owner !== owner || isPast(row)),
    removeWhere('scans', (scan) => scan.state === 'sent' && (scan.owner !== owner || isPast(scan))),
  ])
  markKept(owner)
}

/** Somebody signed out, or their session is over: only what the server does not have stays, for them. */
export const leaveDevice = async (): Promise<void> => {
  markKept(null)
  await Promise.all([
    removeWhere('answers', () => true),
    removeWhere('scans', (scan) => scan.state === 'sent'),
  ])
}

/** Every tab hears when scans of this device changed. */
const channelName = 'evenkeel-scans'
const listeners = new Set<() => void>()

export const onScans = (listener: () => void): (() => void) => {
  listeners.add(listener)
  const channel = new BroadcastChannel(channelName)
  channel.addEventListener('message', listener)
  return () => {
    listeners.delete(listener)
    channel.close()
  }
}

export const tellScans = (): void => {
  for (const listener of listeners) listener()
  const channel = new BroadcastChannel(channelName)
  // A channel reaches this origin only.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  channel.postMessage(null)
  channel.close()
}

const recount = async (owner: string): Promise<void> => {
  const scans = await scansOf(owner)
  countUnsent(owner, scans.filter(({ state }) => state !== 'sent').length)
  tellScans()
}
