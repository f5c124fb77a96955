import { expect, test } from 'vitest'
import { askedOf, behindText, readBehind, readInsightSearch } from './insight.search.ts'

test('what is behind a number goes into the address and comes back', () => {
  for (const text of [
    'all',
    'bounced',
    'way:nprc',
    'node:resolved',
    'edge:new>in_progress',
    'unfit:new>closed',
    'unfit:>closed',
    'pair:018f0000-0000-7000-8000-000000000000>018f0000-0000-7000-8000-000000000001',
  ]) {
    const behind = readBehind(text)
    expect(behind, text).toBeDefined()
    if (behind !== undefined) expect(behindText(behind)).toBe(text)
  }
  for (const text of [undefined, '', 'edge:new', 'edge:new>nowhere', 'way:N', 'pair:a>b', 'unfit:x>closed'])
    expect(readBehind(text), text).toBeUndefined()
})

test('chips and months narrow together with what was typed; months the wrong way round are turned', () => {
  const search = readInsightSearch({
    q: 'service:Mail',
    priority: 1,
    team: 'a',
    from: '2026-05',
    to: '2026-03',
    share: '80',
    lens: 'both',
  })
  expect(search).toEqual({
    q: 'service:Mail',
    priority: '1',
    team: 'a',
    from: '2026-05',
    to: '2026-03',
    share: '80',
  })
  expect(askedOf(search)).toEqual({
    q: 'service:Mail',
    filter: '{"all":[{"field":"team","op":"=","value":"a"},{"field":"priority","op":"=","value":"1"}]}',
    from: '2026-03',
    to: '2026-05',
  })
  expect(readInsightSearch({ from: '2026-13', share: 7 })).toEqual({})
})
