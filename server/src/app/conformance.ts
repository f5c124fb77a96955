import { read, type Database } from '../platform/postgres/database.ts'
import { checkConformance, type Nonconforming } from '../practices/incident/index.ts'

// A journal with more than that is not read line by line.
const mostNamed = 1000

export type Conformance = {
  readonly incidents: number
  /** Of these, what another system did: their entries say themselves what our process would not have allowed. */
  readonly imported: number
  /** Entries of imported incidents that are flagged so. */
  readonly flagged: number
  /** Incidents with moves that the process does not allow. */
  readonly illegal: number
  /** The first of them. */
  readonly named: readonly Nonconforming[]
}

/** Whether a tenant's journal holds only moves that the process tables allow. */
export const conformanceOf = (database: Database, tenantId: string): Promise<Conformance> =>
  read(database, tenantId, async (q) => {
    await q.rows({ text: 'set transaction isolation level repeatable read', values: [] })
    const named: Nonconforming[] = []
    let illegal = 0
    const { incidents, imported, flagged } = await checkConformance(q, (incident) => {
      illegal += 1
      if (named.length < mostNamed) named.push(incident)
    })
    return { incidents, imported, flagged, illegal, named }
  })
