import { says } from './barcode.reasons.ts'
import { checkDigitOf } from './check.ts'
import {
  characterAt,
  findingsFor,
  type DeviceBarcode,
  type Findings,
  type ParsedBarcode,
} from './device-barcode.ts'
import { elementOf, endsByItself, identifierAt, foreignAt } from './gs1.identifiers.ts'
import { stampOf, stampText, type DateForm } from './stamp.ts'

/** What scanners send for FNC1 between two elements. */
export const SEPARATOR = '\u001D'

type Element = { readonly identifier: string; readonly value: string; readonly at: number }

/** As printed: `(01)09506000117843(17)201231`. */
export const parsePrintedGs1 = (text: string, from: number, thisYear: number): ParsedBarcode => {
  const findings = findingsFor('gs1')
  const starts = [...text.slice(from).matchAll(/\((\d{2,4})\)\s*/g)].filter(
    (found) => found.index === 0 || elementOf(found[1] ?? '') !== undefined,
  )
  const elements = starts.map((found, place): Element => {
    const at = from + found.index + found[0].length
    const next = starts[place + 1]
    return {
      identifier: found[1] ?? '',
      value: text.slice(at, next === undefined ? text.length : from + next.index).trimEnd(),
      at,
    }
  })
  if (elements.length === 0) findings.fault(from, says('barcode.gs1.noIdentifier'))
  return interpreted(elements, findings, thisYear)
}

/** As scanned: one element after the other, those of no fixed length followed by a separator unless they are the last. */
export const parseScannedGs1 = (text: string, from: number, thisYear: number): ParsedBarcode => {
  const findings = findingsFor('gs1')
  const elements: Element[] = []
  let at = from
  while (at < text.length) {
    if (text.charAt(at) === SEPARATOR) {
      at += 1
      continue
    }
    const identifier = identifierAt(text.slice(at, at + 4))
    if (identifier === undefined) {
      findings.fault(at, says('barcode.gs1.unknown', { identifier: shown(text.slice(at, at + 4)) }))
      break
    }
    at += identifier.length
    const stop = text.indexOf(SEPARATOR, at)
    const limit = stop < 0 ? text.length : stop
    const end = endsByItself(identifier) ? Math.min(at + (elementOf(identifier)?.most ?? 0), limit) : limit
    elements.push({ identifier, value: text.slice(at, end), at })
    at = end
  }
  return interpreted(elements, findings, thisYear)
}

/** The bare number of an article, of 8, 12, 13 or 14 digits. */
export const parseGtin = (text: string, from: number): ParsedBarcode => {
  const findings = findingsFor('gs1')
  const value = text.slice(from)
  const wrong = checkFault(value)
  if (wrong === undefined) findings.put('deviceIdentifier', value.padStart(14, '0'), from)
  else findings.fault(from + value.length - 1, wrong)
  return findings.parsed()
}

const checkFault = (value: string) => {
  const [found, expected] = [value.slice(-1), checkDigitOf(value.slice(0, -1))]
  return found === expected ? undefined : says('barcode.checkDigit', { found, expected })
}

/** A character as a person can see it. */
const shown = (text: string): string => text.replaceAll(SEPARATOR, '<GS>')

const interpreted = (elements: readonly Element[], findings: Findings, thisYear: number): ParsedBarcode => {
  for (const { identifier, value, at } of elements) {
    const element = elementOf(identifier)
    if (element === undefined) {
      findings.fault(at, says('barcode.gs1.unknown', { identifier }))
      continue
    }
    const { kind, least, most } = element
    const bad = kind === 'text' ? foreignAt(value) : value.search(/\D/)
    if (bad >= 0) {
      const key = kind === 'text' ? 'barcode.gs1.character' : 'barcode.gs1.digit'
      findings.fault(at + bad, says(key, { character: shown(characterAt(value, bad)), identifier }))
    } else if (value.length < least || value.length > most) {
      findings.fault(at, lengthSaying(identifier, value.length, { least, most }))
    } else if (kind === 'checked') {
      const wrong = checkFault(value)
      if (wrong) findings.fault(at + value.length - 1, wrong)
      else if (identifier === '01') findings.put('deviceIdentifier', value, at)
      else findings.note(identifier, value)
    } else understand(identifier, value, at, { findings, thisYear })
  }
  return findings.parsed()
}

const lengthSaying = (
  identifier: string,
  length: number,
  { least, most }: { readonly least: number; readonly most: number },
) => {
  if (least === most) return says('barcode.gs1.length', { identifier, length, most })
  return length < least
    ? says('barcode.gs1.empty', { identifier })
    : says('barcode.gs1.long', { identifier, length, most })
}

const dates: Readonly<Record<string, readonly ['made' | 'expires', DateForm]>> = {
  '11': ['made', 'YYMMDD'],
  '17': ['expires', 'YYMMDD'],
  '7003': ['expires', 'YYMMDDHHmm'],
}

const understand = (
  identifier: string,
  value: string,
  at: number,
  { findings, thisYear }: { readonly findings: Findings; readonly thisYear: number },
): void => {
  const date = dates[identifier]
  if (date) {
    const [name, form] = date
    const stamp = stampOf(value, form, thisYear)
    if (stamp) findings.put(name, stamp, at)
    else findings.fault(at, says('barcode.date', { value, form }))
  } else if (identifier === '10') findings.put('lot', value, at)
  else if (identifier === '21') findings.put('serial', value, at)
  else if (identifier === '30' || identifier === '37') findings.put('quantity', Number(value), at)
  else findings.note(identifier, value)
}

const elementsOf = ({
  deviceIdentifier,
  lot,
  serial,
  expires,
  made,
  quantity,
  further,
}: DeviceBarcode): (readonly [string, string])[] => {
  const day = (stamp: NonNullable<typeof expires>): string =>
    stamp.given === 'month' ? `${stampText(stamp, 'YYMMDD').slice(0, 4)}00` : stampText(stamp, 'YYMMDD')
  const list: (readonly [string, string] | null)[] = [
    deviceIdentifier === null ? null : ['01', deviceIdentifier],
    made && ['11', day(made)],
    expires && (expires.time === null ? ['17', day(expires)] : ['7003', stampText(expires, 'YYMMDDHHmm')]),
    lot === null ? null : ['10', lot],
    serial === null ? null : ['21', serial],
    quantity === null ? null : ['30', String(quantity)],
    ...further.map(({ identifier, value }) => [identifier, value] as const),
  ]
  return list.filter((element) => element !== null)
}

/** As it is printed under the symbol. */
export const printGs1 = (barcode: DeviceBarcode): string =>
  elementsOf(barcode)
    .map(([identifier, value]) => `(${identifier})${value}`)
    .join('')

/** As a scanner sends it. */
export const encodeGs1 = (barcode: DeviceBarcode): string =>
  elementsOf(barcode)
    .map(([identifier, value]) => `${identifier}${value}${endsByItself(identifier) ? '' : SEPARATOR}`)
    .join('')
    .replace(new RegExp(`${SEPARATOR}$`), '')
