import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTable } from './read-table.ts'
import { columnName, workbookOf, type SheetCell } from './write-xlsx.ts'

const written = async (
  header: readonly string[],
  pages: readonly (readonly (readonly SheetCell[])[])[],
  zone = 'UTC',
): Promise<Buffer> =>
  Buffer.concat(
    await Array.fromAsync(workbookOf({ name: 'Incidents', header, pages: Readable.from(pages), zone })),
  )

const readBack = async (file: Buffer): Promise<{ header: readonly string[]; cells: string[][] }> => {
  const { header, rows } = await openTable(
    { sizeBytes: file.length, open: () => Promise.resolve(Readable.from([file], { objectMode: false })) },
    { type: 'xlsx', sheet: null },
    null,
  )
  return { header, cells: (await Array.fromAsync(rows)).flat().map((row) => [...row.cells]) }
}

test('numbers, texts, days, times and nothing come back as what they were', async () => {
  const file = await written(
    ['Number', 'Title', 'Opened', 'Due', 'Beds', 'Urgent', 'Note'],
    [
      [
        [
          'INC1',
          'No network & <mail>',
          { at: '2016-02-29T01:16:00.000Z' },
          { day: '2016-02-29' },
          4.5,
          true,
          null,
        ],
      ],
      [['INC2', '=1+1', { at: '2016-07-01T00:00:00.000Z' }, { day: '1899-12-31' }, -3, false, '']],
    ],
    'Europe/Berlin',
  )
  expect(await readBack(file)).toEqual({
    header: ['Number', 'Title', 'Opened', 'Due', 'Beds', 'Urgent', 'Note'],
    cells: [
      // By the clocks of Berlin, in winter and in summer.
      ['INC1', 'No network & <mail>', '2016-02-29T02:16:00', '2016-02-29', '4.5', 'true', ''],
      ['INC2', '=1+1', '2016-07-01T02:00:00', '1899-12-31', '-3', 'false', ''],
    ],
  })
})

test('whatever somebody wrote is in the cell, but for what a sheet cannot hold', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
  const isOrdinary = (value: string): boolean =>
    // The reader leaves this to spreadsheets; what has no place in XML is the next test's.
    !/_x[\da-f]{4}_/i.test(value) && !/[\p{Cc}\uFFFE\uFFFF]/u.test(value)
  await fc.assert(
    fc.asyncProperty(fc.array(text.filter(isOrdinary), { minLength: 1, maxLength: 8 }), async (values) => {
      const { cells } = await readBack(await written(['a'], [values.map((value) => [value])]))
      expect(cells).toEqual(values.map((value) => [value.toWellFormed()]))
    }),
    { numRuns: 100 },
  )
})

test('what XML has no word for is replaced, lines stay lines, and a text that no cell holds is cut', async () => {
  const { cells } = await readBack(
    await written(
      ['a', 'b', 'c'],
      [
        [
          ['bell \u0007', 'one\r\ntwo\nthree', 'x'.repeat(40_000)],
          ['\uD800', '_x0041_', 'end'],
        ],
      ],
    ),
  )
  expect(cells[0]?.slice(0, 2)).toEqual(['bell \uFFFD', 'one\r\ntwo\nthree'])
  expect(cells[0]?.[2]).toHaveLength(32_767)
  expect(cells[1]).toEqual(['\uFFFD', '_x005F_x0041_', 'end'])
})

test('columns are named as sheets name them', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
})

test('rows are packed as they come, and what breaks off breaks the file off', async () => {
  const broken = async function* (): AsyncGenerator<SheetCell[][]> {
    yield [['first']]
    throw new Error('the database went away')
  }
  await expect(
    Array.fromAsync(workbookOf({ name: 'x', header: ['a'], pages: broken(), zone: 'UTC' })),
  ).rejects.toThrow('the database went away')
})
