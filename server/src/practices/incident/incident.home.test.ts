import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { write } from '../../platform/journal/write.ts'

const minute = 60_000
let world: World
let cast: Cast
let tenants = 0
beforeAll(async () => {
  world = await createWorld()
})
beforeEach(async () => {
  cast = await castOf(world, `harbor-${(tenants += 1)}`)
})
afterAll(() => world.end())

const titles = (rows: readonly { readonly incident: { readonly title: string } }[]): string[] =>
  rows.map(({ incident }) => incident.title)

describe('the home of somebody who works on incidents', () => {
  test('says what needs them, why, and in the order to do it', async () => {
    const { rita, amir, lena } = cast
    const mine = async (title: string) => {
      const { id } = await cast.raise(rita, { title })
      await cast.assign(lena, id, { personId: amir.id, teamId: cast.mailId })
      return id
    }
    const answered = await mine('The caller answered')
    await mine('Nobody began')
    const quiet = await mine('In hand')
    for (const id of [answered, quiet]) await cast.move(amir, id, { action: 'start' })
    world.clock.advance(minute)
    for (const id of [answered, quiet])
      await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'On it.' } })
    world.clock.advance(minute)
    await rita.api.commentIncident({ params: { id: answered }, body: { audience: 'public', body: 'And?' } })
    const saidAt = world.clock.now()
    world.clock.advance(minute)
    const home = await amir.api.readHome()
    expect(titles(home.now)).toEqual(['The caller answered', 'Nobody began'])
    expect(home.now.map(({ because }) => because.map(({ why }) => why))).toEqual([
      ['caller_answered'],
      ['not_started'],
    ])
    expect(home.now[0]?.because[0]?.at).toBe(saidAt)
    expect(home.mine).toBe(3)
    expect((await lena.api.readHome()).now).toEqual([])
  })

  test('what came back stands there until the caller hears of it', async () => {
    const { rita, amir } = cast
    const id = await cast.inState('resolved')
    world.clock.advance(minute)
    await cast.move(rita, id, { action: 'still_broken', reason: 'It burns again.' })
    const [line] = (await amir.api.readHome()).now
    expect(line?.because.map(({ why }) => why)).toContain('reopened')
    world.clock.advance(minute)
    await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'On my way.' } })
    expect((await amir.api.readHome()).now).toEqual([])
  })

  test('shows what nobody of my teams has, callers of colleagues who wait, and critical ones of everybody', async () => {
    const { rita, nora, lena, amir } = cast
    const service = await cast.tenant.service('Switches', cast.networkId)
    await cast.raise(rita, { title: 'Nobody has it', serviceId: service })
    const { id } = await cast.raise(rita, { title: 'Lena has it', serviceId: service, impact: 1, urgency: 1 })
    await cast.assign(lena, id, { personId: lena.id, teamId: cast.networkId })
    world.clock.advance(minute)
    await rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Hello?' } })
    const home = await nora.api.readHome()
    expect(home.unassigned).toMatchObject({ count: 1, rows: [{ title: 'Nobody has it' }] })
    expect(titles(home.replies)).toEqual(['Lena has it'])
    expect(home.critical).toMatchObject({ count: 1, rows: [{ title: 'Lena has it' }] })
    const elsewhere = await amir.api.readHome()
    expect(elsewhere).toMatchObject({ unassigned: { count: 0 }, replies: [], critical: { count: 1 } })
  })

  test('what I watch is there when others changed it, not when I did', async () => {
    const { rita, amir, nora } = cast
    const { id } = await cast.raise(rita, { title: 'Watched' })
    await nora.api.watchIncident({ params: { id }, body: {} })
    await cast.assign(amir, id, { personId: amir.id })
    expect((await nora.api.readHome()).followed).toMatchObject([
      { incident: { title: 'Watched' }, type: 'incident.assigned', actor: { name: 'Amir' } },
    ])
    await nora.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'Mine too.' } })
    expect((await nora.api.readHome()).followed).toEqual([])
    world.clock.advance(3 * 1440 * minute)
    await cast.move(amir, id, { action: 'start' })
    world.clock.advance(3 * 1440 * minute)
    expect((await nora.api.readHome()).followed).toEqual([])
  })

  test('a mention counts until it is read, and only of what may be seen', async () => {
    const { rita, amir, nora } = cast
    const { id } = await cast.raise(rita, { title: 'Named' })
    const { id: hidden } = await cast.raise(rita, { title: 'Confidential', confidential: true })
    const notices = [id, hidden].map((record) => ({ record, notice: uuidv7() }))
    await write(world.database, cast.tenant.author(), async (tx) => {
      for (const { record, notice } of notices)
        tx.insert('notification', {
          tenant_id: tx.tenantId,
          id: notice,
          person_id: nora.id,
          entry_id: notice,
          event_id: notice,
          entry_type: 'incident.noted',
          kind: 'mentioned',
          rule: 'mentioned',
          reason: 'You get this because somebody mentioned you.',
          policy_version: 0,
          record_id: record,
          is_internal: true,
          in_application: true,
          created_at: tx.author.now,
        })
      tx.journal({ type: 'test.told', subject: { kind: 'person', id: nora.id }, data: {} })
    })
    expect((await nora.api.readHome()).now).toMatchObject([
      { incident: { title: 'Named' }, because: [{ why: 'mentioned' }], notices: [notices[0]?.notice] },
    ])
    expect((await amir.api.readHome()).now).toEqual([])
    await nora.api.readNotification({ params: { id: notices[0]?.notice ?? '' } })
    expect((await nora.api.readHome()).now).toEqual([])
  })

  test('a confidential incident of another team is in nobody else’s banner', async () => {
    await cast.raise(cast.rita, { title: 'Secret', impact: 1, urgency: 1, confidential: true })
    expect((await cast.amir.api.readHome()).critical).toEqual({ rows: [], count: 0 })
  })

  test('requesters have a portal, not this', async () => {
    expect(await refusalOf(cast.rita.api.readHome())).toBe('forbidden')
    expect(await refusalOf(cast.rita.api.readTeamHome())).toBe('forbidden')
  })
})

describe('the load of a team', () => {
  test('by person, with what nobody has, and where it is uneven', async () => {
    const { rita, nora, lena, amir } = cast
    const service = await cast.tenant.service('Switches', cast.networkId)
    for (let index = 0; index < 5; index += 1) {
      const draft = { title: `Switch ${index}`, serviceId: service }
      const { id } = await cast.raise(rita, index === 0 ? { ...draft, impact: 1, urgency: 1 } : draft)
      if (index < 4) await cast.assign(lena, id, { personId: nora.id, teamId: cast.networkId })
      world.clock.advance(minute)
    }
    const { teams } = await lena.api.readTeamHome()
    expect(teams).toMatchObject([
      {
        team: { name: 'Network' },
        open: 5,
        critical: 1,
        unassigned: 1,
        average: 2,
        people: [
          { person: { name: 'Lena' }, open: 0, heavy: false, quietest: null, left: false },
          { person: { name: 'Nora' }, open: 4, critical: 1, heavy: true, left: false },
        ],
      },
    ])
    // Neither leads anything nor may change many at once.
    expect((await amir.api.readTeamHome()).teams).toEqual([])
    expect((await nora.api.readTeamHome()).teams).toEqual([])
  })

  test('names what was handed around more than twice', async () => {
    const { rita, nora, lena, amir } = cast
    const { id } = await cast.raise(rita, { title: 'Handed around' })
    for (const [person, team] of [
      [amir, cast.mailId],
      [nora, cast.networkId],
      [amir, cast.mailId],
      [nora, cast.networkId],
    ] as const)
      await cast.assign(lena, id, { personId: person.id, teamId: team })
    const { pingPong } = await lena.api.readTeamHome()
    expect(pingPong).toMatchObject([{ incident: { title: 'Handed around' } }])
    expect(pingPong[0]?.reassigned).toBeGreaterThan(2)
  })
})

describe('the portal', () => {
  test('shows what waits for me first, then what is open, then what ended; and nothing of others', async () => {
    const { rita, otto, amir } = cast
    await cast.raise(otto, { title: 'Of Otto' })
    const ended = await cast.inState('closed', { title: 'Ended' })
    const open = await cast.inState('new', { title: 'Open' })
    const asked = await cast.inState('in_progress', { title: 'Asked' })
    await cast.move(amir, asked, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    const { things } = await rita.api.readPortal()
    expect(things.map(({ id }) => id)).toEqual([asked, open, ended])
    expect(things).toMatchObject([
      { waitsForMe: 'answer', holdReason: 'caller', mine: true, taken: true },
      { waitsForMe: null, mine: true, taken: false },
      { waitsForMe: null, mine: true },
    ])
    expect((await amir.api.readPortal()).things).toEqual([])
  })

  test('what affects me too is there, and only the caller is asked to confirm', async () => {
    const { rita, otto, lena } = cast
    const id = await cast.inState('in_progress')
    await lena.api.addAffected({ params: { id }, body: { personId: otto.id } })
    expect((await otto.api.readPortal()).things).toMatchObject([{ id, mine: false, waitsForMe: null }])
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'New toner.' })
    expect((await otto.api.readPortal()).things).toMatchObject([{ id, waitsForMe: null }])
    expect((await rita.api.readPortal()).things).toMatchObject([{ id, waitsForMe: 'confirm' }])
  })

  test('a service is known to be down once somebody works on a critical incident; nothing else of it is told', async () => {
    const { rita, otto, amir } = cast
    const service = await cast.tenant.service('Charts', cast.mailId)
    const draft = { title: 'Mrs Silva’s chart', serviceId: service, impact: 1, urgency: 1 } as const
    const { id } = await cast.raise(rita, draft)
    expect((await otto.api.readPortal()).down).toEqual([])
    await cast.assign(amir, id, { personId: amir.id, teamId: cast.mailId })
    await cast.move(amir, id, { action: 'start' })
    const portal = await otto.api.readPortal()
    expect(portal).toMatchObject({ down: [{ service: { name: 'Charts' }, mine: null }], things: [] })
    expect(JSON.stringify(portal)).not.toContain('Silva')
    expect(JSON.stringify(portal)).not.toContain(id)
    expect((await rita.api.readPortal()).down).toMatchObject([{ mine: id }])
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Restarted.' })
    expect((await otto.api.readPortal()).down).toEqual([])
  })

  test('a confidential incident does not say that a service is down', async () => {
    const { otto, amir, lena } = cast
    const service = await cast.tenant.service('Charts', cast.mailId)
    const id = await cast.inState('in_progress', { serviceId: service, impact: 1, urgency: 1 })
    expect((await otto.api.readPortal()).down).toHaveLength(1)
    const { version } = await cast.read(id, lena)
    await amir.api.editIncident({ params: { id }, body: { confidential: true }, version })
    expect((await otto.api.readPortal()).down).toEqual([])
  })

  test('another tenant has its own', async () => {
    await cast.inState('in_progress', {
      serviceId: await cast.tenant.service('Charts', cast.mailId),
      impact: 1,
      urgency: 1,
    })
    const elsewhere = await castOf(world, `elsewhere-${tenants}`)
    expect(await elsewhere.rita.api.readPortal()).toEqual({ down: [], things: [] })
    expect((await elsewhere.amir.api.readHome()).critical.count).toBe(0)
  })
})

describe('withdrawing', () => {
  test.each(['new', 'in_progress', 'on_hold'] as const)('the caller may while it is %s', async (state) => {
    const id = await cast.inState(state)
    await cast.move(cast.rita, id, { action: 'withdraw' })
    expect(await cast.read(id)).toMatchObject({ state: 'canceled', cancelReason: 'withdrawn', hold: null })
    expect((await cast.timeline(id, cast.rita)).at(-1)?.sentence).toBe(
      'Canceled: the caller no longer needs it.',
    )
  })

  test('nobody else may, not even whom it affects too or who works on it', async () => {
    const { otto, amir, lena } = cast
    const id = await cast.inState('in_progress')
    await lena.api.addAffected({ params: { id }, body: { personId: otto.id } })
    expect(await refusalOf(cast.move(otto, id, { action: 'withdraw' }))).toBe('not_ready')
    for (const other of [amir, lena])
      expect(await refusalOf(cast.move(other, id, { action: 'withdraw' }))).toBe('forbidden')
    expect((await cast.read(id)).state).toBe('in_progress')
  })

  test('not while others hang on it, and not once it is resolved', async () => {
    const { rita, otto, lena } = cast
    const id = await cast.inState('in_progress')
    const { id: child } = await cast.raise(otto)
    await lena.api.setIncidentParent({ params: { id: child }, body: { parentId: id }, version: 1 })
    expect(await refusalOf(cast.move(rita, id, { action: 'withdraw' }))).toBe('not_ready')
    const resolved = await cast.inState('resolved')
    expect(await refusalOf(cast.move(rita, resolved, { action: 'withdraw' }))).toBe('not_allowed_here')
  })
})
