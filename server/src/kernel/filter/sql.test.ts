import type { Filter } from '@evenkeel/contract/filter'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { context, fields, filters, people, teams } from '../../../test/filters.ts'
import { bindFilter } from './bind.ts'
import { type Columns, filterSql } from './sql.ts'

const columns: Columns = Object.fromEntries(fields.all.map(({ name }) => [name, `r.${name}`]))
const sqlOf = (filter: Filter, among = columns, first = 1) => {
  const binding = bindFilter(filter, fields)
  if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
  return filterSql(binding.bound, among, context, first)
}
const is = (field: string, value: string | number | boolean): Filter => ({ field, op: '=', value })

describe('a filter as SQL', () => {
  // prettier-ignore
  test.each<[Filter, string, readonly unknown[]]>([
    [{ all: [] },                                           'true',                              []],
    [{ any: [] },                                           'false',                             []],
    [{ not: { all: [] } },                                  'false',                             []],
    [is('state', 'new'),                                    'r.state = $1::text',                ['new']],
    [{ not: is('state', 'new') },                           '(r.state = $1::text) is not true',  ['new']],
    [{ not: { not: is('state', 'new') } },                  'r.state = $1::text',                ['new']],
    [{ field: 'state', op: '!=', value: 'new' },            '(r.state is not null and r.state <> $1::text)', ['new']],
    [{ field: 'state', op: 'in', value: ['new', 'new'] },   'r.state = $1::text',                ['new']],
    [{ field: 'priority', op: '<=', value: '2' },           'r.priority = any($1::text[])',      [['1', '2']]],
    [{ field: 'priority', op: '<', value: '1' },            'false',                             []],
    [{ not: { all: [is('major', true), is('cost', 1)] } },  '((r.major) is not true or (r.cost = $1::numeric) is not true)', ['1']],
    [{ not: { any: [is('major', true), is('cost', 1)] } },  '((r.major) is not true and (r.cost = $1::numeric) is not true)', ['1']],
    [is('major', false),                                    'not r.major',                       []],
    [{ field: 'title', op: 'contains', value: '50%_\\Ä' },  'text_fold(r.title) like $1::text',  ['%50\\%\\_\\\\ä%']],
    [{ field: 'number', op: 'starts with', value: 'inc%' }, 'r.number like $1::text',            ['INC\\%%']],
    [{ field: 'title', op: 'matches', value: 'Disk full*' }, 'text_words(r.title) @@ $1::tsquery', ["'disk' & 'full':*"]],
    [{ field: 'search', op: 'matches', value: "a'b\\c:*" }, 'r.search @@ $1::tsquery',           ["'a' & 'b' & 'c'"]],
    [{ field: 'cost', op: 'in', value: [1e21, 0.1] },       'r.cost = any($1::numeric[])',       [['1e+21', '0.1']]],
    [{ field: 'reopened', op: '>', value: 3 },              'r.reopened > $1::bigint',           ['3']],
    [is('assignee', 'me'),                                  'r.assignee = $1::uuid',             [people.ana]],
    [is('team', 'my_teams'),                                'r.team = any($1::uuid[])',          [[teams.network, teams.desk]]],
    [is('watchers', 'me'),                                  'r.watchers && $1::uuid[]',          [[people.ana]]],
    [{ field: 'watchers', op: 'is empty' },                 'coalesce(cardinality(r.watchers), 0) = 0', []],
    [{ field: 'title', op: 'is set' },                      `r.title <> ''`,                     []],
    [{ not: { field: 'title', op: 'is set' } },             `(r.title <> '') is not true`,       []],
    [{ field: 'cost', op: 'is empty' },                     'r.cost is null',                    []],
    [{ field: 'created', op: '<=', value: 'now' },          'r.created < $1::timestamptz',       ['2026-03-28T23:15:00.251Z']],
    [{ field: 'created', op: '>', value: 'today' },         'r.created >= $1::timestamptz',      ['2026-03-29T22:00:00.000Z']],
    [{ field: 'due', op: '!=', value: 'today' },            '(r.due < $1::date or r.due >= $2::date)', ['2026-03-29', '2026-03-30']],
  ])('%j is %s', (filter, text, values) => {
    expect(sqlOf(filter)).toEqual({ text, values })
  })

  test('has nothing to find where nothing is mine, and everything set to find where nothing is excluded', () => {
    const nobody = { ...context, me: undefined }
    const binding = (filter: Filter) => {
      const bound = bindFilter(filter, fields)
      if (!bound.ok) throw new Error('not bound')
      return filterSql(bound.bound, columns, nobody)
    }
    expect(binding(is('assignee', 'me'))).toEqual({ text: 'false', values: [] })
    expect(binding({ field: 'assignee', op: '!=', value: 'me' })).toEqual({
      text: '(r.assignee is not null and true)',
      values: [],
    })
  })

  test('counts its parameters on from those of the statement', () => {
    expect(sqlOf({ all: [is('state', 'new'), is('cost', 1)] }, columns, 4).text).toBe(
      '(r.state = $4::text and r.cost = $5::numeric)',
    )
  })

  test('goes by what each column says of itself', () => {
    const own: Columns = {
      priority: { sql: 'r.priority', as: 'smallint', required: true },
      title: {
        sql: 'r.title',
        folded: 'r.title_folded',
        required: true,
        like: (pattern) => `r.id in (select title_like(${pattern}))`,
      },
      source: { sql: 'r.source', required: true },
      search: { sql: 'r.search', lexeme: (word) => `ab12${word}` },
      watchers: {
        sql: 'r.watchers',
        overlaps: (those) => `exists (select from watcher w where w.id = any(${those}))`,
      },
    }
    const text = (filter: Filter) => sqlOf(filter, own).text
    expect(text({ field: 'priority', op: '!=', value: '1' })).toBe('(true and r.priority <> $1::smallint)')
    expect(text({ field: 'priority', op: 'is empty' })).toBe('false')
    expect(text({ not: { field: 'priority', op: 'is empty' } })).toBe('true')
    expect(text(is('title', 'x'))).toBe('r.title_folded = $1::text')
    expect(text({ field: 'title', op: 'contains', value: 'x' })).toBe('r.id in (select title_like($1::text))')
    expect(sqlOf({ field: 'search', op: 'matches', value: 'x y*' }, own)).toEqual({
      text: 'r.search @@ $1::tsquery',
      values: ["'ab12x' & 'ab12y':*"],
    })
    expect(text({ field: 'watchers', op: '!=', value: people.ana })).toBe(
      '(coalesce(cardinality(r.watchers), 0) > 0 and (exists (select from watcher w where w.id = any($1::uuid[]))) is not true)',
    )
  })

  test('never has a value in its text', () => {
    const hostile = `x'); drop table record; --`
    for (const filter of [
      is('title', hostile),
      { field: 'title', op: 'contains', value: hostile } as const,
      { field: 'source', op: 'in', value: [hostile, '$1', '\\'] } as const,
      { field: 'search', op: 'matches', value: hostile } as const,
    ]) {
      expect(sqlOf(filter).text).not.toContain('drop')
    }
    const form = /^(?:[\w.]+|\$\d+::[\w[\]]+|like|is not true|[()&@<>=, ]|'')+$/
    fc.assert(
      fc.property(filters, (filter) => {
        expect(sqlOf(filter).text).toMatch(form)
      }),
      { numRuns: 300 },
    )
  })

  test.each(['toString', 'nosuch'])('cannot be made for a field without a column: %s', (name) => {
    const binding = bindFilter(is('state', 'new'), fields)
    if (!binding.ok || !('field' in binding.bound)) throw new Error('not bound')
    const bound = { ...binding.bound, field: { ...binding.bound.field, name } }
    expect(() => filterSql(bound, columns, context)).toThrow(`there is no column for the field ${name}`)
  })
})
