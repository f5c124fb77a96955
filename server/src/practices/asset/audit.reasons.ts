import { sayings } from '../../kernel/language/saying.ts'
import { german } from './audit.reasons.de.ts'

export const english = {
  scope: 'say either which items by a filter, or which place',
  place: 'this is no place that you see',
  none: 'there is nothing to look for: no item that is in use, in stock or in repair',
  most: 'a stock-taking looks for at most {most} items; narrow the scope',
  closed: 'this stock-taking is closed',
  other:
    'somebody else is signed in on this device; what was scanned waits until whoever scanned it signs in again',
  changed: 'somebody changed this stock-taking in the meantime',
  'decide.not': 'this item is neither missing, nor elsewhere, nor unexpected in this stock-taking',
  'decide.move': 'nobody said where it was scanned, so it cannot be moved there',
  'decide.lost': 'it was scanned, so it is not lost',
  'decide.believed': 'said, but a source that is believed before stock-takings says otherwise',
  note: 'not found in the stock-taking {name}',
  'column.item': 'Item',
  'column.class': 'Class',
  'column.outcome': 'Outcome',
  'column.expected': 'Expected at',
  'column.seen': 'Seen at',
  'column.text': 'Scanned',
  'column.by': 'Scanned by',
  'column.at': 'Scanned on',
  'column.decision': 'Decision',
  'column.decided': 'Decided by',
  'column.decidedAt': 'Decided on',
  'outcome.missing': 'missing',
  'outcome.wrong_place': 'at another place',
  'outcome.unexpected': 'not expected',
  'outcome.found': 'found',
  'outcome.unread': 'names no item',
  'decision.move': 'moved to where it was seen',
  'decision.lost': 'lost',
  'decision.leave': 'left as it is',
} as const

export const says = sayings(english, german)
