import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { Named, ToMake } from '../people/index.ts'

export const findServicesNamed = (q: Reader, values: readonly string[]): Promise<Named[]> =>
  q.rows({
    text: `select v.value, s.id, s.is_active as "isActive", false as several
           from unnest($2::text[]) v (value) join service s on s.tenant_id = $1 and lower(s.name) = lower(v.value)`,
    values: [q.tenantId, values],
  })

/** Services that a file names, supported by one team until somebody says otherwise. */
export const makeServices = (
  tx: Tx,
  services: readonly ToMake[],
  supportTeamId: string,
  importId: string,
): void => {
  if (services.length === 0) return
  tx.send({
    text: `insert into service (tenant_id, id, name, support_team_id, created_at) select $1, v.id, v.name, $2, $3
           from unnest($4::uuid[], $5::text[]) v (id, name)`,
    values: [
      tx.tenantId,
      supportTeamId,
      tx.author.now,
      services.map(({ id }) => id),
      services.map(({ value }) => value),
    ],
  })
  for (const { id, value } of services)
    tx.journal({
      type: 'service.created',
      subject: { kind: 'service', id },
      data: { name: value, supportTeamId, importId },
    })
}

export const turnServices = async (
  tx: Tx,
  ids: readonly string[],
  isActive: boolean,
  importId: string,
): Promise<void> => {
  const turned = await tx.rows<{ id: string; version: number }>({
    text: `update service set is_active = $3, version = version + 1
           where tenant_id = $1 and id = any($2) and is_active <> $3 returning id, version`,
    values: [tx.tenantId, ids, isActive],
  })
  for (const { id, version } of turned)
    tx.journal({
      type: 'service.edited',
      subject: { kind: 'service', id },
      data: { version, changes: { isActive: { from: !isActive, to: isActive } }, importId },
    })
}
