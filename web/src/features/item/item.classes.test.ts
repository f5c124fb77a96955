import type { ItemClassView } from '@evenkeel/contract/item-class'
import { expect, test } from 'vitest'
import { classTree, withBelow } from './item.classes.ts'

const made = (key: string, ancestors: readonly string[]): ItemClassView => ({
  key,
  label: key.toUpperCase(),
  parent: ancestors[0] ?? null,
  ancestors: [...ancestors],
  abstract: false,
  retired: false,
  builtIn: true,
  isService: false,
  nature: 'thing',
  attributes: [],
})
const classes = [
  made('item', []),
  made('server', ['item']),
  made('blade', ['server', 'item']),
  made('database', ['item']),
]

test('a class is asked for with those below it', () => {
  expect(withBelow('server', classes)).toEqual(['server', 'blade'])
})

test('each class stands below its parent and counts what is below it', () => {
  const counts = new Map([
    ['blade', 3],
    ['server', 2],
  ])
  expect(classTree(classes, counts, false)).toEqual([
    { key: 'item', label: 'ITEM', depth: 0, count: 5 },
    { key: 'server', label: 'SERVER', depth: 1, count: 5 },
    { key: 'blade', label: 'BLADE', depth: 2, count: 3 },
  ])
  expect(classTree(classes, counts, true).map(({ key }) => key)).toEqual([
    'item',
    'database',
    'server',
    'blade',
  ])
})
