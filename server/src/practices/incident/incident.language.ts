import { german } from './incident.phrases.de.ts'
import { english, type Phrases } from './incident.phrases.ts'

/** The words of a reader's language; English where there are none. */
export const phrasesIn = (language: string): Phrases => (/^de\b/.test(language) ? german : english)
