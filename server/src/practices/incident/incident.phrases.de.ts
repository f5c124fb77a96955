import type { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import type { endReasons, IncidentAction, incidentChannels } from '@evenkeel/contract/incident'
import { groundsIn } from './incident.impact.ts'
import { flagsIn, lineIn, type PastFlag } from './incident.past.flags.ts'
import { incidentProcess, type IncidentFacts, type IncidentGuard } from './incident.process.ts'
import {
  because,
  becauseOf,
  instantOf,
  itemsOf,
  teamsOf,
  warningIn,
  type Phrases,
  type Words,
} from './incident.phrases.ts'

const waits: Readonly<Record<string, string>> = {
  caller: 'die meldende Person',
  change: 'einen Change',
  problem: 'ein Problem',
  vendor: 'einen Lieferanten',
  parts: 'Ersatzteile',
  user_scheduled: 'den vereinbarten Termin',
} satisfies Record<(typeof holdReasons)[number], string>
const resolutions: Readonly<Record<string, string>> = {
  fixed: 'behoben',
  workaround: 'eine Umgehungslösung hilft',
  user_helped: 'die Bedienung wurde erklärt',
  no_fault_found: 'kein Fehler gefunden',
  resolved_by_itself: 'es hat sich von selbst erledigt',
  by_problem: 'durch ein gelöstes Problem',
  by_change: 'durch einen Change',
  with_parent: 'zusammen mit der übergeordneten Störung',
} satisfies Record<(typeof resolutionCodes)[number], string>
const cancellations: Readonly<Record<string, string>> = {
  duplicate: 'ein Duplikat',
  not_an_incident: 'keine Störung',
  raised_in_error: 'irrtümlich gemeldet',
  withdrawn: 'die meldende Person braucht es nicht mehr',
} satisfies Record<(typeof endReasons)[number], string>
const links: Readonly<Record<string, { readonly out: string; readonly in: string }>> = {
  related: { out: 'verwandt mit', in: 'verwandt mit' },
  duplicate_of: { out: 'Duplikat von', in: 'Original von' },
  follows: { out: 'Fortsetzung von', in: 'fortgesetzt in' },
}
const channels: Readonly<Record<string, string>> = {
  portal: 'im Portal',
  desk: 'am Service Desk',
  api: 'über die API',
  mail: 'per E-Mail',
  alert: 'durch einen Alarm',
  phone: 'per Telefon',
} satisfies Record<(typeof incidentChannels)[number], string>

const flagWords: Readonly<Record<PastFlag, string>> = {
  no_such_move: 'Unser Prozess kennt diesen Übergang nicht.',
  began_elsewhere: 'In unserem Prozess beginnt alles mit „Neu“.',
  from_columns: 'Ohne eigene Zeile: aus Spalten dieser Zeile.',
  unassigned: 'Niemand war zuständig, was unser Prozess verlangt.',
  no_hold_reason: 'Worauf gewartet wurde, steht nicht dabei.',
  no_code: 'Wie gelöst wurde, steht nicht dabei.',
  no_notes: 'Was getan wurde, steht nicht dabei.',
  no_cancel_reason: 'Warum storniert wurde, steht nicht dabei.',
  code_stands_in: 'Notizen ohne Lösungsart: ersatzweise „behoben“.',
  team_stands_in: 'Die Datei nennt kein Team: ersatzweise ein anderes.',
  caller_stands_in: 'Die Datei nennt keine meldende Person: ersatzweise eine andere.',
}

const clockMeasures: Readonly<Record<string, string>> = {
  response: 'Die Reaktion',
  update: 'Die nächste Rückmeldung',
  resolution: 'Die Lösung',
  assignment: 'Die Arbeit des Teams',
}

const clockOf = ({ text }: Words): string =>
  `${clockMeasures[text('slot').split('/')[1] ?? ''] ?? 'Eine Uhr'} nach „${text('name')}“`

const warned = (words: Words): string => {
  const { percent, minutesBefore } = warningIn(words)
  if (percent !== undefined) return `um ${instantOf(words, 'at')} waren ${percent} % der Zeit verbraucht`
  return minutesBefore === undefined
    ? `seit ${instantOf(words, 'at')}`
    : `um ${instantOf(words, 'at')} blieben ${minutesBefore} Arbeitsminuten`
}

const imported = (words: Words, said: string): string | null =>
  words.internal
    ? [
        said,
        ...flagsIn(words.data).map((flag) => flagWords[flag]),
        `Importiert aus Zeile ${lineIn(words.data)}.`,
      ]
        .filter((part) => part !== '')
        .join(' ')
    : said || null

const itemIs: Readonly<Record<string, string>> = {
  down: 'Ausgefallen',
  degraded: 'Beeinträchtigt',
  involved: 'Beteiligt',
}
const groundHealth = { down: 'ist ausgefallen', degraded: 'ist beeinträchtigt' } as const
const notFollowed = {
  findings: (at: number) =>
    `mehr als ${at} Objekte sind gestört; was die übrigen mitreißen, ist nicht gewogen`,
  edges: (at: number) => `mehr als ${at} Beziehungen führen von Gestörtem weiter; der Rest ist nicht gewogen`,
  depth: (at: number) => `Gestörtes wurde über ${at} Beziehungen verfolgt und nicht weiter`,
} as const
const groundText: Phrases['ground'] = (ground, name) =>
  ground.by === 'cut'
    ? notFollowed[ground.cut](ground.at)
    : ground.by === 'people'
      ? `${ground.count} Betroffene`
      : `${name(ground.id)} (Kritikalität ${ground.criticality}) ${groundHealth[ground.health]}`

const givenTo = (w: Words): string => {
  const [team, person] = [w.to('team_id'), w.to('assignee_id')]
  if (team !== null)
    return person === null
      ? `An ${w.name(team)} gegeben.`
      : `An ${w.name(person)} in ${w.name(team)} gegeben.`
  return person === null ? '' : `An ${w.name(person)} gegeben.`
}

const link = ({ data, text, name }: Words): string => {
  const words = links[text('type')]
  const way = data['direction'] === 'in' ? words?.in : words?.out
  return `${way ?? 'verknüpft mit'} ${name(data['recordId'])}`
}

const sentences: Phrases['sentences'] = {
  'incident.raised': (w) =>
    w.internal ? `Gemeldet ${channels[w.text('channel')] ?? `über ${w.text('channel')}`}.` : 'Gemeldet.',
  'incident.routed': (w) => routed(w.text('sentence')),
  'incident.assigned': (w) => {
    const person = w.to('assignee_id')
    const team = w.to('team_id')
    if (person === null && team === null) return 'Zurück an das Team gegeben.'
    if (person === null) return `An ${w.name(team)} gegeben.`
    return team === null
      ? `An ${w.name(person)} gegeben.`
      : `An ${w.name(person)} in ${w.name(team)} gegeben.`
  },
  'incident.bounced': (w) => `Zurückgekommen: ${teamsOf(w)}, nach ${w.text('minutesAway')} Minuten.`,
  'incident.edited': () => null,
  'incident.item_named': (w) =>
    `${itemIs[w.text('effect')] ?? itemIs['involved']}: ${w.name(w.data['itemId'])}.`,
  'incident.item_dropped': (w) => `Hat mit ${w.name(w.data['itemId'])} doch nichts zu tun.`,
  'incident.impact_raised': (w) =>
    `Auswirkung von selbst auf ${w.changed('impact')} gestiegen${becauseOf(groundsIn(w.data).map((ground) => groundText(ground, w.name)))}.`,
  'incident.impact_weighed': (w) =>
    `Objekte und Betroffene ergeben jetzt die Auswirkung ${w.changed('impact_computed')}; die Auswirkung bleibt, wie sie ist${becauseOf(groundsIn(w.data).map((ground) => groundText(ground, w.name)))}.`,
  'incident.priority_overridden': (w) =>
    `Priorität von Hand gesetzt${w.changed('priority') === '' ? '' : ` auf ${w.changed('priority')}`}${because(w, w.changed('override_reason'))}.`,
  'incident.priority_computed': (w) => `Die berechnete Priorität gilt wieder${because(w, w.text('reason'))}.`,
  'incident.started': () => 'Arbeit begonnen.',
  'incident.held': (w) => {
    const on = w.internal && w.to('hold_on') !== null ? ` ${w.changed('hold_on')}` : ''
    return `Wartet auf ${waits[w.changed('hold_reason')] ?? 'etwas'}${on}.`
  },
  'incident.resumed': (w) => {
    if (w.data['action'] === 'caller_replied') return 'Die meldende Person hat geantwortet; es geht weiter.'
    return w.data['action'] === 'wait_ended' ? 'Das Warten ist vorbei; es geht weiter.' : 'Es geht weiter.'
  },
  'incident.resolved': (w) => `Gelöst: ${resolutions[w.changed('resolution_code')] ?? 'erledigt'}.`,
  'incident.reopened': (w) =>
    w.data['action'] === 'still_broken'
      ? 'Immer noch gestört.'
      : `Wieder geöffnet${because(w, w.text('reason'))}.`,
  'incident.closed': (w) =>
    w.data['action'] === 'confirm'
      ? 'Geschlossen: Die meldende Person hat bestätigt, dass es funktioniert.'
      : 'Geschlossen: Niemand hat widersprochen.',
  'incident.canceled': (w) =>
    w.internal && w.data['duplicateOf'] !== undefined
      ? `Storniert: Duplikat von ${w.name(w.data['duplicateOf'])}.`
      : `Storniert: ${cancellations[w.changed('cancel_reason')] ?? 'ohne Angabe eines Grundes'}.`,
  'incident.taken_back': () =>
    'Zurückgenommen: Eine Änderung an vielen Störungen auf einmal wurde rückgängig gemacht.',
  'incident.commented': () => null,
  'incident.attached': (w) => `Angehängt: ${w.text('name')}.`,
  'incident.attached_for_team': (w) => `Für das Team angehängt: ${w.text('name')}.`,
  'incident.detached': (w) => `Entfernt: ${w.text('name')}.`,
  'incident.detached_for_team': (w) => `Datei des Teams entfernt: ${w.text('name')}.`,
  'incident.noted': () => null,
  'incident.watched': (w) =>
    w.data['shared'] === true
      ? `Mit ${w.name(w.data['personId'])} geteilt.`
      : `${w.name(w.data['personId'])} beobachtet sie.`,
  'incident.unwatched': (w) => `${w.name(w.data['personId'])} beobachtet sie nicht mehr.`,
  'incident.affected_added': (w) => `Betrifft auch ${w.names(w.data['affected'])}.`,
  'incident.affected_removed': (w) => `Betrifft ${w.names(w.data['affected'])} nicht mehr.`,
  'incident.linked': (w) => `Verknüpft: ${link(w)}.`,
  'incident.unlinked': (w) => `Nicht mehr verknüpft: ${link(w)}.`,
  'incident.clock_warned': (w) => `${clockOf(w)} läuft bald ab: ${warned(w)}.`,
  'incident.clock_missed': (w) =>
    `${clockOf(w)} wurde verfehlt: Die Zeit war um ${instantOf(w, 'at')} verbraucht.`,
  'incident.clock_withdrawn': (w) => `${clockOf(w)} wurde um ${instantOf(w, 'at')} doch nicht verfehlt.`,
  'incident.parent_changed': (w) =>
    w.to('parent_id') === null
      ? 'Hat keine übergeordnete Störung mehr.'
      : `Ist jetzt ${w.name(w.to('parent_id'))} untergeordnet.`,
  'incident.children_changed': (w) =>
    w.data['added'] === undefined
      ? `${w.name(w.data['removed'])} ist ihr nicht mehr untergeordnet.`
      : `${w.name(w.data['added'])} ist ihr jetzt untergeordnet.`,
  'incident.macro_used': (w) => `Makro „${w.text('name')}“, Version ${w.text('macroVersion')}.`,
  'incident.checklist_added': (w) => `Zu tun: ${itemsOf(w)}.`,
  'incident.checklist_edited': (w) => `Zu tun, neu gefasst: ${w.text('text')} (bisher: ${w.text('before')}).`,
  'incident.checklist_ticked': (w) => `Erledigt: ${w.text('text')}.`,
  'incident.checklist_unticked': (w) => `Doch nicht erledigt: ${w.text('text')}.`,
  'incident.checklist_removed': (w) => `Nicht mehr zu tun: ${w.text('text')}.`,
  'incident.kept_open': (w) =>
    `Bleibt offen, obwohl die übergeordnete Störung gelöst wurde${because(w, w.text('reason'))}.`,
  'incident.imported': (w) =>
    imported(w, w.internal ? `Begann mit dem Zustand ${w.state(w.data['state'])}.` : 'Gemeldet.'),
  'incident.imported_update': (w) => {
    const state = w.to('state') === null ? '' : `Neuer Zustand: ${w.changed('state')}.`
    return imported(w, [state, w.internal ? givenTo(w) : ''].filter((part) => part !== '').join(' '))
  },
  'incident.imported_comment': (w) => imported(w, ''),
  'incident.imported_note': (w) => imported(w, ''),
}

type Parts = readonly (readonly [RegExp, string])[]

/**
 * The sentence that routing stored with its decision: what claimed the record, and who was picked. Its test holds it to what routing says. The
 * conditions of a rule were described in English when it decided; the rule, whose name stands here, says them in the reader's language.
 */
const claims: Parts = [
  [/^Assigned by hand\.$/, 'Von Hand zugewiesen.'],
  [/^Imported from (.*)\.$/, 'Importiert aus $1.'],
  [/^No rule and no service claims it\./, 'Keine Regel und kein Dienst beansprucht sie.'],
  [/^Rule “(.*?)”: (?:“[^”]*”|[^“])*?\.(?= |$)/s, 'Die Regel „$1“ trifft zu.'],
  [
    /^This team supports (.*), which stands on what it happens to\./,
    'Dieses Team betreut $1, und der Dienst beruht auf dem, was betroffen ist.',
  ],
  [/^This team supports what it happens to\./, 'Dieses Team betreut, was betroffen ist.'],
  [/^(.*?) is supported by this team\./, '$1 wird von diesem Team betreut.'],
]
const picks: Parts = [
  [
    /^ Nobody is picked outside the working hours of the team\.$/,
    ' Außerhalb der Arbeitszeiten des Teams wird niemand ausgewählt.',
  ],
  [/^ Nobody in the team could be picked\.$/, ' Im Team konnte niemand ausgewählt werden.'],
  [
    /^ (.+) got something longest ago, of (\d+)\.$/,
    ' Bei $1 liegt die letzte Zuweisung am längsten zurück, von $2 Personen.',
  ],
  [
    /^ (.+) has the least open work \((\d+)\), of (\d+)\.$/,
    ' $1 hat die wenigste offene Arbeit ($2), von $3 Personen.',
  ],
]
const firstOf = (parts: Parts, text: string): { readonly said: string; readonly rest: string } => {
  for (const [english, german] of parts) {
    const [found] = english.exec(text) ?? []
    if (found !== undefined) return { said: found.replace(english, german), rest: text.slice(found.length) }
  }
  return { said: '', rest: text }
}
const routed = (stored: string): string => {
  const claim = firstOf(claims, stored)
  const pick = firstOf(picks, claim.rest)
  return `${claim.said}${pick.said}${pick.rest}`
}

const moves: Readonly<Partial<Record<IncidentAction, string>>> = {
  start: 'Arbeit beginnen',
  hold: 'Zurückstellen',
  resume: 'Fortsetzen',
  resolve: 'Lösen',
  reopen: 'Wieder öffnen',
  still_broken: 'Immer noch gestört',
  confirm: 'Es funktioniert',
  cancel: 'Stornieren',
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const guards: Readonly<Record<IncidentGuard, (facts: IncidentFacts) => string>> = {
  assigned: () => 'zuerst einer Person zuweisen',
  hold_reason: () => 'angeben, worauf gewartet wird',
  caller_asked: () => 'der meldenden Person eine lesbare Frage stellen',
  dependency_named: ({ holdReason }) =>
    holdReason === 'vendor'
      ? 'die Vorgangsnummer des Lieferanten angeben'
      : `${holdReason === 'change' ? 'den Change angeben, auf den' : 'das Problem angeben, auf das'} gewartet wird`,
  date_named: () => 'angeben, für wann es vereinbart ist',
  held_for_caller: () => 'es wird nicht auf die meldende Person gewartet',
  wait_over: () => 'worauf gewartet wird, ist noch nicht eingetreten',
  resolution_code: () => 'die Art der Lösung wählen',
  resolution_notes: () => 'aufschreiben, was getan wurde',
  no_open_tasks: ({ openTasks }) =>
    `zuerst ${counted(openTasks, 'offene Aufgabe', 'offene Aufgaben')} erledigen oder stornieren`,
  children_handled: ({ openChildrenUnexplained: count }) =>
    count === 1
      ? '1 offene untergeordnete Störung wird weder mit gelöst noch ausgenommen'
      : `${count} offene untergeordnete Störungen werden weder mit gelöst noch ausgenommen`,
  no_open_children: ({ openChildren }) =>
    `zuerst ${counted(openChildren, 'offene untergeordnete Störung', 'offene untergeordnete Störungen')} lösen oder ablösen`,
  parent_resolved: () => 'die übergeordnete Störung wird gerade nicht gelöst',
  by_caller: () => 'das kann nur die Person sagen, bei der es auftrat',
  reopen_reason: () => 'angeben, warum sie wieder offen ist',
  within_window: () => 'die Frist zum Wiederöffnen ist vorbei; eine neue Störung melden',
  quiet_long_enough: () => 'die meldende Person hat noch Zeit zu widersprechen',
  cancel_reason: () => 'den Grund der Stornierung angeben',
  duplicate_named: () => 'die Störung angeben, deren Duplikat dies ist',
}
const isGuard = (code: string): code is IncidentGuard => Object.hasOwn(guards, code)

const states = {
  new: 'Neu',
  in_progress: 'In Arbeit',
  on_hold: 'Zurückgestellt',
  resolved: 'Gelöst',
  closed: 'Geschlossen',
  canceled: 'Storniert',
} as const

const levels = { 1: 'hoch', 2: 'mittel', 3: 'niedrig' } as const
const priorities = { 1: 'kritisch', 2: 'hoch', 3: 'mittel', 4: 'niedrig', 5: 'Planung' } as const

const permission = (name: string): string => `dafür ist bei dieser Störung die Berechtigung ${name} nötig`

export const german: Phrases = {
  sentences,
  states,
  move: (action, label) => moves[action] ?? label,
  guarded: (reasons, facts) =>
    reasons.map(({ code, message }) => ({
      code,
      message: isGuard(code)
        ? guards[code](facts)
        : message.startsWith('this needs the permission ')
          ? permission(code)
          : message,
    })),
  unfit: (_, state, fits) =>
    incidentProcess.states[state].final === true
      ? `${states[state]} lässt das nicht zu; der Vorgang ist abgeschlossen, eine neue Störung kann ihn fortsetzen`
      : `${states[state]} lässt das nicht zu; möglich ist es bei: ${fits.map((name) => states[name]).join(', ')}`,
  permission,
  priorities,
  levels,
  ground: groundText,
  priorityReason: (facts, version) => {
    const matrix = version === 0 ? 'der Matrix, die mit dem Produkt kommt' : `Version ${version} der Matrix`
    const raised =
      facts.urgencyRaisedFrom === null
        ? ''
        : ` (für eine sehr wichtige Person von ${levels[facts.urgencyRaisedFrom]} angehoben)`
    const computed = `Auswirkung ${levels[facts.impact]} und Dringlichkeit ${levels[facts.urgency]}${raised} ergeben ${facts.computed} ${priorities[facts.computed]} nach ${matrix}`
    if (facts.override === null) return `${computed}.`
    const set = `Von Hand auf ${facts.priority} ${priorities[facts.priority]} gesetzt`
    return facts.override.reason === null
      ? `${set} (${computed}).`
      : `${set}: ${facts.override.reason} (${computed}).`
  },
  routed,
  unseen: 'etwas, das hier nicht sichtbar ist',
  nobody: 'niemanden',
  somebody: 'jemand',
  erased: '(gelöscht)',
  actingAs: (who, as) => `${who} im Namen von ${as}`,
}
