import { type Say, speak } from '../server/src/kernel/language/catalogue.ts'
import { de } from '../web/src/language/de.ts'
import { en } from '../web/src/language/en.ts'

export type Words = Say<typeof en>

/** The texts of the application in a language, by their keys: what a walk through both languages finds its buttons with. */
export const words: Readonly<Record<'en' | 'de', Words>> = {
  en: speak(en, 'en'),
  de: speak(en, 'de', de),
}
