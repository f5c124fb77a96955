import type { Filter } from '@evenkeel/contract/filter'
import { describe, expect, test } from 'vitest'
import { context, fields, now, people, teams } from '../../../test/filters.ts'
import { Temporal } from '../time/temporal.ts'
import { bindFilter } from './bind.ts'
import { type Facts, predicateOf } from './predicate.ts'

const holds = (filter: Filter, facts: Facts, someone = context) => {
  const binding = bindFilter(filter, fields)
  if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
  return predicateOf(binding.bound)(facts, someone)
}
const is = (field: string, value: string | number | boolean): Filter => ({ field, op: '=', value })

describe('an empty value', () => {
  const comparisons: Filter[] = [
    ...(['=', '!=', 'contains', 'starts with', 'matches'] as const).map((op): Filter => ({
      field: 'title',
      op,
      value: 'x',
    })),
    ...(['=', '!=', '<', '<=', '>', '>='] as const).flatMap((op): Filter[] => [
      { field: 'cost', op, value: 0 },
      { field: 'priority', op, value: '2' },
      { field: 'created', op, value: 'now' },
      { field: 'due', op, value: 'today' },
    ]),
    ...(['in', 'not in'] as const).flatMap((op): Filter[] => [
      { field: 'title', op, value: ['x'] },
      { field: 'cost', op, value: [0] },
      { field: 'team', op, value: [teams.desk] },
      { field: 'watchers', op, value: [people.ana] },
    ]),
    { field: 'created', op: 'within', value: ['now-1d', 'now'] },
    { field: 'major', op: '=', value: false },
    { field: 'major', op: '!=', value: true },
    { field: 'search', op: 'matches', value: 'x' },
  ]

  test.each(comparisons)('fails every comparison and passes its negation: %j', (comparison) => {
    for (const facts of [
      {},
      { title: null, cost: null },
      { title: '', number: '', search: '', watchers: [] },
    ]) {
      expect(holds(comparison, facts)).toBe(false)
      expect(holds({ not: comparison }, facts)).toBe(true)
    }
  })

  test('is null, absent, the empty text and the empty list; zero and no are values', () => {
    const empty = (field: string, facts: Facts) =>
      holds({ field, op: 'is empty' }, facts) && !holds({ field, op: 'is set' }, facts)
    expect(empty('title', {})).toBe(true)
    expect(empty('title', { title: null })).toBe(true)
    expect(empty('title', { title: '' })).toBe(true)
    expect(empty('watchers', { watchers: [] })).toBe(true)
    expect(empty('cost', { cost: 0 })).toBe(false)
    expect(empty('major', { major: false })).toBe(false)
    expect(empty('title', { title: ' ' })).toBe(false)
  })
})

describe('a filter as a predicate', () => {
  test('tells "something other" from "not": only the first wants a value', () => {
    const other: Filter = { field: 'assignee', op: '!=', value: 'me' }
    const not: Filter = { not: is('assignee', 'me') }
    for (const [assignee, isOther, isNot] of [
      [people.ana, false, false],
      [people.bo, true, true],
      [null, false, true],
    ] as const) {
      expect([holds(other, { assignee }), holds(not, { assignee })]).toEqual([isOther, isNot])
    }
  })

  test('knows me and my teams, and that nothing is mine when nobody asks', () => {
    const nobody = { ...context, me: undefined, myTeams: [] }
    expect(holds(is('assignee', 'me'), { assignee: people.ana })).toBe(true)
    expect(holds(is('assignee', 'me'), { assignee: people.ana }, nobody)).toBe(false)
    expect(holds({ field: 'assignee', op: '!=', value: 'me' }, { assignee: people.ana }, nobody)).toBe(true)
    expect(holds(is('team', 'my_teams'), { team: teams.desk })).toBe(true)
    expect(holds(is('team', 'my_teams'), { team: teams.odd })).toBe(false)
    expect(holds({ field: 'team', op: 'in', value: ['my_teams', teams.odd] }, { team: teams.odd })).toBe(true)
    expect(holds(is('watchers', 'me'), { watchers: [people.bo, people.ana] })).toBe(true)
    expect(holds({ field: 'watchers', op: '!=', value: 'me' }, { watchers: [people.bo] })).toBe(true)
    expect(holds({ field: 'watchers', op: '!=', value: 'me' }, { watchers: [people.bo, people.ana] })).toBe(
      false,
    )
  })

  test('asks for the time of each context anew, and once for many records', () => {
    const binding = bindFilter({ field: 'created', op: '>=', value: 'today' }, fields)
    if (!binding.ok) throw new Error('not bound')
    const recent = predicateOf(binding.bound)
    const created = now
    expect(recent({ created }, context)).toBe(true)
    expect(recent({ created }, context)).toBe(true)
    expect(recent({ created }, { ...context, now: now.add({ hours: 48 }) })).toBe(false)
    expect(recent({ created }, context)).toBe(true)
  })

  test('compares with the whole of what a time names', () => {
    const created = '2026-03-01T12:00:00Z'
    const compare = (op: '=' | '!=' | '<' | '<=' | '>' | '>=', value: string) =>
      holds({ field: 'created', op, value }, { created })
    expect(compare('=', '2026-03-01')).toBe(true)
    expect(compare('<=', '2026-03-01')).toBe(true)
    expect(compare('>=', '2026-03-01')).toBe(true)
    expect(compare('<', '2026-03-01')).toBe(false)
    expect(compare('>', '2026-03-01')).toBe(false)
    expect(compare('!=', '2026-03-01')).toBe(false)
    expect(compare('>', '2026-02')).toBe(true)
    expect(compare('<', '2026-04')).toBe(true)
  })

  test('has the first time’s start and not the second’s end within', () => {
    const within = (created: string, from: string, to: string) =>
      holds({ field: 'created', op: 'within', value: [from, to] }, { created })
    expect(within('2026-03-01T00:00:00+01:00', '2026-03-01', '2026-03-02')).toBe(true)
    expect(within('2026-03-02T23:59:59.999+01:00', '2026-03-01', '2026-03-02')).toBe(true)
    expect(within('2026-03-03T00:00:00+01:00', '2026-03-01', '2026-03-02')).toBe(false)
    expect(within('2026-02-28T23:59:59.999+01:00', '2026-03-01', '2026-03-02')).toBe(false)
    expect(within('2026-03-01T12:00:00+01:00', '2026-03-02', '2026-03-01')).toBe(false)
    expect(holds({ field: 'due', op: 'within', value: ['yesterday', 'today'] }, { due: '2026-03-28' })).toBe(
      true,
    )
    expect(holds({ field: 'due', op: 'within', value: ['yesterday', 'today'] }, { due: '2026-03-30' })).toBe(
      false,
    )
  })

  test('finds text in any case, at the beginning or anywhere', () => {
    const title = 'Ärger mit DISK_1'
    expect(holds({ field: 'title', op: 'contains', value: 'disk_' }, { title })).toBe(true)
    expect(holds({ field: 'title', op: 'contains', value: 'disk%' }, { title })).toBe(false)
    expect(holds({ field: 'title', op: 'starts with', value: 'ÄRGER' }, { title })).toBe(true)
    expect(holds({ field: 'title', op: 'starts with', value: 'mit' }, { title })).toBe(false)
    expect(holds(is('title', 'ärger MIT disk_1'), { title })).toBe(true)
    expect(holds(is('source', 'Mail'), { source: 'mail' })).toBe(false)
  })

  test('compares numbers at their edges', () => {
    const compare = (op: '<' | '<=' | '>' | '>=' | '=' | '!=', cost: number) =>
      holds({ field: 'cost', op, value: 5 }, { cost })
    expect([4, 5, 6].map((cost) => compare('<', cost))).toEqual([true, false, false])
    expect([4, 5, 6].map((cost) => compare('<=', cost))).toEqual([true, true, false])
    expect([4, 5, 6].map((cost) => compare('>', cost))).toEqual([false, false, true])
    expect([4, 5, 6].map((cost) => compare('>=', cost))).toEqual([false, true, true])
    expect([4, 5, 6].map((cost) => compare('=', cost))).toEqual([false, true, false])
    expect([4, 5, 6].map((cost) => compare('!=', cost))).toEqual([true, false, true])
  })

  test('takes instants in every form that the application has them in', () => {
    for (const created of [
      now,
      new Date(now.epochMilliseconds),
      now.epochMilliseconds,
      now.toString(),
      '2026-03-29T00:15:00.250999+01:00',
      now.epochMilliseconds + 0.5,
    ]) {
      expect(holds(is('created', '2026-03-28T23:15:00.250Z'), { created })).toBe(true)
    }
    expect(holds(is('created', 'now'), { created: Temporal.Instant.fromEpochMilliseconds(0) })).toBe(false)
  })

  test('takes choices kept as small integers and numbers kept as text', () => {
    expect(holds({ field: 'priority', op: '<=', value: '2' }, { priority: 2 })).toBe(true)
    expect(holds({ field: 'cost', op: '>', value: 2 }, { cost: '10.50' })).toBe(true)
  })

  test('reads only what is the record’s own', () => {
    expect(holds({ field: 'title', op: 'is set' }, Object.create({ title: 'inherited' }) as Facts)).toBe(
      false,
    )
  })

  test.each<[Filter, Facts]>([
    [is('title', 'x'), { title: 7 }],
    [is('title', 'x'), { title: ['x'] }],
    [is('cost', 1), { cost: 'much' }],
    [is('cost', 1), { cost: true }],
    [is('major', true), { major: 'true' }],
    [is('created', 'now'), { created: 'lately' }],
    [is('created', 'now'), { created: true }],
    [is('team', teams.desk), { team: 7 }],
    [is('watchers', people.ana), { watchers: people.ana }],
    [is('watchers', people.ana), { watchers: new Date() }],
  ])('throws rather than answers when a value is of another type than its field: %j %j', (filter, facts) => {
    expect(() => holds(filter, facts)).toThrow(TypeError)
  })
})
