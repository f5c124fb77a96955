/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** What has no canonical form, or no place in the journal, cannot be sealed. `path` is a JSON pointer (RFC 6901). */
export class UnsealableError extends Error {
  override readonly name = 'UnsealableError'
  readonly path: string
  readonly reason: string

  constructor(path: string, reason: string) {
    super(`${path === '' ? 'the value' : path} ${reason}`)
    this.path = path
    this.reason = reason
  }
}

/** Deeper values are refused: a hostile document must not exhaust the stack of whoever seals or verifies it. */
export const deepestNesting = 128

/**
 * The canonical text of a JSON value (RFC 8785, JCS): equal values have equal text, on every machine and in every language.
 * Throws `UnsealableError` for what JSON cannot say: undefined, functions, bigint, NaN, infinities, lone surrogates, holes,
 * instances of classes (dates, maps) and nesting beyond `deepestNesting`.
 */
export function canonicalJson(value: Json): string {
  // What was read from canonical text is in order already; then the engine's own writer gives the same text, only faster.
  return inOrder(value, 0) ? JSON.stringify(value) : write(value, [])
}

/** Parses JSON text; throws `SyntaxError` as `JSON.parse` does. */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text)
  return value
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The steps from the root to a value, as one JSON pointer (RFC 6901). */
export const jsonPointer = (steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Whether `JSON.stringify` would write the canonical text. False at any doubt: then `write` sorts, or refuses with the place. */
function inOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed()
    case 'number':
      return Number.isFinite(value)
    case 'boolean':
      return true
    case 'object':
      if (value === null) return true
      if (depth > deepestNesting) return false
      return Array.isArray(value) ? itemsInOrder(value, depth) : membersInOrder(value, depth)
    default:
      return false
  }
}

function itemsInOrder(items: readonly unknown[], depth: number): boolean {
  for (let index = 0; index < items.length; index += 1) if (!inOrder(items[index], depth + 1)) return false
  return true
}

function membersInOrder(members: object, depth: number): boolean {
  if (!isPlain(members)) return false
  let before: string | null = null
  for (const key of Object.keys(members)) {
    if ((before !== null && before >= key) || !key.isWellFormed() || !inOrder(members[key], depth + 1))
      return false
    before = key
  }
  return true
}

function write(value: unknown, trail: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      return quote(value, trail)
    case 'number':
      if (!Number.isFinite(value)) return refuse(trail, `is ${value}, which JSON cannot express`)
      // ECMAScript's own shortest form is the one RFC 8785 section 3.2.2.3 asks for; minus zero becomes 0.
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (trail.length > deepestNesting)
        return refuse(trail, `is nested more than ${deepestNesting} levels deep`)
      return Array.isArray(value) ? writeArray(value, trail) : writeObject(value, trail)
    default:
      return refuse(trail, `is ${typeof value}, which JSON cannot express`)
  }
}

function writeArray(items: readonly unknown[], trail: (string | number)[]): string {
  let text = '['
  // By index: a hole must arrive as undefined and be refused, where forEach would pass over it.
  for (let index = 0; index < items.length; index += 1) {
    trail.push(index)
    text += (index === 0 ? '' : ',') + write(items[index], trail)
    trail.pop()
  }
  return text + ']'
}

function writeObject(members: object, trail: (string | number)[]): string {
  if (!isPlain(members)) return refuse(trail, 'is an instance of a class, not a plain object')
  let text = ''
  // The default order of sort() is the order of UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  for (const key of Object.keys(members).sort()) {
    trail.push(key)
    text += (text === '' ? '{' : ',') + quote(key, trail) + ':' + write(members[key], trail)
    trail.pop()
  }
  return text === '' ? '{}' : text + '}'
}

/** Not an instance of a class, whose own members would pass for the value. */
export function isPlain(value: object): value is { readonly [key: string]: unknown } {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function quote(text: string, trail: readonly (string | number)[]): string {
  if (!text.isWellFormed()) return refuse(trail, 'holds a lone surrogate, which UTF-8 cannot express')
  return JSON.stringify(text)
}

function refuse(trail: readonly (string | number)[], reason: string): never {
  throw new UnsealableError(jsonPointer(trail), reason)
}
