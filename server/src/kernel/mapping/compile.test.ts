import { ImportMapping, incidentShape } from '@evenkeel/contract/import-mapping'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { compileMapping } from './compile.ts'
import { rowFaultSaying } from './row-fault.ts'
import type { CustomField, MappedRow, TranslatedRow } from './row.ts'

type Input = z.input<typeof ImportMapping>
const column = (name: string) => ({ is: 'column', column: name }) as const
const header = ['id', 'what', 'status', 'opened', 'changed', 'count', 'late', 'room', 'who']
const base: Input = {
  source: 'Old desk',
  format: { type: 'csv' },
  unknown: ['?'],
  times: { format: 'd/M/yyyy HH:mm', zone: 'Europe/Berlin' },
  record: ['id'],
  fields: {
    number: { from: column('id') },
    title: { from: column('what'), unknown: { do: 'use', value: 'No title' } },
    state: { from: column('status'), translate: { Active: 'in_progress', Gone: null } },
    createdAt: { from: column('opened'), unknown: { do: 'refuse' } },
    updatedAt: { from: column('changed') },
    recordedReopens: { from: column('count') },
    recordedMissed: { from: column('late'), translate: { yes: 'true', no: 'false' } },
    'custom.room': { from: column('room'), untranslated: { do: 'leave' } },
    requester: { from: column('who') },
  },
  people: { by: 'name', missing: { do: 'create' } },
  teams: { missing: { do: 'create' } },
  services: { missing: { do: 'create' } },
}
const customFields: CustomField[] = [{ key: 'room', type: 'choice', choices: ['E1', 'E2'] }]
const compiled = (change: Partial<Input> = {}, under = header) =>
  compileMapping(ImportMapping.parse({ ...base, ...change }), incidentShape, customFields, under)
const translator = (change: Partial<Input> = {}, under = header): ((row: MappedRow) => TranslatedRow) => {
  const result = compiled(change, under)
  if (!result.ok)
    throw new Error(result.faults.map(({ field, saying }) => `${field}: ${saying.in('en')}`).join('\n'))
  return result.translate
}
const faultsOf = (change: Partial<Input>, under = header): string[] => {
  const result = compiled(change, under)
  return result.ok ? [] : result.faults.map(({ field, saying }) => `${field}: ${saying.in('en')}`)
}
const row = (cells: Partial<Record<string, string>> = {}): MappedRow => ({
  line: 7,
  cells: header.map((name) => cells[name] ?? rowOf[name] ?? ''),
})
const rowOf: Readonly<Record<string, string>> = {
  id: 'INC1',
  what: 'No network',
  status: 'Active',
  opened: '29/2/2016 01:16',
  changed: '1/7/2016 10:00',
  count: '02',
  late: 'no',
  room: 'E1',
  who: 'Rita  Ruf',
}

test('a row becomes what it says about a record at one moment', () => {
  expect(translator()(row())).toEqual({
    line: 7,
    recordKey: 'INC1',
    updateKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    at: '2016-07-01T08:00:00.000Z',
    values: {
      number: 'INC1',
      title: 'No network',
      state: 'in_progress',
      createdAt: '2016-02-29T00:16:00.000Z',
      updatedAt: '2016-07-01T08:00:00.000Z',
      recordedReopens: '2',
      recordedMissed: 'false',
      'custom.room': 'E1',
      requester: 'Rita  Ruf',
    },
    faults: [],
    untranslated: [],
  })
})

describe('a value', () => {
  test('that is unknown is left, refused or stood in for, as its rule says', () => {
    const { values, faults, at } = translator()(row({ what: '?', status: '', changed: ' ? ' }))
    expect(values).toMatchObject({ title: 'No title', state: null, updatedAt: null })
    expect(faults).toEqual([])
    expect(at).toBe(values['createdAt'])
    expect(translator()(row({ opened: '?' })).faults).toEqual([
      { field: 'createdAt', column: 'opened', value: '?', code: 'missing' },
    ])
  })

  test('without a translation refuses the row, or is reported and left', () => {
    const { values, faults, untranslated } = translator()(row({ status: '-100', room: 'Z9' }))
    expect(values).toMatchObject({ state: null, 'custom.room': null })
    expect(faults).toEqual([{ field: 'state', column: 'status', value: '-100', code: 'untranslated' }])
    expect(untranslated.map((one) => [one.field, one.value, one.outcome])).toEqual([
      ['state', '-100', 'refuse'],
      ['custom.room', 'Z9', 'leave'],
    ])
  })

  test('may be translated to nothing, and one that means unknown elsewhere may mean something here', () => {
    expect(translator()(row({ status: 'Gone' })).values).toMatchObject({ state: null })
    const fields = { ...base.fields, state: { from: column('status'), translate: { '?': 'new' } } }
    expect(translator({ fields })(row({ status: '?' })).values).toMatchObject({ state: 'new' })
  })

  test.each([
    [
      'opened',
      '31/2/2016 10:00',
      'not_an_instant',
      '“31/2/2016 10:00” in opened is no time in the format of the mapping',
    ],
    ['count', '-1', 'not_a_number', '“-1” in count is no number that fits'],
    ['late', 'perhaps', 'not_a_flag', '“perhaps” in late is neither true nor false'],
    ['what', 'x'.repeat(201), 'too_long', 'the value in what is too long'],
    ['who', 'a\0b', 'untranslated', '“a␀b” in who has no translation'],
    ['id', '?', 'no_identity', 'the row does not say which record it is about: no value in id'],
  ])('in %s that is %s refuses the row', (name, value, code, sentence) => {
    const [fault] = translator()(row({ [name]: value })).faults
    expect(fault).toMatchObject({ column: name, code })
    expect(fault && rowFaultSaying(fault).in('en')).toBe(sentence)
  })

  test('of more or fewer cells than the header has refuses the row: nobody knows which is which', () => {
    const less = translator()({ line: 3, cells: ['INC1'] })
    expect(less).toMatchObject({
      recordKey: '',
      at: null,
      values: {},
      faults: [{ code: 'too_few_cells', value: '1' }],
    })
    const more = translator()({ line: 3, cells: [...row().cells, 'x'] })
    expect(more.faults).toMatchObject([{ code: 'too_many_cells', value: '10' }])
  })
})

test('an update is known by its columns; without them by the whole row', () => {
  const keyed = translator({ update: ['changed', 'count'] })
  expect(keyed(row()).updateKey).toBe('["1/7/2016 10:00","02"]')
  expect(keyed(row({ changed: '' })).faults).toMatchObject([{ column: 'changed', code: 'no_identity' }])
  expect(translator()(row()).updateKey).toBe(translator()(row()).updateKey)
  expect(translator()(row()).updateKey).not.toBe(translator()(row({ room: 'E2' })).updateKey)
  expect(translator({ record: ['id', 'room'] })(row()).recordKey).toBe('["INC1","E1"]')
})

test('a key that has no column is told', () => {
  expect(translator()({ ...row(), beyond: ['late'] }).untranslated).toEqual([
    expect.objectContaining({ field: 'late', column: 'late', value: '' }),
  ])
})

describe('a mapping is refused with the field and the reason', () => {
  const fields = base.fields
  test.each<[string, Partial<Input>, string]>([
    [
      'no such column',
      { fields: { ...fields, state: { from: column('gone') } } },
      'state: the file has no column “gone”',
    ],
    [
      'no such field',
      { fields: { ...fields, colour: { from: column('id') } } },
      'colour: there is no field “colour”',
    ],
    [
      'no such custom field',
      { fields: { ...fields, 'custom.floor': { from: column('id') } } },
      'custom.floor: there is no custom field “floor”',
    ],
    [
      'a translation to no choice',
      { fields: { ...fields, state: { from: column('status'), translate: { Active: 'busy' } } } },
      'state: “Active” would become “busy”, which is none of: new, in_progress, on_hold, resolved, closed, canceled',
    ],
    [
      'a stand-in that is no choice',
      { fields: { ...fields, impact: { from: column('status'), unknown: { do: 'use', value: '9' } } } },
      'impact: “9” is none of: 1, 2, 3',
    ],
    [
      'no such zone',
      { times: { format: 'iso', zone: 'Mars/Base' } },
      'times.zone: “Mars/Base” is not a time zone of the IANA database, as Europe/Berlin is',
    ],
    [
      'half a format',
      { times: { format: 'HH:mm', zone: 'UTC' } },
      'times.format: the year is missing (yyyy)',
    ],
    ['no identity there', { record: ['gone'] }, 'record: the file has no column “gone”'],
    ['an identity twice', { record: ['id', 'id'] }, 'record: “id” is named twice'],
    [
      'an open brace',
      { fields: { ...fields, title: { from: { is: 'text', text: '{what' } } } },
      'title: a brace is open: columns are written as {column}',
    ],
  ])('%s', (_, change, sentence) => {
    expect(faultsOf(change)).toContain(sentence)
  })

  test('what every record needs has a rule', () => {
    expect(faultsOf({ fields: {} })).toEqual([
      'title: a rule is needed here: every record has this',
      'createdAt: a rule is needed here: every record has this',
    ])
  })
})

describe('whatever a file says', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      '?',
      'Active',
      'Gone',
      'new',
      '1/7/2016 10:00',
      '31/2/2016 10:00',
      'yes',
      '3',
      'E1',
      '\0',
      '\ud800',
    ),
    fc.string({ unit: 'binary' }),
  )
  const standIn = fc.constantFrom({ do: 'refuse' }, { do: 'leave' })

  test('translating never throws, and no value of a mapped column vanishes', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 12 }), standIn, standIn, (cells, untranslatedDo, unknownDo) => {
        const fields = Object.fromEntries(
          Object.entries(base.fields).map(([field, rule]) => [
            field,
            { ...rule, untranslated: untranslatedDo, unknown: unknownDo },
          ]),
        ) as Input['fields']
        const result = translator({ fields })({ line: 2, cells })
        if (cells.length !== header.length) {
          expect(result.faults).toHaveLength(1)
          return
        }
        for (const [field, rule] of Object.entries(base.fields)) {
          if (rule.from.is !== 'column') continue
          const text = (cells[header.indexOf(rule.from.column)] ?? '').trim()
          const isReported = result.untranslated.some((one) => one.field === field)
          const isRefused = result.faults.some((one) => one.field === field)
          const isEmpty = text === '' || text === '?' || rule.translate?.[text] === null
          expect(typeof result.values[field] === 'string' || isReported || isRefused || isEmpty).toBe(true)
          // What is reported or refused has no value of its own, and what is unknown is refused when the rule says so.
          if (isReported || isRefused) expect(result.values[field]).toBeNull()
        }
        expect(result.at !== null || result.faults.length > 0).toBe(true)
        // Whatever is kept can be kept.
        expect(JSON.stringify(result)).not.toMatch(/\\u0000|\\ud[89ab]/)
      }),
      { numRuns: 500 },
    )
  })
})
