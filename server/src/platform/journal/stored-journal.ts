import type { PersonalValues } from '../../kernel/evidence/commitment.ts'
import { inSealOrder, type JournalItem, type SealedEntry } from '../../kernel/evidence/sealed-journal.ts'
import type { Reader } from '../postgres/database.ts'
import type { StoredEntry } from './position.ts'
import { sealable } from './sealer.ts'

const pageSize = 2000

type Row = StoredEntry & {
  readonly seq: number
  readonly leaf_hash: Buffer
  readonly personal: PersonalValues | null
}

/** The sealed journal of the reader's tenant as it is stored, in order, page by page: for verification and export. */
export async function* storedJournal(q: Reader): AsyncGenerator<JournalItem> {
  yield* inSealOrder(sealedEntries(q), heads(q))
  const backlog = await q.one<{ count: number }>({
    text: `select count(*)::int as count from journal j
           where j.tenant_id = $1 and not exists (select from journal_seal s where s.tenant_id = $1 and s.entry_id = j.id)`,
    values: [q.tenantId],
  })
  yield { kind: 'unsealed', count: backlog.count }
}

async function* sealedEntries(q: Reader): AsyncGenerator<SealedEntry> {
  for (let from = -1; ;) {
    const rows = await q.rows<Omit<Row, 'id'> & { readonly id: string | null }>({
      text: `select s.seq, s.leaf_hash, j.id, j.at, j.actor_kind, j.actor_id, j.on_behalf_of, j.via, j.subject_kind, j.subject_id,
               j.type, j.data, j.cause, j.request, p.personal
             from journal_seal s
             left join journal j on j.tenant_id = s.tenant_id and j.id = s.entry_id
             left join journal_personal p on p.tenant_id = s.tenant_id and p.entry_id = s.entry_id
             where s.tenant_id = $1 and s.seq > $2 order by s.seq limit $3`,
      values: [q.tenantId, from, pageSize],
    })
    for (const row of rows) {
      from = row.seq
      yield {
        kind: 'entry',
        seq: row.seq,
        leafHash: row.leaf_hash.toString('hex'),
        entry: row.id === null ? null : { ...sealable(q.tenantId, { ...row, id: row.id }), seq: row.seq },
        ...(row.personal === null ? {} : { personal: row.personal }),
      }
    }
    if (rows.length < pageSize) return
  }
}

async function* heads(q: Reader): AsyncGenerator<{ readonly size: number; readonly checkpoint: string }> {
  for (let from = 0; ;) {
    const rows = await q.rows<{ size: number; checkpoint: string }>({
      text: 'select size, checkpoint from journal_head where tenant_id = $1 and size > $2 order by size limit $3',
      values: [q.tenantId, from, pageSize],
    })
    for (const row of rows) {
      from = row.size
      yield row
    }
    if (rows.length < pageSize) return
  }
}
