import { connectionLost, transaction, type Database } from '../postgres/database.ts'
import { announce } from './committed.ts'
import {
  beginning,
  byTenant,
  entriesAt,
  entriesMadeHere,
  noTenant,
  positionsAfter,
  type Position,
  type StoredEntry,
} from './position.ts'
import { openTx, type Actor, type OpenTx, type Tx } from './write.ts'

/**
 * A named reader of the journal. Its cursor moves in the transaction of what it writes, so each entry has its effect exactly once in
 * the database; effects outside (mail, webhooks) become jobs in that same transaction.
 */
export type Reaction = {
  readonly name: string
  /** Entry types it cares about, or beginnings ending in a dot; everything when absent. */
  readonly to?: readonly string[]
  /** Also entries that came in an organisation's archive. Those had their effects where they were made; who seals or folds takes them all. */
  readonly alsoCarried?: true
  /**
   * Handles entries of one tenant, oldest first. What it throws is tried again, then set aside: see `Setback`. Whoever has more to do than
   * fits into one transaction answers `again`: what was written so far is kept, and the same entries come again, perhaps with newer ones.
   * It has to know for itself how far it got.
   */
  readonly react: (tx: Tx, entries: readonly StoredEntry[]) => Promise<'again' | void>
}

export type RunSettings = {
  readonly database: Database
  readonly now: () => string
  /** Told when an entry was set aside after repeated failures. */
  readonly onSetAside?: (reaction: string, entryId: string, error: unknown) => void
}

const batchSize = 500
const attempts = 5

/** What a failed batch was, so that the next run takes less and ends at the one entry that fails. */
type Setback = { size: number; entryId: string; failures: number }

export type ReactionRunner = {
  /** Handles what there is; true when there may be more. */
  run(): Promise<boolean>
}

/** A runner of one reaction. Several processes may have one: the cursor's row lock lets one work at a time. */
export const reactionRunner = (reaction: Reaction, settings: RunSettings): ReactionRunner => {
  const setback: Setback = { size: batchSize, entryId: '', failures: 0 }
  return {
    run: async () => {
      const attempt: Attempt = { size: setback.size, entryId: '', passOver: null }
      try {
        const handled = await runBatch(reaction, settings, attempt)
        setback.size = Math.min(batchSize, setback.size * 2)
        return handled > 0
      } catch (error) {
        if (connectionLost(error)) throw error
        if (setback.size > 1) {
          setback.size = Math.max(1, Math.floor(setback.size / 8))
          return true
        }
        if (attempt.entryId !== setback.entryId)
          Object.assign(setback, { entryId: attempt.entryId, failures: 0 })
        setback.failures += 1
        if (setback.failures < attempts) return true
        const passed = { size: 1, entryId: '', passOver: { entryId: setback.entryId, error } }
        if ((await runBatch(reaction, settings, passed)) > 0) {
          settings.onSetAside?.(reaction.name, setback.entryId, error)
        }
        return true
      }
    },
  }
}

/** One try: how many entries, which one it is at, and the one to set aside instead of handling it. */
type Attempt = {
  readonly size: number
  entryId: string
  readonly passOver: { readonly entryId: string; readonly error: unknown } | null
}

const systemActor: Actor = { kind: 'system', id: null, onBehalfOf: null, via: 'reaction' }

/** One transaction: lock the cursor, read on, react tenant by tenant, move the cursor. Returns how many entries it passed. */
const runBatch = async (reaction: Reaction, settings: RunSettings, attempt: Attempt): Promise<number> => {
  const { database } = settings
  const done: { tenantId: string; open: OpenTx }[] = []
  const count = await transaction(database, noTenant, 'read write', async (client, reader) => {
    const cursor = await lockCursor(reader, reaction.name)
    if (cursor === undefined) return 0
    const places = await positionsAfter(reader, cursor, attempt.size)
    const [first, last] = [places[0], places.at(-1)]
    if (first === undefined || last === undefined) return 0
    attempt.entryId = first.id
    let again = false
    // Another process was quicker: what stands next is not what failed here.
    if (attempt.passOver !== null && attempt.passOver.entryId !== first.id) return 0
    for (const [tenantId, ids] of byTenant(places)) {
      await client.query(`set local evenkeel.tenant = '${tenantId}'`)
      const author = { tenantId, actor: systemActor, request: null, now: settings.now() }
      const open = openTx(database, client, { ...reader, tenantId }, author)
      if (attempt.passOver !== null) leaveWord(open.tx, reaction.name, attempt.passOver)
      else {
        const read = reaction.alsoCarried === true ? entriesAt : entriesMadeHere
        const entries = await read(open.tx, ids, reaction.to ?? null)
        if (entries.length > 0 && (await reaction.react(open.tx, entries)) === 'again') again = true
      }
      await Promise.all(open.finish())
      done.push({ tenantId, open })
    }
    if (again) return places.length
    await reader.rows({
      name: 'reaction_cursor_move',
      text: 'update reaction_cursor set era = $2, tx = $3, entry_id = $4, moved_at = now() where name = $1',
      values: [reaction.name, last.era, last.tx, last.id],
    })
    return places.length
  })
  for (const { tenantId, open } of done) announce(database, tenantId, open.types())
  return count
}

/** The cursor under lock; undefined while another process has it. */
const lockCursor = async (q: Pick<Tx, 'rows'>, name: string): Promise<Position | undefined> => {
  const find = {
    name: 'reaction_cursor_lock',
    text: 'select era, tx, entry_id as id from reaction_cursor where name = $1 for update skip locked',
    values: [name],
  }
  const found = await q.rows<Position>(find)
  if (found[0] !== undefined) return found[0]
  const begun = await q.rows<Position>({
    text: `insert into reaction_cursor (name, era, tx, entry_id) values ($1, $2, $3, $4) on conflict do nothing
           returning era, tx, entry_id as id`,
    values: [name, beginning.era, beginning.tx, beginning.id],
  })
  return begun[0]
}

/** Leaves word of an entry that keeps failing; the cursor passes it in the same transaction. */
const leaveWord = (
  tx: Tx,
  reaction: string,
  failed: { readonly entryId: string; readonly error: unknown },
): void => {
  tx.send({
    text: `insert into reaction_setback (tenant_id, reaction, entry_id, failure, set_aside_at) values ($1,$2,$3,$4,$5)
           on conflict do nothing`,
    values: [tx.tenantId, reaction, failed.entryId, message(failed.error), tx.author.now],
  })
}

const message = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000)

/** Tries an entry again that was set aside, for example after the cause was mended. */
export const retrySetback = async (tx: Tx, reaction: Reaction, entryId: string): Promise<void> => {
  const entries = await entriesAt(tx, [entryId])
  while ((await reaction.react(tx, entries)) === 'again');
  tx.send({
    text: 'delete from reaction_setback where tenant_id = $1 and reaction = $2 and entry_id = $3',
    values: [tx.tenantId, reaction.name, entryId],
  })
}
