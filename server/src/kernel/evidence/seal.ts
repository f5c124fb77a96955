import { originOf, signCheckpoint } from './checkpoint.ts'
import { leafHash, type JournalEntry } from './leaf.ts'
import { appended, rootOf, type Frontier, type Hash } from './merkle.ts'
import type { SigningKey } from './note.ts'

export type SealedBatch = {
  readonly entries: readonly { readonly entry: JournalEntry; readonly leafHash: Hash }[]
  readonly frontier: Frontier
  readonly root: Hash
  /** The signed head after this batch, as a note. Belongs into the same transaction as the numbers. */
  readonly checkpoint: string
}

/**
 * Gives the next dense numbers to entries of one tenant, in the order given, and signs the head that covers them. Work and
 * result grow with the batch, not with the journal. Throws `UnsealableError` for an entry without canonical form, and
 * `RangeError` for a batch that is empty or mixes tenants.
 */
export function sealBatch(
  frontier: Frontier,
  unsealed: readonly Omit<JournalEntry, 'seq'>[],
  key: SigningKey,
): SealedBatch {
  const tenant = unsealed[0]?.tenant
  if (tenant === undefined) throw new RangeError('a batch holds at least one entry')
  if (unsealed.some((entry) => entry.tenant !== tenant))
    throw new RangeError('a batch holds entries of one tenant')
  const entries = unsealed.map((content, index) => {
    const entry = { ...content, seq: frontier.size + index }
    return { entry, leafHash: leafHash(entry) }
  })
  const grown = appended(
    frontier,
    entries.map((sealed) => sealed.leafHash),
  )
  const root = rootOf(grown)
  return {
    entries,
    frontier: grown,
    root,
    checkpoint: signCheckpoint({ origin: originOf(tenant), size: grown.size, root }, key),
  }
}
