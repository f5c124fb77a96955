import { branchCaps, type BranchStepDraft } from '@evenkeel/contract/item-branch'
import type { ItemValue } from '@evenkeel/contract/item'
import { mayAtAll } from '../../kernel/access.ts'
import { decide } from '../../kernel/process.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { readBranches } from './branch.access.ts'
import { needValues, overlayOf, type Basis, type Overlay } from './branch.overlay.ts'
import { itemsOf } from './branch.plan.ts'
import { says } from './branch.reasons.ts'
import { plannedSteps, type Branch } from './branch.repo.ts'
import { nowIs } from './graph.times.ts'
import { relationsOf, type Related } from './graph.source.ts'
import { reachesNew } from './item.access.ts'
import { itemsAt } from './item.at.ts'
import { attributesFor, missingGrounds, referenceGrounds, refuseValues, valueGrounds } from './item.check.ts'
import { jsonOf, rightsOn, type Ref } from './item.commands.ts'
import { moveReason } from './item.life.ts'
import { inForce, modelForNew, modelOf, type InForce } from './item.model.ts'
import { itemProcess } from './item.process.ts'
import { says as itemSays } from './item.reasons.ts'
import type { ItemRow } from './item.repo.ts'
import { relationColumns, type RelationRow } from './relation.commands.ts'
import { endsOf } from './relation.words.ts'

const iso = (text: string): string => new Date(text).toISOString()

const inTurn = (startsAt: string, endsAt: string, field = 'endsAt'): void => {
  if (endsAt <= startsAt) throw invalid(field, itemSays('time.order'))
}

export const createBranch = async (
  database: Database,
  caller: Caller,
  draft: {
    readonly name: string
    readonly description: string
    readonly startsAt: string
    readonly endsAt: string
  },
  once: OnceStore | null,
): Promise<Ref> => {
  const [startsAt, endsAt] = [iso(draft.startsAt), iso(draft.endsAt)]
  inTurn(startsAt, endsAt)
  return write(database, caller, async (tx) => {
    const id = uuidv7()
    tx.insert('item_branch', {
      tenant_id: tx.tenantId,
      id,
      name: draft.name,
      description: draft.description,
      owner_id: caller.personId,
      starts_at: startsAt,
      ends_at: endsAt,
      created_at: caller.now,
      updated_at: caller.now,
    })
    tx.insert('item_branch_window', {
      tenant_id: tx.tenantId,
      id: uuidv7(),
      branch_id: id,
      starts_at: startsAt,
      ends_at: endsAt,
      known_from: caller.now,
    })
    tx.journal({
      type: 'item_branch.created',
      subject: { kind: 'item_branch', id },
      data: { name: draft.name, description: draft.description, startsAt, endsAt },
      personal: ['/description'],
    })
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })
}

/** Whoever plans everything may plan in any branch; others in their own. */
export const plansIn = ({ grants, personId }: Caller, ownerId: string): boolean =>
  grants.get('item.plan')?.has('all') === true || (mayAtAll(grants, 'item.plan') && ownerId === personId)

/**
 * A branch for a command, locked.
 * @throws Refusal `not_found`, `forbidden` when it is somebody else's, `not_allowed_here` when it is closed, `changed_meanwhile`
 */
export const holdBranch = async (
  tx: Tx,
  caller: Caller,
  id: string,
  version: number | undefined,
): Promise<Branch> => {
  await tx.rows({
    text: 'select 1 from item_branch where tenant_id = $1 and id = $2 for update',
    values: [tx.tenantId, id],
  })
  const [branch] = await readBranches(tx, caller, [id], caller.now)
  if (branch === undefined) throw new Refusal('not_found')
  if (!plansIn(caller, branch.row.ownerId))
    throw new Refusal('forbidden', says('owner', { name: branch.row.ownerName }))
  if (branch.row.state !== 'open') throw new Refusal('not_allowed_here', says(`closed.${branch.row.state}`))
  if (version !== undefined && branch.row.version !== version)
    throw new Refusal('changed_meanwhile', says('changed'))
  return branch
}

/** Writes that a branch changed; what else changed of it stands in `more`. */
export const storeBranch = (
  tx: Tx,
  { row }: Branch,
  more: Readonly<Record<string, string | null>> = {},
): number => {
  const columns = Object.keys(more)
  tx.send({
    text: `update item_branch set version = $3, updated_at = $4${columns.map((name, at) => `, ${name} = $${at + 5}`).join('')}
           where tenant_id = $1 and id = $2`,
    values: [tx.tenantId, row.id, row.version + 1, tx.author.now, ...Object.values(more)],
  })
  return row.version + 1
}

export const editBranch = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  edit: {
    readonly name?: string | undefined
    readonly description?: string | undefined
    readonly startsAt?: string | undefined
    readonly endsAt?: string | undefined
    readonly ownerId?: string | undefined
  },
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const branch = await holdBranch(tx, caller, id, version)
    const { row } = branch
    const startsAt = edit.startsAt === undefined ? row.startsAt : iso(edit.startsAt)
    const endsAt = edit.endsAt === undefined ? row.endsAt : iso(edit.endsAt)
    inTurn(startsAt, endsAt)
    if (edit.ownerId !== undefined) {
      const person = await tx.maybe({
        text: 'select 1 from person where tenant_id = $1 and id = $2 and is_active',
        values: [tx.tenantId, edit.ownerId],
      })
      if (person === undefined) throw invalid('ownerId', itemSays('value.nobody', { label: 'ownerId' }))
    }
    const is = {
      name: edit.name ?? row.name,
      description: edit.description ?? row.description,
      startsAt,
      endsAt,
      ownerId: edit.ownerId ?? row.ownerId,
    }
    const was = new Map<string, string>(
      Object.entries({
        name: row.name,
        description: row.description,
        startsAt: row.startsAt,
        endsAt: row.endsAt,
        ownerId: row.ownerId,
      }),
    )
    const changed = Object.entries(is).filter(([key, to]) => was.get(key) !== to)
    if (changed.length === 0) return { id, version }
    if (startsAt !== row.startsAt || endsAt !== row.endsAt) {
      tx.send({
        text: `update item_branch_window set known_to = greatest($3::timestamptz, known_from)
               where tenant_id = $1 and branch_id = $2 and known_to is null`,
        values: [tx.tenantId, id, caller.now],
      })
      tx.insert('item_branch_window', {
        tenant_id: tx.tenantId,
        id: uuidv7(),
        branch_id: id,
        starts_at: startsAt,
        ends_at: endsAt,
        known_from: caller.now,
      })
    }
    const next = storeBranch(tx, branch, {
      name: is.name,
      description: is.description,
      starts_at: startsAt,
      ends_at: endsAt,
      owner_id: is.ownerId,
    })
    tx.journal({
      type: 'item_branch.edited',
      subject: { kind: 'item_branch', id },
      data: {
        version: next,
        changes: Object.fromEntries(
          changed.flatMap(([key, to]) =>
            key === 'description' ? [] : [[key, { from: was.get(key) ?? null, to }]],
          ),
        ),
        description: is.description,
      },
      personal: ['/description'],
    })
    return { id, version: next }
  })

/** What a new step is checked against: the model as it would be with the steps that are there. */
type Ground = {
  readonly tx: Tx
  readonly caller: Caller
  readonly force: InForce
  readonly plan: Overlay
}

const latest = '9999-12-31T23:59:59.999Z'

export const addBranchStep = async (
  database: Database,
  caller: Caller,
  id: string,
  draft: BranchStepDraft,
  once: OnceStore | null,
): Promise<{ stepId: string; itemId: string; version: number }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const branch = await holdBranch(tx, caller, id, undefined)
    if (branch.steps.length >= branchCaps.steps)
      throw new Refusal('not_allowed_here', says('steps.most', { most: branchCaps.steps }))
    // What is only down for a while is no ground to stand on: the rest holds for good.
    const steps = plannedSteps(branch).filter(({ document }) => document.kind !== 'down')
    const base = await itemsAt(tx, itemsOf(steps), nowIs(caller.now), force)
    const ground = { tx, caller, force, plan: overlayOf(steps, latest, base) }
    const stretch = stretchOf(draft, branch)
    const { itemId, otherId, basis } = await checked(ground, draft)
    const stepId = uuidv7()
    tx.insert('item_branch_step', {
      tenant_id: tx.tenantId,
      id: stepId,
      branch_id: id,
      kind: draft.kind,
      item_id: itemId,
      other_id: otherId,
      document: JSON.stringify(draft),
      basis: JSON.stringify(basis),
      starts_at: stretch.startsAt,
      ends_at: stretch.endsAt,
      said_by: caller.personId,
      known_from: caller.now,
    })
    const version = storeBranch(tx, branch)
    const { kind } = draft
    tx.journal({
      type: 'item_branch.step_added',
      subject: { kind: 'item_branch', id },
      data: {
        version,
        stepId,
        kind,
        itemId,
        otherId,
        reason: draft.kind === 'down' ? draft.reason : '',
        ...(draft.kind === 'edit' || draft.kind === 'make' ? { values: jsonOf(draft.values) } : {}),
        ...(draft.kind === 'move' ? { action: draft.action } : {}),
        ...stretch,
      },
      personal: ['/reason'],
    })
    const answer = { stepId, itemId, version }
    once?.remember(tx, 201, answer)
    return answer
  })
}

const stretchOf = (
  draft: BranchStepDraft,
  { row }: Branch,
): { readonly startsAt: string | null; readonly endsAt: string | null } => {
  if (draft.kind !== 'down') return { startsAt: null, endsAt: null }
  const [startsAt, endsAt] = [draft.from, draft.until].map((one) => (one === undefined ? null : iso(one)))
  inTurn(startsAt ?? row.startsAt, endsAt ?? row.endsAt, 'until')
  return { startsAt: startsAt ?? null, endsAt: endsAt ?? null }
}

type Checked = { readonly itemId: string; readonly otherId: string | null; readonly basis: Basis }

const checked = (ground: Ground, draft: BranchStepDraft): Promise<Checked> => {
  if (draft.kind === 'make') return checkedMake(ground, draft)
  if (draft.kind === 'relate') return checkedRelation(ground, draft)
  if (draft.kind === 'unrelate') return checkedEnd(ground, draft.relationId)
  return checkedChange(ground, draft)
}

const checkedMake = async (
  { tx, caller, force }: Ground,
  { class: key, values }: BranchStepDraft & { kind: 'make' },
): Promise<Checked> => {
  const model = modelForNew(force.models, key)
  const attributes = attributesFor(model, caller)
  refuseValues([...valueGrounds(attributes, values), ...missingGrounds(model, values)])
  const [owner, team] = [values['owner'], values['support_team']]
  const row = {
    ownerId: typeof owner === 'string' ? owner : null,
    supportTeamId: typeof team === 'string' ? team : null,
  }
  if (!reachesNew(caller, 'item.plan', row))
    throw new Refusal('forbidden', itemSays('permission', { permission: 'item.plan' }))
  refuseValues(await referenceGrounds(tx, caller, force.models, attributes, values))
  return { itemId: uuidv7(), otherId: null, basis: {} }
}

/** The items of these that may be planned for, as the branch so far would have them. */
const subjects = async (
  { tx, caller, force, plan }: Ground,
  ids: readonly string[],
  /** At least one of them within reach of planning; the others only of reading. */
  field: string,
): Promise<ReadonlyMap<string, ItemRow>> => {
  const [rights, rows] = await Promise.all([
    rightsOn(tx, caller, ids, 'item.plan'),
    itemsAt(tx, ids, { ...nowIs(caller.now), plan }, force),
  ])
  const right = (id: string): { readonly read: boolean; readonly act: boolean } => {
    const made = plan.made.get(id)
    if (made === undefined) return rights.get(id) ?? { read: false, act: false }
    return {
      read: reachesNew(caller, 'item.read', made),
      act: reachesNew(caller, 'item.plan', made),
    }
  }
  for (const id of ids)
    if (rows.get(id) === undefined || !right(id).read || rows.get(id)?.mergedIntoId !== null)
      throw invalid(field, itemSays('value.nobody', { label: field }))
  if (!ids.some((id) => right(id).act))
    throw new Refusal('forbidden', itemSays('permission', { permission: 'item.plan' }))
  return rows
}

const only = (rows: ReadonlyMap<string, ItemRow>, id: string): ItemRow => {
  const row = rows.get(id)
  if (row === undefined) throw new Refusal('not_found')
  return row
}

const checkedChange = async (
  ground: Ground,
  draft: BranchStepDraft & { kind: 'edit' | 'move' | 'quorum' | 'down' },
): Promise<Checked> => {
  const { tx, caller, force } = ground
  const row = only(await subjects(ground, [draft.itemId], 'itemId'), draft.itemId)
  const isThing = modelOf(force.models, row.class).nature === 'thing'
  const patch: Readonly<Record<string, ItemValue | null>> =
    draft.kind === 'edit' ? draft.values : draft.kind === 'quorum' ? needValues(draft.need) : {}
  if (draft.kind === 'edit' || draft.kind === 'quorum') {
    const attributes = attributesFor(modelOf(force.models, row.class), caller)
    refuseValues(valueGrounds(attributes, patch))
    refuseValues(await referenceGrounds(tx, caller, force.models, attributes, patch))
    if (draft.kind === 'edit' && Object.keys(patch).length === 0 && draft.name === undefined)
      throw invalid('values', says('edit.nothing'))
  }
  if (draft.kind === 'move') {
    // A plan may come before its reason and its sanitization; they are asked for when it is applied.
    const facts = { isThing, inUseAbove: 0, reasonGiven: true, boreData: false, sanitized: true }
    const verdict = decide(itemProcess, row.state, draft.action, facts, () => true)
    if (!verdict.go)
      throw new Refusal(
        verdict.refusal,
        verdict.reasons.map(({ code }) => ({
          code,
          message: moveReason(code, row.state, draft.action, facts),
        })),
      )
  }
  // What is there now, without what the branch plans before this step: that is what can drift.
  const present = (await itemsAt(tx, [row.id], nowIs(caller.now), force)).get(row.id) ?? row
  return {
    itemId: row.id,
    otherId: null,
    basis: {
      state: present.state,
      name: present.name,
      class: row.class,
      values: Object.fromEntries(
        Object.keys(patch).flatMap((key) => {
          const value = present.values[key]
          return value === undefined ? [] : [[key, value]]
        }),
      ),
    },
  }
}

const checkedRelation = async (
  ground: Ground,
  { fromId, type, toId }: BranchStepDraft & { kind: 'relate' },
): Promise<Checked> => {
  if (fromId === toId) throw invalid('toId', itemSays('relation.itself'))
  const rows = await subjects(ground, [fromId, toId], 'toId')
  const ends = endsOf(type, fromId, toId)
  const { tx, caller, plan } = ground
  const there: readonly Related[] = await relationsOf(
    tx,
    'below',
    [ends.belowId],
    { ...nowIs(caller.now), plan },
    5000,
  )
  if (there.some((one) => one.type === type && one.aboveId === ends.aboveId))
    throw new Refusal('already_exists', itemSays('relation.there'))
  return { itemId: fromId, otherId: toId, basis: { state: only(rows, fromId).state } }
}

const checkedEnd = async (ground: Ground, relationId: string): Promise<Checked> => {
  const { tx } = ground
  const row = await tx.maybe<RelationRow>({
    text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.relation_id = $2 and x.known_to is null
             and x.valid_to is null limit 1`,
    values: [tx.tenantId, relationId],
  })
  if (row === undefined) throw invalid('relationId', says('relation.none'))
  const { type, belowId, aboveId } = row
  const [itemId, otherId] = type === 'member_of' ? [belowId, aboveId] : [aboveId, belowId]
  await subjects(ground, [itemId, otherId], 'relationId')
  return { itemId, otherId, basis: { relation: { type, belowId, aboveId } } }
}

export const removeBranchStep = async (
  database: Database,
  caller: Caller,
  id: string,
  stepId: string,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const branch = await holdBranch(tx, caller, id, undefined)
    const step = branch.steps.find((one) => one.id === stepId)
    if (step === undefined) throw new Refusal('not_found')
    await mustRead(tx, caller, branch, [step.itemId, ...(step.otherId === null ? [] : [step.otherId])])
    const standing = branch.steps.filter(
      (one) => one.id !== stepId && (one.itemId === step.itemId || one.otherId === step.itemId),
    )
    if (step.document.kind === 'make' && standing.length > 0)
      throw new Refusal('not_allowed_here', says('make.needed', { count: standing.length }))
    tx.send({
      text: `update item_branch_step set known_to = greatest($3::timestamptz, known_from) where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, stepId, caller.now],
    })
    const version = storeBranch(tx, branch)
    tx.journal({
      type: 'item_branch.step_removed',
      subject: { kind: 'item_branch', id },
      data: { version, stepId, kind: step.document.kind, itemId: step.itemId, otherId: step.otherId },
    })
    return { id, version }
  })

/** A step about something beyond one's reach is not there. */
const mustRead = async (tx: Tx, caller: Caller, branch: Branch, ids: readonly string[]): Promise<void> => {
  const rights = await rightsOn(tx, caller, ids, 'item.read')
  const made = overlayOf(plannedSteps(branch), latest, new Map()).made
  for (const id of ids) {
    const row = made.get(id)
    const reads = row === undefined ? rights.get(id)?.read === true : reachesNew(caller, 'item.read', row)
    if (!reads) throw new Refusal('not_found')
  }
}

export const discardBranch = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  reason: string,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const branch = await holdBranch(tx, caller, id, version)
    const next = storeBranch(tx, branch, {
      state: 'discarded',
      closed_at: caller.now,
      closed_by: caller.personId,
    })
    tx.journal({
      type: 'item_branch.discarded',
      subject: { kind: 'item_branch', id },
      data: { version: next, reason },
      personal: ['/reason'],
    })
    return { id, version: next }
  })
