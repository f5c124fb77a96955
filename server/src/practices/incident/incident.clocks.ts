import { holdReasons } from '@evenkeel/contract/choices'
import { incidentChannels, incidentStates } from '@evenkeel/contract/incident'
import type { Priority } from '@evenkeel/contract/incident'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { fieldsOf } from '../../kernel/filter/fields.ts'
import type { Facts } from '../../kernel/filter/predicate.ts'
import type { Holder, MeasuredKind, RecordMoment, ToldEntry } from '../service-level/index.ts'
import { incidentProcess } from './incident.process.ts'

const choices = (values: readonly string[]) => values.map((value) => ({ value, label: value }))

/** What conditions of agreements may look at. Free words and custom fields are not among them: they may be erased, and a clock is replayed. */
const fields = fieldsOf([
  { name: 'state', label: 'state', type: 'choice', choices: choices(incidentStates) },
  { name: 'open', label: 'open', type: 'boolean' },
  { name: 'hold_reason', label: 'waits for', type: 'choice', choices: choices(holdReasons) },
  {
    name: 'priority',
    label: 'priority',
    type: 'ordered choice',
    choices: choices(['1', '2', '3', '4', '5']),
  },
  { name: 'impact', label: 'impact', type: 'number', whole: true },
  { name: 'urgency', label: 'urgency', type: 'number', whole: true },
  { name: 'service', label: 'service', type: 'reference' },
  { name: 'team', label: 'team', type: 'reference' },
  { name: 'assignee', label: 'assigned to', type: 'reference' },
  { name: 'requester', label: 'requester', aliases: ['caller'], type: 'reference' },
  { name: 'channel', label: 'channel', type: 'choice', choices: choices(incidentChannels) },
  { name: 'category', label: 'category', type: 'text' },
  { name: 'confidential', label: 'confidential', type: 'boolean' },
  { name: 'responded', label: 'somebody of the desk wrote to the caller, or resolved it', type: 'boolean' },
  { name: 'answered', label: 'somebody of the desk writes to the caller now', type: 'boolean' },
  { name: 'caller_wrote', label: 'the caller writes now', type: 'boolean' },
  { name: 'handed_over', label: 'another team gets it now', type: 'boolean' },
])

const open = incidentStates.filter((state) => incidentProcess.states[state].open)
const columns = [
  'state',
  'hold_reason',
  'priority',
  'impact',
  'urgency',
  'service_id',
  'team_id',
  'assignee_id',
  'requester_id',
  'category',
  'confidentiality',
]
const telling = new Set([
  'incident.raised',
  'incident.routed',
  'incident.commented',
  'incident.affected_added',
  'incident.affected_removed',
])

/** Incidents, as clocks run on them. What was imported has no clocks: its moments lie in another system. */
export const measuredIncidents: MeasuredKind = {
  kind: 'incident',
  fields,
  always: [
    { field: 'state', op: 'is set' },
    {
      any: [
        {
          all: [
            { field: 'state', op: '=', value: 'on_hold' },
            { field: 'hold_reason', op: 'is set' },
          ],
        },
        {
          all: [
            { field: 'state', op: '!=', value: 'on_hold' },
            { field: 'hold_reason', op: 'is empty' },
          ],
        },
      ],
    },
    {
      any: [
        {
          all: [
            { field: 'state', op: 'in', value: open },
            { field: 'open', op: '=', value: true },
          ],
        },
        {
          all: [
            { field: 'state', op: 'not in', value: open },
            { field: 'open', op: '=', value: false },
          ],
        },
      ],
    },
  ],
  momentary: ['answered', 'caller_wrote', 'handed_over'],
  moves: ({ type, data: { changes } }) =>
    telling.has(type) ||
    (type.startsWith('incident.') &&
      !type.startsWith('incident.imported') &&
      isJsonObject(changes) &&
      columns.some((column) => Object.hasOwn(changes, column))),
  momentsOf: (entries) => {
    const told = inOrder(entries)
    const undone = slipsIn(told)
    const moments: RecordMoment[] = []
    let standing: Standing | null = null
    let latest = 0
    let version: number | null = null
    for (const entry of told) {
      if (undone.has(entry.id)) continue
      const next = after(standing, entry)
      if (next === null || next === standing) continue
      standing = next
      latest = Math.max(latest, Date.parse(entry.at))
      const last = moments.at(-1)
      // What one command says in several entries happens at once.
      const goesOn = last?.at === latest && version !== null && version === versionOf(entry)
      version = versionOf(entry)
      if (last !== undefined && goesOn)
        moments[moments.length - 1] = momentOf(standing, latest, last.entry, last.facts)
      else moments.push(momentOf(standing, latest, entry.id, {}))
    }
    return moments
  },
}

/** What an incident is after an entry, and what that entry says happened. */
type Standing = {
  readonly columns: JsonObject
  readonly callers: readonly string[]
  readonly responded: boolean
  readonly answered: boolean
  readonly callerWrote: boolean
  readonly handedOver: boolean
}

const nothingHappened = { answered: false, callerWrote: false, handedOver: false } as const

const after = (before: Standing | null, entry: ToldEntry): Standing | null => {
  const { type, data } = entry
  if (type === 'incident.raised') return raised(data)
  if (before === null) return null
  const still = { ...before, ...nothingHappened }
  if (type === 'incident.routed')
    return {
      ...still,
      columns: { ...before.columns, team_id: data['teamId'] ?? null, assignee_id: data['personId'] ?? null },
    }
  if (type === 'incident.affected_added')
    return { ...still, callers: [...before.callers, ...textsIn(data['affected'])] }
  if (type === 'incident.affected_removed') {
    const gone = textsIn(data['affected'])
    return { ...still, callers: before.callers.filter((id) => !gone.includes(id)) }
  }
  if (type === 'incident.commented') {
    const byCaller = entry.by !== null && before.callers.includes(entry.by)
    if (byCaller) return { ...still, callerWrote: true }
    // A first response is a person's: what a program writes by itself is none.
    const byDesk = entry.by !== null && entry.actor_kind !== 'system' && entry.actor_kind !== 'stranger'
    return byDesk ? { ...still, answered: true, responded: true } : before
  }
  const { changes } = data
  if (!isJsonObject(changes)) return before
  const changed = columns.flatMap((column): readonly (readonly [string, Json])[] => {
    const change = changes[column]
    return isJsonObject(change) ? [[column, change['to'] ?? null]] : []
  })
  if (changed.length === 0) return before
  const now = { ...before.columns, ...Object.fromEntries(changed) }
  return {
    ...still,
    columns: now,
    responded: before.responded || now['state'] === 'resolved',
    handedOver: before.columns['team_id'] !== null && now['team_id'] !== before.columns['team_id'],
  }
}

const raised = (data: JsonObject): Standing => {
  const requesterId = data['requesterId'] ?? null
  return {
    ...nothingHappened,
    columns: {
      state: data['state'] ?? incidentProcess.initial,
      hold_reason: null,
      priority: data['priority'] ?? 4,
      impact: data['impact'] ?? 3,
      urgency: data['urgency'] ?? 3,
      service_id: data['serviceId'] ?? null,
      team_id: null,
      assignee_id: null,
      requester_id: requesterId,
      channel: data['channel'] ?? 'portal',
      category: data['category'] ?? '',
      confidentiality: data['confidential'] === true ? 'confidential' : 'normal',
    },
    callers: typeof requesterId === 'string' ? [requesterId] : [],
    responded: false,
  }
}

const momentOf = (standing: Standing, at: number, entry: string, sooner: Facts): RecordMoment => {
  const { columns: now } = standing
  const priority = priorityIn(now['priority'])
  const serviceId = textIn(now['service_id'])
  return {
    at,
    entry,
    priority,
    serviceId,
    holder: holderOf(now),
    facts: {
      state: textIn(now['state']),
      open: open.some((state) => state === now['state']),
      hold_reason: textIn(now['hold_reason']),
      priority: String(priority),
      impact: numberIn(now['impact']),
      urgency: numberIn(now['urgency']),
      service: serviceId,
      team: textIn(now['team_id']),
      assignee: textIn(now['assignee_id']),
      requester: textIn(now['requester_id']),
      channel: textIn(now['channel']),
      category: textIn(now['category']),
      confidential: now['confidentiality'] === 'confidential',
      responded: standing.responded,
      answered: standing.answered || sooner['answered'] === true,
      caller_wrote: standing.callerWrote || sooner['caller_wrote'] === true,
      handed_over: standing.handedOver || sooner['handed_over'] === true,
    },
  }
}

/** Whom it waits for has its time; otherwise the team that has it. */
const holderOf = (now: JsonObject): Holder => {
  switch (now['hold_reason']) {
    case 'caller':
    case 'user_scheduled':
      return { is: 'caller', teamId: null }
    case 'vendor':
    case 'parts':
      return { is: 'supplier', teamId: null }
    case 'problem':
      return { is: 'problem', teamId: null }
    case 'change':
      return { is: 'change', teamId: null }
    default:
      return { is: 'team', teamId: textIn(now['team_id']) }
  }
}

/**
 * By their ids, which are made in the order of time; of those that made versions, by version: two commands that waited for one another may
 * have ids the other way round.
 */
const inOrder = (entries: readonly ToldEntry[]): readonly ToldEntry[] => {
  const byId = entries.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const versions = byId
    .filter((entry) => versionOf(entry) !== null)
    .toSorted((one, other) => (versionOf(one) ?? 0) - (versionOf(other) ?? 0))
  let place = 0
  return byId.map((entry) => (versionOf(entry) === null ? entry : (versions[place++] ?? entry)))
}

const versionOf = ({ data }: ToldEntry): number | null =>
  typeof data['version'] === 'number' ? data['version'] : null

/** What a bulk action did and was taken back for never happened, and no clock stood still for it. */
const slipsIn = (entries: readonly ToldEntry[]): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ id, type, data }) =>
      type === 'incident.taken_back' ? [id, ...textsIn(data['undoes'])] : [],
    ),
  )

const textIn = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)
const numberIn = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null)
const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
const priorityIn = (value: Json | undefined): Priority =>
  value === 1 || value === 2 || value === 3 || value === 5 ? value : 4
