import type { Translation } from '../language/catalogue.ts'
import type { english } from './proposal.reasons.ts'

export const german: Translation<typeof english> = {
  'proposal.byName': '„{column}“ heißt so',
  'proposal.byValues': 'keine Spalte heißt so, aber „{column}“ sieht danach aus',
  'proposal.translated':
    '{count, plural, one {# Wert wurde} other {# Werte wurden}} nach den Wörtern darin übersetzt',
  'proposal.unclear': 'niemand kann sagen, was das bedeutet: {values}',
  'proposal.fromState': 'ein wartender Status sagt, auf wen gewartet wird',
  'proposal.inverted': '„{column}“ sagt, dass das Ziel erreicht wurde: aus ja wird nein',
  'proposal.noTitle': 'die Datei hat keine Titel; sie entstehen aus {columns}',
  'proposal.cutTitle': 'manche Titel sind länger als {most} Zeichen; sie werden dort gekürzt',
  'proposal.nothing': 'keine Spalte sieht danach aus, und jeder Vorgang braucht es',
  'proposal.format': 'alle Zeiten in den ersten Zeilen sind als {format} geschrieben',
  'proposal.formatSome':
    'Zeiten in {columns} sind als {format} geschrieben; Spalten in anderer Form bleiben weg: {others}',
  'proposal.ambiguous':
    'alle Zeiten in den ersten Zeilen lassen sich als {format} und als {other} lesen; nachsehen, was gemeint ist',
  'proposal.noTimes': 'keine Spalte enthält Zeiten',
  'proposal.zoneGuess': 'die Datei nennt keine Zeitzone; {zone} ist geraten',
  'proposal.zoneNamed': 'die Zeiten nennen ihre Zeitzone selbst',
  'proposal.unique': '„{column}“ ist in jeder Zeile anders: eine Zeile, ein Vorgang',
  'proposal.repeated':
    '„{column}“ wiederholt sich: Zeilen mit dem gleichen Wert sind Änderungen eines Vorgangs',
  'proposal.anything': 'keine Spalte benennt sicher einen Vorgang; „{column}“ ist geraten',
  'proposal.updateBy': 'innerhalb eines Vorgangs haben keine zwei Zeilen das gleiche {columns}',
  'proposal.updateWhole':
    'keine Spalten unterscheiden Änderungen eines Vorgangs; eine Zeile, die in jeder Zelle gleich ist, ist dieselbe Änderung',
  'proposal.unknown': 'das steht da, wo nichts bekannt ist: {values}',
  'proposal.columnsNamed': 'Spalten ohne Namen oder mit einem, den auch eine andere hat, heißen {columns}',
  'proposal.system': 'die Spalten sind die von {system}',
  'proposal.noSystem': 'die Spalten verraten nicht, aus welchem System das kommt',
  'proposal.oneClass':
    'keine Spalte sagt, was für ein Objekt eine Zeile ist; eine Klasse für alle ist geraten',
  'proposal.oneRelation': 'keine Spalte sagt, was für eine Beziehung es ist; eine für alle ist geraten',
  'proposal.ownId': '„{column}“ ist in jeder Zeile anders: daran kennt die Quelle ein Objekt von jetzt an',
  'proposal.bothEnds': 'eine Beziehung ist an ihren Enden und ihrer Art zu erkennen',
  'proposal.sourceName':
    'unter diesem Namen werden Objekte wiedererkannt, und Regeln über Quellen nennen ihn',
  'proposal.byAddress': 'Personen stehen mit ihrer Adresse da',
  'proposal.byPersonName': 'Personen stehen mit ihrem Namen da',
}
