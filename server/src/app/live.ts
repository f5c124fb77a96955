import { liveRoutes, type LiveChange, type Presence } from '@evenkeel/contract/live'
import { may, mayAtAll } from '../kernel/access.ts'
import { Refusal } from '../kernel/refusal.ts'
import { serve, type Authenticate, type Served } from '../platform/http/serve.ts'
import { follow, type Followed, type Follower } from '../platform/journal/follow.ts'
import { positionText } from '../platform/journal/position.ts'
import { createLiveHub, type LiveHub } from '../platform/live/live.ts'
import { storePresence } from '../platform/live/presence.store.ts'
import { createPresence } from '../platform/live/presence.ts'
import { read, type Database } from '../platform/postgres/database.ts'
import { toldInApplication } from '../practices/notification/index.ts'
import { importsAtWork } from '../practices/import/index.ts'
import { teamOnlyEntries } from '../practices/incident/index.ts'
import { accessRows } from '../practices/record/index.ts'

export type Live = {
  readonly hub: LiveHub
  readonly follower: Follower
  readonly presence: ReturnType<typeof createPresence>
  /** What the processes of the instance tell each other of it. */
  readonly presenceStore: ReturnType<typeof storePresence>
  /** Somebody who may import listens from now on: a batch may have begun before that. */
  readonly tellProgressIn: (tenantId: string) => void
  stop(): Promise<void>
}

const sweepMilliseconds = 5000
const progressMilliseconds = 1000
/** How often a process asks whom the others know to be on the records that its own pages are on. */
const othersMilliseconds = 1000

/** Follows the journal for this process and tells connected browsers what changed. */
export const startLive = async (database: Database): Promise<Live> => {
  const hub = createLiveHub()
  // Tenants in which a batch may be at work. How far it is stands in its row and in no entry.
  const importing = new Set<string>()
  const follower = await follow(database, {
    listening: () => hub.listeners > 0,
    onEntries: async (followed) => {
      if (hub.listeners === 0) return
      if (followed.entries.some(({ entry }) => changesRights(entry.type)))
        await hub.recheck(followed.tenantId)
      await tell(database, hub, followed)
      tellPeople(hub, followed)
      tellCounted(hub, followed)
      if (tellImporters(hub, followed)) importing.add(followed.tenantId)
      tellReaders(hub, followed.tenantId)
    },
  })
  const presence = createPresence()
  const presenceStore = storePresence(database)
  const sweep = setInterval(() => {
    const left = presence.sweep()
    for (const { tenantId, recordId } of left)
      tellPresence(database, hub, tenantId, recordId, presence.on(tenantId, recordId)).catch(() => {})
    for (const tenantId of new Set(left.map((one) => one.tenantId)))
      presenceStore.sweep(tenantId).catch(() => {})
  }, sweepMilliseconds)
  sweep.unref()
  // One round at a time: a database that is slow is not asked more often.
  let asking = false
  const others = setInterval(() => {
    if (hub.listeners === 0 || asking) return
    asking = true
    hearOthers(database, hub, presence, presenceStore)
      .catch(() => {})
      .finally(() => {
        asking = false
      })
  }, othersMilliseconds)
  others.unref()
  const progress = setInterval(() => {
    if (hub.listeners === 0) return
    for (const tenantId of importing)
      tellProgress(database, hub, tenantId).then(
        (isAtWork) => isAtWork || importing.delete(tenantId),
        () => {},
      )
  }, progressMilliseconds)
  progress.unref()
  return {
    hub,
    follower,
    presence,
    presenceStore,
    tellProgressIn: (tenantId) => void importing.add(tenantId),
    stop: async () => {
      clearInterval(sweep)
      clearInterval(others)
      clearInterval(progress)
      await follower.stop()
      hub.close()
    },
  }
}

const changesRights = (type: string): boolean =>
  /^(session|person|role|team|api_key|tenant|policy)\./.test(type)

const tell = async (database: Database, hub: LiveHub, followed: Followed): Promise<void> => {
  const { tenantId } = followed
  // What an import brings is no news, and it is thousands.
  const entries = followed.entries.filter(({ entry }) => entry.via !== 'import')
  const ids = [
    ...new Set(entries.flatMap(({ entry }) => (entry.subject_kind === 'incident' ? [entry.subject_id] : []))),
  ]
  if (ids.length === 0) return
  const rows = await read(database, tenantId, (q) => accessRows(q, ids))
  for (const { place, entry } of entries) {
    const row = rows.get(entry.subject_id)
    if (row === undefined) continue
    const change: LiveChange = {
      kind: entry.subject_kind,
      id: entry.subject_id,
      type: entry.type,
      version: row.version,
    }
    hub.publish({
      id: positionText(place),
      tenantId,
      data: JSON.stringify(change),
      visibleTo: (caller) =>
        may(caller.grants, 'incident.read', caller.reach, row) &&
        (!teamOnlyEntries.has(entry.type) || may(caller.grants, 'incident.read_internal', caller.reach, row)),
    })
  }
}

// What a source delivers is no news, and it is thousands.
const mostItemsTold = 50

/** Several people count, confirm and edit at once; who sees every item is told, and for others their own page asks. */
const tellCounted = (hub: LiveHub, { tenantId, entries }: Followed): void => {
  const edited = entries.filter(({ entry }) => entry.subject_kind === 'item' && entry.via !== 'import')
  const counted = entries.filter(
    ({ entry }) => entry.subject_kind === 'item_audit' || entry.subject_kind === 'item_attestation',
  )
  for (const { place, entry } of [...counted, ...(edited.length > mostItemsTold ? [] : edited)]) {
    const change: LiveChange = {
      kind: entry.subject_kind,
      id: entry.subject_id,
      type: entry.type,
      version: null,
    }
    hub.publish({
      id: positionText(place),
      tenantId,
      data: JSON.stringify(change),
      visibleTo: (caller) => caller.grants.get('item.read')?.has('all') === true,
    })
  }
}

/** Somebody's own notifications: that there are new ones is nobody else's to know. */
const tellPeople = (hub: LiveHub, { tenantId, entries }: Followed): void => {
  for (const { place, entry } of entries) {
    if (entry.type !== 'notification.told') continue
    const people = toldInApplication(entry.data)
    const change: LiveChange = { kind: 'notification', id: entry.subject_id, type: entry.type, version: null }
    hub.publish({
      id: positionText(place),
      tenantId,
      data: JSON.stringify(change),
      visibleTo: (caller) => people.has(caller.personId),
    })
  }
}

/** Those who may import hear of every batch. @returns whether one of them begins to work */
const tellImporters = (hub: LiveHub, { tenantId, entries }: Followed): boolean => {
  const batches = entries.filter(({ entry }) => entry.subject_kind === 'import')
  for (const { place, entry } of batches) {
    const change: LiveChange = { kind: 'import', id: entry.subject_id, type: entry.type, version: null }
    hub.publish({
      id: positionText(place),
      tenantId,
      data: JSON.stringify(change),
      visibleTo: (caller) => mayAtAll(caller.grants, 'import.run'),
    })
  }
  return batches.some(({ entry }) => ['import.examining', 'import.started'].includes(entry.type))
}

const tellProgress = async (database: Database, hub: LiveHub, tenantId: string): Promise<boolean> => {
  const batches = await importsAtWork(database, tenantId)
  for (const batch of batches)
    hub.say(tenantId, 'import', JSON.stringify(batch), (caller) => mayAtAll(caller.grants, 'import.run'))
  return batches.length > 0
}

/** Whoever reads the journal hears that it has grown, and not by what: the page asks for what it shows, within its reader's sight. */
const tellReaders = (hub: LiveHub, tenantId: string): void =>
  hub.say(tenantId, 'journal', '{}', (caller) => mayAtAll(caller.grants, 'journal.read'))

/** Who is there is told to those who may see the record's internal side: callers see no one at work on what is theirs. */
const tellPresence = async (
  database: Database,
  hub: LiveHub,
  tenantId: string,
  recordId: string,
  people: Presence['people'],
): Promise<void> => {
  if (hub.listeners === 0) return
  const row = (await read(database, tenantId, (q) => accessRows(q, [recordId]))).get(recordId)
  if (row === undefined) return
  const told: Presence = { recordId, people }
  hub.say(
    tenantId,
    'presence',
    JSON.stringify(told),
    (caller) =>
      may(caller.grants, 'incident.read', caller.reach, row) &&
      may(caller.grants, 'incident.read_internal', caller.reach, row),
  )
}

/** Whoever came to, or left, a record through another process is told of here. */
const hearOthers = async (
  database: Database,
  hub: LiveHub,
  presence: Live['presence'],
  store: Live['presenceStore'],
): Promise<void> => {
  for (const [tenantId, recordIds] of presence.watched()) {
    const told = await store.others(tenantId, recordIds)
    const before = recordIds.map((id) => JSON.stringify(presence.on(tenantId, id)))
    presence.hear(tenantId, recordIds, told)
    for (const [index, id] of recordIds.entries()) {
      const people = presence.on(tenantId, id)
      if (JSON.stringify(people) !== before[index]) await tellPresence(database, hub, tenantId, id, people)
    }
  }
}

/** The stream's route; a process without a hub (a worker) does not serve it. */
export const liveServed = (live: Live, authenticate: Authenticate): Served[] =>
  serve(liveRoutes, {
    bePresent: async ({ database, caller }, { params: { id }, body: { page, doing } }) => {
      const { tenantId } = caller
      const row = (await read(database, tenantId, (q) => accessRows(q, [id]))).get(id)
      if (row === undefined || !may(caller.grants, 'incident.read', caller.reach, row))
        throw new Refusal('not_found')
      const before = JSON.stringify(live.presence.on(tenantId, id))
      const place = { tenantId, recordId: id, page }
      const told = await live.presenceStore.tell(place, caller.personId, doing)
      live.presence.hear(tenantId, [id], told)
      live.presence.tell(place, { id: caller.personId, name: caller.personName }, doing)
      const people = live.presence.on(tenantId, id)
      if (JSON.stringify(people) !== before) await tellPresence(database, live.hub, tenantId, id, people)
      const internal = may(caller.grants, 'incident.read_internal', caller.reach, row)
      return { recordId: id, people: internal ? people : [] }
    },
    live: async ({ caller, request, reply }) => {
      const last = request.headers['last-event-id']
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value)
      }
      live.hub.add(caller, reply.raw, typeof last === 'string' ? last : undefined, async () => {
        const now = await authenticate(request)
        return now?.owes === null ? now : null
      })
      if (mayAtAll(caller.grants, 'import.run')) live.tellProgressIn(caller.tenantId)
      return reply
    },
  })
