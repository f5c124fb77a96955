import { afterAll, beforeAll, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { openMailRoom } from '../../../test/mail-room.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { write } from '../../platform/journal/write.ts'
import { publishPolicy } from '../../platform/policy/policy.ts'
import { read } from '../../platform/postgres/database.ts'
import { notificationPolicy, sweepNotices } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const day = 86_400_000
const rows = (cast: Cast) =>
  read(world.database, cast.tenant.id, async (q) => {
    const { notices, mails, told } = await q.one<{ notices: number; mails: number; told: number }>({
      text: `select (select count(*)::int from notification where tenant_id = $1) as notices,
               (select count(*)::int from outbound_mail where tenant_id = $1) as mails,
               (select count(*)::int from journal where tenant_id = $1 and type = 'notification.told') as told`,
      values: [cast.tenant.id],
    })
    return { notices, mails, told }
  })

test('what is older than the policy keeps goes, batch by batch; what is younger, what waits and the journal stay', async () => {
  const room = openMailRoom({ database: world.database, now: world.clock.now })
  const cast = await castOf(world, 'old')
  await write(world.database, cast.tenant.author(), (tx) =>
    publishPolicy(tx, notificationPolicy, {
      document: { ...notificationPolicy.initial, keepDays: 90 },
      note: 'a quarter',
      basedOn: 0,
    }),
  )
  for (let count = 0; count < 7; count += 1) await cast.inState('resolved')
  await room.run(cast.tenant.id)
  const old = await rows(cast)
  expect(old.mails).toBeGreaterThan(10)
  // One that still waits, however old it is.
  await world.asAdmin(
    `update outbound_mail set status = 'queued', settled_at = null where id =
       (select id from outbound_mail where tenant_id = '${cast.tenant.id}' and notification_id is not null order by id limit 1)`,
  )
  world.clock.advance(60 * day)
  await cast.raise()
  await room.tell(cast.tenant.id)
  const young = await rows(cast)
  expect(young.notices).toBeGreaterThan(old.notices)

  expect(await sweepNotices(world.database, cast.tenant.author(), 3)).toBe(0)
  world.clock.advance(31 * day)
  const gone = await sweepNotices(world.database, cast.tenant.author(), 3)
  const left = await rows(cast)
  expect(gone).toBe(young.notices + young.mails - left.notices - left.mails)
  expect(left).toEqual({
    notices: young.notices - old.notices + 1,
    mails: young.mails - old.mails + 1,
    told: young.told,
  })
  expect(await sweepNotices(world.database, cast.tenant.author(), 3)).toBe(0)
})

test('another tenant keeps its own', async () => {
  const room = openMailRoom({ database: world.database, now: world.clock.now })
  const [mine, theirs] = [await castOf(world, 'mine'), await castOf(world, 'theirs')]
  for (const cast of [mine, theirs]) {
    await cast.raise()
    await room.run(cast.tenant.id)
  }
  const before = await rows(theirs)
  world.clock.advance(400 * day)
  expect(await sweepNotices(world.database, mine.tenant.author())).toBeGreaterThan(0)
  expect(await rows(mine)).toMatchObject({ notices: 0, mails: 0 })
  expect(await rows(theirs)).toEqual(before)
})
