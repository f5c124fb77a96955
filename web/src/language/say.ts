import { speak, type Say, type Translation } from '@evenkeel/server/kernel/language/catalogue'
import { en } from './en.ts'
import { ownZone, type Zone } from './time.ts'

/**
 * Who reads: set from the session before a page is drawn; on the page for signing in, from the browser. Changing the language or the zone
 * loads the page anew, so nothing has to listen for it.
 */
let reader: Zone | undefined
let spoken: Say<typeof en> = speak(en, 'en')

/** Languages that the application speaks, by their own names. */
export const languages = { en: 'English', de: 'Deutsch', 'en-XA': '[Þšéûðö]' } as const

/** Only what is spoken is loaded: English is at hand, and the two others come when somebody reads them. */
const catalogueOf = async (language: string): Promise<Translation<typeof en>> => {
  if (language === 'en-XA') return (await import('./pseudo.ts')).pseudo(en)
  return baseOf(language) === 'de' ? (await import('./de.ts')).de : en
}

const baseOf = (language: string): string => language.split('-', 1)[0] ?? ''

/** The first of somebody's languages that is spoken here, with its region (`de-AT` writes dates its own way); else English. */
export const spokenHere = (wanted: readonly string[]): string =>
  wanted.find((language) => Object.hasOwn(languages, baseOf(language))) ?? 'en'

export const setReader = async (zone: Zone): Promise<void> => {
  const language = spokenHere([zone.language])
  if (language !== (reader?.language ?? 'en')) spoken = speak(en, language, await catalogueOf(language))
  reader = { ...zone, language }
  // Said again on each way to a page, the same word would have every element styled anew.
  const { documentElement } = document
  if (documentElement.lang !== language) documentElement.lang = language
}

export const readerZone = (): Zone => (reader ??= { language: 'en', timeZone: ownZone() })

/** Every text of the application comes from here; a family is asked by its names: say(`incident.state.${state}`). */
export const say: Say<typeof en> = (key, ...values) => spoken(key, ...values)
