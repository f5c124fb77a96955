import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let ada: TestPerson
let amir: TestPerson
let rita: TestPerson

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('fields')
  ada = await tenant.person('Ada', 'administrator')
  amir = await tenant.person('Amir', 'agent')
  rita = await tenant.person('Rita', 'requester')
  const add = (body: Parameters<typeof ada.api.createCustomField>[0]['body']) =>
    ada.api.createCustomField({ body })
  await add({ key: 'room', label: 'Room', type: 'text', isInternal: false })
  await add({ key: 'floor', label: 'Floor', type: 'number', isInternal: false })
  await add({ key: 'cause', label: 'Cause', type: 'choice', choices: ['cable', 'power'] })
  await add({ key: 'visited', label: 'Visited', type: 'date' })
  await add({ key: 'paid', label: 'Paid', type: 'boolean' })
})
afterAll(() => world.end())

describe('a custom field', () => {
  test('is validated by its type, each fault by name, and nothing is kept', async () => {
    const wrong = { room: 4, floor: 'two', cause: 'ghost', visited: '2026-02-30', paid: 'yes', shoe: 44 }
    const refused = await amir.api
      .raiseIncident({ body: { title: 'Wrong', custom: wrong } })
      .catch((error: { status: number; body: { reasons: { field: string }[] } }) => error)
    expect(refused).toMatchObject({ status: 422 })
    expect('body' in refused ? refused.body.reasons.map((reason) => reason.field).sort() : []).toEqual(
      Object.keys(wrong)
        .map((key) => `custom.${key}`)
        .sort(),
    )
    expect((await amir.api.listIncidents({ query: { q: 'title:wrong' } })).rows).toEqual([])
  })

  test('is kept, shown, edited, taken away with null, and filtered and sorted by', async () => {
    const raise = (title: string, custom: Record<string, string | number | boolean | null>) =>
      amir.api.raiseIncident({ body: { title, custom } })
    const one = await raise('One', {
      room: 'B-113',
      floor: 2,
      cause: 'cable',
      visited: '2026-03-01',
      paid: true,
    })
    await raise('Two', { room: 'A-7', floor: 11 })
    await raise('Three', {})
    const titles = async (query: Record<string, unknown>) =>
      (await amir.api.listIncidents({ query })).rows.map((row) => row.title)
    expect(await titles({ q: 'custom.floor:>=2', sort: '-custom.floor' })).toEqual(['Two', 'One'])
    expect(await titles({ q: 'custom.room:b-113' })).toEqual(['One'])
    expect(await titles({ q: 'custom.cause:cable custom.paid:yes custom.visited:<2026-03-02' })).toEqual([
      'One',
    ])
    for (const key of ['cause', 'visited', 'paid'])
      expect((await titles({ sort: `custom.${key}` }))[0]).toBe('One')
    // Free text is in no order that an index could keep.
    await expect(titles({ sort: 'custom.room' })).rejects.toMatchObject({ status: 400 })
    const { fields } = await amir.api.incidentFilterFields()
    expect(
      fields.filter(({ name, sortable }) => name.startsWith('custom.') && !sortable).map(({ name }) => name),
    ).toEqual(['custom.room'])
    await amir.api.editIncident({
      params: { id: one.id },
      body: { custom: { cause: null, floor: 3 } },
      version: 1,
    })
    expect((await amir.api.readIncident({ params: { id: one.id } })).custom).toEqual({
      room: 'B-113',
      floor: 3,
      visited: '2026-03-01',
      paid: true,
    })
    await expect(
      amir.api.editIncident({ params: { id: one.id }, body: { custom: { floor: 'three' } }, version: 2 }),
    ).rejects.toMatchObject({ status: 422 })
  })

  test('meant for the team does not exist for requesters: not to write, not to filter by, not to see', async () => {
    const unknown = {
      status: 422,
      body: { reasons: [{ field: 'custom.cause', message: 'there is no such field' }] },
    }
    await expect(
      rita.api.raiseIncident({ body: { title: 'Mine', custom: { cause: 'cable' } } }),
    ).rejects.toMatchObject(unknown)
    await expect(rita.api.listIncidents({ query: { q: 'custom.cause:cable' } })).rejects.toMatchObject({
      status: 400,
    })
    expect((await rita.api.listCustomFields()).fields.map((field) => field.key)).toEqual(['floor', 'room'])
    const { id } = await amir.api.raiseIncident({
      body: { title: 'Hers', requesterId: rita.id, custom: { cause: 'power', room: 'C-1' } },
    })
    expect((await rita.api.readIncident({ params: { id } })).custom).toEqual({ room: 'C-1' })
  })

  test('is a column of the list and of its export for those who may see it, and for others does not exist', async () => {
    const { id } = await amir.api.raiseIncident({
      body: {
        title: 'Columns',
        requesterId: rita.id,
        custom: { room: '=1+1', floor: 3, cause: 'power', paid: false, visited: '2026-03-02' },
      },
    })
    const rowFor = async (person: TestPerson, custom?: string) =>
      (
        await person.api.listIncidents({
          query: { q: 'title:columns', ...(custom === undefined ? {} : { custom }) },
        })
      ).rows.find((row) => row.id === id)?.custom
    expect(await rowFor(amir)).toEqual({})
    expect(await rowFor(amir, 'cause,paid,floor')).toEqual({ cause: 'power', paid: false, floor: 3 })
    expect(await rowFor(rita, 'room,floor')).toEqual({ room: '=1+1', floor: 3 })
    for (const hidden of ['cause', 'causf']) {
      const refused = await rowFor(rita, `room,${hidden}`).catch((error: { status: number }) => error)
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'unknown_field', reasons: [{ message: `there is no column “custom.${hidden}”` }] },
      })
    }
    const file = async (person: TestPerson, columns: string) =>
      world.app.inject({
        url: `/api/v1/incidents/export?q=title:columns&columns=${columns}`,
        headers: { cookie: person.cookie },
      })
    const lead = await tenant.person('Lena', 'team_lead')
    const { payload } = await file(
      lead,
      'custom.cause,title,custom.paid,custom.floor,custom.visited,custom.room',
    )
    expect(payload.replace('\uFEFF', '').trim().split('\r\n')).toEqual([
      'Cause,Title,Paid,Floor,Visited,Room',
      `power,Columns,no,3,2026-03-02,'=1+1`,
    ])
    expect((await file(lead, 'title,custom.shoe')).statusCode).toBe(400)
    expect((await file(rita, 'title,custom.room')).statusCode).toBe(403)
    const other = await (await world.tenant('fields-elsewhere')).person('Ella', 'administrator')
    await expect(other.api.listIncidents({ query: { custom: 'room' } })).rejects.toMatchObject({
      status: 400,
    })
  })

  test('that is required is asked for when an incident is made, and a retired one is no longer', async () => {
    const { id, version } = await ada.api.createCustomField({
      body: { key: 'bed', label: 'Bed', type: 'text', isInternal: false, isRequired: true },
    })
    await expect(rita.api.raiseIncident({ body: { title: 'No bed' } })).rejects.toMatchObject({
      status: 422,
      body: { reasons: [{ field: 'custom.bed', message: 'Bed is needed' }] },
    })
    await rita.api.raiseIncident({ body: { title: 'Bed', custom: { bed: '7' } } })
    await expect(
      ada.api.editCustomField({ params: { id }, body: { isActive: false }, version: version + 1 }),
    ).rejects.toMatchObject({ status: 400 })
    await ada.api.editCustomField({ params: { id }, body: { isActive: false }, version })
    await rita.api.raiseIncident({ body: { title: 'No bed needed' } })
    await expect(
      ada.api.editCustomField({ params: { id }, body: { label: 'Late' }, version }),
    ).rejects.toMatchObject({ status: 409 })
  })

  test('is defined by administrators only, once per key, with choices where they belong', async () => {
    const body = { key: 'room', label: 'Room', type: 'text' } as const
    await expect(amir.api.createCustomField({ body })).rejects.toMatchObject({ status: 403 })
    await expect(ada.api.createCustomField({ body })).rejects.toMatchObject({ status: 409 })
    await expect(
      ada.api.createCustomField({ body: { ...body, key: 'x', choices: ['a'] } }),
    ).rejects.toMatchObject({ status: 422 })
    await expect(
      ada.api.createCustomField({ body: { ...body, key: 'y', type: 'choice' } }),
    ).rejects.toMatchObject({ status: 422 })
    await expect(ada.api.createCustomField({ body: { ...body, key: '__proto__' } })).rejects.toMatchObject({
      status: 422,
    })
  })
})

describe('a saved view', () => {
  const filter = { field: 'priority', op: '=', value: '1' } as const

  test('is its owner’s, shows its filter as the search bar would, and can be changed and deleted', async () => {
    const { id, version } = await amir.api.createView({ body: { name: 'Burning', filter } })
    expect((await amir.api.listViews()).views).toMatchObject([
      { name: 'Burning', text: 'priority:1', owner: { name: 'Amir' }, audience: 'mine' },
    ])
    expect((await ada.api.listViews()).views).toEqual([])
    await expect(ada.api.editView({ params: { id }, body: { name: 'Hers' }, version })).rejects.toMatchObject(
      { status: 404 },
    )
    await amir.api.editView({ params: { id }, body: { name: 'On fire', sort: 'priority' }, version })
    expect((await amir.api.listViews()).views).toMatchObject([{ name: 'On fire', sort: 'priority' }])
    await amir.api.deleteView({ params: { id } })
    expect((await amir.api.listViews()).views).toEqual([])
  })

  test('is shared only by those who may, and one about a field the reader cannot see is not shown to them', async () => {
    const lead = await tenant.person('Lea', 'team_lead')
    await expect(
      amir.api.createView({ body: { name: 'Ours', audience: 'everyone', filter } }),
    ).rejects.toMatchObject({ status: 403 })
    await lead.api.createView({ body: { name: 'Everyone’s', audience: 'everyone', filter } })
    await lead.api.createView({
      body: { name: 'Bounced', audience: 'everyone', filter: { field: 'reassigned', op: '>', value: 2 } },
    })
    expect((await amir.api.listViews()).views.map((view) => view.name)).toEqual(['Bounced', 'Everyone’s'])
    expect((await rita.api.listViews()).views.map((view) => view.name)).toEqual(['Everyone’s'])
    await expect(
      rita.api.createView({ body: { name: 'Guess', filter: { field: 'reassigned', op: '>', value: 2 } } }),
    ).rejects.toMatchObject({ status: 400, body: { code: 'unknown_field' } })
  })

  test('of a team needs a team one is in', async () => {
    const lead = await tenant.person('Leo', 'team_lead')
    const teamId = await tenant.team('Owls', lead, amir)
    await expect(
      lead.api.createView({ body: { name: 'T', audience: 'team', filter } }),
    ).rejects.toMatchObject({ status: 422 })
    await expect(
      lead.api.createView({ body: { name: 'T', audience: 'team', teamId: tenant.deskId, filter } }),
    ).rejects.toMatchObject({ status: 422 })
    await lead.api.createView({ body: { name: 'Owls only', audience: 'team', teamId, filter } })
    expect((await amir.api.listViews()).views.map((view) => view.name)).toContain('Owls only')
    expect((await ada.api.listViews()).views.map((view) => view.name)).not.toContain('Owls only')
  })
})
