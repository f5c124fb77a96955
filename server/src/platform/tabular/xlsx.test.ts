import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zipOf, type ZipContent } from '../../../test/archive.ts'
import { lookAt } from './look.ts'
import { openTable } from './read-table.ts'
import { dayText, isDayFormat } from './sheet-day.ts'
import { FileFault, type TabularSource } from './table.ts'

const stored = (bytes: Buffer): TabularSource => ({
  sizeBytes: bytes.length,
  open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
})

const workbook = `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/><sheets>
  <sheet name="Incidents" sheetId="1" r:id="rId1"/><sheet name="Störungen" sheetId="2" r:id="rId2"/></sheets></workbook>`
const relations = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>
  <Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`
const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy\\ hh:mm"/></numFmts>
  <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>`
const shared = `<sst><si><t>id</t></si><si><t>what</t></si><si><t>opened</t></si>
  <si><r><t>No </t></r><r><t xml:space="preserve">network &amp; </t></r><rPh><t>x</t></rPh><r><t>mail</t></r></si></sst>`
const sheet = `<worksheet><sheetData>
  <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="inlineStr"><is><t>late</t></is></c></row>
  <row r="3"><c r="A3"><v>4711</v></c><c r="B3" t="s"><v>3</v></c><c r="C3" s="1"><v>42429.05277777778</v></c><c r="D3" t="b"><v>1</v></c></row>
  <row r="4"/>
  <row r="5"><c r="A5"><v>4712</v></c><c r="C5" s="2"><v>42429</v></c><c r="D5" t="str"><f>1+1</f><v>two</v></c></row>
  </sheetData></worksheet>`
const parts = (change: Readonly<Record<string, string>> = {}): ZipContent[] =>
  Object.entries({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': workbook,
    'xl/_rels/workbook.xml.rels': relations,
    'xl/styles.xml': styles,
    'xl/sharedStrings.xml': shared,
    'xl/worksheets/sheet1.xml': sheet,
    'xl/worksheets/sheet2.xml':
      '<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row><x:row><x:c><x:v>1.5</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    ...change,
  }).map(([name, data]) => ({ name, data }))

const read = async (contents: readonly ZipContent[], name: string | null = null) => {
  const { header, rows } = await openTable(stored(zipOf(contents)), { type: 'xlsx', sheet: name }, null)
  return { header, rows: (await Array.fromAsync(rows)).flat() }
}

test('a sheet is read as text: shared and rich texts, days by their style, results of formulas', async () => {
  const { header, rows } = await read(parts())
  expect(header).toEqual(['id', 'what', 'opened', 'late'])
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [3, '4711', 'No network & mail', '2016-02-29T01:16:00', 'true'],
    [5, '4712', '', '2016-02-29', 'two'],
  ])
  expect(await lookAt(stored(zipOf(parts())))).toMatchObject({
    format: { type: 'xlsx', sheet: 'Incidents' },
    header,
    rows: [{ length: 4 }, { length: 4 }],
  })
})

test('another sheet is read by its name, and cells without places stand one behind the other', async () => {
  const { header, rows } = await read(parts(), 'Störungen')
  expect([header, rows.map(({ cells }) => cells)]).toEqual([['a'], [['1.5']]])
})

test('rows and cells with senseless places get the next one', async () => {
  const row = (number: string, text: string): string =>
    `<row r="${number}"><c r="7" t="str"><v>${text}</v></c></row>`
  const odd = `<w>${row('3', 'a')}${row('x', 'b')}${row('3', 'c')}${row('-1', 'd')}</w>`
  const { rows } = await read(parts({ 'xl/worksheets/sheet1.xml': odd }))
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [4, 'b'],
    [5, 'c'],
    [6, 'd'],
  ])
})

const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
test.each([
  ['no such sheet', parts(), 'Gone', 'the workbook has no sheet “Gone”'],
  [
    'entities',
    parts({ 'xl/worksheets/sheet1.xml': `${bomb}<worksheet><v>&b;</v></worksheet>` }),
    null,
    'the workbook declares a document type, which no workbook does',
  ],
  [
    'an entity from elsewhere',
    parts({ 'xl/sharedStrings.xml': '<!DOCTYPE x SYSTEM "file:///etc/passwd"><sst/>' }),
    null,
    'the workbook declares a document type, which no workbook does',
  ],
  [
    'half its markup',
    parts({ 'xl/worksheets/sheet1.xml': sheet.slice(0, 400) }),
    null,
    'the workbook is damaged: its XML cannot be read',
  ],
  [
    'an endless row number',
    parts({ 'xl/worksheets/sheet1.xml': '<w><row r="2000000"/></w>' }),
    null,
    'the sheet has more rows than a sheet can have (1,048,576)',
  ],
  [
    'an endless cell',
    parts({
      'xl/worksheets/sheet1.xml': `<w><row><c t="str"><v>${Array.from({ length: 600_000 }, (_, at) => at * at).join(' ')}</v></c></row></w>`,
    }),
    null,
    'the texts of the workbook are too large to hold at once; saved as CSV it can be read',
  ],
  [
    'ten thousand columns',
    parts({ 'xl/worksheets/sheet1.xml': '<w><row r="1"><c r="NTP1"><v>1</v></c></row></w>' }),
    null,
    'the row in line 1 has more than 1,000 columns',
  ],
  ['nothing in it', parts({ 'xl/worksheets/sheet1.xml': '<w/>' }), null, 'the file is empty'],
])('a workbook with %s is refused', async (_, contents, name, sentence) => {
  const fault: unknown = await read(contents, name).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(FileFault)
  expect(fault instanceof FileFault && fault.saying.in('en')).toBe(sentence)
})

test('a workbook that was cut off is refused', async () => {
  const whole = zipOf(parts())
  const fault: unknown = await openTable(
    stored(whole.subarray(0, 900)),
    { type: 'xlsx', sheet: null },
    null,
  ).catch((error: unknown) => error)
  expect(fault instanceof FileFault && fault.saying.in('en')).toBe(
    'the file ends too early: it may have been cut off',
  )
})

test('whatever is broken in a workbook, it is a table or a fault that can be read', async () => {
  const whole = zipOf(parts())
  const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }))
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = Buffer.from(whole)
      for (const [at, byte] of changes) bytes[at] = byte
      const look = await lookAt(stored(bytes)).catch((error: unknown) => error)
      if (look instanceof FileFault) expect(look.saying.in('de')).not.toBe('')
      else expect(look).toHaveProperty('header')
    }),
    { numRuns: 400 },
  )
})

test('formats that show days are known from those that show numbers', () => {
  expect([14, 22, 9, 46].map((id) => isDayFormat(id, undefined))).toEqual([true, true, false, false])
  expect(
    ['yyyy-mm-dd', '[$-407]d. mmm yy', '0.00E+00', '#,##0 "days"', '[h]:mm', 'General'].map((code) =>
      isDayFormat(164, code),
    ),
  ).toEqual([true, true, false, false, false, false])
})

test('days count from 1900 or 1904, and an hour without a day is an hour', () => {
  expect([
    dayText(61, false),
    dayText(59, false),
    dayText(0, true),
    dayText(0.5, false),
    dayText(-1, false),
  ]).toEqual(['1900-03-01', '1900-02-28', '1904-01-01', '12:00:00', undefined])
})

describe('a workbook that a spreadsheet program wrote', () => {
  const sample = async (name: string): Promise<TabularSource> =>
    stored(await readFile(join(import.meta.dirname, '../../../test/samples', name)))

  test('has its sheets offered by name; a cover sheet is passed over, any of them can be chosen', async () => {
    const source = await sample('quarter.xlsx')
    const sheets = ['Read me', 'Störungen Q1', 'Störungen Q2']
    expect(await lookAt(source)).toEqual({
      format: { type: 'xlsx', sheet: 'Störungen Q1' },
      inside: null,
      parts: sheets,
      header: ['number', 'short_description', 'opened_at', 'made_sla', 'state', 'reassignment_count'],
      rows: [
        ['INC0000001', 'Printer on ward 4 & 5 says "paper"', '2016-02-29T13:30:00', 'true', 'Closed', '0'],
        ['INC0000002', 'No network in the operating theater', '2016-03-01', 'false', 'Closed', '3'],
        // Its number is the result of a formula.
        ['INC0000003', 'Über die Mittagszeit langsam', '2016-03-27T02:30:59', '', 'Resolved', '1'],
      ],
    })
    expect(await lookAt(source, { part: 'Störungen Q2' })).toMatchObject({
      format: { type: 'xlsx', sheet: 'Störungen Q2' },
      parts: sheets,
      rows: [['INC0000104', 'Password', '2016-04-01T08:00:00']],
    })
    // Lines are those of the sheet: its first three are empty.
    const { rows } = await openTable(source, { type: 'xlsx', sheet: 'Störungen Q1' }, null)
    const lines: number[] = []
    for await (const chunk of rows) lines.push(...chunk.map(({ line }) => line))
    expect(lines).toEqual([5, 6, 8])
    await expect(lookAt(source, { part: 'Störungen Q3' })).rejects.toThrow('Störungen Q3')
  })

  test('made of a CSV: its days, numbers and flags are what they were', async () => {
    expect(await lookAt(await sample('converted.xlsx'))).toMatchObject({
      format: { type: 'xlsx', sheet: null },
      rows: [
        ['INC0000001', 'Printer on ward 4', '2016-02-29T13:30:00', 'true', '12.5'],
        ['INC0000002', 'Printer on ward 4', '2016-03-01', 'false', '1000000'],
        ['INC0000003', 'Two\nlines', '2016-03-27T02:30:00', 'true', '0.1'],
      ],
    })
  })

  test('with texts in the cells and days counted from 1904', async () => {
    expect(await lookAt(await sample('inline.xlsx'))).toMatchObject({
      format: { type: 'xlsx', sheet: 'Export' },
      parts: ['Export', 'Leer'],
      rows: [
        ['INC0000001', ' spaces kept inside ', '2016-02-29T13:30:01', 'true'],
        ['INC0000002', 'Zeile\nzwei', '2016-12-31T23:59:59', 'false'],
      ],
    })
  })
})
