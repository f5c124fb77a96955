import { holdReasons, resolutionCodes } from '@evenkeel/contract/choices'
import { incidentChannels, incidentStates } from '@evenkeel/contract/incident'
import { fieldsOf, type Field, type Names } from '../../kernel/filter/fields.ts'
import { scan } from '../../kernel/filter/scan.ts'
import type { Column, Columns } from '../../kernel/filter/sql.ts'
import { wordedFields } from '../../kernel/filter/language.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import { german } from './incident.fields.de.ts'
import { mayAtAll } from '../../kernel/access.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { directory, type Directory } from '../people/index.ts'
import {
  customFields,
  customSet,
  filterColumn,
  filterField,
  searchColumn,
  type CustomField,
  type IdSet,
  type Listed,
} from '../record/index.ts'
import { itemColumns, itemsSpokenOf, serviceDirectory, type ServiceEntry } from '../configuration/index.ts'
import { incidentProcess } from './incident.process.ts'
import { priorityNames } from './incident.priority.ts'

type Nameable = { readonly name: string; readonly email?: string }

type Known = {
  readonly people: Directory
  /** Everybody whose name may stand for an id: those in teams, and those that a filter speaks of. */
  readonly named: ReadonlyMap<string, Nameable>
  readonly services: ReadonlyMap<string, ServiceEntry>
  readonly custom: readonly CustomField[]
}

/** The fields of incidents that this reader may see, with where they are. The other fields do not exist for them. */
export const incidentFields = async (
  database: Database,
  caller: Caller,
  spoken: Spoken = {},
): Promise<Pick<Listed, 'fields' | 'columns' | 'sets'>> => {
  const [people, services, custom, mentioned, items] = await Promise.all([
    directory(database, caller.tenantId),
    serviceDirectory(database, caller.tenantId),
    customFields(database, caller.tenantId),
    peopleSpokenOf(database, caller, spoken),
    itemsIn(database, caller, spoken),
  ])
  const internal = mayAtAll(caller.grants, 'incident.read_internal')
  const visible = custom.filter(
    (field) => field.recordKind === 'incident' && field.isActive && (internal || !field.isInternal),
  )
  const known = {
    people,
    named: new Map<string, Nameable>([...people.staff, ...mentioned]),
    services,
    custom: visible,
  }
  const offered = [
    ...publicFields(known),
    ...(internal ? internalFields(known) : []),
    ...(internal ? itemFields(namesOf(items), itemColumns(caller)) : []),
    ...visible.map(filterField),
  ]
  return {
    fields: fieldsOf(isGerman(caller.language) ? wordedFields(offered, german) : offered),
    columns: {
      ...columns,
      text: searchColumn(caller.tenantId),
      ...columnsOfItems(itemColumns(caller)),
      ...Object.fromEntries(visible.map((field) => [`custom.${field.key}`, filterColumn(field)])),
    },
    sets: {
      ...sets,
      ...Object.fromEntries(visible.map((field) => [`custom.${field.key}`, customSet(field)])),
    },
  }
}

const publicFields = ({ people, named, services }: Known): Field[] => [
  { name: 'text', label: 'words', type: 'words' },
  { name: 'number', label: 'number', type: 'keyword', letters: 'upper', sortable: true },
  { name: 'title', label: 'title', type: 'text', sortable: true },
  {
    name: 'state',
    label: 'state',
    type: 'choice',
    choices: incidentStates.map((value) => ({ value, label: incidentProcess.states[value].label })),
    sortable: true,
  },
  { name: 'open', label: 'open', type: 'boolean' },
  {
    name: 'priority',
    label: 'priority',
    aliases: ['prio', 'p'],
    type: 'ordered choice',
    choices: ([1, 2, 3, 4, 5] as const).map((value) => ({
      value: String(value),
      label: `${value} ${priorityNames[value]}`,
    })),
    sortable: true,
  },
  { name: 'service', label: 'service', type: 'reference', names: namesOf(services), sortable: true },
  {
    name: 'team',
    label: 'team',
    type: 'reference',
    relative: ['my_teams'],
    names: namesOf(people.teams),
    sortable: true,
  },
  {
    name: 'assignee',
    label: 'assignee',
    type: 'reference',
    relative: ['me'],
    names: namesOf(people.staff),
    sortable: true,
  },
  {
    name: 'requester',
    label: 'requester',
    aliases: ['caller'],
    type: 'reference',
    relative: ['me'],
    names: namesOf(named),
    sortable: true,
  },
  {
    name: 'affected',
    label: 'affected',
    type: 'list of references',
    relative: ['me'],
    names: namesOf(named),
  },
  {
    name: 'watcher',
    label: 'watched by',
    aliases: ['watching'],
    type: 'list of references',
    relative: ['me'],
    names: namesOf(named),
  },
  { name: 'created', label: 'created', type: 'instant', sortable: true },
  { name: 'updated', label: 'updated', type: 'instant', sortable: true },
  { name: 'resolved', label: 'resolved', type: 'instant', sortable: true },
  { name: 'closed', label: 'closed', type: 'instant', sortable: true },
  { name: 'last_public', label: 'last word to the caller', type: 'instant', sortable: true },
  {
    name: 'channel',
    label: 'channel',
    type: 'choice',
    choices: incidentChannels.map((value) => ({ value, label: value })),
  },
  { name: 'category', label: 'category', type: 'text', sortable: true },
  {
    name: 'hold',
    label: 'waits for',
    type: 'choice',
    choices: holdReasons.map((value) => ({ value, label: value.replace('_', ' ') })),
  },
  {
    name: 'resolution',
    label: 'resolution',
    type: 'choice',
    choices: resolutionCodes.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
  },
  { name: 'reopened', label: 'times reopened', type: 'number', whole: true, sortable: true },
  { name: 'parent', label: 'parent', type: 'reference' },
]

const internalFields = ({ people }: Known): Field[] => [
  { name: 'impact', label: 'impact', type: 'number', whole: true, sortable: true },
  { name: 'urgency', label: 'urgency', type: 'number', whole: true, sortable: true },
  { name: 'reassigned', label: 'times reassigned', type: 'number', whole: true, sortable: true },
  ...(
    [
      ['was_with', 'has been with'],
      ['given_away', 'given away by'],
      ['came_back', 'came back to'],
    ] as const
  ).map(([name, label]): Field => ({
    name,
    label,
    type: 'list of references',
    relative: ['my_teams'],
    names: namesOf(people.teams),
  })),
  { name: 'deadline', label: 'runs out', type: 'instant', sortable: true },
  { name: 'hold_until', label: 'waits until', type: 'instant', sortable: true },
  { name: 'confidential', label: 'confidential', type: 'boolean' },
]

type ItemColumns = ReturnType<typeof itemColumns>

/** What it happens to, for those who may see items. */
const itemFields = (names: Names, found: ItemColumns): Field[] => [
  ...(found === undefined
    ? []
    : [{ name: 'item', label: 'item', type: 'list of references', names } as const]),
  ...(found?.standsOn === undefined
    ? []
    : [{ name: 'stands_on', label: 'stands on', type: 'list of references', names } as const]),
]

const columnsOfItems = (found: ItemColumns): Columns => ({
  ...(found === undefined ? {} : { item: found.named }),
  ...(found?.standsOn === undefined ? {} : { stands_on: found.standsOn }),
})

/** Where lists of incidents read: views, so that words find their index under row-level security (migrations 0040, 0041). */
export const listedIncidents =
  'record_in_force r join incident_in_force i on i.tenant_id = r.tenant_id and i.id = r.id'

// Where an incident was, as the journal says (migration 0117).
const handedOver = (how: 'given' | 'back'): string =>
  `from record_handover_in_force h where h.tenant_id = $1 and h.how = '${how}'`
// With a limit it is asked of each record by itself: a page is full after a few, and all that a team ever had need not be read for it.
const ofThis = 'and h.record_id = r.id'

const handed = (how: 'given' | 'back'): Column => ({
  sql: `array(select h.team_id ${handedOver(how)} ${ofThis})`,
  overlaps: (ids) => `(select true ${handedOver(how)} ${ofThis} and h.team_id = any(${ids}) limit 1)`,
  set: `exists (select ${handedOver(how)} ${ofThis})`,
})

/** The teams stand in an index of their own, whatever else is asked. */
const teamSet = (select: IdSet['select'], isByValue = true): IdSet => ({
  isByValue,
  ask: (bound) => ({
    bound,
    column: { sql: 'true', overlaps: (ids) => `h.team_id = any(${ids})`, set: 'true' },
  }),
  select,
})

const handedSet =
  (how: 'given' | 'back'): IdSet['select'] =>
  (teams, once) =>
    `select ${once ? 'distinct ' : ''}h.record_id as id, h.created_at as at ${handedOver(how)} and ${teams}`

/** Conditions that lists begin with, where few records meet them. */
const sets: Readonly<Record<string, IdSet>> = {
  given_away: teamSet(handedSet('given')),
  came_back: teamSet(handedSet('back')),
  was_with: teamSet(
    (teams, once) => `${handedSet('given')(teams, false)} union ${once ? '' : 'all '}
      select h.id, h.created_at from record_in_force h where h.tenant_id = $1 and ${teams}`,
    false,
  ),
}

const columns: Columns = {
  number: { sql: 'r.number', required: true },
  title: { sql: 'r.title', required: true },
  state: {
    sql: 'r.state',
    required: true,
    // As the process goes, not as the alphabet does.
    order: {
      sql: `array_position(array['${incidentStates.join("','")}'], r.state)`,
      as: 'integer',
      required: true,
    },
  },
  open: { sql: 'r.is_open', required: true },
  priority: {
    sql: 'r.priority::text',
    required: true,
    order: { sql: 'r.priority', as: 'smallint', required: true },
  },
  // The id behind the name: two that share a name stay apart, and each one's records together.
  service: {
    sql: 'r.service_id',
    order: {
      sql: '(select s.name || chr(31) || s.id from service s where s.tenant_id = r.tenant_id and s.id = r.service_id)',
      as: 'text',
    },
  },
  team: {
    sql: 'r.team_id',
    required: true,
    order: {
      sql: '(select t.name || chr(31) || t.id from team t where t.tenant_id = r.tenant_id and t.id = r.team_id)',
      as: 'text',
    },
  },
  assignee: {
    sql: 'r.assignee_id',
    order: {
      sql: '(select p.name || chr(31) || p.id from person p where p.tenant_id = r.tenant_id and p.id = r.assignee_id)',
      as: 'text',
    },
  },
  requester: {
    sql: 'r.requester_id',
    required: true,
    order: {
      sql: '(select p.name || chr(31) || p.id from person p where p.tenant_id = r.tenant_id and p.id = r.requester_id)',
      as: 'text',
    },
  },
  affected: {
    sql: 'array(select fa.person_id from affected_person fa where fa.tenant_id = r.tenant_id and fa.record_id = r.id)',
    overlaps: (ids) =>
      `r.id in (select fa.record_id from affected_person fa where fa.tenant_id = $1 and fa.person_id = any(${ids}))`,
  },
  watcher: {
    sql: 'array(select fw.person_id from watcher fw where fw.tenant_id = r.tenant_id and fw.record_id = r.id)',
    overlaps: (ids) =>
      `r.id in (select fw.record_id from watcher fw where fw.tenant_id = $1 and fw.person_id = any(${ids}))`,
  },
  created: { sql: 'r.created_at', required: true },
  updated: { sql: 'r.updated_at', required: true },
  resolved: 'r.resolved_at',
  closed: 'r.closed_at',
  last_public: 'r.last_public_at',
  channel: { sql: 'i.channel', required: true },
  category: 'i.category',
  hold: 'i.hold_reason',
  resolution: 'i.resolution_code',
  reopened: { sql: 'i.reopen_count', required: true },
  parent: 'i.parent_id',
  impact: { sql: 'i.impact', required: true },
  urgency: { sql: 'i.urgency', required: true },
  reassigned: { sql: 'i.reassignment_count', required: true },
  was_with: {
    sql: `array(select r.team_id union select h.team_id ${handedOver('given')} ${ofThis})`,
    overlaps: (ids) =>
      `(r.team_id = any(${ids}) or (select true ${handedOver('given')} ${ofThis} and h.team_id = any(${ids}) limit 1))`,
    required: true,
  },
  given_away: handed('given'),
  came_back: handed('back'),
  deadline: 'r.deadline_at',
  hold_until: 'i.hold_until',
  confidential: { sql: `(r.confidentiality = 'confidential')`, required: true },
}

/** Fields that lists may be divided by. */
export const groupable: ReadonlySet<string> = new Set(['state', 'priority', 'service', 'team', 'assignee'])

/** Whose names the values of a field are, for those who complete them. */
export const namedBy: ReadonlyMap<string, 'people' | 'teams' | 'services' | 'items'> = new Map([
  ['service', 'services'],
  ['team', 'teams'],
  ['was_with', 'teams'],
  ['given_away', 'teams'],
  ['came_back', 'teams'],
  ['assignee', 'people'],
  ['requester', 'people'],
  ['affected', 'people'],
  ['watcher', 'people'],
  ['item', 'items'],
  ['stands_on', 'items'],
])

/** What a reader's filters say, before the fields are known: as text or as JSON that may yet be refused. */
export type Spoken = { readonly texts?: readonly string[]; readonly filters?: readonly unknown[] }

const aboutItems = new Set(['item', 'stands_on'])
const aboutPeople = new Set(['requester', 'caller', 'affected', 'watcher', 'watching'])
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** More of them than this are in no one filter that somebody reads. */
const mostSpokenOf = 200

/**
 * People that filters name, by id, name or address: a caller is in no team, and a hospital has too many of them to keep at hand. For those
 * who may look people up; to others a name that is not in a team stays unknown. Whoever shares a name with one of them comes along, so that
 * it is known to be shared.
 */
const peopleSpokenOf = async (
  database: Database,
  caller: Caller,
  spoken: Spoken,
): Promise<ReadonlyMap<string, { readonly name: string; readonly email: string }>> => {
  if (!mayAtAll(caller.grants, 'person.read')) return new Map()
  const { ids, names } = saidOf(aboutPeople, spoken)
  if (ids.length + names.length === 0) return new Map()
  const rows = await read(database, caller.tenantId, (reader) =>
    reader.rows<{ id: string; name: string; email: string }>({
      name: 'people_spoken_of',
      text: `select p.id, p.name, p.email from person p where p.tenant_id = $1
               and (lower(p.name) = any($3) or lower(p.email) = any($3)
                 or lower(p.name) in (select lower(o.name) from person o where o.tenant_id = $1 and o.id = any($2::uuid[])))
             limit 1000`,
      values: [reader.tenantId, ids, names],
    }),
  )
  return new Map(rows.map(({ id, ...person }) => [id, person]))
}

/** Items that filters name, as far as the reader may see them. */
const itemsIn = async (
  database: Database,
  caller: Caller,
  spoken: Spoken,
): Promise<ReadonlyMap<string, { readonly name: string }>> => {
  if (!mayAtAll(caller.grants, 'item.read')) return new Map()
  const said = saidOf(aboutItems, spoken)
  if (said.ids.length + said.names.length === 0) return new Map()
  return read(database, caller.tenantId, (reader) => itemsSpokenOf(reader, caller, said))
}

/** What filters compare such fields with: ids, and names in small letters. */
const saidOf = (
  fields: ReadonlySet<string>,
  { texts = [], filters = [] }: Spoken,
): { readonly ids: readonly string[]; readonly names: readonly string[] } => {
  const spoken = [
    ...new Set([
      ...texts.flatMap((text) => valuesInText(fields, text).slice(0, mostSpokenOf)),
      ...filters.flatMap((filter) => valuesInFilter(fields, filter).slice(0, mostSpokenOf)),
    ]),
  ].filter((value) => value !== 'me' && !value.includes('\0') && value.isWellFormed())
  return {
    ids: spoken.filter((value) => uuid.test(value)),
    names: spoken.filter((value) => !uuid.test(value)).map((name) => name.toLowerCase()),
  }
}

const valuesInText = (fields: ReadonlySet<string>, text: string): readonly string[] =>
  scan(text).tokens.flatMap((token) =>
    token.kind === 'term' && token.field !== undefined && fields.has(token.field.name.toLowerCase())
      ? token.values.map((value) => value.text)
      : [],
  )

/** Goes through what may be a filter without recursion: how deep it is was not checked yet. */
const valuesInFilter = (fields: ReadonlySet<string>, filter: unknown): readonly string[] => {
  const found: string[] = []
  const places = [filter]
  for (let nodes = 0; places.length > 0 && nodes < 1000; nodes++) {
    const node = places.pop()
    if (typeof node !== 'object' || node === null) continue
    if ('field' in node && 'value' in node && fields.has(String(node.field)))
      found.push(...[node.value].flat().filter((value) => typeof value === 'string'))
    for (const key of ['all', 'any', 'not'])
      if (Object.hasOwn(node, key))
        places.push(...[Object.entries(node).find(([name]) => name === key)?.[1]].flat())
  }
  return found
}

/** Names in a small directory. Where two share a name, neither is found by it; an address is nobody else's. */
const namesOf = (entries: ReadonlyMap<string, Nameable>): Names => {
  const byName = new Map<string, string | null>()
  const byEmail = new Map<string, string>()
  for (const [id, { name, email }] of entries) {
    byName.set(name.toLowerCase(), byName.has(name.toLowerCase()) ? null : id)
    if (email !== undefined) byEmail.set(email.toLowerCase(), id)
  }
  return {
    idOf: (name) => byName.get(name.toLowerCase()) ?? byEmail.get(name.toLowerCase()),
    nameOf: (id) => {
      const { name, email } = entries.get(id) ?? {}
      return name !== undefined && byName.get(name.toLowerCase()) === id ? name : email
    },
    suggest: (typed, limit) => {
      const sought = typed.toLowerCase()
      const found: string[] = []
      for (const { name } of entries.values()) {
        if (found.length === limit) break
        const lower = name.toLowerCase()
        if (lower.startsWith(sought) || lower.includes(` ${sought}`)) found.push(name)
      }
      return found
    },
  }
}
