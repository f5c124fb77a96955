import type { MapItem, MapRelation } from '@evenkeel/contract/item-graph'
import { expect, test } from 'vitest'
import { blastIn, joined, neighborsIn, topsOf, wayKey } from './item.map-graph.ts'

const item = (id: string, more = false): MapItem => ({
  id,
  name: id,
  class: 'server',
  classLabel: 'Server',
  state: 'in_use',
  hops: 0,
  health: { now: 'up', own: 'up', sentence: '' },
  isService: false,
  criticality: null,
  quorum: null,
  openRecords: 0,
  more,
})
const relation = (belowId: string, aboveId: string): MapRelation => ({
  id: `${belowId} ${aboveId}`,
  type: 'runs_on',
  belowId,
  aboveId,
  trouble: 'need',
  words: 'runs on',
})
const times = { validAt: '2026-03-01T00:00:00.000Z', knownAt: '2026-03-01T00:00:00.000Z', cut: null }

test('what is opened joins what is there, and then has nothing more to show', () => {
  const map = joined([
    { ...times, items: [item('a', true), item('b')], relations: [relation('b', 'a')] },
    { ...times, items: [item('a'), item('c')], relations: [relation('c', 'a'), relation('b', 'a')] },
  ])
  expect(map.items.map(({ id, more }) => [id, more])).toEqual([
    ['a', false],
    ['b', false],
    ['c', false],
  ])
  expect(map.relations).toHaveLength(2)
})

test('what failed stays what failed, and the way to what it takes along is marked', () => {
  const { marks, ways } = blastIn({
    failed: [item('disk')],
    services: [],
    items: [
      {
        item: item('db'),
        health: 'down',
        hops: 1,
        path: [
          { item: item('disk'), words: '' },
          { item: null, words: 'is needed by' },
          { item: item('db'), words: 'is needed by' },
        ],
        sentence: '',
        quorum: null,
      },
      { item: item('disk'), health: 'down', hops: 0, path: [], sentence: '', quorum: null },
    ],
    atRisk: [],
    reduced: [],
  })
  expect([...marks]).toEqual([
    ['db', 'down'],
    ['disk', 'failed'],
  ])
  expect(ways.has(wayKey('db', 'disk'))).toBe(true)
})

test('a list begins at the top, and a ring without a top is not lost', () => {
  const relations = [relation('b', 'a'), relation('d', 'c'), relation('c', 'd')]
  const items = ['a', 'b', 'c', 'd'].map((id) => item(id))
  expect(topsOf(items, neighborsIn(relations)).map(({ id }) => id)).toEqual(['a', 'c'])
})
