/**
 * Whether a text is a legal entity identifier (ISO 17442): 18 capital letters or digits and two check digits, so that the whole, with
 * letters read as 10 to 35, leaves 1 when divided by 97 (ISO/IEC 7064, MOD 97-10).
 */
export const isLei = (text: string): boolean => /^[0-9A-Z]{18}[0-9]{2}$/.test(text) && rest(text) === 1

const rest = (text: string): number =>
  Array.from(text).reduce((sum, sign) => {
    const value = Number.parseInt(sign, 36)
    return (sum * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
