import type { JournalEntry } from '../../kernel/evidence/leaf.ts'
import { frontierFrom, emptyFrontier, type Frontier } from '../../kernel/evidence/merkle.ts'
import type { SigningKey } from '../../kernel/evidence/note.ts'
import { sealBatch } from '../../kernel/evidence/seal.ts'
import type { Reader } from '../postgres/database.ts'
import type { StoredEntry } from './position.ts'
import type { Reaction } from './reactions.ts'

/**
 * Gives entries their dense numbers and signs a head over them, behind the writers: they never wait for it. A reaction like any other,
 * so what is numbered and where the cursor stands cannot disagree.
 */
export const sealerWith = (key: SigningKey): Reaction => ({
  name: 'seal',
  alsoCarried: true,
  react: async (tx, entries) => {
    const frontier = await lastFrontier(tx)
    const batch = sealBatch(
      frontier,
      entries.map((entry) => sealable(tx.tenantId, entry)),
      key,
    )
    tx.send({
      name: 'seal_insert',
      text: `insert into journal_seal (tenant_id, seq, entry_id, leaf_hash)
             select $1, * from unnest($2::bigint[], $3::uuid[], $4::bytea[])`,
      values: [
        tx.tenantId,
        batch.entries.map(({ entry }) => entry.seq),
        batch.entries.map(({ entry }) => entry.id),
        batch.entries.map(({ leafHash }) => Buffer.from(leafHash)),
      ],
    })
    tx.send({
      name: 'head_insert',
      text: `insert into journal_head (tenant_id, size, root, frontier, checkpoint, signed_at) values ($1,$2,$3,$4::bytea[],$5,$6)`,
      values: [
        tx.tenantId,
        batch.frontier.size,
        Buffer.from(batch.root),
        batch.frontier.nodes.map((node) => Buffer.from(node)),
        batch.checkpoint,
        tx.author.now,
      ],
    })
  },
})

const lastFrontier = async (q: Reader): Promise<Frontier> => {
  const head = await q.maybe<{ size: number; frontier: Buffer[] }>({
    name: 'head_last',
    text: 'select size, frontier from journal_head where tenant_id = $1 order by size desc limit 1',
    values: [q.tenantId],
  })
  return head === undefined ? emptyFrontier : frontierFrom(head.size, head.frontier)
}

/** The entry in the form that is sealed. */
export const sealable = (tenantId: string, entry: StoredEntry): Omit<JournalEntry, 'seq'> => ({
  v: 1,
  tenant: tenantId,
  id: entry.id,
  at: entry.at,
  actor: {
    kind: entry.actor_kind,
    id: entry.actor_id,
    onBehalfOf: entry.on_behalf_of,
    via: entry.via,
  },
  subject: { kind: entry.subject_kind, id: entry.subject_id },
  type: entry.type,
  data: entry.data,
  cause: entry.cause,
  request: entry.request,
})
