import type { JournalChange, JournalEntryView, JournalRow } from '@evenkeel/contract/journal'
import { isJsonObject, type Json, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import {
  commitmentsIn,
  personalAt,
  restorePersonal,
  type PersonalValues,
} from '../../kernel/evidence/commitment.ts'
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

export type Words = Pick<JournalRow, 'sentence' | 'changes' | 'personal'> &
  Pick<JournalEntryView, 'body' | 'details'>

const withheld = '(withheld)'
const erasedWord = '(erased)'

/** One entry in words; pure. What may not be shown was taken out of `data` before anything is put into words. */
export const wordsOf = (found: Found, names: Names): Words => {
  const personal = personalOf(found)
  // Without the values, every commitment reads as erased: nothing below can say more than it was given.
  const data = restorePersonal(found.data, found.opens ? (found.personal ?? {}) : {})
  const gone = personal === 'withheld' ? withheld : erasedWord
  if (found.subject_kind === 'incident') {
    const { sentence, changes, body } = described({ type: found.type, data }, names, found.internal)
    const said = new Set(['changes', 'body', 'sentence', 'action'])
    return {
      sentence,
      changes: changes.map(({ field, from, to }) => ({ field, from, to })),
      body,
      personal,
      details: found.internal ? detailsOf(data, names, gone, said) : [],
    }
  }
  return {
    sentence: null,
    changes: changesOf(data, names, gone),
    body: null,
    personal,
    details: detailsOf(data, names, gone, new Set(['changes'])),
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

const changesOf = (data: JsonObject, names: Names, gone: string): JournalChange[] => {
  const { changes } = data
  if (!isJsonObject(changes)) return []
  return Object.entries(changes).map(([field, change]) =>
    isJsonObject(change) && !isGone(change) && ('from' in change || 'to' in change)
      ? {
          field: plain(field),
          from: shown(change['from'] ?? null, names, gone),
          to: shown(change['to'] ?? null, names, gone),
        }
      : { field: plain(field), from: null, to: shown(change, names, gone) },
  )
}

const detailsOf = (
  data: JsonObject,
  names: Names,
  gone: string,
  said: ReadonlySet<string>,
): { field: string; value: string }[] =>
  Object.entries(data).flatMap(([field, value]) => {
    if (said.has(field)) return []
    const text = shown(value, names, gone)
    return text === null ? [] : [{ field: plain(field), value: text }]
  })

/** `team_id` and `teamId` are the team. */
const plain = (field: string): string =>
  field
    .replace(/(_id|Id)s?$/, '')
    .replaceAll('_', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const isGone = (value: JsonObject): boolean => value['$erased'] === true

const longest = 2000

const shown = (value: Json, names: Names, gone: string): string | null => {
  if (value === null) return null
  if (typeof value === 'string') return names.get(value) ?? value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (isJsonObject(value) && isGone(value)) return gone
  if (Array.isArray(value) && value.every((item: Json) => typeof item !== 'object' || item === null))
    return value.map((item: Json) => shown(item, names, gone) ?? 'none').join(', ')
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
