/** The check digit of a GTIN or SSCC: weights 3 and 1 from the right (GS1 General Specifications, 7.9). */
export const checkDigitOf = (digits: string): string => {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}

/** In the order of their values (ANSI/HIBC 2.6, appendix B). */
const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'

/** Where the first character stands that has no value, or -1. */
export const uncheckableAt = (text: string): number => text.search(/[^0-9A-Z. $/+%-]/u)

/** The check character of a HIBC text: the sum of its characters' values, modulo 43 (ANSI/HIBC 2.6, appendix B). */
export const checkCharacterOf = (text: string): string =>
  characters.charAt(Array.from(text).reduce((sum, character) => sum + characters.indexOf(character), 0) % 43)
