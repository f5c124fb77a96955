import { uuidv7 } from '../src/kernel/uuid.ts'
import { write, type Author } from '../src/platform/journal/write.ts'
import { pastIncidents } from '../src/practices/incident/index.ts'
import { nextNumber, type Brought, type PastRecord, type PastUpdate } from '../src/practices/record/index.ts'
import type { World } from './world.ts'

type Tenant = Awaited<ReturnType<World['tenant']>>

/** One line of a file: its number is its identity. */
export const pastLine = (
  line: number,
  at: string,
  values: PastUpdate['values'],
  by: string | null = null,
): PastUpdate => ({ line, updateKey: String(line), at, by, values })

export const pastRecord = (
  sourceKey: string,
  updates: readonly PastUpdate[],
  known: PastRecord['known'] = null,
): PastRecord => ({ sourceKey, updates, known })

/** Batches of one tenant, written as an import writes them. */
export const importsOf = (world: World, tenant: Tenant, standIn: { readonly id: string }) => {
  const author = (): Author => ({
    ...tenant.author(),
    actor: { kind: 'person', id: standIn.id, onBehalfOf: null, via: 'import' },
  })
  const batch = async (): Promise<string> => {
    const id = uuidv7()
    await write(world.database, author(), async (tx) => {
      tx.insert('import_batch', {
        tenant_id: tx.tenantId,
        id,
        file_name: 'incidents.csv',
        size_bytes: 1,
        sha256: Buffer.alloc(32),
        storage_key: id,
        state: 'importing',
        created_by: standIn.id,
        created_at: tx.author.now,
      })
    })
    return id
  }
  const bring = (batchId: string, records: readonly PastRecord[]): Promise<Brought> =>
    write(world.database, author(), (tx) =>
      pastIncidents.bring(
        tx,
        {
          id: batchId,
          source: 'Olddesk',
          standIns: { teamId: tenant.deskId, personId: standIn.id },
          nextNumber: () => nextNumber(world.database, author(), 'incident'),
        },
        records,
      ),
    )
  const voidBatch = (batchId: string): Promise<void> =>
    write(world.database, author(), async (tx) => {
      tx.send({
        text: `update import_batch set state = 'voided', voided_at = $3 where tenant_id = $1 and id = $2`,
        values: [tx.tenantId, batchId, tx.author.now],
      })
    })
  return { author, batch, bring, voidBatch }
}
