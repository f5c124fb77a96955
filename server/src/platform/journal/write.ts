import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { withdrawPersonal, type PersonalValues } from '../../kernel/evidence/commitment.ts'
import { mustBeSealable } from '../../kernel/evidence/export-format.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { PoolClient } from 'pg'
import { insertMany, type ColumnTypes } from '../postgres/insert-many.ts'
import { insertTogether, type Insert } from '../postgres/insert-together.ts'
import { announce } from './committed.ts'
import { connectionLost, sqlState, transaction, type Database, type Reader } from '../postgres/database.ts'
import { written, type Query } from '../postgres/query.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { says } from '../platform.reasons.ts'

/** Who wants it: a person in a session, an API key acting as its person, the system itself, or somebody not signed in. */
export type Actor = {
  readonly kind: 'person' | 'key' | 'system' | 'agent' | 'stranger'
  readonly id: string | null
  /** Whose rights were used: the person of an API key, or the one somebody (`id`, at the keyboard) acts as. */
  readonly onBehalfOf: string | null
  /** How it came: session, key, mail, timer, import, command line. */
  readonly via: string
}

/** Under whose name and when a command runs. */
export type Author = {
  readonly tenantId: string
  readonly actor: Actor
  readonly request: string | null
  /** The instant of the decision, RFC 3339 with milliseconds; the same for everything one command writes. */
  readonly now: string
}

export type NewEntry = {
  readonly type: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly data: JsonObject
  /** JSON pointers into `data` to values that tell something about a person: kept apart behind salted commitments, so that they can be erased. */
  readonly personal?: readonly string[]
  /** The entry that led to this one. */
  readonly cause?: string
}

/** Something that happened elsewhere, before this product knew of it: said at its own time, by whom it names. */
export type PastEntry = NewEntry & {
  /** RFC 3339 with milliseconds. */
  readonly at: string
  /** One of our people; null when nobody is named. */
  readonly by: string | null
}

/** One writing transaction: everything a command stores, and its journal, or nothing. */
export type Tx = Reader & {
  readonly author: Author
  /** Sends a statement without waiting for it; a failure fails the commit. For writes whose result nobody reads. */
  send(query: Query<unknown>): void
  /**
   * Adds a row; written in the same statement as the journal, in the flush of the commit. What the command itself has to read back
   * is sent instead.
   */
  insert(table: string, row: Readonly<Record<string, unknown>>): void
  /**
   * Records what happened; written in the same flush as the commit. Returns the entry's id.
   * @throws UnsealableError for what could not be sealed or exported later; the command fails with it
   */
  journal(entry: NewEntry): string
  /**
   * Records what was imported, at its own time and by whom it names; only for authors who come by `import`. Many of them travel in few
   * statements.
   */
  journalPast(entry: PastEntry): string
}

const retryable = (error: unknown): boolean => ['40001', '40P01', '55P03'].includes(sqlState(error))

/**
 * The one way to write: lock, decide, store, journal, in one transaction. Deadlocks and serialization failures are tried again, at
 * most five times; `work` therefore changes nothing but the database.
 *
 * @throws Refusal `unavailable` when the database went away; whether the transaction committed is then unknown, and a creating request
 * is safe to repeat with its Idempotency-Key.
 */
export const write = async <T>(
  database: Database,
  author: Author,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptWrite(database, author, work)
    } catch (error) {
      if (connectionLost(error))
        throw new Refusal('unavailable', says('database.gone'), { 'retry-after': '2' })
      if (!retryable(error) || attempt === 5) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt))
    }
  }
}

const attemptWrite = async <T>(
  database: Database,
  author: Author,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => {
  let open: OpenTx | undefined
  const result = await transaction(
    database,
    author.tenantId,
    'read write',
    (client, reader) => {
      open = openTx(database, client, reader, author)
      return work(open.tx)
    },
    () => open?.finish() ?? [],
  )
  announce(database, author.tenantId, open?.types() ?? [])
  return result
}

export type OpenTx = {
  readonly tx: Tx
  /** Sends the journal; returns everything sent and not yet waited for. */
  finish(): Promise<unknown>[]
  /** The types of the entries journalled. */
  types(): string[]
}

/** The writing side of a transaction that is already open on `client` for the author's tenant. */
export const openTx = (
  database: Database,
  client: Pick<PoolClient, 'query'>,
  reader: Reader,
  author: Author,
): OpenTx => {
  const entries: WrittenEntry[] = []
  const sent: Promise<unknown>[] = []
  const send: Tx['send'] = (query) => {
    const { text, values, name } = written(query)
    const pending = client.query(
      name === undefined ? { text, values: [...values] } : { text, values: [...values], name },
    )
    pending.catch(() => {})
    sent.push(pending)
  }
  const inserts: Insert[] = []
  const tx: Tx = {
    ...reader,
    author,
    send,
    insert: (table, row) => {
      inserts.push({ table, columns: Object.keys(row), rows: [Object.values(row)] })
    },
    journal: (entry) => {
      const id = uuidv7()
      entries.push(writtenEntry(author, entry, id, author))
      return id
    },
    journalPast: ({ at, by, ...entry }) => {
      const { via } = author.actor
      if (via !== 'import') throw new TypeError('only an import writes entries of the past')
      const id = uuidv7()
      const kind = by === null ? 'system' : 'person'
      entries.push(
        writtenEntry(author, entry, id, { now: at, actor: { kind, id: by, onBehalfOf: null, via } }),
      )
      return id
    },
  }
  return {
    tx,
    finish: () => {
      const rows = journalRows(database.era, author, entries)
      const isMany = entries.length > mostTogether
      const together = isMany ? inserts : [...inserts, ...journalInserts(rows)]
      if (together.length > 0) send(insertTogether(together))
      if (isMany)
        for (const statement of [
          ...insertMany('journal', journalColumns, rows.journal),
          ...insertMany('journal_personal', personalColumns, rows.personal),
        ])
          send(statement)
      return sent
    },
    types: () => [...new Set(entries.map((entry) => entry.type))],
  }
}

// A statement takes at most 65,535 values; long before, the time to plan it is what counts.
const mostTogether = 100

type WrittenEntry = Omit<NewEntry, 'personal'> & {
  readonly id: string
  readonly kept: PersonalValues
  readonly actor: Actor
  readonly at: string
}

/** The entry with its personal values apart. */
const writtenEntry = (
  author: Author,
  { personal, ...entry }: NewEntry,
  id: string,
  { actor, now: at }: Pick<Author, 'actor' | 'now'>,
): WrittenEntry => {
  const { data, values: kept } = withdrawPersonal(entry.data, personal ?? [])
  mustBeSealable(
    {
      v: 1,
      tenant: author.tenantId,
      id,
      at,
      actor,
      subject: entry.subject,
      type: entry.type,
      data,
      cause: entry.cause ?? null,
      request: author.request,
    },
    kept,
  )
  return { ...entry, id, data, kept, actor, at }
}

/** The journal's rows, and those of the personal values apart. */
const journalRows = (era: number, author: Author, entries: readonly WrittenEntry[]) => ({
  journal: entries.map((entry) => ({
    tenant_id: author.tenantId,
    id: entry.id,
    era,
    at: entry.at,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    on_behalf_of: entry.actor.onBehalfOf,
    via: entry.actor.via,
    subject_kind: entry.subject.kind,
    subject_id: entry.subject.id,
    type: entry.type,
    data: entry.data,
    cause: entry.cause ?? null,
    request: author.request,
  })),
  personal: entries.flatMap((entry) =>
    Object.keys(entry.kept).length === 0
      ? []
      : [{ tenant_id: author.tenantId, entry_id: entry.id, personal: entry.kept }],
  ),
})
type JournalRows = ReturnType<typeof journalRows>

/** Few entries go among the command's own inserts. */
const journalInserts = ({ journal, personal }: JournalRows): Insert[] => [
  ...insertOf(
    'journal',
    journalColumns,
    journal.map((row) => ({ ...row, data: JSON.stringify(row.data) })),
  ),
  ...insertOf(
    'journal_personal',
    personalColumns,
    personal.map((row) => ({ ...row, personal: JSON.stringify(row.personal) })),
  ),
]

const insertOf = (table: string, types: ColumnTypes, rows: readonly object[]): Insert[] =>
  rows.length === 0
    ? []
    : [{ table, columns: Object.keys(types), rows: rows.map((row) => Object.values(row)) }]

// In the order of the rows' members.
const journalColumns = {
  tenant_id: 'uuid',
  id: 'uuid',
  era: 'integer',
  at: 'timestamptz',
  actor_kind: 'text',
  actor_id: 'uuid',
  on_behalf_of: 'uuid',
  via: 'text',
  subject_kind: 'text',
  subject_id: 'uuid',
  type: 'text',
  data: 'jsonb',
  cause: 'uuid',
  request: 'text',
} as const satisfies ColumnTypes & Record<keyof JournalRows['journal'][number], string>
const personalColumns = {
  tenant_id: 'uuid',
  entry_id: 'uuid',
  personal: 'jsonb',
} as const satisfies ColumnTypes & Record<keyof JournalRows['personal'][number], string>
