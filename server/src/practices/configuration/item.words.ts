import type { ItemAction, ItemHealth, ItemState } from '@evenkeel/contract/item'
import { isGerman } from '../../kernel/language/saying.ts'
import { itemProcess } from './item.process.ts'

const germanStates: Readonly<Record<ItemState, string>> = {
  planned: 'geplant',
  ordered: 'bestellt',
  in_stock: 'auf Lager',
  in_use: 'in Betrieb',
  in_repair: 'in Reparatur',
  retired: 'außer Betrieb',
  disposed: 'entsorgt',
}

const germanMoves: Readonly<Record<ItemAction, string>> = {
  order: 'Bestellen',
  receive: 'Annehmen',
  put_in_use: 'In Betrieb nehmen',
  put_in_stock: 'Einlagern',
  send_to_repair: 'Zur Reparatur geben',
  retire: 'Außer Betrieb nehmen',
  bring_back: 'Wieder in Betrieb nehmen',
  dispose: 'Entsorgen',
}

export const stateIn = (state: ItemState, language: string): string =>
  isGerman(language) ? germanStates[state] : itemProcess.states[state].label

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
