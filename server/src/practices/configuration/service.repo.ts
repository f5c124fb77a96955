import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { ItemRow } from './item.repo.ts'
import { says as itemSays } from './item.reasons.ts'
import { says } from './service.reasons.ts'

// A service is an item; what records, routing and lists need of it stays in a row of `service` under the same id, written with the item.

/** What records know of a service. */
type Service = {
  readonly name: string
  readonly description: string
  readonly supportTeamId: string | null
  readonly ownerId: string | null
  readonly criticality: number
  readonly isActive: boolean
}

const serviceOf = ({ name, values, supportTeamId, ownerId, criticality, state }: ItemRow): Service => {
  const description = values['description']
  return {
    name,
    description: typeof description === 'string' ? description.slice(0, 2000) : '',
    supportTeamId,
    ownerId,
    criticality: criticality ?? 3,
    isActive: state === 'in_use' || state === 'in_repair',
  }
}

const takenName = (): Refusal =>
  new Refusal('already_exists', [{ code: 'taken', field: 'name', message: says('taken') }])

/** @throws Refusal for what an item may be and a service may not: without a team, or called like another one */
export const refuseService = async (tx: Tx, before: ItemRow | null, after: ItemRow): Promise<void> => {
  if (after.supportTeamId === null) throw invalid('values.support_team', itemSays('service.team'))
  if (before?.name === after.name) return
  const other = await tx.maybe({
    text: 'select 1 from service where tenant_id = $1 and lower(name) = lower($2) and id <> $3',
    values: [tx.tenantId, after.name, after.id],
  })
  if (other !== undefined) throw takenName()
}

/**
 * Writes what records know of a service, behind its item.
 * @throws Refusal `already_exists` when somebody took the name at the same moment
 */
export const storeService = async (
  tx: Tx,
  before: ItemRow | null,
  after: ItemRow,
  more: JsonObject = {},
): Promise<void> => {
  const service = serviceOf(after)
  const { name, description, supportTeamId, ownerId, criticality, isActive } = service
  const subject = { kind: 'service', id: after.id }
  if (before === null) {
    const made = await tx.maybe({
      text: `insert into service (tenant_id, id, name, description, support_team_id, owner_id, criticality, is_active, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (tenant_id, lower(name)) do nothing returning 1`,
      values: [
        tx.tenantId,
        after.id,
        name,
        description,
        supportTeamId,
        ownerId,
        criticality,
        isActive,
        tx.author.now,
      ],
    })
    if (made === undefined) throw takenName()
    tx.journal({
      type: 'service.created',
      subject,
      data: { name, description, supportTeamId, ownerId, criticality, ...more },
    })
    return
  }
  tx.send({
    text: `update service set name = $3, description = $4, support_team_id = $5, owner_id = $6, criticality = $7, is_active = $8, version = $9
           where tenant_id = $1 and id = $2`,
    values: [
      tx.tenantId,
      after.id,
      name,
      description,
      supportTeamId,
      ownerId,
      criticality,
      isActive,
      after.version,
    ],
  })
  const was = new Map(Object.entries(serviceOf(before)))
  const changes: JsonObject = Object.fromEntries(
    Object.entries(service)
      .filter(([key, to]) => was.get(key) !== to)
      .map(([key, to]) => [key, { from: was.get(key) ?? null, to }]),
  )
  if (Object.keys(changes).length > 0)
    tx.journal({ type: 'service.edited', subject, data: { version: after.version, changes, ...more } })
}
