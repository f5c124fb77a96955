import type { CreateItem, EditItem, ItemState, ItemValue, MoveItem } from '@evenkeel/contract/item'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { reachesNew } from './item.access.ts'
import {
  attributesFor,
  missingGrounds,
  referenceGrounds,
  refuseValues,
  since,
  takenGrounds,
  valueGrounds,
} from './item.check.ts'
import { addItem, changeItem, holdItem, jsonOf, saying, storeChanged, type Ref } from './item.commands.ts'
import { moveLeadsTo, saidByMove } from './item.life.ts'
import { mergeEdits } from './item.merge-edits.ts'
import { inForce, modelForNew, modelOf, type InForce } from './item.model.ts'
import { says } from './item.reasons.ts'
import { noChanges, type ItemRow, type Known, type Values } from './item.repo.ts'

// What people say of items: by hand one at a time, or by a branch many at once. The same checks, the same entries.

/** Since when it holds, and what goes into the entry beside it. */
type Saying = { readonly from: string; readonly more?: JsonObject }

type Draft = {
  readonly id: string
  readonly class: string
  readonly name: string
  readonly values: Values
  readonly state: ItemState
}

/** @throws Refusal before anything is written */
export const makeByHand = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  draft: Draft,
  { from, more = {} }: Saying,
): Promise<void> => {
  const { values } = draft
  const model = modelForNew(force.models, draft.class)
  const attributes = attributesFor(model, caller)
  refuseValues([...valueGrounds(attributes, values), ...missingGrounds(model, values)])
  const [owner, team] = [values['owner'], values['support_team']]
  const whose = {
    ownerId: typeof owner === 'string' ? owner : null,
    supportTeamId: typeof team === 'string' ? team : null,
  }
  // Whoever may manage only what is theirs makes nothing that is not.
  if (!reachesNew(caller, 'item.manage', whose))
    throw new Refusal('forbidden', says('permission', { permission: 'item.manage' }))
  refuseValues(await referenceGrounds(tx, caller, force.models, attributes, values))
  refuseValues(await takenGrounds(tx, attributes, values, null))
  const changes = noChanges()
  const made = addItem(
    tx,
    force,
    { ...draft, source: 'hand', saidBy: caller.personId, validFrom: from, more },
    changes,
  )
  await storeChanged(tx, force, null, made, changes)
}

export const createItem = async (
  database: Database,
  caller: Caller,
  draft: CreateItem,
  once: OnceStore | null,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const from = since(draft.validFrom, caller.now)
  return write(database, caller, async (tx) => {
    const ref = { id: uuidv7(), version: 1 }
    await makeByHand(tx, caller, force, { ...draft, id: ref.id }, { from })
    once?.remember(tx, 201, ref)
    return ref
  })
}

type Patch = {
  readonly name?: string | undefined
  readonly values: Readonly<Record<string, ItemValue | null>>
}

/**
 * @returns the item as it is then; the same where nothing changed
 * @throws Refusal before anything is written
 */
export const editByHand = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  known: Known,
  { name, values }: Patch,
  { from, more = {} }: Saying,
): Promise<ItemRow> => {
  const { id } = known.row
  const model = modelOf(force.models, known.row.class)
  const attributes = attributesFor(model, caller)
  refuseValues(valueGrounds(attributes, values))
  refuseValues(await referenceGrounds(tx, caller, force.models, attributes, values))
  refuseValues(await takenGrounds(tx, attributes, values, id))
  const patch = { ...values, ...(name === undefined ? {} : { name }) }
  const changes = noChanges()
  const said = saying('hand', caller.personId, from, patch)
  const { row, changed, isChanged } = changeItem(tx, force, known, [said], changes)
  if (!isChanged) return known.row
  const emptied = model.attributes.filter(
    ({ key, required, retired }) =>
      required && !retired && values[key] === null && row.values[key] === undefined,
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
    data: {
      version: row.version,
      changes: changed,
      said: jsonOf(patch),
      source: 'hand',
      validFrom: from,
      ...more,
    },
  })
  return row
}

export const editItem = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  edit: EditItem,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const from = since(edit.validFrom, caller.now)
  return write(database, caller, async (tx) => {
    const known = await holdItem(tx, caller, id, undefined)
    const attributes = attributesFor(modelOf(force.models, known.row.class), caller)
    await mergeEdits(tx, caller, known.row, version, attributes, edit)
    const row = await editByHand(tx, caller, force, known, edit, { from })
    return { id, version: row.version }
  })
}

/** @throws Refusal before anything is written */
export const moveByHand = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  known: Known,
  { action, note, values, reasonGiven = note !== '' }: MoveItem & { readonly reasonGiven?: boolean },
  { from, more = {} }: Saying,
): Promise<ItemRow> => {
  const { id, state } = known.row
  const model = modelOf(force.models, known.row.class)
  const attributes = attributesFor(model, caller)
  refuseValues(valueGrounds(attributes, values))
  refuseValues(await referenceGrounds(tx, caller, force.models, attributes, values))
  const given = { values: values, reasonGiven }
  const to = await moveLeadsTo(tx, caller, known.row, model.nature, action, given)
  const changes = noChanges()
  const said = saying('hand', caller.personId, from, { ...values, ...saidByMove(to) })
  const { row, changed } = changeItem(tx, force, known, [said], changes)
  await storeChanged(tx, force, known.row, row, changes)
  tx.journal({
    type: 'item.moved',
    subject: { kind: 'item', id },
    data: {
      version: row.version,
      changes: changed,
      action,
      from: state,
      to,
      note,
      ...(Object.keys(values).length === 0 ? {} : { said: jsonOf(values) }),
      ...more,
    },
  })
  return row
}

export const moveItem = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  move: MoveItem,
): Promise<Ref> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const known = await holdItem(tx, caller, id, version)
    const row = await moveByHand(tx, caller, force, known, move, { from: caller.now })
    return { id, version: row.version }
  })
}
