import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

describe('an incident from the first call', () => {
  test('the requester raises it, and it has a number, a computed priority with its reason, and a team', async () => {
    const tenant = await world.tenant('harbor')
    const rita = await tenant.person('Rita', 'requester')
    const ref = await rita.api.raiseIncident({
      body: { title: 'Printer on ward 4 is on fire', impact: 2, urgency: 1 },
    })
    expect(ref.number).toBe('INC0001001')
    const incident = await rita.api.readIncident({ params: { id: ref.id } })
    expect(incident).toMatchObject({ state: 'new', priority: 2, team: { name: 'Service desk' }, version: 1 })
    expect(incident.priorityReason).toContain('impact medium and urgency high give 2 high')
  })

  test('the same Idempotency-Key raises one incident and answers the same twice', async () => {
    const tenant = await world.tenant('once')
    const rita = await tenant.person('Rita', 'requester')
    const body = { title: 'No network' }
    const [one, two] = await Promise.all(
      [1, 2].map(() => rita.api.raiseIncident({ body, idempotencyKey: 'k1' })),
    )
    expect(two).toEqual(one)
    expect((await rita.api.listIncidents()).rows).toHaveLength(1)
    await expect(
      rita.api.raiseIncident({ body: { title: 'Else' }, idempotencyKey: 'k1' }),
    ).rejects.toMatchObject({ status: 422, body: { code: 'key_reused' } })
  })

  test('another tenant and another requester get the answer of something that does not exist', async () => {
    const [one, two] = [await world.tenant('one'), await world.tenant('two')]
    const rita = await one.person('Rita', 'requester')
    const { id } = await rita.api.raiseIncident({ body: { title: 'Mine' } })
    for (const stranger of [
      await one.person('Otto', 'requester'),
      await two.person('Ada', 'administrator'),
    ]) {
      await expect(stranger.api.readIncident({ params: { id } })).rejects.toMatchObject({ status: 404 })
    }
  })

  test('work cannot start before somebody has it, and the refusal says so', async () => {
    const tenant = await world.tenant('start')
    const agent = await tenant.person('Amir', 'agent')
    const ref = await agent.api.raiseIncident({ body: { title: 'Slow' } })
    await expect(
      agent.api.moveIncident({ params: { id: ref.id }, body: { action: 'start' }, version: 1 }),
    ).rejects.toMatchObject({
      status: 422,
      body: { code: 'not_ready', reasons: [{ code: 'assigned', message: 'give it to a person first' }] },
    })
  })
})
