import type { NoticeKind, NoticeParty } from '@evenkeel/contract/notification'
import { uuidOf } from '../../kernel/uuid.ts'
import { referencesIn } from '../../kernel/markdown/markdown.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { rightsOf } from '../people/index.ts'
import { accessRows } from '../record/index.ts'
import type { Happening, Listener, Wish } from './notification.decide.ts'
import { actorsOf, tellingFor, type Telling } from './notification.telling.ts'

/** Entries with everything that decides who is told of them, read as it is now. */
export type Facts = {
  /** Happenings by event, in the order of the journal. */
  readonly events: ReadonlyMap<string, readonly Happening[]>
  readonly people: ReadonlyMap<string, Listener>
}

/**
 * Gathers the facts for some entries of one tenant in a handful of flushes, however many they are.
 * @param mailSince what happened before this instant is too old for a mail
 */
export const factsFor = async (
  q: Reader,
  tellings: readonly Telling[],
  entries: readonly StoredEntry[],
  mailSince: string,
): Promise<Facts> => {
  const recordIds = distinct(entries.map((entry) => entry.subject_id))
  const [rows, records, texts, origins] = await Promise.all([
    accessRows(q, recordIds),
    recordsAt(q, recordIds),
    textsOf(q, entries),
    originsOf(q, entries),
  ])
  const eventIds = new Map(entries.map((entry) => [entry.id, eventOf(entry, origins)]))
  const [members, mentioned] = await Promise.all([
    membersOf(
      q,
      distinct([...[...rows.values()].map((row) => row.teamId), ...entries.flatMap(teamsNamedIn)]),
    ),
    peopleMentioned(q, texts),
  ])
  const happenings = entries.flatMap((entry): Happening[] => {
    const [row, record, telling] = [
      rows.get(entry.subject_id),
      records.get(entry.subject_id),
      tellingFor(tellings, entry.type),
    ]
    if (row === undefined || record === undefined || telling === undefined) return []
    const team = members.get(row.teamId) ?? []
    const parties: Record<NoticeParty, ReadonlySet<string>> = {
      mentioned: mentioned.get(entry.id) ?? new Set(),
      requester: new Set([row.requesterId]),
      assignee: new Set(row.assigneeId === null ? [] : [row.assigneeId]),
      affected: new Set(record.affected),
      watcher: new Set(record.watchers),
      lead: leadsOf(team),
      lead_along: leadsOf(teamsNamedIn(entry).flatMap((teamId) => members.get(teamId) ?? [])),
      team: new Set(team.map((member) => member.person_id)),
    }
    return [
      {
        entryId: entry.id,
        type: entry.type,
        data: entry.data,
        actors: actorsOf(entry),
        internal: !telling.isForEveryone(entry),
        record: { ...row, priority: record.priority },
        parties,
        read: telling.read,
        readInternal: telling.readInternal,
        fresh: entry.at >= mailSince,
      },
    ]
  })
  return {
    events: Map.groupBy(happenings, (happening) => eventIds.get(happening.entryId) ?? happening.entryId),
    people: await listenersAmong(
      q,
      distinct(happenings.flatMap(({ parties }) => Object.values(parties).flatMap((party) => [...party]))),
    ),
  }
}

const leadsOf = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(members.filter((member) => member.is_lead).map((member) => member.person_id))

/** The teams that an entry is about, as the ones that a record went back and forth between. */
const teamsNamedIn = ({ data: { teams } }: StoredEntry): string[] =>
  Array.isArray(teams) ? teams.filter((team) => typeof team === 'string') : []

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)]

const recordsAt = async (
  q: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { priority: number; watchers: string[]; affected: string[] }>> => {
  const rows = await q.rows<{ id: string; priority: number; watchers: string[]; affected: string[] }>({
    name: 'notification_records',
    text: `select r.id, r.priority,
             array(select w.person_id from watcher w where w.tenant_id = r.tenant_id and w.record_id = r.id) as watchers,
             array(select a.person_id from affected_person a where a.tenant_id = r.tenant_id and a.record_id = r.id) as affected
           from record r where r.tenant_id = $1 and r.id = any($2)`,
    values: [q.tenantId, ids],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

/** What people wrote with these entries, by entry. */
const textsOf = async (q: Reader, entries: readonly StoredEntry[]): Promise<ReadonlyMap<string, string>> => {
  const commentOf = new Map(
    entries.flatMap(({ id, data }) =>
      typeof data['commentId'] === 'string' ? [[data['commentId'], id] as const] : [],
    ),
  )
  if (commentOf.size === 0) return new Map()
  const rows = await q.rows<{ id: string; body: string }>({
    name: 'notification_comments',
    text: 'select id, body from comment where tenant_id = $1 and id = any($2)',
    values: [q.tenantId, [...commentOf.keys()]],
  })
  return new Map(rows.map((row) => [commentOf.get(row.id) ?? row.id, row.body]))
}

type Origin = Pick<StoredEntry, 'id' | 'subject_kind' | 'subject_id' | 'cause'>

// What leads to what is three steps at the most today; a circle cannot be, but must not hang this either.
const longestChain = 8

/** The entries themselves and what led to them, by id. */
const originsOf = async (
  q: Reader,
  entries: readonly StoredEntry[],
): Promise<ReadonlyMap<string, Origin>> => {
  const known = new Map<string, Origin>(entries.map((entry) => [entry.id, entry]))
  for (let step = 0; step < longestChain; step += 1) {
    const unknown = distinct(
      [...known.values()].flatMap(({ cause }) => (cause === null || known.has(cause) ? [] : [cause])),
    )
    if (unknown.length === 0) break
    const rows = await q.rows<Origin>({
      name: 'notification_origins',
      text: 'select id, subject_kind, subject_id, cause from journal where tenant_id = $1 and id = any($2)',
      values: [q.tenantId, unknown],
    })
    if (rows.length === 0) break
    for (const row of rows) known.set(row.id, row)
  }
  return known
}

/**
 * Which event an entry belongs to: that of the entry that began it, as far as entries about such records led to one another. A question and
 * the hold it comes with are one event, so is all that a macro does, and so are a resolution and those of the children that went along.
 * What something else led to (a bulk action, a reaction) is an event for each record.
 */
const eventOf = (entry: StoredEntry, origins: ReadonlyMap<string, Origin>): string => {
  // Who heard of a slip has to hear that it was taken back.
  if (Array.isArray(entry.data['undoes'])) return entry.id
  let first: Origin = entry
  for (let step = 0; step < longestChain; step += 1) {
    const before = first.cause === null ? undefined : origins.get(first.cause)
    if (before === undefined) return first.id
    if (before.subject_kind !== entry.subject_kind) return uuidOf('event', before.id, first.subject_id)
    first = before
  }
  return first.id
}

type Member = { readonly team_id: string; readonly person_id: string; readonly is_lead: boolean }

const membersOf = async (q: Reader, teamIds: readonly string[]): Promise<ReadonlyMap<string, Member[]>> => {
  const rows = await q.rows<Member>({
    name: 'notification_members',
    text: 'select team_id, person_id, is_lead from team_member where tenant_id = $1 and team_id = any($2)',
    values: [q.tenantId, teamIds],
  })
  return Map.groupBy(rows, (row) => row.team_id)
}

/** The people that each text mentions. Two people may have the same name before the @ of their addresses: then both are meant. */
const peopleMentioned = async (
  q: Reader,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const handles = new Map([...texts].map(([id, text]) => [id, referencesIn(text).mentions.map(lower)]))
  const asked = distinct([...handles.values()].flat())
  if (asked.length === 0) return new Map()
  const rows = await q.rows<{ id: string; handle: string }>({
    name: 'notification_mentioned',
    text: 'select id, handle from person where tenant_id = $1 and handle = any($2) limit 1000',
    values: [q.tenantId, asked],
  })
  const byHandle = Map.groupBy(rows, (row) => row.handle)
  return new Map(
    [...handles].map(([id, names]) => [
      id,
      new Set(names.flatMap((name) => (byHandle.get(name) ?? []).map((row) => row.id))),
    ]),
  )
}

const lower = (text: string): string => text.toLowerCase()

const listenersAmong = async (q: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Listener>> => {
  if (ids.length === 0) return new Map()
  const [people, wishes] = await Promise.all([rightsOf(q, ids), wishesOf(q, ids)])
  return new Map(
    [...people.values()].map((person) => [
      person.id,
      { ...person, wishes: wishes.get(person.id) ?? new Map() },
    ]),
  )
}

/** What people said about kinds of notices. A kind that this version no longer knows is nobody's. */
export const wishesOf = async (
  q: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<NoticeKind, Wish>>> => {
  const rows = await q.rows<{ person_id: string; kind: NoticeKind } & Required<Wish>>({
    name: 'notification_wishes',
    text: `select person_id, kind, in_application as "inApplication", mail, digest from notification_preference
           where tenant_id = $1 and person_id = any($2)`,
    values: [q.tenantId, ids],
  })
  return new Map(
    [...Map.groupBy(rows, (row) => row.person_id)].map(([id, found]) => [
      id,
      new Map(found.map(({ kind, inApplication, mail, digest }) => [kind, { inApplication, mail, digest }])),
    ]),
  )
}
