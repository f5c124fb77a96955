import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Permission } from '@evenkeel/contract/permission'
import { write } from '../../platform/journal/write.ts'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { clientFor, createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const watch = (by: TestPerson, id: string, personId?: string) =>
  by.api.watchIncident({ params: { id }, body: personId === undefined ? {} : { personId } })
const join = (by: TestPerson, id: string, personId?: string) =>
  by.api.addAffected({ params: { id }, body: personId === undefined ? {} : { personId } })

describe('watching', () => {
  test('whoever may read it may watch it and stop', async () => {
    const { id } = await cast.raise()
    await watch(cast.amir, id)
    await watch(cast.amir, id)
    expect(await cast.read(id, cast.amir)).toMatchObject({
      watching: true,
      watchers: [{ name: 'Amir' }],
    })
    await cast.amir.api.unwatchIncident({ params: { id, personId: cast.amir.id } })
    expect(await cast.read(id, cast.amir)).toMatchObject({ watching: false, watchers: [] })
    const types = (await cast.timeline(id)).map((item) => item.type).slice(2)
    expect(types).toEqual(['incident.watched', 'incident.unwatched'])
  })

  test('somebody added by the desk reads it from then on; the caller does not see who else watches', async () => {
    const { id } = await cast.raise()
    expect(await refusalOf(cast.read(id, cast.otto))).toBe('not_found')
    await watch(cast.lena, id, cast.otto.id)
    expect(await cast.read(id, cast.otto)).toMatchObject({ watching: true, watchers: [{ name: 'Otto' }] })
    expect(await cast.read(id, cast.rita)).toMatchObject({ watching: false, watchers: [] })
    await cast.lena.api.unwatchIncident({ params: { id, personId: cast.otto.id } })
    expect(await refusalOf(cast.read(id, cast.otto))).toBe('not_found')
  })

  // A14: rights that end, end.
  test('watching of one’s own accord gives no rights that outlive the role', async () => {
    const service = await cast.tenant.service('Switches', cast.networkId)
    const { id } = await cast.raise(cast.rita, { serviceId: service })
    await watch(cast.nora, id)
    await cast.lena.api.editIncident({ params: { id }, body: { confidential: true }, version: 1 })
    expect(await refusalOf(cast.read(id, cast.nora))).toBe('none')
    await cast.lena.api.assignIncident({ params: { id }, body: { teamId: cast.mailId }, version: 2 })
    expect(await refusalOf(cast.read(id, cast.nora))).toBe('not_found')
  })

  test('an auditor changes nothing and a key does what it was made for: neither watches', async () => {
    const auditor = await cast.tenant.person('Olga', 'auditor')
    const { id } = await cast.raise()
    expect(await refusalOf(watch(auditor, id))).toBe('forbidden')
    expect((await cast.read(id, auditor)).allowed).toEqual(['incident.read_internal'])
    const keyOf = async (permissions: Permission[]) => {
      const expiresAt = new Date(Date.parse(world.clock.now()) + 86_400_000).toISOString()
      const { secret } = await cast.amir.api.createApiKey({ body: { name: 'k', permissions, expiresAt } })
      return clientFor(world.app, { authorization: `Bearer ${secret}` })
    }
    const reading = await keyOf(['incident.read'])
    expect(await refusalOf(reading.watchIncident({ params: { id }, body: {} }))).toBe('forbidden')
    await (await keyOf(['incident.read', 'incident.watch'])).watchIncident({ params: { id }, body: {} })
    expect(await cast.read(id, cast.amir)).toMatchObject({ watching: true })
  })

  test('a caller shares their incident with nobody, and removes nobody', async () => {
    const { id } = await cast.raise()
    await watch(cast.amir, id)
    expect(await refusalOf(watch(cast.rita, id, cast.otto.id))).toBe('forbidden')
    const remove = cast.rita.api.unwatchIncident({ params: { id, personId: cast.amir.id } })
    expect(await refusalOf(remove)).toBe('forbidden')
  })

  test('who is not there, has left, or is of another tenant, is not added: one answer', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const gone = await cast.tenant.person('Gwen', 'agent')
    await write(world.database, cast.tenant.author(), async (tx) => {
      tx.send({
        text: 'update person set is_active = false where tenant_id = $1 and id = $2',
        values: [cast.tenant.id, gone.id],
      })
      tx.journal({ type: 'person.deactivated', subject: { kind: 'person', id: gone.id }, data: {} })
    })
    const { id } = await cast.raise()
    const unknown = '018f0000-0000-7000-8000-000000000001'
    for (const work of [watch, join])
      for (const personId of [elsewhere.otto.id, gone.id, unknown])
        await expect(work(cast.lena, id, personId)).rejects.toMatchObject({
          body: { code: 'invalid', reasons: [{ field: 'personId', message: 'there is no such person' }] },
        })
    expect(await cast.read(id)).toMatchObject({ watchers: [], affected: { count: 0 } })
  })

  test('who watched by themselves and is then added by somebody reads it by that', async () => {
    const { id } = await cast.raise(cast.rita, { confidential: true })
    const desk = await cast.tenant.person('Dora', 'agent')
    await cast.tenant.team('Second desk', desk)
    const { id: open } = await cast.raise(cast.rita)
    await watch(desk, open)
    await watch(cast.lena, open, desk.id)
    await cast.lena.api.editIncident({ params: { id: open }, body: { confidential: true }, version: 1 })
    expect(await refusalOf(cast.read(open, desk))).toBe('none')
    expect(await refusalOf(cast.read(id, desk))).toBe('not_found')
  })
})

describe('it happens to me too', () => {
  test('adds one affected person, once, who then reads what the caller reads', async () => {
    const { id } = await cast.raise()
    await join(cast.lena, id, cast.otto.id)
    await join(cast.lena, id, cast.otto.id)
    expect(await cast.read(id, cast.otto)).toMatchObject({
      affected: { count: 1, includesMe: true },
      routing: null,
    })
    // How many, not who: that is between each of them and the desk.
    expect((await cast.read(id, cast.rita)).affected).toEqual({ count: 1, includesMe: false, people: [] })
  })

  test('somebody it was shared with says so themselves', async () => {
    const { id } = await cast.raise()
    await watch(cast.lena, id, cast.otto.id)
    await join(cast.otto, id)
    expect((await cast.read(id, cast.otto)).affected).toEqual({
      count: 1,
      includesMe: true,
      people: [{ id: cast.otto.id, name: 'Otto' }],
    })
  })

  // A1, A2: an id that somebody came by must not become a way to read.
  test('what somebody may not read is not there to be joined, whether it exists or not', async () => {
    const { id } = await cast.raise()
    const unknown = '018f0000-0000-7000-8000-000000000001'
    for (const one of [id, unknown]) expect(await refusalOf(join(cast.otto, one))).toBe('not_found')
    expect(await refusalOf(cast.read(id, cast.otto))).toBe('not_found')
    expect((await cast.read(id)).affected.count).toBe(0)
  })

  test('the caller is affected anyway and not counted again', async () => {
    const { id } = await cast.raise()
    await join(cast.rita, id)
    expect((await cast.read(id)).affected.count).toBe(0)
  })

  test('a confidential incident is joined by nobody who may not read it: it is not there', async () => {
    const { id } = await cast.raise(cast.rita, { confidential: true })
    const desk = await cast.tenant.person('Denis', 'agent')
    expect(await refusalOf(join(desk, id))).toBe('not_found')
    expect(await refusalOf(join(cast.otto, id))).toBe('not_found')
  })

  test('an incident of another tenant is not there', async () => {
    const elsewhere = await castOf(world, 'further')
    const { id } = await elsewhere.raise()
    expect(await refusalOf(join(cast.amir, id))).toBe('not_found')
  })

  test('what is over is joined by nobody', async () => {
    for (const state of ['resolved', 'closed', 'canceled'] as const)
      expect(await refusalOf(join(cast.amir, await cast.inState(state)))).toBe('not_allowed_here')
  })

  test('leaving again takes the view along; others are added and removed by the desk alone', async () => {
    const { id } = await cast.raise()
    await join(cast.lena, id, cast.otto.id)
    const remove = (by: TestPerson) => by.api.removeAffected({ params: { id, personId: cast.otto.id } })
    expect(await refusalOf(remove(cast.rita))).toBe('forbidden')
    expect(await refusalOf(join(cast.rita, id, cast.otto.id))).toBe('forbidden')
    await remove(cast.otto)
    expect(await refusalOf(cast.read(id, cast.otto))).toBe('not_found')
    expect(await refusalOf(join(cast.otto, id))).toBe('not_found')
    await join(cast.lena, id, cast.otto.id)
    await remove(cast.lena)
    expect((await cast.read(id)).affected.count).toBe(0)
    const over = await cast.inState('in_progress')
    await join(cast.lena, over, cast.otto.id)
    await cast.move(cast.amir, over, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await cast.otto.api.removeAffected({ params: { id: over, personId: cast.otto.id } })
    expect((await cast.read(over)).affected.count).toBe(0)
  })
})
