import { tenantCache } from '../../platform/cache/tenant-cache.ts'

export type Directory = {
  /** Teams by id. */
  readonly teams: ReadonlyMap<string, { readonly name: string; readonly isActive: boolean }>
  /** People who are in a team, by id: those that records are given to. */
  readonly staff: ReadonlyMap<string, { readonly name: string; readonly teamIds: readonly string[] }>
}

/** Teams and the people in them, by id: small and slowly changing. */
export const directory = tenantCache<Directory>(['team.', 'person.', 'tenant.'], async (q) => {
  const [teams, staff] = await Promise.all([
    q.rows<{ id: string; name: string; is_active: boolean }>({
      text: 'select id, name, is_active from team where tenant_id = $1 order by name',
      values: [q.tenantId],
    }),
    q.rows<{ id: string; name: string; team_ids: string[] }>({
      text: `select p.id, p.name, array_agg(m.team_id) as team_ids from person p join team_member m on m.tenant_id = p.tenant_id and m.person_id = p.id
             where p.tenant_id = $1 and p.is_active group by p.tenant_id, p.id, p.name order by p.name`,
      values: [q.tenantId],
    }),
  ])
  return {
    teams: new Map(teams.map((row) => [row.id, { name: row.name, isActive: row.is_active }])),
    staff: new Map(staff.map((row) => [row.id, { name: row.name, teamIds: row.team_ids }])),
  }
})
