import { describe, expect, test } from 'vitest'
import { daysOf, filterOf, readReportSearch, teamIn } from './report.period.ts'

const berlin = 'Europe/Berlin'
const at = (text: string): number => Date.parse(text)

describe('the days of a period', () => {
  test.each([
    ['week', '2026-02-24', '2026-03-02'],
    ['month', '2026-02-01', '2026-03-02'],
    ['quarter', '2025-12-03', '2026-03-02'],
    ['this_month', '2026-03-01', '2026-03-02'],
    ['last_month', '2026-02-01', '2026-02-28'],
  ] as const)('%s', (period, from, to) => {
    expect(daysOf({ period }, at('2026-03-02T09:00:00Z'), berlin)).toEqual({ from, to })
  })

  test('begin and end on the clocks of the reader', () => {
    const late = at('2026-03-31T22:30:00Z')
    expect(daysOf({ period: 'this_month' }, late, 'UTC').from).toBe('2026-03-01')
    expect(daysOf({ period: 'this_month' }, late, berlin)).toEqual({ from: '2026-04-01', to: '2026-04-01' })
    expect(daysOf({ period: 'last_month' }, at('2026-01-10T09:00:00Z'), berlin)).toEqual({
      from: '2025-12-01',
      to: '2025-12-31',
    })
  })

  test('of one’s own choosing stand in their order, and one of them is enough', () => {
    const now = at('2026-03-02T09:00:00Z')
    expect(daysOf({ period: 'own', from: '2026-02-10', to: '2026-02-01' }, now, berlin)).toEqual({
      from: '2026-02-01',
      to: '2026-02-10',
    })
    expect(daysOf({ period: 'own', from: '2026-02-10' }, now, berlin).to).toBe('2026-03-02')
  })
})

test('an address that says nonsense says nothing', () => {
  expect(readReportSearch({ show: 'cats', period: 'age', from: '2026-13-45', to: 'x', q: ' ' })).toEqual({})
  expect(readReportSearch({ show: 'holds', period: 'own', from: '2026-02-01' })).toEqual({
    show: 'holds',
    period: 'own',
    from: '2026-02-01',
  })
})

test('the filter keeps what was typed together', () => {
  const days = { from: '2026-02-01', to: '2026-02-28' }
  expect(filterOf(days)).toBe('created:>=2026-02-01 created:<=2026-02-28')
  expect(filterOf(days, 'priority:1 or priority:2')).toBe(
    'created:>=2026-02-01 created:<=2026-02-28 (priority:1 or priority:2)',
  )
})

test('a team is named where its name is its alone', () => {
  const [net, other] = [
    { id: '1', name: 'Network' },
    { id: '2', name: 'network' },
  ]
  expect(teamIn(net, [net])).toBe('"Network"')
  expect(teamIn(net, [net, other])).toBe('1')
  expect(teamIn(net, [])).toBe('1')
})
