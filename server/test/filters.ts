import type { Condition, Filter, Value } from '@evenkeel/contract/filter'
import * as fc from 'fast-check'
import type { FilterContext } from '../src/kernel/filter/context.ts'
import { type Field, fieldsOf, type Names, operatorsOf } from '../src/kernel/filter/fields.ts'
import { momentOf, momentWords, spanOf } from '../src/kernel/filter/moment.ts'
import { soughtWords } from '../src/kernel/filter/words.ts'
import { Temporal } from '../src/kernel/time/temporal.ts'

// Fields of every type with values that are hard to write, and filters and records at random: what every way of running a filter
// is held against.

export const ids = Array.from(
  { length: 8 },
  (_, index) => `0190a1b2-0000-7000-8000-00000000000${index}`,
) as readonly string[]
const [ana = '', bo = '', network = '', desk = '', otherDesk = '', odd = '', reserved = '', unnamed = ''] =
  ids
export const people = { ana, bo } as const
export const teams = { network, desk, otherDesk, odd, reserved, unnamed } as const

const namesById = new Map([
  [ana, 'Ana Öztürk'],
  [bo, 'me'],
  [network, 'Network'],
  [desk, 'Service desk'],
  // Two teams of one name: only the first is found by it.
  [otherDesk, 'Service desk'],
  [odd, 'A "B", \\C (D) or -E:'],
  [reserved, 'empty'],
])

export const names: Names = {
  idOf: (name) => [...namesById].find(([, one]) => one.toLowerCase() === name.toLowerCase())?.[0],
  nameOf: (id) => namesById.get(id),
  suggest: (typed, limit) =>
    [...new Set(namesById.values())]
      .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
      .slice(0, limit),
}

export const exampleFields: readonly Field[] = [
  { name: 'search', label: 'text', type: 'words' },
  { name: 'title', label: 'title', type: 'text', sortable: true },
  { name: 'number', label: 'number', type: 'keyword', letters: 'upper', sortable: true },
  { name: 'source', label: 'source', type: 'keyword' },
  {
    name: 'priority',
    label: 'priority',
    aliases: ['prio', 'p'],
    type: 'ordered choice',
    sortable: true,
    choices: [
      { value: '1', label: 'critical' },
      { value: '2', label: 'high' },
      { value: '3', label: 'medium', aliases: ['normal'] },
      { value: '4', label: 'low' },
    ],
  },
  {
    name: 'state',
    label: 'state',
    type: 'choice',
    choices: [
      { value: 'new', label: 'New' },
      { value: 'in_progress', label: 'In progress', aliases: ['wip'] },
      { value: 'empty', label: 'Emptied' },
      { value: 'parked', label: 'Parked', retired: true },
    ],
  },
  { name: 'team', label: 'team', type: 'reference', relative: ['my_teams'], names },
  { name: 'assignee', label: 'assignee', aliases: ['who'], type: 'reference', relative: ['me'], names },
  { name: 'watchers', label: 'watchers', type: 'list of references', relative: ['me'], names },
  { name: 'cost', label: 'cost', type: 'number', sortable: true },
  { name: 'reopened', label: 'times reopened', type: 'number', whole: true, sortable: true },
  { name: 'created', label: 'created', type: 'instant', sortable: true },
  { name: 'due', label: 'due date', type: 'date', sortable: true },
  { name: 'major', label: 'major', type: 'boolean', sortable: true },
]
export const fields = fieldsOf(exampleFields)

// Fifteen minutes into the night in which Central Europe skips an hour.
export const now = Temporal.Instant.from('2026-03-28T23:15:00.250Z')
export const zone = 'Europe/Berlin'
export const context: FilterContext = { me: ana, myTeams: [network, desk], now, zone }

export const contexts = fc.constantFrom<FilterContext>(
  context,
  { ...context, me: undefined, myTeams: [] },
  { ...context, zone: 'Pacific/Apia' },
  { ...context, zone: 'America/St_Johns', me: bo },
)

const pieces = [
  ...['disk', 'Disk', 'full', 'FULL', 'I', 'i', 'İ', 'ı', 'ß', 'ẞ', 'SS', 'Σ', 'σ', 'ς', 'Ä', 'ä', 'Ž', 'ž'],
  ...[
    'é',
    'e\u0301',
    'Дом',
    'дом',
    'Ὀ',
    'ὀ',
    'Ա',
    'ա',
    '\u212a',
    'K',
    'k',
    'ǅ',
    'ﬁ',
    'Ⅷ',
    '𐐀',
    '𐐨',
    '日本',
    '🚑',
    '٣',
  ],
  ...[
    '%',
    '_',
    '\\',
    "'",
    '"',
    '$1',
    ' ',
    '  ',
    '-',
    '.',
    '..',
    ',',
    '*',
    '(',
    ')',
    ':',
    '<=',
    '=',
    '~',
    '^',
  ],
  ...[
    '\t',
    '\n',
    '\u00a0',
    '\u200b',
    '\u2028',
    '\ufeff',
    'or',
    'and',
    'me',
    'empty',
    'set',
    'now',
    '1',
    '10.2.3.4',
  ],
  ...[
    'x'.repeat(70),
    'Ж'.repeat(61),
    ';drop table',
    '/*',
    '--',
    '\\\\',
    '\u0001',
    '&',
    '|',
    '!',
    ':*',
    '<->',
  ],
] as const

/** Text that PostgreSQL can hold; often made of a few pieces, so that one text is found in another. */
const words = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
const anyText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .map((text) => text.replaceAll('\0', ' '))
export const texts = fc.oneof({ weight: 5, arbitrary: words }, { weight: 1, arbitrary: anyText })
const longTexts = fc
  .tuple(texts, fc.constantFrom(1, 1, 1, 1, 1, 1, 10, 300))
  .map(([text, times]) => text.repeat(times))

const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 2.5, 1e21, -1e-7, 9_007_199_254_740_991),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => Number(number.toPrecision(12))),
)
const wholeNumbers = fc.oneof(
  fc.integer({ min: -2, max: 3 }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
)

const amounts = fc.tuple(
  fc.constantFrom('-', '+'),
  fc.constantFrom(0, 1, 2, 7, 30, 90),
  fc.constantFrom('m', 'h', 'd', 'w', 'mo', 'y'),
)
const dayAmounts = amounts.filter(([, , unit]) => unit !== 'm' && unit !== 'h')
const days = fc.oneof(
  fc.constantFrom(...momentWords.filter((word) => word !== 'now')),
  dayAmounts.map(([sign, amount, unit]) => `today${sign}${amount}${unit}`),
  fc.constantFrom('2026-03-28', '2026-03-29', '2026-02', '2024-02-29', '1900-01-01', '2999-12'),
)
const moments = fc.oneof(
  fc.constant('now'),
  amounts.map(([sign, amount, unit]) => `now${sign}${amount}${unit}`),
  days,
  fc.constantFrom(
    '2026-03-29T02:30',
    '2026-10-25T02:30:00',
    '2026-03-28T23:15:00.250Z',
    '2026-03-29T00:15:00.250+01:00',
    '2026-03-28T23:15:00.250999Z',
    '2026-03-28t23:15z',
  ),
)

/** Instants at the edges of what filters ask for, and a millisecond beside them. */
const instants = fc
  .tuple(moments, fc.constantFrom('from', 'to'), fc.integer({ min: -1, max: 1 }))
  .map(([text, edge, step]) => {
    const moment = momentOf(text)
    return moment === undefined ? 0 : spanOf(moment, context)[edge] + step
  })
const dates = fc
  .integer({ min: -400, max: 400 })
  .chain((far) => fc.constantFrom(far, Math.trunc(far / 100)))
  .map((day) => now.toZonedDateTimeISO(zone).toPlainDate().add({ days: day }).toString())

/** A record as the database keeps it: values as text or lists, null where there is none. `microseconds` go to `created`. */
export type Row = {
  readonly title: string | null
  readonly number: string | null
  readonly source: string | null
  readonly priority: number | null
  readonly state: string | null
  readonly team: string | null
  readonly assignee: string | null
  readonly watchers: readonly string[] | null
  readonly cost: number | null
  readonly reopened: number | null
  readonly created: number | null
  readonly microseconds: number
  readonly due: string | null
  readonly major: boolean | null
}
const orNull = <Some>(some: fc.Arbitrary<Some>) => fc.option(some, { freq: 5, nil: null })
export const rows: fc.Arbitrary<Row> = fc.record({
  title: orNull(fc.oneof(fc.constant(''), longTexts)),
  number: orNull(texts.map((text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()))),
  source: orNull(fc.oneof(fc.constant(''), texts)),
  priority: orNull(fc.integer({ min: 1, max: 5 })),
  state: orNull(fc.constantFrom('new', 'in_progress', 'empty', 'parked', 'gone')),
  team: orNull(fc.constantFrom(...ids)),
  assignee: orNull(fc.constantFrom(ana, bo)),
  watchers: orNull(fc.uniqueArray(fc.constantFrom(ana, bo, unnamed), { maxLength: 3 })),
  cost: orNull(numbers),
  reopened: orNull(wholeNumbers),
  created: orNull(instants),
  microseconds: fc.integer({ min: 0, max: 999 }),
  due: orNull(dates),
  major: orNull(fc.boolean()),
})

const valuesOf = (field: Field): fc.Arbitrary<Value> => {
  switch (field.type) {
    case 'text':
    case 'keyword':
      return texts
    case 'words':
      return fc.tuple(texts, fc.constantFrom('', '*')).map(([text, star]) => `${text}${star}`)
    case 'number':
      return field.whole === true ? wholeNumbers : numbers
    case 'choice':
    case 'ordered choice':
      return fc.constantFrom(...field.choices.map(({ value }) => value))
    case 'reference':
    case 'list of references':
      return fc.constantFrom(...ids, ...ids.map((id) => id.toUpperCase()), ...(field.relative ?? []))
    case 'instant':
      return moments
    case 'date':
      return days
    case 'boolean':
      return fc.boolean()
  }
}

const conditionOn = (field: Field): fc.Arbitrary<Condition> =>
  fc.constantFrom(...operatorsOf(field)).chain((op): fc.Arbitrary<Condition> => {
    const value = valuesOf(field)
    switch (op) {
      case 'is empty':
      case 'is set':
        return fc.constant({ field: field.name, op })
      case 'in':
      case 'not in':
        return fc
          .array(value, { minLength: 1, maxLength: 4 })
          .map((list) => ({ field: field.name, op, value: list }))
      case 'within':
        return fc
          .tuple(value, value)
          .map(([from, to]) => ({ field: field.name, op, value: [String(from), String(to)] as const }))
      case 'matches':
        return value
          .filter((one) => soughtWords(String(one)).length > 0)
          .map((one) => ({ field: field.name, op, value: one }))
      default:
        return value.map((one) => ({ field: field.name, op, value: one }))
    }
  })

export const conditionsOn = (some: readonly Field[]): fc.Arbitrary<Condition> =>
  fc.constantFrom(...some).chain(conditionOn)
export const conditions = conditionsOn(exampleFields)

/** Filters of every shape, groups of one and of none among them. */
export const filtersOn = (some: readonly Field[]): fc.Arbitrary<Filter> =>
  fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      conditionsOn(some),
      fc.array(tie('filter'), { maxLength: 4 }).map((all) => ({ all })),
      fc.array(tie('filter'), { maxLength: 4 }).map((any) => ({ any })),
      tie('filter').map((not) => ({ not })),
    ),
  })).filter
export const filters = filtersOn(exampleFields)
