import type { CreateItem, EditItem, ItemState, ItemValue, MoveItem } from '@evenkeel/contract/item'
import type { Permission } from '@evenkeel/contract/permission'
import type { JsonObject, Json } from '../../kernel/evidence/canonical-json.ts'
import { mayAtAll } from '../../kernel/access.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { decide } from '../../kernel/process.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Saying as Sentence } from '../../kernel/language/saying.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database, Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from './item.access.ts'
import {
  attributesFor,
  missingGrounds,
  referenceGrounds,
  refuseValues,
  since,
  takenGrounds,
  valueGrounds,
} from './item.check.ts'
import { inForce, modelForNew, modelOf, type InForce } from './item.model.ts'
import { itemProcess, type ItemFacts } from './item.process.ts'
import { says } from './item.reasons.ts'
import {
  derived,
  lockItems,
  noChanges,
  restate,
  storeItems,
  type Changes,
  type ItemRow,
  type Known,
  type Saying,
  type Values,
} from './item.repo.ts'
import { stateIn } from './item.words.ts'
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

export const createItem = async (
  database: Database,
  caller: Caller,
  draft: CreateItem,
  once: OnceStore | null,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const model = modelForNew(force.models, draft.class)
  const attributes = attributesFor(model, caller)
  const validFrom = since(draft.validFrom, caller.now)
  refuseValues([...valueGrounds(attributes, draft.values), ...missingGrounds(model, draft.values)])
  if (!createsFor(caller, draft.values))
    throw new Refusal('forbidden', says('permission', { permission: 'item.manage' }))
  return write(database, caller, async (tx) => {
    refuseValues(await referenceGrounds(tx, caller, force.models, attributes, draft.values))
    refuseValues(await takenGrounds(tx, attributes, draft.values, null))
    const changes = noChanges()
    const id = uuidv7()
    const row = addItem(
      tx,
      force,
      {
        id,
        class: draft.class,
        name: draft.name,
        values: draft.values,
        state: draft.state,
        source: 'hand',
        saidBy: caller.personId,
        validFrom,
      },
      changes,
    )
    await storeChanged(tx, force, null, row, changes)
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })
}

/** Whoever may manage only what is theirs makes nothing that is not. */
const createsFor = ({ grants, reach }: Caller, values: Values): boolean => {
  const scopes = grants.get('item.manage')
  if (scopes === undefined) return false
  if (scopes.has('all')) return true
  const [owner, team] = [values['owner'], values['support_team']]
  return (
    (scopes.has('own') && owner === reach.personId) ||
    ((scopes.has('team') || scopes.has('service')) && typeof team === 'string' && reach.teamIds.has(team))
  )
}

export const editItem = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  edit: EditItem,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const validFrom = since(edit.validFrom, caller.now)
  return write(database, caller, async (tx) => {
    const known = await holdItem(tx, caller, id, version)
    const model = modelOf(force.models, known.row.class)
    const attributes = attributesFor(model, caller)
    refuseValues(valueGrounds(attributes, edit.values))
    refuseValues(await referenceGrounds(tx, caller, force.models, attributes, edit.values))
    refuseValues(await takenGrounds(tx, attributes, edit.values, id))
    const patch = { ...edit.values, ...(edit.name === undefined ? {} : { name: edit.name }) }
    const changes = noChanges()
    const said = saying('hand', caller.personId, validFrom, patch)
    const { row, changed, isChanged } = changeItem(tx, force, known, [said], changes)
    if (!isChanged) return { id, version }
    const emptied = model.attributes.filter(
      ({ key, required, retired }) =>
        required && !retired && edit.values[key] === null && row.values[key] === undefined,
    )
    refuseValues(
      emptied.map(({ key, label }) => ({
        code: 'required',
        field: `values.${key}`,
        message: says('attribute.required', { label }),
      })),
    )
    await storeChanged(tx, force, known.row, row, changes)
    tx.journal({
      type: 'item.edited',
      subject: { kind: 'item', id },
      data: { version: row.version, changes: changed, said: jsonOf(patch), source: 'hand', validFrom },
    })
    return { id, version: row.version }
  })
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

export const moveItem = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  { action, note, values }: MoveItem,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const known = await holdItem(tx, caller, id, version)
    const model = modelOf(force.models, known.row.class)
    const attributes = attributesFor(model, caller)
    refuseValues(valueGrounds(attributes, values))
    refuseValues(await referenceGrounds(tx, caller, force.models, attributes, values))
    const facts = {
      ...(await itemFacts(tx, id, model.isService, { ...known.row.values, ...values })),
      reasonGiven: note !== '',
    }
    const verdict = decide(itemProcess, known.row.state, action, facts, (permission) =>
      mayAtAll(caller.grants, permission),
    )
    if (!verdict.go)
      throw new Refusal(
        verdict.refusal,
        verdict.reasons.map(({ code }) => ({
          code,
          message: moveReason(code, known.row.state, action, facts),
        })),
      )
    const changes = noChanges()
    const said = saying('hand', caller.personId, caller.now, {
      ...values,
      ...saidByMove(verdict.to),
    })
    const { row } = changeItem(tx, force, known, [said], changes)
    await storeChanged(tx, force, known.row, row, changes)
    tx.journal({
      type: 'item.moved',
      subject: { kind: 'item', id },
      data: {
        version: row.version,
        action,
        from: known.row.state,
        to: verdict.to,
        note,
        ...(Object.keys(values).length === 0 ? {} : { said: jsonOf(values) }),
      },
    })
    return { id, version: row.version }
  })
}

/** Why a move cannot be made, as somebody reads it. */
export const moveReason = (
  code: string,
  state: ItemState,
  action: MoveItem['action'],
  facts: ItemFacts,
): Sentence => {
  if (code === 'nothing_needs_it') return says('guard.needed', { count: facts.inUseAbove })
  if (code === 'no_service') return says('guard.service')
  if (code === 'reason') return says('guard.reason')
  if (code === 'sanitized') return says('guard.sanitized')
  if (code !== 'state') return says('permission', { permission: code })
  const inWords = (one: ItemState): Sentence => ({ key: one, in: (language) => stateIn(one, language) })
  const from = itemProcess.moves[action].from
  return says('state.step', {
    state: inWords(state),
    from: { key: '', in: (language) => from.map((one) => stateIn(one, language)).join(', ') },
  })
}

const sanitization = [
  'sanitized_by_method',
  'sanitized_on',
  'sanitized_by',
  'sanitization_certificate',
] as const

/** What a move says of an item. What is used again bears data again: it is sanitized anew before it leaves. */
export const saidByMove = (to: ItemState): Record<string, ItemValue | null> => ({
  ...(to === 'in_use' ? Object.fromEntries(sanitization.map((key) => [key, null])) : {}),
  state: to,
})

/** How it was sanitized is on record, completely. */
const isSanitized = (values: Values): boolean => sanitization.every((key) => values[key] !== undefined)

/** What the guards of moves look at, as far as the item itself says it; whoever moves it gives the reason. */
export const itemFacts = async (
  q: Reader,
  id: string,
  isService: boolean,
  values: Values,
): Promise<Omit<ItemFacts, 'reasonGiven'>> => {
  const { above, data } = await q.one<{ above: number; data: boolean }>({
    name: 'item_needed_by',
    // Data that was on it once is there until it is sanitized, whatever is said of it now.
    text: `select (select count(distinct x.above_id)::int from item_relation x
             join item a on a.tenant_id = $1 and a.id = x.above_id and a.state in ('in_use', 'in_repair') and a.merged_into_id is null
           where x.tenant_id = $1 and x.below_id = $2 and x.known_to is null and x.valid_to is null
             and x.type in ('depends_on', 'runs_on', 'hosted_in')) as above,
           exists (select from item_fact f where f.tenant_id = $1 and f.item_id = $2 and f.known_to is null
             and (f.values -> 'patient_data' = 'true'::jsonb or f.values -> 'cardholder_data' = 'true'::jsonb)) as data`,
    values: [q.tenantId, id],
  })
  return { isService, inUseAbove: above, boreData: data, sanitized: isSanitized(values) }
}
