import { PriorityMatrix } from '@evenkeel/contract/policy'
import type { Level, Priority } from '@evenkeel/contract/incident'
import { describe, expect, test } from 'vitest'
import { priorityOf, priorityPolicy, priorityReason } from './incident.priority.ts'
import { urgencyOf } from './incident.urgency.ts'

const shipped = priorityPolicy.initial
const serviceId = '018f0000-0000-7000-8000-000000000001'

/** The matrix as shipped, cell by cell: impact, urgency, priority. */
const cells: readonly (readonly [Level, Level, Priority])[] = [
  [1, 1, 1],
  [1, 2, 2],
  [1, 3, 3],
  [2, 1, 2],
  [2, 2, 3],
  [2, 3, 4],
  [3, 1, 3],
  [3, 2, 4],
  [3, 3, 4],
]

describe('the priority matrix', () => {
  for (const [impact, urgency, priority] of cells) {
    test(`impact ${impact} and urgency ${urgency} give priority ${priority}`, () => {
      expect(priorityOf(shipped, null, impact, urgency)).toBe(priority)
    })
  }

  test('a service with a matrix of its own is priced by it, every other one by the common matrix', () => {
    const flat = { high: 5, medium: 5, low: 5 } as const
    const policy = { ...shipped, services: [{ serviceId, matrix: { high: flat, medium: flat, low: flat } }] }
    expect(priorityOf(policy, serviceId, 1, 1)).toBe(5)
    expect(priorityOf(policy, '018f0000-0000-7000-8000-000000000002', 1, 1)).toBe(1)
    expect(priorityOf(policy, null, 1, 1)).toBe(1)
  })

  test('a document with a missing cell, a sixth priority or another key is no matrix', () => {
    const { matrix } = shipped
    const { low: _, ...rest } = matrix.high
    for (const broken of [
      { ...shipped, matrix: { ...matrix, high: rest } },
      { ...shipped, matrix: { ...matrix, high: { ...matrix.high, low: 6 } } },
      { ...shipped, matrix: { ...matrix, huge: matrix.high } },
      { matrix },
    ])
      expect(PriorityMatrix.safeParse(broken).success).toBe(false)
  })
})

describe('how a priority explains itself', () => {
  const facts = {
    impact: 2,
    urgency: 1,
    urgencyRaisedFrom: null,
    computed: 2,
    priority: 2,
    override: null,
  } as const

  test('computed: impact, urgency and which matrix', () => {
    expect(priorityReason(facts, 3)).toBe(
      'impact medium and urgency high give 2 high by version 3 of the matrix.',
    )
    expect(priorityReason(facts, 0)).toContain('by the matrix that comes with the product.')
  })

  test('overridden: what somebody set, why, and what the matrix gives', () => {
    expect(priorityReason({ ...facts, priority: 1, override: { reason: 'theatre 2 waits' } }, 3)).toBe(
      'Set to 1 critical by hand: theatre 2 waits (impact medium and urgency high give 2 high by version 3 of the matrix).',
    )
  })

  test('the reason of an override stays with the team', () => {
    expect(priorityReason({ ...facts, priority: 1, override: { reason: null } }, 3)).toBe(
      'Set to 1 critical by hand (impact medium and urgency high give 2 high by version 3 of the matrix).',
    )
  })

  test('urgency raised by the standing of the caller says from what', () => {
    expect(priorityReason({ ...facts, urgencyRaisedFrom: 2 }, 3)).toContain(
      'urgency high (raised from medium for a very important person) give 2 high',
    )
  })
})

describe('a very important person raises the urgency, never the matrix', () => {
  test('by one step, saying from what', () => {
    expect(urgencyOf(3, true, true)).toEqual({ urgency: 2, raisedFrom: 3 })
    expect(urgencyOf(2, true, true)).toEqual({ urgency: 1, raisedFrom: 2 })
  })
  test('not above the highest', () => {
    expect(urgencyOf(1, true, true)).toEqual({ urgency: 1, raisedFrom: null })
  })
  test('not for everybody else, and not where the rules say no', () => {
    expect(urgencyOf(3, false, true)).toEqual({ urgency: 3, raisedFrom: null })
    expect(urgencyOf(3, true, false)).toEqual({ urgency: 3, raisedFrom: null })
  })
})
