import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './branch.reasons.ts'

export const german: Translation<typeof english> = {
  owner: 'diesen Zweig plant {name}',
  changed: 'jemand hat diesen Zweig inzwischen geändert',
  'closed.applied': 'dieser Zweig wurde angewendet und ist geschlossen',
  'closed.discarded': 'dieser Zweig wurde verworfen und ist geschlossen',
  'steps.most': 'ein Zweig hat höchstens {most} Schritte; den Rest in einem anderen planen',
  'edit.nothing': 'sagen, was sich ändern würde',
  'relation.none': 'diese Beziehung gibt es jetzt nicht',
  'make.needed':
    '{count, plural, one {# anderer Schritt steht} other {# andere Schritte stehen}} auf diesem Objekt',
  'step.make': 'neu: {name} ({label})',
  'step.edit': '{name} hätte {values}',
  'step.noValue': 'kein Merkmal {label}',
  'step.rename': 'den Namen {name}',
  'step.move': '{name} wäre {state}',
  'step.quorum': '{name} bräuchte {need} der Mitglieder',
  'step.relate': 'neu: {name} {words} {other}',
  'step.unrelate': 'nicht mehr: {name} {words} {other}',
  'step.down': '{name} wäre ausgefallen',
  'step.degraded': '{name} wäre beeinträchtigt',
  'drift.merged': '{name} ging seitdem in einem anderen Objekt auf',
  'drift.retired': '{name} ist seitdem außer Betrieb',
  'drift.state': '{name} ist jetzt {state}; das lässt dies nicht zu',
  'drift.value': '{label} von {name} wurde seitdem geändert, von {before} auf {after}',
  'drift.valueHidden': 'an {name} wurde seitdem etwas geändert',
  'drift.need': 'wie viele Mitglieder {name} braucht, wurde seitdem geändert',
  'drift.related': 'diese Beziehung gibt es schon',
  'drift.ended': 'diese Beziehung endete seitdem',
  'drift.class': 'die Klasse {label} nimmt keine neuen Objekte mehr',
  'drift.gone': 'dieses Objekt gibt es nicht',
  'drift.short': '{name} braucht {wanted} Mitglieder und hätte nur {size}',
  nothing: 'nichts',
  'conflict.both': '{one} und {other} ändern beide {name}',
  'conflict.attribute': '{one} und {other} ändern beide {label} von {name}',
  'conflict.move': '{one} und {other} ändern beide den Zustand von {name}',
  'conflict.quorum': '{one} und {other} ändern beide, wie viele Mitglieder {name} braucht',
  'conflict.gone': '{one} nimmt {name} außer Betrieb, und {other} plant damit etwas anderes',
  'conflict.relation': '{one} und {other} beenden beide: {name} {words} {target}',
  'conflict.same': '{one} und {other} sagen beide: {name} {words} {target}',
  'reserve.lost':
    'noch {after} von {afterSize} statt {before} von {beforeSize}, {need} nötig: {spare, plural, =0 {keine Reserve mehr} other {# in Reserve}}',
  'reserve.down':
    'noch {after} von {afterSize} statt {before} von {beforeSize}, {need} nötig: das reicht nicht',
  'reserve.gained':
    '{after} von {afterSize} statt {before} von {beforeSize}, {need} nötig: {spare, plural, =0 {noch keine Reserve} other {# in Reserve}}',
  'reserve.more':
    '{alive} von {size} wie bisher, {need} statt {was} nötig: {spare, plural, =0 {keine Reserve mehr} other {# in Reserve}}',
  'outlook.none': 'kein Dienst liefe schlechter als jetzt',
  'outlook.services':
    '{count, plural, =1 {{down, plural, =0 {1 Dienst liefe schlechter als jetzt} other {1 Dienst wäre ausgefallen}}} other {# Dienste liefen schlechter als jetzt, {down, plural, =0 {davon keiner} other {davon #}} ausgefallen}}',
  'outlook.jointly':
    '{services, plural, =1 {nur, weil diese Zweige zusammen laufen} other {{count} davon nur, weil diese Zweige zusammen laufen}}',
  'outlook.reserve': '{count, plural, one {# Gruppe verlöre} other {# Gruppen verlören}} Reserve',
  'outlook.better': '{count, plural, one {# Objekt wäre} other {# Objekte wären}} besser als jetzt',
  'outlook.moments': 'mehr als {at} Zeitpunkte unterscheiden sich; spätere wurden nicht betrachtet',
  'availability.all':
    'mindestens {need} von {size} Mitgliedern laufen {percent} der Zeit, sofern sie unabhängig voneinander ausfallen ({each})',
  'availability.missing': 'die Verfügbarkeit lässt sich nicht berechnen: für {names} fehlt die Angabe',
  'availability.hidden':
    'die Verfügbarkeit lässt sich nicht berechnen: bei einem Mitglied fehlt die Angabe, oder es wird hier nicht gezeigt',
}
