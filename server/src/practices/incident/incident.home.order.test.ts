import { describe, expect, test } from 'vitest'
import { inOrder, isHeavy, reasonsFor, type Standing } from './incident.home.order.ts'

const now = '2026-03-02T12:00:00.000Z'
const ago = (minutes: number): string => new Date(Date.parse(now) - minutes * 60_000).toISOString()

const calm: Standing = {
  state: 'in_progress',
  priority: 3,
  createdAt: ago(60),
  assignedAt: ago(50),
  ownCall: false,
  lastPublicAt: ago(10),
  callerSaidAt: null,
  reopenedAt: null,
  holdReason: null,
  holdUntil: null,
  mentionedAt: null,
}
const whys = (part: Partial<Standing>): string[] =>
  reasonsFor({ ...calm, ...part }, now).map(({ why }) => why)

describe('why something needs me', () => {
  test('work in hand whose caller heard lately needs nothing', () => {
    expect(whys({})).toEqual([])
  })

  test('a caller who wrote after the last answer waits; one who wrote before it does not', () => {
    expect(reasonsFor({ ...calm, callerSaidAt: ago(5) }, now)).toEqual([
      { why: 'caller_answered', at: ago(5) },
    ])
    expect(whys({ callerSaidAt: ago(11) })).toEqual([])
    expect(whys({ callerSaidAt: ago(5), lastPublicAt: null })).toEqual(['caller_answered'])
  })

  test('what came back is said until the caller has heard of it', () => {
    expect(whys({ reopenedAt: ago(5) })).toEqual(['reopened'])
    expect(whys({ reopenedAt: ago(15) })).toEqual([])
  })

  test('a hold is said two hours before it runs out, and when it has', () => {
    const held = { state: 'on_hold', holdReason: 'vendor' } as const
    expect(whys({ ...held, holdUntil: ago(-20) })).toEqual(['hold_ends'])
    expect(whys({ ...held, holdUntil: ago(-121) })).toEqual([])
    expect(whys({ ...held, holdUntil: ago(0) })).toEqual(['hold_over'])
  })

  test('the more urgent it is, the sooner silence towards the caller is said', () => {
    expect(whys({ priority: 1, lastPublicAt: ago(30) })).toEqual(['not_told'])
    expect(whys({ priority: 2, lastPublicAt: ago(119) })).toEqual([])
    expect(whys({ priority: 2, lastPublicAt: ago(120) })).toEqual(['not_told'])
    expect(reasonsFor({ ...calm, createdAt: ago(240), lastPublicAt: null }, now)).toEqual([
      { why: 'not_told', at: ago(240) },
    ])
  })

  test('silence is no fault while the caller is asked, when a date is agreed, or when I am the caller', () => {
    const silent = { priority: 1, lastPublicAt: ago(600) } as const
    expect(whys({ ...silent, state: 'on_hold', holdReason: 'caller' })).toEqual([])
    expect(whys({ ...silent, state: 'on_hold', holdReason: 'user_scheduled' })).toEqual([])
    expect(whys({ ...silent, ownCall: true })).toEqual([])
    expect(whys({ ...silent, state: 'on_hold', holdReason: 'vendor' })).toEqual(['not_told'])
  })

  test('of what is not mine only a mention counts', () => {
    const others = { assignedAt: null, callerSaidAt: ago(1), reopenedAt: ago(1), state: 'new' } as const
    expect(whys(others)).toEqual([])
    expect(whys({ ...others, mentionedAt: ago(2) })).toEqual(['mentioned'])
  })

  test('several reasons stand in one line, the strongest first', () => {
    expect(whys({ state: 'new', lastPublicAt: null, createdAt: ago(300), callerSaidAt: ago(5) })).toEqual([
      'caller_answered',
      'not_told',
      'not_started',
    ])
  })
})

describe('the order to do it in', () => {
  test('critical first; then who waits for exactly me, then who waits, then work; then priority; then who waited longest', () => {
    const lines = [
      { id: 'work', priority: 2, because: [{ why: 'not_started', at: ago(5) }] },
      { id: 'silent', priority: 2, because: [{ why: 'not_told', at: ago(300) }] },
      { id: 'answered late', priority: 4, because: [{ why: 'caller_answered', at: ago(5) }] },
      { id: 'answered early', priority: 4, because: [{ why: 'caller_answered', at: ago(50) }] },
      { id: 'mentioned', priority: 3, because: [{ why: 'mentioned', at: ago(1) }] },
      { id: 'critical', priority: 1, because: [{ why: 'not_started', at: ago(1) }] },
    ] as const
    expect(lines.toSorted(inOrder).map(({ id }) => id)).toEqual([
      'critical',
      'mentioned',
      'answered early',
      'answered late',
      'silent',
      'work',
    ])
  })
})

test('a load is heavy from one and a half times the average on, and never for one or two more', () => {
  expect(isHeavy(9, 6)).toBe(true)
  expect(isHeavy(8, 6)).toBe(false)
  expect(isHeavy(3, 1.5)).toBe(false)
  expect(isHeavy(4, 2)).toBe(true)
  expect(isHeavy(0, 0)).toBe(false)
})
