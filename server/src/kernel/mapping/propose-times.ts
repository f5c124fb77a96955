import { instantFormat, type ReadInstant } from './instant-format.ts'

const days = [
  'd/M/yyyy',
  'M/d/yyyy',
  'd.M.yyyy',
  'd-M-yyyy',
  'M-d-yyyy',
  'yyyy/M/d',
  'd/MMM/yyyy',
  'd/MMM/yy',
  'd-MMM-yyyy',
  'd-MMM-yy',
  'd MMM yyyy',
  'd. MMM yyyy',
  'MMM d, yyyy',
  'd.M.yy',
  'd/M/yy',
  'M/d/yy',
]
const hours = [
  '',
  ' HH:mm',
  ' HH:mm:ss',
  ' h:mm a',
  ' h:mm:ss a',
  ', HH:mm',
  ', HH:mm:ss',
  ', h:mm:ss a',
  ' H:mm',
  ' H:mm:ss',
]
const formats = [
  'iso',
  ...days.flatMap((day) => hours.map((hour) => `${day}${hour}`)),
  'yyyy-MM-dd HH:mm:ss X',
  'yyyy-MM-dd HH:mm:ss z',
  'yyyyMMddHHmmss',
  'yyyyMMdd',
  'E, d MMM yyyy HH:mm:ss Z',
  'E MMM d HH:mm:ss yyyy',
  'unix-seconds',
  'unix-milliseconds',
]
const readers: readonly { readonly format: string; readonly read: ReadInstant }[] = formats.map((format) => {
  const compiled = instantFormat(format, 'UTC')
  return { format, read: compiled.ok ? compiled.read : () => undefined }
})

const likely = (format: string, text: string, read: ReadInstant): boolean => {
  if (format === 'unix-seconds') return /^1\d{9}(?:\.\d+)?$/.test(text)
  if (format === 'unix-milliseconds') return /^1\d{12}$/.test(text)
  return read(text) !== undefined
}

/** A day that never was does not make a column of times one of texts: it is refused with its row. */
const mostMissed = 0.1

const missedBy = (
  { format, read }: (typeof readers)[number],
  texts: readonly string[],
  most: number,
): number => {
  let missed = 0
  for (const text of texts) {
    if (!likely(format, text, read)) missed += 1
    if (missed > most) break
  }
  return missed
}

/** The formats in which these texts are times, but for a few; of several, those that read the most of them. */
export const formatsOf = (texts: readonly string[]): string[] => {
  if (texts.length === 0 || !texts.every((text) => /\d/.test(text) && text.length <= 60)) return []
  const most = Math.floor(texts.length * mostMissed)
  const fitting = readers
    .map((reader) => ({ format: reader.format, missed: missedBy(reader, texts, most) }))
    .filter(({ missed }) => missed <= most)
  const least = Math.min(...fitting.map(({ missed }) => missed))
  return fitting.filter(({ missed }) => missed === least).map(({ format }) => format)
}

/** The same texts with day and month in the other order. */
export const otherOrder = (format: string): string | undefined => {
  if (/^d([/-])M\1y/.test(format)) return format.replace(/^d(.)M/, 'M$1d')
  return /^M([/-])d\1y/.test(format) ? format.replace(/^M(.)d/, 'd$1M') : undefined
}
