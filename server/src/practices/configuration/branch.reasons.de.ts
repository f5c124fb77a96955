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
  'step.make': '{name} gäbe es, als {label}',
  'step.edit': '{name} hätte {values}',
  'step.noValue': 'kein Merkmal {label}',
  'step.rename': 'den Namen {name}',
  'step.move': '{name} wäre {state}',
  'step.quorum': '{name} bräuchte {need} der Mitglieder',
  'step.relate': 'für {name} würde gelten: {words} {other}',
  'step.unrelate': 'für {name} würde nicht mehr gelten: {words} {other}',
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
  'drift.short': '{name} braucht nach eigener Angabe {wanted} Mitglieder und hätte {size}',
  nothing: 'nichts',
  'conflict.both': '{one} und {other} ändern beide {name}',
  'conflict.attribute': '{one} und {other} ändern beide {label} von {name}',
  'conflict.move': '{one} und {other} ändern beide den Zustand von {name}',
  'conflict.quorum': '{one} und {other} ändern beide, wie viele Mitglieder {name} braucht',
  'conflict.gone': '{one} nimmt {name} außer Betrieb, und {other} plant damit etwas anderes',
  'conflict.relation': '{one} und {other} beenden beide: {name} {words} {target}',
  'conflict.same': '{one} und {other} sagen beide: {name} {words} {target}',
  'reserve.lost':
    'von {before} von {beforeSize} auf {after} von {afterSize}, {need} nötig: {spare, plural, =0 {keine Reserve mehr} other {# in Reserve}}',
  'reserve.down': 'von {before} von {beforeSize} auf {after} von {afterSize}, {need} nötig: das reicht nicht',
  'reserve.gained':
    'von {before} von {beforeSize} auf {after} von {afterSize}, {need} nötig: {spare, plural, =0 {noch keine Reserve} other {# in Reserve}}',
  'reserve.more':
    '{alive} von {size} wie bisher, {need} statt {was} nötig: {spare, plural, =0 {keine Reserve mehr} other {# in Reserve}}',
  'outlook.none': 'kein Dienst wäre schlechter als jetzt',
  'outlook.services':
    '{count, plural, one {# Dienst wäre} other {# Dienste wären}} schlechter als jetzt, davon {down} ausgefallen',
  'outlook.jointly': '{count, plural, one {# davon} other {# davon}} nur, weil beides zusammen läuft',
  'outlook.reserve': '{count, plural, one {# Gruppe verlöre} other {# Gruppen verlören}} Reserve',
  'outlook.better': '{count, plural, one {# Objekt wäre} other {# Objekte wären}} besser als jetzt',
  'outlook.moments': 'mehr als {at} Zeitpunkte unterscheiden sich; spätere wurden nicht betrachtet',
  'availability.all':
    'mindestens {need} von {size} arbeiten {percent} % der Zeit, wenn keines wegen eines anderen ausfällt ({each})',
  'availability.missing': 'wie oft {names} arbeitet, ist nicht gesagt; daher lässt sich nichts berechnen',
  'availability.hidden':
    'wie oft eines der Mitglieder arbeitet, wird hier nicht gezeigt oder ist nicht gesagt',
}
