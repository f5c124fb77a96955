import type { SaidOfItem } from '@evenkeel/contract/record-item'
import type { MyDevice } from '@evenkeel/contract/item'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { nowIs } from './graph.times.ts'
import { itemsAt, refOf } from './item.at.ts'
import { rightsOn } from './item.commands.ts'
import { graphAbove } from './item.healths.ts'
import { inForceAt, modelOf } from './item.model.ts'
import { servicesReachedBy, type Reached } from './record.items.ts'

/** What somebody says of items while a record is made, and what that means. */
export type NamedItems = {
  /** Those this caller may name: what they may see, and what belongs to the person it happens to. */
  readonly items: ReadonlyMap<string, { readonly name: string; readonly supportTeamId: string | null }>
  /** Their classes and those above them, by key and by name. */
  readonly classes: readonly string[]
  /** Services that are worse because of it. */
  readonly reached: Reached
  /** Every service that stands on them or is one of them, the nearest first, of these the most critical. */
  readonly above: readonly string[]
}

/** @param ownerId who may name what belongs to them, seen or not */
export const namedItems = async (
  q: Reader,
  caller: Caller,
  named: readonly SaidOfItem[],
  ownerId: string,
): Promise<NamedItems> => {
  const { now } = caller
  const times = nowIs(now)
  const force = await inForceAt(q, now)
  const ids = named.map(({ id }) => id)
  const effects = named.flatMap(({ id, effect }) => (effect === 'involved' ? [] : [[id, effect] as const]))
  const [rights, rows, { graph }, reached] = await Promise.all([
    rightsOn(q, caller, ids, 'item.read'),
    itemsAt(q, ids, times, force),
    graphAbove(q, ids, times, force),
    effects.length === 0 ? undefined : servicesReachedBy(q, new Map([['', new Map(effects)]]), now),
  ])
  const items = new Map(
    [...rows.values()].flatMap((row) =>
      row.mergedIntoId === null && (rights.get(row.id)?.read === true || row.ownerId === ownerId)
        ? [[row.id, { name: row.name, supportTeamId: row.supportTeamId }] as const]
        : [],
    ),
  )
  const classes = [...rows.values()].flatMap(({ class: key }) => {
    const { ancestors } = modelOf(force.models, key)
    return [key, ...ancestors].flatMap((one) => [one, modelOf(force.models, one).label])
  })
  // In rings around the items, so that the nearest service is met first.
  const far = new Map(ids.map((id) => [id, 0]))
  for (let front = ids, hop = 1; front.length > 0; hop += 1) {
    const next = new Set<string>()
    for (const id of front) {
      const at = graph.placeOf.get(id)
      if (at === undefined) continue
      const { starts, edges } = graph.supporting
      for (let edge = starts[at] ?? 0; edge < (starts[at + 1] ?? 0); edge += 1) {
        const above = graph.nodes[graph.edges.dependents[edges[edge] ?? -1] ?? -1]
        if (above !== undefined && !far.has(above)) next.add(above)
      }
    }
    for (const id of next) far.set(id, hop)
    front = [...next]
  }
  const services = [...(await itemsAt(q, [...far.keys()], times, force)).values()]
    .filter((row) => modelOf(force.models, row.class).isService)
    .toSorted(
      (one, other) =>
        (far.get(one.id) ?? 0) - (far.get(other.id) ?? 0) ||
        (one.criticality ?? 5) - (other.criticality ?? 5) ||
        (one.id < other.id ? -1 : 1),
    )
  return {
    items,
    classes: [...new Set(classes)],
    reached: reached?.get('') ?? { services: [], cut: null },
    above: services.map(({ id }) => id),
  }
}

/** As many as somebody recognizes their own among. */
const mostDevices = 50

/** What belongs to a person and is in use, without services: these are not held in the hand. */
export const devicesOf = async (q: Reader, caller: Caller, personId: string): Promise<MyDevice[]> => {
  const [force, owned] = await Promise.all([
    inForceAt(q, caller.now),
    q.rows<{ id: string }>({
      name: 'items_of_owner',
      text: `select id from item where tenant_id = $1 and owner_id = $2 and merged_into_id is null
               and state in ('in_use', 'in_repair') order by lower(name), id limit $3`,
      values: [q.tenantId, personId, mostDevices],
    }),
  ])
  const rows = await itemsAt(
    q,
    owned.map(({ id }) => id),
    nowIs(caller.now),
    force,
  )
  return owned.flatMap(({ id }): MyDevice[] => {
    const row = rows.get(id)
    if (row === undefined || modelOf(force.models, row.class).isService) return []
    const { asset_tag: tag, serial } = row.values
    return [
      {
        id,
        name: row.name,
        classLabel: refOf(row, force, caller.language).classLabel,
        label: typeof tag === 'string' ? tag : typeof serial === 'string' ? serial : null,
      },
    ]
  })
}
