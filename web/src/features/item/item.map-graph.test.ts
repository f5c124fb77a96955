import type { MapItem, MapRelation } from '@evenkeel/contract/item-graph'
import { expect, test } from 'vitest'
import {
  blastIn,
  contracted,
  joined,
  membersNotShown,
  neighborsIn,
  topsOf,
  wayKey,
} from './item.map-graph.ts'

const item = (id: string, more = false): MapItem => ({
  id,
  name: id,
  class: 'server',
  classLabel: 'Server',
  state: 'in_use',
  hops: 0,
  health: { now: 'up', own: 'up', sentence: '', until: null },
  isService: false,
  criticality: null,
  quorum: null,
  openRecords: 0,
  more,
  planned: null,
})
const relation = (belowId: string, aboveId: string): MapRelation => ({
  id: `${belowId} ${aboveId}`,
  type: 'runs_on',
  belowId,
  aboveId,
  trouble: 'need',
  words: 'runs on',
  planned: false,
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
        alone: null,
        jointly: false,
      },
      {
        item: item('disk'),
        health: 'down',
        hops: 0,
        path: [],
        sentence: '',
        quorum: null,
        alone: null,
        jointly: false,
      },
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

test('what is hidden keeps the ways through it: once between two items, the shortest, and none where they are connected anyway', () => {
  const items = ['bank', 'cards', 'app', 'db', 'disk', 'mail'].map((id) => item(id))
  const relations = [
    relation('cards', 'bank'),
    relation('app', 'cards'),
    relation('db', 'app'),
    relation('db', 'cards'),
    relation('disk', 'db'),
    relation('db', 'mail'),
    relation('mail', 'bank'),
  ]
  const drawn = contracted(items, relations, new Set(['bank', 'mail', 'disk']))
  expect(drawn.items.map(({ id }) => id)).toEqual(['bank', 'disk', 'mail'])
  expect(drawn.relations.map(({ belowId, aboveId, through }) => [belowId, aboveId, through])).toEqual([
    ['mail', 'bank', undefined],
    ['disk', 'mail', 1],
    ['disk', 'bank', 2],
  ])
  expect(new Set(drawn.relations.map(({ id }) => id)).size).toBe(3)
})

test('a ring of hidden items ends, leads nowhere by itself, and what carries no trouble makes no way', () => {
  const items = ['a', 'x', 'y', 'b', 'c'].map((id) => item(id))
  const silent = { ...relation('y', 'c'), trouble: 'none' } as const
  const drawn = contracted(
    items,
    [
      relation('a', 'x'),
      relation('x', 'y'),
      relation('y', 'x'),
      relation('y', 'a'),
      relation('x', 'b'),
      silent,
    ],
    new Set(['a', 'b', 'c']),
  )
  expect(drawn.relations.map(({ belowId, aboveId, through }) => [belowId, aboveId, through])).toEqual([
    ['a', 'b', 1],
  ])
})

test('a group says how many of its members are not shown', () => {
  const quorum = { need: 3, size: 4, alive: 4, spare: 1, assumed: false, sentence: '' }
  const group = { ...item('pool'), quorum }
  const member = (id: string) => ({ ...relation(id, 'pool'), type: 'member_of' }) as const
  const relations = ['n1', 'n2', 'n3', 'n4'].map(member)
  const some = [group, item('n1'), item('n2'), item('n3')]
  expect([...membersNotShown(some, relations)]).toEqual([['pool', 1]])
  expect([...membersNotShown([...some, item('n4')], relations)]).toEqual([])
})
