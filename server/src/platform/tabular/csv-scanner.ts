/**
 * CSV as RFC 4180 has it, piece by piece: the pieces may end anywhere, even between two quotes. Lines may end in `\n`, `\r\n` and `\r` in the
 * same file. A quote inside a cell that does not begin with one is a quote (`5" disk`). Lines are counted as an editor counts them, also
 * inside quoted cells, because the journal names them for as long as it is kept. Empty lines are none.
 */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] }

export type CsvFault =
  | { readonly code: 'after quote'; readonly line: number }
  | { readonly code: 'open quote'; readonly line: number }
  | { readonly code: 'too long'; readonly line: number }
  | { readonly code: 'too many columns'; readonly line: number }

export type CsvScanner = {
  /** Rows that are whole with this piece; stops at the first fault, and gives nothing more after it. */
  read(piece: string): { readonly rows: readonly CsvRow[]; readonly fault: CsvFault | null }
  end(): { readonly rows: readonly CsvRow[]; readonly fault: CsvFault | null }
  /** The line it is in. */
  line(): number
}

const QUOTE = 34
const LF = 10
const CR = 13

export const csvScanner = (
  delimiter: string,
  limits: { readonly row: number; readonly columns: number },
): CsvScanner => {
  const DELIMITER = delimiter.charCodeAt(0)
  let line = 1
  let rowLine = 1
  let quoteLine = 1
  let cells: string[] = []
  // What is known of the cell that a piece ended in.
  let cell = ''
  let rowLength = 0
  let state: 'start' | 'plain' | 'quoted' | 'quote seen' = 'start'
  let afterReturn = false
  let broken = false

  const read = (piece: string): ReturnType<CsvScanner['read']> => {
    const rows: CsvRow[] = []
    if (broken) return { rows, fault: null }
    const fault = (code: CsvFault['code'], at = line): ReturnType<CsvScanner['read']> => {
      broken = true
      return { rows, fault: { code, line: at } }
    }
    const endCell = (text: string): void => {
      cells.push(text)
      rowLength += text.length + 1
      cell = ''
      state = 'start'
    }
    const endRow = (isEmpty: boolean): void => {
      if (!isEmpty) rows.push({ line: rowLine, cells })
      cells = []
      line += 1
      rowLine = line
      rowLength = 0
    }
    const { length } = piece
    let at = 0
    while (at < length) {
      const code = piece.charCodeAt(at)
      if (afterReturn) {
        afterReturn = false
        if (code === LF) {
          // The second half of one line end.
          if (state === 'quoted') cell += '\n'
          at += 1
          continue
        }
      }
      if (state === 'quoted') {
        const start = at
        while (at < length) {
          const inner = piece.charCodeAt(at)
          if (inner === QUOTE) break
          if (inner === LF) line += 1
          else if (inner === CR) {
            line += 1
            if (at + 1 === length) afterReturn = true
            else if (piece.charCodeAt(at + 1) === LF) at += 1
          }
          at += 1
        }
        cell += piece.slice(start, at)
        if (rowLength + cell.length > limits.row) return fault('too long', rowLine)
        if (at < length) {
          state = 'quote seen'
          at += 1
        }
        continue
      }
      if (state === 'quote seen' && code === QUOTE) {
        cell += '"'
        state = 'quoted'
        at += 1
        continue
      }
      if (state === 'start' && code === QUOTE) {
        state = 'quoted'
        quoteLine = line
        at += 1
        continue
      }
      if (state === 'quote seen' && code !== DELIMITER && code !== LF && code !== CR)
        return fault('after quote')
      const start = at
      let stop = code
      while (stop !== DELIMITER && stop !== LF && stop !== CR) {
        at += 1
        if (at === length) break
        stop = piece.charCodeAt(at)
      }
      const text = cell === '' ? piece.slice(start, at) : cell + piece.slice(start, at)
      if (rowLength + text.length > limits.row) return fault('too long', rowLine)
      if (at === length) {
        cell = text
        state = 'plain'
        break
      }
      const wasQuoted = state === 'quote seen'
      endCell(text)
      if (cells.length > limits.columns) return fault('too many columns', rowLine)
      at += 1
      if (stop === DELIMITER) continue
      if (stop === CR) afterReturn = true
      endRow(!wasQuoted && cells.length === 1 && text === '')
    }
    return { rows, fault: null }
  }

  return {
    read,
    line: () => line,
    end: () => {
      if (broken) return { rows: [], fault: null }
      if (state === 'quoted') {
        broken = true
        return { rows: [], fault: { code: 'open quote', line: quoteLine } }
      }
      if (state === 'start' && cells.length === 0) return { rows: [], fault: null }
      cells.push(cell)
      const last = { line: rowLine, cells }
      cells = []
      return { rows: [last], fault: null }
    },
  }
}
