import type { MappingProposal } from '@evenkeel/contract/import'
import {
  ImportMapping,
  incidentTargets,
  type FieldRule,
  type FileFormat,
  type IncidentTarget,
  type ImportTarget,
} from '@evenkeel/contract/import-mapping'
import type { z } from 'zod'
import { everyOne, isGerman, type Saying } from '../language/saying.ts'
import { says } from './proposal.reasons.ts'
import { columnLooks, type ColumnLook } from './propose-columns.ts'
import { countsUpdates, namesOf, plainName, saysMet, systemOf, titleParts } from './propose-names.ts'
import { otherOrder } from './propose-times.ts'
import { translationsFor, withFamily } from './propose-values.ts'

/** The beginning of a file, as a reader saw it. */
export type FirstRows = {
  readonly format: FileFormat
  readonly inside: string | null
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

type Reason = { readonly field: string; readonly saying: Saying }
type Rules = Record<string, z.input<typeof FieldRule>>

const quotedMost = 8
const longestTitle = 200

/** A first mapping for a file, by the names of its columns and by what stands in them, with the reason for every guess. */
export const proposeMapping = (
  look: FirstRows,
  language: string,
): Pick<z.infer<typeof MappingProposal>, 'mapping' | 'columns' | 'reasons'> => {
  const columns = columnLooks(look.header, look.rows)
  const reasons: Reason[] = []
  const because = (field: string, saying: Saying): void => void reasons.push({ field, saying })

  const found = columnsByField(columns)
  const times = timesOf(found, language, because)
  const identity = identityOf(found, columns, look.rows, because)
  const rules: Rules = {}
  for (const [field, column] of found) {
    const rule = ruleFor(field, column, identity.isHistory, because)
    if (rule !== undefined) rules[field] = rule
  }
  addHoldReason(rules, found.get('state'), because)
  addTitle(rules, {
    columns,
    titleColumn: found.get('title'),
    identity: found.get('description')?.name ?? identity.record[0] ?? '',
    language,
    because,
  })
  if (!found.has('createdAt')) because('createdAt', says('proposal.nothing'))

  const unknown = [...new Set(columns.flatMap((column) => column.unknown))].slice(0, 20)
  if (unknown.length > 0) because('unknown', says('proposal.unknown', { values: quoted(unknown) }))
  const system = systemOf(look.header)
  because('source', system === undefined ? says('proposal.noSystem') : says('proposal.system', { system }))
  const renamed = look.header.filter((name) => /^column \d+$|\(\d+\)$/.test(name))
  if (renamed.length > 0)
    because('record', says('proposal.columnsNamed', { columns: quoted(renamed.slice(0, quotedMost)) }))
  const by = peopleBy(found)
  because('people', says(by === 'address' ? 'proposal.byAddress' : 'proposal.byPersonName'))

  return {
    mapping: ImportMapping.parse({
      source: system ?? 'import',
      format: look.format,
      inside: look.inside,
      unknown,
      times,
      record: identity.record,
      update: identity.update,
      fields: rules,
      people: { by, missing: { do: 'create' } },
      teams: { missing: { do: 'create' } },
      services: { missing: { do: 'create' } },
    }),
    columns: columns.map(({ name, filled, texts, looksLike }) => ({
      name,
      filled,
      distinct: texts.length,
      examples: texts.slice(0, quotedMost).map(shortened),
      looksLike,
    })),
    reasons: reasons.map(({ field, saying }) => ({ field, sentence: saying.in(language) })),
  }
}

const shortened = (text: string): string =>
  (text.length > 120 ? `${text.slice(0, 120)}…` : text).toWellFormed().replaceAll('\0', '␀')

const quoted = (texts: readonly string[]): Saying => everyOne(texts.map((text) => shortened(text)))

type Found = Map<IncidentTarget, ColumnLook>

const columnsByField = (columns: readonly ColumnLook[]): Found => {
  const found: Found = new Map()
  const used = new Set<string>()
  // Object.entries forgets which keys a constant has.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const fieldNames = Object.entries(namesOf) as [IncidentTarget, readonly string[]][]
  for (const [field, names] of fieldNames) {
    const target: ImportTarget = incidentTargets[field]
    const named = names.flatMap((name) => columns.filter((column) => plainName(column.name) === name))
    const column = named.find((one) => !used.has(one.name) && fits(field, target, one))
    if (column === undefined) continue
    used.add(column.name)
    found.set(field, column)
  }
  return found
}

const fits = (field: IncidentTarget, target: ImportTarget, column: ColumnLook): boolean => {
  if (column.filled === 0) return false
  switch (target.type) {
    case 'instant':
      return column.formats.length > 0
    case 'count':
      return column.texts.every((text) => /^\d{1,9}$/.test(text))
    case 'flag':
      return translationsFor(field, column.texts).unclear.length === 0
    case 'choice': {
      // Codes that nobody but their system understands are no states or resolutions.
      const { unclear } = translationsFor(field, column.texts)
      return column.texts.length <= 100 && unclear.length * 2 <= column.texts.length
    }
    default:
      return true
  }
}

const ruleFor = (
  field: IncidentTarget,
  column: ColumnLook,
  isHistory: boolean,
  because: (field: string, saying: Saying) => void,
): z.input<typeof FieldRule> | undefined => {
  const target: ImportTarget = incidentTargets[field]
  const from = { is: 'column', column: column.name } as const
  because(field, says('proposal.byName', { column: column.name }))
  if (field === 'createdAt') return { from, unknown: { do: 'refuse' } }
  if (field === 'updatedAt' && isHistory) return { from, unknown: { do: 'refuse' } }
  if (target.type === 'flag') {
    const { translate } = translationsFor(field, column.texts)
    if (!saysMet(column.name)) return { from, translate, untranslated: { do: 'leave' } }
    because(field, says('proposal.inverted', { column: column.name }))
    const met = withOpposites(column.texts, translate)
    return { from, translate: met, untranslated: { do: 'leave' } }
  }
  if (target.type !== 'choice') return { from }
  const { translate } = translationsFor(field, withFamily(column.texts))
  const { unclear } = translationsFor(field, column.texts)
  const count = column.texts.filter((text) => Object.hasOwn(translate, text)).length
  if (count > 0) because(field, says('proposal.translated', { count }))
  if (unclear.length > 0)
    because(field, says('proposal.unclear', { values: quoted(unclear.slice(0, quotedMost)) }))
  // A state that one of many rows leaves open is known from the others; the only row of a record has to say it.
  return { from, translate, untranslated: { do: field === 'state' && !isHistory ? 'refuse' : 'leave' } }
}

const withOpposites = (
  texts: readonly string[],
  translate: Readonly<Record<string, string | null>>,
): Record<string, string> =>
  Object.fromEntries(
    [
      ...new Set([
        ...texts,
        ...(texts.some((text) => /^(?:true|false)$/.test(text)) ? ['true', 'false'] : []),
      ]),
    ].map((text) => [text, (translate[text] ?? text) === 'true' ? 'false' : 'true']),
  )

const addHoldReason = (
  rules: Rules,
  state: ColumnLook | undefined,
  because: (field: string, saying: Saying) => void,
): void => {
  if (state === undefined || rules['holdReason'] !== undefined) return
  const { translate } = translationsFor('holdReason', withFamily(state.texts))
  if (Object.values(translate).every((reason) => reason === null)) return
  rules['holdReason'] = {
    from: { is: 'column', column: state.name },
    translate,
    untranslated: { do: 'leave' },
  }
  because('holdReason', says('proposal.fromState'))
}

const addTitle = (
  rules: Rules,
  {
    columns,
    titleColumn,
    identity,
    language,
    because,
  }: {
    readonly columns: readonly ColumnLook[]
    readonly titleColumn: ColumnLook | undefined
    readonly identity: string
    readonly language: string
    readonly because: (field: string, saying: Saying) => void
  },
): void => {
  const unknown = { do: 'use', value: isGerman(language) ? 'Ohne Titel' : 'No title' } as const
  if (rules['title'] !== undefined) {
    const isLong = titleColumn?.texts.some((text) => text.length > longestTitle) === true
    if (isLong && !/[{}|]/.test(titleColumn.name)) {
      rules['title'] = { from: { is: 'text', text: `{${titleColumn.name}|${longestTitle}}` }, unknown }
      rules['description'] ??= { from: { is: 'column', column: titleColumn.name } }
      because('title', says('proposal.cutTitle', { most: longestTitle }))
    } else rules['title'] = { ...rules['title'], unknown }
    return
  }
  const parts = titleParts.flatMap((name) =>
    columns.filter(
      (column) => plainName(column.name) === name && column.filled > 0 && !column.name.includes('}'),
    ),
  )
  // A configuration item that hardly any row names is no part of what happened.
  const often = parts.filter(({ filled }) => filled * 4 > Math.max(...parts.map((part) => part.filled)))
  const named = often.length > 0 ? often.map(({ name }) => name) : [identity]
  const made = named.filter((name) => !/[{}]/.test(name))
  if (made.length === 0) return
  const isOne = often.length === 0
  const text = made.map((name) => (isOne ? `{${name}|120}` : `{${name}}`)).join(' · ')
  rules['title'] = { from: { is: 'text', text }, unknown }
  because('title', says('proposal.noTitle', { columns: quoted(made) }))
}

const instantFields = ['createdAt', 'updatedAt', 'resolvedAt', 'closedAt'] as const

/** One format for the whole file; columns that have another are left out, and named. */
const timesOf = (
  found: Found,
  language: string,
  because: (field: string, saying: Saying) => void,
): z.input<typeof ImportMapping>['times'] => {
  const columns = instantFields.flatMap((field) => {
    const column = found.get(field)
    return column === undefined ? [] : [{ field, column }]
  })
  const first = columns[0]
  if (first === undefined) {
    because('times.format', says('proposal.noTimes'))
    return { format: 'iso', zone: 'UTC' }
  }
  // A single column may allow both orders of day and month where another one decides.
  const fitting = (format: string): number =>
    columns.filter(({ column }) => column.formats.includes(format)).length
  const most = Math.max(...first.column.formats.map(fitting))
  const candidates = first.column.formats.filter((format) => fitting(format) === most)
  const dayFirst = candidates.find((format) => format.startsWith('d'))
  const format = (otherIn(candidates) ? dayFirst : undefined) ?? candidates[0] ?? 'iso'
  const others = columns.filter(({ column }) => !column.formats.includes(format))
  for (const { field } of others) found.delete(field)
  const kept = columns.filter(({ column }) => column.formats.includes(format))
  because(
    'times.format',
    others.length === 0
      ? says('proposal.format', { format })
      : says('proposal.formatSome', {
          format,
          columns: quoted(kept.map(({ column }) => column.name)),
          others: quoted(others.map(({ column }) => column.name)),
        }),
  )
  const other = otherOrder(format)
  if (other !== undefined && candidates.includes(other))
    because('times.format', says('proposal.ambiguous', { format, other }))
  const texts = kept.flatMap(({ column }) => column.texts)
  if (
    texts.every((text) => /(?:Z|[+-]\d{2}:?\d{2}| (?:UTC|GMT))$/i.test(text)) ||
    format.startsWith('unix')
  ) {
    because('times.zone', says('proposal.zoneNamed'))
    return { format, zone: 'UTC' }
  }
  const zone = isGerman(language) ? 'Europe/Berlin' : 'UTC'
  because('times.zone', says('proposal.zoneGuess', { zone }))
  return { format, zone }
}

const otherIn = (formats: readonly string[]): boolean =>
  formats.some((format) => formats.includes(otherOrder(format) ?? ''))

const identityOf = (
  found: Found,
  columns: readonly ColumnLook[],
  rows: readonly (readonly string[])[],
  because: (field: string, saying: Saying) => void,
): { readonly record: string[]; readonly update: string[] | null; readonly isHistory: boolean } => {
  const isUnique = (column: ColumnLook): boolean => column.texts.length === rows.length
  const column = found.get('number') ?? columns.find((one) => isUnique(one)) ?? columns[0]
  if (column === undefined) return { record: [''], update: null, isHistory: false }
  if (isUnique(column)) {
    because('record', says('proposal.unique', { column: column.name }))
    return { record: [column.name], update: null, isHistory: false }
  }
  const isNamed = found.get('number') !== undefined
  because('record', says(isNamed ? 'proposal.repeated' : 'proposal.anything', { column: column.name }))
  const update = updateOf(column, found, columns, rows)
  because(
    'update',
    update === null ? says('proposal.updateWhole') : says('proposal.updateBy', { columns: quoted(update) }),
  )
  return { record: [column.name], update, isHistory: true }
}

/** A counter and the time of the update, when the two tell every row of a record apart; a counter alone may start again. */
const updateOf = (
  record: ColumnLook,
  found: Found,
  columns: readonly ColumnLook[],
  rows: readonly (readonly string[])[],
): string[] | null => {
  const counter = columns.find((column) => countsUpdates(column.name) && column.filled === rows.length)
  const time = found.get('updatedAt')
  const names = [counter, time?.filled === rows.length ? time : undefined].flatMap((column) =>
    column === undefined ? [] : [column.name],
  )
  if (counter === undefined) return null
  const places = [record.name, ...names].map((name) => columns.findIndex((column) => column.name === name))
  const keys = new Set(rows.map((cells) => JSON.stringify(places.map((place) => cells[place]?.trim()))))
  return keys.size === rows.length ? names : null
}

const peopleBy = (found: Found): 'address' | 'name' => {
  const people = (['requester', 'assignee', 'raisedBy', 'updatedBy'] as const).flatMap((field) => {
    const column = found.get(field)
    return column === undefined ? [] : [column]
  })
  const byAddress = people.filter(({ looksLike }) => looksLike === 'address').length
  return byAddress * 2 > people.length ? 'address' : 'name'
}
