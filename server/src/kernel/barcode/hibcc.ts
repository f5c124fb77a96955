import { says } from './barcode.reasons.ts'
import { checkCharacterOf, uncheckableAt } from './check.ts'
import {
  characterAt,
  findingsFor,
  nameOf,
  type DeviceBarcode,
  type Findings,
  type ParsedBarcode,
} from './device-barcode.ts'
import { stampOf, stampText, type DateForm } from './stamp.ts'

/** One symbol's text, with its place. */
type Symbol = { readonly text: string; readonly at: number }

/**
 * A primary structure, a secondary one, both joined by `/` in one symbol, or the symbols of one label scanned one after the other into one
 * text (ANSI/HIBC 2.6).
 */
export const parseHibcc = (text: string, from: number, thisYear: number): ParsedBarcode => {
  const findings = findingsFor('hibcc')
  // Under a bar code, a space that checks is printed as an underscore.
  const whole = text.slice(from).replace(/_$/, ' ')
  const bad = uncheckableAt(whole)
  if (bad >= 0) {
    findings.fault(from + bad, says('barcode.hibcc.character', { character: characterAt(whole, bad) }))
    return findings.parsed()
  }
  const symbols = checkedSymbols({ text: whole, at: from })
  if (symbols === undefined) {
    const [body, found] = [whole.slice(0, -1), whole.slice(-1)]
    const expected = checkCharacterOf(body)
    findings.fault(
      from + body.length,
      body.length < 2
        ? says('barcode.hibcc.short')
        : says('barcode.checkCharacter', { found: visible(found), expected: visible(expected) }),
    )
    return findings.parsed()
  }
  const primary = symbols.find((symbol) => isPrimary(symbol.text))
  for (const symbol of symbols) {
    if (isPrimary(symbol.text)) readPrimary(symbol, findings, thisYear)
    else readSecondary(symbol, primary?.text.slice(-1), { findings, thisYear })
  }
  return findings.parsed()
}

const visible = (character: string): string => (character === ' ' ? '␠' : character)

const isChecked = (text: string): boolean =>
  text.length >= 3 && text.startsWith('+') && checkCharacterOf(text.slice(0, -1)) === text.slice(-1)

const isPrimary = (text: string): boolean =>
  /^\+[A-Z][A-Z0-9]{3}/.test(text) && !/^\+S[A-Z0-9]*.{2}$/.test(text)

/** The symbols that the text is made of, each with a check character that is right; nothing else tells where one ends. */
const checkedSymbols = ({ text, at }: Symbol): readonly Symbol[] | undefined => {
  if (isChecked(text)) return [{ text, at }]
  for (let cut = text.indexOf('+', 3); cut >= 0; cut = text.indexOf('+', cut + 1)) {
    const first = text.slice(0, cut)
    if (!isChecked(first)) continue
    const rest = checkedSymbols({ text: text.slice(cut), at: at + cut })
    if (rest) return [{ text: first, at }, ...rest]
  }
  return undefined
}

type Reading = { readonly findings: Findings; readonly thisYear: number }

const readPrimary = ({ text, at }: Symbol, findings: Findings, thisYear: number): void => {
  const [primary = '', ...segments] = text.slice(1, -1).split('/')
  const parts = /^([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})(\d)$/.exec(primary)
  if (parts) findings.put('deviceIdentifier', primary, at + 1)
  else if (!/^[A-Z]/.test(primary)) findings.fault(at + 1, says('barcode.hibcc.labeler'))
  else if (primary.length < 6)
    findings.fault(at + 1, says('barcode.hibcc.shortPrimary', { length: primary.length }))
  else if (primary.length > 23)
    findings.fault(at + 1, says('barcode.hibcc.longPrimary', { length: primary.length }))
  else if (/\d$/.test(primary))
    findings.fault(at + 1 + primary.search(/[^A-Z0-9]/), says('barcode.hibcc.product'))
  else findings.fault(at + primary.length, says('barcode.hibcc.unit', { found: primary.slice(-1) }))
  let place = at + 1 + primary.length
  for (const segment of segments) {
    readSegment({ text: segment, at: place + 1 }, { findings, thisYear })
    place += 1 + segment.length
  }
}

/** A secondary structure in a symbol of its own ends with the check character of the primary one. */
const readSecondary = ({ text, at }: Symbol, link: string | undefined, reading: Reading): void => {
  const found = text.slice(-2, -1)
  if (link !== undefined && found !== link)
    reading.findings.fault(
      at + text.length - 2,
      says('barcode.hibcc.link', { found: visible(found), expected: visible(link) }),
    )
  readSegment({ text: text.slice(1, -2), at: at + 1 }, reading)
}

const readSegment = ({ text, at }: Symbol, { findings, thisYear }: Reading): void => {
  const date = (name: 'expires' | 'made', value: string, form: DateForm, place: number): void => {
    const stamp = stampOf(value, form, thisYear)
    if (stamp) findings.put(name, stamp, place)
    else findings.fault(place, says('barcode.date', { value, form }))
  }
  const named = (name: 'lot' | 'serial', value: string, place: number): void => {
    if (value === '') return
    if (value.length > 18)
      findings.fault(place, says('barcode.hibcc.long', { name: nameOf[name], length: value.length }))
    else if (/[^A-Z0-9. -]/.test(value))
      findings.fault(
        place + value.search(/[^A-Z0-9. -]/),
        says('barcode.hibcc.character', { character: value.charAt(value.search(/[^A-Z0-9. -]/)) }),
      )
    else findings.put(name, value, place)
  }
  const supplement = /^(16D|14D|S|Q)(.*)$/.exec(text)
  if (supplement) {
    const [, identifier = '', value = ''] = supplement
    const place = at + identifier.length
    if (identifier === 'S') named('serial', value, place)
    else if (identifier !== 'Q') date(identifier === '16D' ? 'made' : 'expires', value, 'YYYYMMDD', place)
    else if (/^\d{1,5}$/.test(value)) findings.put('quantity', Number(value), place)
    else findings.fault(place, says('barcode.hibcc.quantity', { value }))
    return
  }
  const old = /^(\d{5})(.*)$/.exec(text)
  if (old) {
    date('expires', old[1] ?? '', 'YYJJJ', at)
    named('lot', old[2] ?? '', at + 5)
    return
  }
  const flagged = /^(\$\$?\+?)(.*)$/.exec(text)
  if (!flagged) {
    findings.fault(at, says('barcode.hibcc.segment', { text }))
    return
  }
  const [, flag = '', body = ''] = flagged
  const name = flag.endsWith('+') ? 'serial' : 'lot'
  if (!flag.startsWith('$$')) {
    named(name, body, at + flag.length)
    return
  }
  const start = at + flag.length
  const counted = /^(?:8(\d\d)|9(\d{5}))(.*)$/.exec(body)
  if (counted) findings.put('quantity', Number(counted[1] ?? counted[2]), start + 1)
  else if (/^[89]/.test(body)) {
    findings.fault(start + 1, says('barcode.hibcc.quantity', { value: body.slice(1) }))
    return
  }
  const rest = counted ? (counted[3] ?? '') : body
  if (counted && rest === '') return
  const place = start + body.length - rest.length
  const form = forms[rest.charAt(0)]
  if (form === undefined) findings.fault(place, says('barcode.hibcc.dateForm', { found: rest.charAt(0) }))
  else if (form === null) named(name, rest.slice(1), place + 1)
  else {
    // Of month and year, the month's first digit is what tells the form.
    const skip = form === 'MMYY' ? 0 : 1
    date('expires', rest.slice(skip, skip + form.length), form, place + skip)
    named(name, rest.slice(skip + form.length), place + skip + form.length)
  }
}

const forms: Readonly<Record<string, DateForm | null>> = {
  '0': 'MMYY',
  '1': 'MMYY',
  '2': 'MMDDYY',
  '3': 'YYMMDD',
  '4': 'YYMMDDHH',
  '5': 'YYJJJ',
  '6': 'YYJJJHH',
  '7': null,
}

/** As one symbol: primary structure, then lot or serial with the expiry, then what is left. */
export const printHibcc = ({
  deviceIdentifier,
  lot,
  serial,
  expires,
  made,
  quantity,
}: DeviceBarcode): string => {
  const when = expires === null ? '7' : writtenExpiry(expires)
  const main =
    lot !== null || (serial === null && expires !== null)
      ? `$$${when}${lot ?? ''}`
      : serial !== null
        ? `$$+${when}${serial}`
        : null
  const segments = [
    deviceIdentifier ?? '',
    main,
    lot !== null && serial !== null ? `S${serial}` : null,
    made && `16D${stampText(made, 'YYYYMMDD')}`,
    quantity === null ? null : `Q${quantity}`,
  ]
  const body = `+${segments.filter((segment) => segment !== null).join('/')}`
  return body + checkCharacterOf(body)
}

const writtenExpiry = (expires: NonNullable<DeviceBarcode['expires']>): string => {
  if (expires.given === 'month') return stampText(expires, 'MMYY')
  return expires.given === 'day' ? `3${stampText(expires, 'YYMMDD')}` : `4${stampText(expires, 'YYMMDDHH')}`
}
