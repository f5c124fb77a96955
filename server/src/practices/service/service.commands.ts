import type { CreateService, EditService, ServiceRow } from '@evenkeel/contract/service'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { peopleAreUsedBy, teamsAreUsedBy } from '../people/index.ts'
import { says } from './service.reasons.ts'

type Ref = { readonly id: string; readonly version: number }

teamsAreUsedBy(async (q, teamId) => {
  const [service] = await q.rows<{ name: string }>({
    text: 'select name from service where tenant_id = $1 and support_team_id = $2 and is_active order by name limit 1',
    values: [q.tenantId, teamId],
  })
  return service === undefined ? null : says('use.supports', { service: service.name })
})

peopleAreUsedBy(async (q, personId) => {
  const services = await q.rows<{ name: string }>({
    text: 'select name from service where tenant_id = $1 and owner_id = $2 and is_active order by lower(name) limit 20',
    values: [q.tenantId, personId],
  })
  return services.length === 0
    ? null
    : says('use.owns', { services: services.map(({ name }) => name).join(', ') })
})

export const listServices = (
  database: Database,
  caller: Caller,
  active: 'true' | 'false' | undefined,
): Promise<{ rows: ServiceRow[] }> =>
  read(database, caller.tenantId, async (q) => ({
    rows: await q.rows<ServiceRow>({
      text: `select s.id, s.name, s.description, s.criticality, s.is_active as "isActive", s.version,
               json_build_object('id', t.id, 'name', t.name) as "supportTeam",
               case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end as owner
             from service s join team t on t.tenant_id = s.tenant_id and t.id = s.support_team_id
               left join person o on o.tenant_id = s.tenant_id and o.id = s.owner_id
             where s.tenant_id = $1 and ($2::boolean is null or s.is_active = $2)
             order by s.criticality, lower(s.name) limit 5000`,
      values: [q.tenantId, active === undefined ? null : active === 'true'],
    }),
  }))

/** Whoever supports or owns a service is there and active. */
const refuseMissing = async (
  tx: Tx,
  { supportTeamId, ownerId }: { supportTeamId?: string | undefined; ownerId?: string | null | undefined },
): Promise<void> => {
  const [team, owner] = await Promise.all([
    supportTeamId === undefined
      ? true
      : tx.maybe({
          text: 'select 1 from team where tenant_id = $1 and id = $2 and is_active for share',
          values: [tx.tenantId, supportTeamId],
        }),
    ownerId === undefined || ownerId === null
      ? true
      : tx.maybe({
          text: 'select 1 from person where tenant_id = $1 and id = $2 and is_active',
          values: [tx.tenantId, ownerId],
        }),
  ])
  if (team === undefined) throw invalid('supportTeamId', says('team'))
  if (owner === undefined) throw invalid('ownerId', says('person'))
}

const takenName = (): Refusal =>
  new Refusal('already_exists', [{ code: 'taken', field: 'name', message: says('taken') }])

export const createService = (
  database: Database,
  caller: Caller,
  draft: CreateService,
  once: OnceStore | null,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    await refuseMissing(tx, draft)
    const id = uuidv7()
    const made = await tx.maybe({
      text: `insert into service (tenant_id, id, name, description, support_team_id, owner_id, criticality, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, lower(name)) do nothing returning 1`,
      values: [
        tx.tenantId,
        id,
        draft.name,
        draft.description,
        draft.supportTeamId,
        draft.ownerId,
        draft.criticality,
        caller.now,
      ],
    })
    if (made === undefined) throw takenName()
    tx.journal({ type: 'service.created', subject: { kind: 'service', id }, data: { ...draft } })
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })

type Row = {
  readonly version: number
  readonly name: string
  readonly description: string
  readonly supportTeamId: string
  readonly ownerId: string | null
  readonly criticality: number
  readonly isActive: boolean
}

export const editService = (
  database: Database,
  caller: Caller,
  serviceId: string,
  version: number,
  edit: EditService,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const row = await tx.one<Row>({
      text: `select version, name, description, support_team_id as "supportTeamId", owner_id as "ownerId", criticality, is_active as "isActive"
             from service where tenant_id = $1 and id = $2 for update`,
      values: [tx.tenantId, serviceId],
    })
    if (row.version !== version) throw new Refusal('changed_meanwhile', says('changed'))
    await refuseMissing(tx, edit)
    const next: Row = {
      version: version + 1,
      name: edit.name ?? row.name,
      description: edit.description ?? row.description,
      supportTeamId: edit.supportTeamId ?? row.supportTeamId,
      ownerId: edit.ownerId === undefined ? row.ownerId : edit.ownerId,
      criticality: edit.criticality ?? row.criticality,
      isActive: edit.isActive ?? row.isActive,
    }
    const changes = changesOf(row, next)
    if (Object.keys(changes).length === 0) return { id: serviceId, version }
    if (next.name !== row.name) {
      const other = await tx.maybe({
        text: 'select 1 from service where tenant_id = $1 and lower(name) = lower($2) and id <> $3',
        values: [tx.tenantId, next.name, serviceId],
      })
      if (other !== undefined) throw takenName()
    }
    tx.send({
      text: `update service set name = $3, description = $4, support_team_id = $5, owner_id = $6, criticality = $7, is_active = $8, version = $9
             where tenant_id = $1 and id = $2`,
      values: [
        tx.tenantId,
        serviceId,
        next.name,
        next.description,
        next.supportTeamId,
        next.ownerId,
        next.criticality,
        next.isActive,
        next.version,
      ],
    })
    tx.journal({
      type: 'service.edited',
      subject: { kind: 'service', id: serviceId },
      data: { version: next.version, changes },
    })
    return { id: serviceId, version: next.version }
  })

const changesOf = (before: Row, after: Row): JsonObject => {
  const was = new Map(Object.entries(before))
  return Object.fromEntries(
    Object.entries(after)
      .filter(([name, to]) => name !== 'version' && was.get(name) !== to)
      .map(([name, to]) => [name, { from: was.get(name) ?? null, to }]),
  )
}
