import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvScanner, type CsvRow } from './csv-scanner.ts'

const most = { row: 100_000, columns: 50 }
const scanned = (pieces: readonly string[], delimiter = ','): { rows: CsvRow[]; fault: unknown } => {
  const scanner = csvScanner(delimiter, most)
  const rows: CsvRow[] = []
  for (const piece of pieces) {
    const found = scanner.read(piece)
    rows.push(...found.rows)
    if (found.fault !== null) return { rows, fault: found.fault }
  }
  const last = scanner.end()
  return { rows: [...rows, ...last.rows], fault: last.fault }
}
const cut = (text: string, at: readonly number[]): string[] => {
  const places = [0, ...at.map((place) => place % (text.length + 1)).toSorted((a, b) => a - b), text.length]
  return places.slice(1).map((end, index) => text.slice(places[index], end))
}

test('what is written as CSV is read as it was, wherever the pieces end, and each row knows its line', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', '=', ' ') }),
  )
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 })
  const ends = fc.constantFrom('\n', '\r\n', '\r')
  fc.assert(
    fc.property(
      rows,
      ends,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.array(fc.nat()),
      (written, end, delimiter, at) => {
        const exact = written.map((cells) =>
          cells.reduce((sum, text) => sum + text.split(/\r\n|\r|\n/).length - 1, 1),
        )
        let begins = 1
        const expected = exact.map((count) => {
          const here = begins
          begins += count
          return here
        })
        const text = written
          .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter) + end)
          .join('')
        const result = scanned(cut(text, at), delimiter)
        expect(result.fault).toBeNull()
        expect(result.rows.map(({ cells }) => cells)).toEqual(written)
        expect(result.rows.map((row) => row.line)).toEqual(expected)
      },
    ),
    { numRuns: 500 },
  )
})

test('plain cells are read wherever the pieces end', () => {
  const text = 'a,b,c\r\n1,,3\n\n"x ""y""",5" disk, z \r,,\nlast,one,'
  const whole = scanned([text]).rows
  expect(whole).toEqual([
    { line: 1, cells: ['a', 'b', 'c'] },
    { line: 2, cells: ['1', '', '3'] },
    { line: 4, cells: ['x "y"', '5" disk', ' z '] },
    { line: 5, cells: ['', '', ''] },
    { line: 6, cells: ['last', 'one', ''] },
  ])
  for (let at = 0; at <= text.length; at += 1)
    expect(scanned([text.slice(0, at), text.slice(at)]).rows).toEqual(whole)
})

test.each([
  ['a,b\n"x" y,2\n', { code: 'after quote', line: 2 }],
  ['a,b\n1,"x\ny\n', { code: 'open quote', line: 2 }],
  [`a,b\n${'x'.repeat(100_001)}`, { code: 'too long', line: 2 }],
  [`a,b\n"${'x'.repeat(100_001)}`, { code: 'too long', line: 2 }],
  ['a,b\n' + ','.repeat(60), { code: 'too many columns', line: 2 }],
])('%s', (text, fault) => {
  expect(scanned([text]).fault).toEqual(fault)
})
