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

const adopt = async (child: string, parentId: string | null, by: TestPerson = cast.amir) =>
  by.api.setIncidentParent({
    params: { id: child },
    body: { parentId },
    version: (await cast.read(child)).version,
  })
/** A parent of Rita's at work, with as many children of Otto's. */
const family = async (children: number) => {
  const parent = await cast.inState('in_progress')
  const ids: string[] = []
  for (let at = 0; at < children; at += 1) {
    const { id } = await cast.raise(cast.otto, { title: `Also at desk ${at}` })
    await adopt(id, parent)
    ids.push(id)
  }
  return { parent, ids }
}
const resolve = (
  parent: string,
  children?: { resolve?: string[]; except?: { id: string; reason: string }[] },
  by: TestPerson = cast.amir,
) =>
  cast.move(by, parent, {
    action: 'resolve',
    code: 'fixed',
    notes: 'New fuser.',
    ...(children === undefined
      ? {}
      : { children: { resolve: children.resolve ?? [], except: children.except ?? [] } }),
  })

describe('parent and child', () => {
  test('both pages show it, and both timelines tell of it', async () => {
    const { parent, ids } = await family(1)
    const [child = ''] = ids
    expect((await cast.read(child)).parent?.id).toBe(parent)
    expect((await cast.read(parent)).children.map((one) => one.id)).toEqual([child])
    const numbers = { parent: (await cast.read(parent)).number, child: (await cast.read(child)).number }
    expect((await cast.timeline(child)).at(-1)?.sentence).toBe(`Became a child of ${numbers.parent}.`)
    expect((await cast.timeline(parent)).at(-1)?.sentence).toBe(`${numbers.child} became a child of it.`)
    await adopt(child, null)
    expect((await cast.read(parent)).children).toEqual([])
    expect((await cast.timeline(parent)).at(-1)?.sentence).toBe(
      `${numbers.child} is no child of it any more.`,
    )
  })

  test('a caller sees neither parent nor siblings of theirs that are not their own', async () => {
    const { parent, ids } = await family(1)
    expect((await cast.read(ids[0] ?? '', cast.otto)).parent).toBeNull()
    expect((await cast.read(parent, cast.rita)).children).toEqual([])
  })

  test('one level: a child has no children, a parent no parent, and nobody is their own', async () => {
    const { parent, ids } = await family(1)
    const [child = ''] = ids
    const other = await cast.inState('in_progress')
    for (const [one, two] of [
      [other, child],
      [parent, other],
      [other, other],
    ] as const)
      expect(await refusalOf(adopt(one, two))).toBe('invalid')
  })

  test('two that become each other’s parent at once: one does', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [(await cast.raise()).id, (await cast.raise()).id]
      const answers = await Promise.all([refusalOf(adopt(one, two)), refusalOf(adopt(two, one))])
      expect(answers.sort()).toEqual(['invalid', 'none'])
    }
  })

  test('what is over neither adopts nor is adopted', async () => {
    const { id } = await cast.raise()
    for (const state of ['resolved', 'closed', 'canceled'] as const) {
      const over = await cast.inState(state)
      expect(await refusalOf(adopt(id, over))).toBe('not_allowed_here')
      expect(await refusalOf(adopt(over, id))).toBe('not_allowed_here')
    }
  })

  test('a foreign, an unknown and a hidden parent get one answer', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const { id } = await cast.raise()
    const hidden = await cast.raise(cast.rita, { confidential: true })
    for (const parentId of [(await elsewhere.raise()).id, '018f0000-0000-7000-8000-000000000001', hidden.id])
      await expect(adopt(id, parentId)).rejects.toMatchObject({
        status: 422,
        body: { reasons: [{ field: 'parentId', message: 'there is no such incident' }] },
      })
  })

  test('it takes the right to link both, not only the child', async () => {
    const pia = await cast.personWith('Pia', { 'incident.read': 'all', 'incident.link': 'team' })
    const team = await cast.tenant.team('Paper', pia)
    const { id } = await cast.raise()
    await cast.assign(cast.lena, id, { teamId: team })
    const parent = (await cast.raise()).id
    expect(await refusalOf(adopt(id, parent, pia))).toBe('forbidden')
    await cast.assign(cast.lena, parent, { teamId: team })
    expect(await refusalOf(adopt(id, parent, pia))).toBe('none')
  })

  test('a parent is not canceled over the heads of its open children', async () => {
    const { parent } = await family(2)
    await expect(
      cast.move(cast.lena, parent, { action: 'cancel', reason: 'not_an_incident' }),
    ).rejects.toMatchObject({
      body: { reasons: [{ code: 'no_open_children', message: expect.stringContaining('2 open children') }] },
    })
  })
})

describe('resolving a parent', () => {
  test('the preview names the open children and how many people hear of it', async () => {
    const { parent, ids } = await family(2)
    await cast.lena.api.addAffected({ params: { id: parent }, body: { personId: cast.otto.id } })
    const preview = await cast.amir.api.previewResolve({ params: { id: parent } })
    expect(preview.children.map((child) => [child.id, child.state, child.requester?.name])).toEqual(
      ids.map((id) => [id, 'new', 'Otto']),
    )
    // Rita and Otto, once each.
    expect(preview.people).toBe(2)
    expect(await refusalOf(cast.rita.api.previewResolve({ params: { id: parent } }))).toBe('forbidden')
  })

  test('a child outside one’s reach is counted in the preview, without its name', async () => {
    const { parent, ids } = await family(1)
    const [child = ''] = ids
    await cast.lena.api.editIncident({
      params: { id: child },
      body: { confidential: true },
      version: (await cast.read(child)).version,
    })
    const preview = await cast.amir.api.previewResolve({ params: { id: parent } })
    expect(preview.children).toEqual([
      { id: child, number: null, title: null, state: 'new', requester: null },
    ])
  })

  test('is refused while a child is neither resolved with it nor excepted', async () => {
    const { parent, ids } = await family(2)
    for (const children of [undefined, {}, { resolve: ids.slice(0, 1) }])
      await expect(resolve(parent, children)).rejects.toMatchObject({
        body: { code: 'not_ready', reasons: [{ code: 'children_handled' }] },
      })
    expect((await cast.read(parent)).state).toBe('in_progress')
    expect((await cast.read(ids[0] ?? '')).state).toBe('new')
  })

  test('resolves the children named, each as an incident of its own, caused by the parent', async () => {
    const { parent, ids } = await family(2)
    await cast.assign(cast.amir, ids[1] ?? '', { personId: cast.amir.id })
    await cast.move(cast.amir, ids[1] ?? '', { action: 'start' })
    await cast.move(cast.amir, ids[1] ?? '', { action: 'hold', reason: 'parts' })
    await resolve(parent, { resolve: ids })
    for (const id of ids) {
      expect(await cast.read(id, cast.otto)).toMatchObject({
        state: 'resolved',
        hold: null,
        resolution: { code: 'with_parent', notes: 'New fuser.', by: { name: 'Amir' } },
        resolvedAt: world.clock.now(),
        autoCloseAt: (await cast.read(parent)).autoCloseAt,
      })
    }
    expect((await cast.timeline(ids[1] ?? '')).at(-1)).toMatchObject({
      type: 'incident.resolved',
      sentence: 'Resolved: together with the incident it belongs to.',
    })
  })

  test('a child kept open has its reason on its own timeline, for the team', async () => {
    const { parent, ids } = await family(2)
    const [one = '', two = ''] = ids
    await resolve(parent, { resolve: [one], except: [{ id: two, reason: 'Another fuse.' }] })
    expect(await cast.read(two)).toMatchObject({ state: 'new' })
    expect((await cast.timeline(two)).at(-1)?.sentence).toBe(
      'Stays open although its parent was resolved: Another fuse.',
    )
    expect((await cast.timeline(two, cast.otto)).map((item) => item.type)).toEqual(['incident.raised'])
  })

  test('only its own children are named, and each once', async () => {
    const { parent, ids } = await family(1)
    const stranger = (await cast.raise()).id
    for (const children of [
      { resolve: [...ids, stranger] },
      { resolve: ids, except: [{ id: stranger, reason: 'not mine' }] },
      { resolve: ids, except: [{ id: ids[0] ?? '', reason: 'both' }] },
    ])
      expect(await refusalOf(resolve(parent, children))).toBe('invalid')
    expect((await cast.read(stranger)).state).toBe('new')
  })

  test('a child that ended in the meantime needs nothing any more', async () => {
    const { parent, ids } = await family(2)
    await cast.move(cast.lena, ids[0] ?? '', { action: 'cancel', reason: 'raised_in_error' })
    await resolve(parent, { resolve: ids })
    expect((await cast.read(ids[0] ?? '')).state).toBe('canceled')
    expect((await cast.read(ids[1] ?? '')).state).toBe('resolved')
  })

  test('a child that came in the meantime is not resolved unseen', async () => {
    const { parent, ids } = await family(1)
    const late = (await cast.raise(cast.otto)).id
    await adopt(late, parent)
    expect(await refusalOf(resolve(parent, { resolve: ids }))).toBe('not_ready')
    expect((await cast.read(late)).state).toBe('new')
  })

  test('a child that is still broken reopens alone', async () => {
    const { parent, ids } = await family(2)
    await resolve(parent, { resolve: ids })
    await cast.move(cast.otto, ids[0] ?? '', { action: 'still_broken', reason: 'Still smoking.' })
    expect(await cast.read(ids[0] ?? '')).toMatchObject({ state: 'in_progress', reopenCount: 1 })
    expect((await cast.read(ids[1] ?? '')).state).toBe('resolved')
    expect((await cast.read(parent)).state).toBe('resolved')
  })

  test('resolving the parent and adopting a child at once: the child is resolved or refused, never forgotten', async () => {
    for (let round = 0; round < 5; round += 1) {
      const parent = await cast.inState('in_progress')
      const late = (await cast.raise(cast.otto)).id
      const [resolved, adopted] = await Promise.all([
        refusalOf(resolve(parent)),
        refusalOf(adopt(late, parent)),
      ])
      const [after, child] = [await cast.read(parent), await cast.read(late)]
      if (after.state === 'resolved') expect([adopted, child.parent]).toEqual(['not_allowed_here', null])
      else expect([resolved, child.parent?.id]).toEqual(['not_ready', parent])
    }
  })
})
