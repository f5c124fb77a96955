import { tenantCache } from '../../platform/cache/tenant-cache.ts'

export type ServiceEntry = {
  readonly id: string
  readonly name: string
  readonly supportTeamId: string
  readonly criticality: number
  readonly isActive: boolean
}

/** A tenant's services by id: a catalogue, small and slowly changing. */
export const serviceDirectory = tenantCache(['service.'], async (q) => {
  const rows = await q.rows<ServiceEntry>({
    text: `select id, name, support_team_id as "supportTeamId", criticality, is_active as "isActive" from service where tenant_id = $1`,
    values: [q.tenantId],
  })
  return new Map(rows.map((row) => [row.id, row]))
})
