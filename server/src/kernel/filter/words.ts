import { fold } from './fold.ts'

/**
 * What `matches` calls a word: letters and digits in a row, folded; everything else (spaces, punctuation of every script,
 * hyphens, dots, underscores) parts words. No stemming and no stop words: tenants write in many languages, and a host name is
 * no English. The same split is made by `text_words` in the database (functions.ts), from the same ranges.
 */

/**
 * What parts words, as ranges of code points: ASCII but letters and digits, the signs of Latin-1, general and CJK punctuation,
 * symbols and emoji joiners, full-width punctuation, private use.
 */
export const separators: readonly (readonly [number, number])[] = [
  [0x01, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0xa9],
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x2000, 0x206f],
  [0x20a0, 0x20cf],
  [0x2190, 0x2bff],
  [0x2e00, 0x2e7f],
  [0x3000, 0x3004],
  [0x3007, 0x3020],
  [0x3030, 0x3030],
  [0x30fb, 0x30fb],
  [0xe000, 0xf8ff],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe6f],
  [0xfeff, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0xfff9, 0xfffd],
]

/** Longer words are cut here, in code points, on both sides: PostgreSQL refuses lexemes over 2 kB. */
export const longestWord = 60
/** Only so much of a text is searched by words, in code points: PostgreSQL refuses vectors over 1 MB. */
export const searchedLength = 100_000

const hex = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`
/** The separators as the inside of a bracket expression; JavaScript and PostgreSQL read `\u` alike. */
export const separatorClass = separators.map(([first, last]) => `${hex(first)}-${hex(last)}`).join('')

const splitter = new RegExp(`[${separatorClass}]+`, 'u')

/** The first `length` code points; counts them only when the text could be too long. */
const first = (text: string, length: number): string =>
  text.length <= length
    ? text
    : Array.from(text.slice(0, length * 2))
        .slice(0, length)
        .join('')

/** The words of a text, each once. */
export const wordsOf = (text: string): ReadonlySet<string> => {
  const words = new Set<string>()
  for (const word of fold(first(text, searchedLength)).split(splitter)) {
    if (word !== '') words.add(first(word, longestWord))
  }
  return words
}

/** A word that is looked for; `beginning`: any word that begins so will do (written `print*`). */
export type SoughtWord = { readonly word: string; readonly beginning: boolean }

/** What is looked for, each once; none when there is neither letter nor digit in it. */
export const soughtWords = (query: string): readonly SoughtWord[] => {
  const found = new Map<string, SoughtWord>()
  // The star is a separator itself, so it is cut off together with the word that it follows.
  for (const piece of fold(query).split(/(?<=\*)/)) {
    const words = piece.split(splitter).filter((word) => word !== '')
    for (const [index, word] of words.entries()) {
      const beginning = index === words.length - 1 && piece.endsWith(`${word}*`)
      const cut = first(word, longestWord)
      found.set(`${cut}${beginning ? '*' : ''}`, { word: cut, beginning })
    }
  }
  return [...found.values()]
}

export const holdsWords = (words: ReadonlySet<string>, sought: readonly SoughtWord[]): boolean =>
  sought.every(({ word, beginning }) => words.has(word) || (beginning && startsSome(words, word)))

const startsSome = (words: ReadonlySet<string>, beginning: string): boolean => {
  for (const word of words) if (word.startsWith(beginning)) return true
  return false
}
