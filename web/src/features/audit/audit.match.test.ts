import type { AuditExpected } from '@evenkeel/contract/item-audit'
import { describe, expect, test } from 'vitest'
import type { KeptScan } from '../../parts/kept.ts'
import { isRepeated, itemOf, knownOf, linesOf, missingAt, placesOf, tallyOf } from './audit.match.ts'

const item = (
  id: string,
  placeId: string | null,
  codes: string[],
  seen: AuditExpected['items'][number]['seen'] = null,
): AuditExpected['items'][number] => ({ id, name: `Item ${id}`, placeId, codes, seen })

const known = knownOf({
  id: 'audit',
  name: 'Spring',
  state: 'open',
  version: 1,
  places: [
    { id: 'site', name: 'Site', inId: null },
    { id: 'room', name: 'Room', inId: 'site' },
    { id: 'store', name: 'Store', inId: 'site' },
  ],
  items: [
    item('a', 'room', ['t-a', 'sn1']),
    item('b', 'room', ['t-b', 'twice']),
    item('c', 'store', ['t-c', 'twice']),
    item('d', 'store', ['t-d'], { placeId: 'store', at: '2026-01-01T08:00:00.000Z' }),
  ],
})

let seq = 0
const scan = (text: string, placeId: string | null, more: Partial<KeptScan> = {}): KeptScan => {
  seq += 1
  return {
    seq,
    id: `scan-${seq}`,
    owner: 'me',
    auditId: 'audit',
    text,
    placeId,
    at: `2026-01-01T09:00:${String(seq % 60).padStart(2, '0')}.000Z`,
    state: 'waiting',
    said: null,
    reason: null,
    ...more,
  }
}
const lines = (...scans: KeptScan[]) => linesOf(known, scans, 2026)
const outcomes = (...scans: KeptScan[]) =>
  Object.fromEntries(tallyOf(known, lines(...scans)).map(({ itemId, outcome }) => [itemId, outcome]))

describe('which item a label names', () => {
  test('its own labels in any case, and the serial number in the barcode of a device', () => {
    expect(itemOf(known, ' T-A ', 2026)).toBe('a')
    expect(itemOf(known, ']C1t-a', 2026)).toBe('a')
    expect(itemOf(known, '(01)04012345678901(21)SN1', 2026)).toBe('a')
  })
  test('a label that several carry names none of them', () => {
    expect(itemOf(known, 'twice', 2026)).toBeNull()
    expect(itemOf(known, 'unheard of', 2026)).toBeNull()
  })
})

test('without network a scan is answered as the server would: found, elsewhere, or not on the list', () => {
  expect(
    lines(scan('t-a', 'room'), scan('t-b', 'store'), scan('t-c', 'site'), scan('x', null)).map((line) => [
      line.outcome,
      line.name,
      line.expectedPlace,
    ]),
  ).toEqual([
    ['found', 'Item a', 'Room'],
    ['wrong_place', 'Item b', 'Room'],
    // Whoever says less exactly where they are contradicts nothing.
    ['found', 'Item c', 'Store'],
    ['unknown', null, null],
  ])
})

test('what the server said of a scan is believed before what the device makes of it', () => {
  const said = { id: 'x', outcome: null, item: null, expectedPlace: null }
  expect(lines(scan('t-a', 'room', { state: 'sent', said }))).toMatchObject([
    { outcome: 'unread', name: null },
  ])
})

test('what others saw counts with what this device saw; what was refused does not', () => {
  expect(outcomes()).toEqual({ a: 'missing', b: 'missing', c: 'missing', d: 'found' })
  expect(
    outcomes(scan('t-a', 'room'), scan('t-b', 'room', { state: 'refused' }), scan('t-d', 'room')),
  ).toEqual({
    a: 'found',
    b: 'missing',
    c: 'missing',
    d: 'wrong_place',
  })
})

test('a place counts what lies in it, and shows what is still to be found there', () => {
  const tally = tallyOf(known, lines(scan('t-a', 'room')))
  expect(placesOf(known, tally).map(({ name, expected, found }) => [name, expected, found])).toEqual([
    ['Room', 2, 1],
    ['Site', 4, 2],
    ['Store', 2, 1],
  ])
  expect(missingAt(known, tally, 'room')).toEqual(['b'])
  expect(missingAt(known, tally, 'site')).toEqual(['b', 'c'])
  expect(missingAt(known, tally, null)).toEqual(['b', 'c'])
})

test('the same thing at the same place counts once; carried away and back, it is scanned anew', () => {
  const here = lines(scan('t-a', 'room'))
  expect(isRepeated(here, 'SN1', 'room', 'a')).toBe(true)
  expect(isRepeated(here, 't-a', 'store', 'a')).toBe(false)
  const away = lines(scan('t-a', 'room'), scan('t-a', 'store'))
  expect(isRepeated(away, 't-a', 'room', 'a')).toBe(false)
  expect(isRepeated(lines(scan('x', null)), 'x', null, null)).toBe(true)
  expect(isRepeated(lines(scan('t-a', 'room', { state: 'refused' })), 't-a', 'room', 'a')).toBe(false)
})
