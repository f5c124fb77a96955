import { expect, test } from 'vitest'
import { found, readFinding } from './finding.ts'

const rows = [
  { name: 'Service desk', isActive: true },
  { name: 'Network', isActive: true },
  { name: 'Fax desk', isActive: false },
]
const names = (search: Record<string, unknown>): readonly string[] =>
  found(rows, readFinding(search), ({ name }) => name).map(({ name }) => name)

test('a list shows what is in use unless it is asked for more', () => {
  expect(names({})).toEqual(['Service desk', 'Network'])
  expect(names({ state: 'retired' })).toEqual(['Fax desk'])
  expect(names({ state: 'all' })).toHaveLength(3)
})

test('words are found wherever they stand, however they are written', () => {
  expect(names({ q: 'DESK' })).toEqual(['Service desk'])
  expect(names({ q: 'desk', state: 'all' })).toEqual(['Service desk', 'Fax desk'])
})

test('an address that says nothing the list knows is the list as usual', () => {
  expect(readFinding({ q: '', state: 'gone', kind: 'macro' })).toEqual({})
  expect(readFinding({ q: 3, state: 'active' })).toEqual({})
})
