import type { ItemClass, ItemClasses } from '@evenkeel/contract/item-class'
import { describe, expect, test } from 'vitest'
import { classLines, inherited, keyFor, newAttribute, retyped } from './policy.classes.ts'

const one = (key: string, parent: string | null, ...attributes: string[]): ItemClass => ({
  key,
  label: key,
  parent,
  abstract: false,
  retired: false,
  attributes: attributes.map((name) => newAttribute(name, name)),
})

describe('classes as a tree', () => {
  const document: ItemClasses = {
    classes: [one('server', 'hardware', 'os'), one('item', null, 'owner'), one('hardware', 'item', 'serial')],
  }

  test('each stands below its parent', () => {
    expect(classLines(document).map(({ one: { key }, depth }) => `${depth} ${key}`)).toEqual([
      '0 item',
      '1 hardware',
      '2 server',
    ])
  })

  test('has what is above it, the farthest first, and not its own', () => {
    expect(inherited(document, 'server').map(({ attribute, from }) => `${attribute.key} of ${from}`)).toEqual(
      ['owner of item', 'serial of hardware'],
    )
  })

  test('a line that goes round ends, and is still shown', () => {
    const round = { classes: [one('item', null), one('a', 'b', 'x'), one('b', 'a', 'y')] }
    expect(classLines(round).map(({ one: { key } }) => key)).toEqual(['item', 'a', 'b'])
    expect(inherited(round, 'a').map(({ attribute }) => attribute.key)).toEqual(['y'])
  })
})

describe('a key made of a label', () => {
  test.each([
    ['Rack server', 'rack_server'],
    ['Größe (GB)', 'grosse_gb'],
    ['3D printer', 'd_printer'],
    ['—', 'new'],
  ])('%s is %s', (label, key) => expect(keyFor(label, new Set())).toBe(key))

  test('is never one that is taken', () => {
    expect(keyFor('Owner', new Set(['owner', 'owner_2']))).toBe('owner_3')
  })
})

test('as another type it keeps what it is called and nothing that only the old type had', () => {
  const money = retyped(
    { ...newAttribute('cost', 'Cost'), pattern: '##', unique: true, required: true },
    'money',
  )
  expect(money).toMatchObject({ key: 'cost', type: 'money', required: true, pattern: '', unique: false })
  expect('of' in retyped(retyped(money, 'list'), 'number')).toBe(false)
})
