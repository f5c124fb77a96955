import type { MappingPreview, MappingProposal } from '@evenkeel/contract/import'
import type { ImportKindName, ImportMapping, ImportShape } from '@evenkeel/contract/import-mapping'
import { Refusal } from '../../kernel/refusal.ts'
import { compileMapping, type CompiledMapping } from '../../kernel/mapping/compile.ts'
import { kindIn, proposeArrivals } from '../../kernel/mapping/propose-arrivals.ts'
import { proposeMapping } from '../../kernel/mapping/propose.ts'
import { classWords } from '../configuration/index.ts'
import type { TranslatedRow } from '../../kernel/mapping/row.ts'
import { lookAt } from '../../platform/tabular/look.ts'
import { openTable } from '../../platform/tabular/read-table.ts'
import { orLeave } from '../../platform/tabular/source.ts'
import { FileFault, limits, type Row, type TabularSource } from '../../platform/tabular/table.ts'
import type { FileStore } from '../../platform/files/file-store.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { customFields } from '../record/index.ts'
import { faultIn } from './import.faults.ts'
import { importKindOf } from './import.kind.ts'
import { says } from './import.reasons.ts'
import { findBatch, type BatchRow } from './import.repo.ts'
import type { Turn } from './import.turn.ts'
import { tallyOf } from './import.tally.ts'

type File = Pick<BatchRow, 'storage_key' | 'size_bytes' | 'sha256' | 'file_removed'>

const stored = (file: File) => ({
  key: file.storage_key,
  sizeBytes: file.size_bytes,
  sha256: file.sha256,
})

/** The file of a batch. Where only its beginning is looked at, its hash is not: gigabytes would be read for it. */
const sourceOf = (files: FileStore, file: File): TabularSource => {
  if (file.file_removed) throw new Refusal('not_allowed_here', says('file.gone'))
  return {
    open: () => files.peek(file.storage_key),
    openAt: (start, end) => files.peek(file.storage_key, start, end),
    sizeBytes: file.size_bytes,
  }
}

/** @throws FileDamaged when what is stored is not what was brought */
const mustBeWhole = async (files: FileStore, file: File): Promise<void> => {
  const content = await files.open(stored(file))
  content.destroy()
}

type Translate = Pick<Extract<CompiledMapping, { ok: true }>, 'translate' | 'translated'>

/** The past has no times that are still to come: where a row says so, its times were read wrongly. */
const notToCome =
  (mapping: ImportMapping, { targets }: ImportShape, now: string) =>
  (row: TranslatedRow): TranslatedRow => {
    const faults = Object.entries(row.values).flatMap(([field, value]) => {
      if (value === null || value <= now || targets[field]?.type !== 'instant') return []
      const from = mapping.fields[field]?.from
      return [
        { field, column: from?.is === 'column' ? from.column : field, value, code: 'in_the_future' as const },
      ]
    })
    return faults.length === 0 ? row : { ...row, faults: [...row.faults, ...faults] }
  }

/** @throws Refusal `invalid` naming everything that is wrong with the mapping for this file */
const compiled = async (
  database: Database,
  tenantId: string,
  mapping: ImportMapping,
  shape: ImportShape,
  header: readonly string[],
  now: string,
): Promise<Translate> => {
  const own = mapping.kind === 'incident' ? await customFields(database, tenantId) : []
  const custom = own.map(({ key, type, choices }) => ({
    key,
    type,
    choices: [...choices],
  }))
  const result = compileMapping(mapping, shape, custom, header)
  if (result.ok) {
    const check = notToCome(mapping, shape, now)
    return { translate: (row) => check(result.translate(row)), translated: result.translated }
  }
  throw new Refusal(
    'invalid',
    result.faults.slice(0, 50).map(({ field, saying }) => ({
      code: 'mapping',
      field: `mapping.${field}`,
      message: saying,
    })),
  )
}

/** A file that cannot be read is the sender's to mend. */
const readable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof FileFault) throw new Refusal('invalid', error.saying)
    throw error
  }
}

/** Rows of the whole file, and what the mapping makes of one. */
export const openRows = async (
  { settings: { database, files, now }, tenantId, batch, signal }: Turn,
  mapping: ImportMapping,
  shape: ImportShape,
): Promise<Translate & { readonly chunks: AsyncIterable<readonly Row[]> }> => {
  await mustBeWhole(files, batch)
  const { header, rows } = await openTable(sourceOf(files, batch), mapping.format, mapping.inside, signal)
  const ready = await orLeave(rows, () => compiled(database, tenantId, mapping, shape, header, now()))
  return { ...ready, chunks: rows }
}

/** The header and the first rows, read as the mapping says. */
const beginning = (
  files: FileStore,
  batch: BatchRow,
  { format, inside }: ImportMapping,
  most: number,
): Promise<{ readonly header: readonly string[]; readonly rows: readonly Row[] }> =>
  readable(async () => {
    const { header, rows } = await openTable(sourceOf(files, batch), format, inside)
    const first: Row[] = []
    // Left early, the reader closes the file.
    for await (const chunk of rows) {
      first.push(...chunk)
      if (first.length >= most) break
    }
    return { header, rows: first.slice(0, most) }
  })

/** @throws Refusal when the mapping does not fit the file */
export const fitsFile = async (
  database: Database,
  files: FileStore,
  caller: Caller,
  batch: BatchRow,
  mapping: ImportMapping,
): Promise<void> => {
  const { header } = await beginning(files, batch, mapping, 1)
  const { tenantId, now } = caller
  const shape = await importKindOf[mapping.kind].shape(database, tenantId, now, caller)
  await compiled(database, tenantId, mapping, shape, header, '')
}

const batchOf = (database: Database, caller: Caller, id: string): Promise<BatchRow> =>
  read(database, caller.tenantId, (q) => findBatch(q, id))

export const proposal = async (
  database: Database,
  caller: Caller,
  files: FileStore,
  id: string,
  part: string | undefined,
  kind: ImportKindName | undefined,
): Promise<MappingProposal> => {
  const batch = await batchOf(database, caller, id)
  return readable(async () => {
    const look = await lookAt(sourceOf(files, batch), { part: part ?? null })
    const { format, inside, parts } = look
    const wanted = kind ?? kindIn(look.header)
    return {
      ...(wanted === 'incident'
        ? proposeMapping(look, caller.language)
        : proposeArrivals(
            look,
            wanted,
            await importKindOf[wanted].shape(database, caller.tenantId, caller.now, caller),
            await classWords(database, caller),
            caller.language,
          )),
      rowsLookedAt: look.rows.length,
      parts: [...parts],
      part: format.type === 'xlsx' ? format.sheet : inside,
    }
  })
}

const mostShown = 20

/** The first records as they would become; words for people, teams and services stay as the file has them. */
export const preview = async (
  database: Database,
  caller: Caller,
  files: FileStore,
  id: string,
  mapping: ImportMapping,
): Promise<MappingPreview> => {
  const batch = await batchOf(database, caller, id)
  const { header, rows } = await beginning(files, batch, mapping, limits.lookRows)
  const { translate } = await compiled(
    database,
    caller.tenantId,
    mapping,
    await importKindOf[mapping.kind].shape(database, caller.tenantId, caller.now, caller),
    header,
    caller.now,
  )
  const tally = tallyOf()
  const records = new Map<string, MappingPreview['records'][number]>()
  for (const row of rows.map(translate)) {
    for (const value of row.untranslated) tally.untranslated(value)
    let record = records.get(row.recordKey)
    if (record === undefined && records.size < mostShown)
      records.set(row.recordKey, (record = { key: row.recordKey, updates: [] }))
    record?.updates.push({
      line: row.line,
      at: row.at,
      values: { ...row.values },
      faults: row.faults.map((fault) =>
        faultIn({ ...fault, line: row.line, record: row.recordKey }, caller.language),
      ),
    })
  }
  return {
    records: [...records.values()],
    untranslated: tally.read().untranslated,
    rowsLookedAt: rows.length,
  }
}
