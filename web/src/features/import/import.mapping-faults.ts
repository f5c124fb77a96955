import type { FieldRule, ImportMapping } from '@evenkeel/contract/import-mapping'
import { say } from '../../language/say.ts'
import { neededOf } from './import.targets.ts'

/** A place of the mapping that cannot be right with this file, said where it is. */
export type MappingFault = {
  /** `fields.<name>`, `record`, `update`, `times`, `source`, `inside`; empty for the mapping as a whole. */
  readonly at: string
  readonly message: string
}

/** The columns that a text names: `{column}`. */
export const columnsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name.trim())

/** The columns that a rule reads. */
export const columnsOf = ({ from }: FieldRule): readonly string[] =>
  from.is === 'column' ? [from.column] : from.is === 'text' ? columnsIn(from.text) : []

const parts = [
  'record',
  'update',
  'times',
  'source',
  'inside',
  'format',
  'people',
  'teams',
  'services',
] as const

/** What can be seen without asking the server: columns that this file does not have, and what is still empty. */
export const faultsHere = (mapping: ImportMapping, header: ReadonlySet<string>): readonly MappingFault[] => {
  const missing = (at: string, columns: readonly string[]): readonly MappingFault[] =>
    columns
      .filter((column) => column !== '' && !header.has(column))
      .map((column) => ({ at, message: say('import.noColumn', { column }) }))
  return [
    ...(mapping.source.trim() === '' ? [{ at: 'source', message: say('import.noSource') }] : []),
    ...(mapping.times.format.trim() === '' ? [{ at: 'times', message: say('import.noTimes') }] : []),
    ...(mapping.record.length === 0 ? [{ at: 'record', message: say('import.noIdentity') }] : []),
    ...missing('record', mapping.record),
    ...missing('update', mapping.update ?? []),
    ...neededOf(mapping.kind)
      .filter((field) => mapping.fields[field] === undefined)
      .map((field) => ({
        at: `fields.${field}`,
        message: say(mapping.kind === 'incident' ? 'import.needed' : 'import.neededItem'),
      })),
    ...Object.entries(mapping.fields).flatMap(([field, rule]) => {
      const at = `fields.${field}`
      const { from } = rule
      const said = from.is === 'column' ? from.column : from.is === 'text' ? from.text : from.value
      return said.trim() === '' ? [{ at, message: say('import.noFrom') }] : missing(at, columnsOf(rule))
    }),
  ]
}

/** The server's reasons name their place by a path into the mapping; what is not a part of it is a field. */
export const placeOf = (path: string | undefined): string => {
  const [, place = ''] = /^mapping\.(?:fields\.)?(.+)$/.exec(path ?? '') ?? []
  const part = parts.find((one) => place === one || place.startsWith(`${one}.`))
  return part ?? (place === '' ? '' : `fields.${place}`)
}
