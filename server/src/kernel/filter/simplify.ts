import type { Condition, Filter } from '@evenkeel/contract/filter'

/**
 * The same filter with less of it: groups inside groups of the same kind opened, groups of one and double negations unwrapped,
 * repetitions dropped, lists without repetitions, a list of one turned into a single value, and groups settled that cannot be
 * otherwise. Keeps the order of what remains, and means the same for every record.
 */
export const simplify = (filter: Filter): Filter => {
  if ('not' in filter) {
    const part = simplify(filter.not)
    if ('not' in part) return part.not
    if (isEverything(part)) return nothing
    return isNothing(part) ? everything : { not: part }
  }
  if ('all' in filter) return group(filter.all, 'all')
  if ('any' in filter) return group(filter.any, 'any')
  return shorter(filter)
}

const everything: Filter = { all: [] }
const nothing: Filter = { any: [] }
const isEverything = (filter: Filter): boolean => 'all' in filter && filter.all.length === 0
const isNothing = (filter: Filter): boolean => 'any' in filter && filter.any.length === 0

const group = (parts: readonly Filter[], kind: 'all' | 'any'): Filter => {
  const decides = kind === 'all' ? isNothing : isEverything
  const kept = new Map<string, Filter>()
  for (const part of parts.map(simplify)) {
    if (decides(part)) return part
    for (const one of opened(part, kind)) kept.set(JSON.stringify(one), one)
  }
  const [only] = kept.values()
  if (only !== undefined && kept.size === 1) return only
  return kind === 'all' ? { all: [...kept.values()] } : { any: [...kept.values()] }
}

const opened = (part: Filter, kind: 'all' | 'any'): readonly Filter[] => {
  if (kind === 'all') return 'all' in part ? part.all : [part]
  return 'any' in part ? part.any : [part]
}

const shorter = (condition: Condition): Condition => {
  if (condition.op !== 'in' && condition.op !== 'not in') return condition
  const values = [...new Set(condition.value)]
  const [only] = values
  if (only === undefined || values.length > 1) return { ...condition, value: values }
  return { field: condition.field, op: condition.op === 'in' ? '=' : '!=', value: only }
}
