import type { TimelineItem } from '@evenkeel/contract/incident'
import { expect, test } from 'vitest'
import { lastRows, passes, timelineRows } from './timeline-rows.ts'

const item = (id: string, at: string, more: Partial<TimelineItem> = {}): TimelineItem => ({
  id,
  at,
  type: 'incident.edited',
  actor: null,
  via: 'session',
  audience: null,
  body: null,
  changes: [],
  sentence: null,
  record: null,
  ...more,
})
const comment = { body: 'Hello', audience: 'public' } as const
const dayOf = (at: string) => at.slice(0, 10)

test('each day has its heading, what was said stands alone, changes in a row stand together', () => {
  const rows = timelineRows(
    [
      item('1', '2026-03-01T09:00:00Z'),
      item('2', '2026-03-01T09:01:00Z'),
      item('3', '2026-03-01T09:02:00Z', comment),
      item('4', '2026-03-02T09:00:00Z'),
    ],
    dayOf,
  )
  expect(
    rows.map(
      (row) => `${row.kind} ${row.kind === 'changes' ? row.items.map(({ id }) => id).join() : row.key}`,
    ),
  ).toEqual(['day day 2026-03-01', 'changes 1,2', 'said 3', 'day day 2026-03-02', 'changes 4'])
})

test('a filter leaves comments, notes or changes', () => {
  const items = [item('1', '', comment), item('2', '', { body: 'x', audience: 'team' }), item('3', '')]
  const kept = (filter: Parameters<typeof passes>[1]) =>
    items.filter((one) => passes(one, filter)).map(({ id }) => id)
  expect([kept('all'), kept('comments'), kept('notes'), kept('changes')]).toEqual([
    ['1', '2', '3'],
    ['1'],
    ['2'],
    ['3'],
  ])
})

test('what was written on a linked record is told in a line, and only files are files', () => {
  const linked = item('1', '2026-03-01T09:00:00Z', { ...comment, record: { id: 'x', number: 'INC0000001' } })
  expect(timelineRows([linked], dayOf).map(({ kind }) => kind)).toEqual(['day', 'changes'])
  expect(passes(linked, 'changes')).toBe(true)
  expect(passes(item('2', '', { type: 'incident.attached_for_team' }), 'files')).toBe(true)
  expect(passes(item('3', '', { type: 'incident.edited' }), 'files')).toBe(false)
})

test('of a long history the last rows are drawn, below the heading of their day', () => {
  const rows = timelineRows(
    Array.from({ length: 200 }, (_, n) => item(`${n}`, '2026-03-01T09:00:00Z', comment)),
    dayOf,
  )
  const { shown, earlier } = lastRows(rows, 80, undefined)
  expect([shown.length, shown[0]?.kind, earlier]).toEqual([81, 'day', 120])
  expect(lastRows(rows, 1000, undefined)).toEqual({ shown: rows, earlier: 0 })
})

test('an entry that the address points at is always drawn', () => {
  const rows = timelineRows(
    Array.from({ length: 200 }, (_, n) => item(`${n}`, '2026-03-01T09:00:00Z', comment)),
    dayOf,
  )
  const keys = lastRows(rows, 80, '20').shown.map(({ key }) => key)
  expect(keys).toContain('20')
  expect(keys).not.toContain('10')
  expect(lastRows(rows, 80, 'none').earlier).toBe(120)
})
