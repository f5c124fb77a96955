import { speak, type Say } from './catalogue.ts'
import { en } from './en.ts'
import { ownZone, type Zone } from './time.ts'

/**
 * Who reads: set once from the session before anything is drawn. Changing the language or the zone loads the page anew, so nothing has to
 * listen for it.
 */
let reader: Zone = { language: 'en', timeZone: ownZone() }
let spoken: Say<typeof en> = speak(en, reader.language)

export const setReader = (zone: Zone): void => {
  reader = zone
  spoken = speak(en, zone.language)
}

export const readerZone = (): Zone => reader

/** Every text of the application comes from here; a family is asked by its names: say(`incident.state.${state}`). */
export const say: Say<typeof en> = (key, ...values) => spoken(key, ...values)
