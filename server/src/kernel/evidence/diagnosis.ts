import { UnsealableError } from './canonical-json.ts'
import { counted, entriesInWords, fault, type Fault } from './fault.ts'
import { leafHash, type JournalEntry } from './leaf.ts'
import { hexOf } from './merkle.ts'
import type { SealedEntry } from './sealed-journal.ts'

// What stands at a place is not what was sealed there. These functions say what happened to it, from what the attacker left
// behind: an entry that was moved still has the hash of its old number, and one that was deleted is found nowhere after.

/** Where the verification stands. */
export type Place = {
  readonly tenant: string
  /** Number of the entry that belongs here: as many as were found good. */
  readonly expected: number
  /** Leaf hash (hex) of an entry shortly before this place; undefined where it is no longer known. */
  readonly recent: (seq: number) => string | undefined
  /** Entries below this number are vouched for by a good signed head. */
  readonly signed: number
}

/** Searches what follows for an entry; null where there is none. What it passes is consumed. */
export type Ahead = (wanted: (line: SealedEntry) => boolean) => Promise<SealedEntry | null>

/** How far around its place the sealed number of a displaced entry is looked for. */
const reach = 512

/** A line that is not simply the expected entry as it was sealed. */
export async function misplacedEntry(line: SealedEntry, place: Place, ahead: Ahead): Promise<Fault> {
  const { seq, entry } = line
  const { expected } = place
  const here = [expected, expected] as const

  if (seq !== expected && entry !== null && sealedNumber(line) === expected)
    return fault('edited', here, `the number of entry ${expected} was changed to ${seq}`, entry)
  if (seq > expected)
    return absentEntries([expected, seq - 1], `entry ${seq} stands in that place`, entry, ahead)
  if (seq < expected) {
    const known = place.recent(seq)
    if (known === undefined || known === line.leafHash) return duplicated(seq, place, entry)
    // Below a good head the first of the two is the sealed one.
    const first = seq < place.signed ? expected : seq
    return fault('inserted', [first, first], `two different entries carry the number ${seq}`, entry)
  }
  if (entry === null) return fault('deleted', here, `entry ${seq} was sealed, and its content is gone`)
  const sealedAs = sealedNumber(line)
  if (sealedAs === seq && entry.seq === seq)
    return fault('inserted', here, `entry ${seq} belongs to the journal of tenant ${entry.tenant}`, entry)
  if (sealedAs === null || sealedAs === seq)
    return fault(
      'edited',
      here,
      `the content of entry ${seq} does not have the hash that was stored when it was sealed`,
      entry,
    )
  if (sealedAs > seq)
    return absentEntries(
      [seq, sealedAs - 1],
      `the entry sealed as ${sealedAs} stands in that place`,
      entry,
      ahead,
    )
  // Below a good head nothing can have been put in: there, the entry that stands here is the copy.
  return sealedAs < place.signed || place.recent(sealedAs) === line.leafHash
    ? duplicated(sealedAs, place, entry)
    : insertedBefore(line, sealedAs, entry)
}

/** A good head covers `size` entries, and fewer came before it. */
export async function missingBeforeHead(size: number, place: Place, ahead: Ahead): Promise<Fault> {
  const { expected } = place
  const head = `a signed head covers ${counted(size)}`
  const following = await ahead(() => true)
  if (following === null) return truncated(size, head, place)
  if (following.seq > expected)
    return absentEntries(
      [expected, Math.min(following.seq, size) - 1],
      `${head}, and entry ${following.seq} follows`,
      following.entry,
      ahead,
    )
  return fault(
    'bad_head',
    [expected, expected],
    `${head}, and stands before entry ${expected}`,
    following.entry,
  )
}

/** The journal ends before the entries that a head vouches for. */
export function truncated(size: number, head: string, { expected, signed }: Place): Fault {
  const doubt =
    signed < expected ? `; of what is left, no head vouches for ${entriesInWords(signed, expected - 1)}` : ''
  return fault(
    'truncated',
    [expected, size - 1],
    `the journal ends after ${counted(expected)}, and ${head}${doubt}`,
  )
}

/** The entries agree with their stored hashes, and these do not lead to a good head of the same size. */
export async function contradictedByHead(place: Place, ahead: Ahead): Promise<Fault> {
  const { expected: size, signed } = place
  // An entry put in as the last before the head shifts only what comes after the head.
  const shifted = await ahead((line) => sealedNumber(line) !== line.seq)
  const sealedAs = shifted === null ? null : sealedNumber(shifted)
  if (
    shifted !== null &&
    shifted.entry !== null &&
    sealedAs !== null &&
    sealedAs >= signed &&
    sealedAs < size
  )
    return insertedBefore(shifted, sealedAs, shifted.entry)
  if (signed === size)
    return fault('rewritten', [0, size - 1], `two signed heads for ${counted(size)} contradict one another`)
  const span = entriesInWords(signed, size - 1, ['does', 'do'])
  return fault(
    'rewritten',
    [signed, size - 1],
    `${span} not lead to the head that was signed for ${counted(size)}, though the stored hashes fit`,
  )
}

const duplicated = (seq: number, { expected }: Place, entry: JournalEntry | null): Fault =>
  fault(
    'duplicated',
    [expected, expected],
    `entry ${seq} appears again where entry ${expected} belongs`,
    entry,
  )

const insertedBefore = ({ seq }: SealedEntry, sealedAs: number, entry: JournalEntry): Fault =>
  fault(
    'inserted',
    [sealedAs, seq - 1],
    `${entriesInWords(sealedAs, seq - 1, ['was', 'were'])} put in before the entry sealed as ${sealedAs}, which now stands at ${seq}`,
    entry,
  )

/** Entries are not where they belong: they stand later, or nowhere. */
async function absentEntries(
  [first, last]: readonly [number, number],
  seen: string,
  found: JournalEntry | null,
  ahead: Ahead,
): Promise<Fault> {
  const later = await ahead((line) => line.seq === first || wasSealedAs(line, first))
  return later === null
    ? fault('deleted', [first, last], `${entriesInWords(first, last, ['is', 'are'])} missing: ${seen}`, found)
    : fault('reordered', [first, last], `entry ${first} stands later than it was sealed: ${seen}`, found)
}

/** The number that an entry carried when its hash was stored; null where none near its place fits: then the content changed. */
function sealedNumber(line: SealedEntry): number | null {
  if (line.entry === null) return null
  for (const seq of [line.entry.seq, line.seq]) if (wasSealedAs(line, seq)) return seq
  for (let distance = 1; distance <= reach; distance += 1)
    for (const seq of [line.seq + distance, line.seq - distance])
      if (seq >= 0 && wasSealedAs(line, seq)) return seq
  return null
}

function wasSealedAs({ entry, leafHash: stored }: SealedEntry, seq: number): boolean {
  if (entry === null) return false
  try {
    return hexOf(leafHash({ ...entry, seq })) === stored
  } catch (error) {
    if (error instanceof UnsealableError) return false
    throw error
  }
}
