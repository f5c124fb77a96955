import { write, type Author } from '../../platform/journal/write.ts'
import { sqlState, type Database, type Reader } from '../../platform/postgres/database.ts'

const prefixes = { incident: 'INC' } as const
export type RecordKind = keyof typeof prefixes

type Block = { next: number; end: number; more: Promise<void> | null }
const blocks = new WeakMap<Database, Map<string, Block>>()
const blockSize = 100

/**
 * The next number of a kind: unique per tenant, roughly increasing, with gaps after a stop. Handed out from blocks that a process
 * takes in a transaction of its own, so that no writer waits for another one's commit.
 */
export const nextNumber = async (database: Database, author: Author, kind: RecordKind): Promise<string> => {
  const key = `${author.tenantId}/${kind}`
  let held = blocks.get(database)
  if (held === undefined) blocks.set(database, (held = new Map()))
  let block = held.get(key)
  if (block === undefined) held.set(key, (block = { next: 0, end: 0, more: null }))
  while (block.next >= block.end) {
    block.more ??= takeBlock(database, author, kind, block)
    await block.more
  }
  const number = block.next
  block.next += 1
  return `${prefixes[kind]}${String(number).padStart(7, '0')}`
}

/**
 * Does something with a number, and once more with another one when it was taken meanwhile: an import may bring a number that this process
 * holds in its block. Blocks taken later lie behind what was imported.
 */
export const withNumber = async <T>(
  database: Database,
  author: Author,
  kind: RecordKind,
  work: (number: string) => Promise<T>,
): Promise<T> => {
  const number = await nextNumber(database, author, kind)
  try {
    return await work(number)
  } catch (error) {
    if (!isNumberTaken(error)) throw error
    blocks.get(database)?.delete(`${author.tenantId}/${kind}`)
    return work(await nextNumber(database, author, kind))
  }
}

const isNumberTaken = (error: unknown): boolean =>
  sqlState(error) === '23505' &&
  typeof error === 'object' &&
  error !== null &&
  'constraint' in error &&
  error.constraint === 'record_tenant_id_kind_number_key'

const takeBlock = async (
  database: Database,
  author: Author,
  kind: RecordKind,
  block: Block,
): Promise<void> => {
  try {
    const { next } = await write(database, author, (tx) =>
      tx.one<{ next: number }>({
        text: `insert into number_block as b (tenant_id, kind, next) values ($1, $2, 1001 + $3)
               on conflict (tenant_id, kind) do update set next = b.next + $3 returning next`,
        values: [author.tenantId, kind, blockSize],
      }),
    )
    block.next = next - blockSize
    block.end = next
  } finally {
    block.more = null
  }
}

/** Where records came in with their numbers and nothing was handed out yet: numbers go on after the highest of each kind. */
export const continueNumbers = (q: Reader): Promise<unknown> =>
  q.rows({
    text: `insert into number_block (tenant_id, kind, next)
           select tenant_id, kind, greatest(1001, max(substring(number from '[0-9]{1,15}$')::bigint) + 1) from record
           where tenant_id = $1 and number ~ '^[A-Z]+[0-9]{1,15}$' group by tenant_id, kind`,
    values: [q.tenantId],
  })
