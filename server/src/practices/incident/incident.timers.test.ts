import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { transaction } from '../../platform/postgres/database.ts'
import { runIncidentTimers } from './incident.timers.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const day = 86_400_000
const run = () => runIncidentTimers(world.database, cast.tenant.id, world.clock.now())
const inDays = (days: number) => new Date(Date.parse(world.clock.now()) + days * day).toISOString()
const held = async (until: string): Promise<string> => {
  const id = await cast.inState('in_progress')
  await cast.move(cast.amir, id, { action: 'hold', reason: 'user_scheduled', until })
  return id
}

describe('what time does to incidents', () => {
  test('a wait goes on when its date has come, not a millisecond earlier', async () => {
    cast = await castOf(world, 'waits')
    const id = await held(inDays(1))
    world.clock.advance(day - 1)
    expect(await run()).toMatchObject({ woken: 0 })
    world.clock.advance(1)
    expect(await run()).toEqual({ woken: 1, closed: 0, failed: [], more: false })
    expect(await cast.read(id)).toMatchObject({ state: 'in_progress', hold: null })
    expect((await cast.timeline(id)).at(-1)).toMatchObject({
      type: 'incident.resumed',
      actor: null,
      via: 'timer',
      sentence: 'The wait is over; work goes on.',
    })
  })

  test('a resolution nobody objected to is closed after seven days, not a millisecond earlier', async () => {
    cast = await castOf(world, 'closes')
    const id = await cast.inState('resolved')
    world.clock.advance(7 * day - 1)
    expect(await run()).toMatchObject({ closed: 0 })
    world.clock.advance(1)
    expect(await run()).toEqual({ woken: 0, closed: 1, failed: [], more: false })
    expect(await cast.read(id)).toMatchObject({ state: 'closed', closedAt: world.clock.now() })
    expect((await cast.timeline(id, cast.rita)).at(-1)?.sentence).toBe('Closed: nobody objected.')
  })

  test('what is not due, and other tenants, are left alone', async () => {
    cast = await castOf(world, 'others')
    const foreign = await cast.inState('resolved')
    cast = await castOf(world, 'mine')
    const waiting = await held(inDays(30))
    const open = await cast.inState('on_hold')
    world.clock.advance(8 * day)
    expect(await run()).toMatchObject({ woken: 0, closed: 0 })
    for (const id of [waiting, open]) expect((await cast.read(id)).state).toBe('on_hold')
    const { rows } = await transaction(world.database, cast.tenant.id, 'read only', (client) =>
      client.query('select count(*)::int as count from record where id = $1', [foreign]),
    )
    expect(rows).toEqual([{ count: 0 }])
  })

  test('run twice, and by two workers at once, it makes each move once', async () => {
    cast = await castOf(world, 'twice')
    const ids = [await held(inDays(1)), await held(inDays(1)), await cast.inState('resolved')]
    world.clock.advance(8 * day)
    const runs = await Promise.all([run(), run(), run()])
    expect(runs.reduce((sum, one) => sum + one.woken + one.closed, 0)).toBe(3)
    expect(runs.flatMap((one) => one.failed)).toEqual([])
    expect(await run()).toMatchObject({ woken: 0, closed: 0 })
    for (const id of ids) {
      const made = (await cast.timeline(id)).filter((item) => item.via === 'timer')
      expect(made).toHaveLength(1)
    }
  })

  test('an incident that somebody holds right now is left to the next run', async () => {
    cast = await castOf(world, 'held')
    const id = await held(inDays(1))
    world.clock.advance(2 * day)
    await transaction(world.database, cast.tenant.id, 'read write', async (client) => {
      await client.query('select id from record where id = $1 for update', [id])
      expect(await run()).toMatchObject({ woken: 0, failed: [] })
    })
    expect(await run()).toMatchObject({ woken: 1 })
  })

  test('what was resumed by hand since it was found is not resumed again', async () => {
    cast = await castOf(world, 'hand')
    const id = await held(inDays(1))
    world.clock.advance(2 * day)
    await Promise.allSettled([cast.move(cast.amir, id, { action: 'resume' }), run()])
    const resumed = (await cast.timeline(id)).filter((item) => item.type === 'incident.resumed')
    expect(resumed).toHaveLength(1)
  })

  test('a caller who says "still broken" in the last moment wins or loses, but never both', async () => {
    cast = await castOf(world, 'moment')
    const id = await cast.inState('resolved')
    world.clock.advance(7 * day - 1)
    const late = runIncidentTimers(world.database, cast.tenant.id, inDays(1))
    await Promise.allSettled([cast.move(cast.rita, id, { action: 'still_broken' }), late])
    const ends = (await cast.timeline(id)).filter((item) =>
      ['incident.reopened', 'incident.closed'].includes(item.type),
    )
    expect(ends).toHaveLength(1)
  })
})
