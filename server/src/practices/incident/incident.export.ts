import type { Readable } from 'node:stream'
import type { ListedIncident } from '@evenkeel/contract/incident'
import { isGerman } from '../../kernel/language/saying.ts'
import { german } from './incident.fields.de.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { exportList, type ExportQuery, type FileColumn, type List } from '../record/index.ts'
import { incidentList, rowsOf, showsClocks } from './incident.list.ts'
import { says } from './incident.reasons.ts'

type ExportColumn = Omit<FileColumn<ListedIncident>, 'head'> & {
  readonly title: string
  /** The custom field it shows. */
  readonly custom?: string
}

/** Columns by the names of their fields, in the order they have when nobody asks for another. */
const columns: ReadonlyMap<string, ExportColumn> = new Map<string, ExportColumn>([
  ['number', { title: 'Number', value: (row) => row.number }],
  ['title', { title: 'Title', value: (row) => row.title }],
  ['state', { title: 'State', value: (row) => row.state }],
  ['priority', { title: 'Priority', value: (row) => row.priority }],
  ['service', { title: 'Service', value: (row) => row.service?.name ?? null }],
  ['team', { title: 'Team', value: (row) => row.team.name }],
  ['assignee', { title: 'Assignee', value: (row) => row.assignee?.name ?? null }],
  ['requester', { title: 'Requester', value: (row) => row.requester.name }],
  ['created', { title: 'Created', value: (row) => row.createdAt, when: 'at' }],
  ['updated', { title: 'Updated', value: (row) => row.updatedAt, when: 'at' }],
  ['resolved', { title: 'Resolved', value: (row) => row.resolvedAt, when: 'at' }],
  ['last_public', { title: 'Last word to the caller', value: (row) => row.lastPublicAt, when: 'at' }],
  ['deadline', { title: 'Runs out', value: (row) => row.clock?.deadline ?? null, when: 'at' }],
])

/** A custom field as a column; its heading is what the tenant calls it. Hidden ones are as unknown as any. */
const customColumn = (name: string, { listed: { fields } }: List): ExportColumn | undefined => {
  const field = name.startsWith('custom.') ? fields.named(name) : undefined
  if (field === undefined) return undefined
  const key = name.slice('custom.'.length)
  return {
    title: field.label,
    custom: key,
    value: ({ custom }) => custom[key] ?? null,
    ...(field.type === 'date' ? { when: 'day' } : {}),
  }
}

const columnsAsked = (asked: string | undefined, list: List) => {
  const offered = new Map([...columns].filter(([name]) => list.listed.fields.named(name) !== undefined))
  if (asked === undefined) return [...offered].map(([name, column]) => ({ name, ...column }))
  const names = asked.split(',')
  const found = names.map((name) => {
    const column = offered.get(name) ?? customColumn(name, list)
    return column === undefined ? undefined : { name, ...column }
  })
  const unknown = names.filter((_, index) => found[index] === undefined)
  if (unknown.length > 0)
    throw new Refusal(
      'unknown_field',
      unknown.slice(0, 20).map((name) => ({
        code: 'unknown_column',
        field: 'columns',
        message: says('export.column', { name: name.slice(0, 40) }),
      })),
    )
  return found.filter((column) => column !== undefined)
}

/** The head of a column in the reader's words: those of the filter's field of that name. */
const titleIn = (language: string, name: string, title: string): string => {
  const label = isGerman(language) ? german.labels[name] : undefined
  return label === undefined ? title : label.charAt(0).toUpperCase() + label.slice(1)
}

/** The incidents of a list as a file. */
export const exportIncidents = async (
  database: Database,
  caller: Caller,
  query: ExportQuery,
): Promise<Readable> => {
  const list = await incidentList(database, caller, query)
  const asked = columnsAsked(query.columns, list)
  const custom = asked.flatMap((column) => column.custom ?? [])
  return exportList(database, list, query, {
    type: 'incident.exported',
    columns: asked.map(({ name, title, ...column }) => ({
      ...column,
      head: titleIn(caller.language, name, title),
    })),
    sheet: isGerman(caller.language) ? 'Störungen' : 'Incidents',
    rowsOf: (q, ids) => rowsOf(q, ids, custom, showsClocks(list)),
  })
}
