import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import { fieldsOf, type FieldKind } from '../platform/carry/carried-table.ts'
import { carriedTables, leftOutTables } from './organization.tables.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const rows = async <Row extends object>(text: string): Promise<Row[]> =>
  (await world.database.pool.query<Row>(text)).rows

type Column = { table: string; column: string; type: string; nullable: boolean; generated: boolean }
const columns = (): Promise<Column[]> =>
  rows<Column>(`select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
      a.attgenerated <> '' as generated
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`)

const kindsOf: Readonly<Record<string, readonly FieldKind[]>> = {
  uuid: ['id', 'id or organization'],
  text: ['text'],
  smallint: ['integer'],
  integer: ['integer'],
  bigint: ['integer'],
  'double precision': ['number'],
  boolean: ['boolean'],
  'timestamp with time zone': ['instant'],
  date: ['date'],
  jsonb: ['json'],
  bytea: ['sha256'],
  'uuid[]': ['ids'],
  'text[]': ['texts'],
}

test('every table comes along or says why it stays', async () => {
  const tables = new Set((await columns()).map(({ table }) => table))
  const carried = carriedTables.map(({ name }) => name)
  const listed = [...carried, ...Object.keys(leftOutTables)]
  expect({
    'add to organization.tables.ts': [...tables].filter((name) => !listed.includes(name)),
    'are no tables': listed.filter((name) => !tables.has(name)),
    'are listed twice': listed.filter((name, place) => listed.indexOf(name) !== place),
  }).toEqual({ 'add to organization.tables.ts': [], 'are no tables': [], 'are listed twice': [] })
})

test('every column of a table comes along as what it is, or says why it stays', async () => {
  const all = await columns()
  const faults: string[] = []
  for (const table of carriedTables) {
    const fields = fieldsOf(table).filter(({ column }) => column !== table.beside?.column)
    const known = new Set([
      'tenant_id',
      ...fields.map(({ column }) => column),
      ...Object.keys(table.leftOut ?? {}),
    ])
    const own = all.filter((column) => column.table === table.name && !column.generated)
    for (const { column, type, nullable } of own) {
      const field = fields.find((one) => one.column === column)
      if (!known.has(column)) faults.push(`${table.name}.${column} is neither taken along nor left out`)
      if (field === undefined) continue
      if (kindsOf[type]?.includes(field.kind) !== true)
        faults.push(`${table.name}.${column} is ${type} and declared as ${field.kind}`)
      if (field.kind !== 'id or organization' && field.orNull !== nullable)
        faults.push(`${table.name}.${column} may ${nullable ? '' : 'not '}be null`)
    }
    for (const column of known)
      if (!own.some((one) => one.column === column)) faults.push(`${table.name}.${column} is no column`)
  }
  expect(faults).toEqual([])
})

test('rows stand in the order of their key, and what is pointed at comes first', async () => {
  const keys = await rows<{ table: string; key: string[] }>(`select i.indrelid::regclass::text as table,
      (select array_agg(a.attname::text order by k.place) from unnest(i.indkey) with ordinality as k(attnum, place)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum) as key
    from pg_index i where i.indisprimary and i.indrelid::regclass::text = any('{${carriedTables.map(({ name }) => name).join()}}')`)
  expect(Object.fromEntries(carriedTables.map(({ name, key }) => [name, ['tenant_id', ...key]]))).toEqual(
    Object.fromEntries(keys.map(({ table, key }) => [table, key])),
  )
  const order = new Map(carriedTables.map(({ name }, place) => [name, place]))
  const links = await rows<{
    from: string
    to: string
    columns: string[]
  }>(`select conrelid::regclass::text as from, confrelid::regclass::text as to,
      (select array_agg(a.attname::text) from unnest(conkey) k(attnum) join pg_attribute a on a.attrelid = conrelid and a.attnum = k.attnum) as columns
    from pg_constraint where contype = 'f'`)
  const wrong = links.filter(({ from, to, columns: own }) => {
    const table = carriedTables.find(({ name }) => name === from)
    if (table === undefined || to === 'tenant' || from === to) return false
    if (own.some((column) => Object.hasOwn(table.leftOut ?? {}, column))) return false
    return (order.get(to) ?? Infinity) >= (order.get(from) ?? 0)
  })
  expect(wrong).toEqual([])
})

test('fields with a closed list have the one of their column', async () => {
  const checks = await rows<{
    table: string
    column: string
    text: string
  }>(`select conrelid::regclass::text as table, a.attname as column,
      pg_get_constraintdef(c.oid) as text
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'c' and cardinality(c.conkey) = 1 and pg_get_constraintdef(c.oid) ~ 'ANY \\(\\(?ARRAY'`)
  const lists = checks.map(({ table, column, text }) => [
    `${table}.${column}`,
    [...text.matchAll(/'([^']*)'::text/g)].map(([, value]) => value),
  ])
  const declared = carriedTables.flatMap((table) =>
    fieldsOf(table).flatMap(({ column, oneOf }) =>
      oneOf === null ? [] : [[`${table.name}.${column}`, [...oneOf]]],
    ),
  )
  const carried = lists.filter(([name]) =>
    carriedTables.some((table) => String(name).startsWith(`${table.name}.`)),
  )
  // A list of one is written as an equality.
  const several = declared.filter(([, values]) => values !== undefined && values.length > 1)
  expect(Object.fromEntries(several)).toEqual(Object.fromEntries(carried))
})
