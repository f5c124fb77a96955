import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { read } from '../../platform/postgres/database.ts'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { illegalMovesIn, type Happened } from './incident.conformance.ts'
import { runIncidentTimers } from './incident.timers.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const moved = (action: string, from: string, to: string, type: string, id = action): Happened => ({
  id,
  type,
  data: { action, changes: { state: { from, to } } },
})
const raised: Happened = { id: 'raised', type: 'incident.raised', data: { state: 'new' } }
const started = moved('start', 'new', 'in_progress', 'incident.started')
const resolved = moved('resolve', 'in_progress', 'resolved', 'incident.resolved')
const closed = moved('confirm', 'resolved', 'closed', 'incident.closed')
const takenBack = (from: string, to: string, undoes: string[]): Happened => ({
  id: 'back',
  type: 'incident.taken_back',
  data: { undoes, changes: { state: { from, to } } },
})

describe('what a journal may not say', () => {
  const faultsIn = (...entries: Happened[]): string[] =>
    illegalMovesIn(entries).map((fault) => `${fault.entryId}: ${fault.message}`)

  test('nothing is wrong with a life by the table', () => {
    expect(faultsIn(raised, started, resolved, closed)).toEqual([])
  })

  test('a step left out, a move from elsewhere and a move to elsewhere are named', () => {
    expect(faultsIn(raised, resolved)).toEqual(['resolve: it moved from in_progress while it was new'])
    expect(faultsIn(raised, moved('resolve', 'new', 'resolved', 'incident.resolved'))).toEqual([
      'resolve: resolve does not leave from new',
    ])
    expect(faultsIn(raised, moved('start', 'new', 'closed', 'incident.started'))).toEqual([
      'start: start does not lead to closed',
    ])
    expect(faultsIn(raised, moved('start', 'new', 'in_progress', 'incident.closed'))).toEqual([
      'start: start is not announced as incident.closed',
    ])
    expect(faultsIn(raised, moved('jump', 'new', 'closed', 'incident.edited'))).toEqual([
      'jump: incident.edited moved it without a move of the process',
    ])
  })

  test('a life that begins elsewhere, twice, or not at all is named', () => {
    expect(faultsIn({ ...raised, data: { state: 'closed' } })).toEqual(['raised: it began as closed'])
    expect(faultsIn(raised, raised)).toEqual(['raised: it was raised twice'])
    expect(faultsIn(started)).toEqual(['start: it moved before it was raised'])
  })

  test('taking back leads where it came from, and nowhere else', () => {
    const canceled = moved('cancel', 'in_progress', 'canceled', 'incident.canceled')
    expect(faultsIn(raised, started, canceled, takenBack('canceled', 'in_progress', ['cancel']))).toEqual([])
    expect(faultsIn(raised, started, canceled, takenBack('canceled', 'new', ['start', 'cancel']))).toEqual([])
    const wrong = 'without having come from there'
    for (const undoes of [[], ['start'], ['nothing']])
      expect(faultsIn(raised, started, canceled, takenBack('canceled', 'in_progress', undoes))).toEqual([
        `back: it was taken back to in_progress ${wrong}`,
      ])
    expect(faultsIn(raised, started, canceled, takenBack('canceled', 'new', ['cancel']))).toEqual([
      `back: it was taken back to new ${wrong}`,
    ])
  })
})

type Act = (id: string, other: string) => Promise<unknown>
const act: Record<string, Act> = {
  assignAmir: (id) => cast.assign(cast.lena, id, { personId: cast.amir.id }),
  assignTeam: (id) => cast.assign(cast.lena, id, { teamId: cast.networkId }),
  start: (id) => cast.move(cast.amir, id, { action: 'start' }),
  holdCaller: (id) => cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which one?' }),
  holdParts: (id) =>
    cast.move(cast.amir, id, {
      action: 'hold',
      reason: 'parts',
      until: new Date(Date.parse(world.clock.now()) + 3_600_000).toISOString(),
    }),
  resume: (id) => cast.move(cast.nora, id, { action: 'resume' }),
  reply: (id) => say(cast.rita, id),
  note: (id) => say(cast.amir, id, 'team'),
  resolve: (id, other) =>
    cast.move(cast.amir, id, {
      action: 'resolve',
      code: 'fixed',
      notes: 'Done.',
      children: { resolve: [other], except: [] },
    }),
  resolveAlone: (id) => cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' }),
  stillBroken: (id) => cast.move(cast.rita, id, { action: 'still_broken', reason: 'No.' }),
  reopen: (id) => cast.move(cast.nora, id, { action: 'reopen', reason: 'Again.' }),
  confirm: (id) => cast.move(cast.rita, id, { action: 'confirm' }),
  cancel: (id) => cast.move(cast.lena, id, { action: 'cancel', reason: 'not_an_incident' }),
  duplicate: (id, other) =>
    cast.move(cast.lena, id, { action: 'cancel', reason: 'duplicate', duplicateOf: other }),
  price: async (id) =>
    cast.amir.api.editIncident({
      params: { id },
      body: { impact: 1, urgency: 2 },
      version: (await cast.read(id)).version,
    }),
  override: async (id) =>
    cast.lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 1, reason: 'Because.' },
      version: (await cast.read(id)).version,
    }),
  adopt: async (id, other) =>
    cast.amir.api.setIncidentParent({
      params: { id: other },
      body: { parentId: id },
      version: (await cast.read(other)).version,
    }),
  time: async () => {
    world.clock.advance(4 * 86_400_000)
    await runIncidentTimers(world.database, cast.tenant.id, world.clock.now())
  },
  slip: async (id) => {
    const bulk = await cast.lena.api.startBulk({
      body: { ids: [id], steps: [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }] },
    })
    await cast.lena.api.undoBulk({ params: { id: bulk.id } })
  },
}
const say = (by: TestPerson, id: string, audience: 'public' | 'team' = 'public') =>
  by.api.commentIncident({ params: { id }, body: { audience, body: 'Words.' } })

type Stored = {
  state: string
  is_open: boolean
  version: number
  priority: number
  computed_priority: number
  override_reason: string | null
  hold_reason: string | null
  resolution_code: string | null
  resolved_at: string | null
  closed_at: string | null
  auto_close_at: string | null
  cancel_reason: string | null
}

/** What holds of every incident at every moment, whatever was done to it. */
const mustHold = async (id: string): Promise<void> => {
  const [row, entries] = await read(world.database, cast.tenant.id, (q) =>
    Promise.all([
      q.one<Stored>({
        text: `select r.state, r.is_open, r.version, r.priority, i.computed_priority, i.override_reason, i.hold_reason, i.resolution_code,
                 r.resolved_at, r.closed_at, i.auto_close_at, i.cancel_reason
               from record r join incident i using (tenant_id, id) where r.tenant_id = $1 and r.id = $2`,
        values: [cast.tenant.id, id],
      }),
      q.rows<{ id: string; type: string; data: JsonObject }>({
        text: 'select id, type, data from journal where tenant_id = $1 and subject_id = $2 order by id',
        values: [cast.tenant.id, id],
      }),
    ]),
  )
  expect(illegalMovesIn(entries)).toEqual([])
  const { state } = row
  expect({
    open: row.is_open,
    held: row.hold_reason !== null,
    resolved: row.resolution_code !== null && row.resolved_at !== null,
    closing: row.auto_close_at !== null,
    ended: row.closed_at !== null,
    canceled: row.cancel_reason !== null,
    priced: row.override_reason !== null || row.priority === row.computed_priority,
  }).toEqual({
    open: ['new', 'in_progress', 'on_hold'].includes(state),
    held: state === 'on_hold',
    resolved: ['resolved', 'closed'].includes(state),
    closing: state === 'resolved',
    ended: ['closed', 'canceled'].includes(state),
    canceled: state === 'canceled',
    priced: true,
  })
  // Every version has its entry, and the last entry's state is the row's.
  const versions = new Set(
    entries.flatMap(({ data }) => (typeof data['version'] === 'number' ? [data['version']] : [])),
  )
  expect([...versions].sort((one, two) => one - two)).toEqual(
    Array.from({ length: row.version }, (_, at) => at + 1),
  )
}

describe('whatever people, time and slips of the hand do to an incident', () => {
  test('its journal holds no illegal move, every version has its entry, and its fields fit its state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.keys(act)), { minLength: 1, maxLength: 14 }),
        fc.boolean(),
        async (names, together) => {
          const [id, other] = [(await cast.raise()).id, (await cast.raise(cast.otto)).id]
          // Every other life is lived in pairs at once.
          for (let at = 0; at < names.length; at += together ? 2 : 1) {
            const acts = names.slice(at, at + (together ? 2 : 1))
            await Promise.allSettled(acts.map(async (name) => act[name]?.(id, other)))
          }
          await mustHold(id)
          await mustHold(other)
        },
      ),
      { numRuns: Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 20) },
    )
    // More runs take more time; that they end is all this says.
  }, 1_200_000)
})
