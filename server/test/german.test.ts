import { Refused } from '@evenkeel/contract/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from './world.ts'

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
const people = new Map<string, TestPerson>()
const who = (name: string): TestPerson['api'] => {
  const person = people.get(name)
  if (person === undefined) throw new Error(`nobody is called ${name}`)
  return person.api
}

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('seeblick')
  for (const [name, role] of [
    ['Greta', 'requester'],
    ['Jonas', 'agent'],
    ['Sabine', 'team_lead'],
    ['Heike', 'administrator'],
  ] as const) {
    const person = await tenant.person(name, role)
    await person.api.editMe({ body: { language: 'de' } })
    people.set(name, person)
  }
})
afterAll(() => world.end())

/** Words that no German sentence has. */
const english =
  /\b(?:the|of|and|is|are|to|for|with|not|you|your|this|that|it|has|have|been|by|from|cannot|there|nobody|somebody|expected)\b/i

const reasonsOf = async (call: () => Promise<unknown>): Promise<string[]> => {
  const refused: unknown = await call().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(refused instanceof Refused)) throw new Error('it was not refused', { cause: refused })
  return (refused.body.reasons ?? []).map(({ message }) => message)
}

describe('to somebody whose language is German', () => {
  test('every refusal gives its reasons in German', async () => {
    const id = { id: (await who('Greta').raiseIncident({ body: { title: 'Drucker streikt' } })).id }
    const jonas = people.get('Jonas')?.id ?? ''
    const nothing = '018f0000-0000-7000-8000-000000000000'
    const refused = {
      forbidden: () => who('Greta').listRoles(),
      field: () => who('Jonas').listIncidents({ query: { q: 'colour:red' } }),
      choice: () => who('Jonas').listIncidents({ query: { q: 'state:gone' } }),
      sort: () => who('Jonas').listIncidents({ query: { sort: 'description' } }),
      team: () => who('Jonas').assignIncident({ params: id, version: 1, body: { teamId: nothing } }),
      nobody: () => who('Jonas').assignIncident({ params: id, version: 1, body: {} }),
      service: () => who('Jonas').editIncident({ params: id, version: 1, body: { serviceId: nothing } }),
      version: () => who('Jonas').editIncident({ params: id, version: 7, body: { title: 'Anders' } }),
      state: () =>
        who('Jonas').moveIncident({
          params: id,
          version: 1,
          body: { action: 'reopen', reason: 'Doch' },
        }),
      guards: () => who('Jonas').moveIncident({ params: id, version: 1, body: { action: 'start' } }),
      override: () =>
        who('Jonas').overrideIncidentPriority({
          params: id,
          version: 1,
          body: { priority: null, reason: 'Doch' },
        }),
      long: () => who('Jonas').editIncident({ params: id, version: 1, body: { title: 'x'.repeat(5000) } }),
      empty: () => who('Jonas').raiseIncident({ body: { title: '' } }),
      others: () => who('Greta').raiseIncident({ body: { title: 'Für Jonas', requesterId: jonas } }),
      checklist: () => who('Greta').raiseIncident({ body: { title: 'Mit Liste', checklist: ['Toner'] } }),
      self: () =>
        who('Heike').editPerson({
          params: { id: people.get('Heike')?.id ?? '' },
          version: 2,
          body: { isActive: false },
        }),
      address: () => who('Heike').createPerson({ body: { name: 'Neu', email: 'neu@klinik' } }),
      taken: () => who('Heike').createTeam({ body: { name: 'Service desk', members: [] } }),
      key: () => who('Heike').createCustomField({ body: { key: 'A b', label: 'Raum', type: 'text' } }),
      choices: () =>
        who('Heike').createCustomField({
          body: { key: 'raum', label: 'Raum', type: 'choice', choices: [] },
        }),
      views: () =>
        who('Greta').createView({ body: { name: 'Meine', audience: 'everyone', filter: { all: [] } } }),
      preview: () =>
        who('Heike').previewPolicy({
          params: { kind: 'routing' },
          body: { document: { rules: [], servicePick: 'none', catchAllTeamId: null }, last: 10 },
        }),
      calendar: () =>
        who('Heike').previewPolicy({
          params: { kind: 'calendar' },
          body: { name: 'Haus', document: { zone: 'Europe/Nowhere', week: {} }, last: 10 },
        }),
    }
    for (const [name, call] of Object.entries(refused)) {
      const reasons = await reasonsOf(call)
      expect(reasons.length, name).toBeGreaterThan(0)
      for (const reason of reasons) expect(reason.replaceAll(/„[^“]*“/g, ''), name).not.toMatch(english)
    }
  })

  test('what somebody may, what differs, and what the journal says is told in German', async () => {
    const greta = people.get('Greta')
    const { sentences, given } = await who('Heike').explainAccess({
      query: { personId: greta?.id ?? '', permission: 'incident.read' },
    })
    expect(sentences).toEqual([
      'Greta darf: Störungen sehen.',
      'Die Rolle Meldende Person erlaubt es für Vorgänge, die die Person gemeldet hat oder beobachtet oder von denen sie betroffen ist.',
    ])
    expect(given[0]?.role.name).toBe('Meldende Person')
    const { rows } = await who('Heike').listRoles()
    expect(rows.map(({ name }) => name)).toContain('Revision')
    const current = await who('Heike').readPolicy({ params: { kind: 'incident_rules' }, query: {} })
    const { differences, sentence } = await who('Heike').previewPolicy({
      params: { kind: 'incident_rules' },
      body: { document: { ...(current.document as object), autoCloseDays: 3 }, last: 10 },
    })
    expect(differences.map((one) => one.sentence)).toEqual([
      expect.stringMatching(/^Tage bis zum Schließen ändert sich von \d+ zu 3$/),
    ])
    expect(sentence).toBe('Bestehende Vorgänge behalten, was entschieden wurde.')
    const { fields } = await who('Jonas').incidentFilterFields()
    expect(fields.find(({ name }) => name === 'state')?.choices).toContainEqual({
      value: 'new',
      label: 'Neu',
    })
    expect((await who('Jonas').readIncidentFilter({ query: { q: 'state:new priority:<=2' } })).sentence).toBe(
      'Status ist Neu und Priorität ist 1 kritisch oder 2 hoch',
    )
  })

  test('a stranger reads what the browser asks for, and a program English unless it asks', async () => {
    const answer = (headers: Record<string, string>) =>
      world.app.inject({
        method: 'POST',
        url: '/api/v1/session/reset-requests',
        headers,
        payload: { email: 'keine', tenant: 'x' },
      })
    const reasons = async (headers: Record<string, string>): Promise<string> => (await answer(headers)).body
    const german = await reasons({ 'accept-language': 'fr-FR, de-CH;q=0.8, en;q=0.3' })
    const plain = await reasons({})
    expect(german).not.toBe(plain)
    expect(german).toContain('so geschrieben passt das hier nicht')
    expect(await reasons({ 'accept-language': '*' })).toContain('Invalid string')
  })
})
