import { isJsonObject, type JsonObject } from '../../kernel/evidence/canonical-json.ts'

/**
 * Everything the journal says about incidents, and who hears it. `everyone`: the caller's timeline shows it. `page`: it changes what
 * the caller's page shows, but the entry itself is for the team. `team`: the caller must not even notice.
 */
export const incidentEntries = {
  'incident.raised': 'everyone',
  'incident.routed': 'team',
  'incident.assigned': 'page',
  'incident.bounced': 'team',
  'incident.edited': 'page',
  'incident.priority_overridden': 'page',
  'incident.priority_computed': 'page',
  'incident.started': 'everyone',
  'incident.held': 'everyone',
  'incident.resumed': 'everyone',
  'incident.resolved': 'everyone',
  'incident.reopened': 'everyone',
  'incident.closed': 'everyone',
  'incident.canceled': 'everyone',
  'incident.taken_back': 'page',
  'incident.commented': 'everyone',
  'incident.noted': 'team',
  'incident.watched': 'team',
  'incident.unwatched': 'team',
  'incident.affected_added': 'page',
  'incident.affected_removed': 'page',
  'incident.item_named': 'team',
  'incident.item_dropped': 'team',
  'incident.impact_raised': 'page',
  'incident.impact_weighed': 'team',
  'incident.linked': 'page',
  'incident.unlinked': 'page',
  'incident.clock_warned': 'team',
  'incident.clock_missed': 'team',
  'incident.clock_withdrawn': 'team',
  'incident.parent_changed': 'page',
  'incident.children_changed': 'page',
  'incident.kept_open': 'team',
  'incident.macro_used': 'team',
  'incident.checklist_added': 'team',
  'incident.checklist_edited': 'team',
  'incident.checklist_ticked': 'team',
  'incident.checklist_unticked': 'team',
  'incident.checklist_removed': 'team',
  'incident.attached': 'everyone',
  'incident.attached_for_team': 'team',
  'incident.detached': 'everyone',
  'incident.detached_for_team': 'team',
  // What another system did, at its own time: nothing here reacts to these.
  'incident.imported': 'everyone',
  'incident.imported_update': 'page',
  'incident.imported_comment': 'everyone',
  'incident.imported_note': 'team',
} as const satisfies Record<string, 'everyone' | 'page' | 'team'>
export type IncidentEntryType = keyof typeof incidentEntries

const heardBy = (audience: 'everyone' | 'page' | 'team'): ReadonlySet<string> =>
  new Set(Object.entries(incidentEntries).flatMap(([type, heard]) => (heard === audience ? [type] : [])))

/** Entry types that readers who may not see internals must not even notice. */
export const teamOnlyEntries = heardBy('team')
/** Entry types of the caller's timeline; a new type is not among them until somebody says so. */
export const publicEntries = heardBy('everyone')

/** Of these, every reader hears that it is in another state; whatever else they change is for the team. */
export const stateOnlyEntries: readonly string[] = [
  'incident.taken_back',
  'incident.imported_update',
] satisfies readonly IncidentEntryType[]

/** May every reader of the incident hear of this entry? */
export const isForEveryone = ({
  type,
  data,
}: {
  readonly type: string
  readonly data: JsonObject
}): boolean =>
  publicEntries.has(type) ||
  (stateOnlyEntries.includes(type) &&
    isJsonObject(data['changes']) &&
    Object.hasOwn(data['changes'], 'state'))
