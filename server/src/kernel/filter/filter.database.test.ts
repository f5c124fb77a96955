import * as fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDatabase } from '../../../test/database.ts'
import { context, contexts, fields, filters, ids, type Row, rows, texts } from '../../../test/filters.ts'
import { bindFilter } from './bind.ts'
import { cyrillic, fold, greek, latin, rarer } from './fold.ts'
import { filterFunctions } from './functions.ts'
import { type Facts, predicateOf } from './predicate.ts'
import { cursorOf, parseSort, placeOf, type SortSql, sortSql, type TieBreaker } from './sort.ts'
import { type Columns, filterSql } from './sql.ts'
import { separatorClass, wordsOf } from './words.ts'

const numRuns = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 250)

/** A database of one's own; another server than the tests' by EVENKEEL_TEST_DATABASE_URL, to try other releases of PostgreSQL. */
const testDatabase = async (): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> => {
  const given = process.env['EVENKEEL_TEST_DATABASE_URL']
  if (given !== undefined) return { url: given, drop: () => Promise.resolve() }
  const { adminUrl, drop } = await emptyDatabase()
  return { url: adminUrl, drop }
}

let client: Client
let drop: () => Promise<void>

const seed = fc.sample(fc.integer(), 1)[0] ?? 0
const records = fc.sample(rows, { numRuns: 300, seed })

beforeAll(async () => {
  const database = await testDatabase()
  drop = database.drop
  client = new Client({ connectionString: database.url })
  await client.connect()
  // A session as unlike ours as can be: nothing may depend on its zone or on how it writes dates.
  await client.query(`set time zone 'Pacific/Apia'; set datestyle = 'German, DMY'`)
  await client.query(filterFunctions())
  await client.query(`
    create temporary table example (
      id integer primary key, title text, number text, source text, priority smallint, state text, team uuid, assignee uuid,
      watchers uuid[], cost numeric, reopened bigint, created timestamptz, due date, major boolean
    )`)
  for (const [id, row] of records.entries()) await client.query(insertion, [id, ...valuesOf(row)])
})
afterAll(async () => {
  await client.end()
  await drop()
})

const insertion = `insert into example values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
const valuesOf = (row: Row): readonly unknown[] => [
  row.title,
  row.number,
  row.source,
  row.priority,
  row.state,
  row.team,
  row.assignee,
  row.watchers,
  row.cost,
  row.reopened,
  createdOf(row),
  row.due,
  row.major,
]
const createdOf = ({ created, microseconds }: Row): string | null =>
  created === null
    ? null
    : new Date(created).toISOString().replace('Z', `${String(microseconds).padStart(3, '0')}Z`)

const factsOf = (row: Row): Facts => ({ ...row, search: row.title, created: createdOf(row) })
const facts = records.map(factsOf)

const columns: Columns = {
  search: 'text_words(title)',
  title: 'title',
  number: 'number',
  source: 'source',
  priority: { sql: 'priority', as: 'smallint' },
  state: 'state',
  team: 'team',
  assignee: 'assignee',
  watchers: 'watchers',
  cost: 'cost',
  reopened: 'reopened',
  created: 'created',
  due: 'due',
  major: 'major',
}

const idsWhere = async (condition: string, values: readonly unknown[]): Promise<readonly number[]> => {
  const { rows: found } = await client.query<{ id: number }>(
    `select id from example where ${condition} order by id`,
    [...values],
  )
  return found.map(({ id }) => id)
}

describe(`records made from seed ${seed}`, () => {
  test('are found by SQL exactly when the predicate holds for them', async () => {
    await fc.assert(
      fc.asyncProperty(filters, contexts, async (filter, someone) => {
        const binding = bindFilter(filter, fields)
        if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
        const holds = predicateOf(binding.bound)
        const expected = [...facts.keys()].filter((id) => holds(facts[id] ?? {}, someone))
        const { text, values } = filterSql(binding.bound, columns, someone)
        expect(await idsWhere(text, values)).toEqual(expected)
      }),
      { numRuns },
    )
  })

  test('are found among other conditions and parameters, and the filter can be negated from outside', async () => {
    await fc.assert(
      fc.asyncProperty(filters, contexts, async (filter, someone) => {
        const binding = bindFilter(filter, fields)
        if (!binding.ok) throw new Error(JSON.stringify(binding.faults))
        const holds = predicateOf(binding.bound)
        const expected = [...facts.keys()].filter((id) => id > 10 && !holds(facts[id] ?? {}, someone))
        const { text, values } = filterSql(binding.bound, columns, someone, 3)
        const condition = `$1::text = 'x' and id > $2 and (${text}) is not true`
        expect(await idsWhere(condition, ['x', 10, ...values])).toEqual(expected)
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    )
  })
})

test('text is found through an index on its folded form', async () => {
  await client.query(
    'create index example_title on example using hash (text_fold(title)); set enable_seqscan = off',
  )
  const binding = bindFilter({ field: 'title', op: '=', value: 'Ärger' }, fields)
  if (!binding.ok) throw new Error('not bound')
  const { text, values } = filterSql(binding.bound, columns, context)
  const plan = await client.query<{ 'QUERY PLAN': string }>(`explain select id from example where ${text}`, [
    ...values,
  ])
  await client.query('drop index example_title; reset enable_seqscan')
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('example_title')
})

describe('text in the database', () => {
  const foldThere = async (list: readonly string[]): Promise<readonly string[]> => {
    const { rows: found } = await client.query<{ folded: string }>(
      'select text_fold(one) as folded from unnest($1::text[]) with ordinality as given (one, place) order by place',
      [list],
    )
    return found.map(({ folded }) => folded)
  }
  const everyCharacter = (size: number): readonly string[] => {
    const list: string[] = []
    let text = ''
    for (let code = 1; code <= 0x10_ffff; code++) {
      if (code < 0xd800 || code > 0xdfff) text += String.fromCodePoint(code)
      if (code % size === 0) {
        list.push(text)
        text = ''
      }
    }
    return [...list, text]
  }

  test('is folded there as it is here, character by character through all of Unicode', async () => {
    const list = everyCharacter(4096)
    expect(await foldThere(list)).toEqual(list.map(fold))
  })

  test('is folded there as it is here, whichever alphabets meet in it', async () => {
    const capitals = [latin, greek, cyrillic, rarer].map((alphabet) =>
      fc.constantFrom(...alphabet.capitals.split('')),
    )
    const mixed = fc
      .array(fc.oneof(texts, ...capitals, fc.constantFrom('A', 'z', ' ')), { maxLength: 5 })
      .map((parts) => parts.join(''))
    const list = fc.sample(mixed, numRuns)
    expect(await foldThere(list)).toEqual(list.map(fold))
  })

  test('is parted into words there as it is here', async () => {
    const long = fc.constantFrom(
      'x'.repeat(61),
      'Ж'.repeat(70),
      '🚑'.repeat(61),
      `${'a '.repeat(50_001)}b`,
      `${'🚑'.repeat(99_999)} ab`,
    )
    const list = fc.sample(
      fc.oneof({ weight: 30, arbitrary: texts }, { weight: 1, arbitrary: long }),
      numRuns,
    )
    const { rows: found } = await client.query<{ words: string[] }>(
      `select tsvector_to_array(text_words(one)) as words
       from unnest($1::text[]) with ordinality as given (one, place) order by place`,
      [list],
    )
    expect(found.map(({ words }) => new Set(words))).toEqual(list.map(wordsOf))
  })

  test('has the same characters between words there as here', async () => {
    const list = everyCharacter(65_536)
    const { rows: found } = await client.query<{ kept: string }>(
      `select regexp_replace(one collate "C", '[${separatorClass}]', '', 'g') as kept
       from unnest($1::text[]) with ordinality as given (one, place) order by place`,
      [list],
    )
    const separator = new RegExp(`[${separatorClass}]`, 'gu')
    expect(found.map(({ kept }) => kept)).toEqual(list.map((text) => text.replace(separator, '')))
  })

  test('of any length and any number of words can be kept', async () => {
    const words = Array.from({ length: 60_000 }, (_, index) => String.fromCodePoint(0x2_0000 + index)).join(
      ' ',
    )
    const { rows: found } = await client.query<{ count: number }>('select length(text_words($1)) as count', [
      words,
    ])
    expect(found[0]?.count).toBe(wordsOf(words).size)
  })
})

describe('a sorted list', () => {
  const tie: TieBreaker = { sql: 'id', as: 'integer' }
  const sortable = fields.all.filter((field) => field.sortable === true).map(({ name }) => name)
  const sorts = fc
    .uniqueArray(fc.constantFrom(...sortable), { maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(name, `-${name}`))))
    .map((names) => names.join(','))

  type Listed = { readonly id: number; readonly place: readonly (string | null)[] }
  const listed = async (sql: SortSql, limit: number): Promise<readonly Listed[]> => {
    const { rows: found } = await client.query<Listed>(
      `select id, array[${sql.place.join(', ')}] as place from example
       where ${sql.after ?? 'true'} order by ${sql.orderBy} limit ${limit}`,
      [...sql.values],
    )
    return found
  }
  const sortOf = (text: string) => {
    const reading = parseSort(text, fields)
    if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
    return reading.sort
  }

  const comesInPages = async (text: string, ties: TieBreaker, sorted: Columns, page: number) => {
    const sort = sortOf(text)
    const whole = await listed(sortSql(sort, sorted, ties), 1000)
    const paged: number[] = []
    let sql = sortSql(sort, sorted, ties)
    for (;;) {
      const found = await listed(sql, page)
      paged.push(...found.map(({ id }) => id))
      const last = found.at(-1)
      if (last === undefined) break
      const cursor = cursorOf(sort, last.place)
      expect(cursor.length).toBeLessThanOrEqual(2000)
      const reading = placeOf(cursor, sort, sorted, ties)
      if (!reading.ok) throw new Error(reading.fault.message)
      sql = sortSql(sort, sorted, ties, { after: reading.place })
    }
    expect(paged).toEqual(whole.map(({ id }) => id))
    expect(paged).toHaveLength(records.length)
  }

  test('comes page by page as it comes whole', async () => {
    await fc.assert(
      fc.asyncProperty(sorts, fc.boolean(), fc.constantFrom(7, 60, 299), (text, descending, page) =>
        comesInPages(text, { ...tie, descending }, columns, page),
      ),
      { numRuns: Math.ceil(numRuns / 20) },
    )
  })

  test('comes page by page by what stands in for a field, null or not', async () => {
    const sorted: Columns = {
      ...columns,
      priority: {
        sql: 'priority',
        as: 'smallint',
        order: { sql: 'coalesce(priority, 9)', as: 'smallint', required: true },
      },
      created: {
        sql: `coalesce(created, '-infinity')`,
        required: true,
        order: { sql: 'created', as: 'timestamptz' },
      },
      reopened: { sql: 'coalesce(reopened, 0)', required: true },
    }
    for (const text of [
      'priority',
      '-priority',
      'priority,reopened',
      '-reopened,-priority',
      'reopened,-created',
    ]) {
      await comesInPages(text, tie, sorted, 40)
      await comesInPages(text, { ...tie, descending: true }, sorted, 40)
    }
  })

  test('has those without a value last in either direction, and choices in their order', async () => {
    for (const text of ['priority', '-priority']) {
      const found = await listed(sortSql(sortOf(text), columns, tie), 1000)
      const priorities = found.map(({ id }) => records[id]?.priority ?? null)
      // 5 is none of the choices, so it counts as no value.
      const known = priorities.filter((priority) => priority !== null && priority !== 5)
      expect(priorities.slice(0, known.length)).toEqual(known)
      const ascending = known.toSorted((one, other) => Number(one) - Number(other))
      expect(known).toEqual(text === 'priority' ? ascending : ascending.toReversed())
    }
  })

  test('finds its next page by a range of its index where nothing is null', () => {
    const required: Columns = { ...columns, created: { sql: 'created', required: true } }
    const after = ['2026-03-01T09:00:00.000000Z', '5']
    expect(sortSql(sortOf('created'), required, tie, { after, first: 4 })).toMatchObject({
      orderBy: 'created, id',
      after: '(created, id) > ($4::timestamptz, $5::integer)',
      values: after,
    })
    expect(sortSql(sortOf('-created'), required, tie, { after }).after).toBe(
      '(created <= $1::timestamptz and (created < $1::timestamptz or (created = $1::timestamptz and (id > $2::integer or (id = $2::integer and false)))))',
    )
  })

  test('refuses a forged place before the database would', async () => {
    const asked = async (name: string, value: string | null, key: string | null): Promise<void> => {
      const sort = sortOf(name)
      const reading = placeOf(cursorOf(sort, [value, key]), sort, columns, tie)
      if (reading.ok) await listed(sortSql(sort, columns, tie, { after: reading.place }), 1)
    }
    const numbers = 'NaN Infinity -Infinity 1e999 1e-400 -0 +1 1_0 0x1f 99999 32768 -32769 2147483648'
    const largest = '9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809'
    const times =
      '2026-02-30 0000-01-01 2026-02-28 2026-02-29T10:00:00.000000Z 2026-02-28T24:00:00.000000Z now infinity'
    const hostile = `${numbers} ${largest} ${times} true t`
      .split(' ')
      .concat('', ' 1', '\ud800', '\0', `${'9'.repeat(50)}e+300`, `1${'0'.repeat(59)}`, '9'.repeat(400))
    for (const name of sortable) {
      for (const value of [...hostile, null]) await asked(name, value, '1')
    }
    const values = fc.oneof(texts, fc.string({ unit: 'binary' }), fc.constantFrom(...hostile, null))
    const keys = fc.constantFrom('1', '2147483648', 'x', ids[0] ?? '', null)
    await fc.assert(fc.asyncProperty(fc.constantFrom(...sortable), values, keys, asked), { numRuns })
  })
})
