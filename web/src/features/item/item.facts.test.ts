import type { ItemFact } from '@evenkeel/contract/item'
import { expect, test } from 'vitest'
import { changesIn } from './item.facts.ts'

const fact = (id: string, source: string, values: Record<string, string>): ItemFact => ({
  id,
  source,
  sourceLabel: source,
  validFrom: '2026-03-01T00:00:00.000Z',
  validTo: null,
  knownFrom: '2026-03-01T00:00:00.000Z',
  knownTo: null,
  by: null,
  values: Object.entries(values).map(([key, text]) => ({ key, label: key, text })),
})

test('a fact is compared with what the same source said before', () => {
  const facts = [
    fact('3', 'scan', { os: 'Debian 13', rack: 'B' }),
    fact('2', 'hand', { os: 'Windows' }),
    fact('1', 'scan', { os: 'Debian 12', serial: 'X1', rack: 'B' }),
  ]
  expect(changesIn(facts, 0)).toEqual([
    { key: 'os', label: 'os', text: 'Debian 13', before: 'Debian 12' },
    { key: 'serial', label: 'serial', text: '', before: 'X1' },
  ])
})

test('the first word of a source is all new', () => {
  expect(changesIn([fact('1', 'scan', { os: 'Debian 12' })], 0)).toEqual([
    { key: 'os', label: 'os', text: 'Debian 12', before: '' },
  ])
})
