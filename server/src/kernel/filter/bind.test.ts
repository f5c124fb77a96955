import type { Filter } from '@evenkeel/contract/filter'
import { describe, expect, test } from 'vitest'
import { exampleFields, fields, teams } from '../../../test/filters.ts'
import { bindFilter } from './bind.ts'
import { completions } from './complete.ts'
import { type Field, fieldsOf, operatorsOf } from './fields.ts'
import { parseSort } from './sort.ts'
import { parseFilter } from './text.ts'

const faultsIn = (filter: Filter, among = fields) => {
  const binding = bindFilter(filter, among)
  return binding.ok
    ? []
    : binding.faults.map(({ path, code, message }) => `${path.join('.')} ${code}: ${message}`)
}

describe('a field that the reader may not see', () => {
  const salary: Field = { name: 'salary', label: 'salary', aliases: ['pay'], type: 'number', sortable: true }
  // The same reader where the field exists and is hidden, and where there never was one: nothing tells them apart.
  const everyone = fieldsOf([...exampleFields, salary])
  const where = [
    { exists: true, reader: fieldsOf(everyone.all.filter(({ name }) => name !== 'salary')) },
    { exists: false, reader: fieldsOf(exampleFields) },
  ]

  test('is there for others', () => {
    expect(parseFilter('salary:>1', everyone).ok).toBe(true)
    expect(parseSort('salary', everyone).ok).toBe(true)
  })

  test.each(where)(
    'is refused like one that never was, in text, JSON, sorting and completions (exists: $exists)',
    ({ reader }) => {
      const attempts: Filter[] = [
        { field: 'salary', op: '>', value: 1 },
        { field: 'salary', op: 'is empty' },
        { field: 'salary', op: 'in', value: [1] },
        { field: 'salary', op: 'contains', value: '1' },
        { not: { any: [{ field: 'salary', op: 'matches', value: '%' }] } },
      ]
      for (const filter of attempts) {
        const binding = bindFilter(filter, reader)
        if (binding.ok) throw new Error('the hidden field was let in')
        const unknown = bindFilter(
          JSON.parse(JSON.stringify(filter).replace('salary', 'nosuch')) as Filter,
          reader,
        )
        expect(JSON.stringify(binding).replaceAll('salary', 'nosuch')).toBe(JSON.stringify(unknown))
      }
      for (const text of ['salary:>1', 'pay:1', 'salary:empty', 'salary:', 'salary:1,2', '-salary:"x"']) {
        const name = text.includes('pay') ? 'pay' : 'salary'
        const unknown = 'x'.repeat(name.length)
        expect(JSON.stringify(parseFilter(text, reader)).replaceAll(name, unknown)).toBe(
          JSON.stringify(parseFilter(text.replace(name, unknown), reader)),
        )
      }
      expect(JSON.stringify(parseSort('-salary', reader)).replaceAll('salary', 'nosuch')).toBe(
        JSON.stringify(parseSort('-nosuch', reader)),
      )
      expect(completions('sal', 3, reader).options).toEqual([])
      expect(completions('salary:', 7, reader).options).toEqual([])
    },
  )
})

describe('a condition', () => {
  // prettier-ignore
  test.each<[Filter, string]>([
    [{ field: '__proto__', op: '=', value: 1 },            'field unknown_field: there is no field “__proto__”'],
    [{ field: 'toString', op: 'is set' },                  'field unknown_field: there is no field “toString”'],
    [{ field: 'prio', op: '=', value: '1' },               'field unknown_field: there is no field “prio”'],
    [{ field: 'Title', op: 'is set' },                     'field unknown_field: there is no field “Title”'],
    [{ field: 'x'.repeat(500), op: 'is set' },             `field unknown_field: there is no field “${'x'.repeat(59)}…”`],
    [{ field: 'search', op: 'is empty' },                  'op wrong_operator: text cannot be asked “is empty”; it takes matches'],
    [{ field: 'title', op: '<', value: 'a' },              'op wrong_operator: title cannot be asked “<”; it takes contains, starts with, matches, =, !=, in, not in, is empty or is set'],
    [{ field: 'title', op: '=', value: 1 },                'value not_text: title is compared with a text'],
    [{ field: 'title', op: 'in', value: ['a', 1] },        'value.1 not_text: title is compared with a text'],
    [{ field: 'search', op: 'matches', value: true },      'value not_text: text is compared with a text'],
    [{ field: 'search', op: 'matches', value: '… !' },     'value no_words: there is neither a letter nor a digit to search for in “… !”'],
    [{ field: 'number', op: '=', value: 1 },               'value not_text: number is compared with a text'],
    [{ field: 'cost', op: '=', value: '1' },               'value not_a_number: cost is compared with a number'],
    [{ field: 'cost', op: 'in', value: [1, '1'] },         'value.1 not_a_number: cost is compared with a number'],
    [{ field: 'reopened', op: '>', value: 0.5 },           'value not_whole: times reopened is compared with a whole number'],
    [{ field: 'reopened', op: '>', value: 2 ** 53 },       'value not_whole: times reopened is compared with a whole number'],
    [{ field: 'major', op: '=', value: 'true' },           'value not_yes_or_no: major is either true or false'],
    [{ field: 'priority', op: '=', value: 1 },             'value not_a_choice: priority has no choice “1”; it has 1, 2, 3 and 4'],
    [{ field: 'priority', op: '<', value: 'high' },        'value not_a_choice: priority has no choice “high”; it has 1, 2, 3 and 4'],
    [{ field: 'state', op: 'in', value: ['new', 'x'] },    'value.1 not_a_choice: state has no choice “x”; it has new, in_progress and empty'],
    [{ field: 'team', op: '=', value: 'network' },         'value not_a_reference: “network” is not known as a value of team'],
    [{ field: 'team', op: '=', value: 'me' },              'value not_a_reference: “me” is not known as a value of team'],
    [{ field: 'team', op: 'in', value: [teams.desk, 7] },  'value.1 not_a_reference: “7” is not known as a value of team'],
    [{ field: 'created', op: '=', value: 5 },              'value not_a_time: “5” is not a time such as 2026-03-01, 2026-03-01T09:00Z, now-2d or today'],
    [{ field: 'created', op: 'within', value: ['now', 'x'] }, 'value.1 not_a_time: “x” is not a time such as 2026-03-01, 2026-03-01T09:00Z, now-2d or today'],
    [{ field: 'due', op: '=', value: 'now' },              'value not_a_day: “now” is not a day such as 2026-03-01, today or today-7d'],
    [{ field: 'due', op: '=', value: '2026-03-01T09:00Z' }, 'value not_a_day: “2026-03-01T09:00Z” is not a day such as 2026-03-01, today or today-7d'],
  ])('is refused: %j', (filter, fault) => {
    expect(faultsIn(filter)).toEqual([fault])
  })

  test('is refused with its place, beside every other that is wrong', () => {
    expect(
      faultsIn({
        all: [{ field: 'x', op: 'is set' }, { not: { any: [{ field: 'cost', op: '=', value: 'a' }] } }],
      }),
    ).toEqual([
      'all.0.field unknown_field: there is no field “x”',
      'all.1.not.any.0.value not_a_number: cost is compared with a number',
    ])
  })

  test('tells of a choice among very many only that it is none', () => {
    const choices = Array.from({ length: 13 }, (_, index) => ({ value: `c${index}`, label: `C${index}` }))
    const many = fieldsOf([{ name: 'site', label: 'site', type: 'choice', choices }])
    expect(faultsIn({ field: 'site', op: '=', value: 'x' }, many)).toEqual([
      'value not_a_choice: site has no choice “x”',
    ])
  })

  test('is understood: text folded, ids and upper-case keywords in their case, comparisons as the choices that pass', () => {
    const testOf = (filter: Filter) => {
      const binding = bindFilter(filter, fields)
      return binding.ok && 'test' in binding.bound ? binding.bound.test : undefined
    }
    const oneOf = (values: readonly string[], negated = false) => ({
      is: 'one of',
      values,
      relative: [],
      negated,
    })
    expect(testOf({ field: 'title', op: '=', value: 'ÄB' })).toEqual(oneOf(['äb']))
    expect(testOf({ field: 'number', op: 'in', value: ['inc1', 'é'] })).toEqual(oneOf(['INC1', 'é']))
    expect(testOf({ field: 'source', op: '!=', value: 'Mail' })).toEqual(oneOf(['Mail'], true))
    expect(testOf({ field: 'team', op: '=', value: teams.desk.toUpperCase() })).toEqual(oneOf([teams.desk]))
    expect(testOf({ field: 'priority', op: '<', value: '3' })).toEqual(oneOf(['1', '2']))
    expect(testOf({ field: 'priority', op: '<=', value: '3' })).toEqual(oneOf(['1', '2', '3']))
    expect(testOf({ field: 'priority', op: '>', value: '3' })).toEqual(oneOf(['4']))
    expect(testOf({ field: 'priority', op: '>=', value: '3' })).toEqual(oneOf(['3', '4']))
    expect(testOf({ field: 'priority', op: '<', value: '1' })).toEqual(oneOf([]))
    expect(testOf({ field: 'major', op: '!=', value: true })).toEqual({ is: 'boolean', value: false })
    const lower = fieldsOf([{ name: 'mail', label: 'address', type: 'keyword', letters: 'lower' }])
    expect(bindFilter({ field: 'mail', op: '=', value: 'Ana@X.EU' }, lower)).toMatchObject({
      bound: { test: { values: ['ana@x.eu'] } },
    })
  })
})

describe('a registry of fields', () => {
  const field = (name: string, aliases: readonly string[] = []): Field => ({
    name,
    label: name,
    aliases,
    type: 'boolean',
  })

  test('is refused when two fields, or a field and an alias, have one name', () => {
    expect(() => fieldsOf([field('a'), field('a')])).toThrow('two fields of a filter are called “a”')
    expect(() => fieldsOf([field('a'), field('b', ['a'])])).toThrow('two fields of a filter are called “a”')
  })

  test.each(['', 'Größe', 'a b', 'a:b', '1a', 'A', 'x'.repeat(81)])(
    'is refused when a name cannot be typed: “%s”',
    (name) => {
      expect(() => fieldsOf([field(name)])).toThrow('cannot be the name of a field')
    },
  )

  test('may hold fields that are called like what every object has', () => {
    const odd = fieldsOf([field('constructor'), field('__proto__')])
    expect(bindFilter({ field: '__proto__', op: '=', value: true }, odd).ok).toBe(true)
    expect(odd.named('tostring')).toBeUndefined()
  })

  test('offers for every type first what a colon means', () => {
    expect(Object.fromEntries(exampleFields.map((one) => [one.type, operatorsOf(one)[0]]))).toEqual({
      words: 'matches',
      text: 'contains',
      keyword: '=',
      'ordered choice': '=',
      choice: '=',
      reference: '=',
      'list of references': '=',
      number: '=',
      instant: '=',
      date: '=',
      boolean: '=',
    })
  })
})
