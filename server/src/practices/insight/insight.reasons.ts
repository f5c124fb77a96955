import { sayings } from '../../kernel/language/saying.ts'
import { german } from './insight.reasons.de.ts'

/** Definitions behind the numbers, and what the process says of a move it does not have. */
export const english = {
  cursor: 'this is no place in this list',
  behind: 'name {what} for this list',
  months: 'the first month comes after the last',
  incidents:
    'Incidents that the filter finds, raised in the months chosen, as far as your right to see how incidents traveled reaches. Confidential ones count only for those who may see them; what an import brought and took back does not count.',
  visits:
    'How often it was entered. An incident that returns counts again. What a bulk action did and was taken back for is left out.',
  nodeSeconds:
    'From the step to the next one, in elapsed time, nights and weekends included. The median: half were shorter. P90: nine in ten were shorter. What has not gone on yet is not counted.',
  passes: 'How often the one step directly followed the other.',
  edgeSeconds:
    'From the one step to the other, in elapsed time. The median: half were shorter. P90: nine in ten were shorter.',
  ends: 'Incidents that are closed or canceled, by their last step; the others are still there.',
  unfit: 'Steps from one state to another for which the process has no move.',
  share:
    'The most frequent ways, one after the other, until together they are at least this share of the incidents. Numbers on the map are of these incidents alone.',
  variants:
    'Incidents whose steps are the same, in the same order. Whose they were and how long they took makes no difference.',
  variantSeconds:
    'From the beginning to the last step, in elapsed time. The median: half were shorter. P90: nine in ten were shorter.',
  together: 'The share of this way and of all that are more frequent.',
  fitting:
    'The share of incidents that began as the process says and of which it has every move. Handovers between teams are no moves and do not count against it.',
  deviations:
    'A step from one state to another, or a beginning, for which the process has no move. Kept as it was recorded; imported history may hold many.',
  deviationShare: 'Incidents with at least one of these steps, of all incidents.',
  deviationTeams: 'The team that had the incident when it happened.',
  deviationMonths: 'The month it happened in, in your time zone.',
  bounces:
    'A team gave an incident to another team and got it straight back from it. An incident that goes back twice counts twice.',
  bounceSeconds:
    'From leaving the team until it was back with it, in elapsed time. The median: half were shorter. P90: nine in ten were shorter.',
  'deviation.begins': 'An incident begins as {initial}; these began as {state}.',
  'deviation.final': '{from} is the end: no move leads on from there.',
  'deviation.other': 'The process has no move from {from} to {to}; {to} is reached from {sources}.',
  'deviation.never': 'The process has no move from {from} to {to}; incidents only begin as {to}.',
} as const

export const says = sayings(english, german)
