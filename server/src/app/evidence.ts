import { createPublicKey } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { originOf, parseCheckpoint, type Checkpoint } from '../kernel/evidence/checkpoint.ts'
import { writeExport } from '../kernel/evidence/export-format.ts'
import type { Fault as JournalFault } from '../kernel/evidence/fault.ts'
import { signingKey, verifierKey, verifierKeyFromText, type VerifierKey } from '../kernel/evidence/note.ts'
import { verifyExport, type ExportVerdict } from '../kernel/evidence/verify-export.ts'
import { verifyJournal, type SoundJournal, type Verdict } from '../kernel/evidence/verify.ts'
import { storedJournal } from '../platform/journal/stored-journal.ts'
import { read, type Database, type Reader } from '../platform/postgres/database.ts'
import { OperatorFault } from './operator.ts'

export type Sound = SoundJournal
export type Fault = JournalFault

/** What was kept outside the instance, as files: heads, and public keys (PEM, or a line `name+id+key`). */
export type Outside = { readonly heads: readonly string[]; readonly keys: readonly string[] }

/** Every page of a journal is read at one moment: a sealer that goes on working must not look like a fault. */
const atOneMoment = <T>(database: Database, tenantId: string, work: (q: Reader) => Promise<T>): Promise<T> =>
  read(database, tenantId, async (q) => {
    await q.rows({ text: 'set transaction isolation level repeatable read', values: [] })
    return work(q)
  })

/**
 * Verifies a tenant's journal where it is stored.
 * @param instanceKeys PEM files of the instance's own keys, as far as they are there
 */
export const verifyStored = async (
  database: Database,
  tenantId: string,
  instanceKeys: readonly string[],
  outside: Outside,
): Promise<Verdict> => {
  const origin = originOf(tenantId)
  const keys = [
    ...(await keysFrom(outside.keys, origin)),
    ...(await keysFrom(instanceKeys, origin, 'if there')),
  ]
  const trustedHeads = await headsFrom(outside.heads)
  return atOneMoment(database, tenantId, (q) =>
    verifyJournal(storedJournal(q), { tenant: tenantId, keys, trustedHeads }),
  )
}

/** Verifies an exported journal; needs no instance. Without keys from outside, the file is held against its own. */
export const verifyFile = async (file: string, outside: Outside): Promise<ExportVerdict> => {
  const trustedHeads = await headsFrom(outside.heads)
  // A key is bound to the journal it signs, so the name is needed before the file is verified.
  const origin = outside.keys.length === 0 ? '' : originOf(await tenantOfExport(file))
  const keys = await keysFrom(outside.keys, origin)
  return verifyExport(createReadStream(file), { trustedHeads, ...(keys.length === 0 ? {} : { keys }) })
}

const tenantOfExport = async (file: string): Promise<string> => {
  let line = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', end: 65_536 })) line += String(chunk)
  return /"tenant":"([0-9a-f-]{36})"/.exec(line.split('\n', 1)[0] ?? '')?.[1] ?? ''
}

/** The newest signed head of a tenant, to be kept where nobody who reaches the database reaches it; null before the first. */
export const newestHead = (database: Database, tenantId: string): Promise<string | null> =>
  read(database, tenantId, async (q) => {
    const head = await q.maybe<{ checkpoint: string }>({
      text: 'select checkpoint from journal_head where tenant_id = $1 order by size desc limit 1',
      values: [tenantId],
    })
    return head?.checkpoint ?? null
  })

/** Writes a tenant's journal to a file, whole or not at all. Returns how many entries and heads it holds. */
export const exportJournal = async (
  database: Database,
  tenantId: string,
  keyFile: string,
  file: string,
): Promise<{ entries: number; heads: number }> => {
  const publicKeys = await keysFrom([keyFile], originOf(tenantId), 'if there')
  const counts = { entries: 0, heads: 0 }
  const draft = `${file}.partial`
  // Personal values are in it: for its owner's eyes.
  const output = await open(draft, 'wx', 0o600)
  try {
    await atOneMoment(database, tenantId, async (q) => {
      for await (const line of writeExport(
        { tenant: tenantId, publicKeys },
        counting(storedJournal(q), counts),
      ))
        await output.write(line)
    })
    await output.sync()
    await output.close()
    await rename(draft, file)
  } catch (error) {
    await output.close().catch(() => {})
    await rm(draft, { force: true })
    throw error
  }
  return counts
}

async function* counting<T extends { readonly kind: string }>(
  items: AsyncIterable<T>,
  counts: { entries: number; heads: number },
): AsyncGenerator<T> {
  for await (const item of items) {
    if (item.kind === 'entry') counts.entries += 1
    if (item.kind === 'head') counts.heads += 1
    yield item
  }
}

const headsFrom = (files: readonly string[]): Promise<Checkpoint[]> =>
  Promise.all(
    files.map(async (file) => {
      const head = parseCheckpoint(await readFile(file, 'utf8'))
      if (head === null) throw new OperatorFault(`${file} holds no head of a journal.`)
      return head
    }),
  )

/** Keys under the name of the journal they sign: from private or public PEM, or from the line that verifiers exchange. */
const keysFrom = async (
  files: readonly string[],
  origin: string,
  whether: 'all' | 'if there' = 'all',
): Promise<VerifierKey[]> => {
  const keys = await Promise.all(
    files.map(async (file) => {
      let text: string
      try {
        text = await readFile(file, 'utf8')
      } catch (error) {
        if (whether === 'if there' && error instanceof Error && 'code' in error && error.code === 'ENOENT')
          return []
        throw error
      }
      return publicKeysIn(text, origin, file)
    }),
  )
  return keys.flat()
}

/** The instance's own keys under the name of a tenant's journal, as far as their files are there. */
export const instanceKeys = (tenantId: string, files: readonly string[]): Promise<VerifierKey[]> =>
  keysFrom(files, originOf(tenantId), 'if there')

const publicKeysIn = (text: string, origin: string, file: string): VerifierKey[] => {
  try {
    if (text.includes('PRIVATE KEY')) return [verifierKey(origin, signingKey(text).publicKey)]
    if (text.includes('BEGIN'))
      return [...text.matchAll(/-----BEGIN[^]+?-----END[^\n]+/g)].map(([pem]) =>
        verifierKey(origin, createPublicKey(pem)),
      )
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => verifierKeyFromText(line.trim()))
  } catch {
    throw new OperatorFault(`${file} holds no Ed25519 key in PEM, and no line of the form name+id+key.`)
  }
}
