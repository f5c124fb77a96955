import type { Activity, ProcessEdge, ProcessNode } from '@evenkeel/contract/insight'
import { expect, test } from 'vitest'
import { drawLines, labelHeight, linesToDraw, mapSize, nodeSize, placeOf } from './insight.layout.ts'
import { activityNames } from './insight.search.ts'

const node = (activity: Activity, more: Partial<ProcessNode> = {}): ProcessNode => ({
  activity,
  visits: 10,
  incidents: 10,
  begins: 0,
  ends: 0,
  still: 0,
  medianSeconds: 60,
  p90Seconds: 60,
  ...more,
})
const edge = (from: Activity, to: Activity, passes = 10, unfit = 0): ProcessEdge => ({
  from,
  to,
  passes,
  incidents: passes,
  unfit,
  medianSeconds: 60,
  p90Seconds: 60,
})
const text = (passes: number, median: number | null): string =>
  median === null ? `${passes}` : `${passes} · 2 h 5 min`

const usual = [
  edge('new', 'in_progress', 900),
  edge('in_progress', 'on_hold', 300),
  edge('on_hold', 'in_progress', 280),
  edge('in_progress', 'resolved', 800),
  edge('on_hold', 'resolved', 20),
  edge('resolved', 'closed', 780),
  edge('resolved', 'in_progress', 30),
  edge('new', 'canceled', 40),
  edge('new', 'resolved', 12, 12),
]

test('on a usual map no label covers a step or another label', () => {
  const nodes = [
    node('new', { begins: 950 }),
    ...(['in_progress', 'on_hold', 'resolved'] as const).map((name) => node(name)),
    node('closed', { ends: 780 }),
    node('canceled', { ends: 40 }),
  ]
  const lines = drawLines(
    linesToDraw(nodes, usual, text),
    nodes.map(({ activity }) => activity),
  )
  const boxes = [
    ...nodes.map(({ activity }) => ({ ...placeOf(activity), ...nodeSize })),
    ...lines.map(({ label: { x, y, width } }) => ({ x, y, width, height: labelHeight })),
  ]
  const apart = (one: (typeof boxes)[number], other: (typeof boxes)[number]): boolean =>
    Math.abs(one.x - other.x) >= (one.width + other.width) / 2 ||
    Math.abs(one.y - other.y) >= (one.height + other.height) / 2
  for (const [place, box] of boxes.entries())
    for (const other of boxes.slice(place + 1))
      expect(apart(box, other), JSON.stringify([box, other])).toBe(true)
})

test('every step of every map is drawn inside it, there and back on curves of their own, the frequent ones wider', () => {
  const all = activityNames.flatMap((from, place) =>
    activityNames.map((to) => edge(from, to, place + 1, from === 'closed' ? 1 : 0)),
  )
  const lines = drawLines(
    linesToDraw(
      activityNames.map((name) => node(name, { begins: 1, ends: 1 })),
      all,
      text,
    ),
    activityNames,
  )
  expect(lines).toHaveLength(all.length + 14)
  expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length)
  for (const { path, label } of lines) {
    expect(path).not.toMatch(/NaN|Infinity/)
    expect(label.x).toBeGreaterThan(0)
    expect(label.x).toBeLessThan(mapSize.width)
  }
  const width = (key: string) => lines.find((line) => line.key === key)?.width ?? 0
  expect(width('handed_over>new')).toBeGreaterThan(width('new>handed_over'))
  expect(lines.filter(({ isUnfit, from }) => isUnfit && from === 'closed')).toHaveLength(7)
})
