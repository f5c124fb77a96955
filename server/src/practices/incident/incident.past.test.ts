import { endReasons, incidentChannels, incidentStates } from '@evenkeel/contract/incident'
import { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '../../../test/property-seed.ts'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { importsOf, pastLine, pastRecord } from '../../../test/past.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { illegalMovesIn, type Happened } from './incident.conformance.ts'
import { flagsIn } from './incident.past.flags.ts'
import { foreignMovesIn } from './incident.past.moves.ts'
import type { PastRules } from './incident.past.row.ts'
import { historyOf, type PastHistory } from './incident.past.ts'
import { inOrder } from './incident.past.values.ts'
import { pastIncidents } from './incident.past.write.ts'
import { priorityPolicy } from './incident.priority.ts'

let world: World
let cast: Cast
let imports: ReturnType<typeof importsOf>
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  imports = importsOf(world, cast.tenant, cast.lena)
})
afterAll(() => world.end())

const team = '018f0000-0000-7000-8000-00000000000a'
const person = '018f0000-0000-7000-8000-00000000000b'
const rules: PastRules = {
  source: 'Olddesk',
  matrix: priorityPolicy.initial,
  standIns: { teamId: team, personId: person },
  custom: new Map([['ward', 'text']]),
  number: 'OLD1',
}

/** Any line that a file could bring: every field is told, unknown, or not a column at all. */
const lines = (people: readonly string[], teams: readonly string[]) => {
  const some = (values: fc.Arbitrary<string>) => fc.option(fc.option(values), { nil: undefined })
  const instant = fc
    .date({
      min: new Date('2015-01-01T00:00:00Z'),
      max: new Date('2020-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString())
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
  return fc
    .array(
      fc.record({
        at: instant,
        by: fc.option(fc.constantFrom(...people)),
        values: fc.record({
          title: some(text),
          description: some(text),
          state: some(fc.constantFrom(...incidentStates)),
          holdReason: some(fc.constantFrom(...holdReasons)),
          impact: some(fc.constantFrom('1', '2', '3')),
          urgency: some(fc.constantFrom('1', '2', '3')),
          priority: some(fc.constantFrom('1', '2', '3', '4', '5')),
          category: some(text),
          channel: some(fc.constantFrom(...incidentChannels)),
          requester: some(fc.constantFrom(...people)),
          team: some(fc.constantFrom(...teams)),
          assignee: some(fc.constantFrom(...people)),
          raisedBy: some(fc.constantFrom(...people)),
          createdAt: some(instant),
          resolvedAt: some(instant),
          closedAt: some(instant),
          resolvedBy: some(fc.constantFrom(...people)),
          resolutionCode: some(fc.constantFrom(...resolutionCodes)),
          resolutionNotes: some(text),
          cancelReason: some(fc.constantFrom(...endReasons)),
          comment: some(text),
          note: some(text),
          recordedMissed: some(fc.constantFrom('true', 'false')),
          recordedReassignments: some(fc.constantFrom('0', '3')),
          recordedReopens: some(fc.constantFrom('0', '1')),
          'custom.ward': some(text),
        }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((drafts) =>
      drafts.map(({ at, by, values }, index) => {
        const given = Object.entries(values).flatMap(([field, value]) =>
          value === undefined ? [] : [[field, value] as const],
        )
        return pastLine(
          index + 2,
          at,
          { ...Object.fromEntries(given), ...(index === 0 ? { title: 'A title' } : {}) },
          by,
        )
      }),
    )
}
const anyLines = lines([person, '018f0000-0000-7000-8000-00000000000c'], [team, person])

const historyIn = (updates: Parameters<typeof historyOf>[0]): PastHistory => {
  const history = historyOf(updates, rules)
  if (history === null) throw new TypeError('there is no line')
  return history
}

describe('whatever a file says', () => {
  test('what the entries changed, one after the other, leads from the first row to the last', () => {
    fc.assert(
      fc.property(anyLines, (updates) => {
        const { row, entries } = historyIn(updates)
        let fields: Record<string, unknown> = {}
        for (const entry of entries) {
          if (entry.kind === 'beginning') fields = flat(entry.row)
          if (entry.kind !== 'update') continue
          for (const [column, { from, to }] of Object.entries(entry.changes)) {
            expect(fields[column] ?? null).toEqual(from)
            fields[column] = to
          }
        }
        const last = flat(row)
        for (const [column, value] of Object.entries(fields))
          if (!bookkeeping.has(column)) expect(value).toEqual(last[column] ?? null)
      }),
    )
  })

  test('the order of its lines does not matter', () => {
    fc.assert(
      fc.property(
        anyLines.chain((updates) =>
          fc.tuple(
            fc.constant(updates),
            fc.shuffledSubarray(updates, { minLength: updates.length, maxLength: updates.length }),
          ),
        ),
        ([updates, shuffled]) => {
          expect(historyIn(shuffled)).toEqual(historyIn(updates))
        },
      ),
    )
  })

  test('each line is one entry beside what it says to people, and the states follow one another without a gap', () => {
    fc.assert(
      fc.property(anyLines, (updates) => {
        const { entries } = historyIn(updates)
        const keys = entries.flatMap((entry) => ('updateKey' in entry ? (entry.updateKey ?? []) : []))
        expect(keys).toEqual(inOrder(updates).map(({ updateKey }) => updateKey))
        const happened = entries.flatMap((entry, index): Happened[] => {
          const flags = { flags: [...entry.flags] }
          if (entry.kind === 'beginning')
            return [
              { id: String(index), type: 'incident.imported', data: { state: entry.row.state, ...flags } },
            ]
          if (entry.kind !== 'update') return []
          const data = { changes: { ...entry.changes }, action: entry.action, ...flags }
          return [{ id: String(index), type: 'incident.imported_update', data }]
        })
        expect(illegalMovesIn(happened)).toEqual([])
        const flagged = happened.filter(({ data }) => flagsIn(data).includes('no_such_move')).length
        expect(foreignMovesIn(updates)).toHaveLength(flagged)
      }),
    )
  })
})

const bookkeeping = new Set([
  'version',
  'updated_at',
  'last_public_at',
  'assigned_at',
  'team_since',
  'team_path',
  'reopen_count',
  'reassignment_count',
  'computed_priority',
  'override_reason',
])
const flat = ({ custom, ...row }: PastHistory['row']): Record<string, unknown> => ({
  ...row,
  ...Object.fromEntries(Object.entries(custom).map(([key, value]) => [`custom.${key}`, value])),
})

test('whatever a file says, the database takes it, and says the same of it again', async () => {
  const people = [cast.rita.id, cast.nora.id, cast.amir.id]
  const histories = fc.sample(lines(people, [cast.mailId, cast.networkId]), 400)
  const batch = await imports.batch()
  const brought = await imports.bring(
    batch,
    histories.map((updates, index) => pastRecord(`h${index}`, updates)),
  )
  expect(brought.refused).toEqual([])
  expect(brought.records).toBe(histories.length)
  expect(brought.updates).toBe(histories.reduce((sum, updates) => sum + updates.length, 0))
  const facts = await read(world.database, cast.tenant.id, (q) => pastIncidents.facts(q, batch))
  expect(facts.count).toBe(histories.length)
  expect(facts.updates).toBe(brought.updates)
  const told = await cast.lena.api.listIncidents({ query: { limit: 20 } })
  for (const { id } of told.rows) {
    await cast.read(id)
    await cast.timeline(id)
    await cast.lena.api.incidentTeams({ params: { id } })
  }
  await cast.lena.api.reportTeams({ query: {} })
  await cast.lena.api.reportHolds({ query: {} })
})
