import PostalMime from 'postal-mime'
import { openDatabase } from '../../server/src/platform/postgres/database.ts'
import {
  startCapture,
  type Capture,
  type CaptureOptions,
} from '../../server/src/platform/mail/smtp-capture.ts'
import { openMailRoom, type MailRoom, type MailRow } from '../../server/test/mail-room.ts'
import { finish, killedAt, type KillPoint } from '../../server/test/mail-faults.ts'
import { apiAt, must } from './harness.ts'
import type { Place } from './place.ts'

/** A mail server, people who raise incidents, and what a worker does, a step at a time. */
export type Post = {
  readonly server: Capture
  readonly room: MailRoom
  readonly tenantId: string
  /** Each raised incident is one event, and one mail to the person it happened to. */
  raise(count: number): Promise<void>
  kill(point: KillPoint): Promise<void>
  finish(): Promise<void>
  /** Mail about incidents raised since the last look. */
  mails(): Promise<readonly MailRow[]>
  /** How often each message arrived, by its identifier. */
  copies(): Promise<ReadonlyMap<string, number>>
  end(): Promise<void>
}

const now = (): string => new Date().toISOString()

export const openPost = async (place: Place, options: CaptureOptions = {}): Promise<Post> => {
  const server = await startCapture(options)
  const smtpUrl = `smtp://127.0.0.1:${server.port}`
  const database = await openDatabase({ url: place.appUrl, connections: 4 })
  const room = openMailRoom({ database, now, smtpUrl, pauses: [0, 0, 0, 0] })
  const { tenantId, key } = place.tenant
  const product = await place.product()
  const client = apiAt(product.address, key)
  const asAdmin = async (sql: string): Promise<void> => {
    await place.rows(sql)
  }
  let seen = (await room.mails(tenantId)).length
  return {
    server,
    room,
    tenantId,
    raise: async (count) => {
      seen = (await room.mails(tenantId)).length
      for (let at = 0; at < count; at += 8)
        await Promise.all(
          Array.from({ length: Math.min(8, count - at) }, (_, index) =>
            client.raiseIncident({ body: { title: `Event ${at + index}` } }),
          ),
        )
    },
    kill: async (point) => {
      const signal = await killedAt(point, { appUrl: place.appUrl, smtpUrl, now: now() })
      must(signal === 'SIGKILL', 'the process was not killed', { point, signal })
    },
    finish: () => finish(room, { database, tenantId, appUrl: place.appUrl, asAdmin }),
    mails: async () => (await room.mails(tenantId)).slice(seen),
    copies: async () => {
      const ids = await Promise.all(
        server.messages.map(async ({ raw }) => (await PostalMime.parse(raw)).messageId ?? ''),
      )
      return new Map([...Map.groupBy(ids, (id) => id)].map(([id, all]) => [id, all.length]))
    },
    end: async () => {
      room.close()
      await database.end()
      await server.close()
    },
  }
}

type Survived = {
  readonly events: number
  readonly lost: number
  /** Arrived twice under one identifier, and the outbox says that it may have. */
  readonly doubted: number
  /** Arrived twice, and nobody knows. */
  readonly doubled: number
}

/** Raises, kills at the point, lets another worker finish, and compares what was to be told with what arrived. */
const surviveKill = async (post: Post, point: KillPoint, events: number): Promise<Survived> => {
  if (!point.includes('relay')) {
    await post.raise(events)
    await post.room.tell(post.tenantId)
  } else {
    await post.room.tell(post.tenantId)
    await post.raise(events)
  }
  await post.kill(point)
  await post.finish()
  const [mails, copies] = [await post.mails(), await post.copies()]
  const count = (mail: MailRow): number => copies.get(mail.message_id ?? '') ?? 0
  return {
    events,
    lost: events - mails.filter((mail) => count(mail) > 0).length,
    doubted: mails.filter((mail) => count(mail) > 1 && mail.may_have_arrived).length,
    doubled: mails.filter((mail) => count(mail) > (mail.may_have_arrived ? 2 : 1)).length,
  }
}

/** The same at each point, round after round. Nothing is lost; what arrived twice is known to. */
export const surviveAll = async (
  place: Place,
  points: readonly KillPoint[],
  { rounds, events }: { readonly rounds: number; readonly events: number },
): Promise<Survived & { readonly kills: number }> => {
  const post = await openPost(place)
  try {
    const sum = { kills: 0, events: 0, lost: 0, doubted: 0, doubled: 0 }
    for (let round = 0; round < rounds; round += 1)
      for (const point of points) {
        const found = await surviveKill(post, point, events)
        must(found.lost + found.doubled === 0, 'mail was lost, or came twice unseen', { point, ...found })
        sum.kills += 1
        for (const name of ['events', 'lost', 'doubted', 'doubled'] as const) sum[name] += found[name]
      }
    return sum
  } finally {
    await post.end()
  }
}

/** A worse design at its point: mail has to be missing afterwards. */
export const mustLose = async (place: Place, point: KillPoint, events: number): Promise<Survived> => {
  const post = await openPost(place)
  try {
    const found = await surviveKill(post, point, events)
    must(
      found.lost > 0,
      'the worse design lost nothing: what is measured is not the order of the steps',
      found,
    )
    return found
  } finally {
    await post.end()
  }
}
