import {
  type NoticeRule,
  channelSettings,
  noticeKinds,
  noticeParties,
  NotificationPolicy,
  type NoticeKind,
  type NoticeParty,
} from '@evenkeel/contract/notification'
import type { Permission, Scope } from '@evenkeel/contract/permission'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { may } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { isOn, noticesOf, type Happening, type Listener, type Wish } from './notification.decide.ts'
import { notificationPolicy } from './notification.policy.ts'

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 500)
const { initial } = notificationPolicy
const team = 'network'

type Cast = Partial<Record<NoticeParty, readonly string[]>>

const happening = (
  type: string,
  cast: Cast,
  more: Partial<Omit<Happening, 'record'>> & { data?: JsonObject; priority?: number; by?: string } = {},
): Happening => {
  const { by, priority, ...rest } = more
  const party = (name: NoticeParty): ReadonlySet<string> => new Set(cast[name])
  const parties: Happening['parties'] = {
    mentioned: party('mentioned'),
    requester: party('requester'),
    assignee: party('assignee'),
    affected: party('affected'),
    watcher: party('watcher'),
    lead: party('lead'),
    lead_along: party('lead_along'),
    team: party('team'),
  }
  return {
    entryId: 'entry',
    type,
    data: {},
    actors: new Set(by === undefined ? [] : [by]),
    internal: false,
    record: {
      requesterId: cast.requester?.[0] ?? 'rita',
      followers: new Set(cast.affected),
      assigneeId: cast.assignee?.[0] ?? null,
      teamId: team,
      serviceId: null,
      confidential: false,
      priority: priority ?? 3,
    },
    parties,
    read: 'incident.read',
    readInternal: 'incident.read_internal',
    fresh: true,
    ...rest,
  }
}

const grants = (...permissions: readonly (readonly [Permission, ...Scope[]])[]): Listener['grants'] =>
  new Map(permissions.map(([permission, ...scopes]) => [permission, new Set(scopes)]))
const requester = grants(['incident.read', 'own'])
const agent = grants(['incident.read', 'all'], ['incident.read_internal', 'all'])

const person = (id: string, more: Partial<Listener> = {}): Listener => ({
  id,
  isActive: true,
  grants: agent,
  reach: { personId: id, teamIds: new Set([team]), serviceIds: new Set() },
  wishes: new Map(),
  ...more,
})
const among = (...people: readonly Listener[]): ReadonlyMap<string, Listener> =>
  new Map(people.map((one) => [one.id, one]))
const rita = person('rita', {
  grants: requester,
  reach: { personId: 'rita', teamIds: new Set(), serviceIds: new Set() },
})
const [amir, ana, lea] = [person('amir'), person('ana'), person('lea')]
const wish = (kind: NoticeKind, word: Wish): ReadonlyMap<NoticeKind, Wish> => new Map([[kind, word]])
const nothing: Wish = { inApplication: false, mail: false }

const told = (
  event: Happening | readonly Happening[],
  ...people: readonly Listener[]
): Record<string, string> =>
  Object.fromEntries(
    noticesOf(initial, Array.isArray(event) ? event : [event as Happening], among(...people)).map(
      (notice) => [notice.personId, notice.rule],
    ),
  )
const changed = (
  column: string,
  from: string | number | null,
  to: string | number | null,
): { data: JsonObject } => ({
  data: { changes: { [column]: { from, to } } },
})

describe('who is told of what', () => {
  test('what waits for the daily mail is mail all the same, and only what may wait does', () => {
    const daily: Wish = { inApplication: null, mail: true, digest: true }
    const closed = happening('incident.closed', { requester: ['rita'] })
    const resolved = happening('incident.resolved', { requester: ['rita'] })
    const wishes = new Map<NoticeKind, Wish>([
      ['ended', daily],
      ['resolved', daily],
    ])
    const told = among({ ...rita, wishes })
    expect(noticesOf(initial, [closed], told)).toMatchObject([{ mail: true, digest: true }])
    expect(noticesOf(initial, [resolved], told)).toMatchObject([{ mail: true, digest: false }])
    expect(noticesOf(initial, [{ ...closed, fresh: false }], told)).toMatchObject([
      { mail: false, digest: false },
    ])
    const kinds = { ...initial.kinds, ended: { inApplication: 'on', mail: 'always' } } as const
    expect(noticesOf({ ...initial, kinds }, [closed], told)).toMatchObject([{ mail: true, digest: false }])
  })
  test('the requester hears that it was received, also when they raised it themselves, and by mail only', () => {
    const raised = happening('incident.raised', { requester: ['rita'] }, { by: 'rita' })
    expect(noticesOf(initial, [raised], among(rita))).toEqual([
      {
        personId: 'rita',
        entryId: 'entry',
        rule: 'received',
        kind: 'receipt',
        because: 'You get this because it was raised by you or for you.',
        inApplication: false,
        mail: true,
        digest: false,
      },
    ])
  })

  test('nobody else hears of what they did themselves, at the keyboard or in whose name', () => {
    const comment = happening(
      'incident.commented',
      { requester: ['rita'] },
      { actors: new Set(['ana', 'rita']) },
    )
    expect(told(comment, rita, ana)).toEqual({})
    expect(told(happening('incident.commented', { requester: ['rita'] }, { by: 'ana' }), rita, ana)).toEqual({
      rita: 'written-to',
    })
  })

  test.each([
    ['incident.commented', {}, 'written-to'],
    ['incident.held', changed('hold_reason', null, 'caller'), 'question'],
    ['incident.resolved', {}, 'resolved'],
    ['incident.closed', {}, 'ended'],
    ['incident.canceled', {}, 'ended'],
  ])('the requester hears of %s', (type, more, rule) => {
    expect(told(happening(type, { requester: ['rita'] }, { by: 'ana', ...more }), rita)).toEqual({
      rita: rule,
    })
  })

  test.each([
    ['incident.held', changed('hold_reason', null, 'vendor')],
    ['incident.noted', { internal: true }],
    ['incident.assigned', { internal: true, ...changed('assignee_id', null, 'amir') }],
    ['incident.edited', { internal: true, ...changed('priority', 4, 1) }],
    ['incident.started', {}],
    ['incident.reopened', {}],
  ])('the requester does not hear of %s that is not theirs to hear', (type, more) => {
    expect(told(happening(type, { requester: ['rita'] }, { by: 'ana', ...more }), rita)).toEqual({})
  })

  test.each([
    ['incident.assigned', { internal: true, ...changed('assignee_id', null, 'amir') }, 'given'],
    ['incident.routed', { internal: true, data: { personId: 'amir' } }, 'given'],
    ['incident.commented', { by: 'rita' }, 'answered'],
    ['incident.commented', { by: 'ana' }, 'said'],
    ['incident.noted', { by: 'ana', internal: true }, 'said'],
    ['incident.resumed', { by: 'rita' }, 'resumed'],
    ['incident.reopened', { by: 'rita' }, 'reopened'],
    ['incident.edited', { internal: true, ...changed('priority', 3, 2) }, 'raised-in-rank'],
    ['incident.priority_overridden', { internal: true, ...changed('priority', 3, 1) }, 'raised-in-rank'],
    ['incident.priority_computed', { internal: true, ...changed('priority', 3, 1) }, 'raised-in-rank'],
  ])('the assignee hears of %s', (type, more, rule) => {
    const cast = { requester: ['rita'], assignee: ['amir'], team: ['amir', 'ana'] }
    expect(told(happening(type, cast, { by: 'somebody', ...more }), amir)).toEqual({ amir: rule })
  })

  test('who had it for a moment and has it no longer is not told that it is theirs', () => {
    const given = { internal: true, ...changed('assignee_id', null, 'ana') }
    expect(told(happening('incident.assigned', { assignee: ['amir'] }, given), amir, ana)).toEqual({})
    expect(told(happening('incident.assigned', { assignee: [] }, given), amir, ana)).toEqual({})
  })

  test('a priority that was lowered or kept is no news', () => {
    const cast = { assignee: ['amir'] }
    for (const data of [changed('priority', 2, 3), changed('impact', 2, 1), changed('priority', 2, 2)])
      expect(told(happening('incident.edited', cast, { internal: true, ...data }), amir)).toEqual({})
  })

  test('the team hears of what is new, came to it, was answered, reopened or raised in rank, while nobody has it', () => {
    const seat: Cast = { requester: ['rita'], team: ['ana', 'lea'] }
    const held: Cast = { ...seat, assignee: ['amir'] }
    const cases: readonly (readonly [Happening['type'], Parameters<typeof happening>[2], string])[] = [
      ['incident.raised', { by: 'rita' }, 'new-for-team'],
      ['incident.assigned', { internal: true, ...changed('team_id', 'desk', team) }, 'came-to-team'],
      ['incident.commented', { by: 'rita' }, 'answered-team'],
      ['incident.reopened', { by: 'rita' }, 'reopened-team'],
      ['incident.edited', { internal: true, ...changed('priority', 4, 3) }, 'raised-in-rank-team'],
    ]
    for (const [type, more, rule] of cases) {
      expect(told(happening(type, seat, more), ana, lea)).toEqual({ ana: rule, lea: rule })
      expect(told(happening(type, held, more), ana, lea)).toEqual({})
    }
    const passedOn = { internal: true, ...changed('team_id', team, 'desk') }
    expect(told(happening('incident.assigned', seat, passedOn), ana)).toEqual({})
  })

  test('leads hear of what is urgent or becomes so, whoever has it', () => {
    const cast: Cast = { requester: ['rita'], assignee: ['amir'], lead: ['lea'], team: ['lea', 'amir'] }
    expect(told(happening('incident.raised', cast, { priority: 2 }), lea)).toEqual({ lea: 'urgent' })
    expect(told(happening('incident.raised', cast, { priority: 3 }), lea)).toEqual({})
    const raised = { internal: true, ...changed('priority', 3, 2) }
    expect(told(happening('incident.edited', cast, { ...raised, priority: 2 }), lea)).toEqual({
      lea: 'became-urgent',
    })
    expect(told(happening('incident.edited', cast, { ...raised, priority: 3 }), lea)).toEqual({})
  })

  test('watchers and affected people hear of milestones and of what is said to everybody', () => {
    const cast: Cast = { requester: ['rita'], watcher: ['lea'], affected: ['ana'] }
    for (const type of ['incident.resolved', 'incident.reopened', 'incident.closed', 'incident.canceled'])
      expect(told(happening(type, cast, { by: 'amir' }), lea, ana)).toEqual({
        lea: 'watched',
        ana: 'affected',
      })
    expect(told(happening('incident.commented', cast, { by: 'amir' }), lea, ana)).toEqual({
      lea: 'watched-comment',
      ana: 'affected-comment',
    })
    expect(told(happening('incident.noted', cast, { by: 'amir', internal: true }), lea, ana)).toEqual({})
  })

  test('who is mentioned hears of it, unless it is a work note they may not read', () => {
    const note = happening('incident.noted', { mentioned: ['rita', 'ana'] }, { by: 'amir', internal: true })
    expect(told(note, rita, ana)).toEqual({ ana: 'mentioned' })
    expect(told({ ...note, internal: false }, rita, ana)).toEqual({ ana: 'mentioned', rita: 'mentioned' })
  })
})

describe('once, and for the strongest reason', () => {
  test('several rules name somebody: the strongest counts', () => {
    const cast: Cast = {
      mentioned: ['ana'],
      assignee: ['ana'],
      watcher: ['ana', 'lea'],
      affected: ['lea'],
      team: ['ana', 'lea'],
    }
    expect(told(happening('incident.commented', cast, { by: 'amir' }), ana, lea)).toEqual({
      ana: 'mentioned',
      lea: 'affected-comment',
    })
  })

  test('who does not want to hear of a kind hears by the next reason they have', () => {
    const cast: Cast = { mentioned: ['ana'], assignee: ['ana'] }
    const quiet = person('ana', { wishes: wish('mentioned', nothing) })
    expect(told(happening('incident.commented', cast, { by: 'amir' }), quiet)).toEqual({ ana: 'said' })
  })

  test('a question and the hold it comes with are one event: the hold tells it', () => {
    const cast: Cast = { requester: ['rita'] }
    const event = [
      happening('incident.held', cast, { by: 'ana', ...changed('hold_reason', null, 'caller') }),
      happening('incident.commented', cast, { by: 'ana', entryId: 'comment' }),
    ]
    expect(told(event, rita)).toEqual({ rita: 'question' })
  })

  test('one act says that it is done and writes about it: the caller hears that it is done', () => {
    const cast: Cast = { requester: ['rita'] }
    const event = [
      happening('incident.commented', cast, { by: 'ana' }),
      happening('incident.resolved', cast, { by: 'ana', entryId: 'resolved' }),
    ]
    expect(told(event, rita)).toEqual({ rita: 'resolved' })
  })

  test('what is raised and given to somebody at once: they hear that it is theirs, not that it is urgent', () => {
    const cast: Cast = { requester: ['rita'], assignee: ['lea'], lead: ['lea'] }
    const event = [
      happening('incident.raised', cast, { by: 'rita', priority: 1 }),
      happening('incident.routed', cast, {
        by: 'rita',
        priority: 1,
        internal: true,
        entryId: 'routed',
        data: { personId: 'lea' },
      }),
    ]
    expect(told(event, lea)).toEqual({ lea: 'given' })
  })
})

describe('where', () => {
  test.each([
    ['always', null, true],
    ['always', false, true],
    ['on', null, true],
    ['on', false, false],
    ['off', null, false],
    ['off', true, true],
    ['never', true, false],
    ['never', null, false],
  ] as const)('%s, and a person who says %s: %s', (setting, word, on) => {
    expect(isOn(setting, word)).toBe(on)
    if (word === null) expect(isOn(setting, undefined)).toBe(on)
  })

  test('what is old is told in the application only', () => {
    const old = happening('incident.resolved', { requester: ['rita'] }, { by: 'ana', fresh: false })
    expect(noticesOf(initial, [old], among(rita))).toMatchObject([{ inApplication: true, mail: false }])
    // A receipt is only a mail: an old one is nothing.
    expect(told({ ...old, type: 'incident.raised' }, rita)).toEqual({})
  })
})

describe('the policy', () => {
  test('of an early version, with conditions by name, is read as the filters that mean the same', () => {
    const [rule] = initial.rules
    const read = NotificationPolicy.parse({
      ...initial,
      rules: [{ ...rule, when: ['priority_raised', 'high_priority'] }],
    })
    expect(read.rules[0]?.when).toEqual(initial.rules.find(({ id }) => id === 'became-urgent')?.when)
    expect(NotificationPolicy.parse({ ...initial, rules: [{ ...rule, when: [] }] }).rules[0]?.when).toEqual({
      all: [],
    })
  })

  test('asks what the filter language can: another service, another rank, somebody else’s doing', () => {
    const serviceId = '018f0000-0000-7000-8000-00000000000f'
    const [, rule] = initial.rules
    if (rule === undefined) throw new Error('there is no rule')
    const policy = (when: NoticeRule['when']): NotificationPolicy => ({
      ...initial,
      rules: [{ ...rule, on: ['incident.raised'], tell: 'lead', kind: 'urgent', when }],
    })
    const raised = happening('incident.raised', { lead: ['lea'] }, { by: 'rita', priority: 2 })
    const of = (service: string | null): Happening => ({
      ...raised,
      record: { ...raised.record, serviceId: service },
    })
    const asked = policy({
      all: [
        { field: 'service', op: '=', value: serviceId },
        { not: { field: 'priority', op: '>', value: '2' } },
      ],
    })
    expect(noticesOf(asked, [of(serviceId)], among(lea))).toHaveLength(1)
    expect(noticesOf(asked, [of(null)], among(lea))).toEqual([])
    // What names a field that there is not holds for nothing.
    expect(noticesOf(policy({ field: 'moon', op: '=', value: 'full' }), [of(null)], among(lea))).toEqual([])
  })

  test('that comes with the product is one that could be published', () => {
    expect(NotificationPolicy.parse(initial)).toEqual(initial)
  })

  test.each([
    ['two rules of one name', { ...initial, rules: [initial.rules[0], initial.rules[0]] }],
    ['a reason that gives none', { ...initial, rules: [{ ...initial.rules[0], because: 'Because.' }] }],
    ['a kind without a setting', { ...initial, kinds: { receipt: { inApplication: 'on', mail: 'on' } } }],
    ['a condition nobody knows', { ...initial, rules: [{ ...initial.rules[0], when: ['full_moon'] }] }],
    ['an unknown word', { ...initial, digest: true }],
  ])('with %s is refused', (_, document) => {
    expect(NotificationPolicy.safeParse(document).success).toBe(false)
  })
})

// People and events of every kind; ids repeat, so that one person is many things at once.
const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const idSet = fc.uniqueArray(ids, { maxLength: 4 }).map((list) => new Set(list))
const scopes = fc.uniqueArray(fc.constantFrom<Scope>('own', 'team', 'service', 'all'), { maxLength: 2 })
const grantsOf = fc
  .record({ read: scopes, internal: scopes })
  .map(({ read, internal }) => grants(['incident.read', ...read], ['incident.read_internal', ...internal]))
const optional = fc.option(fc.boolean(), { nil: null })
const wishes = fc
  .array(fc.tuple(fc.constantFrom(...noticeKinds), fc.record({ inApplication: optional, mail: optional })), {
    maxLength: 6,
  })
  .map((list) => new Map(list))
const listeners = fc
  .tuple(
    ...['a', 'b', 'c', 'd', 'e'].map((id) =>
      fc.record({
        id: fc.constant(id),
        isActive: fc.boolean(),
        grants: grantsOf,
        reach: fc.record({
          personId: fc.constant(id),
          teamIds: fc.constantFrom(new Set<string>(), new Set(['t'])),
          serviceIds: fc.constantFrom(new Set<string>(), new Set(['s'])),
        }),
        wishes,
      }),
    ),
  )
  .map((list) => new Map<string, Listener>(list.map((one) => [one.id, one])))
const types = fc.constantFrom(...new Set(initial.rules.flatMap((rule) => rule.on)), 'incident.linked')
const data: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  fc.record({ personId: fc.option(ids, { nil: null }) }),
  ids.map((to) => ({ changes: { assignee_id: { from: null, to } } })),
  fc.constantFrom('caller', 'vendor').map((to) => ({ changes: { hold_reason: { from: null, to } } })),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .map(([from, to]) => ({ changes: { priority: { from, to } } })),
  fc.constant({ changes: { team_id: { from: 'u', to: 't' } } }),
)
const happenings = fc
  .record({
    entryId: fc.uuid(),
    type: types,
    data,
    actors: idSet,
    internal: fc.boolean(),
    fresh: fc.boolean(),
    requester: ids,
    assignee: fc.option(ids, { nil: null }),
    confidential: fc.boolean(),
    priority: fc.integer({ min: 1, max: 5 }),
    mentioned: idSet,
    affected: idSet,
    watcher: idSet,
    lead: idSet,
    team: idSet,
  })
  .map(
    ({
      requester: one,
      assignee,
      confidential,
      priority,
      mentioned,
      affected,
      watcher,
      lead,
      team: members,
      ...rest
    }): Happening => ({
      ...rest,
      record: {
        requesterId: one,
        followers: affected,
        assigneeId: assignee,
        teamId: 't',
        serviceId: 's',
        confidential,
        priority,
      },
      parties: {
        mentioned,
        requester: new Set([one]),
        assignee: new Set(assignee === null ? [] : [assignee]),
        affected,
        watcher,
        lead,
        lead_along: lead,
        team: members,
      },
      read: 'incident.read',
      readInternal: 'incident.read_internal',
    }),
  )
const policies = fc
  .record({
    kinds: fc.tuple(
      ...noticeKinds.map(() =>
        fc.record({
          inApplication: fc.constantFrom(...channelSettings),
          mail: fc.constantFrom(...channelSettings),
        }),
      ),
    ),
    rules: fc.shuffledSubarray(initial.rules),
  })
  .map(({ kinds, rules }): NotificationPolicy => ({
    kinds: Object.fromEntries(
      noticeKinds.map((kind, index) => [kind, kinds[index]]),
    ) as NotificationPolicy['kinds'],
    rules,
    mailWithinHours: 24,
    newWithinDays: 7,
    keepDays: 365,
  }))
const situations = fc.record({
  policy: policies,
  event: fc.array(happenings, { minLength: 1, maxLength: 3 }),
  people: listeners,
})

describe('whatever the policy, the people and the event', () => {
  test('A13: nobody hears of what they may not read, and of internals only who may read them', () => {
    fc.assert(
      fc.property(situations, ({ policy, event, people }) => {
        for (const notice of noticesOf(policy, event, people)) {
          const reader = people.get(notice.personId)
          const about = event.find((one) => one.entryId === notice.entryId)
          if (reader === undefined || about === undefined) throw new Error('told about nothing')
          expect(may(reader.grants, 'incident.read', reader.reach, about.record)).toBe(true)
          if (about.internal)
            expect(may(reader.grants, 'incident.read_internal', reader.reach, about.record)).toBe(true)
        }
      }),
      { numRuns: runs },
    )
  })

  test('nobody hears twice, who left hears nothing, and nobody hears of their own doing but for a receipt', () => {
    fc.assert(
      fc.property(situations, ({ policy, event, people }) => {
        const notices = noticesOf(policy, event, people)
        expect(new Set(notices.map((notice) => notice.personId)).size).toBe(notices.length)
        for (const notice of notices) {
          const rule = policy.rules.find((one) => one.id === notice.rule)
          const about = event.find((one) => one.entryId === notice.entryId)
          expect(people.get(notice.personId)?.isActive).toBe(true)
          expect(notice.inApplication || notice.mail).toBe(true)
          if (rule?.receipt !== true) expect(about?.actors.has(notice.personId)).toBe(false)
          if (about?.fresh !== true) expect(notice.mail).toBe(false)
        }
      }),
      { numRuns: runs },
    )
  })

  test('who has a reason, the right and the wish is told, by no weaker reason than the strongest', () => {
    fc.assert(
      fc.property(situations, ({ policy, event, people }) => {
        const notices = new Map(noticesOf(policy, event, people).map((notice) => [notice.personId, notice]))
        for (const [id, reader] of people) {
          // Asked one rule and one entry at a time, by the same function: the whole must be the best of its parts.
          const alone = policy.rules.flatMap((rule) =>
            event.flatMap((one) =>
              noticesOf({ ...policy, rules: [rule] }, [one], new Map([[id, reader]])).map(() => rule),
            ),
          )
          const best = Math.min(...alone.map((rule) => noticeParties.indexOf(rule.tell)))
          const rule = policy.rules.find((one) => one.id === notices.get(id)?.rule)
          expect(rule === undefined ? Infinity : noticeParties.indexOf(rule.tell)).toBe(best)
        }
      }),
      { numRuns: runs },
    )
  })
})
