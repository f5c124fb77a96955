import type { ItemState, ItemValue } from '@evenkeel/contract/item'
import type { Permission } from '@evenkeel/contract/permission'
import type { JsonObject, Json } from '../../kernel/evidence/canonical-json.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from './item.access.ts'
import { modelOf, type InForce } from './item.model.ts'
import { says } from './item.reasons.ts'
import {
  derived,
  lockItems,
  restate,
  storeItems,
  type Changes,
  type ItemRow,
  type Known,
  type Saying,
  type Values,
} from './item.repo.ts'
import { refuseService, storeService } from './service.repo.ts'

export type Ref = { readonly id: string; readonly version: number }

/** What makes an item: by hand, by a source, by an import. */
export type NewItem = {
  readonly id: string
  readonly class: string
  readonly name: string
  readonly values: Values
  readonly state: ItemState
  readonly source: string
  readonly saidBy: string | null
  readonly validFrom: string
  /** Goes into the entry: which import, which identity. */
  readonly more?: JsonObject
}

/** A new item with its first fact; written with the other changes. */
export const addItem = (tx: Tx, force: InForce, item: NewItem, changes: Changes): ItemRow => {
  const { now } = tx.author
  const blank: Known = {
    row: {
      id: item.id,
      class: item.class,
      name: item.name,
      state: item.state,
      values: {},
      missing: 0,
      ownerId: null,
      supportTeamId: null,
      criticality: null,
      mergedIntoId: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    },
    facts: [],
    seen: [],
  }
  const document = { ...item.values, name: item.name, state: item.state }
  const facts = restate(
    blank,
    [
      {
        source: item.source,
        saidBy: item.saidBy,
        stretch: { from: item.validFrom, to: null },
        change: () => document,
      },
    ],
    now,
    changes,
  )
  const result = derived(blank, facts, force, now)
  changes.rows.push({ ...result, isNew: true })
  tx.journal({
    type: 'item.created',
    subject: { kind: 'item', id: item.id },
    data: {
      class: item.class,
      name: item.name,
      state: item.state,
      values: jsonOf(item.values),
      source: item.source,
      validFrom: item.validFrom,
      ...item.more,
    },
  })
  return result.row
}

export const jsonOf = (values: Readonly<Record<string, ItemValue | null>>): JsonObject => ({ ...values })

/** What `sayings` make of an item that is there; nothing where all stays as it is believed. */
export const changeItem = (
  tx: Tx,
  force: InForce,
  known: Known,
  sayings: readonly Saying[],
  changes: Changes,
): { readonly row: ItemRow; readonly changed: JsonObject; readonly isChanged: boolean } => {
  const { now } = tx.author
  const [closed, added] = [changes.close.length, changes.add.length]
  const facts = restate(known, sayings, now, changes)
  const result = derived(known, facts, force, now)
  const isChanged = changes.close.length > closed || changes.add.length > added
  if (!isChanged) return { row: known.row, changed: {}, isChanged }
  const row = { ...result.row, version: known.row.version + 1, updatedAt: now }
  changes.rows.push({ row, derived: result.derived, isNew: false })
  return { row, changed: changesOf(known.row, row), isChanged }
}

const changesOf = (before: ItemRow, after: ItemRow): JsonObject => {
  const was = flat(before)
  const is = flat(after)
  const keys = [...new Set([...was.keys(), ...is.keys()])].toSorted()
  return Object.fromEntries(
    keys.flatMap((key) => {
      const [from, to] = [was.get(key) ?? null, is.get(key) ?? null]
      return JSON.stringify(from) === JSON.stringify(to) ? [] : [[key, { from, to }]]
    }),
  )
}

const flat = ({ name, state, values }: ItemRow): ReadonlyMap<string, Json> =>
  new Map<string, Json>([['name', name], ['state', state], ...Object.entries(values)])

/** Lets a source (people are one) say some things of a stretch, and leaves what else it said. */
export const saying = (
  source: string,
  saidBy: string | null,
  from: string,
  patch: Readonly<Record<string, ItemValue | null>>,
  to: string | null = null,
): Saying => ({
  source,
  saidBy,
  stretch: { from, to },
  change: (values) => {
    const next = Object.fromEntries(
      Object.entries({ ...values, ...patch }).filter((pair): pair is [string, ItemValue] => pair[1] !== null),
    )
    return Object.keys(next).length === 0 ? null : next
  },
})

/**
 * One item for a command, locked.
 * @throws Refusal `not_found` when the caller may not read it, `forbidden` when they may only read it, `not_allowed_here` when it was
 * merged, `changed_meanwhile` when it is not the version they saw
 */
export const holdItem = async (
  tx: Tx,
  caller: Caller,
  id: string,
  version: number | undefined,
  permission: Permission = 'item.manage',
): Promise<Known> => {
  const [items, rights] = await Promise.all([lockItems(tx, [id]), rightsOn(tx, caller, [id], permission)])
  const known = items.get(id)
  const right = rights.get(id)
  if (known === undefined || right?.read !== true) throw new Refusal('not_found')
  if (!right.act) throw new Refusal('forbidden', says('permission', { permission }))
  if (known.row.mergedIntoId !== null) {
    const into = await tx.one<{ name: string }>({
      text: 'select name from item where tenant_id = $1 and id = $2',
      values: [tx.tenantId, known.row.mergedIntoId],
    })
    throw new Refusal('not_allowed_here', says('merged', { name: into.name }))
  }
  if (version !== undefined && known.row.version !== version)
    throw new Refusal('changed_meanwhile', says('changed'))
  return known
}

/** Which of these items somebody may read, and do something to. */
export const rightsOn = async (
  q: Reader,
  caller: Pick<Caller, 'grants' | 'reach'>,
  ids: readonly string[],
  permission: Permission,
): Promise<ReadonlyMap<string, { readonly read: boolean; readonly act: boolean }>> => {
  const parameters = parametersFrom(3)
  const reads = itemReachSql(caller, 'item.read', parameters)
  const acts = itemReachSql(caller, permission, parameters)
  const rows = await q.rows<{ id: string; read: boolean; act: boolean }>({
    text: `select r.id, coalesce(${reads}, false) as read, coalesce(${acts}, false) as act from item r
           where r.tenant_id = $1 and r.id = any($2::uuid[])`,
    values: [q.tenantId, ids, ...parameters.values],
  })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Writes a new or changed item, and what records know of it when it is a service. */
export const storeChanged = async (
  tx: Tx,
  force: InForce,
  before: ItemRow | null,
  after: ItemRow,
  changes: Changes,
  more: JsonObject = {},
): Promise<void> => {
  const { isService } = modelOf(force.models, after.class)
  if (isService) await refuseService(tx, before, after)
  storeItems(tx, changes)
  if (isService) await storeService(tx, before, after, more)
}
