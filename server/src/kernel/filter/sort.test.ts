import { describe, expect, test } from 'vitest'
import { fields, ids } from '../../../test/filters.ts'
import { cursorOf, parseSort, placeOf, type Sort, sortSql, sortToText, type TieBreaker } from './sort.ts'
import type { Columns } from './sql.ts'

const tie: TieBreaker = { sql: 'r.id', as: 'uuid', descending: true }
const columns: Columns = Object.fromEntries(fields.all.map(({ name }) => [name, `r.${name}`]))
const id = ids[0] ?? ''

const sortOf = (text: string): Sort => {
  const reading = parseSort(text, fields)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  return reading.sort
}
const faultsIn = (text: string) => {
  const reading = parseSort(text, fields)
  return reading.ok
    ? []
    : reading.faults.map(
        ({ from, to, code, message }) => `${text.slice(from, to)}@${from} ${code}: ${message}`,
      )
}

describe('the order of a list', () => {
  test.each(['', 'priority', '-created', 'priority,-created,title'])(
    'is read and written as text: “%s”',
    (text) => {
      expect(sortToText(sortOf(text))).toBe(text)
    },
  )

  // prettier-ignore
  test.each<[string, readonly string[]]>([
    ['salary',                       ['salary@0 unknown_field: there is no field “salary”']],
    ['-created,-__proto__',          ['-__proto__@9 unknown_field: there is no field “__proto__”']],
    ['prio',                         ['prio@0 unknown_field: there is no field “prio”']],
    ['--created',                    ['--created@0 unknown_field: there is no field “-created”']],
    ['created desc',                 ['created desc@0 unknown_field: there is no field “created desc”']],
    [',',                            ['@0 unknown_field: there is no field “”', '@1 unknown_field: there is no field “”']],
    ['state',                        ['state@0 not_sortable: lists cannot be sorted by state']],
    ['cost,-cost',                   ['-cost@5 sorted_twice: the list is sorted by cost twice']],
    ['cost,due,title,number',        ['number@15 too_many_sorts: lists are sorted by at most 3 fields']],
    ['cost,due,title,'.repeat(9999), ['cost@15 too_many_sorts: lists are sorted by at most 3 fields']],
  ])('is refused: %s', (text, faults) => {
    expect(faultsIn(text)).toEqual(faults)
  })

  test('is SQL whose only parameters are what people wrote', () => {
    expect(sortSql(sortOf('-priority,created'), columns, tie, { first: 2 })).toEqual({
      place: [
        '(array_position($2::text[], r.priority))::text',
        `to_char(r.created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
        '(r.id)::text',
      ],
      orderBy: 'array_position($2::text[], r.priority) desc nulls last, r.created, r.id desc',
      after: undefined,
      values: [['1', '2', '3', '4']],
    })
  })
})

describe('a cursor', () => {
  const sort = sortOf('-priority,created')
  const place = ['2', '2026-03-01T09:00:00.123456Z', id]
  const refusal = { ok: false, fault: { code: 'wrong_cursor' } }

  test('leads back to its place', () => {
    const cursor = cursorOf(sort, place)
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(placeOf(cursor, sort, columns, tie)).toEqual({ ok: true, place })
    const empty = [null, null, id]
    expect(placeOf(cursorOf(sort, empty), sort, columns, tie)).toEqual({ ok: true, place: empty })
    const words = ['Ärger\u2028🚑 "\\', id]
    expect(placeOf(cursorOf(sortOf('title'), words), sortOf('title'), columns, tie)).toEqual({
      ok: true,
      place: words,
    })
  })

  test.each(['priority,created', '-priority', '-priority,-created', 'created,-priority', ''])(
    'is refused in another order than its own: %s',
    (other) => {
      expect(placeOf(cursorOf(sort, place), sortOf(other), columns, tie)).toMatchObject(refusal)
    },
  )

  const encoded = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('=', '')
  test.each([
    '',
    '%',
    'a',
    'a b',
    '!!!!',
    'bnVsbA',
    'e30',
    '__8',
    'x'.repeat(5000),
    encoded([1, '-priority,created']),
    encoded([1, '-priority,created', ...place, 'more']),
    encoded([2, '-priority,created', ...place]),
    encoded(['1', '-priority,created', ...place]),
    encoded([1, '-priority,created', 2, ...place.slice(1)]),
    encoded([1, '-priority,created', '2', '2026-03-01', id]),
    encoded([1, '-priority,created', '2', '2026-02-30T09:00:00.123456Z', id]),
    encoded([1, '-priority,created', '2147483648', place[1], id]),
    encoded([1, '-priority,created', "2'; drop table record; --", place[1], id]),
    encoded([1, '-priority,created', '2', place[1], null]),
    encoded([1, '-priority,created', '2', place[1], 'x']),
    encoded({ 0: 1, length: 5 }),
    // Half a character of UTF-8 inside a text.
    btoa(`[1,"title","\xc3","${id}"]`).replaceAll('=', ''),
  ])('is refused when it was not made here: %s', (cursor) => {
    expect(placeOf(cursor, sort, columns, tie)).toMatchObject(refusal)
    expect(placeOf(cursor, sortOf('title'), columns, tie)).toMatchObject(refusal)
  })
})
