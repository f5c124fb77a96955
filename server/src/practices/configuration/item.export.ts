import type { Readable } from 'node:stream'
import type { ListedItem } from '@evenkeel/contract/item'
import { isGerman } from '../../kernel/language/saying.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { exportList, type ExportQuery, type FileColumn } from '../record/index.ts'
import { labelIn } from './item-class.model.ts'
import { attributesAsked, itemList, listedItems } from './item.list.ts'
import { filedText } from './item.value.ts'
import { healthIn, stateIn } from './item.words.ts'

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

/** The items of a list as a file, as people read them. */
export const exportItems = async (
  database: Database,
  caller: Caller,
  query: ExportQuery,
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
  return exportList(database, reading.list, query, {
    type: 'item.exported',
    columns: asked,
    sheet: isGerman(language) ? 'Objekte' : 'Items',
    rowsOf: (q, ids) => listedItems(q, caller, ids, keys, reading, filedText),
  })
}
