import type { IncidentAction, IncidentState, Level, Priority } from '@evenkeel/contract/incident'
import type { Reason } from '@evenkeel/contract/refusal'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { IncidentEntryType } from './incident.entries.ts'
import { flagsIn, lineIn, type PastFlag } from './incident.past.flags.ts'
import { groundsIn, type ImpactGround } from './incident.impact.ts'
import { levelNames, priorityNames, priorityReason, type PriorityFacts } from './incident.priority.ts'
import { incidentProcess, type IncidentFacts } from './incident.process.ts'

/** What a sentence is made of: the entry, and words for what it mentions. */
export type Words = {
  readonly data: JsonObject
  readonly internal: boolean
  readonly text: (key: string) => string
  /** What an entry changed a column to, as text. */
  readonly changed: (column: string) => string
  readonly name: (id: Json | undefined) => string
  readonly names: (ids: Json | undefined) => string
  readonly to: (column: string) => Json
  /** What a state is called. */
  readonly state: (value: Json | undefined) => string
}

/** Everything that the server says about an incident, in one language. What people wrote is repeated as they wrote it. */
export type Phrases = {
  readonly sentences: Readonly<Record<IncidentEntryType, (words: Words) => string | null>>
  readonly states: Readonly<Record<IncidentState, string>>
  readonly priorities: Readonly<Record<Priority, string>>
  readonly levels: Readonly<Record<Level, string>>
  /** What the button of a move says, given what the process calls it. */
  readonly move: (action: IncidentAction, label: string) => string
  /** Reasons why a move is not ready, for the facts that the guards looked at. */
  readonly guarded: (reasons: readonly Reason[], facts: IncidentFacts) => readonly Reason[]
  /** Why something does not go in a state, given how the process says it and where it goes. */
  readonly unfit: (message: string, state: IncidentState, fits: readonly IncidentState[]) => string
  readonly permission: (name: string) => string
  readonly priorityReason: (facts: PriorityFacts, version: number) => string
  /** One thing that speaks for an impact. */
  readonly ground: (ground: ImpactGround, name: (serviceId: string) => string) => string
  /** Why it went where it is, from the sentence that was stored with the decision. */
  readonly routed: (stored: string) => string
  /** For what a reader may not know, for nobody, for people without a name, for what was erased. */
  readonly unseen: string
  readonly nobody: string
  readonly somebody: string
  readonly erased: string
  readonly actingAs: (who: string, as: string) => string
}

/** A reason behind what was said, for the team only. */
export const because = ({ internal }: Words, reason: string): string =>
  internal && reason !== '' ? `: ${reason.replace(/[.\s]+$/, '')}` : ''

const waits: Readonly<Record<string, string>> = {
  caller: 'the caller',
  change: 'a change',
  problem: 'a problem',
  vendor: 'a vendor',
  parts: 'parts',
  user_scheduled: 'the agreed date',
}
const itemIs: Readonly<Record<string, string>> = {
  down: 'Takes down',
  degraded: 'Makes worse',
  involved: 'Has to do with',
}

/** What speaks for an impact, behind a sentence. */
export const becauseOf = (grounds: readonly string[]): string =>
  grounds.length === 0 ? '' : `: ${grounds.slice(0, 3).join(', ')}${grounds.length > 3 ? ', …' : ''}`

const notFollowed = {
  findings: (at: number) => `more than ${at} items are not well; what the others take along is not weighed`,
  edges: (at: number) => `more than ${at} relations lead on from what is not well; the rest is not weighed`,
  depth: (at: number) => `what is not well was followed over ${at} relations, and no further`,
} as const

const groundText: Phrases['ground'] = (ground, name) =>
  ground.by === 'cut'
    ? notFollowed[ground.cut](ground.at)
    : ground.by === 'people'
      ? `it happens to ${ground.count} people`
      : `${name(ground.id)} (criticality ${ground.criticality}) is ${ground.health}`

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

const flagWords: Readonly<Record<PastFlag, string>> = {
  no_such_move: 'Our process has no such move.',
  began_elsewhere: 'Our process begins with New.',
  from_columns: 'No line of its own: told by columns of this one.',
  unassigned: 'Nobody had it, which our process asks for.',
  no_hold_reason: 'What it waits for is not told.',
  no_code: 'How it was resolved is not told.',
  no_notes: 'What was done is not told.',
  no_cancel_reason: 'Why it was canceled is not told.',
  code_stands_in: 'It has notes and no code: "fixed" stands in.',
  team_stands_in: 'The file names no team: one stands in.',
  caller_stands_in: 'The file names no caller: somebody stands in.',
}

/** Where it comes from and what our process misses in it, for the team. */
const imported = (words: Words, said: string): string | null =>
  words.internal
    ? [
        said,
        ...flagsIn(words.data).map((flag) => flagWords[flag]),
        `Imported from line ${lineIn(words.data)}.`,
      ]
        .filter((part) => part !== '')
        .join(' ')
    : said || null

const givenTo = (w: Words): string => {
  const [team, person] = [w.to('team_id'), w.to('assignee_id')]
  if (team !== null)
    return person === null ? `Given to ${w.name(team)}.` : `Given to ${w.name(person)} in ${w.name(team)}.`
  return person === null ? '' : `Given to ${w.name(person)}.`
}

/** What a clock measures, by the last part of its slot. */
const clockMeasures: Readonly<Record<string, string>> = {
  response: 'The response',
  update: 'The next update',
  resolution: 'The resolution',
  assignment: 'The work of the team',
}

const clockOf = ({ text }: Words): string =>
  `${clockMeasures[text('slot').split('/')[1] ?? ''] ?? 'A clock'} promised by “${text('name')}”`

/** An instant of the journal as everybody reads it the same: whoever reads this may be in any zone. */
export const instantOf = ({ text }: Words, key: string): string =>
  `${text(key).slice(0, 16).replace('T', ' ')} UTC`

/** Of a warning: the share of the target, or the working minutes before it, as the journal has it. */
export const warningIn = ({
  data,
}: Words): { readonly percent?: number; readonly minutesBefore?: number } => {
  const { warning } = data
  const part = (key: string): number | undefined => {
    const value = isJsonObject(warning) ? warning[key] : null
    return typeof value === 'number' ? value : undefined
  }
  const [percent, minutesBefore] = [part('percent'), part('minutesBefore')]
  return {
    ...(percent === undefined ? {} : { percent }),
    ...(minutesBefore === undefined ? {} : { minutesBefore }),
  }
}

const warned = (words: Words): string => {
  const { percent, minutesBefore } = warningIn(words)
  if (percent !== undefined) return `${percent} % of its time was used at ${instantOf(words, 'at')}`
  return minutesBefore === undefined
    ? `since ${instantOf(words, 'at')}`
    : `${minutesBefore} working minutes were left at ${instantOf(words, 'at')}`
}

const link = ({ data, text, name }: Words): string => {
  const words = linkWords[text('type')]
  return `${data['direction'] === 'in' ? (words?.in ?? 'linked to') : (words?.out ?? 'linked to')} ${name(data['recordId'])}`
}

const sentences: Phrases['sentences'] = {
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
  'incident.item_named': (w) =>
    `${itemIs[w.text('effect')] ?? itemIs['involved']}: ${w.name(w.data['itemId'])}.`,
  'incident.item_dropped': (w) => `Has nothing to do with ${w.name(w.data['itemId'])} after all.`,
  'incident.impact_raised': (w) =>
    `Impact rose to ${w.changed('impact')} by itself${becauseOf(groundsIn(w.data).map((ground) => groundText(ground, w.name)))}.`,
  'incident.impact_weighed': (w) =>
    `Its items and people now make ${w.changed('impact_computed')} impact; the impact stays as it is${becauseOf(groundsIn(w.data).map((ground) => groundText(ground, w.name)))}.`,
  'incident.priority_overridden': (w) =>
    `Priority set to ${w.changed('priority') || 'the same'} by hand${because(w, w.changed('override_reason'))}.`,
  'incident.priority_computed': (w) => `The computed priority counts again${because(w, w.text('reason'))}.`,
  'incident.started': () => 'Work started.',
  'incident.held': (w) => {
    const on = w.internal && w.to('hold_on') !== null ? ` ${w.changed('hold_on')}` : ''
    return `Waits for ${waits[w.changed('hold_reason')] ?? 'something'}${on}.`
  },
  'incident.resumed': (w) => {
    if (w.data['action'] === 'caller_replied') return 'The caller replied; work goes on.'
    return w.data['action'] === 'wait_ended' ? 'The wait is over; work goes on.' : 'Work goes on.'
  },
  'incident.resolved': (w) => `Resolved: ${resolutions[w.changed('resolution_code')] ?? 'done'}.`,
  'incident.reopened': (w) =>
    w.data['action'] === 'still_broken' ? 'Still broken.' : `Reopened${because(w, w.text('reason'))}.`,
  'incident.closed': (w) =>
    w.data['action'] === 'confirm'
      ? 'Closed: the caller confirmed that it works.'
      : 'Closed: nobody objected.',
  'incident.canceled': (w) => {
    const what = cancellations[w.changed('cancel_reason')] ?? 'no reason given'
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
  'incident.clock_warned': (w) => `${clockOf(w)} runs out soon: ${warned(w)}.`,
  'incident.clock_missed': (w) => `${clockOf(w)} was missed: its time was used up at ${instantOf(w, 'at')}.`,
  'incident.clock_withdrawn': (w) => `${clockOf(w)} was not missed at ${instantOf(w, 'at')} after all.`,
  'incident.parent_changed': (w) =>
    w.to('parent_id') === null
      ? 'Has no parent any more.'
      : `Became a child of ${w.name(w.to('parent_id'))}.`,
  'incident.children_changed': (w) =>
    w.data['added'] === undefined
      ? `${w.name(w.data['removed'])} is no child of it any more.`
      : `${w.name(w.data['added'])} became a child of it.`,
  'incident.macro_used': (w) => `Macro "${w.text('name')}", version ${w.text('macroVersion')}.`,
  'incident.checklist_added': (w) => `To do: ${itemsOf(w)}.`,
  'incident.checklist_edited': (w) =>
    `To do, in other words: ${w.text('text')} (it was: ${w.text('before')}).`,
  'incident.checklist_ticked': (w) => `Done: ${w.text('text')}.`,
  'incident.checklist_unticked': (w) => `Not done after all: ${w.text('text')}.`,
  'incident.checklist_removed': (w) => `No longer to do: ${w.text('text')}.`,
  'incident.kept_open': (w) => `Stays open although its parent was resolved${because(w, w.text('reason'))}.`,
  'incident.imported': (w) => imported(w, w.internal ? `Began as ${w.state(w.data['state'])}.` : 'Raised.'),
  'incident.imported_update': (w) => {
    const state = w.to('state') === null ? '' : `Moved to ${w.changed('state')}.`
    return imported(w, [state, w.internal ? givenTo(w) : ''].filter((part) => part !== '').join(' '))
  },
  'incident.imported_comment': (w) => imported(w, ''),
  'incident.imported_note': (w) => imported(w, ''),
}

/** Things of a checklist that were put there together. */
export const itemsOf = ({ data, text }: Words): string => {
  const { items } = data
  return Array.isArray(items) ? items.filter((item) => typeof item === 'string').join('; ') : text('items')
}

export const teamsOf = ({ data, name }: Words): string => {
  const { teams } = data
  return Array.isArray(teams) ? teams.map((team: Json) => name(team)).join(' → ') : ''
}

export const english: Phrases = {
  sentences,
  states: {
    new: incidentProcess.states.new.label,
    in_progress: incidentProcess.states.in_progress.label,
    on_hold: incidentProcess.states.on_hold.label,
    resolved: incidentProcess.states.resolved.label,
    closed: incidentProcess.states.closed.label,
    canceled: incidentProcess.states.canceled.label,
  },
  priorities: priorityNames,
  levels: levelNames,
  move: (_, label) => label,
  guarded: (reasons) => reasons,
  unfit: (message) => message,
  permission: (name) => `this needs the permission ${name} for this incident`,
  ground: groundText,
  priorityReason,
  routed: (stored) => stored,
  unseen: 'something you may not see',
  nobody: 'nobody',
  somebody: 'somebody',
  erased: '(erased)',
  actingAs: (who, as) => `${who} acting as ${as}`,
}
