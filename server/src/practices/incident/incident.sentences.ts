import type { TimelineItem } from '@evenkeel/contract/incident'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { incidentEntries, type IncidentEntryType } from './incident.entries.ts'
import { groundsIn } from './incident.impact.ts'
import { phrasesIn } from './incident.language.ts'
import type { Phrases, Words } from './incident.phrases.ts'

/** An entry as the journal keeps it, with its personal values put back. */
export type Told = { readonly type: string; readonly data: JsonObject }

/** Words for the ids that entries mention. An id that is not among them is not this reader's to know. */
export type NamesById = ReadonlyMap<string, string>

export type Described = Pick<TimelineItem, 'audience' | 'body' | 'changes' | 'sentence'>

/**
 * One entry in words. Readers who may not see internals get state changes, public comments and the resolution; everything else is
 * left out here even if the entry came this far.
 */
export const described = (
  entry: Told,
  names: NamesById,
  internal: boolean,
  language: string = 'en',
): Described => {
  const { type, data } = entry
  const phrases = phrasesIn(language)
  if (!isKnown(type)) return { audience: null, body: null, changes: [], sentence: null }
  const words: Words = {
    data,
    internal,
    text: (key) => textOf(data[key], phrases),
    changed: (column) => changedTo(data, column, phrases),
    name: (id) => (typeof id === 'string' ? (names.get(id) ?? phrases.unseen) : phrases.nobody),
    names: (ids) =>
      Array.isArray(ids)
        ? ids
            .map((id: Json) => (typeof id === 'string' ? (names.get(id) ?? phrases.somebody) : ''))
            .join(', ')
        : '',
    to: (column) => changeOf(data, column)?.to ?? null,
    state: (value) => (value === undefined ? '' : stateText(value, phrases)),
  }
  return {
    audience: saidTo[type] ?? null,
    body: bodyOf(type, words),
    changes: shownChanges(data, names, internal, phrases),
    sentence: phrases.sentences[type](words),
  }
}

const isKnown = (type: string): type is IncidentEntryType => Object.hasOwn(incidentEntries, type)

const saidTo: { readonly [type in IncidentEntryType]?: 'public' | 'team' } = {
  'incident.commented': 'public',
  'incident.noted': 'team',
  'incident.imported_comment': 'public',
  'incident.imported_note': 'team',
}

const bodyOf = (type: IncidentEntryType, { text, changed, to }: Words): string | null => {
  if (saidTo[type] !== undefined) return text('body')
  if (type === 'incident.resolved') return changed('resolution_notes')
  return type === 'incident.imported_update' && to('state') === 'resolved'
    ? changed('resolution_notes') || null
    : null
}

type Change = { readonly from: Json; readonly to: Json }

const changeOf = (data: JsonObject, column: string): Change | null => {
  const { changes } = data
  const change = isJsonObject(changes) && Object.hasOwn(changes, column) ? changes[column] : undefined
  if (!isJsonObject(change)) return null
  return { from: change['from'] ?? null, to: change['to'] ?? null }
}

const changedTo = (data: JsonObject, column: string, phrases: Phrases): string => {
  const value = changeOf(data, column)?.to ?? null
  return value === null ? '' : (shown[column]?.text ?? textOf)(value, phrases)
}

const priorityText = (value: Json, { priorities }: Phrases): string =>
  value === 1 || value === 2 || value === 3 || value === 4 || value === 5
    ? `${value} ${priorities[value]}`
    : ''
const levelText = (value: Json, { levels }: Phrases): string =>
  value === 1 || value === 2 || value === 3 ? levels[value] : ''
const stateText = (value: Json, { states }: Phrases): string =>
  Object.entries(states).find(([name]) => name === value)?.[1] ?? ''

type Shown = {
  /** As the API names it. */
  readonly field: string
  readonly ids?: true
  readonly text?: (value: Json, phrases: Phrases) => string
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
  impact_computed: { field: 'impactComputed', text: levelText },
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

const shownChanges = (
  data: JsonObject,
  names: NamesById,
  internal: boolean,
  phrases: Phrases,
): Described['changes'] => {
  const { changes } = data
  if (!isJsonObject(changes)) return []
  const custom = Object.keys(changes).filter((column) => column.startsWith('custom.'))
  return [...Object.keys(shown), ...custom.sort()].flatMap((column) => {
    const change = changeOf(data, column)
    const rule: Shown | undefined = column.startsWith('custom.') ? { field: column } : shown[column]
    if (change === null || rule === undefined || !(internal || rule.public === true)) return []
    const text = (value: Json): string | null => {
      if (value === null) return null
      if (rule.ids === true && typeof value === 'string') return names.get(value) ?? phrases.unseen
      return (rule.text ?? textOf)(value, phrases)
    }
    return [{ field: rule.field, from: text(change.from), to: text(change.to) }]
  })
}

const textOf = (value: Json | undefined, { erased }: Phrases): string => {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isJsonObject(value) && value['$erased'] === true ? erased : JSON.stringify(value)
}

/** The ids that an entry mentions, by what they are. */
export type Mentioned = {
  readonly people: Set<string>
  readonly teams: Set<string>
  readonly services: Set<string>
  readonly incidents: Set<string>
  readonly items: Set<string>
}

export const mentionedIn = (entries: readonly Told[]): Mentioned => {
  const mentioned: Mentioned = {
    people: new Set(),
    teams: new Set(),
    services: new Set(),
    incidents: new Set(),
    items: new Set(),
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
    add(mentioned.items, data['itemId'])
    for (const ground of groundsIn(data)) if (ground.by === 'service') mentioned.services.add(ground.id)
    for (const key of ['recordId', 'duplicateOf', 'added', 'removed']) add(mentioned.incidents, data[key])
  }
  return mentioned
}
