import type { ItemRef } from '@evenkeel/contract/item'
import type { PersonRef } from '@evenkeel/contract/record'
import { Refusal } from '../../kernel/refusal.ts'
import type { Permission } from '@evenkeel/contract/permission'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { itemsAt, refOf, rightsOn, type InForce, type ItemRow, type Times } from '../configuration/index.ts'
import { says } from './asset.reasons.ts'

/** A number over everything is told to those who may read everything: for all others it would tell of what they may not see. */
export const mustReachAll = ({ grants }: Caller, permission: Permission): void => {
  if (grants.get(permission)?.has('all') !== true)
    throw new Refusal('forbidden', says('permission', { permission }))
}

export const zoneOf = async (q: Reader): Promise<string> =>
  (
    await q.one<{ zone: string }>({
      name: 'tenant_zone',
      text: 'select time_zone as zone from tenant where id = $1',
      values: [q.tenantId],
    })
  ).zone

/** Every item of some classes, as it was at two times; what was merged away is not among them. */
export const itemsOfClasses = async (
  q: Reader,
  classes: readonly string[],
  times: Times,
  force: InForce,
): Promise<readonly ItemRow[]> => {
  const ids = await q.rows<{ id: string }>({
    name: 'items_of_classes',
    text: `select id from item where tenant_id = $1 and class = any($2::text[]) and merged_into_id is null order by lower(name), id limit $3`,
    values: [q.tenantId, classes, mostOfClass],
  })
  const rows = await itemsAt(
    q,
    ids.map(({ id }) => id),
    times,
    force,
  )
  return ids.flatMap(({ id }) => rows.get(id) ?? [])
}

export const mostOfClass = 5000

/** Items by their ids, as this reader may name them. */
export const refsOf = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  times: Times,
  force: InForce,
): Promise<(id: unknown) => ItemRef | null> => {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return () => null
  const [rows, rights] = await Promise.all([
    itemsAt(q, wanted, times, force),
    rightsOn(q, caller, wanted, 'item.read'),
  ])
  return (id) => {
    const row = typeof id === 'string' ? rows.get(id) : undefined
    return row === undefined || rights.get(row.id)?.read !== true ? null : refOf(row, force, caller.language)
  }
}

export const personsOf = async (
  q: Reader,
  ids: readonly string[],
): Promise<(id: unknown) => PersonRef | null> => {
  const rows =
    ids.length === 0
      ? []
      : await q.rows<PersonRef>({
          name: 'persons_by_id',
          text: 'select id, name from person where tenant_id = $1 and id = any($2::uuid[])',
          values: [q.tenantId, [...new Set(ids)]],
        })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return (id) => (typeof id === 'string' ? (byId.get(id) ?? null) : null)
}

export const textIn = ({ values }: Pick<ItemRow, 'values'>, key: string): string => {
  const value = values[key]
  return typeof value === 'string' ? value : ''
}
export const dayIn = (row: Pick<ItemRow, 'values'>, key: string): string | null => {
  const text = textIn(row, key)
  return text === '' ? null : text
}
export const numberIn = ({ values }: Pick<ItemRow, 'values'>, key: string): number | null => {
  const value = values[key]
  return typeof value === 'number' ? value : null
}
export const yesIn = ({ values }: Pick<ItemRow, 'values'>, key: string): boolean | null => {
  const value = values[key]
  return typeof value === 'boolean' ? value : null
}
export const idsIn = ({ values }: Pick<ItemRow, 'values'>, key: string): readonly string[] => {
  const value = values[key]
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** Items that are there to be used or counted: what is only planned, lost or gone is not. */
export const isThere = ({ state }: Pick<ItemRow, 'state'>): boolean =>
  state === 'in_use' || state === 'in_stock' || state === 'in_repair'
