import { createHmac, createSecretKey, randomBytes } from 'node:crypto'

import {
  canonicalJson,
  isJsonObject,
  isPlain,
  jsonPointer,
  UnsealableError,
  type Json,
  type JsonObject,
} from './canonical-json.ts'

/** Stands in an entry for a personal value: HMAC-SHA-256 over its canonical text, base64url, keyed by its own salt. */
export type Commitment = { readonly $personal: string }

/** What a reader sees in place of a value that was erased, or that was not handed out. */
export const erased = { $erased: true } as const

/** A value and the 32 random bytes (base64url) that its commitment was made with. Erasing both erases the value for good. */
export type PersonalValue = { readonly value: Json; readonly salt: string }

/** The personal values of one entry by JSON pointer (RFC 6901) into its data. */
export type PersonalValues = { readonly [pointer: string]: PersonalValue | 'erased' }

const thirtyTwoBytes = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

export const freshSalt = (): string => randomBytes(32).toString('base64url')

/**
 * The commitment hides the value (the salt is random and secret) and binds to it (no second value opens it). Throws
 * `UnsealableError` for a salt that is not 32 bytes of base64url: HMAC pads shorter keys, so two salts could mean the same.
 */
export function commit(value: Json, salt: string): Commitment {
  if (!thirtyTwoBytes.test(salt))
    throw new UnsealableError('', 'has a salt that is not 32 bytes of base64url')
  const mac = createHmac('sha256', createSecretKey(salt, 'base64url')).update(canonicalJson(value))
  return { $personal: mac.digest('base64url') }
}

/** Whether the commitment was made from this value and salt. */
export const opens = (commitment: Commitment, value: Json, salt: string): boolean =>
  thirtyTwoBytes.test(salt) && commit(value, salt).$personal === commitment.$personal

export const isCommitment = (value: Json): value is Commitment =>
  isJsonObject(value) &&
  Object.keys(value).length === 1 &&
  typeof value['$personal'] === 'string' &&
  thirtyTwoBytes.test(value['$personal'])

/**
 * Takes the personal values out of an entry's data. Pointers to nothing are passed over (one list serves all entries of a
 * type). Throws `UnsealableError` for a pointer that is not one, pointers inside one another, a pointer to the whole data,
 * and data that already holds `$personal` or `$erased`: nobody may write what a reader would take for a commitment.
 */
export function withdrawPersonal(
  data: JsonObject,
  pointers: readonly string[],
  salt: () => string = freshSalt,
): { readonly data: JsonObject; readonly values: PersonalValues } {
  for (const pointer of pointers) {
    if (!/^(\/([^~/]|~[01])*)+$/.test(pointer))
      throw new UnsealableError(pointer, 'is not a pointer into the data')
    const around = pointers.find((other) => pointer.startsWith(`${other}/`))
    if (around !== undefined)
      throw new UnsealableError(pointer, `lies inside ${around}, which is personal already`)
  }
  refuseMarkers(data, [])
  const withdrawn: [string, PersonalValue][] = []
  const kept = mapMembers(data, [], function visit(value, steps): Json {
    const pointer = jsonPointer(steps)
    if (!pointers.includes(pointer)) return mapChildren(value, steps, visit)
    const personal = { value, salt: salt() }
    withdrawn.push([pointer, personal])
    return commit(personal.value, personal.salt)
  })
  // fromEntries defines members, so that one called __proto__ stays a member.
  return { data: kept, values: Object.fromEntries(withdrawn) }
}

/**
 * The data as a reader may see it: values in place of commitments, `{"$erased": true}` where there is none to show. Whether
 * a value still opens its commitment is what the verification of the journal says; a page does not ask for it.
 */
export const restorePersonal = (data: JsonObject, values: PersonalValues): JsonObject =>
  mapMembers(data, [], function visit(value, steps): Json {
    if (!isCommitment(value)) return mapChildren(value, steps, visit)
    const personal = personalAt(values, jsonPointer(steps))
    return personal === undefined || personal === 'erased' ? erased : personal.value
  })

/** The commitments in an entry's data, each with its pointer. */
export function commitmentsIn(data: JsonObject): readonly (readonly [string, Commitment])[] {
  const found: (readonly [string, Commitment])[] = []
  const trail: string[] = []
  const visit = (value: Json, step: string): void => {
    if (typeof value !== 'object' || value === null) return
    trail.push(step)
    if (isCommitment(value)) found.push([jsonPointer(trail), value])
    else for (const [key, member] of Object.entries(value)) visit(member, key)
    trail.pop()
  }
  for (const [key, member] of Object.entries(data)) visit(member, key)
  return found
}

export const personalAt = (values: PersonalValues, pointer: string): PersonalValue | 'erased' | undefined =>
  Object.hasOwn(values, pointer) ? values[pointer] : undefined

type Visit = (value: Json, steps: readonly (string | number)[]) => Json

const mapMembers = (object: JsonObject, steps: readonly (string | number)[], visit: Visit): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, member]) => [key, visit(member, [...steps, key])]))

function mapChildren(value: Json, steps: readonly (string | number)[], visit: Visit): Json {
  if (Array.isArray(value)) return value.map((item: Json, index) => visit(item, [...steps, index]))
  return isJsonObject(value) ? mapMembers(value, steps, visit) : value
}

function refuseMarkers(value: Json, steps: readonly (string | number)[]): Json {
  if (isJsonObject(value) && !isPlain(value))
    throw new UnsealableError(jsonPointer(steps), 'is an instance of a class, not a plain object')
  if (isJsonObject(value) && (Object.hasOwn(value, '$personal') || Object.hasOwn(value, '$erased')))
    throw new UnsealableError(
      jsonPointer(steps),
      'holds a member named $personal or $erased, which only the journal writes',
    )
  return mapChildren(value, steps, refuseMarkers)
}
