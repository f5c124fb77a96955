/**
 * Upper and lower case as one, the same in every browser, every Node.js and every PostgreSQL: that is why it is ours. The
 * database's `lower()` depends on the collation, the C library or the ICU the server was built with; JavaScript's on the
 * engine's Unicode version; and both may turn one letter into two. Here one letter becomes one letter, from a table that the
 * migration writes into the database (functions.ts) and this file makes from blocks that Unicode completed by 2014 and
 * promises never to change: Latin, Greek, Cyrillic and Armenian. Accents stay: ä is not a.
 */

/** One script: `capitals[i]` becomes `small[i]`. All are letters of one UTF-16 unit. */
export type Alphabet = { readonly capitals: string; readonly small: string }

const alphabetOf = (blocks: readonly (readonly [number, number])[], more: Alphabet): Alphabet => {
  let { capitals, small } = more
  for (const [first, last] of blocks) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code)
      const lower = letter.toLowerCase()
      if (lower !== letter && lower.length === 1) {
        capitals += letter
        small += lower
      }
    }
  }
  return { capitals, small }
}

/** The languages of Western and Central Europe. İ has two letters in Unicode's lower case; Istanbul is found either way. */
export const latin = alphabetOf([[0x80, 0x17f]], { capitals: 'İ', small: 'i' })
/** The final sigma is the same letter as any other. */
export const greek = alphabetOf([[0x370, 0x3ff]], { capitals: 'ς', small: 'σ' })
export const cyrillic = alphabetOf([[0x400, 0x52f]], { capitals: '', small: '' })
/** Vietnamese, African and phonetic letters, polytonic Greek, Armenian. */
export const rarer = alphabetOf(
  [
    [0x180, 0x24f],
    [0x530, 0x58f],
    [0x1e00, 0x1fff],
  ],
  { capitals: '', small: '' },
)

const smallOf = new Map<string, string>()
for (const { capitals, small } of [latin, greek, cyrillic, rarer]) {
  for (let index = 0; index < capitals.length; index++)
    smallOf.set(capitals.charAt(index), small.charAt(index))
}

// oxlint-disable-next-line no-control-regex -- the range is ASCII, controls included
const ascii = /^[\0-\x7f]*$/

/** The text with every capital made small; as long as it was, so positions in one are positions in the other. */
export const fold = (text: string): string => {
  if (ascii.test(text)) return text.toLowerCase()
  return text.replace(/[A-Z\u0080-\uffff]/g, (letter) =>
    letter < '\x80' ? letter.toLowerCase() : (smallOf.get(letter) ?? letter),
  )
}
