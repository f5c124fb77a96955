import type { Filter } from '@evenkeel/contract/filter'
import type { ServiceLevels } from '@evenkeel/contract/service-level'
import type { z } from 'zod'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { behind } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { write } from '../../platform/journal/write.ts'
import { read, transaction } from '../../platform/postgres/database.ts'
import { measuredIncidents } from '../incident/index.ts'
import { clockReaction, runClocks, tenantsWithClocksDue } from './index.ts'
import type { MeasuredKind } from './service-level.measured.ts'

let world: World
let cast: Cast
let ada: TestPerson
let tenants = 0
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

// Monday, 2 March 2026, 10:00 in Berlin, whatever the case before did to the clock.
const monday = Date.parse('2026-03-02T09:00:00.000Z')
const toTime = (at: string | number) => {
  world.clock.advance((typeof at === 'number' ? at : Date.parse(at)) - Date.parse(world.clock.now()))
}
const berlin = (wall: string) => new Date(`${wall}:00.000+01:00`).toISOString()

beforeEach(async () => {
  toTime(monday)
  tenants += 1
  cast = await castOf(world, `clocks-${tenants}`)
  ada = await cast.tenant.person('Ada', 'administrator')
})

const day = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
]
const office = {
  zone: 'Europe/Berlin',
  week: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day },
}

const is = (field: string, value: string | boolean): Filter => ({ field, op: '=', value })
const waitsForCaller = is('hold_reason', 'caller')
const done: Filter = { field: 'state', op: 'in', value: ['resolved', 'closed'] }

type Document = z.input<typeof ServiceLevels>
type Clock = NonNullable<Document['agreements']>[number]['clocks'][number]
const resolution = (minutes: number, more: Partial<Clock> = {}): Clock => ({
  measures: 'resolution',
  start: is('open', true),
  pause: waitsForCaller,
  stop: done,
  calendar: 'Office',
  targets: [{ time: { workingMinutes: minutes } }],
  ...more,
})
const response = (minutes: number): Clock => ({
  measures: 'response',
  start: is('open', true),
  stop: { any: [is('responded', true), done] },
  calendar: 'Office',
  targets: [{ time: { workingMinutes: minutes } }],
})
const agreed = (...clocks: Clock[]): Document => ({
  agreements: [{ id: 'standard', name: 'Standard', kind: 'sla', when: { all: [] }, clocks }],
})

let published = new Map<string, number>()
beforeEach(() => {
  published = new Map()
})
const publish = async (document: unknown, kind = 'service_levels', name = '', effectiveFrom?: string) => {
  const key = `${kind} ${name}`
  const basedOn = published.get(key) ?? 0
  await ada.api.publishPolicy({
    params: { kind },
    body: {
      name,
      document,
      note: 'agreed',
      basedOn,
      ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
    },
  })
  published.set(key, basedOn + 1)
}
const promise = async (...clocks: Clock[]) => {
  await publish(office, 'calendar', 'Office')
  await publish(agreed(...clocks))
}

const reaction = clockReaction([measuredIncidents])
const settings = () => ({
  database: world.database,
  now: world.clock.now,
  onSetAside: (_: string, __: string, error: unknown) => expect.fail(String(error)),
})
const react = async () => {
  const runner = reactionRunner(reaction, settings())
  do {
    while (await runner.run());
  } while ((await behind(world.database, cast.tenant.id, [reaction.name])) > 0)
}
const timerAuthor = () => ({
  ...cast.tenant.author(),
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'timer' } as const,
  now: world.clock.now(),
})
const ring = async () => {
  let more = true
  while (more) {
    const run = await runClocks(world.database, [measuredIncidents], timerAuthor())
    expect(run.failed).toEqual([])
    more = run.more
  }
}

const clocksOf = async (id: string) => (await cast.lena.api.readIncidentClocks({ params: { id } })).clocks
const clockOf = async (id: string, measures = 'resolution') => {
  const found = (await clocksOf(id)).find((clock) => clock.measures === measures)
  if (found === undefined) throw new Error(`no clock of ${measures}`)
  return found
}
const saidOf = async (id: string) =>
  (await cast.timeline(id)).filter(({ type }) => type.startsWith('incident.clock_'))
const keptOf = (id: string) =>
  read(world.database, cast.tenant.id, (q) =>
    q.rows<{
      slot: string
      phase: string
      deadline_at: string | null
      missed_at: string | null
      next_due_at: string | null
    }>({
      text: `select slot, phase, deadline_at, missed_at, next_due_at from clock where tenant_id = $1 and record_id = $2 order by slot, round`,
      values: [q.tenantId, id],
    }),
  )

describe('a clock on an incident', () => {
  test('runs from when it was raised, in working time, and says when it runs out and by what', async () => {
    await promise(response(30), resolution(480))
    const { id } = await cast.raise()
    expect(await clockOf(id)).toMatchObject({
      kind: 'sla',
      agreement: { id: 'standard', name: 'Standard', version: 1 },
      phase: 'running',
      verdict: 'open',
      startedAt: world.clock.now(),
      target: { workingMinutes: 480 },
      calendar: { name: 'Office', zone: 'Europe/Berlin' },
      elapsedMinutes: 0,
      remainingMinutes: 480,
      // Six hours on Monday, two on Tuesday.
      deadline: berlin('2026-03-03T10:00'),
    })
    expect((await clockOf(id, 'response')).deadline).toBe(berlin('2026-03-02T10:30'))
  })

  test('is kept for timers and lists as it is shown', async () => {
    await promise(response(30), resolution(480))
    const { id } = await cast.raise()
    await react()
    expect(await keptOf(id)).toEqual([
      {
        slot: 'sla/resolution',
        phase: 'running',
        deadline_at: berlin('2026-03-03T10:00'),
        missed_at: null,
        next_due_at: berlin('2026-03-03T10:00'),
      },
      {
        slot: 'sla/response',
        phase: 'running',
        deadline_at: berlin('2026-03-02T10:30'),
        missed_at: null,
        next_due_at: berlin('2026-03-02T10:30'),
      },
    ])
  })

  test('is what lists sort and filter by; one that waits runs out last, and callers do not know the field', async () => {
    await promise(response(30), resolution(480))
    const first = (await cast.raise()).id
    const waits = await cast.inState('in_progress')
    await cast.move(cast.amir, waits, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    toTime(berlin('2026-03-02T10:20'))
    const second = (await cast.raise()).id
    await react()
    const listed = async (by: TestPerson, query: { readonly q?: string; readonly sort?: string }) =>
      (await by.api.listIncidents({ query })).rows.map(({ id, clock }) => ({ id, clock }))
    const running = (deadline: string) => ({
      measures: 'response',
      phase: 'running',
      deadline: berlin(deadline),
    })
    expect(await listed(cast.lena, { sort: 'deadline' })).toEqual([
      { id: first, clock: running('2026-03-02T10:30') },
      { id: second, clock: running('2026-03-02T10:50') },
      { id: waits, clock: { measures: 'resolution', phase: 'paused', deadline: null } },
    ])
    const soon = await listed(cast.lena, { q: 'deadline:<now+15m' })
    expect(soon.map(({ id }) => id)).toEqual([first])
    // It was answered, so that what is left of it is to be resolved.
    await cast.lena.api.commentIncident({
      params: { id: first },
      body: { audience: 'public', body: 'On it.' },
    })
    await react()
    expect((await listed(cast.lena, { sort: 'deadline' })).map(({ id }) => id)).toEqual([
      second,
      first,
      waits,
    ])
    expect(await listed(cast.rita, { q: `number:${(await cast.read(first)).number}` })).toEqual([
      { id: first, clock: null },
    ])
    for (const query of [{ q: 'deadline:<now+15m' }, { sort: 'deadline' }])
      expect(await refusalOf(listed(cast.rita, query))).toBe('unknown_field')
  })

  test('waits while it waits for the caller, and says for whom and since when', async () => {
    await promise(resolution(480))
    const id = await cast.inState('in_progress')
    toTime(berlin('2026-03-02T11:00'))
    await cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    toTime(berlin('2026-03-02T15:00'))
    expect(await clockOf(id)).toMatchObject({
      phase: 'paused',
      since: berlin('2026-03-02T11:00'),
      waitsFor: { is: 'caller', team: null },
      elapsedMinutes: 60,
      remainingMinutes: 420,
      deadline: null,
    })
    await cast.rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'The third.' } })
    // Three working hours were waited for.
    expect(await clockOf(id)).toMatchObject({ phase: 'running', deadline: berlin('2026-03-03T14:00') })
  })

  test('a wait that the agreement does not pause for counts, and is the supplier’s', async () => {
    await promise(resolution(480))
    const id = await cast.inState('in_progress')
    await cast.move(cast.amir, id, { action: 'hold', reason: 'parts' })
    toTime(berlin('2026-03-02T12:00'))
    expect(await clockOf(id)).toMatchObject({
      phase: 'running',
      minutes: { counted: [{ holder: { is: 'supplier', team: null }, minutes: 120 }] },
    })
  })

  test('responds when somebody of the desk writes to the caller, not when the caller or a note does', async () => {
    await promise(response(30))
    const { id } = await cast.raise()
    await cast.rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Hurry.' } })
    await cast.lena.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'Hm.' } })
    expect((await clockOf(id, 'response')).phase).toBe('running')
    toTime(berlin('2026-03-02T10:20'))
    await cast.lena.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'On it.' } })
    expect(await clockOf(id, 'response')).toMatchObject({
      phase: 'stopped',
      verdict: 'met',
      elapsedMinutes: 20,
    })
  })

  test('keeps what has elapsed when its priority changes, and says what was promised when', async () => {
    await promise(
      resolution(480, {
        targets: [{ priorities: [1, 2], time: { workingMinutes: 240 } }, { time: { workingMinutes: 480 } }],
      }),
    )
    const { id } = await cast.raise()
    toTime(berlin('2026-03-02T11:00'))
    const { version } = await cast.read(id)
    await cast.lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 1, reason: 'The ward is dark.' },
      version,
    })
    const clock = await clockOf(id)
    expect(clock).toMatchObject({
      elapsedMinutes: 60,
      remainingMinutes: 180,
      deadline: berlin('2026-03-02T15:00'),
    })
    expect(clock.promises.map(({ at, target }) => [at, target])).toEqual([
      [new Date(monday).toISOString(), { workingMinutes: 480 }],
      [berlin('2026-03-02T11:00'), { workingMinutes: 240 }],
    ])
  })

  test('goes on after a reopening without the time between', async () => {
    await promise(resolution(480))
    const id = await cast.inState('resolved')
    toTime(berlin('2026-03-03T10:00'))
    await cast.move(cast.rita, id, { action: 'still_broken' })
    toTime(berlin('2026-03-03T11:00'))
    expect(await clockOf(id)).toMatchObject({
      round: 1,
      phase: 'running',
      elapsedMinutes: 60,
      minutes: { ended: 1440, paused: [] },
    })
  })

  test('is canceled with the incident, and neither met nor missed', async () => {
    await promise(resolution(480))
    expect(await clockOf(await cast.inState('canceled'))).toMatchObject({
      verdict: 'canceled',
      deadline: null,
    })
  })

  test('of the first agreement that fits, which says what stands below it', async () => {
    await publish(office, 'calendar', 'Office')
    const one = (id: string, name: string, when: Filter, minutes: number) => ({
      id,
      name,
      kind: 'sla' as const,
      when,
      clocks: [resolution(minutes)],
    })
    await publish({
      agreements: [
        one('mail', 'By mail', is('channel', 'mail'), 60),
        one('gold', 'Gold', is('channel', 'portal'), 120),
        one('standard', 'Standard', { all: [] }, 480),
      ],
    })
    expect(await clockOf((await cast.raise()).id)).toMatchObject({
      agreement: { name: 'Gold' },
      below: ['Standard'],
      remainingMinutes: 120,
    })
  })

  test('does not stop for a slip that was taken back', async () => {
    await promise(resolution(480))
    const id = await cast.inState('in_progress')
    const bulk = await bulkCancel(id)
    toTime(monday + 10 * 60_000)
    await cast.lena.api.undoBulk({ params: { id: bulk.id } })
    expect(await clockOf(id)).toMatchObject({ phase: 'running', elapsedMinutes: 10, minutes: { ended: 0 } })
  })

  test('is for those who work on it', async () => {
    await promise(resolution(480))
    const { id } = await cast.raise()
    expect(await refusalOf(cast.rita.api.readIncidentClocks({ params: { id } }))).toBe('forbidden')
    expect(await refusalOf(cast.otto.api.readIncidentClocks({ params: { id } }))).toBe('forbidden')
  })
})

const bulkCancel = (id: string) =>
  cast.lena.api.startBulk({
    body: { ids: [id], steps: [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }] },
  })

describe('what time does to clocks', () => {
  test('a miss is said once, with the deadline as its instant, however late and however often somebody looks', async () => {
    await promise(resolution(120))
    const { id } = await cast.raise()
    await react()
    toTime(berlin('2026-03-02T13:00'))
    expect(await tenantsWithClocksDue(world.database, world.clock.now())).toContain(cast.tenant.id)
    toTime(berlin('2026-03-04T09:00'))
    await Promise.all([ring(), ring()])
    await react()
    await ring()
    const said = await saidOf(id)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatchObject({
      type: 'incident.clock_missed',
      actor: null,
      sentence:
        'The resolution promised by “Standard” was missed: its time was used up at 2026-03-02 11:00 UTC.',
    })
    expect(await clockOf(id)).toMatchObject({ verdict: 'missed', missedAt: berlin('2026-03-02T12:00') })
    expect(await tenantsWithClocksDue(world.database, world.clock.now())).not.toContain(cast.tenant.id)
  })

  describe('where the history of one cannot be folded', () => {
    /** Each incident here is raised by its own entry, whose identifier tells whose history it is. */
    const brokenAt = async (id: string): Promise<MeasuredKind> => {
      const [first] = await read(world.database, cast.tenant.id, (q) =>
        q.rows<{ id: string }>({
          text: `select id from journal where tenant_id = $1 and subject_id = $2 order by id limit 1`,
          values: [q.tenantId, id],
        }),
      )
      return {
        ...measuredIncidents,
        momentsOf: (entries) => {
          if (entries.some((entry) => entry.id === first?.id)) throw new RangeError('a history from nowhere')
          return measuredIncidents.momentsOf(entries)
        },
      }
    }
    const runAll = async (kind: MeasuredKind) => {
      const failed: string[] = []
      for (let more = true; more;) {
        const run = await runClocks(world.database, [kind], timerAuthor())
        failed.push(...run.failed.map(({ id }) => id))
        more = run.more
      }
      return failed
    }

    test('the others are told of, and it is tried again after a while, not at once', async () => {
      await promise(resolution(120))
      const bad = (await cast.raise()).id
      const good = (await cast.raise()).id
      await react()
      world.clock.advance(2000)
      await ring()
      toTime(berlin('2026-03-02T13:00'))
      const kind = await brokenAt(bad)
      expect(await runAll(kind)).toEqual([bad])
      expect(await saidOf(good)).toHaveLength(1)
      expect(await runAll(kind)).toEqual([])
      world.clock.advance(11 * 60_000)
      expect(await runAll(kind)).toEqual([bad])
      world.clock.advance(11 * 60_000)
      expect(await runAll(measuredIncidents)).toEqual([])
      expect(await saidOf(bad)).toHaveLength(1)
    })

    test('a new version reaches the others', async () => {
      await promise(resolution(120))
      const ids = [(await cast.raise()).id, (await cast.raise()).id, (await cast.raise()).id].toSorted()
      await react()
      await promise(resolution(60))
      world.clock.advance(2000)
      expect(await runAll(await brokenAt(ids[1] ?? ''))).toEqual([ids[1]])
      const deadlines = await Promise.all(ids.map(async (id) => (await keptOf(id))[0]?.deadline_at))
      expect(deadlines).toEqual([
        berlin('2026-03-02T11:00'),
        berlin('2026-03-02T12:00'),
        berlin('2026-03-02T11:00'),
      ])
    })
  })

  test('nothing is said at the deadline itself, nor a second after it: somebody may still be writing', async () => {
    await promise(resolution(120))
    const { id } = await cast.raise()
    await react()
    toTime(Date.parse(berlin('2026-03-02T12:00')) + 1000)
    await ring()
    expect(await saidOf(id)).toEqual([])
    world.clock.advance(1)
    await ring()
    expect(await saidOf(id)).toHaveLength(1)
  })

  test('a miss that no timer saw is said when the incident is resolved', async () => {
    await promise(resolution(120))
    const id = await cast.inState('in_progress')
    toTime(berlin('2026-03-02T16:00'))
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    await react()
    expect((await saidOf(id)).map(({ type }) => type)).toEqual(['incident.clock_missed'])
    expect((await keptOf(id))[0]).toMatchObject({ phase: 'stopped', missed_at: berlin('2026-03-02T12:00') })
  })

  test('what was resolved in time says nothing, even if the timer comes before the reaction', async () => {
    await promise(resolution(120))
    const id = await cast.inState('in_progress')
    await react()
    toTime(berlin('2026-03-02T11:59'))
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    toTime(berlin('2026-03-02T15:00'))
    await ring()
    await react()
    expect(await saidOf(id)).toEqual([])
    expect((await clockOf(id)).verdict).toBe('met')
  })

  test('a warning is said once, with the instant at which it was due', async () => {
    await promise(resolution(240, { warnings: [{ percent: 50 }, { minutesBefore: 30 }] }))
    const { id } = await cast.raise()
    await react()
    toTime(berlin('2026-03-02T14:45'))
    await ring()
    await ring()
    expect((await saidOf(id)).map(({ sentence }) => sentence)).toEqual([
      'The resolution promised by “Standard” runs out soon: 50 % of its time was used at 2026-03-02 11:00 UTC.',
      'The resolution promised by “Standard” runs out soon: 30 working minutes were left at 2026-03-02 13:30 UTC.',
    ])
    expect((await clockOf(id)).warnedAt).toEqual([berlin('2026-03-02T12:00'), berlin('2026-03-02T14:30')])
  })

  test('a miss under a priority that was wrong is taken back when it is corrected', async () => {
    await promise(
      resolution(480, {
        targets: [{ priorities: [1], time: { workingMinutes: 60 } }, { time: { workingMinutes: 480 } }],
      }),
    )
    const { id } = await cast.raise(cast.rita, { impact: 1, urgency: 1 })
    await react()
    toTime(berlin('2026-03-02T11:30'))
    await ring()
    const { version } = await cast.read(id)
    const correct = { priority: 4 as const, reason: 'It is one printer.' }
    await cast.lena.api.overrideIncidentPriority({ params: { id }, body: correct, version })
    await react()
    expect((await saidOf(id)).map(({ type }) => type)).toEqual([
      'incident.clock_missed',
      'incident.clock_withdrawn',
    ])
    expect(await clockOf(id)).toMatchObject({ verdict: 'open', missedAt: null, remainingMinutes: 390 })
  })

  test('each update to the caller is due anew', async () => {
    await promise({
      measures: 'update',
      start: is('open', true),
      stop: done,
      reset: is('answered', true),
      calendar: 'Office',
      targets: [{ time: { workingMinutes: 60 } }],
    })
    const { id } = await cast.raise()
    toTime(berlin('2026-03-02T10:30'))
    await cast.lena.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'On it.' } })
    await react()
    toTime(berlin('2026-03-02T14:00'))
    await ring()
    expect((await clocksOf(id)).map(({ round, verdict, missedAt }) => [round, verdict, missedAt])).toEqual([
      [2, 'missed', berlin('2026-03-02T11:30')],
      [1, 'met', null],
    ])
    expect(await saidOf(id)).toHaveLength(1)
  })

  test('each team has its own clock from when it got it', async () => {
    await publish(office, 'calendar', 'Office')
    await publish({
      agreements: [
        {
          id: 'teams',
          name: 'Between teams',
          kind: 'ola',
          when: { all: [] },
          clocks: [
            {
              measures: 'assignment',
              start: is('open', true),
              stop: done,
              reset: is('handed_over', true),
              calendar: 'Office',
              targets: [{ time: { workingMinutes: 120 } }],
            },
          ],
        },
      ],
    })
    const { id } = await cast.raise()
    toTime(berlin('2026-03-02T11:30'))
    await cast.assign(cast.lena, id, { teamId: cast.networkId })
    toTime(berlin('2026-03-02T13:30'))
    const clocks = await clocksOf(id)
    expect(clocks.map(({ round, verdict, elapsedMinutes }) => [round, verdict, elapsedMinutes])).toEqual([
      [2, 'open', 60],
      [1, 'met', 90],
    ])
    expect(clocks.map(({ minutes }) => minutes.counted.map(({ holder }) => holder.team))).toEqual([
      ['Network'],
      ['Service desk'],
    ])
  })
})

describe('a new version', () => {
  test('prices open incidents again and keeps what has elapsed', async () => {
    await promise(resolution(480))
    const { id } = await cast.raise()
    await react()
    await ring()
    toTime(berlin('2026-03-02T11:00'))
    await publish(agreed(resolution(120)))
    await react()
    world.clock.advance(2000)
    await ring()
    expect((await keptOf(id))[0]?.deadline_at).toBe(berlin('2026-03-02T12:00'))
    expect((await clockOf(id)).promises.map(({ version }) => version)).toEqual([1, 2])
  })

  test('that begins later is known to deadlines at once, and begins by itself', async () => {
    await promise(resolution(480))
    const { id } = await cast.raise()
    await publish(agreed(response(10), resolution(120)), 'service_levels', '', berlin('2026-03-02T11:00'))
    await react()
    world.clock.advance(2000)
    await ring()
    expect((await keptOf(id)).map(({ slot, deadline_at: at }) => [slot, at])).toEqual([
      ['sla/resolution', berlin('2026-03-02T12:00')],
    ])
    toTime(Date.parse(berlin('2026-03-02T11:00')) + 2000)
    await ring()
    expect((await keptOf(id)).map(({ slot, deadline_at: at }) => [slot, at])).toEqual([
      ['sla/resolution', berlin('2026-03-02T12:00')],
      ['sla/response', berlin('2026-03-02T11:10')],
    ])
  })

  test('of a calendar counts from then on', async () => {
    await promise(resolution(480))
    const { id } = await cast.raise()
    await publish({ ...office, week: { monday: day } }, 'calendar', 'Office')
    // Six hours on this Monday, two on the next one.
    expect((await clockOf(id)).deadline).toBe(berlin('2026-03-09T10:00'))
  })

  test('changes nothing about incidents that are over', async () => {
    await promise(resolution(120))
    const id = await cast.inState('in_progress')
    toTime(berlin('2026-03-02T11:00'))
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    await react()
    const before = await clockOf(id)
    toTime(berlin('2026-03-02T12:00'))
    await publish(agreed(resolution(30)))
    await react()
    world.clock.advance(2000)
    await ring()
    expect(await clockOf(id)).toEqual(before)
  })

  test('is tried on the last incidents before it is published', async () => {
    await promise(resolution(480))
    const id = await cast.inState('in_progress')
    toTime(berlin('2026-03-02T11:00'))
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    const { sentence, examples } = await ada.api.previewPolicy({
      params: { kind: 'service_levels' },
      body: { document: agreed(resolution(30)) },
    })
    expect(sentence).toBe('Of the last 1 incidents, 1 would have come out otherwise: 1 misses more, 0 fewer.')
    expect(examples).toMatchObject([{ id, before: 'resolution: met', after: 'resolution: missed' }])
    const same = await ada.api.previewPolicy({
      params: { kind: 'service_levels' },
      body: { document: agreed(resolution(480)) },
    })
    expect(same.changed).toBe(0)
  })

  test.each<[string, Partial<Clock>, string]>([
    ['whose start is its stop', { stop: { any: [done, is('open', true)] } }, 'never_starts'],
    ['whose start excludes its pause', { start: is('state', 'in_progress') }, 'pause_cancels'],
    ['whose start is a pause', { start: waitsForCaller }, 'never_runs'],
    ['with a calendar that is not there', { calendar: 'Night' }, 'calendar'],
    ['with a field that is not there', { stop: is('moon', 'full') }, 'filter'],
    ['that resumes by a condition it does not name', { resumes: 'on_condition' }, 'resume'],
  ])('of a clock %s is refused with the reason', async (_, more, code) => {
    await publish(office, 'calendar', 'Office')
    const publishing = ada.api.publishPolicy({
      params: { kind: 'service_levels' },
      body: { document: agreed(resolution(480, more)), note: 'agreed', basedOn: 0 },
    })
    const refused = await publishing.then(
      () => [],
      (error: { body?: { reasons?: { code: string }[] } }) => error.body?.reasons ?? [],
    )
    const codes = refused.map((reason) => reason.code)
    expect(codes).toContain(code)
  })
})

describe('the ledger', () => {
  test('gives every minute one holder and one cause, and sums to the time on the wall', async () => {
    await promise(resolution(480))
    const id = await cast.inState('in_progress')
    toTime(Date.parse(berlin('2026-03-02T11:00')) + 20_000)
    await cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    toTime(Date.parse(berlin('2026-03-03T09:30')) + 50_000)
    await cast.move(cast.amir, id, { action: 'resume' })
    toTime(berlin('2026-03-03T12:30'))
    const { minutes } = await clockOf(id)
    const sum = (held: readonly { minutes: number }[]) => held.reduce((total, one) => total + one.minutes, 0)
    expect(sum(minutes.counted) + sum(minutes.paused) + minutes.closed + minutes.ended).toBe(
      (Date.parse(world.clock.now()) - monday) / 60_000,
    )
    const { body } = await world.app.inject({
      url: `/api/v1/incidents/${id}/clocks/export`,
      headers: { cookie: cast.lena.cookie },
    })
    const lines = body.trim().split('\r\n')
    expect(lines[0]).toContain('clock,round,agreement,from,to,minutes,cause,holder,team')
    const cells = lines.slice(1).map((line) => line.split(','))
    for (const [place, cell] of cells.entries()) if (place > 0) expect(cell[3]).toBe(cells[place - 1]?.[4])
    expect(cells.reduce((total, cell) => total + Number(cell[5]), 0)).toBe(
      (Date.parse(world.clock.now()) - monday) / 60_000,
    )
  })

  test('cannot hold two lines for one instant', async () => {
    await promise(resolution(480))
    const id = await cast.inState('in_progress')
    toTime(berlin('2026-03-02T11:00'))
    await cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    await react()
    const again = write(world.database, timerAuthor(), async (tx) => {
      tx.send({
        text: `insert into clock_segment (tenant_id, record_id, slot, round, place, during, phase, holder, team_id, working_ms)
               select tenant_id, record_id, slot, round, 99, during, phase, holder, team_id, working_ms from clock_segment
               where tenant_id = $1 and record_id = $2 limit 1`,
        values: [tx.tenantId, id],
      })
    })
    await expect(again).rejects.toThrow(/one_holder_at_a_time/)
  })

  test('is what the journal says: thrown away and folded again it is the same', async () => {
    await promise(response(30), resolution(120))
    const id = await cast.inState('in_progress')
    toTime(berlin('2026-03-02T11:00'))
    await cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    toTime(berlin('2026-03-02T14:00'))
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    await react()
    const all = () =>
      transaction(world.database, cast.tenant.id, 'read only', async (client) => {
        const found = await client.query(
          'select * from clock_segment where record_id = $1 order by slot, place',
          [id],
        )
        const clocks = await client.query('select * from clock where record_id = $1 order by slot', [id])
        return { segments: found.rows, clocks: clocks.rows }
      })
    const before = await all()
    expect(before.segments.length).toBeGreaterThan(2)
    await write(world.database, timerAuthor(), async (tx) => {
      tx.send({ text: 'delete from clock where tenant_id = $1', values: [tx.tenantId] })
    })
    await write(world.database, timerAuthor(), async (tx) => {
      tx.journal({
        type: 'incident.affected_added',
        subject: { kind: 'incident', id },
        data: { affected: [] },
      })
    })
    await react()
    expect((await all()).segments).toEqual(before.segments)
  })
})
