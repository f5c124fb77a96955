import type { CreateService, EditService, ServiceRow } from '@evenkeel/contract/service'
import type { ItemState } from '@evenkeel/contract/item'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Author, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { peopleAreUsedBy, teamsAreUsedBy } from '../people/index.ts'
import { addItem, changeItem, jsonOf, saying, storeChanged, type Ref } from './item.commands.ts'
import { inForce } from './item.model.ts'
import { lockItems, noChanges } from './item.repo.ts'
import { says } from './service.reasons.ts'

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

/** A service as an item says it. */
const valuesOf = (service: {
  readonly description?: string | undefined
  readonly supportTeamId?: string | undefined
  readonly ownerId?: string | null | undefined
  readonly criticality?: number | undefined
}): Record<string, string | null> => ({
  ...(service.description === undefined
    ? {}
    : { description: service.description === '' ? null : service.description }),
  ...(service.supportTeamId === undefined ? {} : { support_team: service.supportTeamId }),
  ...(service.ownerId === undefined ? {} : { owner: service.ownerId }),
  ...(service.criticality === undefined ? {} : { criticality: String(service.criticality) }),
})

/** People add services here as ever; each is an item of the class `business_service`. */
export const createService = async (
  database: Database,
  author: Author,
  draft: CreateService,
  once: OnceStore | null,
): Promise<Ref> => {
  const force = await inForce(database, author.tenantId, author.now)
  return write(database, author, async (tx) => {
    await refuseMissing(tx, draft)
    const changes = noChanges()
    const values = Object.fromEntries(
      Object.entries(valuesOf(draft)).filter((pair): pair is [string, string] => pair[1] !== null),
    )
    const row = addItem(
      tx,
      force,
      {
        id: uuidv7(),
        class: 'business_service',
        name: draft.name,
        values,
        state: 'in_use',
        source: 'hand',
        saidBy: personOf(author),
        validFrom: author.now,
      },
      changes,
    )
    await storeChanged(tx, force, null, row, changes)
    const ref = { id: row.id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })
}

/** Who said it, when a person did. */
const personOf = ({ actor }: Author): string | null =>
  actor.kind === 'person' ? (actor.onBehalfOf ?? actor.id) : actor.onBehalfOf

export const editService = async (
  database: Database,
  caller: Caller,
  serviceId: string,
  version: number,
  edit: EditService,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    await tx.one({
      text: 'select 1 from service where tenant_id = $1 and id = $2',
      values: [tx.tenantId, serviceId],
    })
    const known = (await lockItems(tx, [serviceId])).get(serviceId)
    if (known === undefined) throw new Refusal('not_found')
    if (known.row.version !== version) throw new Refusal('changed_meanwhile', says('changed'))
    await refuseMissing(tx, edit)
    const state = edit.isActive === undefined ? undefined : stateFor(known.row.state, edit.isActive)
    const patch = {
      ...valuesOf(edit),
      ...(edit.name === undefined ? {} : { name: edit.name }),
      ...(state === undefined ? {} : { state }),
    }
    const changes = noChanges()
    const said = saying('hand', caller.personId, caller.now, patch)
    const { row, changed, isChanged } = changeItem(tx, force, known, [said], changes)
    if (!isChanged) return { id: serviceId, version }
    await storeChanged(tx, force, known.row, row, changes)
    tx.journal({
      type: 'item.edited',
      subject: { kind: 'item', id: serviceId },
      data: {
        version: row.version,
        changes: changed,
        said: jsonOf(patch),
        source: 'hand',
        validFrom: caller.now,
      },
    })
    return { id: serviceId, version: row.version }
  })
}

/** A service that is not offered any more is retired; one that is offered is in use. */
const stateFor = (state: ItemState, isActive: boolean): ItemState => {
  const wasActive = state === 'in_use' || state === 'in_repair'
  if (isActive === wasActive) return state
  return isActive ? 'in_use' : 'retired'
}
