import type { Hash } from './merkle.ts'
import {
  fromBase64,
  openNote,
  parseNote,
  signNote,
  type NoteFault,
  type SigningKey,
  type VerifierKey,
} from './note.ts'

/** The head of a log at one size (https://c2sp.org/tlog-checkpoint): whoever keeps it can later tell whether the log was rewritten. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash }

export type VerifiedCheckpoint = {
  readonly ok: true
  readonly checkpoint: Checkpoint
  readonly signedBy: readonly VerifierKey[]
}

/** The identity of a tenant's journal, and the name its keys go by. */
export const originOf = (tenant: string): string => `evenkeel/${tenant}`

/** Signs a head under its origin's name. Throws `TypeError` for a head that is none. */
export const signCheckpoint = (checkpoint: Checkpoint, key: SigningKey): string =>
  signNote(checkpointText(checkpoint), checkpoint.origin, key)

/** Checks form and signatures. Any of the keys will do: old heads stay verifiable after the key has rotated. */
export function verifyCheckpoint(note: string, keys: readonly VerifierKey[]): VerifiedCheckpoint | NoteFault {
  const opened = openNote(note, keys)
  if (!opened.ok) return opened
  const checkpoint = checkpointFrom(opened.text)
  if (checkpoint === null)
    return { ok: false, why: 'malformed', words: 'the note is signed, but its text is not a checkpoint' }
  return { ok: true, checkpoint, signedBy: opened.signedBy }
}

/** Reads a head without checking its signature: for one that is trusted because of where it was kept. Null where malformed. */
export function parseCheckpoint(note: string): Checkpoint | null {
  const parsed = parseNote(note)
  return parsed === null ? null : checkpointFrom(parsed.text)
}

function checkpointText({ origin, size, root }: Checkpoint): string {
  if (!Number.isSafeInteger(size) || size < 0) throw new TypeError(`${size} is not the size of a tree`)
  if (root.length !== 32) throw new TypeError('a root has 32 bytes')
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
}

function checkpointFrom(text: string): Checkpoint | null {
  const [origin = '', size = '', encoded = '', ...extensions] = text.slice(0, -1).split('\n')
  const root = fromBase64(encoded)
  if (origin === '' || extensions.includes('') || root?.length !== 32) return null
  if (!/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size))) return null
  return { origin, size: Number(size), root }
}
