import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { withdrawPersonal, type PersonalValues } from '../../kernel/evidence/commitment.ts'
import { mustBeSealable } from '../../kernel/evidence/export-format.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { PoolClient } from 'pg'
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
      entries.push(writtenEntry(author, entry, id))
      return id
    },
  }
  return {
    tx,
    finish: () => {
      const all = [...inserts, ...journalInserts(database.era, author, entries)]
      if (all.length > 0) send(insertTogether(all))
      return sent
    },
    types: () => entries.map((entry) => entry.type),
  }
}

type WrittenEntry = Omit<NewEntry, 'personal'> & { readonly id: string; readonly kept: PersonalValues }

/** The entry with its personal values apart. */
const writtenEntry = (author: Author, { personal, ...entry }: NewEntry, id: string): WrittenEntry => {
  const { data, values: kept } = withdrawPersonal(entry.data, personal ?? [])
  mustBeSealable(
    {
      v: 1,
      tenant: author.tenantId,
      id,
      at: author.now,
      actor: author.actor,
      subject: entry.subject,
      type: entry.type,
      data,
      cause: entry.cause ?? null,
      request: author.request,
    },
    kept,
  )
  return { ...entry, id, data, kept }
}

/** The journal's rows among the command's inserts. */
const journalInserts = (era: number, author: Author, entries: readonly WrittenEntry[]): Insert[] => {
  if (entries.length === 0) return []
  const { tenantId, actor } = author
  const rows: unknown[][] = []
  const personal: unknown[][] = []
  for (const entry of entries) {
    rows.push([
      tenantId,
      entry.id,
      era,
      author.now,
      actor.kind,
      actor.id,
      actor.onBehalfOf,
      actor.via,
      entry.subject.kind,
      entry.subject.id,
      entry.type,
      JSON.stringify(entry.data),
      entry.cause ?? null,
      author.request,
    ])
    if (Object.keys(entry.kept).length > 0) personal.push([tenantId, entry.id, JSON.stringify(entry.kept)])
  }
  const inserts: Insert[] = [{ table: 'journal', columns: journalColumns, rows }]
  if (personal.length > 0)
    inserts.push({ table: 'journal_personal', columns: personalColumns, rows: personal })
  return inserts
}

const journalColumns = [
  'tenant_id',
  'id',
  'era',
  'at',
  'actor_kind',
  'actor_id',
  'on_behalf_of',
  'via',
  'subject_kind',
  'subject_id',
  'type',
  'data',
  'cause',
  'request',
]
const personalColumns = ['tenant_id', 'entry_id', 'personal']
