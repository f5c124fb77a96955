import type { JournalEntryView, JournalQuery, JournalRow, JournalState } from '@evenkeel/contract/journal'
import { isJsonObject, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { PersonalValues } from '../../kernel/evidence/commitment.ts'
import { hexOf } from '../../kernel/evidence/merkle.ts'
import type { VerifierKey } from '../../kernel/evidence/note.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { namesOf } from './history.names.ts'
import { checkEntry, signersOf } from './history.verify.ts'
import { sightOf, type Sight } from './history.visible.ts'
import { wordsOf, type Words } from './history.words.ts'
import { says } from './history.reasons.ts'

/** Entries that one request looks through at most: rare ones are found in several steps, none of which keeps anybody waiting. */
const stretch = 20_000

type Row = StoredEntry & {
  readonly era: number
  readonly tx: string
  readonly personal: PersonalValues | null
  readonly internal: boolean
  readonly seq: number | null
  readonly leaf_hash: Buffer | null
  readonly head: number | null
  readonly cause_type: string | null
}

const columns = (sight: Sight): string =>
  `j.id, j.era, j.tx, j.at, j.actor_kind, j.actor_id, j.on_behalf_of, j.via, j.subject_kind, j.subject_id, j.type, j.data, j.cause, j.request,
   p.personal, ${sight.internal} as internal, s.seq, s.leaf_hash,
   (select h.size from journal_head h where h.tenant_id = $1 and h.size > s.seq order by h.size limit 1) as head`

const beside = `left join journal_personal p on p.tenant_id = $1 and p.entry_id = j.id
   left join journal_seal s on s.tenant_id = $1 and s.entry_id = j.id`

/** A page of the journal, newest first, in commit order. Two statements, three when a number was asked for, then two for the names. */
export const listJournal = (
  database: Database,
  caller: Caller,
  query: JournalQuery & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ rows: JournalRow[]; next: string | null; searchedTo: string | null }> =>
  read(database, caller.tenantId, async (q) => {
    const subject = query.number === undefined ? (query.subject ?? null) : await numbered(q, query.number)
    if (query.number !== undefined && subject === null) return { rows: [], next: null, searchedTo: null }
    const sight = sightOf(caller)
    const { next } = sight.parameters
    const conditions = [sight.visible]
    if (query.actor !== undefined) {
      const actor = next(query.actor, 'uuid')
      conditions.push(`(j.actor_id = ${actor} or j.on_behalf_of = ${actor})`)
    }
    if (query.actorKind !== undefined) conditions.push(`j.actor_kind = ${next(query.actorKind, 'text')}`)
    if (query.kind !== undefined) conditions.push(`j.subject_kind = ${next(query.kind, 'text')}`)
    if (query.type !== undefined) {
      const type = next(query.type, 'text')
      conditions.push(`(j.type = ${type} or starts_with(j.type, ${type} || '.'))`)
    }
    if (query.from !== undefined) conditions.push(`j.at >= ${next(query.from, 'timestamptz')}`)
    if (query.to !== undefined) conditions.push(`j.at < ${next(query.to, 'timestamptz')}`)

    const place = query.cursor === undefined ? null : placeIn(query.cursor)
    const before =
      place === null
        ? ''
        : `and (j.era, j.tx, j.id) < (${next(String(place.era), 'integer')}, ${next(place.tx, 'text')}::xid8, ${next(place.id, 'uuid')})`
    const about = subject === null ? '' : `and j.subject_id = ${next(subject, 'uuid')}`
    const window = `select * from journal j where j.tenant_id = $1 ${about} ${before}
      order by j.era desc, j.tx desc, j.id desc`
    const values = (): unknown[] => [caller.tenantId, ...sight.parameters.values]
    const limit = next(String(query.limit + 1), 'integer')
    const found = await q.rows<Row>({
      text: `select ${columns(sight)}, null as cause_type from (${window} limit ${stretch}) j ${beside}
             where ${conditions.join(' and ')} order by j.era desc, j.tx desc, j.id desc limit ${limit}`,
      values: values(),
    })
    const page = found.slice(0, query.limit)
    const rows = await viewsOf(q, caller, sight, page)
    if (found.length > query.limit) return { rows, next: cursorOf(page.at(-1)), searchedTo: null }
    // The same parameters, so that one text serves both: all that the window does not name must still be mentioned.
    const edge = await q.maybe<Pick<Row, 'era' | 'tx' | 'id' | 'at'>>({
      text: `select j.era, j.tx, j.id, j.at from (${window} offset ${stretch - 1} limit 1) j
             where (${conditions.join(' and ')} and ${limit} > 0) or true`,
      values: values(),
    })
    return { rows, next: cursorOf(edge), searchedTo: edge?.at ?? null }
  })

/** One entry, with its proof looked at now. */
export const journalEntry = (
  database: Database,
  caller: Caller,
  id: string,
  keys: readonly VerifierKey[],
): Promise<JournalEntryView> =>
  read(database, caller.tenantId, async (q) => {
    const sight = sightOf(caller)
    const asked = sight.parameters.next(id, 'uuid')
    const row = await q.maybe<Row>({
      text: `select ${columns(sight)}, (select c.type from journal c where c.tenant_id = $1 and c.id = j.cause) as cause_type
             from journal j ${beside} where j.tenant_id = $1 and j.id = ${asked} and ${sight.visible}`,
      values: [caller.tenantId, ...sight.parameters.values],
    })
    if (row === undefined) throw new Refusal('not_found')
    const [names, proof] = await Promise.all([
      namesOf(q, caller, [row.data], [row.subject_id, row.actor_id, row.on_behalf_of]),
      row.seq === null ? null : checkEntry(q, row.seq, keys),
    ])
    const words = wordsFor(caller, row, sight, names)
    return {
      ...viewOf(row, words, names),
      body: words.body,
      details: words.details,
      cause: row.cause === null || row.cause_type === null ? null : { id: row.cause, type: row.cause_type },
      request: row.request,
      proof,
    }
  })

export const journalState = (database: Database, caller: Caller): Promise<JournalState> =>
  read(database, caller.tenantId, async (q) => {
    const [head, backlog] = await Promise.all([
      q.maybe<{ size: number; root: Buffer; checkpoint: string; signed_at: string }>({
        text: 'select size, root, checkpoint, signed_at from journal_head where tenant_id = $1 order by size desc limit 1',
        values: [q.tenantId],
      }),
      q.one<{ count: number; oldest: string | null }>(unsealed(q.tenantId)),
    ])
    return {
      sealed: head?.size ?? 0,
      unsealed: backlog.count,
      oldestUnsealedAt: backlog.oldest,
      head:
        head === undefined
          ? null
          : {
              size: head.size,
              root: hexOf(head.root),
              signedAt: head.signed_at,
              keys: signersOf(head.checkpoint),
            },
    }
  })

/** What stands behind the sealer's cursor, and what it set aside: found without reading what is sealed. */
const unsealed = (tenantId: string) => ({
  text: `select count(*)::int as count, min(j.at) as oldest from journal j
         where j.tenant_id = $1 and not exists (select from journal_seal s where s.tenant_id = $1 and s.entry_id = j.id)
           and ((j.era, j.tx, j.id) > (
                  coalesce((select c.era from reaction_cursor c where c.name = 'seal'), 0),
                  coalesce((select c.tx from reaction_cursor c where c.name = 'seal'), '0'::xid8),
                  coalesce((select c.entry_id from reaction_cursor c where c.name = 'seal'), '00000000-0000-0000-0000-000000000000'))
                or j.id in (select b.entry_id from reaction_setback b where b.tenant_id = $1 and b.reaction = 'seal'))`,
  values: [tenantId],
})

const numbered = async (q: Reader, number: string): Promise<string | null> => {
  // Whether its entries are this reader's to see is decided with them.
  const record = await q.maybe<{ id: string }>({
    name: 'history_numbered',
    text: 'select id from record where tenant_id = $1 and number = $2',
    values: [q.tenantId, number],
  })
  return record?.id ?? null
}

const cursorOf = (row: Pick<Row, 'era' | 'tx' | 'id'> | undefined): string | null =>
  row === undefined ? null : `${row.era}.${row.tx}.${row.id}`

const placeIn = (cursor: string): { era: number; tx: string; id: string } => {
  const match = /^(\d{1,9})\.(\d{1,20})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(cursor)
  const [, era = '', tx = '', id = ''] = match ?? []
  if (match === null || BigInt(tx) >= 2n ** 64n)
    throw new Refusal('malformed', [{ code: 'cursor', field: 'cursor', message: says('cursor') }])
  return { era: Number(era), tx, id }
}

const viewsOf = async (
  q: Reader,
  caller: Caller,
  sight: Sight,
  rows: readonly Row[],
): Promise<JournalRow[]> => {
  const names = await namesOf(
    q,
    caller,
    rows.map((row) => row.data),
    rows.flatMap((row) => [row.subject_id, row.actor_id, row.on_behalf_of]),
  )
  return rows.map((row) => viewOf(row, wordsFor(caller, row, sight, names), names))
}

const wordsFor = ({ language }: Caller, row: Row, sight: Sight, names: ReadonlyMap<string, string>): Words =>
  wordsOf({ ...row, opens: row.subject_kind === 'incident' || sight.people }, names, language)

const viewOf = (
  row: Row,
  { sentence, changes, personal }: Words,
  names: ReadonlyMap<string, string>,
): JournalRow => ({
  id: row.id,
  at: row.at,
  type: row.type,
  actor: {
    kind: row.actor_kind,
    id: row.actor_id,
    name: row.actor_id === null ? null : (names.get(row.actor_id) ?? null),
  },
  onBehalfOf:
    row.on_behalf_of === null ? null : { id: row.on_behalf_of, name: names.get(row.on_behalf_of) ?? '' },
  via: row.via,
  subject: {
    kind: row.subject_kind,
    id: row.subject_id,
    name: names.get(row.subject_id) ?? titleIn(row.data),
  },
  sentence,
  changes,
  personal,
  seal: row.seq === null || row.head === null ? null : { number: row.seq, head: row.head },
})

/** Policies are of the tenant; which one an entry is about stands in it. */
const titleIn = (data: JsonObject): string | null =>
  isJsonObject(data) && typeof data['kind'] === 'string' ? data['kind'] : null
