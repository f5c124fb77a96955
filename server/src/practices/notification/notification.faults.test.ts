import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf } from '../../../test/incidents.ts'
import { finish, killedAt, killPoints, type KillPoint } from '../../../test/mail-faults.ts'
import { openMailRoom } from '../../../test/mail-room.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { startCapture, type Capture } from '../../platform/mail/smtp-capture.ts'

let world: World
let server: Capture
beforeAll(async () => {
  world = await createWorld()
  server = await startCapture()
})
afterAll(async () => {
  await server.close()
  await world.end()
})

const incidents = 3

/** Three incidents are raised, a worker dies at the point while it tells of them, and another one comes. What arrived, by message. */
const survive = async (point: KillPoint) => {
  const cast = await castOf(world, point.replaceAll(/\W+/g, '-').slice(0, 38))
  const smtpUrl = `smtp://127.0.0.1:${server.port}`
  const room = openMailRoom({ database: world.database, now: world.clock.now, smtpUrl })
  // Everything before it is told; the relay of a fault finds these three.
  await room.tell(cast.tenant.id)
  for (let index = 0; index < incidents; index += 1) await cast.raise(cast.rita)
  if (!point.includes('relay')) await room.tell(cast.tenant.id)
  const before = server.messages.length
  const signal = await killedAt(point, { appUrl: world.test.appUrl, smtpUrl, now: world.clock.now() })
  await finish(room, {
    database: world.database,
    tenantId: cast.tenant.id,
    appUrl: world.test.appUrl,
    asAdmin: world.asAdmin,
  })
  room.close()
  const ids = await Promise.all(
    server.messages.slice(before).map(async ({ raw }) => (await PostalMime.parse(raw)).messageId ?? ''),
  )
  const mails = await room.mails(cast.tenant.id)
  return { signal, copies: Map.groupBy(ids, (id) => id), mails }
}

const isControl = (point: KillPoint): boolean => point.startsWith('control')

describe('F3, F13, F15: a process is killed on the way from an entry to a mail', () => {
  test.each(killPoints.filter((point) => !isControl(point)))(
    '%s: no mail is lost, and none comes twice unless nobody can know, and then it says so',
    async (point) => {
      const { signal, copies, mails } = await survive(point)
      expect(signal).toBe('SIGKILL')
      expect(copies.size).toBe(incidents)
      expect(mails.map((mail) => mail.status)).toEqual(Array.from({ length: incidents }, () => 'accepted'))
      for (const mail of mails) {
        // Each worker has two mails in hand: the one beside the one it died at is in doubt too.
        const count = copies.get(mail.message_id ?? '')?.length ?? 0
        expect(count).toBeLessThanOrEqual(mail.may_have_arrived ? 2 : 1)
        expect(mail.may_have_arrived).toBe(mail.attempts > 1)
      }
      // The point was met: somebody's try was cut off, or nobody's.
      if (point.startsWith('relay')) expect(mails.every((mail) => mail.attempts === 1)).toBe(true)
      if (point === 'worker, before it sends') expect(mails.some((mail) => mail.attempts === 2)).toBe(true)
      if (point === 'worker, after it sent and before it notes so')
        expect([...copies.values()].some((ids) => ids.length === 2)).toBe(true)
      if (point === 'worker, after it noted so and before the queue knows')
        expect(mails.some((mail) => mail.attempts === 1)).toBe(true)
    },
    60_000,
  )

  test.each(killPoints.filter(isControl))(
    '%s: it would have lost mail, and this test would have seen it',
    async (point) => {
      const { copies } = await survive(point)
      expect(copies.size).toBeLessThan(incidents)
    },
    60_000,
  )
})
