import type { Condition, Filter, FilterOperator } from '@evenkeel/contract/filter'
import { emptinessOperators, listOperators, rangeOperators } from '@evenkeel/contract/filter'

/** A value as people read it. */
export type Choice = { readonly value: string; readonly label: string }

/** A field as the builder offers it. */
export type BuilderField = {
  readonly name: string
  readonly title: string
  readonly type: 'text' | 'number' | 'choice' | 'reference' | 'time' | 'boolean'
  readonly operators: readonly FilterOperator[]
  readonly choices: readonly Choice[]
}

/** A filter while somebody builds it: conditions may still miss their value, and each part has a key of its own. */
export type Group = {
  readonly key: number
  readonly kind: 'group'
  readonly join: 'all' | 'any'
  readonly negated: boolean
  readonly parts: readonly Node[]
}
export type Draft = {
  readonly key: number
  readonly kind: 'condition'
  readonly negated: boolean
  readonly field: string
  readonly op: FilterOperator
  /** One for most operators, two for a range, any number for a list. */
  readonly values: readonly (string | number | boolean)[]
}
export type Node = Group | Draft

let keys = 0
export const newKey = (): number => {
  keys += 1
  return keys
}

export const groupOf = (join: 'all' | 'any', parts: readonly Node[] = [], negated = false): Group => ({
  key: newKey(),
  kind: 'group',
  join,
  negated,
  parts,
})

/** The builder begins with a group, also where the filter is a single condition. */
export const treeOf = (filter: Filter): Group => {
  const node = nodeOf(filter, false)
  return node.kind === 'group' && !node.negated ? node : groupOf('all', [node])
}

const nodeOf = (filter: Filter, negated: boolean): Node => {
  if ('all' in filter)
    return groupOf(
      'all',
      filter.all.map((part) => nodeOf(part, false)),
      negated,
    )
  if ('any' in filter)
    return groupOf(
      'any',
      filter.any.map((part) => nodeOf(part, false)),
      negated,
    )
  if ('not' in filter)
    return negated ? groupOf('all', [nodeOf(filter.not, true)], true) : nodeOf(filter.not, true)
  return {
    key: newKey(),
    kind: 'condition',
    negated,
    field: filter.field,
    op: filter.op,
    values: 'value' in filter ? [filter.value].flat() : [],
  }
}

export const takesList = (op: FilterOperator): boolean => listOperators.some((one) => one === op)
export const takesRange = (op: FilterOperator): boolean => rangeOperators.some((one) => one === op)
export const takesNothing = (op: FilterOperator): boolean => emptinessOperators.some((one) => one === op)

/** Whether a condition says something already. */
export const isWhole = ({ op, values }: Draft): boolean => {
  if (takesNothing(op)) return true
  const given = values.filter((value) => value !== '')
  if (takesRange(op)) return given.length === 2
  return takesList(op) ? given.length > 0 : given.length === 1
}

/** A group that nobody put anything into says nothing yet; as a filter it would find nothing, or everything. */
const speaks = (node: Node): boolean => (node.kind === 'group' ? node.parts.some(speaks) : isWhole(node))

/** The filter so far, without conditions that are not whole yet, and where each part of it is: for faults that name a place. */
export const filterOf = (
  root: Group,
): { readonly filter: Filter; readonly places: ReadonlyMap<string, number> } => {
  const places = new Map<string, number>()
  const write = (node: Node, path: string): Filter => {
    if (node.negated) return { not: write({ ...node, negated: false }, `${path}.not`) }
    places.set(path, node.key)
    if (node.kind === 'condition') return conditionOf(node)
    const parts = node.parts.filter(speaks)
    const written = parts.map((part, index) => write(part, `${path}.${node.join}.${index}`))
    return node.join === 'all' ? { all: written } : { any: written }
  }
  const parts = root.parts.filter(speaks)
  const [only] = parts
  // A lone condition needs no group around it, and an empty builder asks for everything.
  if (parts.length === 0) return { filter: { all: [] }, places }
  if (parts.length === 1 && only !== undefined) return { filter: write(only, 'filter'), places }
  return { filter: write(root, 'filter'), places }
}

const conditionOf = ({ field, op, values }: Draft): Condition => {
  const [value = '', to = ''] = values
  switch (op) {
    case 'is empty':
    case 'is set':
      return { field, op }
    case 'in':
    case 'not in':
      return { field, op, value: values }
    case 'within':
      return { field, op, value: [String(value), String(to)] }
    default:
      return { field, op, value }
  }
}

/** The tree with one part changed, or taken out when `change` gives nothing. */
export const changed = (root: Group, key: number, change: (node: Node) => Node | undefined): Group => {
  const visit = (node: Node): Node | undefined => {
    if (node.key === key) return change(node)
    if (node.kind === 'condition') return node
    return { ...node, parts: node.parts.map(visit).filter((part) => part !== undefined) }
  }
  const next = visit(root)
  return next?.kind === 'group' ? next : groupOf('all')
}

/** Another operator keeps the values that it can take. */
export const withOperator = (draft: Draft, op: FilterOperator): Draft => {
  if (takesNothing(op)) return { ...draft, op, values: [] }
  if (takesList(op)) return { ...draft, op }
  return { ...draft, op, values: draft.values.slice(0, takesRange(op) ? 2 : 1) }
}
