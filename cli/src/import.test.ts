import { expect, test } from 'vitest'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { findingsLines, importedLine, ofKind, progressLine } from './import.ts'

test('progress says what is done, how fast, and what is left', () => {
  const progress = { rows: 12_400, ofRows: 141_712, rowsPerSecond: 1830.4, secondsLeft: 71 }
  expect(progressLine({ progress: { doing: 'importing', ...progress } })).toBe(
    'Importing 12,400 of 141,712 rows, 1,830 a second, 71 s left',
  )
  expect(progressLine({ progress: { doing: 'reading', ...progress, secondsLeft: 7200 } })).toBe(
    'Reading 12,400 of about 141,712 rows, 1,830 a second, 2 h left',
  )
  expect(
    progressLine({
      progress: { doing: 'reading', rows: 0, ofRows: null, rowsPerSecond: 0, secondsLeft: null },
    }),
  ).toBe('Reading 0 rows')
  expect(progressLine({ progress: null })).toBe('')
})

test('findings name what would be refused, made and flagged', () => {
  const none = { create: [], more: 0, found: 0 }
  const lines = findingsLines({
    mapping: { kind: 'incident' },
    findings: {
      rows: 332,
      records: 65,
      updates: 331,
      known: 0,
      refused: 1,
      faults: [{ code: 'not_an_instant', column: 'opened_at', rows: 1 }],
      untranslated: [{ field: 'state', column: 'incident_state', value: '-100', rows: 5, outcome: 'leave' }],
      translated: [
        { field: 'state', column: 'incident_state', value: 'Active', to: 'in_progress', rows: 200 },
        { field: 'holdReason', column: 'incident_state', value: 'Active', to: null, rows: 200 },
      ],
      people: { create: ['Caller 1', 'Caller 2'], more: 3, found: 4 },
      teams: none,
      services: none,
      outcomes: null,
      gone: null,
      itemsUnknown: [],
      foreignMoves: [{ from: 'closed', to: 'in_progress', count: 2, example: 'INC1' }],
    },
  })
  expect(lines).toEqual([
    '332 rows: 65 new records, 331 updates, 0 known already, 1 refused.',
    '  refused: not_an_instant in opened_at, 1 row',
    '  no translation: incident_state “-100” (state), 5 rows: leave',
    '  translated: incident_state “Active” (state), 200 rows: in_progress',
    '  translated: incident_state “Active” (holdReason), 200 rows: left empty',
    '  people: 4 known, 5 would be made (Caller 1, Caller 2, …)',
    '  not in our process: closed → in_progress, 2 times, such as INC1',
  ])
})

const outcomes = { created: 6, recognized: 1, changed: 2, same: 1300, conflict: 1, refused: 3 }
const nobody = { create: [], more: 0, found: 0 }
const ofItems = {
  rows: 1313,
  records: 6,
  updates: 9,
  known: 1300,
  refused: 3,
  faults: [{ code: 'unknown_item' as const, column: null, rows: 3 }],
  untranslated: [],
  translated: [],
  people: nobody,
  teams: nobody,
  services: nobody,
  outcomes,
  gone: { count: 12, of: 1400 },
  itemsUnknown: [{ value: 'Rack 9', rows: 4 }],
  foreignMoves: [],
}

test('items are told by what becomes of each, with what a whole file leaves out', () => {
  expect(findingsLines({ mapping: { kind: 'item' }, findings: ofItems })).toEqual([
    '1,313 rows: 6 new items, 1 recognized, 2 changed, 1,300 as they are, 1 to decide, 3 refused.',
    '  left out: 12 of 1,400 items that the source spoke of before',
    '  names no item: “Rack 9”, 4 rows',
    '  refused: unknown_item, 3 rows',
  ])
  const counts = { records: 6, updates: 9, known: 1300, refused: 3 }
  expect(importedLine({ ...counts, outcomes, mapping: { kind: 'item' } })).toBe(
    'Imported: 6 new items, 1 recognized, 2 changed, 1,300 as they are, 1 to decide, 3 refused.',
  )
  expect(importedLine({ ...counts, outcomes: null, mapping: { kind: 'incident' } })).toBe(
    'Imported: 6 records, 9 updates; 1,300 known already, 3 refused.',
  )
})

test('relations are new, or as they are', () => {
  expect(findingsLines({ mapping: { kind: 'item_relation' }, findings: { ...ofItems, gone: null } })[0]).toBe(
    '1,313 rows: 6 new relations, 1,300 as they are, 3 refused.',
  )
})

test('a mapping of another kind than the one that was said is not used', () => {
  const mapping = ImportMapping.parse({
    kind: 'item_relation',
    source: 'cmdb',
    format: { type: 'jsonl' },
    times: { format: 'iso', zone: 'UTC' },
    record: ['id'],
    fields: {},
    people: { by: 'name', missing: { do: 'leave' } },
    teams: { missing: { do: 'leave' } },
    services: { missing: { do: 'leave' } },
  })
  expect(ofKind(mapping, null)).toBe(mapping)
  expect(ofKind(mapping, 'item_relation')).toBe(mapping)
  expect(() => ofKind(mapping, 'item')).toThrow('the mapping is one of relations')
})
