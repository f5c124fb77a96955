import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  canonicalJson,
  deepestNesting,
  isJsonObject,
  jsonPointer,
  parseJson,
  UnsealableError,
  type Json,
} from './canonical-json.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 500)

/** What the compiler would not let through, as it arrives from elsewhere. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests hand over what the type forbids
const untyped = (value: unknown): Json => value as Json

const fromBits = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE()

describe('the published vectors of RFC 8785', () => {
  // Appendix B.
  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the number with bits %s is written %s', (bits, text) => {
    expect(canonicalJson(fromBits(bits))).toBe(text)
  })

  test.each([
    ['NaN', '7fffffffffffffff'],
    ['Infinity', '7ff0000000000000'],
    ['-Infinity', 'fff0000000000000'],
  ])('%s is refused', (name, bits) => {
    expect(() => canonicalJson(fromBits(bits))).toThrow(`the value is ${name}, which JSON cannot express`)
  })

  test('the sample of section 3.2.2 becomes the bytes of section 3.2.4', () => {
    const sample = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    const bytes = `
      7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
      5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
      5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`
    expect(Buffer.from(canonicalJson(parseJson(sample))).toString('hex')).toBe(bytes.replaceAll(/\s/g, ''))
  })

  test('members are sorted by UTF-16 code units, not by code points (section 3.2.3)', () => {
    const sample = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
      "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
    const canonical = canonicalJson(parseJson(sample))
    expect(Array.from(canonical.matchAll(/:"([^"]*)"/g), ([, name]) => name)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })

  // From the test data that accompanies the RFC.
  test.each([
    [
      String.raw`{"1":{"f":{"f":"hi","F":5},"\n":56.0},"10":{},"":"empty","a":{},"111":[{}],"A":{}}`,
      String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}`,
    ],
    [
      '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}',
      '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}',
    ],
    [String.raw`{"Unnormalized Unicode":"A\u030a"}`, '{"Unnormalized Unicode":"A\u030a"}'],
    ['[56,{"d":true,"10":null,"1":[]}]', '[56,{"1":[],"10":null,"d":true}]'],
  ])('%s', (text, canonical) => {
    expect(canonicalJson(parseJson(text))).toBe(canonical)
  })
})

describe('what JSON cannot say is refused, with the place', () => {
  const looped: unknown[] = []
  looped.push(looped)

  test.each([
    ['undefined', { a: [1, undefined] }, '/a/1', 'is undefined'],
    ['a hole in a list', { a: [1, , 3] }, '/a/1', 'is undefined'], // oxlint-disable-line no-sparse-arrays -- the hole is the case
    ['a function', { f: () => 1 }, '/f', 'is function'],
    ['a symbol', { f: Symbol('x') }, '/f', 'is symbol'],
    ['a bigint', { n: 1n }, '/n', 'is bigint'],
    ['not a number', { 'a/b': { '~': Number.NaN } }, '/a~1b/~0', 'is NaN'],
    ['a lone high surrogate', { text: 'a\ud800b' }, '/text', 'holds a lone surrogate'],
    ['a lone low surrogate', { text: '\udc00' }, '/text', 'holds a lone surrogate'],
    ['a lone surrogate in a name', { 'a\ud800': 1 }, '/a\ud800', 'holds a lone surrogate'],
    ['a date', { at: new Date(0) }, '/at', 'is an instance of a class'],
    ['a map', { at: new Map() }, '/at', 'is an instance of a class'],
    ['a list that holds itself', looped, '/0'.repeat(deepestNesting + 1), 'is nested more than'],
  ])('%s', (_, value, path, reason) => {
    let refused: unknown
    try {
      canonicalJson(untyped(value))
    } catch (error) {
      refused = error
    }
    expect(refused).toBeInstanceOf(UnsealableError)
    expect(refused).toMatchObject({ path, reason: expect.stringContaining(reason) })
  })

  test('nesting is allowed up to the limit and refused beyond it', () => {
    const nested = (levels: number) => parseJson('['.repeat(levels) + ']'.repeat(levels))
    expect(canonicalJson(nested(deepestNesting + 1))).toHaveLength(2 * (deepestNesting + 1))
    expect(() => canonicalJson(nested(deepestNesting + 2))).toThrow('is nested more than 128 levels deep')
    expect(() => canonicalJson(nested(1_000_000))).toThrow('is nested more than 128 levels deep')
  })
})

test('a member called __proto__ is a member like any other', () => {
  expect(canonicalJson(parseJson('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}')
})

test('an object without a prototype is a plain object', () => {
  expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}')
})

test('a JSON pointer escapes what separates steps', () => {
  expect(jsonPointer(['a/b', '~', 0])).toBe('/a~1b/~0/0')
  expect(jsonPointer([])).toBe('')
})

/** The same value with the members of every object in another order. */
const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled)
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).map(([key, member]): [string, Json] => [key, shuffled(member)])
  return Object.fromEntries(members.toReversed())
}

describe('for any JSON value', () => {
  const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }).map(untyped)

  test('the canonical text says the same value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(parseJson(canonicalJson(value))).toEqual(parseJson(JSON.stringify(value)))
      }),
      { numRuns },
    )
  })

  test('the order of members does not matter, and canonical text is its own canonical text', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(shuffled(value))).toBe(text)
        expect(canonicalJson(parseJson(text))).toBe(text)
      }),
      { numRuns },
    )
  })
})
