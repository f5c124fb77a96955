import type { JournalEntry } from './leaf.ts'

/** What is wrong with a journal, one line per kind: the sentence a person reads first. */
export const faultKinds = {
  edited: 'the content of an entry is not what was sealed',
  deleted: 'entries are missing from the middle',
  inserted: 'an entry was put in that was never sealed there',
  reordered: 'entries do not stand in the order in which they were sealed',
  duplicated: 'an entry appears a second time',
  truncated: 'the last entries are missing',
  rewritten: 'entries and their stored hashes were both changed after sealing',
  rebuilt: 'this is not the journal whose head was kept outside',
  wrong_signature: 'the signature of a head is wrong',
  unknown_key: 'a head is signed by a key that is not accepted',
  bad_head: 'a head is malformed or does not belong where it stands',
  unsigned: 'no signed head covers the last entries',
  personal_changed: 'a personal value is not the one that was sealed',
  unreadable: 'a line or an entry cannot be read',
} as const

export type FaultKind = keyof typeof faultKinds

/** The first thing found wrong. Entries are counted from 0. */
export type Fault = {
  readonly kind: FaultKind
  /** The first bad entry. */
  readonly first: number
  /** The last entry concerned: beyond `first` where the evidence points to a span and not to one entry. */
  readonly last: number
  /** One sentence in plain words, with numbers. */
  readonly words: string
  /** The entry found at the place, so that a person can find the record. */
  readonly entry?: Pick<JournalEntry, 'id' | 'at' | 'type' | 'subject'>
  /** JSON pointer of the personal value concerned. */
  readonly pointer?: string
  /** Line of the file concerned, from 1. */
  readonly line?: number
}

export function fault(
  kind: FaultKind,
  [first, last]: readonly [number, number],
  words: string,
  found?: JournalEntry | null,
): Fault {
  const span = { kind, first, last: Math.max(first, last), words }
  if (found === undefined || found === null) return span
  const { id, at, type, subject } = found
  return { ...span, entry: { id, at, type, subject } }
}

/** "entry 4" or "entries 4 to 9", with a verb that agrees. */
export const entriesInWords = (
  first: number,
  last: number,
  [one, many]: readonly [string, string] = ['', ''],
): string => (first >= last ? `entry ${first} ${one}` : `entries ${first} to ${last} ${many}`).trimEnd()

export const counted = (entries: number): string => (entries === 1 ? '1 entry' : `${entries} entries`)
