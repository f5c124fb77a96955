import type { ItemAction, ItemHealth, ItemState } from '@evenkeel/contract/item'
import { isGerman, type Saying } from '../../kernel/language/saying.ts'
import { itemProcess } from './item.process.ts'

const germanStates: Readonly<Record<ItemState, string>> = {
  planned: 'geplant',
  ordered: 'bestellt',
  in_stock: 'auf Lager',
  in_use: 'in Betrieb',
  in_repair: 'in Reparatur',
  lost: 'verloren oder gestohlen',
  retired: 'außer Betrieb',
  disposed: 'entsorgt',
}

const germanMoves: Readonly<Record<ItemAction, string>> = {
  order: 'Bestellen',
  receive: 'Annehmen',
  put_in_use: 'In Betrieb nehmen',
  put_in_stock: 'Einlagern',
  send_to_repair: 'Zur Reparatur geben',
  report_lost: 'Als verloren oder gestohlen melden',
  find_again: 'Wiedergefunden',
  retire: 'Außer Betrieb nehmen',
  bring_back: 'Wieder in Betrieb nehmen',
  dispose: 'Entsorgen',
  write_off: 'Abschreiben',
}

export const stateIn = (state: ItemState, language: string): string =>
  isGerman(language) ? germanStates[state] : itemProcess.states[state].label

/** The state as a part of a sentence. */
export const stateWords = (state: ItemState): Saying => ({
  key: state,
  in: (language) => stateIn(state, language),
})

export const moveIn = (action: ItemAction, language: string): string =>
  isGerman(language) ? germanMoves[action] : (itemProcess.moves[action].label ?? action)

const healthWords: Readonly<Record<ItemHealth, readonly [string, string]>> = {
  up: ['Up', 'In Ordnung'],
  degraded: ['Degraded', 'Eingeschränkt'],
  down: ['Down', 'Ausgefallen'],
  unknown: ['Unknown', 'Unbekannt'],
}

export const healthIn = (health: ItemHealth, language: string): string =>
  healthWords[health][isGerman(language) ? 1 : 0]
