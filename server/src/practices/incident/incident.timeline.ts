import type { TimelineItem } from '@evenkeel/contract/incident'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { restorePersonal, type PersonalValues } from '../../kernel/evidence/commitment.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { followingOf } from '../record/index.ts'
import { itemNames, type ServiceEntry } from '../configuration/index.ts'
import { rightsOn } from './incident.command.ts'
import { publicEntries, stateOnlyEntries } from './incident.entries.ts'
import { mayRead, readableIncidents, relativeColumns, type RelativeRow } from './incident.relatives.ts'
import { findIncident } from './incident.repo.ts'
import { phrasesIn } from './incident.language.ts'
import { policiesAt } from './incident.rules.ts'
import { described, mentionedIn, type NamesById, type Told } from './incident.sentences.ts'

type Row = {
  readonly id: string
  readonly subject_id: string
  readonly at: string
  readonly type: string
  readonly via: string
  readonly data: JsonObject
  readonly personal: PersonalValues | null
  readonly actor_id: string | null
  readonly actor_name: string | null
  /** Who was at the keyboard, when somebody acted as somebody else. */
  readonly acting_name: string | null
  readonly comment_audience: 'public' | 'team' | null
  readonly comment_body: string | null
}

/**
 * What happened to one incident, in order, a page after the entry `after`; for the team with the moves of the incidents that are linked
 * to it now. Statements: 4, then at most 3 for the names, whatever the page holds. Readers who may not see internals get other entries, not the same ones with holes in them.
 */
export const incidentTimeline = async (
  database: Database,
  caller: Caller,
  id: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ items: TimelineItem[]; next: string | null }> => {
  const { services } = await policiesAt(database, caller.tenantId, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [row, following] = await Promise.all([findIncident(q, id), followingOf(q, id, caller.personId)])
    if (row === undefined) throw new Refusal('not_found')
    const by = rightsOn(row, caller, following)
    if (!by.may('incident.read')) throw new Refusal('not_found')
    const internal = by.may('incident.read_internal')
    const linked = internal ? await linkedIncidents(q, caller, id) : new Map<string, string>()
    const rows = await pageOf(q, id, [...linked.keys()], internal, after ?? null, limit + 1)
    const page = rows.slice(0, limit)
    const told = page.map(toldBy)
    const names = await namesFor(q, caller, services, told)
    return {
      items: page.map((entry, index) => ({
        ...itemOf(entry, told[index] ?? toldBy(entry), names, internal, caller.language),
        record:
          entry.subject_id === id
            ? null
            : { id: entry.subject_id, number: linked.get(entry.subject_id) ?? '' },
      })),
      next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    }
  })
}

/** The moves of a linked incident that matter here: that work began and waits on it is its own affair. */
const tellingMoves = [
  'incident.resolved',
  'incident.reopened',
  'incident.closed',
  'incident.canceled',
] as const

/** Parent, children and linked incidents within the reader's reach: numbers by id. */
const linkedIncidents = async (q: Reader, caller: Caller, id: string): Promise<Map<string, string>> => {
  const rows = await q.rows<RelativeRow>({
    name: 'incident_timeline_linked',
    text: `select ${relativeColumns('$3')} from record r where r.tenant_id = $1 and r.kind = 'incident' and r.id in (
             select parent_id from incident where tenant_id = $1 and id = $2
             union select id from incident where tenant_id = $1 and parent_id = $2
             union select to_id from record_link where tenant_id = $1 and from_id = $2
             union select from_id from record_link where tenant_id = $1 and to_id = $2)
           order by r.id limit 1500`,
    values: [q.tenantId, id, caller.personId],
  })
  return new Map(rows.filter((row) => mayRead(caller, row)).map((row) => [row.id, row.number]))
}

const pageOf = (
  q: Reader,
  id: string,
  linked: readonly string[],
  internal: boolean,
  after: string | null,
  limit: number,
): Promise<Row[]> =>
  q.rows<Row>({
    name: 'incident_timeline',
    text: `select j.id, j.subject_id, j.at, j.type, j.via, j.data, p.personal, a.id as actor_id, a.name as actor_name, k.name as acting_name,
             c.audience as comment_audience, c.body as comment_body
           from journal j
           left join journal_personal p on p.tenant_id = j.tenant_id and p.entry_id = j.id
           left join person a on a.tenant_id = j.tenant_id and a.id = coalesce(j.on_behalf_of, j.actor_id)
           left join person k on k.tenant_id = j.tenant_id and k.id = j.actor_id and j.on_behalf_of is not null
           left join comment c on c.tenant_id = j.tenant_id and c.record_id = j.subject_id and c.id = (j.data->>'commentId')::uuid
           where j.tenant_id = $1 and j.subject_id = any($7) and (j.subject_id = $2 or j.type = any($8))
             and j.subject_kind = 'incident' and ($3::uuid is null or j.id > $3)
             and ($4 or j.type = any($5) or (j.type = any($9) and j.data->'changes' ? 'state'))
             and ($4 or c.audience is distinct from 'team')
           order by j.id limit $6`,
    values: [
      q.tenantId,
      id,
      after,
      internal,
      [...publicEntries],
      limit,
      [id, ...linked],
      tellingMoves,
      stateOnlyEntries,
    ],
  })

/** The comment's own row has the last word over what the entry once said. */
const toldBy = ({ type, data, personal, comment_body }: Row): Told => ({
  type,
  data: {
    ...restorePersonal(data, personal ?? {}),
    ...(comment_body === null ? {} : { body: comment_body }),
  },
})

const itemOf = (
  row: Row,
  told: Told,
  names: NamesById,
  internal: boolean,
  language: string,
): Omit<TimelineItem, 'record'> => {
  const words = described(told, names, internal, language)
  const { actingAs, somebody } = phrasesIn(language)
  const acting =
    internal && row.acting_name !== null ? ` (${actingAs(row.acting_name, row.actor_name ?? somebody)})` : ''
  return {
    id: row.id,
    at: row.at,
    type: row.type,
    actor: row.actor_id === null ? null : { id: row.actor_id, name: row.actor_name ?? '' },
    via: row.via,
    ...words,
    sentence: acting === '' ? words.sentence : `${words.sentence ?? ''}${acting}`.trim(),
  }
}

/** Names for everything these entries mention; incidents only within the reader's reach. At most three statements. */
export const namesFor = async (
  q: Reader,
  caller: Caller,
  services: ReadonlyMap<string, ServiceEntry>,
  entries: readonly Told[],
): Promise<NamesById> => {
  const mentioned = mentionedIn(entries)
  const named = (table: 'person' | 'team', ids: ReadonlySet<string>) =>
    ids.size === 0
      ? []
      : q.rows<{ id: string; name: string }>({
          name: `incident_names_${table}`,
          text: `select id, name from ${table} where tenant_id = $1 and id = any($2)`,
          values: [q.tenantId, [...ids]],
        })
  const [people, teams, incidents, items] = await Promise.all([
    named('person', mentioned.people),
    named('team', mentioned.teams),
    readableIncidents(q, caller, [...mentioned.incidents]),
    itemNames(q, caller, [...mentioned.items]),
  ])
  return new Map([
    ...items,
    ...[...people, ...teams].map((row) => [row.id, row.name] as const),
    ...[...incidents.values()].map((row) => [row.id, row.number] as const),
    ...[...mentioned.services].flatMap((id) => {
      const service = services.get(id)
      return service === undefined ? [] : [[id, service.name] as const]
    }),
  ])
}
