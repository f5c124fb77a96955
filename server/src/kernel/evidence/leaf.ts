import { canonicalJson, isJsonObject, UnsealableError, type Json, type JsonObject } from './canonical-json.ts'
import { leafHashOf, type Hash } from './merkle.ts'

/**
 * One journal entry as it is sealed: plain JSON, every field present, null where there is nothing to say. Whoever holds an
 * export can recompute the leaf from this and RFC 8785 alone.
 */
export type JournalEntry = {
  /** Version of this form. */
  readonly v: 1
  /** UUID. */
  readonly tenant: string
  /** Dense number within the tenant, from 0, given by the sealer. Part of the leaf, so that order is sealed with content. */
  readonly seq: number
  /** UUID (version 7). */
  readonly id: string
  /** RFC 3339 in UTC with milliseconds or microseconds: 2026-05-03T09:41:12.123Z. */
  readonly at: string
  readonly actor: {
    /** A lower-case word: person, key, agent, system and the like. */
    readonly kind: string
    /** UUID; null where nobody is known, as before sign-in. */
    readonly id: string | null
    /** UUID of the person somebody else acted for. */
    readonly onBehalfOf: string | null
    /** The way in: a lower-case word such as web, api, mail. */
    readonly via: string
  }
  readonly subject: { readonly kind: string; readonly id: string }
  /** Lower-case words joined by dots: incident.resolved. */
  readonly type: string
  /** What changed; personal values are commitments. */
  readonly data: JsonObject
  /** UUID of the entry that led to this one. */
  readonly cause: string | null
  /** Identifier of the request, up to 200 characters. */
  readonly request: string | null
}

/** The canonical text whose hash is the leaf. Throws `UnsealableError`. */
export const leafText = (entry: JournalEntry): string => canonicalJson(entry)

/** The hash that the tree holds for this entry. Throws `UnsealableError`. */
export const leafHash = (entry: JournalEntry): Hash => leafHashOf(leafText(entry))

/** Reads an entry from JSON. Throws `UnsealableError` naming the field: missing, unknown, or not of its form. */
export function journalEntry(value: Json): JournalEntry {
  const entry = fields(value, '', entryFields)
  if (entry['v'] !== 1) throw new UnsealableError('/v', 'is not 1, the only version known')
  const actor = fields(entry['actor'], '/actor', actorFields)
  const subject = fields(entry['subject'], '/subject', subjectFields)
  if (!isJsonObject(entry['data'])) throw new UnsealableError('/data', 'is not an object')
  // In the order of the canonical text, which is then written without sorting.
  return {
    actor: {
      id: orNull(actor['id'], '/actor/id', uuid),
      kind: text(actor['kind'], '/actor/kind', word),
      onBehalfOf: orNull(actor['onBehalfOf'], '/actor/onBehalfOf', uuid),
      via: text(actor['via'], '/actor/via', word),
    },
    at: instant(entry['at'], '/at'),
    cause: orNull(entry['cause'], '/cause', uuid),
    data: entry['data'],
    id: text(entry['id'], '/id', uuid),
    request: orNull(entry['request'], '/request', shortText),
    seq: wholeNumber(entry['seq'], '/seq'),
    subject: {
      id: text(subject['id'], '/subject/id', uuid),
      kind: text(subject['kind'], '/subject/kind', word),
    },
    tenant: text(entry['tenant'], '/tenant', uuid),
    type: text(entry['type'], '/type', dottedWords),
    v: 1,
  }
}

type Form = { readonly pattern: RegExp; readonly words: string }

const uuid: Form = { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, words: 'a UUID in lower case' }
// With a plus where two ways in were needed together: password+totp.
const word: Form = { pattern: /^[a-z][a-z0-9_+-]{0,99}$/, words: 'a lower-case word' }
const dottedWords: Form = {
  pattern: /^(?=.{1,200}$)[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$/,
  words: 'lower-case words joined by dots',
}
const shortText: Form = { pattern: /^.{1,200}$/su, words: 'a text of 1 to 200 characters' }
const utc: Form = {
  pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}(\d{3})?Z$/,
  words: 'an RFC 3339 time in UTC with 3 or 6 decimals',
}

const entryFields = ['v', 'tenant', 'seq', 'id', 'at', 'actor', 'subject', 'type', 'data', 'cause', 'request']
const actorFields = ['kind', 'id', 'onBehalfOf', 'via']
const subjectFields = ['kind', 'id']

function fields(value: Json | undefined, path: string, names: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw new UnsealableError(path, 'is not an object')
  for (const name of names)
    if (!Object.hasOwn(value, name)) throw new UnsealableError(`${path}/${name}`, 'is missing')
  for (const name of Object.keys(value))
    if (!names.includes(name)) throw new UnsealableError(`${path}/${name}`, 'is not a field of an entry')
  return value
}

function text(value: Json | undefined, path: string, form: Form): string {
  if (typeof value !== 'string' || !form.pattern.test(value))
    throw new UnsealableError(path, `is not ${form.words}`)
  return value
}

const orNull = (value: Json | undefined, path: string, form: Form): string | null =>
  value === null ? null : text(value, path, form)

function wholeNumber(value: Json | undefined, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new UnsealableError(path, 'is not a whole number from 0')
  return value
}

function instant(value: Json | undefined, path: string): string {
  const at = text(value, path, utc)
  const day = at.slice(0, 10)
  // The pattern lets 30 February pass, which the calendar would quietly read as 2 March.
  if (day.slice(8) > '28' && new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    throw new UnsealableError(path, 'is not a day of the calendar')
  return at
}
