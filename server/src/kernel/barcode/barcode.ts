import { says } from './barcode.reasons.ts'
import type { DeviceBarcode, ParsedBarcode } from './device-barcode.ts'
import { parseGtin, parsePrintedGs1, parseScannedGs1, printGs1, SEPARATOR } from './gs1.ts'
import { parseHibcc, printHibcc } from './hibcc.ts'
import { parseIsbt128, printIsbt128 } from './isbt-128.ts'

/** Symbols that begin with FNC1 and so say by themselves that they carry GS1 elements. */
const gs1Symbols = ['C1', 'd2', 'e0', 'J1', 'Q3']

/**
 * What the barcode of a device says, as printed under it or as a scanner sends it, of any of the three agencies. Never throws: a text that is
 * no such barcode, or a mistyped one, is refused with what is wrong and where.
 *
 * The text is to come untrimmed: a space at its end may be the check character.
 * @param thisYear tells which century two digits of a year mean
 */
export const parseDeviceBarcode = (given: string, thisYear: number): ParsedBarcode => {
  // What shows a separator for people, and what a scanner sends behind the code.
  const text = given.replaceAll('␝', SEPARATOR).replace(/[\r\n\t]+$/, '')
  const opening = /^\s*(?:\](\w\w))?/.exec(text)
  const symbol = opening?.[1]
  const start = opening?.[0].length ?? 0
  const separated = text.charAt(start) === SEPARATOR
  const from = separated ? start + 1 : start
  const rest = text.slice(from)
  if (rest.trim() === '') return refused(0, 'barcode.nothing')
  const announced = separated || (symbol !== undefined && gs1Symbols.includes(symbol))
  if (announced) return parseScannedGs1(text.trimEnd(), from, thisYear)
  // Printed HIBC texts stand between the asterisks of Code 39, which are not part of them.
  const starred = /^\*(.*)\*\s*$/.exec(rest)
  if (starred) return parseHibcc(text.slice(0, from + 1 + (starred[1]?.length ?? 0)), from + 1, thisYear)
  if (rest.startsWith('+')) return parseHibcc(text, from, thisYear)
  if (/^[=&]/.test(rest)) return parseIsbt128(text, from, thisYear)
  if (rest.startsWith('(')) return parsePrintedGs1(text.trimEnd(), from, thisYear)
  if (/^(?:\d{8}|\d{12,14})\s*$/.test(rest)) return parseGtin(text.trimEnd(), from)
  if (/^\d/.test(rest)) return parseScannedGs1(text.trimEnd(), from, thisYear)
  return refused(from, 'barcode.unknown')
}

const refused = (at: number, key: 'barcode.nothing' | 'barcode.unknown'): ParsedBarcode => ({
  barcode: null,
  faults: [{ at, saying: says(key) }],
})

/** As it is printed for people; parsing it gives the same again. */
export const printDeviceBarcode = (barcode: DeviceBarcode): string =>
  ({ gs1: printGs1, hibcc: printHibcc, iccbba: printIsbt128 })[barcode.agency](barcode)
