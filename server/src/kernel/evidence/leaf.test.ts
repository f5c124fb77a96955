import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import type { JsonObject } from './canonical-json.ts'
import { journalEntry, leafHash, leafText, type JournalEntry } from './leaf.ts'
import { hexOf } from './merkle.ts'

const entry: JournalEntry = {
  v: 1,
  tenant: '0198c2f0-0000-7000-8000-00000000000a',
  seq: 42,
  id: '0198c2f0-0000-7000-8000-000000000001',
  at: '2026-05-03T09:41:12.123Z',
  actor: { kind: 'person', id: '0198c2f0-0000-7000-8000-0000000000aa', onBehalfOf: null, via: 'web' },
  subject: { kind: 'incident', id: '0198c2f0-0000-7000-8000-0000000000bb' },
  type: 'incident.resolved',
  data: { state: { from: 'in_progress', to: 'resolved' } },
  cause: null,
  request: 'req-1',
}

test('the leaf is the canonical text of the entry, hashed as RFC 6962 hashes a leaf', () => {
  const text =
    '{"actor":{"id":"0198c2f0-0000-7000-8000-0000000000aa","kind":"person","onBehalfOf":null,"via":"web"},' +
    '"at":"2026-05-03T09:41:12.123Z","cause":null,"data":{"state":{"from":"in_progress","to":"resolved"}},' +
    '"id":"0198c2f0-0000-7000-8000-000000000001","request":"req-1","seq":42,' +
    '"subject":{"id":"0198c2f0-0000-7000-8000-0000000000bb","kind":"incident"},' +
    '"tenant":"0198c2f0-0000-7000-8000-00000000000a","type":"incident.resolved","v":1}'
  expect(leafText(entry)).toBe(text)
  expect(hexOf(leafHash(entry))).toBe(createHash('sha256').update(`\0${text}`).digest('hex'))
})

test('an entry that is read is the entry that was written', () => {
  expect(journalEntry(entry)).toEqual(entry)
  expect(journalEntry({ ...entry, seq: 0 }).seq).toBe(0)
  expect(journalEntry({ ...entry, at: '2024-02-29T23:59:59.999999Z', request: null })).toEqual({
    ...entry,
    at: '2024-02-29T23:59:59.999999Z',
    request: null,
  })
  expect(journalEntry({ ...entry, actor: { ...entry.actor, id: null } }).actor.id).toBe(null)
})

test.each(Object.keys(entry))('an entry without its %s is refused', (field) => {
  const { [field]: _, ...rest }: JsonObject = entry
  expect(() => journalEntry(rest)).toThrow(`/${field} is missing`)
})

describe('an entry is refused, with the field', () => {
  test.each<[string, JsonObject, string]>([
    ['another version', { v: 2 }, '/v is not 1, the only version known'],
    ['an unknown field', { extra: 1 }, '/extra is not a field of an entry'],
    ['a tenant that is no UUID', { tenant: 'acme' }, '/tenant is not a UUID in lower case'],
    ['a UUID in capitals', { id: entry.id.replace('c', 'C') }, '/id is not a UUID in lower case'],
    ['a number with a fraction', { seq: 1.5 }, '/seq is not a whole number from 0'],
    ['a number below zero', { seq: -1 }, '/seq is not a whole number from 0'],
    ['a number beyond exactness', { seq: 2 ** 53 }, '/seq is not a whole number from 0'],
    ['a number as text', { seq: '1' }, '/seq is not a whole number from 0'],
    [
      'a local time',
      { at: '2026-05-03T09:41:12.123+02:00' },
      '/at is not an RFC 3339 time in UTC with 3 or 6 decimals',
    ],
    [
      'a time without decimals',
      { at: '2026-05-03T09:41:12Z' },
      '/at is not an RFC 3339 time in UTC with 3 or 6 decimals',
    ],
    ['30 February', { at: '2026-02-30T09:41:12.123Z' }, '/at is not a day of the calendar'],
    [
      '25 hours',
      { at: '2026-02-03T25:41:12.123Z' },
      '/at is not an RFC 3339 time in UTC with 3 or 6 decimals',
    ],
    ['an actor that is a text', { actor: 'root' }, '/actor is not an object'],
    [
      'an actor without a way in',
      { actor: { kind: 'system', id: null, onBehalfOf: null } },
      '/actor/via is missing',
    ],
    [
      'an actor with more',
      { actor: { ...entry.actor, role: 'x' } },
      '/actor/role is not a field of an entry',
    ],
    [
      'an actor kind in capitals',
      { actor: { ...entry.actor, kind: 'Person' } },
      '/actor/kind is not a lower-case word',
    ],
    [
      'somebody acted for who is no UUID',
      { actor: { ...entry.actor, onBehalfOf: '' } },
      '/actor/onBehalfOf is not a UUID',
    ],
    ['an empty way in', { actor: { ...entry.actor, via: '' } }, '/actor/via is not a lower-case word'],
    [
      'a subject without id',
      { subject: { kind: 'incident', id: null } },
      '/subject/id is not a UUID in lower case',
    ],
    ['a type with a space', { type: 'incident resolved' }, '/type is not lower-case words joined by dots'],
    ['a type that ends in a dot', { type: 'incident.' }, '/type is not lower-case words joined by dots'],
    ['an endless type', { type: 'a'.repeat(201) }, '/type is not lower-case words joined by dots'],
    ['data that is a list', { data: [] }, '/data is not an object'],
    ['a cause that is no UUID', { cause: 'x' }, '/cause is not a UUID in lower case'],
    ['an empty request', { request: '' }, '/request is not a text of 1 to 200 characters'],
    ['an endless request', { request: 'r'.repeat(201) }, '/request is not a text of 1 to 200 characters'],
  ])('%s', (_, change, words) => {
    expect(() => journalEntry({ ...entry, ...change })).toThrow(words)
  })

  test.each([null, [], 'entry', 4])('when it is %j', (value) => {
    expect(() => journalEntry(value)).toThrow('the value is not an object')
  })
})
