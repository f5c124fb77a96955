import { ExportUnreadableError, readExport } from './export-format.ts'
import { fault } from './fault.ts'
import { verifyJournal, type SoundJournal, type Verdict, type VerifyOptions } from './verify.ts'

export type ExportVerdict =
  | (SoundJournal & {
      readonly tenant: string
      /** Whether the keys were given, or taken from the file itself; then they prove only that the file agrees with itself. */
      readonly keysFrom: 'outside' | 'export'
    })
  | Exclude<Verdict, SoundJournal>

/** Verifies an exported journal, offline and alone. A file that cannot be read is a fault as well, with its line. */
export async function verifyExport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  outside: Partial<Pick<VerifyOptions, 'keys' | 'trustedHeads'>> = {},
): Promise<ExportVerdict> {
  try {
    const { header, items } = await readExport(chunks)
    const { keys = header.publicKeys, trustedHeads = [] } = outside
    const verdict = await verifyJournal(items, { tenant: header.tenant, keys, trustedHeads })
    return verdict.ok
      ? { ...verdict, tenant: header.tenant, keysFrom: outside.keys === undefined ? 'export' : 'outside' }
      : verdict
  } catch (error) {
    if (!(error instanceof ExportUnreadableError)) throw error
    return {
      ok: false,
      fault: { ...fault('unreadable', [error.entries, error.entries], error.message), line: error.line },
    }
  }
}
