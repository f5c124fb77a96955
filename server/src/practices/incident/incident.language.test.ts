import type { MoveIncident } from '@evenkeel/contract/incident'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { pickPerson } from '../routing/index.ts'
import { incidentEntries } from './incident.entries.ts'
import { phrasesIn } from './incident.language.ts'
import { described } from './incident.sentences.ts'

const data = {
  channel: 'desk',
  name: 'photo.png',
  minutesAway: 12,
  macroVersion: 3,
  type: 'related',
  direction: 'out',
  recordId: 'i',
  personId: 'p',
  affected: ['p'],
  teams: ['t'],
  added: 'i',
  reason: 'Grund',
  sentence: 'No rule and no service claims it.',
  changes: {
    assignee_id: { from: null, to: 'p' },
    team_id: { from: null, to: 't' },
    parent_id: { from: null, to: 'i' },
    priority: { from: 3, to: 1 },
    override_reason: { from: null, to: 'Grund' },
    hold_reason: { from: null, to: 'vendor' },
    hold_on: { from: null, to: 'V-1' },
    resolution_code: { from: null, to: 'fixed' },
    cancel_reason: { from: null, to: 'duplicate' },
    state: { from: 'new', to: 'on_hold' },
    impact: { from: 3, to: 1 },
  },
} as const
const names = new Map([
  ['p', 'Rita'],
  ['t', 'Netz'],
  ['i', 'INC1'],
])

test.each(Object.keys(incidentEntries))('%s is told in German to German readers', (type) => {
  for (const internal of [true, false]) {
    const english = described({ type, data }, names, internal)
    const german = described({ type, data }, names, internal, 'de-CH')
    expect(german.body).toBe(english.body)
    expect(german.sentence === null).toBe(english.sentence === null)
    if (english.sentence !== null) {
      expect(german.sentence).not.toBe(english.sentence)
      expect(german.sentence).toMatch(/^[A-ZÄÖÜ].*\.$/)
      expect(german.sentence).not.toMatch(/\b(?:the|is|was|to|by|of|it|undefined)\b/)
    }
    expect(german.changes.map(({ field }) => field)).toEqual(english.changes.map(({ field }) => field))
  }
})

test('values that the product names are named in German, what people wrote stays', () => {
  const { changes } = described({ type: 'incident.edited', data }, names, true, 'de')
  expect(changes).toContainEqual({ field: 'state', from: 'Neu', to: 'Zurückgestellt' })
  expect(changes).toContainEqual({ field: 'priority', from: '3 mittel', to: '1 kritisch' })
  expect(changes).toContainEqual({ field: 'overrideReason', from: null, to: 'Grund' })
})

test('whatever routing stored is read in German, with the rule by its name', () => {
  const claims = [
    'No rule and no service claims it.',
    'Mail is supported by this team.',
    'Rule “VPN”: service is Network.',
    'Rule “Akte 2.0”: title contains “Dr. Watt is by the door” and priority is 1 or 2.',
  ]
  const candidates = [
    { personId: 'a', name: 'Amir H. Haddad', openWork: 4, lastGivenAt: null },
    { personId: 'b', name: 'Noor', openWork: 9, lastGivenAt: null },
  ]
  const sentences = claims.flatMap((sentence) =>
    (['none', 'round_robin', 'least_open_work'] as const).flatMap((pick) => {
      const claimed = { teamId: 't', rule: 'service', sentence, version: 1, pick }
      return [
        pickPerson(claimed, candidates, true),
        pickPerson(claimed, candidates, false),
        pickPerson(claimed, [], true),
      ].map((routed) => routed.sentence)
    }),
  )
  for (const sentence of [...sentences, 'Assigned by hand.']) {
    const german = phrasesIn('de').routed(sentence)
    if (sentence.includes('Amir')) expect(german).toContain('Amir H. Haddad')
    expect(german, sentence).not.toMatch(/\b(?:is|by|this|got|has|of|nobody|team\.|rule)\b/i)
  }
})

test('how a priority came about is told in German', () => {
  const facts = { impact: 2, urgency: 1, urgencyRaisedFrom: 2, computed: 2, priority: 1 } as const
  expect(phrasesIn('de').priorityReason({ ...facts, override: { reason: 'OP 2 wartet' } }, 3)).toBe(
    'Von Hand auf 1 kritisch gesetzt: OP 2 wartet (Auswirkung mittel und Dringlichkeit hoch (für eine sehr wichtige Person von mittel angehoben) ergeben 2 hoch nach Version 3 der Matrix).',
  )
})

describe('to somebody whose language is German', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.end())

  test('buttons, missing reasons and refusals are German, the history is theirs, and a colleague’s stays English', async () => {
    const tenant = await world.tenant('klinik')
    const uwe = await tenant.person('Uwe', 'agent')
    await uwe.api.editMe({ body: { language: 'de' } })
    const amy = await tenant.person('Amy', 'agent')
    const { id } = await uwe.api.raiseIncident({ body: { title: 'Drucker streikt' } })
    const offered = async (who: typeof uwe) =>
      (await who.api.readIncident({ params: { id } })).moves.find(({ action }) => action === 'start')
    expect(await offered(uwe)).toMatchObject({
      label: 'Arbeit beginnen',
      reasons: [{ code: 'assigned', message: 'zuerst einer Person zuweisen' }],
    })
    expect(await offered(amy)).toMatchObject({ label: 'Start work' })
    const refused = async (body: MoveIncident) => {
      const { version } = await uwe.api.readIncident({ params: { id } })
      return uwe.api.moveIncident({ params: { id }, version, body }).catch((error: unknown) => error)
    }
    expect(await refused({ action: 'start' })).toMatchObject({
      body: { reasons: [{ message: 'zuerst einer Person zuweisen' }] },
    })
    expect(await refused({ action: 'confirm' })).toMatchObject({
      body: { reasons: [{ message: expect.stringMatching(/^(?:Neu lässt das nicht zu|dafür ist)/) }] },
    })
    const told = async (who: typeof uwe) =>
      (await who.api.incidentTimeline({ params: { id }, query: {} })).items[0]?.sentence
    expect(await told(uwe)).toMatch(/^Gemeldet /)
    expect(await told(amy)).toMatch(/^Raised by /)
  })
})
