import { sayings } from '../../kernel/language/saying.ts'
import { german } from './service-level.reasons.de.ts'

/** Why agreements are refused, and what publishing them would change. */
export const english = {
  'agreement.sameId': 'two agreements have the same id, {id}',
  'agreement.sameMeasure': 'an agreement measures each thing once, and {what} comes twice',
  'agreement.service': 'there is no service {id}',
  'agreement.calendar': 'there is no calendar called {name}: publish it first',
  'trap.never_starts':
    'this clock never begins: whatever starts it also stops or cancels it, or the agreement is about other records',
  'trap.never_runs':
    'this clock never runs: whatever starts it also pauses it, and it would be canceled when it goes on',
  'trap.pause_cancels':
    'this clock is canceled instead of paused: nothing that pauses it also fits its start. Let only a condition cancel it, or widen the start',
  'trap.never_stops':
    'nothing the agreement is about stops this clock: it would be canceled, or run for ever',
  'trap.never_resumes': 'this clock never goes on: whatever resumes it is also a pause',
  'trap.never_resets': 'this clock never begins again: what resets it does not fit its start',
  'condition.reset': 'say what begins it again, so that each update is measured',
  'condition.resume': 'say what lets it go on, where only a condition does',
  'measure.response': 'response',
  'measure.update': 'next update',
  'measure.resolution': 'resolution',
  'measure.assignment': 'each assignment',
  'verdict.open': 'open',
  'verdict.met': 'met',
  'verdict.missed': 'missed',
  'verdict.canceled': 'canceled',
  'preview.none': 'no clock',
  'preview.one': '{measure}: {verdict}',
  'preview.sentence':
    'Of the last {examined} incidents, {changed} would have come out otherwise: {more} misses more, {fewer} fewer.',
} as const

export const says = sayings(english, german)
