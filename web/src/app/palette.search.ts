/** `1042`, `inc1042` and `INC0001042` are one number. */
export const numberIn = (typed: string): string | undefined => {
  const digits = /^(?:inc)?0*(\d{1,7})$/i.exec(typed.trim())?.[1]
  return digits === undefined ? undefined : `INC${digits.padStart(7, '0')}`
}

/** Words as somebody is still typing them: the last may be the beginning of one. Undefined when there is nothing to look for. */
const wordsOf = (typed: string): string | undefined => {
  const words = typed
    .replaceAll(/["*\\]/g, ' ')
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  return words.length === 0 ? undefined : words.map((word) => `${word}*`).join(' ')
}

/** The filter that finds what was typed: by its words, or by its number. */
export const filterFor = (typed: string): string | undefined => {
  const [number, words] = [numberIn(typed), wordsOf(typed)]
  if (words === undefined) return undefined
  return number === undefined ? `"${words}"` : `number:${number} or "${words}"`
}

/** A value in a filter, as the search bar reads it. */
export const quoted = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`

/** A scanner types a code at once: a device's barcode by how it begins, or one word with digits in it. */
export const looksScanned = (typed: string): boolean => {
  const text = typed.trim()
  return (
    text.length <= 1000 &&
    (/^(?:\]\w\w|\(\d{2,4}\)|[+=&*]\w|\d{8,})/.test(text) || /^(?=\S*\d)\S{4,60}$/.test(text))
  )
}
