import type { Readable } from 'node:stream'
import type { ListedItem } from '@evenkeel/contract/item'
import type { ListQuery } from '@evenkeel/contract/record'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { fileOf, nextCursor, pageQuery, type FileColumn } from '../record/index.ts'
import { labelIn } from './item-class.model.ts'
import { attributesAsked, itemList, listedItems, type Reading } from './item.list.ts'
import { healthIn, stateIn } from './item.words.ts'

const pageSize = 1000
const mostRows = 200_000
const prefix = 'attribute.'

type Column = { readonly head: readonly [string, string]; readonly when?: 'at' } & {
  readonly value: (row: ListedItem, language: string) => string | number | null
}

/** Columns by the names that the list has for them, with their heads in English and in German. */
const columns: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['name', { head: ['Name', 'Name'], value: (row) => row.name }],
  ['class', { head: ['Class', 'Klasse'], value: (row) => row.classLabel }],
  ['health', { head: ['Health', 'Zustand'], value: (row, language) => healthIn(row.health.now, language) }],
  ['state', { head: ['Lifecycle', 'Lebenslauf'], value: (row, language) => stateIn(row.state, language) }],
  ['criticality', { head: ['Criticality', 'Kritikalität'], value: (row) => row.criticality }],
  [
    'support_team',
    { head: ['Support team', 'Betreuendes Team'], value: (row) => row.supportTeam?.name ?? null },
  ],
  ['owner', { head: ['Owner', 'Verantwortliche Person'], value: (row) => row.owner?.name ?? null }],
  ['missing', { head: ['Missing attributes', 'Fehlende Merkmale'], value: (row) => row.missing }],
  ['updated', { head: ['Changed', 'Geändert'], value: (row) => row.updatedAt, when: 'at' }],
])

export type ItemExport = Pick<ListQuery, 'q' | 'filter' | 'sort'> & {
  readonly columns?: string | undefined
  readonly format?: 'csv' | 'xlsx' | undefined
}

/** The list as a file: the same rows in the same order under the same rights, as people read them. It is journalled: who took what out. */
export const exportItems = async (
  database: Database,
  caller: Caller,
  query: ItemExport,
): Promise<Readable> => {
  const reading = await itemList(database, caller, query)
  const names = query.columns?.split(',') ?? [...columns.keys()]
  const keys = attributesAsked(
    names.flatMap((name) =>
      columns.has(name) ? [] : [name.startsWith(prefix) ? name.slice(prefix.length) : name],
    ),
    reading,
    'columns',
  )
  const { language } = caller
  const asked = names.map((name): FileColumn<ListedItem> => {
    const column = columns.get(name)
    if (column !== undefined)
      return {
        head: column.head[isGerman(language) ? 1 : 0],
        value: (row) => column.value(row, language),
        ...(column.when === undefined ? {} : { when: column.when }),
      }
    const key = name.startsWith(prefix) ? name.slice(prefix.length) : name
    return {
      head: labelIn(reading.offered.attributes.get(key)?.label ?? key, language),
      value: (row) => row.attributes[key] ?? null,
    }
  })
  await write(database, caller, async (tx) => {
    tx.journal({
      type: 'item.exported',
      subject: { kind: 'person', id: caller.personId },
      data: {
        q: query.q ?? null,
        filter: query.filter ?? null,
        sort: query.sort ?? null,
        columns: query.columns ?? null,
        ...(query.format === undefined ? {} : { format: query.format }),
      },
      personal: ['/q', '/filter'],
    })
  })
  return fileOf(pagesOf(database, caller, reading, keys), asked, {
    format: query.format,
    sheet: isGerman(language) ? 'Objekte' : 'Items',
    caller,
  })
}

async function* pagesOf(
  database: Database,
  caller: Caller,
  reading: Reading,
  keys: readonly string[],
): AsyncGenerator<readonly ListedItem[]> {
  let cursor: string | undefined
  for (let taken = 0; taken < mostRows; taken += pageSize) {
    const page = pageQuery(reading.list, cursor, pageSize)
    const { rows, next } = await read(database, caller.tenantId, async (q) => {
      const found = await q.rows(page)
      const ids = found.slice(0, pageSize).map(({ id }) => id)
      return {
        rows: await listedItems(q, caller, ids, keys, reading),
        next: nextCursor(reading.list, found, pageSize),
      }
    })
    yield rows
    if (next === null) return
    cursor = next
  }
}
