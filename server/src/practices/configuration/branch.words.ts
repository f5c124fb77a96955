import type { BranchStepDraft } from '@evenkeel/contract/item-branch'
import type { ItemValue } from '@evenkeel/contract/item'
import type { Caller } from '../../platform/http/caller.ts'
import { needValues, type Basis, type PlannedStep } from './branch.overlay.ts'
import { says } from './branch.reasons.ts'
import { attributesFor } from './item.check.ts'
import { labelIn } from './item-class.model.ts'
import { modelOf, type InForce } from './item.model.ts'
import { itemProcess } from './item.process.ts'
import type { ItemRow } from './item.repo.ts'
import { textOf } from './item.value.ts'
import { stateIn } from './item.words.ts'
import { carries } from './item.carries.ts'
import { endsOf, relationWords } from './relation.words.ts'

/** What a reader is told of items by id: null for what they may not see. */
export type Told = {
  readonly caller: Caller
  readonly force: InForce
  readonly row: (id: string) => ItemRow | undefined
  readonly nameOf: (kind: 'person' | 'team' | 'item', id: string) => string | undefined
}

const listOf = (values: readonly string[], language: string): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(values)

/** A planned modification, in a sentence. */
export const stepSentence = (
  { document: draft, itemId, otherId, basis }: Pick<PlannedStep, 'document' | 'itemId' | 'otherId' | 'basis'>,
  told: Told,
): string => {
  const { language } = told.caller
  const name = told.row(itemId)?.name ?? basis.name ?? ''
  const other = (otherId === null ? undefined : told.row(otherId)?.name) ?? ''
  switch (draft.kind) {
    case 'make':
      return says('step.make', {
        name: draft.name,
        label: labelIn(modelOf(told.force.models, draft.class).label, language),
      }).in(language)
    case 'edit':
      return says('step.edit', { name, values: editWords(draft, itemId, basis, told) }).in(language)
    case 'move':
      return says('step.move', { name, state: stateIn(itemProcess.moves[draft.action].to, language) }).in(
        language,
      )
    case 'quorum':
      return says('step.quorum', {
        name,
        need: 'count' in draft.need ? `${draft.need.count}` : `${draft.need.percent} %`,
      }).in(language)
    case 'relate':
      return says('step.relate', { name, words: relationWords(draft.type, 'out', language), other }).in(
        language,
      )
    case 'unrelate':
      return says('step.unrelate', {
        name,
        words: relationWords(basis.relation?.type ?? 'depends_on', 'out', language),
        other,
      }).in(language)
    case 'down':
      return says(draft.effect === 'down' ? 'step.down' : 'step.degraded', { name }).in(language)
  }
}

const editWords = (
  draft: BranchStepDraft & { kind: 'edit' },
  itemId: string,
  basis: Basis,
  { caller, force, row, nameOf }: Told,
): string => {
  const { language } = caller
  const attributes = attributesFor(modelOf(force.models, row(itemId)?.class ?? basis.class ?? ''), caller)
  const parts = Object.entries(draft.values).flatMap(([key, value]) => {
    const attribute = attributes.get(key)
    if (attribute === undefined) return []
    const label = labelIn(attribute.label, language)
    if (value === null) return [says('step.noValue', { label }).in(language)]
    return [`${label}: ${textOf(attribute, value, language, nameOf)}`]
  })
  const renamed = draft.name === undefined ? [] : [says('step.rename', { name: draft.name }).in(language)]
  const all = [...renamed, ...parts]
  return all.length === 0 ? says('nothing').in(language) : listOf(all, language)
}

const sameValue = (one: ItemValue | undefined, other: ItemValue | undefined): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/**
 * What became of the model since a step was planned, in a sentence; null where it fits what is there.
 * @param now the rows of the present model, without any plan
 * @param hasRelation whether the relation that the step is about is there
 */
export const driftOf = (
  step: Pick<PlannedStep, 'document' | 'itemId' | 'otherId' | 'basis'>,
  told: Told,
  now: (id: string) => ItemRow | undefined,
  isMade: (id: string) => boolean,
  hasRelation: boolean,
  /** An earlier step of the branch has to do with the same item: what is there is not what the step comes upon. */
  comesUpon: ItemRow['state'] | undefined,
): string | null => {
  const { language } = told.caller
  const { document: draft, itemId, otherId, basis } = step
  if (draft.kind === 'make') {
    const model = modelOf(told.force.models, draft.class)
    return model.retired || model.abstract
      ? says('drift.class', { label: labelIn(model.label, language) }).in(language)
      : null
  }
  for (const id of otherId === null ? [itemId] : [itemId, otherId]) {
    if (isMade(id)) continue
    const row = now(id)
    if (row === undefined) return says('drift.gone').in(language)
    const { name } = row
    if (row.mergedIntoId !== null) return says('drift.merged', { name }).in(language)
    if (
      draft.kind !== 'move' &&
      draft.kind !== 'unrelate' &&
      (row.state === 'retired' || row.state === 'disposed')
    )
      return says('drift.retired', { name }).in(language)
  }
  const row = now(itemId)
  const name = row?.name ?? ''
  if (draft.kind === 'relate') return hasRelation ? says('drift.related').in(language) : null
  if (draft.kind === 'unrelate') return hasRelation ? null : says('drift.ended').in(language)
  if (row === undefined) return null
  if (draft.kind === 'move') {
    const state = comesUpon ?? row.state
    if (itemProcess.moves[draft.action].from.includes(state)) return null
    return state === 'retired'
      ? says('drift.retired', { name }).in(language)
      : says('drift.state', { name, state: stateIn(state, language) }).in(language)
  }
  if (draft.kind === 'down')
    return carries(row) || comesUpon !== undefined
      ? null
      : says('drift.state', { name, state: stateIn(row.state, language) }).in(language)
  const keys = Object.keys(draft.kind === 'edit' ? draft.values : needValues(draft.need))
  const changed = keys.find((key) => !sameValue(basis.values?.[key], row.values[key]))
  if (changed === undefined) return null
  if (draft.kind === 'quorum') return says('drift.need', { name }).in(language)
  const attribute = attributesFor(modelOf(told.force.models, row.class), told.caller).get(changed)
  if (attribute === undefined) return says('drift.valueHidden', { name }).in(language)
  const text = (value: ItemValue | undefined): string =>
    value === undefined ? says('nothing').in(language) : textOf(attribute, value, language, told.nameOf)
  return says('drift.value', {
    label: labelIn(attribute.label, language),
    name,
    before: text(basis.values?.[changed]),
    after: text(row.values[changed]),
  }).in(language)
}

/** Two steps of different branches that contradict each other, or say the same twice. */
export type Contradiction = {
  readonly one: PlannedStep
  readonly other: PlannedStep
  readonly because: 'attribute' | 'move' | 'quorum' | 'gone' | 'relation' | 'same'
  readonly key?: string
}

const leaves = ({ document: draft }: PlannedStep): boolean =>
  draft.kind === 'move' && !carries({ state: itemProcess.moves[draft.action].to })

const ends = ({ document: draft }: PlannedStep): string | undefined => {
  if (draft.kind !== 'relate') return undefined
  const { belowId, aboveId } = endsOf(draft.type, draft.fromId, draft.toId)
  return `${draft.type} ${belowId} ${aboveId}`
}

const about = (step: PlannedStep, id: string): boolean => step.itemId === id || step.otherId === id

const contradiction = (one: PlannedStep, other: PlannedStep): Contradiction | undefined => {
  const [a, b] = [one.document, other.document]
  if (a.kind === 'unrelate' && b.kind === 'unrelate')
    return a.relationId === b.relationId ? { one, other, because: 'relation' } : undefined
  if (a.kind === 'relate' && b.kind === 'relate' && ends(one) === ends(other))
    return { one, other, because: 'same' }
  if (a.kind === 'move' && b.kind === 'move' && one.itemId === other.itemId)
    return { one, other, because: 'move' }
  if (leaves(one) && b.kind !== 'unrelate' && about(other, one.itemId)) return { one, other, because: 'gone' }
  if (leaves(other) && a.kind !== 'unrelate' && about(one, other.itemId))
    return { one: other, other: one, because: 'gone' }
  if (one.itemId !== other.itemId) return undefined
  if (a.kind === 'quorum' && b.kind === 'quorum') return { one, other, because: 'quorum' }
  const values = (draft: BranchStepDraft): Readonly<Record<string, ItemValue | null>> =>
    draft.kind === 'edit'
      ? { ...draft.values, ...(draft.name === undefined ? {} : { name: draft.name }) }
      : draft.kind === 'quorum'
        ? needValues(draft.need)
        : {}
  const [first, second] = [values(a), values(b)]
  const key = Object.keys(first).find(
    (name) => Object.hasOwn(second, name) && JSON.stringify(first[name]) !== JSON.stringify(second[name]),
  )
  return key === undefined ? undefined : { one, other, because: 'attribute', key }
}

/** Every pair of steps of different branches that do not go together, each pair of branches and item once for a reason. */
export const contradictionsIn = (branches: readonly (readonly PlannedStep[])[]): Contradiction[] => {
  const byItem = new Map<string, PlannedStep[]>()
  for (const step of branches.flat())
    for (const id of new Set([step.itemId, ...(step.otherId === null ? [] : [step.otherId])]))
      byItem.set(id, [...(byItem.get(id) ?? []), step])
  const found = new Map<string, Contradiction>()
  for (const steps of byItem.values())
    for (const [at, one] of steps.entries())
      for (const other of steps.slice(at + 1)) {
        if (one.branchId === other.branchId) continue
        const both = contradiction(one, other)
        if (both !== undefined) found.set([...[one.id, other.id].toSorted(), both.because].join(' '), both)
      }
  return [...found.values()]
}
