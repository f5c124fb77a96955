import type { FileFormat } from '@evenkeel/contract/import-mapping'
import { csvTable } from './csv.ts'
import { jsonTable } from './jsonl.ts'
import { kindOf } from './kind.ts'
import { bytesOf, gunzipped, leave, orLeave, peeked, type Bytes } from './source.ts'
import { FileFault, type Table, type TabularSource } from './table.ts'
import { says } from './tabular.reasons.ts'
import { decoded } from './text.ts'
import { sheetTable } from './xlsx.ts'
import { openZip, type Zip } from './zip.ts'

/**
 * A file as a table, read once from its start. Nothing is held but the rows under way. Its rows are read to their end, or left by `return`
 * as `for await` does.
 * @param inside the file inside a zip; null takes the only one
 * @throws FileFault here or while its rows are read
 */
export const openTable = async (
  source: TabularSource,
  format: FileFormat,
  inside: string | null,
  signal?: AbortSignal,
): Promise<Table> => {
  if (source.sizeBytes === 0) throw new FileFault(says('file.empty'))
  if (format.type === 'xlsx') return sheetTable(source, format.sheet, signal)
  const { bytes } = await textIn(source, inside, signal)
  if (format.type === 'jsonl') return jsonTable(decoded(bytes.pieces, 'utf-8', bytes.bytesRead))
  return csvTable(decoded(bytes.pieces, format.encoding, bytes.bytesRead), format.delimiter)
}

/** The bytes of the text in a file, unpacked; of something else, the fault that says what it is. */
export const textIn = async (
  source: TabularSource,
  inside: string | null,
  signal?: AbortSignal,
): Promise<Text> => {
  const stored = await peeked(await bytesOf(source, signal), 512)
  const kind = await orLeave(stored.bytes.pieces, () => kindOf(stored.start))
  if (kind === 'text') return stored
  if (kind === 'gzip') return onlyText(await peeked(gunzipped(stored.bytes), 512), '.gz')
  await leave(stored.bytes.pieces)
  const zip = await openZip(source, signal)
  const name = inside ?? onlyFile(zip)
  const bytes = await zip.read(name).catch((error: unknown) => {
    zip.close()
    throw error
  })
  return onlyText(await peeked(bytes, 512), name)
}

type Text = { readonly start: Buffer; readonly bytes: Bytes }

const onlyText = (found: Text, name: string): Promise<Text> =>
  orLeave(found.bytes.pieces, () => {
    if (kindOf(found.start) === 'text') return found
    throw new FileFault(says('zip.nested', { name }))
  })

const onlyFile = (zip: Zip): string => {
  const [name] = zip.files
  if (name === undefined || zip.files.length > 1) {
    zip.close()
    throw new FileFault(says('zip.which'))
  }
  return name
}
