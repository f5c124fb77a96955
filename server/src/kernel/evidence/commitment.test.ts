import { createHmac } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseJson, UnsealableError, type JsonObject } from './canonical-json.ts'
import {
  commit,
  commitmentsIn,
  erased,
  freshSalt,
  isCommitment,
  opens,
  personalAt,
  restorePersonal,
  withdrawPersonal,
} from './commitment.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 300)
const salt = Buffer.alloc(32, 7).toString('base64url')
const otherSalt = Buffer.alloc(32, 8).toString('base64url')

describe('a commitment', () => {
  test('is HMAC-SHA-256 keyed by the salt over the canonical value', () => {
    const mac = createHmac('sha256', Buffer.alloc(32, 7)).update('{"a":1,"b":"Ä"}').digest('base64url')
    expect(commit({ b: 'Ä', a: 1 }, salt)).toEqual({ $personal: mac })
  })

  test('opens for its value and salt, and for no other', () => {
    const commitment = commit('Ada Byron', salt)
    expect(opens(commitment, 'Ada Byron', salt)).toBe(true)
    expect(opens(commitment, 'Ada Lovelace', salt)).toBe(false)
    expect(opens(commitment, 'Ada Byron', otherSalt)).toBe(false)
    expect(opens(commitment, 'Ada Byron', '')).toBe(false)
  })

  test('hides equal values behind different salts', () => {
    expect(commit(true, freshSalt())).not.toEqual(commit(true, freshSalt()))
  })

  test.each([
    ['too short', Buffer.alloc(31).toString('base64url')],
    ['too long', Buffer.alloc(33).toString('base64url')],
    ['standard base64', `${'+'.repeat(42)}A`],
    // The last character carries four bits only: another spelling of the same 32 bytes.
    ['not the one spelling of its bytes', `${'A'.repeat(42)}B`],
  ])('refuses a salt that is %s', (_, bad) => {
    expect(() => commit('x', bad)).toThrow('has a salt that is not 32 bytes of base64url')
    expect(opens(commit('x', salt), 'x', bad)).toBe(false)
  })

  test('is recognized by its one member alone', () => {
    expect(isCommitment({ ...commit('x', salt) })).toBe(true)
    expect(isCommitment({ ...commit('x', salt), more: 1 })).toBe(false)
    expect(isCommitment({ $personal: 'short' })).toBe(false)
    expect(isCommitment({ $personal: 4 })).toBe(false)
    expect(isCommitment([commit('x', salt).$personal])).toBe(false)
  })
})

describe('withdrawing personal values', () => {
  const data = {
    title: 'Printer on ward 4',
    requester: { name: 'Ada', phone: '+44 20' },
    comments: [{ text: 'call me' }, { text: 'urgent' }],
    'a/b': { '~': 1 },
  }

  test('puts commitments in their place and hands out values with their salts', () => {
    const { data: kept, values } = withdrawPersonal(
      data,
      ['/requester', '/comments/1/text', '/a~1b/~0'],
      () => salt,
    )
    expect(kept).toEqual({
      title: 'Printer on ward 4',
      requester: commit(data.requester, salt),
      comments: [{ text: 'call me' }, { text: commit('urgent', salt) }],
      'a/b': { '~': commit(1, salt) },
    })
    expect(values).toEqual({
      '/requester': { value: data.requester, salt },
      '/comments/1/text': { value: 'urgent', salt },
      '/a~1b/~0': { value: 1, salt },
    })
    expect(restorePersonal(kept, values)).toEqual(data)
  })

  test('gives every value a salt of its own', () => {
    const { values } = withdrawPersonal({ a: 1, b: 1 }, ['/a', '/b'])
    const [a, b] = [personalAt(values, '/a'), personalAt(values, '/b')]
    expect(a).not.toEqual(b)
  })

  test('passes over a pointer to nothing and leaves the rest alone', () => {
    expect(withdrawPersonal(data, ['/nobody', '/comments/7', '/title/x'])).toEqual({ data, values: {} })
  })

  test('keeps null and false as values, not as absence', () => {
    const { data: kept, values } = withdrawPersonal({ a: null, b: false }, ['/a', '/b'])
    expect(Object.keys(values)).toEqual(['/a', '/b'])
    expect(restorePersonal(kept, values)).toEqual({ a: null, b: false })
  })

  test('keeps a member called __proto__ a member', () => {
    const hostile = parseJson('{"__proto__":{"name":"Ada"},"x":{"__proto__":1}}')
    const { data: kept, values } = withdrawPersonal(object(hostile), ['/__proto__/name'], () => salt)
    expect(Object.keys(kept)).toEqual(['__proto__', 'x'])
    expect(JSON.stringify(restorePersonal(kept, values))).toBe(JSON.stringify(hostile))
    expect(personalAt({}, '__proto__')).toBeUndefined()
  })

  test.each([[''], ['requester'], ['/a~2'], ['/a~']])(
    'refuses "%s", which is no pointer into the data',
    (pointer) => {
      expect(() => withdrawPersonal(data, [pointer])).toThrow('is not a pointer into the data')
    },
  )

  test('refuses a pointer inside another', () => {
    expect(() => withdrawPersonal(data, ['/requester/name', '/requester'])).toThrow(
      '/requester/name lies inside /requester, which is personal already',
    )
    expect(() => withdrawPersonal(data, ['/requester', '/requester-name'])).not.toThrow()
  })

  test.each([
    ['a commitment of its own', { note: commit('x', salt) }, '/note'],
    ['an erasure of its own', { list: [{ $erased: true }] }, '/list/0'],
    ['a marker beside other members', { $personal: 1, a: 2 }, ''],
    ['a marker inside a personal value', { requester: { name: { $erased: 1 } } }, '/requester/name'],
  ])('refuses data that brings %s', (_, forged, path) => {
    expect(() => withdrawPersonal(forged, ['/requester'])).toThrow(UnsealableError)
    expect(() => withdrawPersonal(forged, ['/requester'])).toThrow(
      `${path === '' ? 'the value' : path} holds a member named $personal or $erased`,
    )
  })
})

describe('a reader', () => {
  const { data, values } = withdrawPersonal({ who: 'Ada', what: 'called', list: [{ who: 'Bob' }] }, [
    '/who',
    '/list/0/who',
  ])

  test('sees that a value was erased', () => {
    expect(restorePersonal(data, { ...values, '/who': 'erased' })).toEqual({
      who: { $erased: true },
      what: 'called',
      list: [{ who: 'Bob' }],
    })
  })

  test('sees the same where a value was never handed out', () => {
    expect(restorePersonal(data, {})).toEqual({ who: erased, what: 'called', list: [{ who: erased }] })
  })

  test('finds every commitment with its pointer', () => {
    expect([...commitmentsIn(data)].map(([pointer]) => pointer)).toEqual(['/who', '/list/0/who'])
  })
})

test('for any data and any members of it, what was withdrawn restores to the same data and opens its commitments', () => {
  const anyObject = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 })
  fc.assert(
    fc.property(anyObject, fc.integer({ min: 0, max: 31 }), (dictionary, chosen) => {
      const given = object(parseJson(JSON.stringify(dictionary)))
      const pointers = Object.keys(given)
        .filter((_, index) => (chosen >> index) % 2 === 1)
        .map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      const { data, values } = withdrawPersonal(given, pointers)
      expect(Object.keys(values).toSorted()).toEqual(pointers.toSorted())
      expect(restorePersonal(data, values)).toEqual(given)
      for (const [pointer, commitment] of commitmentsIn(data)) {
        const personal = personalAt(values, pointer)
        expect(
          personal !== undefined && personal !== 'erased' && opens(commitment, personal.value, personal.salt),
        ).toBe(true)
      }
    }),
    { numRuns },
  )
})

function object(value: ReturnType<typeof parseJson>): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('the case needs an object')
  // Array.isArray does not narrow readonly arrays away.
  return Object.fromEntries(Object.entries(value))
}
