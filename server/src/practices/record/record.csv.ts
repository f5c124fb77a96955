/**
 * A line of CSV (RFC 4180) that a spreadsheet reads as text and never as a formula: a value that begins like one gets an apostrophe
 * (OWASP, CSV injection), full-width look-alikes and leading white space included.
 */
export const csvLine = (values: readonly (string | number | null)[]): string =>
  `${values.map(csvValue).join(',')}\r\n`

const csvValue = (value: string | number | null): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^[\s\0]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20|%]/.test(value) ? `'${value}` : value
  return /[",\r\n;]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
