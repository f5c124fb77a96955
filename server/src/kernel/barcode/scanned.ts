import { SEPARATOR } from './gs1.ts'

/** How scanners that cannot send the separator itself write it. */
const written = /<GS>|\{GS\}|\[GS\]|\^\]|<FNC1>|\{FNC1\}|\[FNC1\]|\u2194/gi

/** What a scanner sent, with the separators it meant. */
export const withSeparators = (text: string): string => text.replaceAll(written, SEPARATOR)

/** A number that somebody gave, without what a scanner says of its symbol. */
export const plainOf = (text: string): string => text.replace(/^\](?:[A-Za-z]\w)/, '').trim()
