import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'groups')
  const network = await cast.tenant.service('Ward network', cast.networkId)
  await cast.raise(cast.rita, { title: 'One', serviceId: network })
  await cast.raise(cast.otto, { title: 'Two', serviceId: network })
  const three = await cast.raise(cast.otto, { title: 'Three' })
  await cast.assign(cast.lena, three.id, { personId: cast.amir.id })
  await cast.inState('closed', { title: 'Four' })
})
afterAll(() => world.end())

/** Two people of one name; their addresses differ. */
const namesakes = async (name: string, role: 'agent' | 'requester') => {
  const people = [await cast.tenant.person(`${name} I`, role), await cast.tenant.person(`${name} II`, role)]
  const ada = await cast.tenant.person(`Ada of ${name}`, 'administrator')
  for (const { id } of people) await ada.api.editPerson({ params: { id }, body: { name }, version: 1 })
  return people
}

const groups = async (by: string, query: { q?: string } = {}, reader: TestPerson = cast.lena) =>
  (await reader.api.groupIncidents({ query: { by, ...query } })).groups.map(({ label, count }) => [
    label,
    count,
  ])

describe('a list divided by a field', () => {
  test('has the values in the order of the list, with the count of each and of those without one', async () => {
    expect(await groups('state')).toEqual([
      ['New', 3],
      ['Closed', 1],
    ])
    expect(await groups('-state')).toEqual([
      ['Closed', 1],
      ['New', 3],
    ])
    expect(await groups('service')).toEqual([
      ['Ward network', 2],
      ['', 2],
    ])
    expect(await groups('assignee', { q: 'open:true' })).toEqual([
      ['Amir', 1],
      ['', 2],
    ])
  })

  test('counts what its reader may read', async () => {
    expect(await groups('state', {}, cast.otto)).toEqual([['New', 2]])
  })

  test('follows the list: rows sorted by the field come group by group', async () => {
    const { rows } = await cast.lena.api.listIncidents({ query: { sort: 'service,title' } })
    expect(rows.map((row) => [row.service?.name, row.title])).toEqual([
      ['Ward network', 'One'],
      ['Ward network', 'Two'],
      [undefined, 'Four'],
      [undefined, 'Three'],
    ])
  })

  test('two people who share a name stay apart', async () => {
    const twins = await namesakes('Twin', 'agent')
    await cast.tenant.team('Twins', ...twins)
    for (const twin of [...twins, ...twins]) {
      const { id } = await cast.raise(cast.rita, { title: 'Shared' })
      await cast.assign(cast.lena, id, { personId: twin.id })
    }
    expect(await groups('assignee', { q: 'title:Shared' })).toEqual([
      ['Twin', 2],
      ['Twin', 2],
    ])
    const { rows } = await cast.lena.api.listIncidents({ query: { q: 'title:Shared', sort: 'assignee' } })
    const order = rows.map((row) => row.assignee?.id)
    expect(order[0]).toBe(order[1])
    expect(order[2]).toBe(order[3])
  })

  test.each(['title', 'nothing', 'state,priority', 'reassigned'])('cannot be divided by %s', async (by) => {
    await expect(groups(by, {}, cast.rita)).rejects.toMatchObject({
      status: 400,
      body: { code: 'unknown_field' },
    })
  })
})

describe('a filter in all its forms', () => {
  const forms = (query: { q?: string; filter?: string }, reader: TestPerson = cast.lena) =>
    reader.api.readIncidentFilter({ query })

  test('goes from text to JSON and back, with the names of what it names', async () => {
    const q = 'priority:<=2 (team:Network or -assignee:me)'
    const read = await forms({ q })
    expect(read).toMatchObject({
      filter: {
        all: [
          { field: 'priority', op: '<=', value: '2' },
          {
            any: [
              { field: 'team', op: '=', value: cast.networkId },
              { not: { field: 'assignee', op: '=', value: 'me' } },
            ],
          },
        ],
      },
      text: q,
      names: [{ id: cast.networkId, name: 'Network' }],
    })
    expect(await forms({ filter: JSON.stringify(read.filter) })).toEqual(read)
    expect((await forms({})).filter).toEqual({ all: [] })
  })

  test('knows callers by name and address, though they are in no team', async () => {
    const byName = await forms({ q: 'caller:Rita' })
    expect(byName).toMatchObject({
      filter: { field: 'requester', op: '=', value: cast.rita.id },
      text: 'requester:Rita',
    })
    const { rows } = await cast.lena.api.listIncidents({ query: { q: 'requester:Otto', sort: 'title' } })
    expect(rows.map((row) => row.title)).toEqual(['Three', 'Two'])
    await cast.lena.api.createView({ body: { name: 'Hers', filter: byName.filter } })
    expect((await cast.lena.api.listViews()).views).toMatchObject([{ text: 'requester:Rita' }])
  })

  test('names people only to those who may look people up', async () => {
    await expect(forms({ q: 'requester:Otto' }, cast.rita)).rejects.toMatchObject({
      status: 400,
      body: { reasons: [{ code: 'not_a_reference', field: 'q:10-14' }] },
    })
    expect((await forms({ q: `requester:${cast.otto.id}` }, cast.rita)).names).toEqual([])
  })

  test('of somebody who shares a name is written by address', async () => {
    const [one] = await namesakes('Doppel', 'requester')
    const { text } = await forms({ q: `requester:${one?.id ?? ''}` })
    expect(text).toMatch(/^requester:\S+@\S+$/)
    expect((await forms({ q: text })).filter).toMatchObject({ value: one?.id })
    await expect(forms({ q: 'requester:Doppel' })).rejects.toMatchObject({ status: 400 })
  })
})

describe('a view to begin with', () => {
  test('is one’s own choice, and no longer one when it is gone or taken away', async () => {
    const filter = { all: [] }
    const { id, version } = await cast.lena.api.createView({
      body: { name: 'All', audience: 'everyone', filter, group: '-state', columns: ['*number', 'title'] },
    })
    expect((await cast.amir.api.listViews()).defaultId).toBeNull()
    await cast.amir.api.setDefaultView({ body: { viewId: id } })
    await cast.lena.api.setDefaultView({ body: { viewId: id } })
    const seen = await cast.amir.api.listViews()
    expect(seen.defaultId).toBe(id)
    expect(seen.views.find((view) => view.id === id)).toMatchObject({
      group: '-state',
      columns: ['*number', 'title'],
      mayChange: false,
    })
    await cast.lena.api.editView({ params: { id }, body: { audience: 'mine' }, version })
    expect((await cast.amir.api.listViews()).defaultId).toBeNull()
    await expect(cast.amir.api.setDefaultView({ body: { viewId: id } })).rejects.toMatchObject({
      status: 404,
    })
    expect((await cast.lena.api.listViews()).defaultId).toBe(id)
    await cast.lena.api.setDefaultView({ body: { viewId: null } })
    expect((await cast.lena.api.listViews()).defaultId).toBeNull()
    await cast.lena.api.setDefaultView({ body: { viewId: id } })
    await cast.lena.api.deleteView({ params: { id } })
    expect((await cast.lena.api.listViews()).defaultId).toBeNull()
  })
})

describe('what a list finds, at once', () => {
  test('is looked up by the preview, in the order of the list, and told when it is more than one action takes', async () => {
    const steps = [{ do: 'set', fields: { category: 'Fire' } } as const]
    const preview = await cast.lena.api.previewBulk({
      body: { list: { q: 'service:"Ward network"', sort: '-title' }, steps },
    })
    expect(preview).toMatchObject({ count: 2, ready: 2, found: { count: 2, capped: false } })
    expect(preview.records.map((record) => record.title)).toEqual(['Two', 'One'])
    for (const body of [{ steps }, { ids: preview.records.map(({ id }) => id), list: {}, steps }])
      await expect(cast.lena.api.previewBulk({ body })).rejects.toMatchObject({ status: 422 })
    await expect(
      cast.lena.api.previewBulk({ body: { list: { q: 'colour:red' }, steps } }),
    ).rejects.toMatchObject({ status: 400, body: { code: 'unknown_field' } })
  })
})

describe('an export', () => {
  const exported = async (query: string) => {
    const answer = await world.app.inject({
      url: `/api/v1/incidents/export?${query}`,
      headers: { cookie: cast.lena.cookie },
    })
    return { status: answer.statusCode, lines: answer.body.replace('\uFEFF', '').trimEnd().split('\r\n') }
  }

  test('has the columns, the order and the filter of the list', async () => {
    const { lines } = await exported('q=service:"Ward network"&sort=-title&columns=title,service')
    expect(lines).toEqual(['Title,Service', 'Two,Ward network', 'One,Ward network'])
  })

  test('of a column that does not exist is refused', async () => {
    expect((await exported('columns=title,secret')).status).toBe(400)
  })
})
