import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './asset.reasons.ts'

export const german: Translation<typeof english> = {
  'end.open': 'hat kein Ende',
  'end.over': 'endete am {day}',
  'end.ends': 'endet am {day}',
  'end.endsNotice': 'endet am {day}; kündbar bis {by}',
  'end.renews': 'verlängert sich nach dem {day}',
  'end.renewsUnless': 'verlängert sich nach dem {day}, wenn bis {by} nicht gekündigt ist',
  'end.noticeGone': 'verlängert sich nach dem {day}; zu kündigen war bis {by}',
  'warranty.until': 'Garantie bis {day}',
  'warranty.over': 'die Garantie endete am {day}',
  'book.sentence':
    '{cost}, in gleichen Teilen über {life, plural, one {# Monat} other {# Monate}} abgeschrieben; seit dem {day} {passed, plural, one {ist # Monat} other {sind # Monate}} vergangen',
  'license.entitled':
    '{count, plural, one {# Lizenz zählt} other {# Lizenzen zählen}} am {day}: gekauft, begonnen und nicht abgelaufen',
  'license.none': 'am {day} zählt keine Lizenz',
  'license.counts': 'zählt {quantity}',
  'license.notYet': 'beginnt am {day}',
  'license.over': 'endete am {day}',
  'license.state': 'zählt nicht: {state}',
  'used.device':
    'jedes Gerät, auf dem es installiert ist, zählt eins: {count, plural, one {# Gerät} other {# Geräte}}',
  'used.user':
    'jede Person, die ein Gerät benutzt, auf dem es installiert ist, zählt eins, gleich wie viele Geräte: {users, plural, one {# Person} other {# Personen}} an {count, plural, one {# Gerät} other {# Geräten}}',
  'used.core':
    'die Prozessorkerne jedes Geräts, auf dem es installiert ist: {count, plural, one {# Gerät} other {# Geräte}}',
  'used.none': 'es ist nirgends installiert',
  'used.state': 'nicht gezählt: {state}',
  'used.one': 'zählt {adds}',
  'used.known': 'die Person ist schon gezählt',
  'doubt.cores':
    '{count, plural, one {# Gerät sagt} other {# Geräte sagen}} nicht, wie viele Kerne es hat, und zählt keinen: genutzt wird mindestens so viel',
  'doubt.users':
    '{count, plural, one {# Gerät nennt} other {# Geräte nennen}} niemanden, der es benutzt, und zählt als eigene Person: genutzt wird höchstens so viel',
  'doubt.cut': 'mehr als {most} Installationen: die übrigen sind nicht gezählt',
  permission: 'dies braucht das Recht {permission} für alles',
  'gap.lei': 'LEI-Kennung',
  'gap.country': 'Land',
  'gap.contract': 'Vertrag',
  'gap.substitutability': 'Ersetzbarkeit',
  'gap.exit': 'Ausstiegsplan',
  'gap.kind': 'Art des IKT-Dienstes',
}
