import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparable, identify, lookupsFor, type KnownThing, type Values } from './identify.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 3000)

const rules = [
  { name: 'serial number', by: ['serial'] },
  { name: 'host name and site', by: ['host', 'site'] },
  { name: 'network address', by: ['mac'] },
]
const thing = (id: string, values: Values): KnownThing => ({ id, values })

describe('a thing is', () => {
  test('the one that agrees with the strongest rule', () => {
    const known = [thing('A', { serial: 'S-1', host: 'db-1' }), thing('B', { serial: 'S-2', host: 'db-2' })]
    expect(identify(rules, { serial: 'S-2', host: 'db-9' }, known)).toEqual({
      is: 'same',
      id: 'B',
      rule: 'serial number',
      alsoLike: [],
    })
  })

  test('the one that agrees with a weaker rule when nobody agrees with the stronger one', () => {
    const known = [thing('A', { host: 'db-1', site: 'North' })]
    expect(identify(rules, { serial: 'S-1', host: 'DB-1 ', site: 'north' }, known)).toMatchObject({
      is: 'same',
      id: 'A',
      rule: 'host name and site',
    })
  })

  test('new when a rule could have spoken and nobody agrees', () => {
    expect(identify(rules, { serial: 'S-3' }, [thing('A', { serial: 'S-1' })])).toEqual({ is: 'new' })
  })

  test('not known by a half of what a rule asks for', () => {
    const known = [thing('A', { host: 'db-1', site: 'North' })]
    expect(identify(rules, { host: 'db-1', mac: '02:00:00:00:00:01' }, known)).toEqual({ is: 'new' })
    expect(identify(rules, { host: 'db-1', site: 'South' }, known)).toEqual({ is: 'new' })
  })
})

describe('somebody has to decide', () => {
  test('when several agree', () => {
    const known = [thing('B', { serial: 'S-1' }), thing('A', { serial: 's-1' })]
    expect(identify(rules, { serial: 'S-1' }, known)).toEqual({
      is: 'undecided',
      because: { why: 'several', rule: 'serial number', ids: ['A', 'B'] },
    })
  })

  test('when the host name is the same and the serial number is another: a machine was replaced', () => {
    const known = [thing('A', { serial: 'S-1', host: 'db-1', site: 'North' })]
    expect(identify(rules, { serial: 'S-2', host: 'db-1', site: 'North' }, known)).toEqual({
      is: 'undecided',
      because: {
        why: 'contradicted',
        rule: 'host name and site',
        id: 'A',
        by: 'serial number',
        attributes: ['serial'],
      },
    })
  })

  test('when there is nothing to know it by next time', () => {
    const undecided = { is: 'undecided', because: { why: 'nothing_to_go_by' } }
    expect(identify(rules, { host: 'db-1', serial: 'To be filled by O.E.M.' }, [])).toEqual(undecided)
    expect(identify([], { serial: 'S-1' }, [])).toEqual(undecided)
  })
})

test('what a weaker rule says of another one is told: it may be a duplicate', () => {
  const known = [thing('A', { serial: 'S-1' }), thing('B', { mac: 'aa', host: 'db-1', site: 'North' })]
  expect(identify(rules, { serial: 'S-1', host: 'db-1', site: 'North', mac: 'AA' }, known)).toEqual({
    is: 'same',
    id: 'A',
    rule: 'serial number',
    alsoLike: [{ id: 'B', rule: 'host name and site' }],
  })
})

test('what stands where a number should be is no value', () => {
  expect(['', ' ', 'N/A', '0000', 'Default  String', null, undefined].map(comparable)).toEqual(
    Array.from({ length: 7 }, () => null),
  )
  expect(comparable(' SN  01 ')).toBe('sn 01')
})

const aValue = fc.constantFrom('a', 'A ', 'b', 'n/a', null)
const someValues = fc.record({ serial: aValue, host: aValue, site: aValue, mac: aValue })
const someThings = fc
  .array(someValues, { maxLength: 5 })
  .map((list) => list.map((values, at) => thing(`i${at}`, values)))

describe('for anything', () => {
  test('the order of the candidates does not matter, nor do those that no lookup finds', () => {
    fc.assert(
      fc.property(
        someValues,
        someThings.chain((known) =>
          fc.tuple(fc.constant(known), fc.shuffledSubarray(known, { minLength: known.length })),
        ),
        (arriving, [known, shuffled]) => {
          const answer = identify(rules, arriving, known)
          expect(identify(rules, arriving, shuffled)).toEqual(answer)
          const found = known.filter(({ values }) =>
            lookupsFor(rules, arriving).some((lookup) =>
              Object.entries(lookup.values).every(
                ([attribute, value]) => comparable(values[attribute]) === value,
              ),
            ),
          )
          expect(identify(rules, arriving, found)).toEqual(answer)
        },
      ),
      { numRuns },
    )
  })

  test('once it is known, the same thing arriving again is never new', () => {
    fc.assert(
      fc.property(someValues, someThings, (arriving, known) => {
        if (identify(rules, arriving, known).is !== 'new') return
        expect(identify(rules, arriving, [...known, thing('it', arriving)])).toMatchObject({
          is: 'same',
          id: 'it',
        })
      }),
      { numRuns },
    )
  })

  test('nobody is the same whose stronger attributes are known and different', () => {
    fc.assert(
      fc.property(someValues, someThings, (arriving, known) => {
        const answer = identify(rules, arriving, known)
        if (answer.is !== 'same') return
        const it: Values = known.find(({ id }) => id === answer.id)?.values ?? {}
        for (const { name, by } of rules) {
          const both = by.map((attribute) => [
            comparable(arriving[attribute as 'host']),
            comparable(it[attribute]),
          ])
          if (both.every(([ours, theirs]) => ours !== null && ours === theirs)) return
          expect(
            both.every(([ours, theirs]) => ours !== null && theirs !== null),
            name,
          ).toBe(false)
        }
      }),
      { numRuns },
    )
  })
})
