import { isJsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { flaggedIn, illegalMovesIn, type Fault, type Happened } from './incident.conformance.ts'

/** An incident whose journal holds moves that the process does not allow. */
export type Nonconforming = {
  readonly id: string
  readonly number: string | null
  readonly faults: readonly Fault[]
}

type Row = Happened & { readonly subject_id: string; readonly version: number | null }

const pageSize = 5000

/** Every incident's states as the reader's tenant has them in its journal, one incident after the other. */
async function* lives(q: Reader): AsyncGenerator<readonly [string, readonly Happened[]]> {
  let after = ['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000']
  let waiting: Row[] = []
  for (;;) {
    const rows = await q.rows<Row>({
      name: 'incident_lives',
      text: `select j.subject_id, j.id, j.type, (j.data->>'version')::int as version,
               jsonb_build_object('state', j.data->'state', 'action', j.data->'action', 'undoes', j.data->'undoes',
                 'flags', j.data->'flags', 'imported', j.data->'imported',
                 'changes', jsonb_build_object('state', j.data->'changes'->'state')) as data
             from journal j
             where j.tenant_id = $1 and (j.subject_id, j.id) > ($2, $3) and j.subject_kind = 'incident'
               and (j.type in ('incident.raised', 'incident.imported') or j.data->'changes' ? 'state')
             order by j.subject_id, j.id limit $4`,
      values: [q.tenantId, ...after, pageSize],
    })
    const last = rows.at(-1)
    // The last incident of a page may go on with the next.
    const groups = Map.groupBy([...waiting, ...rows], (row) => row.subject_id)
    waiting = last !== undefined && rows.length === pageSize ? (groups.get(last.subject_id) ?? []) : []
    for (const [id, entries] of groups)
      if (waiting.length === 0 || id !== last?.subject_id)
        yield [id, entries.toSorted((one, other) => (one.version ?? 0) - (other.version ?? 0))]
    if (last === undefined || rows.length < pageSize) return
    after = [last.subject_id, last.id]
  }
}

/**
 * Holds the journal of the reader's tenant against the process table; `found` is told of each incident that does not fit. Imported
 * incidents are counted apart, with how many of their entries are flagged; those of a voided batch are there for nobody.
 */
export const checkConformance = async (
  q: Reader,
  found: (incident: Nonconforming) => void,
): Promise<{ readonly incidents: number; readonly imported: number; readonly flagged: number }> => {
  const voided = await q.one<{ ids: readonly string[] }>({
    text: 'select voided_imports() as ids',
    values: [],
  })
  const isVoided = ({ data: { imported } }: Happened): boolean =>
    isJsonObject(imported) && voided.ids.some((id) => id === imported['batchId'])
  let incidents = 0
  let imported = 0
  let flagged = 0
  for await (const [id, entries] of lives(q)) {
    if (entries.some(({ type }) => type === 'incident.imported')) {
      if (entries.some(isVoided)) continue
      imported += 1
      flagged += flaggedIn(entries)
    }
    incidents += 1
    const faults = illegalMovesIn(entries)
    if (faults.length === 0) continue
    const record = await q.maybe<{ number: string }>({
      text: 'select number from record where tenant_id = $1 and id = $2',
      values: [q.tenantId, id],
    })
    found({ id, number: record?.number ?? null, faults })
  }
  return { incidents, imported, flagged }
}
