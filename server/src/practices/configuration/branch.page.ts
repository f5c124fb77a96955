import type { BranchPage, BranchStep, ListedBranch } from '@evenkeel/contract/item-branch'
import { mayAtAll } from '../../kernel/access.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { branchReachSql, readableWith, readBranches } from './branch.access.ts'
import { plansIn } from './branch.commands.ts'
import { inOrder, overlayOf, type Overlay, type PlannedStep } from './branch.overlay.ts'
import { itemsOf } from './branch.plan.ts'
import { branchColumns, branchTables, plannedSteps, type Branch, type BranchRow } from './branch.repo.ts'
import { driftOf, stepSentence, type Told } from './branch.words.ts'
import { relationsOf } from './graph.source.ts'
import { nowIs } from './graph.times.ts'
import { itemsAt, refOf } from './item.at.ts'
import { inForce, modelOf, type InForce } from './item.model.ts'
import { itemProcess } from './item.process.ts'
import type { ItemRow } from './item.repo.ts'
import { idsIn } from './item.value.ts'
import { endsOf } from './relation.words.ts'

const mostBranches = 200

export const listBranches = async (
  database: Database,
  caller: Caller,
  { state, itemId }: { readonly state: 'open' | 'closed'; readonly itemId?: string | undefined },
): Promise<{ rows: ListedBranch[]; more: boolean }> =>
  read(database, caller.tenantId, async (q) => {
    const parameters = parametersFrom(5)
    const reach = branchReachSql(caller, parameters)
    const rows = await q.rows<BranchRow & { steps: number }>({
      text: `select ${branchColumns}, (select count(*)::int from item_branch_step s
               where s.tenant_id = $1 and s.branch_id = b.id and s.known_to is null) as steps
             from ${branchTables}
             where b.tenant_id = $1 and (b.state = 'open') = $2 and ${reach}
               and ($3::uuid is null or exists (select from item_branch_step s where s.tenant_id = $1 and s.branch_id = b.id
                 and s.known_to is null and (s.item_id = $3 or s.other_id = $3)))
             order by case when $2 then b.starts_at end, b.closed_at desc, b.id limit $4`,
      values: [q.tenantId, state === 'open', itemId ?? null, mostBranches + 1, ...parameters.values],
    })
    const seesAll = caller.grants.get('item.read')?.has('all') === true
    // Whoever does not see every item counts the steps they see.
    const counts = seesAll
      ? undefined
      : await stepsSeen(
          q,
          caller,
          rows.map(({ id }) => id),
        )
    return {
      rows: rows.slice(0, mostBranches).map((row): ListedBranch => ({
        id: row.id,
        name: row.name,
        startsAt: row.startsAt,
        endsAt: row.endsAt,
        owner: { id: row.ownerId, name: row.ownerName },
        state: row.state,
        steps: counts === undefined ? row.steps : (counts.get(row.id) ?? 0),
        version: row.version,
        updatedAt: row.updatedAt,
      })),
      more: rows.length > mostBranches,
    }
  })

const stepsSeen = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const branches = await readBranches(q, caller, ids, caller.now)
  const plan = overlayOf(branches.flatMap(plannedSteps), latest, new Map())
  const reads = await readableWith(q, caller, itemsOf(branches.flatMap(plannedSteps)), plan)
  return new Map(
    branches.map(({ row, steps }) => [
      row.id,
      steps.filter(({ itemId, otherId }) => reads(itemId) && (otherId === null || reads(otherId))).length,
    ]),
  )
}

const latest = '9999-12-31T23:59:59.999Z'

export type Known = {
  readonly told: Told
  /** The present model, without any plan. */
  readonly now: ReadonlyMap<string, ItemRow>
  readonly plan: Overlay
  readonly drift: (step: PlannedStep) => string | null
}

/** What a reader is told of the steps of branches, and what of them does not fit the present model any more. */
export const knownOf = async (
  q: Reader,
  caller: Caller,
  branches: readonly Branch[],
  force: InForce,
): Promise<Known> => {
  const steps = branches.flatMap(plannedSteps)
  const ids = itemsOf(steps)
  const times = nowIs(caller.now)
  const now = await itemsAt(q, ids, times, force)
  // All of it at once, whenever it holds: for names and states, not for what follows.
  const plan = overlayOf(steps, latest, now)
  const belows = steps.flatMap((step) => endOf(step)?.belowId ?? [])
  const [reads, there, names] = await Promise.all([
    readableWith(q, caller, ids, plan),
    belows.length === 0 ? [] : relationsOf(q, 'below', [...new Set(belows)], times, 20_000),
    namesOf(q, caller, steps, now, force),
  ])
  const withPlan = plan.items(now, ids)
  const places = new Set(there.map((one) => `${one.type} ${one.belowId} ${one.aboveId}`))
  const told: Told = {
    caller,
    force,
    row: (id) => (reads(id) ? (plan.made.get(id) ?? now.get(id) ?? withPlan.get(id)) : undefined),
    nameOf: names,
  }
  const order = inOrder(steps)
  return {
    told,
    now,
    plan,
    drift: (step) => {
      const ends = endOf(step)
      const before = order
        .slice(
          0,
          order.findIndex(({ id }) => id === step.id),
        )
        .findLast(
          (one) =>
            one.itemId === step.itemId && one.branchId === step.branchId && one.document.kind === 'move',
        )
      return driftOf(
        step,
        told,
        (id) => plan.made.get(id) ?? now.get(id),
        (id) => plan.made.has(id),
        ends !== undefined && places.has(`${ends.type} ${ends.belowId} ${ends.aboveId}`),
        before?.document.kind === 'move' ? itemProcess.moves[before.document.action].to : undefined,
      )
    },
  }
}

const endOf = ({ document: draft, basis }: PlannedStep) => {
  if (draft.kind === 'relate') return { type: draft.type, ...endsOf(draft.type, draft.fromId, draft.toId) }
  return draft.kind === 'unrelate' ? basis.relation : undefined
}

/** Names of what values of steps refer to. */
const namesOf = async (
  q: Reader,
  caller: Caller,
  steps: readonly PlannedStep[],
  now: ReadonlyMap<string, ItemRow>,
  { models }: InForce,
): Promise<Told['nameOf']> => {
  const wanted = { person: new Set<string>(), team: new Set<string>(), item: new Set<string>() }
  for (const { itemId, document, basis } of steps) {
    if (document.kind !== 'edit') continue
    const model = modelOf(models, now.get(itemId)?.class ?? basis.class ?? '')
    for (const values of [document.values, basis.values ?? {}, now.get(itemId)?.values ?? {}])
      for (const [key, value] of Object.entries(values)) {
        const attribute = model.byKey.get(key)
        if (attribute?.to === undefined || value === null || !Object.hasOwn(document.values, key)) continue
        for (const id of idsIn(attribute, value)) wanted[attribute.to.kind].add(id)
      }
  }
  if (wanted.person.size + wanted.team.size + wanted.item.size === 0) return () => undefined
  const items = [...wanted.item]
  const [rows, reads] = await Promise.all([
    q.rows<{ kind: string; id: string; name: string }>({
      name: 'names_in_values',
      text: `select 'person' as kind, id, name from person where tenant_id = $1 and id = any($2::uuid[])
             union all select 'team', id, name from team where tenant_id = $1 and id = any($3::uuid[])
             union all select 'item', id, name from item where tenant_id = $1 and id = any($4::uuid[])`,
      values: [q.tenantId, [...wanted.person], [...wanted.team], items],
    }),
    readableWith(q, caller, items, undefined),
  ])
  const names = new Map(rows.map(({ kind, id, name }) => [`${kind} ${id}`, name]))
  return (kind, id) => (kind === 'item' && !reads(id) ? undefined : names.get(`${kind} ${id}`))
}

export const stepView = (step: PlannedStep, row: Branch['steps'][number], known: Known): BranchStep[] => {
  const { told } = known
  const item = told.row(step.itemId)
  const other = step.otherId === null ? undefined : told.row(step.otherId)
  if (item === undefined || (step.otherId !== null && other === undefined)) return []
  const { caller, force } = told
  return [
    {
      id: step.id,
      kind: step.document.kind,
      item: refOf(item, force, caller.language),
      other: other === undefined ? null : refOf(other, force, caller.language),
      sentence: stepSentence(step, told),
      from: step.document.kind === 'down' ? step.from : null,
      until: step.until,
      by: row.saidBy === null ? null : { id: row.saidBy, name: row.saidByName ?? '' },
      knownFrom: row.knownFrom,
      drift: known.drift(step),
    },
  ]
}

export const readBranch = async (
  database: Database,
  caller: Caller,
  id: string,
  asked: { readonly knownAt?: string | undefined },
): Promise<BranchPage> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const wanted = asked.knownAt === undefined ? caller.now : new Date(asked.knownAt).toISOString()
  const knownAt = wanted > caller.now ? caller.now : wanted
  return read(database, caller.tenantId, async (q) => {
    const [branch] = await readBranches(q, caller, [id], knownAt)
    if (branch === undefined) throw new Refusal('not_found')
    const { row, steps } = branch
    const known = await knownOf(q, caller, [branch], force)
    const rows = new Map(steps.map((one) => [one.id, one]))
    // Steps of a branch that is closed are what they were: they fit nothing any more, and have to fit nothing.
    const isOpen = row.state === 'open'
    const shown = plannedSteps(branch).flatMap((step) => {
      const stored = rows.get(step.id)
      return stored === undefined ? [] : stepView(step, stored, known)
    })
    const isNow = knownAt === caller.now
    const mayPlan = isOpen && isNow && plansIn(caller, row.ownerId)
    return {
      id,
      name: row.name,
      description: row.description,
      startsAt: row.startsAt,
      endsAt: row.endsAt,
      owner: { id: row.ownerId, name: row.ownerName },
      state: row.state,
      version: row.version,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      closedAt: row.closedAt,
      closedBy: row.closedBy === null ? null : { id: row.closedBy, name: row.closedByName ?? '' },
      appliedFrom: row.appliedFrom,
      knownAt,
      isNow,
      steps: isOpen ? shown : shown.map((step) => ({ ...step, drift: null })),
      more: shown.length < steps.length,
      mayPlan,
      mayApply: mayPlan && mayAtAll(caller.grants, 'item.manage'),
    }
  })
}
