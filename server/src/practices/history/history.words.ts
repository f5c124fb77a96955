import type { JournalChange, JournalEntryView, JournalRow } from '@evenkeel/contract/journal'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import {
  commitmentsIn,
  personalAt,
  restorePersonal,
  type PersonalValues,
} from '../../kernel/evidence/commitment.ts'
import { isGerman } from '../../kernel/language/saying.ts'
import { germanEndings, germanFields } from './history.fields.de.ts'
import { says } from './history.reasons.ts'
import { described } from '../incident/index.ts'

/** An entry as it is stored, with what this reader may know of it. */
export type Found = {
  readonly type: string
  readonly subject_kind: string
  readonly data: JsonObject
  readonly personal: PersonalValues | null
  /** May the personal values be shown? */
  readonly opens: boolean
  /** May the internal side of its incident? */
  readonly internal: boolean
}

export type Names = ReadonlyMap<string, string>

type Reading = { readonly language: string; readonly names: Names }

export type Words = Pick<JournalRow, 'sentence' | 'changes' | 'personal'> &
  Pick<JournalEntryView, 'body' | 'details'>

/** One entry in words; pure. What may not be shown was taken out of `data` before anything is put into words. */
export const wordsOf = (found: Found, names: Names, language: string): Words => {
  const reader: Reading = { language, names }
  const personal = personalOf(found)
  // Without the values, every commitment reads as erased: nothing below can say more than it was given.
  const data = restorePersonal(found.data, found.opens ? (found.personal ?? {}) : {})
  const gone = says(personal === 'withheld' ? 'withheld' : 'erased').in(language)
  if (found.subject_kind === 'incident') {
    const { sentence, changes, body } = described({ type: found.type, data }, names, found.internal, language)
    const said = new Set(['changes', 'body', 'sentence', 'action'])
    return {
      sentence,
      changes: changes.map(({ field, from, to }) => ({ field: fieldIn(language, field), from, to })),
      body,
      personal,
      details: found.internal ? detailsOf(data, reader, gone, said) : [],
    }
  }
  return {
    sentence: null,
    changes: changesOf(data, reader, gone),
    body: null,
    personal,
    details: detailsOf(data, reader, gone, new Set(['changes'])),
  }
}

const personalOf = ({ data, personal, opens }: Found): JournalRow['personal'] => {
  const commitments = commitmentsIn(data)
  if (commitments.length === 0) return 'none'
  if (!opens) return 'withheld'
  const known = commitments.every(([pointer]) => {
    const value = personalAt(personal ?? {}, pointer)
    return value !== undefined && value !== 'erased'
  })
  return known ? 'shown' : 'erased'
}

const changesOf = (data: JsonObject, reader: Reading, gone: string): JournalChange[] => {
  const { changes } = data
  if (!isJsonObject(changes)) return []
  return Object.entries(changes).map(([field, change]) =>
    isJsonObject(change) && !isGone(change) && ('from' in change || 'to' in change)
      ? {
          field: fieldIn(reader.language, plain(field)),
          from: shown(change['from'] ?? null, reader, gone),
          to: shown(change['to'] ?? null, reader, gone),
        }
      : { field: fieldIn(reader.language, plain(field)), from: null, to: shown(change, reader, gone) },
  )
}

const detailsOf = (
  data: JsonObject,
  reader: Reading,
  gone: string,
  said: ReadonlySet<string>,
): { field: string; value: string }[] =>
  Object.entries(data).flatMap(([field, value]) => {
    if (said.has(field)) return []
    const word = field === 'reason' && typeof value === 'string' ? germanEndings.get(value) : undefined
    const text = word !== undefined && isGerman(reader.language) ? word : shown(value, reader, gone)
    return text === null ? [] : [{ field: fieldIn(reader.language, plain(field)), value: text }]
  })

const fieldIn = (language: string, field: string): string =>
  isGerman(language) ? (germanFields.get(field) ?? field) : field

/** `team_id` and `teamId` are the team. */
const plain = (field: string): string =>
  field
    .replace(/(_id|Id)s?$/, '')
    .replaceAll('_', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const isGone = (value: JsonObject): boolean => value['$erased'] === true

const longest = 2000

const shown = (value: Json, reader: Reading, gone: string): string | null => {
  const { language, names } = reader
  if (value === null) return null
  if (typeof value === 'string') return names.get(value) ?? value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return says(value ? 'yes' : 'no').in(language)
  if (isJsonObject(value) && isGone(value)) return gone
  if (Array.isArray(value) && value.every((item: Json) => typeof item !== 'object' || item === null))
    return value.map((item: Json) => shown(item, reader, gone) ?? says('none').in(language)).join(', ')
  const text = JSON.stringify(named(value, names, gone))
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

const named = (value: Json, names: Names, gone: string): Json => {
  if (typeof value === 'string') return names.get(value) ?? value
  if (Array.isArray(value)) return value.map((item: Json) => named(item, names, gone))
  if (!isJsonObject(value)) return value
  if (isGone(value)) return gone
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, names, gone)]))
}
