import { expect, test } from 'vitest'
import { findingsLines, progressLine } from './import.ts'

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
