import type { TimelineItem } from '@evenkeel/contract/incident'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { incidentEntries, type IncidentEntryType } from './incident.entries.ts'
import { levelNames, priorityNames } from './incident.priority.ts'
import { incidentProcess } from './incident.process.ts'

/** An entry as the journal keeps it, with its personal values put back. */
export type Told = { readonly type: string; readonly data: JsonObject }

/** Words for the ids that entries mention. An id that is not among them is not this reader's to know. */
export type NamesById = ReadonlyMap<string, string>

export type Described = Pick<TimelineItem, 'audience' | 'body' | 'changes' | 'sentence'>

/**
 * One entry in words. Readers who may not see internals get state changes, public comments and the resolution; everything else is
 * left out here even if the entry came this far.
 */
export const described = (entry: Told, names: NamesById, internal: boolean): Described => {
  const { type, data } = entry
  if (!isKnown(type)) return { audience: null, body: null, changes: [], sentence: null }
  const words: Words = {
    data,
    internal,
    text: (key) => textOf(data[key]),
    name: (id) => (typeof id === 'string' ? (names.get(id) ?? 'something you may not see') : 'nobody'),
    names: (ids) =>
      Array.isArray(ids)
        ? ids.map((id: Json) => (typeof id === 'string' ? (names.get(id) ?? 'somebody') : '')).join(', ')
        : '',
    to: (column) => changeOf(data, column)?.to ?? null,
  }
  return {
    audience: type === 'incident.commented' ? 'public' : type === 'incident.noted' ? 'team' : null,
    body: bodyOf(type, words),
    changes: shownChanges(data, names, internal),
    sentence: sentences[type](words),
  }
}

const isKnown = (type: string): type is IncidentEntryType => Object.hasOwn(incidentEntries, type)

type Words = {
  readonly data: JsonObject
  readonly internal: boolean
  readonly text: (key: string) => string
  readonly name: (id: Json | undefined) => string
  readonly names: (ids: Json | undefined) => string
  readonly to: (column: string) => Json
}

const bodyOf = (type: IncidentEntryType, { text, to }: Words): string | null => {
  if (type === 'incident.commented' || type === 'incident.noted') return text('body')
  if (type === 'incident.resolved') return textOf(to('resolution_notes'))
  return null
}

/** A reason behind what was said, for the team only. */
const because = ({ internal }: Words, reason: string): string =>
  internal && reason !== '' ? `: ${reason.replace(/[.\s]+$/, '')}` : ''

const waits: Readonly<Record<string, string>> = {
  caller: 'the caller',
  change: 'a change',
  problem: 'a problem',
  vendor: 'a vendor',
  parts: 'parts',
  user_scheduled: 'the agreed date',
}
const resolutions: Readonly<Record<string, string>> = {
  fixed: 'fixed',
  workaround: 'a workaround helps',
  user_helped: 'the caller was shown how',
  no_fault_found: 'no fault found',
  resolved_by_itself: 'it went away by itself',
  by_problem: 'by a problem that was solved',
  by_change: 'by a change',
  with_parent: 'together with the incident it belongs to',
}
const cancellations: Readonly<Record<string, string>> = {
  duplicate: 'a duplicate',
  not_an_incident: 'not an incident',
  raised_in_error: 'raised in error',
  withdrawn: 'the caller no longer needs it',
}
const linkWords: Readonly<Record<string, { readonly out: string; readonly in: string }>> = {
  related: { out: 'related to', in: 'related to' },
  duplicate_of: { out: 'a duplicate of', in: 'the original of' },
  follows: { out: 'following', in: 'followed by' },
}

const link = ({ data, text, name }: Words): string => {
  const words = linkWords[text('type')]
  return `${data['direction'] === 'in' ? (words?.in ?? 'linked to') : (words?.out ?? 'linked to')} ${name(data['recordId'])}`
}

const sentences: Readonly<Record<IncidentEntryType, (words: Words) => string | null>> = {
  'incident.raised': (w) => (w.internal ? `Raised by ${w.text('channel')}.` : 'Raised.'),
  'incident.routed': (w) => w.text('sentence'),
  'incident.assigned': (w) => {
    const person = w.to('assignee_id')
    const team = w.to('team_id')
    if (person === null && team === null) return 'Given back to the team.'
    if (person === null) return `Given to ${w.name(team)}.`
    return team === null ? `Given to ${w.name(person)}.` : `Given to ${w.name(person)} in ${w.name(team)}.`
  },
  'incident.bounced': (w) => `Came back: ${teamsOf(w)}, ${w.text('minutesAway')} minutes later.`,
  'incident.edited': () => null,
  'incident.priority_overridden': (w) =>
    `Priority set to ${priorityText(w.to('priority')) ?? 'the same'} by hand${because(w, textOf(w.to('override_reason')))}.`,
  'incident.priority_computed': (w) => `The computed priority counts again${because(w, w.text('reason'))}.`,
  'incident.started': () => 'Work started.',
  'incident.held': (w) => {
    const on = w.internal && w.to('hold_on') !== null ? ` ${textOf(w.to('hold_on'))}` : ''
    return `Waits for ${waits[textOf(w.to('hold_reason'))] ?? 'something'}${on}.`
  },
  'incident.resumed': (w) => {
    if (w.data['action'] === 'caller_replied') return 'The caller replied; work goes on.'
    return w.data['action'] === 'wait_ended' ? 'The wait is over; work goes on.' : 'Work goes on.'
  },
  'incident.resolved': (w) => `Resolved: ${resolutions[textOf(w.to('resolution_code'))] ?? 'done'}.`,
  'incident.reopened': (w) =>
    w.data['action'] === 'still_broken' ? 'Still broken.' : `Reopened${because(w, w.text('reason'))}.`,
  'incident.closed': (w) =>
    w.data['action'] === 'confirm'
      ? 'Closed: the caller confirmed that it works.'
      : 'Closed: nobody objected.',
  'incident.canceled': (w) => {
    const what = cancellations[textOf(w.to('cancel_reason'))] ?? 'no reason given'
    return w.internal && w.data['duplicateOf'] !== undefined
      ? `Canceled: a duplicate of ${w.name(w.data['duplicateOf'])}.`
      : `Canceled: ${what}.`
  },
  'incident.taken_back': () => 'Taken back: a change made to many incidents at once was undone.',
  'incident.commented': () => null,
  'incident.attached': (w) => `Attached ${w.text('name')}.`,
  'incident.attached_for_team': (w) => `Attached ${w.text('name')} for the team.`,
  'incident.detached': (w) => `Took ${w.text('name')} off.`,
  'incident.detached_for_team': (w) => `Took ${w.text('name')} off, a file of the team.`,
  'incident.noted': () => null,
  'incident.watched': (w) =>
    w.data['shared'] === true
      ? `Shared with ${w.name(w.data['personId'])}.`
      : `${w.name(w.data['personId'])} watches it.`,
  'incident.unwatched': (w) => `${w.name(w.data['personId'])} no longer watches it.`,
  'incident.affected_added': (w) => `Happens to ${w.names(w.data['affected'])} too.`,
  'incident.affected_removed': (w) => `No longer happens to ${w.names(w.data['affected'])}.`,
  'incident.linked': (w) => `Linked as ${link(w)}.`,
  'incident.unlinked': (w) => `No longer linked as ${link(w)}.`,
  'incident.parent_changed': (w) =>
    w.to('parent_id') === null
      ? 'Has no parent any more.'
      : `Became a child of ${w.name(w.to('parent_id'))}.`,
  'incident.children_changed': (w) =>
    w.data['added'] === undefined
      ? `${w.name(w.data['removed'])} is no child of it any more.`
      : `${w.name(w.data['added'])} became a child of it.`,
  'incident.macro_used': (w) => `Macro "${w.text('name')}", version ${w.text('macroVersion')}.`,
  'incident.kept_open': (w) => `Stays open although its parent was resolved${because(w, w.text('reason'))}.`,
}

const teamsOf = ({ data, name }: Words): string => {
  const { teams } = data
  return Array.isArray(teams) ? teams.map((team: Json) => name(team)).join(' → ') : ''
}

type Change = { readonly from: Json; readonly to: Json }

const changeOf = (data: JsonObject, column: string): Change | null => {
  const { changes } = data
  const change = isJsonObject(changes) && Object.hasOwn(changes, column) ? changes[column] : undefined
  if (!isJsonObject(change)) return null
  return { from: change['from'] ?? null, to: change['to'] ?? null }
}

const priorityText = (value: Json): string | null =>
  value === 1 || value === 2 || value === 3 || value === 4 || value === 5
    ? `${value} ${priorityNames[value]}`
    : null
const levelText = (value: Json): string | null =>
  value === 1 || value === 2 || value === 3 ? levelNames[value] : null
const stateText = (value: Json): string | null => {
  const found = Object.entries(incidentProcess.states).find(([name]) => name === value)
  return found === undefined ? null : found[1].label
}

type Shown = {
  /** As the API names it. */
  readonly field: string
  readonly ids?: true
  readonly text?: (value: Json) => string | null
  readonly public?: true
}

/** The columns whose changes a timeline shows. What is not here is bookkeeping. */
const shown: Readonly<Record<string, Shown>> = {
  state: { field: 'state', text: stateText, public: true },
  title: { field: 'title' },
  description: { field: 'description' },
  priority: { field: 'priority', text: priorityText },
  computed_priority: { field: 'computedPriority', text: priorityText },
  impact: { field: 'impact', text: levelText },
  urgency: { field: 'urgency', text: levelText },
  service_id: { field: 'service', ids: true },
  team_id: { field: 'team', ids: true },
  assignee_id: { field: 'assignee', ids: true },
  parent_id: { field: 'parent', ids: true },
  category: { field: 'category' },
  confidentiality: { field: 'confidentiality' },
  hold_reason: { field: 'holdReason' },
  hold_on: { field: 'holdOn' },
  hold_until: { field: 'holdUntil' },
  resolution_code: { field: 'resolutionCode' },
  cancel_reason: { field: 'cancelReason' },
  override_reason: { field: 'overrideReason' },
}

const shownChanges = (data: JsonObject, names: NamesById, internal: boolean): Described['changes'] => {
  const { changes } = data
  if (!isJsonObject(changes)) return []
  const custom = Object.keys(changes).filter((column) => column.startsWith('custom.'))
  return [...Object.keys(shown), ...custom.sort()].flatMap((column) => {
    const change = changeOf(data, column)
    const rule: Shown | undefined = column.startsWith('custom.') ? { field: column } : shown[column]
    if (change === null || rule === undefined || !(internal || rule.public === true)) return []
    const text = (value: Json): string | null => {
      if (value === null) return null
      if (rule.ids === true && typeof value === 'string')
        return names.get(value) ?? 'something you may not see'
      return rule.text === undefined ? textOf(value) : rule.text(value)
    }
    return [{ field: rule.field, from: text(change.from), to: text(change.to) }]
  })
}

const textOf = (value: Json | undefined): string => {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isJsonObject(value) && value['$erased'] === true ? '(erased)' : JSON.stringify(value)
}

/** The ids that an entry mentions, by what they are. */
export type Mentioned = {
  readonly people: Set<string>
  readonly teams: Set<string>
  readonly services: Set<string>
  readonly incidents: Set<string>
}

export const mentionedIn = (entries: readonly Told[]): Mentioned => {
  const mentioned: Mentioned = {
    people: new Set(),
    teams: new Set(),
    services: new Set(),
    incidents: new Set(),
  }
  const add = (set: Set<string>, value: Json | undefined): void => {
    if (typeof value === 'string') set.add(value)
    else if (Array.isArray(value)) for (const item of value) if (typeof item === 'string') set.add(item)
  }
  for (const { data } of entries) {
    for (const [column, set] of [
      ['assignee_id', mentioned.people],
      ['team_id', mentioned.teams],
      ['service_id', mentioned.services],
      ['parent_id', mentioned.incidents],
    ] as const) {
      const change = changeOf(data, column)
      add(set, change?.from)
      add(set, change?.to)
    }
    for (const key of ['personId', 'affected']) add(mentioned.people, data[key])
    add(mentioned.teams, data['teams'])
    for (const key of ['recordId', 'duplicateOf', 'added', 'removed']) add(mentioned.incidents, data[key])
  }
  return mentioned
}
