import { liveRoutes, type LiveChange } from '@evenkeel/contract/live'
import { may } from '../kernel/access.ts'
import { serve, type Authenticate, type Served } from '../platform/http/serve.ts'
import { follow, type Followed, type Follower } from '../platform/journal/follow.ts'
import { positionText } from '../platform/journal/position.ts'
import { createLiveHub, type LiveHub } from '../platform/live/live.ts'
import { read, type Database } from '../platform/postgres/database.ts'
import { toldInApplication } from '../practices/notification/index.ts'
import { teamOnlyEntries } from '../practices/incident/index.ts'
import { accessRows } from '../practices/record/index.ts'

export type Live = { readonly hub: LiveHub; readonly follower: Follower; stop(): Promise<void> }

/** Follows the journal for this process and tells connected browsers what changed. */
export const startLive = async (database: Database): Promise<Live> => {
  const hub = createLiveHub()
  const follower = await follow(database, {
    listening: () => hub.listeners > 0,
    onEntries: async (followed) => {
      if (hub.listeners === 0) return
      if (followed.entries.some(({ entry }) => changesRights(entry.type)))
        await hub.recheck(followed.tenantId)
      await tell(database, hub, followed)
      tellPeople(hub, followed)
    },
  })
  return {
    hub,
    follower,
    stop: async () => {
      await follower.stop()
      hub.close()
    },
  }
}

const changesRights = (type: string): boolean => /^(session|person|role|team|api_key|tenant)\./.test(type)

const tell = async (database: Database, hub: LiveHub, { tenantId, entries }: Followed): Promise<void> => {
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

/** The stream's route; a process without a hub (a worker) does not serve it. */
export const liveServed = (live: Live, authenticate: Authenticate): Served[] =>
  serve(liveRoutes, {
    live: async ({ caller, request, reply }) => {
      const last = request.headers['last-event-id']
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value)
      }
      live.hub.add(caller, reply.raw, typeof last === 'string' ? last : undefined, () =>
        authenticate(request),
      )
      return reply
    },
  })
