import { permissions, type Permission } from '@evenkeel/contract/permission'
import { isGerman, type Saying } from '../../kernel/language/saying.ts'

const german: Readonly<Record<Permission, string>> = {
  'access.explain': 'fragen, warum jemand etwas darf oder nicht darf',
  'custom_field.manage': 'eigene Felder definieren',
  export: 'Listen exportieren',
  impersonate: 'als jemand anderes handeln, mit den Rechten, die beide haben',
  'incident.affected': 'bei einer sichtbaren Störung sagen, dass man auch betroffen ist',
  'incident.answer': 'als meldende Person antworten: erwidern, „noch kaputt“ sagen, bestätigen, dass es geht',
  'incident.assign': 'eine Störung einem Team oder einer Person zuweisen',
  'incident.automatic': 'die Schritte tun, die nur das System tut',
  'incident.bulk': 'viele Störungen auf einmal ändern und das zurücknehmen',
  'incident.cancel': 'eine Störung stornieren',
  'incident.comment': 'Kommentare schreiben, die die meldende Person liest',
  'incident.edit': 'Titel, Beschreibung, Dienst, Auswirkung, Dringlichkeit und eigene Felder ändern',
  'incident.link': 'Störungen verknüpfen, übergeordnete setzen, Duplikate markieren',
  'incident.note': 'Arbeitsnotizen für das Team schreiben',
  'incident.override_priority': 'eine andere als die berechnete Priorität setzen, mit Begründung',
  'incident.raise': 'eine Störung für sich selbst melden',
  'incident.raise_for_others': 'eine Störung für jemand anderes melden',
  'incident.read': 'Störungen sehen',
  'incident.read_internal': 'Arbeitsnotizen und Felder für das Team sehen',
  'incident.reopen': 'eine gelöste Störung wieder öffnen',
  'incident.watch': 'eine Störung beobachten und hören, was mit ihr geschieht',
  'incident.work': 'Störungen beginnen, zurückstellen, fortsetzen und lösen',
  'instance.read': 'den Zustand der Instanz sehen',
  'journal.read': 'das Journal der ganzen Organisation lesen',
  'outbox.manage': 'unzustellbare Nachrichten erneut senden und zurückgestellte Einträge wiederholen',
  'outbox.read': 'ausgehende E-Mails und unzustellbare Nachrichten sehen',
  'person.manage': 'Personen einladen, ändern und deaktivieren',
  'person.read': 'Personen finden und ihre Namen und Teams sehen',
  'policy.publish': 'eine neue Version einer Richtlinie veröffentlichen',
  'policy.read': 'Richtlinien und ihre Versionen sehen',
  'role.manage': 'Rollen ändern und vergeben',
  'service.manage': 'Dienste anlegen und ändern',
  'service.read': 'Dienste sehen',
  'team.manage': 'Teams anlegen und ihre Mitglieder ändern',
  'template.manage': 'Vorlagen, Antwortbausteine und Makros ändern',
  'view.save': 'Listen als eigene Ansichten speichern',
  'view.share': 'gespeicherte Ansichten mit einem Team oder allen teilen',
}

/** What a permission is for, after "may": as the pages call it too. */
export const permissionSays = (permission: Permission): Saying => ({
  key: permission,
  in: (language) => (isGerman(language) ? german : permissions)[permission],
})
