import type { Translation } from '../../kernel/language/catalogue.ts'
import type { english } from './insight.reasons.ts'

export const german: Translation<typeof english> = {
  cursor: 'das ist keine Stelle dieser Liste',
  behind: 'für diese Liste {what} nennen',
  months: 'der erste Monat liegt nach dem letzten',
  incidents:
    'Störungen, die der Filter findet, gemeldet in den gewählten Monaten, so weit das Recht reicht, Wege von Störungen zu sehen. Vertrauliche zählen nur für Berechtigte; was ein Import brachte und zurückgenommen wurde, zählt nicht.',
  visits:
    'Wie oft der Schritt erreicht wurde. Eine Störung, die zurückkehrt, zählt erneut. Was eine zurückgenommene Sammelaktion tat, bleibt außen vor.',
  nodeSeconds:
    'Vom Schritt bis zum nächsten, nach der Uhr, Nächte und Wochenenden eingeschlossen. Median: die Hälfte war kürzer. P90: neun von zehn waren kürzer. Was noch nicht weiterging, zählt nicht.',
  passes: 'Wie oft der eine Schritt direkt auf den anderen folgte.',
  edgeSeconds:
    'Vom einen Schritt bis zum anderen, nach der Uhr. Median: die Hälfte war kürzer. P90: neun von zehn waren kürzer.',
  ends: 'Geschlossene und stornierte Störungen nach ihrem letzten Schritt; die übrigen sind noch dort.',
  unfit: 'Schritte von einem Status in einen anderen, für die der Prozess keinen Übergang hat.',
  share:
    'Die häufigsten Wege der Reihe nach, bis sie zusammen mindestens diesen Anteil der Störungen ausmachen. Die Zahlen der Karte gelten nur für diese Störungen.',
  variants:
    'Störungen mit denselben Schritten in derselben Reihenfolge. Bei wem sie lagen und wie lange es dauerte, macht keinen Unterschied.',
  variantSeconds:
    'Vom Anfang bis zum letzten Schritt, nach der Uhr. Median: die Hälfte war kürzer. P90: neun von zehn waren kürzer.',
  together: 'Der Anteil dieses Wegs und aller häufigeren.',
  fitting:
    'Der Anteil der Störungen, die so begannen, wie der Prozess es sagt, und von denen er jeden Übergang hat. Weitergaben zwischen Teams sind keine Übergänge und zählen nicht dagegen.',
  deviations:
    'Ein Schritt von einem Status in einen anderen, oder ein Anfang, für den der Prozess keinen Übergang hat. Festgehalten, wie er aufgezeichnet war; in importierter Geschichte können es viele sein.',
  deviationShare: 'Störungen mit mindestens einem dieser Schritte, von allen Störungen.',
  deviationTeams: 'Das Team, das die Störung in diesem Moment hatte.',
  deviationMonths: 'Der Monat, in dem es geschah, in der eigenen Zeitzone.',
  bounces:
    'Ein Team gab eine Störung an ein anderes und bekam sie direkt von ihm zurück. Was zweimal zurückkommt, zählt zweimal.',
  bounceSeconds:
    'Vom Verlassen des Teams bis zur Rückkehr, nach der Uhr. Median: die Hälfte war kürzer. P90: neun von zehn waren kürzer.',
  'deviation.begins': 'Eine Störung beginnt mit „{initial}“; diese begannen mit „{state}“.',
  'deviation.final': '„{from}“ ist das Ende: Von dort führt kein Übergang weiter.',
  'deviation.other':
    'Der Prozess hat keinen Übergang von „{from}“ nach „{to}“; nach „{to}“ geht es von {sources}.',
  'deviation.never':
    'Der Prozess hat keinen Übergang von „{from}“ nach „{to}“; mit „{to}“ beginnen Störungen nur.',
}
