import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { columnNames } from '../../kernel/mapping/columns.ts'
import { dayText, isDayFormat } from './sheet-day.ts'
import { resumed, type Bytes } from './source.ts'
import { FileFault, limits, type Row, type Table, type TabularSource } from './table.ts'
import { says } from './tabular.reasons.ts'
import { openZip, type Zip } from './zip.ts'

const workbook = 'xl/workbook.xml'
const relations = 'xl/_rels/workbook.xml.rels'

/** By what is in the zip: every writer of workbooks has this. */
export const isWorkbook = (files: readonly string[]): boolean => files.includes(workbook)

/**
 * A sheet of a workbook (ECMA-376), read as a stream of its markup: no program of it runs, no entity is looked up, formulas are their last
 * results. Times become ISO texts without a zone. Only the texts that cells share are held, and they are bounded.
 * @param name the sheet's; null takes the first
 */
export const sheetTable = async (
  source: TabularSource,
  name: string | null,
  signal?: AbortSignal,
): Promise<Table> => {
  const zip = await openZip(source, signal)
  try {
    if (!isWorkbook(zip.files)) throw new FileFault(says('sheet.noSheets'))
    const { path, is1904 } = await sheetIn(zip, name)
    const [days, texts] = [await dayStyles(zip), await sharedTexts(zip)]
    const rows = sheetRows(await zip.read(path), { days, texts, is1904 })
    return await tableOf(rows, () => zip.close())
  } catch (error) {
    zip.close()
    throw error
  }
}

/** The names of its sheets, in their order. */
export const sheetNames = async (source: TabularSource, signal?: AbortSignal): Promise<readonly string[]> => {
  const zip = await openZip(source, signal)
  try {
    return (await sheetsIn(zip)).sheets.map(({ name }) => name)
  } finally {
    zip.close()
  }
}

type SheetRow = { readonly line: number; readonly cells: string[]; readonly bytesRead: number }

const tableOf = async (chunks: AsyncGenerator<SheetRow[]>, close: () => void): Promise<Table> => {
  const first = await chunks.next()
  const head = first.done === true ? undefined : first.value[0]
  if (head === undefined || first.done === true) throw new FileFault(says('file.empty'))
  const width = head.cells.length
  const whole = ({ line, cells, bytesRead }: SheetRow): Row => {
    while (cells.length < width) cells.push('')
    return { line, cells, bytesRead }
  }
  const rest: AsyncIterator<Row[]> = {
    next: async () => {
      const next = await chunks.next()
      return next.done === true ? next : { done: false, value: next.value.map(whole) }
    },
    return: () => chunks.return(undefined),
  }
  const beginning = first.value.slice(1).map(whole)
  return {
    header: columnNames(head.cells),
    rows: resumed(beginning.length > 0 ? [beginning] : [], rest, close),
  }
}

type Handlers = {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

/** Goes through markup; what is not well-formed, or declares entities, is a fault. */
async function* parsed({ pieces }: Bytes, handlers: Handlers, largest: number): AsyncGenerator<undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = new SaxesParser({ xmlns: false, position: false })
  let fed = 0
  let heard = 0
  parser.on('opentag', (tag: SaxesTagPlain) => {
    heard = fed
    handlers.open?.(localName(tag.name), tag.attributes)
  })
  parser.on('closetag', (tag: SaxesTagPlain) => {
    heard = fed
    handlers.close?.(localName(tag.name))
  })
  parser.on('text', (text) => handlers.text?.(text))
  parser.on('cdata', (text) => handlers.text?.(text))
  parser.on('doctype', () => {
    throw new FileFault(says('sheet.documentType'))
  })
  parser.on('error', () => {
    throw new FileFault(says('sheet.xml'))
  })
  for await (const piece of pieces) {
    fed += piece.length
    if (fed > largest) throw new FileFault(says('sheet.texts'))
    parser.write(textOf(decoder, piece))
    if (fed - heard > limits.row) throw new FileFault(says('sheet.texts'))
    yield
  }
  parser.write(textOf(decoder, undefined))
  parser.close()
}

const textOf = (decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array | undefined): string => {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true })
  } catch {
    throw new FileFault(says('sheet.xml'))
  }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

const through = async (zip: Zip, path: string, handlers: Handlers, largest = 16 * 2 ** 20): Promise<void> => {
  if (!zip.files.includes(path)) return
  for await (const _ of parsed(await zip.read(path), handlers, largest));
}

type Sheet = { readonly name: string; readonly relation: string }

const sheetsIn = async (
  zip: Zip,
): Promise<{ readonly sheets: readonly Sheet[]; readonly is1904: boolean }> => {
  const sheets: Sheet[] = []
  let is1904 = false
  await through(zip, workbook, {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '')
      if (tag === 'sheet')
        sheets.push({
          name: attributes['name'] ?? '',
          relation: attributes['r:id'] ?? relationOf(attributes),
        })
    },
  })
  return { sheets, is1904 }
}

const sheetIn = async (
  zip: Zip,
  name: string | null,
): Promise<{ readonly path: string; readonly is1904: boolean }> => {
  const { sheets, is1904 } = await sheetsIn(zip)
  const targets = new Map<string, string>()
  await through(zip, relations, {
    open: (tag, { Id: id = '', Target: target = '' }) => {
      if (tag === 'Relationship') targets.set(id, target.startsWith('/') ? target.slice(1) : `xl/${target}`)
    },
  })
  const sheet = name === null ? sheets[0] : sheets.find((one) => one.name === name)
  if (sheet === undefined)
    throw new FileFault(name === null ? says('sheet.noSheets') : says('sheet.none', { name }))
  return { path: targets.get(sheet.relation) ?? '', is1904 }
}

/** Writers are free to call the namespace of relations as they like. */
const relationOf = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''

/** By style number: whether its numbers are days or times. */
const dayStyles = async (zip: Zip): Promise<readonly boolean[]> => {
  const codes = new Map<number, string>()
  const styles: boolean[] = []
  let isInside = false
  await through(zip, 'xl/styles.xml', {
    open: (tag, attributes) => {
      if (tag === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      if (tag === 'cellXfs') isInside = true
      if (tag === 'xf' && isInside) {
        const id = Number(attributes['numFmtId'] ?? 0)
        styles.push(isDayFormat(id, codes.get(id)))
      }
    },
    close: (tag) => {
      if (tag === 'cellXfs') isInside = false
    },
  })
  return styles
}

const sharedTexts = async (zip: Zip): Promise<readonly string[]> => {
  const texts: string[] = []
  let text = ''
  let isText = false
  let phonetic = 0
  let characters = 0
  await through(
    zip,
    'xl/sharedStrings.xml',
    {
      open: (tag) => {
        if (tag === 'si') text = ''
        if (tag === 'rPh') phonetic += 1
        if (tag === 't') isText = phonetic === 0
      },
      text: (piece) => {
        if (isText) text += piece
      },
      close: (tag) => {
        if (tag === 'rPh') phonetic -= 1
        if (tag === 't') isText = false
        if (tag !== 'si') return
        texts.push(text)
        // An empty text is not free either.
        characters += text.length + 16
        if (characters > limits.sheetTexts) throw new FileFault(says('sheet.texts'))
      },
    },
    limits.sheetTexts * 4,
  )
  return texts
}

const columnOf = (reference: string): number => {
  let column = 0
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64
  return column
}

async function* sheetRows(
  bytes: Bytes,
  {
    days,
    texts,
    is1904,
  }: { readonly days: readonly boolean[]; readonly texts: readonly string[]; readonly is1904: boolean },
): AsyncGenerator<SheetRow[]> {
  let chunk: SheetRow[] = []
  let cells: string[] = []
  let line = 0
  let column = 0
  let type = 'n'
  let style = 0
  let value = ''
  let reads = false
  const cellText = (): string => {
    if (type === 's') return texts[Number(value)] ?? ''
    if (type === 'b') return value === '1' ? 'true' : value === '0' ? 'false' : value
    if (type !== 'n' || value === '') return value
    const number = Number(value)
    if (!Number.isFinite(number)) return value
    if (days[style] === true) return dayText(number, is1904) ?? String(number)
    return Math.abs(number) < 1e21 ? String(number) : value
  }
  const handlers: Handlers = {
    open: (tag, attributes) => {
      if (tag === 'row') {
        // Rows are told apart by their number: one that is not behind the last is given the next.
        const number = Number(attributes['r'])
        line = number > line ? Math.floor(number) : line + 1
        column = 0
        cells = []
        if (line > limits.sheetRows) throw new FileFault(says('sheet.rows', { most: limits.sheetRows }), line)
      } else if (tag === 'c') {
        column = columnOf(attributes['r'] ?? '') || column + 1
        type = attributes['t'] ?? 'n'
        style = Number(attributes['s'] ?? 0)
        value = ''
      } else if (tag === 'v' || tag === 't') reads = true
      else if (tag === 'rPh') reads = false
    },
    text: (text) => {
      if (reads) value += text
    },
    close: (tag) => {
      if (tag === 'v' || tag === 't') reads = false
      else if (tag === 'c') {
        const text = cellText()
        if (text === '') return
        if (column > limits.columns)
          throw new FileFault(says('file.tooManyColumns', { line, most: limits.columns }), line)
        while (cells.length < column - 1) cells.push('')
        cells[column - 1] = text
      } else if (tag === 'row' && cells.length > 0) chunk.push({ line, cells, bytesRead: bytes.bytesRead() })
    },
  }
  for await (const _ of parsed(bytes, handlers, limits.unpacked)) {
    if (chunk.length < limits.chunkRows) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
