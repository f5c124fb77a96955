import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const say = (by: TestPerson, id: string, body: string, audience: 'public' | 'team' = 'public') =>
  by.api.commentIncident({ params: { id }, body: { audience, body } })
const waiting = async (reason: 'caller' | 'parts' = 'caller'): Promise<string> => {
  const id = await cast.inState('in_progress')
  await cast.move(cast.amir, id, { action: 'hold', reason, question: 'Which printer?' })
  return id
}

describe('a comment and a work note', () => {
  test('the caller reads the comment and never learns of the note', async () => {
    const { id } = await cast.raise()
    await say(cast.amir, id, 'We are looking into it.')
    await say(cast.amir, id, 'It was the intern again.', 'team')
    const hers = await cast.timeline(id, cast.rita)
    expect(hers.map((item) => [item.type, item.body, item.audience])).toEqual([
      ['incident.raised', null, null],
      ['incident.commented', 'We are looking into it.', 'public'],
    ])
    expect((await cast.timeline(id)).at(-1)).toMatchObject({
      type: 'incident.noted',
      audience: 'team',
      body: 'It was the intern again.',
    })
  })

  test('neither makes a version: nobody’s edit collides with a sentence', async () => {
    const { id } = await cast.raise()
    await say(cast.amir, id, 'Hello.')
    expect((await cast.read(id)).version).toBe(1)
    await cast.nora.api.editIncident({ params: { id }, body: { category: 'Fire' }, version: 1 })
  })

  test('the caller last heard from us when the desk wrote, not when they wrote themselves, and not by a note', async () => {
    const { id } = await cast.raise()
    await say(cast.rita, id, 'Hurry.')
    await say(cast.amir, id, 'Rita again.', 'team')
    expect((await cast.read(id)).lastPublicAt).toBeNull()
    world.clock.advance(5000)
    await say(cast.amir, id, 'On our way.')
    expect(await cast.read(id)).toMatchObject({
      lastPublicAt: world.clock.now(),
      updatedAt: world.clock.now(),
    })
  })

  test('a caller writes no note, and somebody who may not see it writes nothing', async () => {
    const { id } = await cast.raise()
    expect(await refusalOf(say(cast.rita, id, 'Internal?', 'team'))).toBe('forbidden')
    expect(await refusalOf(say(cast.otto, id, 'Hello?'))).toBe('not_found')
  })

  test('empty and oversized texts are refused', async () => {
    const { id } = await cast.raise()
    expect(await refusalOf(say(cast.amir, id, '   '))).toBe('invalid')
    expect(await refusalOf(say(cast.amir, id, 'x'.repeat(65_537)))).toBe('invalid')
  })

  test('the same Idempotency-Key says it once', async () => {
    const { id } = await cast.raise()
    const call = () =>
      cast.amir.api.commentIncident({
        params: { id },
        body: { audience: 'public', body: 'Once.' },
        idempotencyKey: 'c1',
      })
    const [one, two] = await Promise.all([call(), call()])
    expect(one).toEqual(two)
    expect((await cast.timeline(id)).filter((item) => item.body === 'Once.')).toHaveLength(1)
  })

  test('what is finished takes notes, and tells a caller who writes to raise a new one', async () => {
    for (const state of ['closed', 'canceled'] as const) {
      const id = await cast.inState(state)
      await say(cast.amir, id, 'For the record.', 'team')
      await expect(say(cast.rita, id, 'Again!')).rejects.toMatchObject({
        body: {
          code: 'not_allowed_here',
          reasons: [{ message: expect.stringContaining('raise a new incident that follows it') }],
        },
      })
    }
  })
})

describe('when the caller replies', () => {
  test('a wait for them is over in the same moment, with the reply as its cause', async () => {
    const id = await waiting()
    await say(cast.rita, id, 'The one by the window.')
    expect(await cast.read(id)).toMatchObject({ state: 'in_progress', hold: null })
    expect((await cast.timeline(id)).slice(-2)).toMatchObject([
      { type: 'incident.commented', actor: { name: 'Rita' }, body: 'The one by the window.' },
      { type: 'incident.resumed', sentence: 'The caller replied; work goes on.' },
    ])
  })

  test('a wait for something else goes on', async () => {
    const id = await waiting('parts')
    await say(cast.rita, id, 'Any news?')
    expect((await cast.read(id)).state).toBe('on_hold')
  })

  test('somebody else’s comment is not the caller’s reply', async () => {
    const id = await waiting()
    await cast.lena.api.addAffected({ params: { id }, body: { personId: cast.otto.id } })
    await say(cast.otto, id, 'Here too.')
    await say(cast.amir, id, 'Rita, are you there?')
    expect((await cast.read(id)).state).toBe('on_hold')
  })

  test('"thanks" on a resolved incident reopens nothing', async () => {
    const id = await cast.inState('resolved')
    await say(cast.rita, id, 'Thanks!')
    expect(await cast.read(id)).toMatchObject({ state: 'resolved', reopenCount: 0 })
  })

  test('two replies at once end the wait once', async () => {
    const id = await waiting()
    await Promise.all([say(cast.rita, id, 'This one.'), say(cast.rita, id, 'No, that one.')])
    const items = await cast.timeline(id)
    expect(items.filter((item) => item.type === 'incident.resumed')).toHaveLength(1)
    expect(items.filter((item) => item.type === 'incident.commented')).toHaveLength(3)
  })
})
