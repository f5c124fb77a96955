import { UnsealableError } from './canonical-json.ts'
import { originOf, verifyCheckpoint, type Checkpoint } from './checkpoint.ts'
import { commitmentsIn, opens, personalAt, type PersonalValues } from './commitment.ts'
import {
  contradictedByHead,
  misplacedEntry,
  missingBeforeHead,
  truncated,
  type Ahead,
  type Place,
} from './diagnosis.ts'
import { counted, entriesInWords, fault, type Fault } from './fault.ts'
import { leafText, type JournalEntry } from './leaf.ts'
import { appended, emptyFrontier, hexOf, leafHashOf, rootOf, sameHash, type Hash } from './merkle.ts'
import type { VerifierKey } from './note.ts'
import type { JournalItem, SealedEntry } from './sealed-journal.ts'

export type VerifyOptions = {
  readonly tenant: string
  /** The keys whose signatures count; several while keys rotate. */
  readonly keys: readonly VerifierKey[]
  /** Heads kept outside the system. Trusted for where they were kept: their signatures are not asked for. */
  readonly trustedHeads?: readonly Checkpoint[]
}

export type Verdict = SoundJournal | { readonly ok: false; readonly fault: Fault }

export type SoundJournal = {
  readonly ok: true
  readonly size: number
  /** Root of the Merkle tree over all sealed entries, hex. */
  readonly root: string
  readonly heads: number
  /** Keys that signed heads, as name+id. */
  readonly keys: readonly string[]
  /** Entries written and not sealed yet: reported, not a fault. */
  readonly unsealed: number
  readonly personal: { readonly opened: number; readonly erased: number; readonly withheld: number }
  /** Size of the largest head from outside that the journal was held against; null where none was given. */
  readonly heldAgainst: number | null
}

const remembered = 4_096

/**
 * Verifies a journal from its first entry to its last: each entry against its stored hash, the stored hashes against the
 * signed heads, and both against heads kept outside. Reads once, and what it keeps does not grow with the journal. Stops
 * at the first fault; what follows is then only searched for what tells a deletion from a reordering.
 *
 * What the stored hashes contradict is named to the entry. Where somebody recomputed the stored hashes too, the heads still
 * contradict them, and the fault names the entries between the last good head and the first that fails. A missing tail that
 * took its heads along, and a rebuild by the holder of a key, show only against a head from outside.
 *
 * Rejects only where `items` does.
 */
export async function verifyJournal(
  items: AsyncIterable<JournalItem> | Iterable<JournalItem>,
  { tenant, keys, trustedHeads = [] }: VerifyOptions,
): Promise<Verdict> {
  const origin = originOf(tenant)
  const stranger = trustedHeads.find((head) => head.origin !== origin)
  if (stranger !== undefined)
    return {
      ok: false,
      fault: fault('bad_head', [0, 0], `the head kept outside is of ${stranger.origin}, not of ${origin}`),
    }

  const trusted = trustedHeads.toSorted((a, b) => a.size - b.size)
  const signers = new Set<string>()
  const personal = { opened: 0, erased: 0, withheld: 0 }
  let frontier = emptyFrontier
  /** Leaf hashes of the last entries, so that a copy of one of them is recognized. */
  const recent: string[] = []
  let signed = 0
  /** Entries below this number are vouched for by a head from outside. */
  let held = 0
  let heads = 0
  let unsealed = 0

  const place = (): Place => ({ tenant, expected: frontier.size, signed, recent: recall })
  const reader = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  try {
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) {
      const found = await take(next.value)
      if (found !== null) return { ok: false, fault: found }
    }
  } finally {
    await reader.return?.()
  }
  const found = holdAgainstTrusted() ?? missingAtEnd()
  if (found !== null) return { ok: false, fault: found }
  return {
    ok: true,
    size: frontier.size,
    root: hexOf(rootOf(frontier)),
    heads,
    keys: [...signers],
    unsealed,
    personal,
    heldAgainst: trustedHeads.length === 0 ? null : held,
  }

  function take(item: JournalItem): Fault | null | Promise<Fault | null> {
    if (item.kind === 'entry') return holdAgainstTrusted() ?? takeEntry(item)
    if (item.kind === 'head') return takeHead(item.checkpoint)
    unsealed += item.count
    return null
  }

  function takeEntry(line: SealedEntry): Fault | null | Promise<Fault> {
    const expected = frontier.size
    const { entry } = line
    const sealedHere = entry?.seq === expected && line.seq === expected && entry.tenant === tenant
    if (!sealedHere) return misplacedEntry(line, place(), ahead)
    let leaf: Hash
    try {
      leaf = leafHashOf(line.text ?? leafText(entry))
    } catch (error) {
      if (!(error instanceof UnsealableError)) throw error
      return fault(
        'unreadable',
        [expected, expected],
        `entry ${expected} has no canonical form: ${error.message}`,
      )
    }
    if (hexOf(leaf) !== line.leafHash) return misplacedEntry(line, place(), ahead)

    frontier = appended(frontier, [leaf])
    remember(line.leafHash)
    return takePersonal(entry, line.personal ?? {})
  }

  function remember(hash: string): void {
    recent.push(hash)
    if (recent.length >= 2 * remembered) recent.splice(0, remembered)
  }

  function recall(seq: number): string | undefined {
    return recent[seq - (frontier.size - recent.length)]
  }

  function takePersonal(entry: JournalEntry, values: PersonalValues): Fault | null {
    const here = [entry.seq, entry.seq] as const
    const pointers = new Set<string>()
    for (const [pointer, commitment] of commitmentsIn(entry.data)) {
      pointers.add(pointer)
      const value = personalAt(values, pointer)
      if (value === undefined) personal.withheld += 1
      else if (value === 'erased') personal.erased += 1
      else if (opens(commitment, value.value, value.salt)) personal.opened += 1
      else
        return {
          ...fault(
            'personal_changed',
            here,
            `the personal value of entry ${entry.seq} at ${pointer} does not open its commitment`,
            entry,
          ),
          pointer,
        }
    }
    for (const pointer of Object.keys(values))
      if (!pointers.has(pointer))
        return {
          ...fault(
            'personal_changed',
            here,
            `entry ${entry.seq} comes with a personal value for ${pointer}, where none was sealed`,
            entry,
          ),
          pointer,
        }
    return null
  }

  function takeHead(note: string): Fault | null | Promise<Fault> {
    const size = frontier.size
    const unvouched = [signed, size - 1] as const
    const head = verifyCheckpoint(note, keys)
    if (!head.ok) {
      const kind = head.why === 'malformed' ? 'bad_head' : head.why
      return fault(kind, unvouched, `the head after ${counted(size)} is not good: ${head.words}`)
    }
    const { checkpoint } = head
    if (checkpoint.origin !== origin)
      return fault(
        'bad_head',
        unvouched,
        `the head after ${counted(size)} is of ${checkpoint.origin}, not of ${origin}`,
      )
    if (checkpoint.size > size) return missingBeforeHead(checkpoint.size, place(), ahead)
    if (checkpoint.size < size)
      return fault(
        'bad_head',
        [checkpoint.size, size - 1],
        `the head for ${counted(checkpoint.size)} stands after ${size}`,
      )
    if (!sameHash(checkpoint.root, rootOf(frontier))) return contradictedByHead(place(), ahead)
    signed = size
    heads += 1
    for (const { name, id } of head.signedBy) signers.add(`${name}+${id}`)
    return null
  }

  /** Compares with heads from outside, once every stored head of the same size has been seen. */
  function holdAgainstTrusted(): Fault | null {
    for (let head = trusted[0]; head !== undefined && head.size === frontier.size; head = trusted[0]) {
      if (!sameHash(head.root, rootOf(frontier))) {
        const span = entriesInWords(held, head.size - 1, ['does', 'do'])
        const words = `${span} not lead to the head kept outside for ${counted(head.size)}`
        return signed > held
          ? fault('rebuilt', [held, head.size - 1], `${words}, though the signed heads stored here fit them`)
          : fault('rewritten', [held, head.size - 1], words)
      }
      held = head.size
      trusted.shift()
    }
    return null
  }

  function missingAtEnd(): Fault | null {
    const size = frontier.size
    const beyond = trusted.at(-1)
    if (beyond !== undefined)
      return truncated(beyond.size, `the head kept outside covers ${counted(beyond.size)}`, place())
    // Numbers and their head are stored in one transaction: entries without one lost it, or came by another hand.
    const vouched = Math.max(signed, held)
    return vouched < size
      ? fault('unsigned', [vouched, size - 1], `no signed head covers ${entriesInWords(vouched, size - 1)}`)
      : null
  }

  async function ahead(wanted: Parameters<Ahead>[0]): Promise<SealedEntry | null> {
    for (let next = await remaining(); next.done !== true; next = await remaining())
      if (next.value.kind === 'entry' && wanted(next.value)) return next.value
    return null
  }

  /** What follows a fault. Where it cannot be read, nothing does: the fault that was found first stands. */
  async function remaining(): Promise<IteratorResult<JournalItem>> {
    try {
      return await reader.next()
    } catch {
      return { done: true, value: undefined }
    }
  }
}
