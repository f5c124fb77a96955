import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { incidentChannels } from '@evenkeel/contract/incident'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

describe('raising an incident', () => {
  test('an agent raises it for a caller, who then reads it as their own', async () => {
    const { id } = await cast.raise(cast.amir, { requesterId: cast.rita.id, channel: 'phone' })
    expect(await cast.read(id, cast.rita)).toMatchObject({ requester: { name: 'Rita' }, channel: 'phone' })
    expect((await cast.timeline(id))[0]).toMatchObject({
      actor: { name: 'Amir' },
      sentence: 'Raised by phone.',
    })
  })

  test('a caller raises for nobody else, and claims no channel that only the desk sees', async () => {
    expect(await refusalOf(cast.raise(cast.rita, { requesterId: cast.otto.id }))).toBe('forbidden')
    for (const channel of incidentChannels)
      expect([channel, await refusalOf(cast.raise(cast.rita, { channel }))]).toEqual([
        channel,
        ['portal', 'api'].includes(channel) ? 'none' : 'forbidden',
      ])
  })

  // A2: ids of another tenant are ids that do not exist.
  test('a caller or a service that is not there, or of another tenant, is refused by its field', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const foreign = await elsewhere.tenant.service('Mail', elsewhere.mailId)
    const unknown = '018f0000-0000-7000-8000-000000000001'
    for (const [field, value] of [
      ['requesterId', elsewhere.rita.id],
      ['requesterId', unknown],
      ['serviceId', foreign],
      ['serviceId', unknown],
      ['followsId', (await elsewhere.raise()).id],
      ['followsId', unknown],
    ] as const)
      await expect(cast.raise(cast.amir, { [field]: value })).rejects.toMatchObject({
        status: 422,
        body: { code: 'invalid', reasons: [{ field }] },
      })
  })

  // A15: nothing is assigned that the form does not have.
  test('fields that are not on the form are refused, and so are empty and oversized ones', async () => {
    for (const body of [
      { title: 'x', id: '018f0000-0000-7000-8000-000000000001' },
      { title: 'x', tenant_id: cast.tenant.id },
      { title: 'x', priority: 1 },
      { title: 'x', state: 'closed' },
      { title: 'x', createdAt: '2020-01-01T00:00:00.000Z' },
      { title: 'x', assigneeId: cast.amir.id },
      { title: 'x', constructor: 1 },
      { title: '   ' },
      { title: 'x'.repeat(201) },
      { title: 'x', description: 'x'.repeat(65_537) },
      { title: 'x', impact: 4 },
      { title: 'x', urgency: 0 },
      {},
    ]) {
      const answer = await world.app.inject({
        method: 'POST',
        url: '/api/v1/incidents',
        headers: { cookie: cast.rita.cookie },
        payload: body,
      })
      expect([body, answer.statusCode]).toEqual([body, 422])
    }
  })

  test('"unknown" is a service one may say', async () => {
    const { id } = await cast.raise(cast.rita, { serviceId: null })
    expect(await cast.read(id)).toMatchObject({ service: null, team: { name: 'Service desk' } })
  })

  test('hundred at once have a hundred numbers', async () => {
    const refs = await Promise.all(Array.from({ length: 100 }, () => cast.raise()))
    expect(new Set(refs.map((ref) => ref.number)).size).toBe(100)
  })
})
