/** The formats a workbook need not declare: days and times in its own and in East Asian ways (ECMA-376 part 1, 18.8.30). */
const builtIn = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58) || id === 45

/** Whether numbers in this format are shown as days or times; hours that go on past a day (`[h]`) are amounts. */
export const isDayFormat = (id: number, code: string | undefined): boolean => {
  if (code === undefined) return builtIn(id)
  if (/\[[hms]+\]/i.test(code)) return false
  const symbols = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';')[0] ?? ''
  return /[ydhs]/i.test(symbols.replaceAll(/general/gi, ''))
}

const dayLength = 86_400_000
/** Day 0 of a workbook's count; its year 1900 has a 29 February, so the days before March count from another start. */
const [start1900, startBeforeMarch, start1904] = [
  Date.UTC(1899, 11, 30),
  Date.UTC(1899, 11, 31),
  Date.UTC(1904, 0, 1),
]

/** A workbook's day as ISO text, with a time when it has one; undefined for what is no day. */
export const dayText = (serial: number, is1904: boolean): string | undefined => {
  if (serial < 0 || serial >= 2_958_466) return undefined
  const start = is1904 ? start1904 : serial < 60 ? startBeforeMarch : start1900
  const raw = Math.round(serial * dayLength)
  // Fractions of a day are not exact: 09:26 is a hair before or after.
  const second = Math.round(raw / 1000) * 1000
  const iso = new Date(start + (Math.abs(raw - second) <= 5 ? second : raw)).toISOString()
  if (serial < 1 && !is1904) return iso.slice(11, 19)
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, iso.endsWith('.000Z') ? 19 : 23)
}
