import type { report as english } from '../en/report.ts'
import type { Translation } from '@evenkeel/server/kernel/language/catalogue'

export const report: Translation<typeof english> = {
  'report.away': 'Zeit woanders',
  'report.backAndForth': 'Kam zurück',
  'report.bounced': 'Was hin und her ging',
  'report.bouncedNone': 'Nichts kam zu einem Team zurück, das es gerade weitergegeben hatte.',
  'report.bouncedText':
    'An ein anderes Team gegeben und wieder zurück. Die Zeit woanders fehlt denen, die warten. Die ersten zwanzig.',
  'report.cameBack': 'Kam zurück',
  'report.counted': '{count, plural, one {# Störung ist gezählt.} other {# Störungen sind gezählt.}}',
  'report.countedCapped': 'Es gibt mehr, als ein Bericht zählt: Das sind die neuesten {count}.',
  'report.filter': 'Bericht eingrenzen',
  'report.filterExample': 'Eingrenzen: priority:<=2 service:"Elektronische Akte"',
  'report.from': 'Gemeldet ab',
  'report.givenAway': 'Weiter\u00ADgegeben',
  'report.holds': 'Wartezeit',
  'report.holds.about':
    'Wie lange Störungen gewartet haben, und wie viel davon niemand der meldenden Person schrieb. Eine Uhr, die steht, während niemand etwas fragt, hilft niemandem.',
  'report.holdsNone': 'Nichts, was in diesen Tagen gemeldet wurde, hat gewartet.',
  'report.holdsPerTeam': 'Nach Team',
  'report.holdsPerTeamText': 'Das Team, das zuständig war, als das Warten begann.',
  'report.holdsSum':
    '{holds, plural, one {# Mal gewartet} other {# Mal gewartet}}; in {part} der Zeit schrieb niemand der meldenden Person.',
  'report.incidents': 'Störungen',
  'report.longest': 'Die zweihundert, die am längsten dauerten',
  'report.mayNot': 'Diese Berichte sind für alle, die Störungen bearbeiten',
  'report.mayNotText':
    'Sie erzählen von der Arbeit in den Teams. Wer sie sieht, entscheidet die Administration.',
  'report.none': 'Nichts zu berichten',
  'report.noneText':
    'In diesen Tagen wurde keine Störung gemeldet, die hier sichtbar ist. Andere Tage wählen oder den Filter herausnehmen.',
  'report.perReason': 'Nach dem, worauf gewartet wurde',
  'report.perTeam': 'Zeit je Team',
  'report.perTeamText':
    'Vom Melden bis zum Schließen oder bis jetzt. Eine Störung zählt bei jedem Team, das sie hatte, ihre Zeit bei dem, das sie gerade hatte.',
  'report.period': 'Zeitraum',
  'report.period.last_month': 'Letzter Monat',
  'report.period.month': 'Letzte 30 Tage',
  'report.period.own': 'Andere Tage',
  'report.period.quarter': 'Letzte 90 Tage',
  'report.period.this_month': 'Dieser Monat',
  'report.period.week': 'Letzte 7 Tage',
  'report.reason': 'Wartet auf',
  'report.silent': 'Am längsten ohne ein Wort',
  'report.silentNone': 'Wer wartete, bekam sofort eine Nachricht.',
  'report.silentText':
    'Es wartete, und noch niemand hatte der meldenden Person geschrieben. Die ersten zwanzig.',
  'report.silentTime': 'Ohne ein Wort',
  'report.teams': 'Zeit je Team',
  'report.teams.about':
    'Wie lange Störungen bei jedem Team waren und was herumgereicht wurde. Jede Zahl führt zu den Störungen dahinter.',
  'report.time': 'Zeit',
  'report.times': 'Male',
  'report.title': 'Berichte',
  'report.to': 'Bis',
  'report.which': 'Welcher Bericht',
}
