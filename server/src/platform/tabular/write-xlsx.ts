import { stretches } from '../../kernel/time/zone.ts'
import { zipOf } from './write-zip.ts'

/** What a cell holds: an instant and a day are dates to whoever opens it. */
export type SheetCell = string | number | boolean | null | { readonly at: string } | { readonly day: string }

export type Sheet = {
  readonly name: string
  readonly header: readonly string[]
  /** Pages of rows, each as wide as the header. */
  readonly pages: AsyncIterable<readonly (readonly SheetCell[])[]>
  /** Whose clocks instants are shown by; a sheet knows no zone. */
  readonly zone: string
}

/** What one cell and one sheet hold at most (ECMA-376 as spreadsheets read it); a longer text makes them refuse the whole file. */
const longestText = 32_767
const mostSheetRows = 1_048_576
const dayMilliseconds = 86_400_000
/** Days from where spreadsheets begin to count to 1970; from March 1900 on, which is what they get right. */
const daysTo1970 = 25_569

const styles = { plain: 0, head: 1, instant: 2, day: 3, text: 4 } as const

/**
 * A workbook of one sheet (ECMA-376), row by row. Every text is an inline string, which no spreadsheet evaluates, in a cell that stays one
 * when somebody edits it (A27): there is no formula in the file.
 */
export const workbookOf = (sheet: Sheet): AsyncGenerator<Buffer> =>
  zipOf([
    { name: '[Content_Types].xml', content: [contentTypes] },
    { name: '_rels/.rels', content: [packageRelations] },
    { name: 'xl/workbook.xml', content: [workbookPart(sheet.name)] },
    { name: 'xl/_rels/workbook.xml.rels', content: [workbookRelations] },
    { name: 'xl/styles.xml', content: [stylesPart] },
    { name: 'xl/worksheets/sheet1.xml', content: sheetPart(sheet) },
  ])

async function* sheetPart({ header, pages, zone }: Sheet): AsyncGenerator<string> {
  yield `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${Math.max(1, header.length)}" width="22" customWidth="1"/></cols><sheetData>`
  yield `<row r="1">${header.map((text, column) => textCell(`${columnName(column)}1`, text, styles.head)).join('')}</row>`
  let row = 1
  for await (const page of pages) {
    let text = ''
    for (const cells of page) {
      row += 1
      if (row > mostSheetRows) throw new RangeError('more rows than a sheet holds')
      text += `<row r="${row}">${cells.map((cell, column) => cellPart(`${columnName(column)}${row}`, cell, zone)).join('')}</row>`
    }
    yield text
  }
  yield `</sheetData><autoFilter ref="A1:${columnName(Math.max(0, header.length - 1))}${row}"/></worksheet>`
}

const cellPart = (place: string, cell: SheetCell, zone: string): string => {
  if (cell === null || cell === '') return ''
  if (typeof cell === 'string') return textCell(place, cell, styles.text)
  if (typeof cell === 'number')
    return Number.isFinite(cell)
      ? `<c r="${place}"><v>${cell}</v></c>`
      : textCell(place, String(cell), styles.text)
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`
  return 'at' in cell
    ? dateCell(place, cell.at, localMilliseconds(cell.at, zone), styles.instant)
    : dateCell(place, cell.day, Date.parse(cell.day), styles.day)
}

/** Before March 1900 the calendar of spreadsheets has a day too many: there, and where it is no date, the words stand. */
const dateCell = (place: string, text: string, milliseconds: number, style: number): string => {
  const days = milliseconds / dayMilliseconds + daysTo1970
  return days >= 61 ? `<c r="${place}" s="${style}"><v>${days}</v></c>` : textCell(place, text, styles.text)
}

const localMilliseconds = (at: string, zone: string): number => {
  const instant = Date.parse(at)
  if (Number.isNaN(instant)) return instant
  for (const { offset } of stretches(zone, instant, instant + 1)) return instant + offset
  return instant
}

const textCell = (place: string, text: string, style: number): string => {
  const whole = text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(whole)}</t></is></c>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML has no word for some characters, and readers of sheets take `_x0041_` for the letter A. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/_(?=x[\da-f]{4}_)/gi, '_x005F_')
    // oxlint-disable-next-line no-control-regex -- those that XML 1.0 leaves out are what is looked for
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
    .replaceAll('\r', '&#13;')

/** A, B, … Z, AA, AB, … */
export const columnName = (index: number): string =>
  `${index < 26 ? '' : columnName(Math.floor(index / 26) - 1)}${String.fromCharCode(65 + (index % 26))}`

/** What a sheet may be called: 31 characters, none of those that stand for something in a formula. */
const sheetName = (name: string): string =>
  name
    .replaceAll(/[[\]:*?/\\']/g, ' ')
    .trim()
    .slice(0, 31) || '1'

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const kinds = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const contentTypes = `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kinds}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kinds}.styles+xml"/></Types>`

const packageRelations = `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`

const workbookPart = (name: string): string =>
  `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(sheetName(name))}" sheetId="1" r:id="rId1"/></sheets></workbook>`

const workbookRelations = `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`

// In the order of `styles`.
const stylesPart = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs></styleSheet>`
