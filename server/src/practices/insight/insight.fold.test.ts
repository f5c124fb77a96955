import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { incidentStates } from '@evenkeel/contract/incident'
import { wayOf, type Step, type Told } from './insight.fold.ts'

const minute = 60_000
const at = (minutes: number): string => new Date(Date.UTC(2026, 2, 2, 9) + minutes * minute).toISOString()

let entries = 0
const told = (minutes: number, type: string, data: Told['data']): Told => ({
  id: `00000000-0000-7000-8000-${String((entries += 1)).padStart(12, '0')}`,
  at: at(minutes),
  type: `incident.${type}`,
  data,
})
const raised = (minutes = 0, state = 'new') => told(minutes, 'raised', { version: 1, state })
const routed = (teamId: string) => told(0, 'routed', { version: 1, teamId })
const moved = (minutes: number, version: number, from: string, to: string) =>
  told(minutes, 'started', { version, changes: { state: { from, to } } })
const handed = (minutes: number, version: number, from: string | null, to: string) =>
  told(minutes, 'assigned', { version, changes: { team_id: { from, to } } })

const shown = (way: ReturnType<typeof wayOf>) =>
  way?.steps.map(({ activity, before, seconds, stateSeconds, awaySeconds }) => [
    activity,
    before,
    seconds === null ? null : seconds / 60,
    stateSeconds === null ? null : stateSeconds / 60,
    awaySeconds === null ? null : awaySeconds / 60,
  ])

describe('the way of an incident', () => {
  test('is its states and its handovers, each with the time since the one before', () => {
    const way = wayOf([
      raised(),
      routed('desk'),
      moved(10, 2, 'new', 'in_progress'),
      handed(25, 3, 'desk', 'mail'),
      moved(40, 4, 'in_progress', 'resolved'),
    ])
    expect(shown(way)).toEqual([
      ['new', null, null, null, null],
      ['in_progress', 'new', 10, 10, null],
      ['handed_over', 'in_progress', 15, null, null],
      ['resolved', 'handed_over', 15, 30, null],
    ])
    expect(way?.state).toBe('resolved')
    expect(way?.steps.map(({ teamId }) => teamId)).toEqual(['desk', 'desk', 'mail', 'mail'])
  })

  test('knows what came straight back, from leaving to being back; a detour over a third team is none', () => {
    const away = (...teams: string[]) =>
      wayOf([
        raised(),
        routed('A'),
        ...teams.map((team, place) => handed((place + 1) * 10, place + 2, null, team)),
      ])?.steps.map(({ awaySeconds }) => awaySeconds)
    expect(away('B', 'A')).toEqual([null, null, 600])
    expect(away('B', 'A', 'B')).toEqual([null, null, 600, 600])
    expect(away('B', 'C', 'A')).toEqual([null, null, null, null])
  })

  test('a first assignment is no handover, and neither is one to the team that has it', () => {
    expect(shown(wayOf([raised(), handed(5, 2, null, 'mail'), handed(9, 3, 'mail', 'mail')]))).toHaveLength(1)
  })

  test('leaves out what was taken back, with its taking back', () => {
    const slip = moved(20, 3, 'in_progress', 'canceled')
    const way = wayOf([
      raised(),
      moved(10, 2, 'new', 'in_progress'),
      slip,
      told(25, 'taken_back', {
        version: 4,
        undoes: [slip.id],
        changes: { state: { from: 'canceled', to: 'in_progress' } },
      }),
      moved(30, 5, 'in_progress', 'resolved'),
    ])
    expect(shown(way)?.map(([activity, , since]) => [activity, since])).toEqual([
      ['new', null],
      ['in_progress', 10],
      ['resolved', 20],
    ])
  })

  test('an entry of the past that comes late stands where it belongs', () => {
    const beginning = told(0, 'imported', { version: 1, state: 'new', teamId: 'A' })
    const end = told(60, 'imported_update', {
      version: 2,
      changes: { state: { from: 'in_progress', to: 'resolved' } },
    })
    const late = told(20, 'imported_update', {
      version: 3,
      changes: { state: { from: 'new', to: 'in_progress' }, teamId: { from: 'A', to: 'B' } },
    })
    expect(shown(wayOf([beginning, end, late]))).toEqual([
      ['new', null, null, null, null],
      ['handed_over', 'new', 20, null, null],
      ['in_progress', 'handed_over', 0, 20, null],
      ['resolved', 'in_progress', 40, 40, null],
    ])
  })

  test('two commands that waited for one another keep their order whatever their times say', () => {
    const way = wayOf([
      raised(),
      moved(10, 2, 'new', 'in_progress'),
      moved(9, 3, 'in_progress', 'on_hold'),
      moved(20, 4, 'on_hold', 'in_progress'),
    ])
    expect(shown(way)?.map(([activity, , since]) => [activity, since])).toEqual([
      ['new', null],
      ['in_progress', 10],
      ['on_hold', 0],
      ['in_progress', 10],
    ])
  })

  test('nobody knows of an incident whose beginning the journal does not tell', () => {
    expect(wayOf([moved(10, 2, 'new', 'in_progress')])).toBeNull()
    expect(wayOf([])).toBeNull()
  })
})

const journey = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 5000 }),
    state: fc.option(fc.constantFrom(...incidentStates), { nil: null }),
    team: fc.option(fc.constantFrom('A', 'B', 'C'), { nil: null }),
    imported: fc.boolean(),
  }),
  { maxLength: 25 },
)

describe('for any journal', () => {
  const entriesOf = (
    steps: readonly { minutes: number; state: string | null; team: string | null; imported: boolean }[],
  ) => [
    told(0, 'imported', { version: 1, state: 'new', teamId: 'A' }),
    ...steps.map(({ minutes, state, team, imported }, place) =>
      told(minutes, imported ? 'imported_update' : 'edited', {
        version: place + 2,
        changes: {
          ...(state === null ? {} : { state: { from: 'x', to: state } }),
          ...(team === null ? {} : { [imported ? 'teamId' : 'team_id']: { from: null, to: team } }),
        },
      }),
    ),
  ]

  test('the durations of the steps sum to the span, those of the states to the last state entered', () => {
    fc.assert(
      fc.property(journey, (steps) => {
        const way = wayOf(entriesOf(steps))
        const [first, last] = [way?.steps[0], way?.steps.at(-1)]
        const entered = way?.steps.findLast(({ activity }) => activity !== 'handed_over')
        if (way === null || first === undefined || last === undefined || entered === undefined)
          throw new Error('no way')
        const sum = (of: (step: Step) => number | null) =>
          way.steps.reduce((total, step) => total + (of(step) ?? 0), 0)
        const span = (to: string) => (Date.parse(to) - Date.parse(first.at)) / 1000
        expect(sum(({ seconds }) => seconds)).toBe(span(last.at))
        expect(sum(({ stateSeconds }) => stateSeconds)).toBe(span(entered.at))
        for (const [place, step] of way.steps.entries())
          expect(step.before).toBe(way.steps[place - 1]?.activity ?? null)
      }),
    )
  })

  test('the way is the same in whatever order its entries are read, and when each is read twice over', () => {
    fc.assert(
      fc.property(journey, fc.infiniteStream(fc.nat()), (steps, places) => {
        const all = entriesOf(steps)
        const shuffled = all.map((entry) => ({ entry, place: places.next().value ?? 0 }))
        const again = shuffled.toSorted((one, other) => one.place - other.place).map(({ entry }) => entry)
        expect(wayOf(again)).toEqual(wayOf(all))
      }),
    )
  })
})
