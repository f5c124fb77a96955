/**
 * A line of CSV (RFC 4180) that a spreadsheet reads as text and never as a formula: whatever begins like one gets an apostrophe before it
 * (OWASP, CSV injection), full-width and small look-alikes and invisible signs in front included.
 *
 * A spreadsheet set to another separator (a semicolon in half of Europe) cuts cells elsewhere, and knows no quotes that do not stand at the
 * beginning of its cell. So what begins like a formula behind a semicolon, a tab, a bar or a line break inside a value gets one, too.
 */
export const csvLine = (values: readonly (string | number | null)[]): string =>
  `${values.map(csvValue).join(',')}\r\n`

const cut = String.raw`[;\t\r\n|]`
const invisible = String.raw`(?:[\p{Cc}\p{Cf}\p{Z}"'](?<!${cut}))*`
const formula = String.raw`[=+\-@\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20%]`
// `|` begins no formula of today's spreadsheets; it is what DDE commands have in the middle, and a separator for some.
const beginnings = new RegExp(`(^|${cut})(?=${invisible}${formula})`, 'gu')

const csvValue = (value: string | number | null): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const first = /^[\t\r\n|]/.test(value) ? `'${value}` : value
  const harmless = first.replaceAll(beginnings, "$1'")
  return /[",\r\n;\t|]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
