import { z } from 'zod'

/**
 * A condition on a record's fields: what lists, saved views, routing rules, service targets, automation, notification and row
 * scopes all speak. This is its JSON form; what the operators mean is written in server/src/kernel/filter/README.md.
 */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | Condition

/** One field, one question. Which operators and values a field takes follows from its type. */
export type Condition =
  | Asking<EmptinessOperator, unknown>
  | Asking<ValueOperator, { readonly value: Value }>
  | Asking<ListOperator, { readonly value: readonly Value[] }>
  | Asking<RangeOperator, { readonly value: readonly [string, string] }>

// One shape for each operator, so that asking for the operator tells the compiler the value.
type Asking<Op extends FilterOperator, More> = Op extends FilterOperator
  ? { readonly field: string; readonly op: Op } & More
  : never

/** Ids, choices, times (`2026-03-01`, `now-2d`) and `me` are strings; which of these a string is, the field's type says. */
export type Value = string | number | boolean

export const emptinessOperators = ['is empty', 'is set'] as const
export const valueOperators = ['=', '!=', '<', '<=', '>', '>=', 'contains', 'starts with', 'matches'] as const
export const listOperators = ['in', 'not in'] as const
export const rangeOperators = ['within'] as const
export const filterOperators = [
  ...emptinessOperators,
  ...valueOperators,
  ...listOperators,
  ...rangeOperators,
] as const

export type EmptinessOperator = (typeof emptinessOperators)[number]
export type ValueOperator = (typeof valueOperators)[number]
export type ListOperator = (typeof listOperators)[number]
export type RangeOperator = (typeof rangeOperators)[number]
export type FilterOperator = (typeof filterOperators)[number]

/** What a filter may weigh. Every later step recurses and loops as it likes, because nothing larger gets past these. */
export const filterLimits = {
  /** Conditions and groups inside one another; a lone condition is 1. */
  depth: 20,
  /** Conditions and groups in all. */
  nodes: 200,
  /** Values of one `in`. */
  list: 200,
  /** Characters (UTF-16 units) of one value or field name. */
  text: 500,
  /** Characters of the filter as compact JSON. */
  json: 10_240,
} as const

/** One thing wrong with a filter's shape, and where: keys and positions from its root. */
export type ShapeFault = { readonly path: readonly (string | number)[]; readonly message: string }

type Place = {
  readonly node: unknown
  readonly depth: number
  readonly path: readonly (string | number)[]
}

/**
 * What is wrong with the shape and size of a value that claims to be a filter; empty when nothing is. Goes without recursion
 * and stops at the first limit passed, so that ten thousand levels cost as little as twenty.
 */
export const shapeFaults = (filter: unknown): readonly ShapeFault[] => {
  const faults: ShapeFault[] = []
  const places: Place[] = [{ node: filter, depth: 1, path: [] }]
  let nodes = 0
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { node, depth, path } = place
    if (depth > filterLimits.depth) {
      return [{ path: [], message: `the filter is nested more than ${filterLimits.depth} levels deep` }]
    }
    if (++nodes > filterLimits.nodes) {
      return [{ path: [], message: `the filter has more than ${filterLimits.nodes} conditions and groups` }]
    }
    if (!isObject(node)) {
      faults.push({ path, message: 'expected a condition or a group, as an object' })
      continue
    }
    const form = formOf(node)
    if (form === undefined) {
      faults.push({ path, message: 'expected one of: all, any, not; or field, op and value' })
      continue
    }
    const keys = keysOf(form, node)
    const strange = Object.keys(node).find((key) => !keys.includes(key))
    if (strange !== undefined) {
      faults.push({
        path,
        message: `“${strange.slice(0, 40)}” has no place here; expected only ${keys.join(', ')}`,
      })
      continue
    }
    if (form === 'not') places.push({ node: node['not'], depth: depth + 1, path: [...path, 'not'] })
    else if (form === 'field') faults.push(...conditionFaults(node, path))
    else {
      const parts = node[form]
      if (!Array.isArray(parts))
        faults.push({ path: [...path, form], message: 'expected a list of conditions' })
      else if (parts.length > filterLimits.nodes) {
        return [{ path: [], message: `the filter has more than ${filterLimits.nodes} conditions and groups` }]
      } else {
        // Backwards onto the stack, so that faults come in the order in which they are read.
        for (let index = parts.length - 1; index >= 0; index--) {
          places.push({ node: parts[index], depth: depth + 1, path: [...path, form, index] })
        }
      }
    }
  }
  if (faults.length > 0) return faults
  return JSON.stringify(filter).length > filterLimits.json
    ? [{ path: [], message: `the filter is longer than ${filterLimits.json} characters of JSON` }]
    : []
}

const isObject = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null && !Array.isArray(node)

const forms = ['all', 'any', 'not', 'field'] as const
type Form = (typeof forms)[number]

const formOf = (node: Readonly<Record<string, unknown>>): Form | undefined =>
  forms.find((form) => Object.hasOwn(node, form))

const keysOf = (form: Form, node: Readonly<Record<string, unknown>>): readonly string[] => {
  if (form !== 'field') return [form]
  return isOneOf(emptinessOperators, node['op']) ? ['field', 'op'] : ['field', 'op', 'value']
}

const isOneOf = <Word extends string>(words: readonly Word[], word: unknown): word is Word =>
  words.some((one) => one === word)

const conditionFaults = (
  node: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): readonly ShapeFault[] => {
  const { field, op, value } = node
  const fieldFault = typeof field === 'string' ? textFault(field) : 'expected the name of a field'
  if (fieldFault !== undefined) return [{ path: [...path, 'field'], message: fieldFault }]
  if (!isOneOf(filterOperators, op)) {
    return [{ path: [...path, 'op'], message: `expected one of: ${filterOperators.join(', ')}` }]
  }
  if (isOneOf(emptinessOperators, op)) return []
  const at = [...path, 'value']
  if (isOneOf(valueOperators, op)) {
    const message = valueFault(value)
    return message === undefined ? [] : [{ path: at, message }]
  }
  if (!Array.isArray(value)) return [{ path: at, message: 'expected a list of values' }]
  if (isOneOf(rangeOperators, op)) {
    if (value.length !== 2 || value.some((end) => typeof end !== 'string')) {
      return [{ path: at, message: 'expected two times: from and to' }]
    }
  }
  if (value.length === 0) return [{ path: at, message: 'the list has no values' }]
  if (value.length > filterLimits.list) {
    return [{ path: at, message: `the list has more than ${filterLimits.list} values` }]
  }
  return value.flatMap((one: unknown, index) => {
    const message = valueFault(one)
    return message === undefined ? [] : [{ path: [...at, index], message }]
  })
}

const valueFault = (value: unknown): string | undefined => {
  if (typeof value === 'string') return textFault(value)
  if (typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'expected a finite number'
  return 'expected a text, a number, true or false'
}

const textFault = (text: string): string | undefined => {
  if (text === '') return 'the text is empty'
  if (text.length > filterLimits.text) return `the text is longer than ${filterLimits.text} characters`
  // PostgreSQL has no NUL in text, and half a surrogate pair has no UTF-8.
  if (text.includes('\0') || !text.isWellFormed()) return 'the text has characters that no text can have'
  return undefined
}

const Value = z.union([z.string(), z.number(), z.boolean()])

const FilterNode: z.ZodType<Filter> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(FilterNode) }),
      z.strictObject({ any: z.array(FilterNode) }),
      z.strictObject({ not: FilterNode }),
      z.strictObject({ field: z.string(), op: z.enum(emptinessOperators) }),
      z.strictObject({ field: z.string(), op: z.enum(valueOperators), value: Value }),
      z.strictObject({ field: z.string(), op: z.enum(listOperators), value: z.array(Value) }),
      z.strictObject({
        field: z.string(),
        op: z.enum(rangeOperators),
        value: z.tuple([z.string(), z.string()]),
      }),
    ]),
  )
  .meta({ id: 'Filter' })

/**
 * Unknown keys, shapes and sizes are refused here; unknown fields and values where the reader's fields are known. A union can
 * only say "none of these", so `shapeFaults` speaks first; what it lets pass, the union takes (a test holds them to it).
 */
export const Filter = z.preprocess((value, context) => {
  for (const { path, message } of shapeFaults(value).slice(0, 10)) {
    context.addIssue({ code: 'custom', message, path: [...path] })
  }
  return value
}, FilterNode)

/** What kind of value a field has: it decides which operators there are and how values are written. */
export const fieldTypes = [
  'text',
  'words',
  'keyword',
  'number',
  'choice',
  'ordered choice',
  'reference',
  'list of references',
  'instant',
  'date',
  'boolean',
] as const
