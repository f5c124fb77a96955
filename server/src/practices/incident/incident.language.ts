import { isGerman, type Saying } from '../../kernel/language/saying.ts'
import { german } from './incident.phrases.de.ts'
import { english, type Phrases } from './incident.phrases.ts'

/** The words of a reader's language; English where there are none. */
export const phrasesIn = (language: string): Phrases => (isGerman(language) ? german : english)

/** A sentence of the process, once it is known who reads it. */
export const phrased = (key: string, pick: (phrases: Phrases) => string): Saying => ({
  key,
  in: (language) => pick(phrasesIn(language)),
})
