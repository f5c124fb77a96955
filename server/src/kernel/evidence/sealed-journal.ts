import type { JournalEntry } from './leaf.ts'
import type { PersonalValues } from './commitment.ts'

/** One sealed entry as it is stored or exported: its number, the leaf hash stored when it was sealed (hex), and its content. */
export type SealedEntry = {
  readonly kind: 'entry'
  readonly seq: number
  readonly leafHash: string
  /** Null where the seal is there and the entry is not. */
  readonly entry: JournalEntry | null
  /** The canonical text of the entry, from a source that has it at hand; otherwise it is written anew. */
  readonly text?: string
  /** What is known of the personal values; a pointer that is missing was not handed out. */
  readonly personal?: PersonalValues
}

/** A signed head, as a note (see checkpoint.ts). Stands after the entries it covers. */
export type SealedHead = { readonly kind: 'head'; readonly checkpoint: string }

/** Entries that are written and not sealed yet. */
export type UnsealedBacklog = { readonly kind: 'unsealed'; readonly count: number }

export type JournalItem = SealedEntry | SealedHead | UnsealedBacklog

/**
 * Puts stored heads (with their sizes, ascending) among stored entries (by number, ascending): each head directly after the
 * entries it covers, or at the end when those are missing.
 */
export async function* inSealOrder(
  entries: AsyncIterable<SealedEntry> | Iterable<SealedEntry>,
  heads:
    | AsyncIterable<{ readonly size: number; readonly checkpoint: string }>
    | Iterable<{ readonly size: number; readonly checkpoint: string }>,
): AsyncGenerator<JournalItem> {
  const waiting = Symbol.asyncIterator in heads ? heads[Symbol.asyncIterator]() : heads[Symbol.iterator]()
  try {
    let next = await waiting.next()
    for await (const entry of entries) {
      for (; next.done !== true && next.value.size <= entry.seq; next = await waiting.next())
        yield { kind: 'head', checkpoint: next.value.checkpoint }
      yield entry
    }
    for (; next.done !== true; next = await waiting.next())
      yield { kind: 'head', checkpoint: next.value.checkpoint }
  } finally {
    await waiting.return?.()
  }
}
