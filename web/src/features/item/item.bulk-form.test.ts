import { expect, test } from 'vitest'
import { attributesOf, changeOf, emptyItemBulk, otherAttributes } from './item.bulk-form.ts'

const draft = emptyItemBulk('owner')

test('nothing is asked while something is missing', () => {
  expect(changeOf(draft)).toBeUndefined()
  expect(changeOf({ ...draft, kind: 'move' })).toBeUndefined()
  expect(changeOf({ ...draft, kind: 'attribute', value: 'Debian' })).toBeUndefined()
})

test('a value goes to the attribute of its button, or to the one that was chosen', () => {
  expect(changeOf({ ...draft, value: 'p1', key: 'os' })).toEqual({ do: 'set', values: { owner: 'p1' } })
  expect(changeOf({ ...draft, kind: 'attribute', value: false, key: 'is_virtual' })).toEqual({
    do: 'set',
    values: { is_virtual: false },
  })
})

test('taking back what people said wins over what was filled in before', () => {
  expect(changeOf({ ...draft, value: 'p1', takesBack: true })).toEqual({ do: 'set', values: { owner: null } })
})

test('a move takes its reason along', () => {
  expect(changeOf({ ...draft, kind: 'move', action: 'retire', note: ' Sold ' })).toEqual({
    do: 'move',
    move: { action: 'retire', note: 'Sold', values: {} },
  })
})

test('an attribute of several classes is offered once, a retired one not at all', () => {
  const attribute = (key: string, retired = false) => ({
    key,
    label: key,
    type: 'text' as const,
    required: false,
    retired,
    indexed: false,
    restricted: false,
    unique: false,
    from: 'item',
    help: '',
    unit: '',
    choices: [],
    pattern: '',
    min: null,
    max: null,
  })
  const itemClass = (key: string, attributes: ReturnType<typeof attribute>[]) => ({
    key,
    label: key,
    parent: null,
    ancestors: [],
    abstract: false,
    retired: false,
    builtIn: true,
    isService: false,
    nature: 'thing' as const,
    attributes,
  })
  const offered = attributesOf([
    itemClass('server', [attribute('owner'), attribute('os'), attribute('bay', true)]),
    itemClass('laptop', [attribute('os'), attribute('imei')]),
  ])
  expect(otherAttributes(offered).map(({ key }) => key)).toEqual(['os', 'imei'])
})
