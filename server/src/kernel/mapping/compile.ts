import { createHash } from 'node:crypto'
import type {
  FieldRule,
  ImportMapping,
  ImportShape,
  ImportTarget,
  StandIn,
} from '@evenkeel/contract/import-mapping'
import type { TranslatedValue } from '@evenkeel/contract/import'
import type { Saying } from '../language/saying.ts'
import { columnNames } from './columns.ts'
import { instantFormat, type InstantFormatFault, type ReadInstant } from './instant-format.ts'
import { says } from './mapping.reasons.ts'
import { ownText } from './own-text.ts'
import type { CustomField, MappedRow, MappingFault, RowFault, TranslatedRow, Untranslated } from './row.ts'
import { isReadable, takeFor, takeForCustom, type Taken, type TakeValue } from './value.ts'
import { withCells, wordsOf } from './words.ts'

export type CompiledMapping =
  | {
      readonly ok: true
      readonly translate: (row: MappedRow) => TranslatedRow
      /** What was translated so far, by field and value; most frequent first. */
      readonly translated: () => TranslatedValue[]
    }
  | { readonly ok: false; readonly faults: readonly MappingFault[] }

/** Identities are keys of tables; a longer one is known by its hash. */
const longestKey = 500
/** What a fault quotes of a value. */
const longestQuote = 200

/**
 * A mapping made ready for rows under this header. Everything that is wrong with it is said at once, by field; what it accepts translates
 * any row without throwing, and loses no value of a mapped column: it is in `values`, in `untranslated`, or in `faults`.
 */
export const compileMapping = (
  mapping: ImportMapping,
  { targets, needed, isDated }: ImportShape,
  customFields: readonly CustomField[],
  header: readonly string[],
): CompiledMapping => {
  const faults: MappingFault[] = []
  const fault = (field: string, saying: Saying): undefined => void faults.push({ field, saying })
  const columns = new Map(columnNames(header).map((name, place) => [name, place]))
  const place = (field: string, column: string): number =>
    columns.get(column) ?? fault(field, says('mapping.noColumn', { column })) ?? -1

  const identity = (field: 'record' | 'update', names: readonly string[]): readonly number[] => {
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) fault(field, says('mapping.identityTwice', { column: twice }))
    return names.map((name) => place(field, name))
  }
  const record = identity('record', mapping.record)
  const update = mapping.update === null ? null : identity('update', mapping.update)
  const read = readInstants(mapping, fault)
  const isUnknown = unknownIn(mapping)

  const rules: Rule[] = []
  for (const [field, rule] of Object.entries(mapping.fields)) {
    const take = takeOf(field, targets, customFields, { format: mapping.times.format, read })
    if (take === undefined) {
      const key = field.replace(/^custom\./, '')
      fault(
        field,
        key === field ? says('mapping.noField', { field }) : says('mapping.noCustomField', { key }),
      )
      continue
    }
    const source = sourceOf(field, rule, { place, fault, isUnknown })
    checkValues(rule, take, (saying) => fault(field, saying))
    const isCounted = targets[field]?.type === 'choice' || Object.keys(rule.translate).length > 0
    if (source !== undefined) rules.push(ruleOf(field, rule, source, take, isCounted))
  }
  for (const field of needed) if (!Object.hasOwn(mapping.fields, field)) fault(field, says('mapping.needed'))
  if (faults.length > 0) return { ok: false, faults }
  const names = [...columns.keys()]
  return {
    ok: true,
    translate: translator({ mapping, rules, record, update, width: names.length, isUnknown, isDated }),
    translated: () => rules.flatMap((rule) => rule.counted()).toSorted((one, other) => other.rows - one.rows),
  }
}

type Source = {
  /** As faults name it. */
  readonly column: string
  /** Null when it says nothing. */
  readonly read: (cells: readonly string[]) => string | null
  /** The texts as they stand in the file, to show what was refused. */
  readonly raw: (cells: readonly string[]) => string
}
type Rule = {
  readonly field: string
  readonly apply: (cells: readonly string[], found: Findings) => string | null
  readonly counted: () => TranslatedValue[]
}
type Findings = { readonly faults: RowFault[]; readonly untranslated: Untranslated[] }

const readInstants = (
  mapping: ImportMapping,
  fault: (field: string, saying: Saying) => void,
): ReadInstant => {
  const { format, zone } = mapping.times
  const compiled = instantFormat(format, zone)
  if (!compiled.ok) {
    fault(
      compiled.fault.code === 'zone' ? 'times.zone' : 'times.format',
      instantFormatSaying(compiled.fault, zone),
    )
    return () => undefined
  }
  // A sheet's own dates come as ISO, whatever its texts look like.
  const iso = mapping.format.type === 'xlsx' ? instantFormat('iso', zone) : undefined
  if (iso?.ok !== true) return compiled.read
  return (text) => compiled.read(text) ?? iso.read(text)
}

const instantFormatSaying = (fault: InstantFormatFault, zone: string): Saying => {
  switch (fault.code) {
    case 'zone':
      return says('mapping.zone', { zone })
    case 'quote':
      return says('mapping.timeQuote')
    case 'symbol':
      return fault.symbol === 'h'
        ? says('mapping.timeHalfDay')
        : says('mapping.timeSymbol', { symbol: fault.symbol })
    case 'incomplete':
      return says(
        fault.part === 'year'
          ? 'mapping.timeNoYear'
          : fault.part === 'month'
            ? 'mapping.timeNoMonth'
            : 'mapping.timeNoDay',
      )
  }
}

const unknownIn = (mapping: ImportMapping): ((text: string) => boolean) => {
  const unknown = new Set(['', ...mapping.unknown.map((text) => text.trim())])
  return (text) => unknown.has(text)
}

const takeOf = (
  field: string,
  targets: Readonly<Record<string, ImportTarget>>,
  customFields: readonly CustomField[],
  instant: { readonly format: string; readonly read: ReadInstant },
): TakeValue | undefined => {
  if (Object.hasOwn(targets, field)) {
    const target = targets[field]
    return target === undefined ? undefined : takeFor(target, instant)
  }
  const custom = customFields.find(({ key }) => field === `custom.${key}`)
  return custom === undefined ? undefined : takeForCustom(custom, instant.read)
}

const cellAt = (cells: readonly string[], place: number): string => (cells[place] ?? '').trim()

const sourceOf = (
  field: string,
  { from, translate }: FieldRule,
  {
    place,
    fault,
    isUnknown,
  }: {
    readonly place: (field: string, column: string) => number
    readonly fault: (field: string, saying: Saying) => undefined
    readonly isUnknown: (text: string) => boolean
  },
): Source | undefined => {
  if (from.is === 'value') return { column: field, read: () => from.value, raw: () => from.value }
  if (from.is === 'column') {
    const at = place(field, from.column)
    const says = (cells: readonly string[]): string => cellAt(cells, at)
    return {
      column: from.column,
      // What a rule translates by name says something, whatever it means elsewhere.
      read: (cells) =>
        isUnknown(says(cells)) && !Object.hasOwn(translate, says(cells)) ? null : says(cells),
      raw: says,
    }
  }
  const words = wordsOf(from.text)
  if (words === undefined) return fault(field, says('mapping.badWords', { example: '{column}' }))
  const places = new Map(
    words.parts.flatMap((part) =>
      typeof part === 'string' ? [] : [[part.column, place(field, part.column)] as const],
    ),
  )
  const cell = (cells: readonly string[], column: string): string => cellAt(cells, places.get(column) ?? -1)
  return {
    column: [...places.keys()].join(', '),
    read: (cells) =>
      withCells(words, (column) => {
        const text = cell(cells, column)
        return isUnknown(text) ? null : text
      }),
    raw: (cells) => [...places.keys()].map((column) => cell(cells, column)).join(', '),
  }
}

/** Everything a rule can give that does not come from the file is looked at before the file is. */
const checkValues = (rule: FieldRule, take: TakeValue, fault: (saying: Saying) => void): void => {
  const wrong = (value: string): (Taken & { ok: false }) | undefined => {
    const result = take(value)
    return result.ok ? undefined : result
  }
  for (const [value, to] of Object.entries(rule.translate)) {
    const result = to === null ? undefined : wrong(to)
    if (result === undefined || to === null) continue
    fault(says('mapping.translatesTo', { value, to, what: result.saying }))
  }
  const given = [rule.untranslated, rule.unknown].flatMap((standIn) =>
    standIn.do === 'use' ? [standIn.value] : [],
  )
  if (rule.from.is === 'value' && !Object.hasOwn(rule.translate, rule.from.value)) given.push(rule.from.value)
  for (const value of given) {
    const result = wrong(value)
    if (result === undefined) continue
    fault(says('mapping.notThis', { value, what: result.saying }))
  }
}

/** More different values than these are no list that anybody would look through. */
const mostCounted = 300

const ruleOf = (
  field: string,
  rule: FieldRule,
  source: Source,
  take: TakeValue,
  isCounted: boolean,
): Rule => {
  const counts = new Map<string, { readonly to: string | null; rows: number }>()
  const count = (text: string, to: string | null): string | null => {
    const seen = counts.get(text)
    if (seen !== undefined) seen.rows += 1
    else if (isCounted && counts.size < mostCounted) counts.set(ownText(text), { to, rows: 1 })
    return to
  }
  const translations = new Map(Object.entries(rule.translate).map(([value, to]) => [value.trim(), to]))
  const standIn = (standing: StandIn & { do: 'use' }): string | null => {
    const result = take(standing.value)
    return result.ok ? result.value : null
  }
  const forUnknown = rule.unknown.do === 'use' ? standIn(rule.unknown) : null
  const forUntranslated = rule.untranslated.do === 'use' ? standIn(rule.untranslated) : null
  const results = remembered(take)
  return {
    field,
    counted: () =>
      [...counts].map(([value, { to, rows }]) => ({
        field,
        column: source.column,
        value: quoted(value) ?? '',
        to,
        rows,
      })),
    apply: (cells, found) => {
      const text = source.read(cells)
      const refuse = (code: RowFault['code'], value: string): null => {
        found.faults.push({ field, column: source.column, value: quoted(value), code })
        return null
      }
      if (text === null)
        return rule.unknown.do === 'refuse' ? refuse('missing', source.raw(cells)) : forUnknown
      const translated = translations.get(text)
      if (translated === null) return count(text, null)
      const result = results(translated ?? text)
      if (result.ok) return count(text, result.value)
      found.untranslated.push({
        field,
        column: source.column,
        value: quoted(text) ?? '',
        // oxlint-disable-next-line unicorn/no-thenable -- the contract's word for what becomes of a value; a plain text
        outcome: rule.untranslated.do,
      })
      return rule.untranslated.do === 'refuse' ? refuse(result.code, text) : forUntranslated
    },
  }
}

// States, teams and priorities repeat in every row; what is long does not.
const remembered = (take: TakeValue): TakeValue => {
  const known = new Map<string, Taken>()
  return (text) => {
    if (text.length > 60) return take(text)
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size > 5000) known.clear()
    const own = ownText(text)
    const result = take(own)
    known.set(own, result)
    return result
  }
}

/** As it can be kept and shown: readable, and not endless. */
const quoted = (value: string): string | null => {
  if (value === '') return null
  const start = value.length > longestQuote ? `${value.slice(0, longestQuote)}…` : value
  return ownText(start).replaceAll('\0', '␀').toWellFormed()
}

const translator =
  ({
    mapping,
    rules,
    record,
    update,
    width,
    isUnknown,
    isDated,
  }: {
    readonly mapping: ImportMapping
    readonly rules: readonly Rule[]
    readonly record: readonly number[]
    readonly update: readonly number[] | null
    readonly width: number
    readonly isUnknown: (text: string) => boolean
    readonly isDated: boolean
  }): ((row: MappedRow) => TranslatedRow) =>
  ({ line, cells, beyond = [] }) => {
    const updateKey = update === null || cells.length !== width ? wholeRow(cells) : keyOf(cells, update)
    if (cells.length !== width) {
      const code = cells.length < width ? 'too_few_cells' : 'too_many_cells'
      // Which cell belongs to which column is anybody's guess.
      const faults = [{ field: null, column: null, value: String(cells.length), code } as const]
      return { line, recordKey: '', updateKey, at: null, values: {}, faults, untranslated: [] }
    }
    const found: Findings = { faults: [], untranslated: [] }
    const identity = (places: readonly number[], names: readonly string[]): boolean => {
      const lost = places.findIndex((place) => {
        const text = cellAt(cells, place)
        return isUnknown(text) || !isReadable(text)
      })
      if (lost === -1) return true
      const text = cellAt(cells, places[lost] ?? -1)
      found.faults.push({
        field: null,
        column: names[lost] ?? null,
        value: quoted(text),
        code: 'no_identity',
      })
      return false
    }
    const isKnown = identity(record, mapping.record)
    if (update !== null) identity(update, mapping.update ?? [])
    for (const key of beyond) found.untranslated.push(withoutColumn(key))
    const values: Record<string, string | null> = {}
    for (const rule of rules) values[rule.field] = rule.apply(cells, found)
    const at = values['updatedAt'] ?? values['createdAt'] ?? null
    if (isDated && at === null && found.faults.length === 0)
      found.faults.push({ field: 'createdAt', column: null, value: null, code: 'missing' })
    return {
      line,
      recordKey: isKnown ? recordKey(cells, record) : '',
      updateKey,
      at,
      values,
      ...found,
    }
  }

/** Nobody saw this key when the mapping was made, so it is told like a value that nobody translated. */
const withoutColumn = (key: string): Untranslated => ({
  field: quoted(key) ?? '',
  column: quoted(key) ?? '',
  value: '',
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word for what becomes of a value; a plain text
  outcome: 'leave',
})

const recordKey = (cells: readonly string[], places: readonly number[]): string => {
  const [only = -1] = places
  if (places.length > 1) return keyOf(cells, places)
  const text = cellAt(cells, only)
  return text.length > longestKey ? digest(text) : ownText(text)
}

const keyOf = (cells: readonly string[], places: readonly number[]): string => {
  const key = JSON.stringify(places.map((place) => cellAt(cells, place)))
  return key.length > longestKey ? digest(key) : key
}

const wholeRow = (cells: readonly string[]): string => digest(JSON.stringify(cells))
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
