import { sayings } from '../language/saying.ts'
import { german } from './difference.reasons.de.ts'

export const english = {
  'difference.document': 'the document',
  'difference.changes': '{where} changes from {from} to {to}',
  'difference.isNew': '{where} is new: {to}',
  'difference.isGone': '{where} is gone: {from}',
  'difference.gets': '{where} gets {what}',
  'difference.loses': '{where} loses {what}',
  'difference.moves': '{what} moves from place {from} to {to}',
  'difference.reordered': '{where} comes in another order',
  'difference.quoted': '“{name}”',
  'difference.everything': 'everything',
  'difference.nothing': 'nothing',
  'difference.and': 'and',
  'difference.or': 'or',
  'difference.not': 'not',
} as const

export const says = sayings(english, german)
