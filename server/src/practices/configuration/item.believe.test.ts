import { ItemSource, type ItemSources } from '@evenkeel/contract/item-class'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { believe, believed, type Fact } from './item.believe.ts'
import { itemClassesPolicy } from './item-class.policy.ts'
import { modelOf } from './item.model.ts'
import { modelsOf } from './item-class.model.ts'

const server = modelOf(modelsOf(itemClassesPolicy.initial), 'server')
const now = '2026-06-30T12:00:00.000Z'
const daysAgo = (days: number): string => new Date(Date.parse(now) - days * 86_400_000).toISOString()
const sources: ItemSources = {
  sources: [
    ItemSource.parse({ name: 'hand', label: 'By hand', staleAfterDays: null }),
    ItemSource.parse({ name: 'scan', label: 'Scan', staleAfterDays: 10 }),
    ItemSource.parse({ name: 'sheet', label: 'Sheet', staleAfterDays: 10 }),
  ],
  precedence: [],
  identification: [],
}
const said = (source: string, values: Fact['values'], days = 1): Fact => ({
  source,
  values,
  validFrom: daysAgo(100),
  knownFrom: daysAgo(100),
  seenAt: daysAgo(days),
  saidBy: null,
})
const told = (facts: readonly Fact[], policy: ItemSources = sources, key = 'memory') =>
  believe(facts, server, policy, now)
    .get(key)
    ?.map(({ fact, value, lostBy }) => [fact.source, value, lostBy])

describe('which source is believed', () => {
  test('the first in the order; what lost is kept, with the reason', () => {
    expect(
      told([said('sheet', { memory: 8 }), said('scan', { memory: 16 }), said('hand', { memory: 32 })]),
    ).toEqual([
      ['hand', 32, null],
      ['scan', 16, 'precedence'],
      ['sheet', 8, 'precedence'],
    ])
  })

  test('one that fell silent loses its turn', () => {
    expect(told([said('scan', { memory: 16 }, 11), said('sheet', { memory: 8 }, 9)])).toEqual([
      ['sheet', 8, null],
      ['scan', 16, 'stale'],
    ])
  })

  test('a stale value is better than none', () => {
    expect(told([said('scan', { memory: 16 }, 11)])).toEqual([['scan', 16, null]])
  })

  test('what the class does not take is never believed, and is shown', () => {
    expect(told([said('hand', { memory: 'much' }), said('scan', { memory: 16 })])).toEqual([
      ['scan', 16, null],
      ['hand', 'much', 'invalid'],
    ])
    const belief = believe([said('hand', { memory: 'much' })], server, sources, now)
    expect(believed(belief, 'memory')).toBeUndefined()
  })

  test('an attribute may have an order of its own, of the nearest class first', () => {
    const own = (...orders: ItemSources['precedence']): ItemSources => ({ ...sources, precedence: orders })
    const facts = [said('hand', { memory: 32 }), said('scan', { memory: 16 }), said('sheet', { memory: 8 })]
    expect(told(facts, own({ attribute: 'memory', sources: ['scan'] }))?.[0]).toEqual(['scan', 16, null])
    expect(
      told(
        facts,
        own(
          { attribute: 'memory', sources: ['scan'] },
          { attribute: 'memory', class: 'server', sources: ['sheet'] },
        ),
      )?.map(([source]) => source),
    ).toEqual(['sheet', 'hand', 'scan'])
    expect(told(facts, own({ attribute: 'memory', class: 'database', sources: ['scan'] }))?.[0]?.[0]).toBe(
      'hand',
    )
  })

  test('a source that nobody put into the order comes last', () => {
    expect(told([said('other', { memory: 4 }), said('sheet', { memory: 8 })])?.[0]).toEqual([
      'sheet',
      8,
      null,
    ])
  })

  const anyFacts = fc.uniqueArray(
    fc.record({
      source: fc.constantFrom('hand', 'scan', 'sheet', 'other', 'another'),
      memory: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constant('much')),
      days: fc.nat(20),
    }),
    { selector: ({ source }) => source },
  )
  test('the order in which they arrived says nothing, and no value vanishes', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const facts = some.map(({ source, memory, days }) => said(source, { memory }, days))
        const answer = told(facts)
        expect(told(facts.toReversed())).toEqual(answer)
        expect(new Set(answer?.map(([source]) => source) ?? [])).toEqual(
          new Set(some.map(({ source }) => source)),
        )
        expect(answer?.filter(([, , lostBy]) => lostBy === null).length ?? 0).toBe(
          some.some(({ memory }) => typeof memory === 'number') ? 1 : 0,
        )
      }),
    )
  })
})
