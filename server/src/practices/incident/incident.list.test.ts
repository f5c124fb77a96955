import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { may, type Grants, type Reach } from '../../kernel/access.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { read, transaction } from '../../platform/postgres/database.ts'
import { accessRows, reachSql } from '../record/index.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let rita: TestPerson
let otto: TestPerson
let amir: TestPerson
let network: string

const numbers = async (person: TestPerson, query: Record<string, unknown>): Promise<string[]> =>
  (await person.api.listIncidents({ query })).rows.map((row) => row.title)

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('lists')
  rita = await tenant.person('Rita Requester', 'requester')
  otto = await tenant.person('Otto Outsider', 'requester')
  amir = await tenant.person('Amir Agent', 'agent')
  const net = await tenant.team('Network', amir)
  network = await tenant.service('Ward network', net)
  const raise = async (
    person: TestPerson,
    body: Parameters<TestPerson['api']['raiseIncident']>[0]['body'],
  ) => {
    world.clock.advance(60_000)
    return person.api.raiseIncident({ body })
  }
  await raise(rita, { title: 'Printer on ward 4 jams', impact: 3, urgency: 3 })
  await raise(rita, { title: 'No network on ward 4', impact: 2, urgency: 1, serviceId: network })
  await raise(otto, {
    title: 'Telephone is silent',
    description: 'No dial tone since the printer moved',
    impact: 1,
    urgency: 1,
  })
  await raise(amir, { title: 'Straße ist zu', confidential: true })
})
afterAll(() => world.end())

describe('a list of incidents', () => {
  test('shows the newest first, and each reader only what is within reach', async () => {
    expect(await numbers(rita, {})).toEqual(['No network on ward 4', 'Printer on ward 4 jams'])
    expect(await numbers(otto, {})).toEqual(['Telephone is silent'])
    expect(await numbers(amir, {})).toEqual([
      'Straße ist zu',
      'Telephone is silent',
      'No network on ward 4',
      'Printer on ward 4 jams',
    ])
  })

  test('the search bar and the JSON filter ask the same and narrow together', async () => {
    expect(await numbers(amir, { q: 'priority:<=2' })).toEqual([
      'Telephone is silent',
      'No network on ward 4',
    ])
    expect(await numbers(amir, { q: 'printer' })).toEqual(['Telephone is silent', 'Printer on ward 4 jams'])
    expect(await numbers(amir, { q: 'service:"Ward network"' })).toEqual(['No network on ward 4'])
    expect(await numbers(amir, { q: 'strasse' })).toEqual(await numbers(amir, { q: 'nothing of the kind' }))
    expect(await numbers(amir, { q: 'straße' })).toEqual(['Straße ist zu'])
    const filter = JSON.stringify({ field: 'state', op: '=', value: 'new' })
    expect(await numbers(amir, { q: 'printer', filter, sort: 'title' })).toEqual([
      'Printer on ward 4 jams',
      'Telephone is silent',
    ])
    expect(await numbers(amir, { q: 'team:my_teams' })).toEqual(['No network on ward 4'])
  })

  test.each(['priority', '-priority,created', 'title', '-updated', 'assignee,-title', 'team'])(
    'pages by %s without losing or repeating a row',
    async (sort) => {
      const whole = await numbers(amir, { sort })
      const paged: string[] = []
      let cursor: string | undefined
      do {
        const page = await amir.api.listIncidents({
          query: { sort, limit: 1, ...(cursor === undefined ? {} : { cursor }) },
        })
        paged.push(...page.rows.map((row) => row.title))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect(paged).toEqual(whole)
      expect(whole).toHaveLength(4)
    },
  )

  test('a cursor of another order is refused', async () => {
    const page = await amir.api.listIncidents({ query: { sort: 'title', limit: 1 } })
    await expect(
      amir.api.listIncidents({ query: { sort: 'priority', cursor: page.next ?? '' } }),
    ).rejects.toMatchObject({ status: 400 })
  })

  test('A4, A5: a hidden field is refused exactly like one that does not exist, in filters and in sorts', async () => {
    for (const [hidden, unknown] of [
      ['reassigned', 'reassigmed'],
      ['impact', 'impacf'],
      ['hold_until', 'hold_umtil'],
    ] as const) {
      const tell = async (query: Record<string, unknown>, name: string) => {
        const refused = await rita.api.listIncidents({ query }).then(
          () => null,
          (error: { status: number; body: object }) => error,
        )
        expect(refused?.status).toBe(400)
        return JSON.stringify({ ...refused?.body, request: '' }).replaceAll(name, 'NAME')
      }
      for (const query of [
        (name: string) => ({ q: `${name}:>1` }),
        (name: string) => ({ sort: name }),
        (name: string) => ({ filter: JSON.stringify({ field: name, op: 'is set' }) }),
      ]) {
        expect(await tell(query(hidden), hidden)).toBe(await tell(query(unknown), unknown))
      }
    }
    expect(await numbers(amir, { q: 'reassigned:=0' })).toHaveLength(4)
  })

  test('A6: a count is of the rows the reader may read, whatever the filter', async () => {
    for (const q of [
      '',
      'printer',
      'priority:<=2',
      'state:new',
      '-priority:1',
      'requester:me',
      'title:ward',
    ]) {
      for (const person of [rita, otto, amir]) {
        const { count } = await person.api.countIncidents({ query: { q } })
        expect(count, `${person.name} ${q}`).toBe((await numbers(person, { q })).length)
      }
    }
  })

  test('A6: many lists are counted with one question, each as it is counted by itself', async () => {
    const lists = [
      {},
      { q: 'printer' },
      { q: 'priority:<=2', filter: JSON.stringify({ field: 'state', op: '=', value: 'new' }) },
      { q: 'team:my_teams' },
      { q: 'requester:"Rita Requester"' },
      { q: 'title:ward' },
    ]
    for (const person of [rita, otto, amir]) {
      const { counts } = await person.api.countIncidentLists({ body: { lists } })
      expect(counts, person.name).toHaveLength(lists.length)
      for (const [index, query] of lists.entries()) {
        const rows = await numbers(person, query).then(
          (titles) => ({ count: titles.length, capped: false }),
          () => null,
        )
        expect(counts[index], `${person.name} ${JSON.stringify(query)}`).toEqual(rows)
      }
    }
    // Of another house nothing counts, whatever it is asked for.
    const stranger = await (await world.tenant('elsewhere')).person('Ella Elsewhere', 'administrator')
    const { counts } = await stranger.api.countIncidentLists({ body: { lists: [{}, { q: 'printer' }] } })
    expect(counts.map((one) => one?.count)).toEqual([0, 0])
  })

  test('A4: a list with a hidden field has no count, like one with an unknown field, and the others have theirs', async () => {
    const { counts } = await rita.api.countIncidentLists({
      body: { lists: [{ q: 'impact:1' }, { q: 'impacf:1' }, { filter: '{' }, { q: 'printer' }] },
    })
    expect(counts).toEqual([null, null, null, { count: 1, capped: false }])
    expect(
      (await amir.api.countIncidentLists({ body: { lists: [{ q: 'impact:1' }] } })).counts[0]?.count,
    ).toBe(1)
    await expect(amir.api.countIncidentLists({ body: { lists: [] } })).rejects.toMatchObject({ status: 422 })
  })

  test('A22: what looks like SQL is text, a refusal, or nothing found', async () => {
    const payloads = [
      "' or 1=1 --",
      "title:'; drop table record; --",
      '"\\"; select pg_sleep(9)"',
      'number:INC) union select 1',
      "created:>now-2d'",
      'sort:1',
      '$1',
      '%',
      '_',
      "\u2019 or ''='",
    ]
    for (const payload of payloads) {
      for (const query of [{ q: payload }, { filter: payload }, { sort: payload }, { cursor: payload }]) {
        const status = await amir.api.listIncidents({ query }).then(
          (page) => (page.rows.length <= 4 ? 200 : 500),
          (error: { status: number }) => error.status,
        )
        expect([200, 400], JSON.stringify(query)).toContain(status)
      }
    }
  })

  test('what is being written finds the open incident about the same, and nothing out of reach', async () => {
    const similar = (person: TestPerson, query: { title: string; serviceId?: string }) =>
      person.api
        .similarIncidents({ query })
        .then(({ incidents }) => incidents.map((one) => [one.title, one.because]))
    expect((await similar(rita, { title: 'printer jams on ward 4' }))[0]).toEqual([
      'Printer on ward 4 jams',
      ['words', 'requester'],
    ])
    expect(await similar(otto, { title: 'printer jams on ward 4' })).toEqual([])
    expect((await similar(amir, { title: 'network gone', serviceId: network }))[0]).toEqual([
      'No network on ward 4',
      expect.arrayContaining(['service']),
    ])
  })

  test('A10: the export has the rows of the list, and a title that is a formula is text', async () => {
    const lead = await tenant.person('Lea Lead', 'team_lead')
    await rita.api.raiseIncident({ body: { title: '=HYPERLINK("http://evil.test","x")' } })
    const answer = await world.app.inject({
      url: '/api/v1/incidents/export?q=requester:' + rita.id,
      headers: { cookie: lead.cookie },
    })
    const lines = answer.payload.trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.test"",""x"")"`)
    expect(
      (await world.app.inject({ url: '/api/v1/incidents/export', headers: { cookie: rita.cookie } }))
        .statusCode,
    ).toBe(403)
  })
})

describe('reach', () => {
  test('the condition of a list and the rule for one record agree, for random rights', async () => {
    const ids = await read(world.database, tenant.id, (q) =>
      q.rows<{ id: string }>({ text: 'select id from record where tenant_id = $1', values: [tenant.id] }),
    )
    const rows = await read(world.database, tenant.id, (q) =>
      accessRows(
        q,
        ids.map((row) => row.id),
      ),
    )
    const scope = fc.constantFrom('own', 'team', 'service', 'all')
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(scope),
        fc.constantFrom(rita, otto, amir),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (scopes, person, inTeam, ofService, closed) => {
          const grants: Grants = new Map([['incident.read', new Set(scopes)]])
          const teams = [...rows.values()].map((row) => row.teamId)
          const reach: Reach = {
            personId: person.id,
            teamIds: new Set(inTeam ? teams.slice(0, 1) : []),
            serviceIds: new Set(ofService ? [network] : []),
            ...(closed ? { closedToConfidential: true } : {}),
          }
          const parameters = parametersFrom(2)
          const condition = reachSql(grants, 'incident.read', reach, parameters)
          const found = await transaction(world.database, tenant.id, 'read only', (_, q) =>
            q.rows<{ id: string }>({
              text: `select r.id from record r where r.tenant_id = $1 and ${condition}`,
              values: [tenant.id, ...parameters.values],
            }),
          )
          const allowed = [...rows]
            .filter(([, row]) => may(grants, 'incident.read', reach, row))
            .map(([id]) => id)
          expect(found.map((row) => row.id).sort()).toEqual(allowed.sort())
        },
      ),
      { numRuns: Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 200) },
    )
  })
})
