import type { BranchStepDraft } from '@evenkeel/contract/item-branch'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { holdBranch, storeBranch } from './branch.commands.ts'
import { inOrder, needValues, type PlannedStep } from './branch.overlay.ts'
import { itemsOf } from './branch.plan.ts'
import { plannedSteps } from './branch.repo.ts'
import { editByHand, makeByHand, moveByHand } from './item.by-hand.ts'
import { since } from './item.check.ts'
import { holdItem, rightsOn, type Ref } from './item.commands.ts'
import { inForce, type InForce } from './item.model.ts'
import { says as itemSays } from './item.reasons.ts'
import { lockItems } from './item.repo.ts'
import { journalRelated, relationColumns, restateRelation, type RelationRow } from './relation.commands.ts'
import { endsOf } from './relation.words.ts'

// A branch becomes true by the same sayings that people make by hand, all of them in one transaction or none.

type Applied = Ref & {
  readonly applied: boolean
  readonly refused: { readonly stepId: string; readonly sentence: string }[]
}

class Tried extends Error {
  readonly answer: Applied
  constructor(answer: Applied) {
    super('only tried')
    this.answer = answer
  }
}

/** What makes room comes before what needs it: relations end before an item leaves, items are there before they are related. */
const rank: Readonly<Record<BranchStepDraft['kind'], number>> = {
  make: 0,
  edit: 1,
  quorum: 1,
  unrelate: 2,
  move: 3,
  relate: 4,
  down: 5,
}

export const applyBranch = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
  { dryRun, validFrom }: { readonly dryRun: boolean; readonly validFrom?: string | undefined },
): Promise<Applied> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const from = since(validFrom, caller.now)
  try {
    return await write(database, caller, async (tx) => {
      const branch = await holdBranch(tx, caller, id, version)
      const steps = inOrder(plannedSteps(branch)).toSorted(
        (a, b) => rank[a.document.kind] - rank[b.document.kind],
      )
      // Everything at once and in the order of ids: two people who apply the same never wait for each other forever.
      await lockItems(tx, itemsOf(steps))
      const refused: { stepId: string; refusal: Refusal }[] = []
      for (const step of steps) {
        try {
          await carryOut(tx, caller, force, step, from, id)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          refused.push({ stepId: step.id, refusal: error })
        }
      }
      const sentences = refused.map(({ stepId, refusal }) => ({
        stepId,
        sentence: refusal
          .reasonsIn(caller.language)
          .map(({ message }) => message)
          .join(', '),
      }))
      if (dryRun) throw new Tried({ id, version, applied: false, refused: sentences })
      if (refused.length > 0)
        throw new Refusal(
          'not_allowed_here',
          refused
            .slice(0, 20)
            .flatMap(({ stepId, refusal }) =>
              refusal.grounds.map((ground) => ({ ...ground, field: `steps.${stepId}` })),
            ),
        )
      const next = storeBranch(tx, branch, {
        state: 'applied',
        closed_at: caller.now,
        closed_by: caller.personId,
        applied_from: from,
      })
      tx.journal({
        type: 'item_branch.applied',
        subject: { kind: 'item_branch', id },
        data: { version: next, validFrom: from, steps: steps.map((step) => step.id) },
      })
      return { id, version: next, applied: true, refused: [] }
    })
  } catch (error) {
    if (error instanceof Tried) return error.answer
    throw error
  }
}

const carryOut = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  { itemId, document: draft }: PlannedStep,
  from: string,
  branchId: string,
): Promise<void> => {
  const known = (id: string) => holdItem(tx, caller, id, undefined)
  switch (draft.kind) {
    case 'make':
      return makeByHand(tx, caller, force, { ...draft, id: itemId }, { from, more: { branchId } })
    case 'edit':
      return void (await editByHand(tx, caller, force, await known(itemId), draft, {
        from,
        more: { branchId },
      }))
    case 'quorum': {
      const values = needValues(draft.need)
      return void (await editByHand(
        tx,
        caller,
        force,
        await known(itemId),
        { values },
        { from, more: { branchId } },
      ))
    }
    case 'move':
      // The branch is the reason; what has to be sanitized still is, before it is applied.
      return void (await moveByHand(
        tx,
        caller,
        force,
        await known(itemId),
        { action: draft.action, note: '', values: {}, reasonGiven: true },
        { from, more: { validFrom: from, branchId } },
      ))
    case 'relate':
      return relate(tx, caller, draft, from)
    case 'unrelate':
      return unrelate(tx, caller, itemId, draft.relationId, from)
    // What was only for a time leaves nothing behind.
    case 'down':
  }
}

const relate = async (
  tx: Tx,
  caller: Caller,
  { fromId, type, toId }: BranchStepDraft & { kind: 'relate' },
  from: string,
): Promise<void> => {
  const known = await holdItem(tx, caller, fromId, undefined)
  const [rights, other] = await Promise.all([
    rightsOn(tx, caller, [toId], 'item.read'),
    lockItems(tx, [toId]),
  ])
  const target = other.get(toId)
  if (rights.get(toId)?.read !== true || target === undefined || target.row.mergedIntoId !== null)
    throw invalid('toId', itemSays('value.nobody', { label: 'toId' }))
  for (const { row } of [known, target])
    if (row.state === 'retired' || row.state === 'disposed')
      throw new Refusal('not_allowed_here', itemSays('plan.retired', { name: row.name }))
  const ends = { type, ...endsOf(type, fromId, toId) }
  const rows = await tx.rows<RelationRow>({
    text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.below_id = $2 and x.above_id = $3 and x.type = $4
             and x.known_to is null order by x.valid_from for update`,
    values: [tx.tenantId, ends.belowId, ends.aboveId, type],
  })
  const relationId = rows[0]?.relationId ?? uuidv7()
  const isNew = restateRelation(
    tx,
    ends,
    rows,
    { from, to: null },
    (was) => was ?? { relationId, source: 'hand', saidBy: caller.personId },
  )
  if (!isNew) throw new Refusal('already_exists', itemSays('relation.there'))
  journalRelated(tx, { id: fromId, toId, relationId, type, source: 'hand', validFrom: from })
}

const unrelate = async (
  tx: Tx,
  caller: Caller,
  id: string,
  relationId: string,
  from: string,
): Promise<void> => {
  await holdItem(tx, caller, id, undefined)
  const rows = await tx.rows<RelationRow>({
    text: `select ${relationColumns} from item_relation x where x.tenant_id = $1 and x.relation_id = $2 and x.known_to is null
           order by x.valid_from for update`,
    values: [tx.tenantId, relationId],
  })
  const [first] = rows
  if (first === undefined || !restateRelation(tx, first, rows, { from, to: null }, () => null))
    throw new Refusal('not_allowed_here', itemSays('relation.gone'))
  const otherId = first.belowId === id ? first.aboveId : first.belowId
  tx.journal({
    type: 'item.relation_ended',
    subject: { kind: 'item', id },
    data: { relationId, type: first.type, otherId, validTo: from, never: false },
  })
}
