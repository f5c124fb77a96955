import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './service-level.reasons.ts'

export const german: Translation<typeof english> = {
  'agreement.sameId': 'zwei Vereinbarungen haben dieselbe Kennung, {id}',
  'agreement.sameMeasure': 'eine Vereinbarung misst jedes nur einmal, und {what} kommt zweimal vor',
  'agreement.service': 'einen Dienst {id} gibt es nicht',
  'agreement.calendar': 'einen Kalender namens {name} gibt es nicht: zuerst veröffentlichen',
  'trap.never_starts':
    'diese Uhr beginnt nie: was sie startet, stoppt oder storniert sie auch, oder die Vereinbarung betrifft andere Datensätze',
  'trap.never_runs':
    'diese Uhr läuft nie: was sie startet, hält sie auch an, und sie würde storniert, sobald sie weiterläuft',
  'trap.pause_cancels':
    'diese Uhr wird storniert statt angehalten: nichts, was sie anhält, passt auch zu ihrem Start. Nur eine Bedingung stornieren lassen oder den Start weiter fassen',
  'trap.never_stops':
    'nichts, was die Vereinbarung betrifft, stoppt diese Uhr: sie würde storniert oder liefe ewig',
  'trap.never_resumes': 'diese Uhr läuft nie weiter: was sie fortsetzt, hält sie auch an',
  'trap.never_resets': 'diese Uhr beginnt nie von vorn: was sie zurücksetzt, passt nicht zu ihrem Start',
  'condition.reset': 'angeben, womit sie von vorn beginnt, damit jede Rückmeldung gemessen wird',
  'condition.resume': 'angeben, was sie weiterlaufen lässt, wenn nur eine Bedingung das tut',
  'measure.response': 'Reaktion',
  'measure.update': 'nächste Rückmeldung',
  'measure.resolution': 'Lösung',
  'measure.assignment': 'jede Zuweisung',
  'verdict.open': 'offen',
  'verdict.met': 'eingehalten',
  'verdict.missed': 'verfehlt',
  'verdict.canceled': 'storniert',
  'preview.none': 'keine Uhr',
  'preview.one': '{measure}: {verdict}',
  'preview.sentence':
    'Von den letzten {examined} Störungen wären {changed} anders ausgegangen: {more} Verfehlungen mehr, {fewer} weniger.',
}
