import { says } from './barcode.reasons.ts'
import { findingsFor, type DeviceBarcode, type Findings, type ParsedBarcode } from './device-barcode.ts'
import { stampOf, stampText, type DateForm } from './stamp.ts'

type Structure = {
  readonly length: readonly [least: number, most: number]
  readonly pattern: RegExp
  readonly read: (content: string, at: number, findings: Findings, thisYear: number) => void
}

const capitals = /^[A-Z0-9]*$/
const digits = /^\d*$/

const kept = (name: 'deviceIdentifier' | 'lot' | 'serial', length: number, least = length): Structure => ({
  length: [least, length],
  pattern: capitals,
  read: (content, at, findings) => {
    findings.put(name, content, at)
  },
})
const dated = (name: 'expires' | 'made', form: DateForm): Structure => ({
  length: [form.length, form.length],
  pattern: digits,
  read: (content, at, findings, thisYear) => {
    const stamp = stampOf(content, form, thisYear)
    if (stamp) findings.put(name, stamp, at)
    else findings.fault(at, says('barcode.date', { value: content, form }))
  },
})
const noted = (identifier: string, most: number, pattern: RegExp = /^.*$/): Structure => ({
  length: [1, most],
  pattern,
  read: (content, _at, findings) => {
    findings.note(identifier, content)
  },
})

/** Data structures that a device's label may carry, by their data identifier (ISBT 128 Standard Technical Specification, table 2). */
const structures: Readonly<Record<string, Structure>> = {
  '=/': kept('deviceIdentifier', 16),
  '=)': kept('deviceIdentifier', 10),
  '=-': kept('deviceIdentifier', 10),
  '=,': kept('serial', 6),
  '&,1': kept('lot', 18, 1),
  '&)': kept('lot', 10, 1),
  '&-': kept('lot', 10, 1),
  '=>': dated('expires', 'cYYJJJ'),
  '&>': dated('expires', 'cYYJJJHHmm'),
  '=]': dated('expires', 'YYYYMM'),
  '=}': dated('made', 'cYYJJJ'),
  '&}': dated('made', 'cYYJJJHHmm'),
  '&,2': noted('&,2', 18, capitals),
  '=<': noted('=<', 8),
  '=%': noted('=%', 4),
  '=*': noted('=*', 6, digits),
  '&*': noted('&*', 10, digits),
  '&+': noted('&+', 11, capitals),
  '&$': noted('&$', 60),
}

/** The donation identification number: the only one whose second character belongs to its content. The last two are flags. */
const donation: Structure = {
  length: [15, 15],
  pattern: /^[A-NP-Z1-9][A-NP-Z0-9]{2}\d{10}[0-9A-HJ-NPR-Y]{2}$/,
  read: (content, at, findings) => {
    findings.put('donation', content.slice(0, 13), at)
    if (!content.endsWith('00')) findings.note('=', content.slice(13))
  },
}

/** One structure after the other, each from `=` or `&` to the next; in a compound message behind a header that counts them. */
export const parseIsbt128 = (text: string, from: number, thisYear: number): ParsedBarcode => {
  const findings = findingsFor('iccbba')
  const pieces = [...text.slice(from).matchAll(/[=&][^=&]*/g)].map((found) => ({
    text: found[0].trimEnd(),
    at: from + found.index,
  }))
  pieces.forEach((piece, place) => {
    if (piece.text.startsWith('=+')) {
      if (place > 0) findings.fault(piece.at, says('barcode.isbt.header'))
      else checkHeader(piece, pieces.length - 1, findings)
    } else readStructure(piece, findings, thisYear)
  })
  return findings.parsed()
}

type Piece = { readonly text: string; readonly at: number }

const checkHeader = ({ text, at }: Piece, follow: number, findings: Findings): void => {
  const found = /^=\+(\d\d)\d{3}$/.exec(text)
  if (!found) findings.fault(at, says('barcode.isbt.headerForm', { text }))
  else if (Number(found[1]) !== follow)
    findings.fault(at + 2, says('barcode.isbt.count', { said: Number(found[1]), found: follow }))
}

const readStructure = ({ text, at }: Piece, findings: Findings, thisYear: number): void => {
  const isDonation = /^=[A-NP-Z1-9]/.test(text)
  const identifier = isDonation ? '=' : text.slice(0, text.startsWith('&,') ? 3 : 2)
  const structure = isDonation ? donation : structures[identifier]
  if (structure === undefined) {
    findings.fault(at, says('barcode.isbt.unknown', { identifier }))
    return
  }
  const space = /^\s*/.exec(text.slice(identifier.length))?.[0].length ?? 0
  const start = at + identifier.length + space
  const content = text.slice(identifier.length + space)
  const [least, most] = structure.length
  if (content.length < least || content.length > most)
    findings.fault(start, says('barcode.isbt.length', { identifier, length: content.length, most }))
  else if (structure.pattern.test(content)) structure.read(content, start, findings, thisYear)
  else findings.fault(start, says('barcode.isbt.content', { identifier, content }))
}

/** As it is printed: the structures without the header of a compound message. */
export const printIsbt128 = ({
  deviceIdentifier,
  lot,
  serial,
  expires,
  made,
  donation: number,
  further,
}: DeviceBarcode): string => {
  const bag = deviceIdentifier?.length === 10
  const date = (stamp: NonNullable<typeof expires>, identifier: string): string => {
    if (stamp.given === 'month') return `=]${stampText(stamp, 'YYYYMM')}`
    return stamp.time === null
      ? `=${identifier}${stampText(stamp, 'cYYJJJ')}`
      : `&${identifier}${stampText(stamp, 'cYYJJJHHmm')}`
  }
  const flags = further.find(({ identifier }) => identifier === '=')?.value ?? '00'
  return [
    deviceIdentifier === null ? '' : `${bag ? '=)' : '=/'}${deviceIdentifier}`,
    serial === null ? '' : `=,${serial}`,
    number === null ? '' : `=${number}${flags}`,
    expires ? date(expires, '>') : '',
    made ? date(made, '}') : '',
    lot === null ? '' : `${bag ? '&)' : '&,1'}${lot}`,
    ...further
      .filter(({ identifier }) => identifier !== '=')
      .map(({ identifier, value }) => identifier + value),
  ].join('')
}
