import { originOf, parseCheckpoint, type Checkpoint } from './checkpoint.ts'
import { withdrawPersonal, type PersonalValues } from './commitment.ts'
import type { JournalEntry } from './leaf.ts'
import { emptyFrontier, hexOf, leafHashOf } from './merkle.ts'
import { newSigningKey, signingKey, verifierKey, type SigningKey, type VerifierKey } from './note.ts'
import { sealBatch } from './seal.ts'
import type { JournalItem, SealedEntry } from './sealed-journal.ts'

// A sealed journal to attack: for tests and for measuring.

export type ExampleJournal = {
  readonly tenant: string
  readonly known: VerifierKey
  readonly items: readonly JournalItem[]
  /** The heads as somebody outside would have kept them. */
  readonly heads: readonly Checkpoint[]
}

export const exampleTenant = exampleUuid('tenant', 0)
export const exampleKey: SigningKey = signingKey(newSigningKey().privateKeyPem)

/** A journal sealed in batches of these sizes. `story` changes every entry; every third has personal values. */
export function exampleJournal(
  batches: readonly number[],
  { key = exampleKey, tenant = exampleTenant, story = 'first' } = {},
): ExampleJournal {
  let frontier = emptyFrontier
  const items: JournalItem[] = []
  const heads: Checkpoint[] = []
  for (const size of batches) {
    const drafts = Array.from({ length: size }, (_, index) =>
      exampleEntry(frontier.size + index, tenant, story),
    )
    const batch = sealBatch(
      frontier,
      drafts.map(({ entry }) => entry),
      key,
    )
    for (const [index, { entry, leafHash }] of batch.entries.entries()) {
      const personal = drafts[index]?.personal ?? {}
      const line = { kind: 'entry', seq: entry.seq, leafHash: hexOf(leafHash), entry } as const
      items.push(Object.keys(personal).length === 0 ? line : { ...line, personal })
    }
    items.push({ kind: 'head', checkpoint: batch.checkpoint })
    const head = parseCheckpoint(batch.checkpoint)
    if (head !== null) heads.push(head)
    frontier = batch.frontier
  }
  return { tenant, known: verifierKey(originOf(tenant), key.publicKey), items, heads }
}

/** An entry with plausible content, not numbered yet, and its personal values. */
export function exampleEntry(
  number: number,
  tenant: string = exampleTenant,
  story = 'first',
): { readonly entry: Omit<JournalEntry, 'seq'>; readonly personal: PersonalValues } {
  let salts = 0
  const { data, values } = withdrawPersonal(
    {
      note: `${story} ${number}: the printer on ward ${number % 9} "jams" — again`,
      state: { from: 'new', to: number % 2 === 0 ? 'in_progress' : 'on_hold' },
      minutes: number / 4,
      ...(number % 3 === 0 ? { requester: { name: `Person ${number}`, phone: null } } : {}),
    },
    ['/requester/name', '/requester/phone'],
    () => {
      salts += 1
      return Buffer.from(leafHashOf(`salt ${story} ${number} ${salts}`)).toString('base64url')
    },
  )
  return {
    entry: {
      v: 1,
      tenant,
      id: exampleUuid(`${story} entry`, number),
      at: new Date(Date.UTC(2026, 4, 3) + number * 1000).toISOString(),
      actor: { kind: 'person', id: exampleUuid('person', number % 7), onBehalfOf: null, via: 'web' },
      subject: { kind: 'incident', id: exampleUuid('incident', number % 50) },
      type: 'incident.state_changed',
      data,
      cause: number === 0 ? null : exampleUuid(`${story} entry`, number - 1),
      request: `request-${number}`,
    },
    personal: values,
  }
}

export const entriesOf = (items: readonly JournalItem[]): readonly SealedEntry[] =>
  items.filter((item) => item.kind === 'entry')

function exampleUuid(what: string, number: number): string {
  const digits = hexOf(leafHashOf(`${what} ${number}`))
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`
}
