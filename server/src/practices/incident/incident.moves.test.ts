import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IncidentState, MoveIncident } from '@evenkeel/contract/incident'
import { incidentStates } from '@evenkeel/contract/incident'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const day = 86_400_000

describe('taking an incident through its life', () => {
  test('from the call to the confirmation: each step is on the timeline under the name of who made it', async () => {
    const { rita, amir } = cast
    const id = await cast.inState('closed')
    const items = await cast.timeline(id)
    expect(items.map((item) => [item.type, item.actor?.name ?? null])).toEqual([
      ['incident.raised', rita.name],
      ['incident.routed', rita.name],
      ['incident.assigned', amir.name],
      ['incident.started', amir.name],
      ['incident.resolved', amir.name],
      ['incident.closed', rita.name],
    ])
    expect(await cast.read(id)).toMatchObject({
      state: 'closed',
      resolution: { code: 'fixed', notes: 'Put it out.', by: { name: 'Amir' } },
      closedAt: world.clock.now(),
      autoCloseAt: null,
    })
  })

  test('a hold for the caller asks the caller in the same breath, and they read the question', async () => {
    const { rita, amir } = cast
    const id = await cast.inState('in_progress')
    await cast.move(amir, id, { action: 'hold', reason: 'caller', question: 'Which printer?' })
    expect(await cast.read(id, rita)).toMatchObject({
      state: 'on_hold',
      hold: { reason: 'caller', since: world.clock.now() },
      lastPublicAt: world.clock.now(),
    })
    expect((await cast.timeline(id, rita)).map((item) => item.body)).toContain('Which printer?')
  })

  test('a hold for the caller without a question is not ready, and nothing is written', async () => {
    const { amir } = cast
    const id = await cast.inState('in_progress')
    const before = await cast.timeline(id)
    const hold = cast.move(amir, id, { action: 'hold', reason: 'caller', question: '   ' })
    await expect(hold).rejects.toMatchObject({
      status: 422,
      body: { code: 'not_ready', reasons: [{ code: 'caller_asked' }] },
    })
    expect(await cast.timeline(id)).toEqual(before)
  })

  test('a hold until a date that has passed is refused', async () => {
    const id = await cast.inState('in_progress')
    const hold = cast.move(cast.amir, id, {
      action: 'hold',
      reason: 'parts',
      until: world.clock.now(),
    })
    await expect(hold).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'until' }] } })
  })

  test('what it waits for is told to the team; the caller sees only that it waits', async () => {
    const { rita, amir } = cast
    const id = await cast.inState('in_progress')
    await cast.move(amir, id, { action: 'hold', reason: 'vendor', on: 'ACME-4711' })
    expect((await cast.read(id)).hold).toMatchObject({ reason: 'vendor', on: 'ACME-4711' })
    expect((await cast.read(id, rita)).hold).toMatchObject({ reason: 'vendor', on: null })
  })

  test('resuming forgets the wait, and the entry keeps how long it was', async () => {
    const { amir } = cast
    const id = await cast.inState('on_hold')
    const from = world.clock.now()
    world.clock.advance(60_000)
    await cast.move(amir, id, { action: 'resume' })
    expect(await cast.read(id)).toMatchObject({ state: 'in_progress', hold: null })
    expect(await dataOf(id, 'incident.resumed')).toMatchObject({
      action: 'resume',
      held: { reason: 'parts', from, to: world.clock.now() },
    })
  })

  test('resolving from hold ends the wait too', async () => {
    const { amir } = cast
    const id = await cast.inState('on_hold')
    await cast.move(amir, id, { action: 'resolve', code: 'workaround', notes: 'Use the other one.' })
    expect(await cast.read(id)).toMatchObject({ state: 'resolved', hold: null })
    expect(await dataOf(id, 'incident.resolved')).toMatchObject({ held: { reason: 'parts' } })
  })

  test('"with its parent" is a resolution that only a parent gives', async () => {
    const { amir } = cast
    const id = await cast.inState('in_progress')
    const wish = { action: 'resolve', code: 'with_parent', notes: 'x' } as unknown as MoveIncident
    expect(await refusalOf(cast.move(amir, id, wish))).toBe('invalid')
  })

  test('canceling says why; without a reason it is not ready', async () => {
    const { lena } = cast
    const id = await cast.inState('new')
    expect(await refusalOf(cast.move(lena, id, { action: 'cancel' }))).toBe('not_ready')
    await cast.move(lena, id, { action: 'cancel', reason: 'raised_in_error' })
    expect(await cast.read(id)).toMatchObject({
      state: 'canceled',
      cancelReason: 'raised_in_error',
      closedAt: world.clock.now(),
    })
  })

  test('only a duplicate names another incident', async () => {
    const { lena } = cast
    const [id, other] = [await cast.inState('new'), await cast.inState('new')]
    const wish = { action: 'cancel', reason: 'not_an_incident', duplicateOf: other } as const
    await expect(cast.move(lena, id, wish)).rejects.toMatchObject({
      body: { code: 'invalid', reasons: [{ field: 'duplicateOf' }] },
    })
  })
})

describe('when the resolution does not hold', () => {
  test('the caller says it is still broken: it is open again, counted, and their words are a comment', async () => {
    const { rita } = cast
    const id = await cast.inState('resolved')
    const resolvedAt = world.clock.now()
    world.clock.advance(day)
    await cast.move(rita, id, { action: 'still_broken', reason: 'It burns again.' })
    expect(await cast.read(id)).toMatchObject({
      state: 'in_progress',
      reopenCount: 1,
      resolution: null,
      resolvedAt: null,
      autoCloseAt: null,
    })
    expect(await dataOf(id, 'incident.reopened')).toMatchObject({
      resolved: { from: resolvedAt, to: world.clock.now() },
    })
    expect((await cast.timeline(id, rita)).at(-1)).toMatchObject({
      audience: 'public',
      body: 'It burns again.',
    })
  })

  test('the window is open until the millisecond it ends; then a new incident follows the old one', async () => {
    const { rita } = cast
    const [early, late] = [await cast.inState('resolved'), await cast.inState('resolved')]
    world.clock.advance(7 * day - 1)
    expect(await refusalOf(cast.move(rita, early, { action: 'still_broken' }))).toBe('none')
    world.clock.advance(1)
    await expect(cast.move(rita, late, { action: 'still_broken' })).rejects.toMatchObject({
      body: { code: 'not_ready', reasons: [{ code: 'within_window' }] },
    })
    const { id } = await cast.raise(rita, { followsId: late })
    expect((await cast.read(id, rita)).links).toMatchObject([{ type: 'follows', direction: 'out', id: late }])
    expect((await cast.read(late, rita)).links).toMatchObject([{ type: 'follows', direction: 'in', id }])
  })

  test('an agent reopens with a reason, also after the window, and not without one', async () => {
    const { nora } = cast
    const id = await cast.inState('resolved')
    world.clock.advance(8 * day)
    expect(await refusalOf(cast.move(nora, id, { action: 'reopen' }))).toBe('not_ready')
    await cast.move(nora, id, { action: 'reopen', reason: 'The fix was rolled back.' })
    expect(await cast.read(id)).toMatchObject({ state: 'in_progress', reopenCount: 1 })
  })

  test('closed is never reopened, by nobody', async () => {
    const { rita, lena } = cast
    const id = await cast.inState('closed')
    for (const [by, wish] of [
      [rita, { action: 'still_broken' }],
      [lena, { action: 'reopen', reason: 'please' }],
    ] as const)
      expect(await refusalOf(cast.move(by, id, wish))).toBe('not_allowed_here')
  })

  test('a new incident follows what is over; what runs or can still be reopened is continued there', async () => {
    const { rita } = cast
    for (const [state, answer] of [
      ['new', 'not_allowed_here'],
      ['in_progress', 'not_allowed_here'],
      ['on_hold', 'not_allowed_here'],
      ['resolved', 'not_allowed_here'],
      ['closed', 'none'],
      ['canceled', 'none'],
    ] as const) {
      const followsId = await cast.inState(state)
      expect([state, await refusalOf(cast.raise(rita, { followsId }))]).toEqual([state, answer])
    }
  })

  test("somebody else's incident, and one of another tenant, cannot be followed: they are not there", async () => {
    const { otto } = cast
    const elsewhere = await castOf(world, 'elsewhere')
    for (const followsId of [await cast.inState('closed'), await elsewhere.inState('closed')]) {
      await expect(cast.raise(otto, { followsId })).rejects.toMatchObject({
        status: 422,
        body: { reasons: [{ field: 'followsId', message: 'there is no such incident' }] },
      })
    }
  })
})

describe('who answers as the caller', () => {
  test('a watcher reads and comments, but confirms nothing and reopens nothing', async () => {
    const { otto, lena } = cast
    const id = await cast.inState('resolved')
    await lena.api.watchIncident({ params: { id }, body: { personId: otto.id } })
    expect((await cast.read(id, otto)).moves).toEqual([])
    for (const action of ['confirm', 'still_broken'] as const)
      expect(await refusalOf(cast.move(otto, id, { action }))).toBe('forbidden')
  })

  test('somebody it happens to too says that it is still broken, but closing it is up to the caller', async () => {
    const { otto, lena } = cast
    const [id, other] = [await cast.inState('in_progress'), await cast.inState('in_progress')]
    for (const one of [id, other]) {
      await lena.api.addAffected({ params: { id: one }, body: { personId: otto.id } })
      await cast.move(cast.amir, one, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    }
    await expect(cast.move(otto, id, { action: 'confirm' })).rejects.toMatchObject({
      body: { code: 'not_ready', reasons: [{ code: 'by_caller' }] },
    })
    await cast.move(otto, other, { action: 'still_broken' })
    expect((await cast.read(other)).state).toBe('in_progress')
  })

  test('an agent does not confirm in the name of the caller', async () => {
    const id = await cast.inState('resolved')
    expect(await refusalOf(cast.move(cast.lena, id, { action: 'confirm' }))).toBe('forbidden')
  })

  test('who may work but not write to callers asks them nothing', async () => {
    const mona = await cast.personWith('Mona', { 'incident.read': 'all', 'incident.work': 'all' })
    const id = await cast.inState('in_progress')
    const ask = cast.move(mona, id, { action: 'hold', reason: 'caller', question: 'Which one?' })
    expect(await refusalOf(ask)).toBe('forbidden')
    expect((await cast.read(id)).state).toBe('in_progress')
    await cast.move(mona, id, { action: 'hold', reason: 'parts' })
  })

  test('a caller does not work on their own incident', async () => {
    const id = await cast.inState('in_progress')
    for (const wish of [
      { action: 'resolve', code: 'fixed', notes: 'I fixed it' },
      { action: 'hold', reason: 'parts' },
      { action: 'cancel', reason: 'raised_in_error' },
    ] as const)
      expect(await refusalOf(cast.move(cast.rita, id, wish))).toBe('forbidden')
  })
})

/** A move with everything it needs, so that only the state decides; who makes it. */
const complete: readonly {
  readonly wish: MoveIncident
  readonly by: 'amir' | 'rita' | 'lena'
  readonly from: readonly IncidentState[]
}[] = [
  { wish: { action: 'start' }, by: 'amir', from: ['new'] },
  { wish: { action: 'hold', reason: 'parts' }, by: 'amir', from: ['in_progress'] },
  { wish: { action: 'resume' }, by: 'amir', from: ['on_hold'] },
  {
    wish: { action: 'resolve', code: 'fixed', notes: 'Done.' },
    by: 'amir',
    from: ['in_progress', 'on_hold'],
  },
  { wish: { action: 'reopen', reason: 'Again.' }, by: 'amir', from: ['resolved'] },
  { wish: { action: 'still_broken' }, by: 'rita', from: ['resolved'] },
  { wish: { action: 'confirm' }, by: 'rita', from: ['resolved'] },
  {
    wish: { action: 'cancel', reason: 'not_an_incident' },
    by: 'lena',
    from: ['new', 'in_progress', 'on_hold'],
  },
]

// A63: no step of the process can be skipped through the API.
describe('every move in every state through the API', () => {
  for (const state of incidentStates) {
    test(`${state}: what the table allows goes, everything else is refused and changes nothing`, async () => {
      for (const { wish, by, from } of complete) {
        const id = await cast.inState(state)
        if (state === 'new') await cast.assign(cast.amir, id, { personId: cast.amir.id })
        const before = await cast.read(id)
        const answer = await refusalOf(cast.move(cast[by], id, wish))
        expect([wish.action, answer]).toEqual([
          wish.action,
          from.includes(state) ? 'none' : 'not_allowed_here',
        ])
        if (!from.includes(state)) expect(await cast.read(id)).toEqual(before)
      }
    })
  }

  test('moves that only the system makes, and states written as fields, are no requests at all', async () => {
    const { lena } = cast
    const id = await cast.inState('resolved')
    for (const action of ['close', 'wait_ended', 'caller_replied', 'resolve_with_parent'])
      expect(await refusalOf(cast.move(lena, id, { action } as unknown as MoveIncident))).toBe('invalid')
    const body = { state: 'closed' } as object
    expect(await refusalOf(lena.api.editIncident({ params: { id }, body, version: 1 }))).toBe('invalid')
  })

  test('the database refuses a state that does not exist, whoever writes it', async () => {
    const id = await cast.inState('new')
    await expect(world.asAdmin(`update record set state = 'paused' where id = '${id}'`)).rejects.toThrow(
      'incident_state',
    )
  })
})

describe('two people at once', () => {
  test('a move on a state somebody else has left is refused with what it is now and who did it', async () => {
    const { amir, nora } = cast
    const id = await cast.inState('in_progress')
    const { version } = await cast.read(id)
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    const stale = nora.api.moveIncident({
      params: { id },
      body: { action: 'hold', reason: 'parts' },
      version,
    })
    await expect(stale).rejects.toMatchObject({
      status: 409,
      body: {
        code: 'changed_meanwhile',
        reasons: [
          {
            field: 'action',
            message: 'Amir moved it to Resolved in the meantime; look again before you choose Put on hold',
            theirs: 'Resolved',
            yours: 'Put on hold',
          },
        ],
      },
    })
  })

  test('a move merges with an edit of a field by somebody else', async () => {
    const { amir, nora } = cast
    const id = await cast.inState('in_progress')
    const { version } = await cast.read(id)
    await nora.api.editIncident({ params: { id }, body: { category: 'Printing' }, version })
    await amir.api.moveIncident({ params: { id }, body: { action: 'hold', reason: 'parts' }, version })
    expect(await cast.read(id)).toMatchObject({ state: 'on_hold', category: 'Printing' })
  })

  // A62: one terminal state, one set of effects.
  test('of fifty who resolve, cancel and hold it at once, one does, and it ends in one state', async () => {
    const { amir, lena } = cast
    const id = await cast.inState('in_progress')
    const { version } = await cast.read(id)
    const wishes = [
      { by: amir, body: { action: 'resolve', code: 'fixed', notes: 'Done.' } },
      { by: lena, body: { action: 'cancel', reason: 'raised_in_error' } },
      { by: amir, body: { action: 'hold', reason: 'parts' } },
    ] as const
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const { by, body } = wishes[index % 3] ?? wishes[0]
        return refusalOf(by.api.moveIncident({ params: { id }, body, version }))
      }),
    )
    expect(answers.filter((answer) => answer === 'none')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'changed_meanwhile')).toHaveLength(49)
    const moves = (await cast.timeline(id)).filter((item) =>
      item.changes.some((change) => change.field === 'state'),
    )
    // Started, and moved once.
    expect(moves).toHaveLength(2)
    expect((await cast.read(id)).version).toBe(version + 1)
  })

  test('a version that never was is malformed, and a move without a version is refused', async () => {
    const { amir } = cast
    const id = await cast.inState('in_progress')
    const body = { action: 'hold', reason: 'parts' } as const
    expect(await refusalOf(amir.api.moveIncident({ params: { id }, body, version: 99 }))).toBe('malformed')
    const bare = await world.app.inject({
      method: 'POST',
      url: `/api/v1/incidents/${id}/moves`,
      headers: { cookie: amir.cookie },
      payload: body,
    })
    expect(bare.statusCode).toBe(428)
  })
})

const dataOf = (id: string, type: string): Promise<Record<string, unknown>> =>
  read(world.database, cast.tenant.id, async (q) => {
    const [entry] = await q.rows<{ data: Record<string, unknown> }>({
      text: 'select data from journal where tenant_id = $1 and subject_id = $2 and type = $3 order by id desc limit 1',
      values: [cast.tenant.id, id, type],
    })
    return entry?.data ?? {}
  })
