import type { Level } from '@evenkeel/contract/incident'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AffectedService, impactOf, impactRises, impactRules } from './incident.impact.ts'

const rules = impactRules.initial
const service = (
  criticality: AffectedService['criticality'],
  health: AffectedService['health'],
  id = `${health} ${criticality}`,
): AffectedService => ({ id, criticality, health })

describe('the impact that services and people make', () => {
  test.each([
    [1, 'down', 1],
    [2, 'down', 1],
    [3, 'down', 2],
    [4, 'down', 3],
    [1, 'degraded', 2],
    [2, 'degraded', 2],
    [3, 'degraded', 3],
    [4, 'degraded', 3],
  ] as const)('a service of criticality %i that is %s gives level %i', (criticality, health, level) => {
    expect(impactOf(rules, { services: [service(criticality, health)], people: 1 }).level).toBe(level)
  })

  test.each([
    [1, 3],
    [4, 3],
    [5, 2],
    [24, 2],
    [25, 1],
    [4000, 1],
  ] as const)('%i people give level %i', (people, level) => {
    expect(impactOf(rules, { services: [], people }).level).toBe(level)
  })

  test('the heaviest counts, and all that speaks for more than low is told, the heaviest first', () => {
    const { level, grounds } = impactOf(rules, {
      services: [service(4, 'down'), service(1, 'degraded'), service(2, 'down')],
      people: 7,
    })
    expect(level).toBe(1)
    expect(grounds).toEqual([
      { by: 'service', id: 'down 2', criticality: 2, health: 'down', level: 1 },
      { by: 'people', count: 7, level: 2 },
      { by: 'service', id: 'degraded 1', criticality: 1, health: 'degraded', level: 2 },
    ])
  })

  test('of many services the heaviest are told', () => {
    const services = Array.from({ length: 50 }, (_, index) => service(3, 'down', `s${index}`))
    const { level, grounds } = impactOf(rules, { services: [...services, service(1, 'down')], people: 1 })
    expect(level).toBe(1)
    expect(grounds).toHaveLength(21)
    expect(grounds[0]).toMatchObject({ id: 'down 1' })
  })

  test('what was not followed is told beside what speaks for more, and weighs nothing', () => {
    const cut = { by: 'edges', at: 50_000 } as const
    const unfollowed = { by: 'cut', cut: 'edges', at: 50_000, level: 3 }
    expect(impactOf(rules, { services: [], people: 1, cut })).toEqual({ level: 3, grounds: [unfollowed] })
    const { level, grounds } = impactOf(rules, { services: [service(1, 'down')], people: 1, cut })
    expect(level).toBe(1)
    expect(grounds).toEqual([expect.objectContaining({ by: 'service' }), unfollowed])
  })

  test('no more affected ever means less impact', () => {
    const some = fc.array(
      fc.record({
        id: fc.uuid(),
        criticality: fc.constantFrom(1, 2, 3, 4),
        health: fc.constantFrom('down', 'degraded'),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(some, some, fc.nat(100), fc.nat(100), (services, more, people, morePeople) => {
        const before = impactOf(rules, { services, people }).level
        const after = impactOf(rules, { services: [...services, ...more], people: people + morePeople }).level
        expect(after).toBeLessThanOrEqual(before)
      }),
    )
  })
})

describe('impact by itself', () => {
  test('rises when more is affected than is in force', () => {
    expect(impactRises({ impact: 3, impact_computed: null }, 2)).toBe(true)
    expect(impactRises({ impact: 2, impact_computed: 2 }, 1)).toBe(true)
  })
  test('never falls', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Level>(1, 2, 3),
        fc.constantFrom<Level | null>(1, 2, 3, null),
        fc.constantFrom<Level>(1, 2, 3),
        (impact, before, now) => {
          if (impactRises({ impact, impact_computed: before }, now)) expect(now).toBeLessThan(impact)
        },
      ),
    )
  })
  test('stays where a person lowered it, until things get worse than they were then', () => {
    expect(impactRises({ impact: 3, impact_computed: 2 }, 2)).toBe(false)
    expect(impactRises({ impact: 3, impact_computed: 2 }, 1)).toBe(true)
  })
  test('does not rise to what a person set higher already', () => {
    expect(impactRises({ impact: 1, impact_computed: 3 }, 2)).toBe(false)
  })
})
