import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Reader } from '../postgres/database.ts'

/**
 * A place in the journal in commit-safe order: era, transaction id, entry id. Everything at or before a position handed out by
 * `positionsAfter` is final: no transaction still running can add an entry before it.
 */
export type Position = { readonly era: number; readonly tx: string; readonly id: string }
export type Place = Position & { readonly tenantId: string }

const nil = '00000000-0000-0000-0000-000000000000'
export const noTenant = nil
export const beginning: Position = { era: 0, tx: '0', id: nil }

type Queries = Pick<Reader, 'rows'>

/** Where the next entries are, of all tenants, oldest first. */
export const positionsAfter = (q: Queries, after: Position, atMost: number): Promise<Place[]> =>
  q.rows<Place>({
    name: 'journal_after',
    text: 'select tenant_id as "tenantId", era, tx, id from journal_after($1, $2, $3, $4)',
    values: [after.era, after.tx, after.id, atMost],
  })

/** The last final position: where a reader begins that only cares about what comes. */
export const lastPosition = async (q: Queries): Promise<Position> => {
  const rows = await q.rows<Position>({ text: 'select era, tx, id from journal_last()', values: [] })
  return rows[0] ?? beginning
}

export const positionText = (position: Position): string => `${position.era}.${position.tx}.${position.id}`

/** One entry as readers of the journal get it; personal values stay behind their commitments. */
export type StoredEntry = {
  readonly id: string
  readonly at: string
  readonly actor_kind: 'person' | 'key' | 'system' | 'agent' | 'stranger'
  readonly actor_id: string | null
  readonly on_behalf_of: string | null
  readonly via: string
  readonly subject_kind: string
  readonly subject_id: string
  readonly type: string
  readonly data: JsonObject
  readonly cause: string | null
  readonly request: string | null
}

const entriesById = `select id, at, actor_kind, actor_id, on_behalf_of, via, subject_kind, subject_id, type, data, cause, request
  from journal j where tenant_id = $1 and id = any($2)`

/** Types of entries by their names, or by beginnings that end in a dot, as patterns. */
const patternsOf = (types: readonly string[]): string[] =>
  types.map((type) => `${type.replaceAll(/[\\%_]/g, '\\$&')}${type.endsWith('.') ? '%' : ''}`)

/** Entries of the reader's tenant by id, in the order of the ids given. */
export const entriesAt = async (
  q: Reader,
  ids: readonly string[],
  /** Others are left out: what nobody asked for does not travel. */
  types: readonly string[] | null = null,
): Promise<StoredEntry[]> =>
  inOrder(
    ids,
    await q.rows<StoredEntry>({
      name: 'journal_entries_at',
      text: `${entriesById} and ($3::text[] is null or type like any($3))`,
      values: [q.tenantId, ids, types === null ? null : patternsOf(types)],
    }),
  )

/** The same without those that came with the organisation from another instance: what they led to is among them. */
export const entriesMadeHere = async (
  q: Reader,
  ids: readonly string[],
  types: readonly string[] | null,
): Promise<StoredEntry[]> =>
  inOrder(
    ids,
    await q.rows<StoredEntry>({
      name: 'journal_entries_made_here',
      text: `${entriesById} and ($3::text[] is null or type like any($3)) and not exists (
               select from carried_journal c where c.tenant_id = j.tenant_id and c.era = j.era and c.tx = j.tx)`,
      values: [q.tenantId, ids, types === null ? null : patternsOf(types)],
    }),
  )

const inOrder = (ids: readonly string[], rows: readonly StoredEntry[]): StoredEntry[] => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** Places grouped by tenant, each tenant's in order. */
export const byTenant = (places: readonly Place[]): Map<string, string[]> => {
  const groups = new Map<string, string[]>()
  for (const place of places) {
    const ids = groups.get(place.tenantId)
    if (ids === undefined) groups.set(place.tenantId, [place.id])
    else ids.push(place.id)
  }
  return groups
}
