import type { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import type { incidentStates } from '@evenkeel/contract/incident'
import type { FieldWords } from '../../kernel/filter/language.ts'
import { germanRoutingFields } from '../routing/index.ts'
import { german as phrases } from './incident.phrases.de.ts'

/** What incidents are filtered by, in German. */
export const german: FieldWords = {
  labels: {
    ...germanRoutingFields.labels,
    number: 'Nummer',
    state: 'Status',
    open: 'offen',
    team: 'Team',
    assignee: 'zuständige Person',
    affected: 'Betroffene',
    watcher: 'Beobachtende',
    item: 'Objekt',
    stands_on: 'beruht auf',
    updated: 'geändert',
    resolved: 'gelöst',
    closed: 'geschlossen',
    last_public: 'zuletzt informiert',
    hold: 'wartet auf',
    resolution: 'Lösung',
    reopened: 'wie oft wieder geöffnet',
    parent: 'übergeordnete Störung',
    reassigned: 'wie oft weitergegeben',
    deadline: 'läuft ab',
    hold_until: 'wartet bis',
    was_with: 'war schon bei',
    given_away: 'weitergegeben von',
    came_back: 'zurückgekommen zu',
  },
  choices: {
    ...germanRoutingFields.choices,
    state: phrases.states satisfies Record<(typeof incidentStates)[number], string>,
    priority: Object.fromEntries(
      Object.entries(phrases.priorities).map(([priority, name]) => [priority, `${priority} ${name}`]),
    ),
    hold: {
      caller: 'meldende Person',
      change: 'Change',
      problem: 'Problem',
      vendor: 'Lieferant',
      parts: 'Ersatzteile',
      user_scheduled: 'vereinbarter Termin',
    } satisfies Record<(typeof holdReasons)[number], string>,
    resolution: {
      fixed: 'behoben',
      workaround: 'Umgehungslösung',
      user_helped: 'Bedienung erklärt',
      no_fault_found: 'kein Fehler gefunden',
      resolved_by_itself: 'von selbst erledigt',
      by_problem: 'durch ein Problem',
      by_change: 'durch einen Change',
      with_parent: 'mit der übergeordneten Störung',
    } satisfies Record<(typeof resolutionCodes)[number], string>,
  },
}
