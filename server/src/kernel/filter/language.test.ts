import { describe, expect, test } from 'vitest'
import { bindFilter } from './bind.ts'
import { describeFilter } from './describe.ts'
import { fieldsOf, type Field } from './fields.ts'
import { faultSaying, messagesIn, wordedFields } from './language.ts'
import { german } from './messages.de.ts'
import { english } from './messages.ts'
import { parseFilter } from './text.ts'

const plain: readonly Field[] = [
  { name: 'title', label: 'title', type: 'text' },
  {
    name: 'state',
    label: 'state',
    type: 'choice',
    choices: [
      { value: 'new', label: 'New' },
      { value: 'on_hold', label: 'On hold' },
    ],
  },
  { name: 'created', label: 'created', type: 'instant' },
  { name: 'count', label: 'count', type: 'number', whole: true },
]
const fields = fieldsOf(
  wordedFields(plain, {
    labels: { title: 'Titel', state: 'Status', created: 'gemeldet', count: 'Anzahl' },
    choices: { state: { new: 'Neu', on_hold: 'Zurückgestellt' } },
  }),
)
const said = (text: string): string => {
  const reading = parseFilter(text, fields)
  if (!reading.ok) return reading.faults.map((fault) => faultSaying(fault).in('de-AT')).join('; ')
  const binding = bindFilter(reading.filter, fields)
  return binding.ok
    ? describeFilter(binding.bound, messagesIn('de-AT'))
    : binding.faults.map((fault) => faultSaying(fault).in('de-AT')).join('; ')
}

describe('filters in German', () => {
  test.each([
    ['state:new,on_hold', 'Status ist Neu oder Zurückgestellt'],
    ['state:"on hold"', 'Status ist Zurückgestellt'],
    ['state:zurückgestellt', 'Status ist Zurückgestellt'],
    ['-state:new', 'Status ist nicht Neu'],
    ['title:^Drucker count:>=2', 'Titel beginnt mit „Drucker“ und Anzahl ist mindestens 2'],
    ['created:>now-2d', 'gemeldet liegt später als vor 2 Tagen'],
    ['created:today-1d', 'gemeldet ist der Tag vor einem Tag'],
    ['created:last_week', 'gemeldet ist letzte Woche'],
    ['title:empty', 'Titel ist leer'],
    ['colour:red', 'es gibt kein Feld „colour“'],
    ['count:viele', 'Anzahl wird mit einer Zahl verglichen'],
    ['state:gone', 'Status kennt den Wert „gone“ nicht; es gibt new und on_hold'],
    ['(title:a', 'diese Klammer wird nicht geschlossen'],
  ])('%s', (text, sentence) => {
    expect(said(text)).toBe(sentence)
  })

  test('every fault says what the English one says', () => {
    // The widest details: each fault takes from them what it speaks of.
    const details = {
      field: 'FELD',
      op: 'OP',
      allowed: ['A1', 'A2'],
      value: 'WERT',
      choices: ['C1'],
      after: 'DAVOR',
      most: '7',
    }
    for (const [code, say] of Object.entries(english.faults)) {
      const other = Object.entries(german.faults).find(([name]) => name === code)?.[1]
      // Every fault's details are part of these.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const [one, two] = [say, other].map((speak) => (speak as (given: unknown) => string)(details))
      for (const word of ['FELD', 'OP', 'A1', 'A2', 'WERT', 'C1', 'DAVOR', '7'])
        expect(two?.includes(word), `${code}: ${word}`).toBe(one?.includes(word))
      expect(two).not.toBe(one)
    }
  })
})
