import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diskStore } from '../platform/files/disk-store.ts'
import { createWorld, type World } from '../../test/world.ts'
import { castOf } from '../../test/incidents.ts'
import { startTimers } from './timers.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const settings = () => ({
  database: world.database,
  files: diskStore(join(tmpdir(), 'evenkeel-no-files')),
  now: world.clock.now,
  log: (message: string, details: object) => {
    throw new Error(`${message} ${JSON.stringify(details)}`)
  },
  pause: 10,
})

test('what became due while no worker ran is done when one starts, once, however many there are', async () => {
  const cast = await castOf(world, 'timers')
  const resolved = await cast.inState('resolved')
  world.clock.advance(8 * 86_400_000)
  expect((await cast.read(resolved)).state).toBe('resolved')
  const workers = [startTimers(settings()), startTimers(settings())]
  await expect.poll(async () => (await cast.read(resolved)).state).toBe('closed')
  await Promise.all(workers.map((worker) => worker.stop()))
  const closings = (await cast.timeline(resolved)).filter((item) => item.type === 'incident.closed')
  expect(closings).toHaveLength(1)
})

test('the answer of an Idempotency-Key is remembered for a day and forgotten then', async () => {
  const tenant = await world.tenant('forgetful')
  const rita = await tenant.person('Rita', 'requester')
  const raise = () => rita.api.raiseIncident({ body: { title: 'Once' }, idempotencyKey: 'k' })
  const first = await raise()
  world.clock.advance(23 * 3_600_000)
  const early = startTimers(settings())
  await new Promise((resolve) => setTimeout(resolve, 100))
  await early.stop()
  expect(await raise()).toEqual(first)
  world.clock.advance(2 * 3_600_000)
  const late = startTimers(settings())
  await expect
    .poll(async () => {
      const again = await raise()
      return again.id !== first.id
    })
    .toBe(true)
  await late.stop()
})
