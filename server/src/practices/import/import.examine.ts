import type { ArrivalOutcomes, ImportFindings } from '@evenkeel/contract/import'
import type { ImportMapping, ImportShape } from '@evenkeel/contract/import-mapping'
import { createHash } from 'node:crypto'
import type { RowFault, TranslatedRow } from '../../kernel/mapping/row.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { importKindOf, type ImportKind, type Look } from './import.kind.ts'
import { added } from './import.outcomes.ts'
import { paceOf } from './import.pace.ts'
import { wordsIn } from './import.past.ts'
import { openRows } from './import.reading.ts'
import {
  keptBook,
  keyOf,
  referenceBook,
  thingOf,
  type Book,
  type Fate,
  type Word,
} from './import.references.ts'
import { clearRows, insertFaults, nextRecords, rowsOfRecords, setBatch, type Thing } from './import.repo.ts'
import { tallyOf, type Tally } from './import.tally.ts'
import { mostUpdates } from './import.bounds.ts'
import type { Turn } from './import.turn.ts'

// An index holds no longer words.
const longestKey = 500
// A source's id of an item.
const longestOwnId = 200

/**
 * The dry run: reads the file to its end and keeps what the mapping makes of it, then looks at each record with all its rows. Nothing
 * is imported. Begun again, it begins anew.
 */
export const examineFile = async (turn: Turn): Promise<void> => {
  const mapping = turn.batch.mapping
  if (mapping === null) throw new Error('a batch is examined with a mapping')
  const kind = importKindOf[mapping.kind]
  const { settings, tenantId } = turn
  const shape = await kind.shape(settings.database, tenantId, settings.now(), null)
  await clear(turn)
  const tally = tallyOf()
  const looks = kind.looks(turn)
  const read = await readFile(turn, mapping, shape, looks, tally)
  await turn.step(async (tx) =>
    tx.send({ name: 'import_count_anew', text: 'select count_file_anew()', values: [] }),
  )
  const checked = await checkRecords(turn, mapping, shape, looks, tally)
  const references = await turn.step((tx) => referencesOf(tx, turn.batchId))
  const gone = await turn.step((tx, batch) => kind.gone(tx, batch))
  const findings: ImportFindings = {
    rows: read.rows,
    records: checked.records,
    updates: checked.updates,
    known: checked.known,
    refused: read.refused + checked.refused,
    ...references,
    ...tally.read(),
    translated: read.translated,
    outcomes:
      checked.outcomes === null ? null : { ...checked.outcomes, refused: read.refused + checked.refused },
    gone,
  }
  await turn.end(
    'found',
    // The run counts the rows of each record it comes to; those that belong to none it never meets.
    {
      findings,
      failure: null,
      refused: read.ofNoRecord,
      known: 0,
      records: 0,
      updates: 0,
      rows_done: 0,
      done_to: 0,
    },
    { rows: findings.rows, records: findings.records, refused: findings.refused, known: findings.known },
  )
}

const clear = async (turn: Turn): Promise<void> => {
  for (const table of ['import_fault', 'import_row', 'import_record', 'import_reference'] as const)
    while (!(await turn.step((tx) => clearRows(tx, turn.batchId, table))));
  await turn.step(async (tx) =>
    setBatch(tx, turn.batchId, { rows_read: 0, bytes_read: 0, rows_done: 0, checked_to: 0, rate: 0 }),
  )
}

type Looks = ReturnType<ImportKind['looks']>

const readFile = async (
  turn: Turn,
  mapping: ImportMapping,
  shape: ImportShape,
  looks: Looks,
  tally: Tally,
): Promise<{
  rows: number
  refused: number
  ofNoRecord: number
  translated: ImportFindings['translated']
}> => {
  const book = referenceBook(turn.batchId, mapping)
  const pace = paceOf(1000, 1, 1000)
  const file = await openRows(turn, mapping, shape)
  let rows = 0
  let refused = 0
  let ofNoRecord = 0
  for await (const chunk of file.chunks) {
    const begun = performance.now()
    const translated = chunk.map(file.translate)
    const counted = await turn.step(async (tx) => {
      const faults = await keep(tx, turn.batchId, mapping, shape, book, translated)
      setBatch(tx, turn.batchId, {
        rows_read: rows + chunk.length,
        bytes_read: chunk.at(-1)?.bytesRead ?? 0,
        rate: pace.rate,
      })
      return faults
    })
    // A step may run twice; what it found is counted once it is written.
    for (const { faults } of counted) for (const fault of faults) tally.fault(fault.code, fault.column)
    for (const row of translated) {
      for (const value of row.untranslated) tally.untranslated(value)
      looks.row(row.values, row.recordKey)
    }
    rows += chunk.length
    refused += counted.length
    ofNoRecord += counted.filter(({ row }) => !hasIdentity(row)).length
    pace.took(chunk.length, performance.now() - begun)
  }
  return { rows, refused, ofNoRecord, translated: file.translated() }
}

type Refused = { readonly row: TranslatedRow; readonly faults: readonly RowFault[] }

/** Keeps some hundred rows, what refuses them, and which records and words they name. @returns the rows that are refused */
const keep = async (
  tx: Tx,
  batchId: string,
  mapping: ImportMapping,
  shape: ImportShape,
  book: Book,
  rows: readonly TranslatedRow[],
): Promise<Refused[]> => {
  const fates = await book.look(tx, wordsOf(shape, rows))
  const refused: Refused[] = []
  const kept = rows.flatMap((row) => {
    const faults = [...row.faults, ...ownFaults(shape, row), ...referenceFaults(shape, mapping, row, fates)]
    if (faults.length > 0) refused.push({ row, faults })
    return hasIdentity(row) ? [{ row, isRefused: faults.length > 0 }] : []
  })
  tx.send({
    name: 'import_rows',
    text: `insert into import_row (tenant_id, batch_id, line, record_key, update_key, at, translated, refused)
           select $1, $2, v.* from unnest($3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[], $8::boolean[]) v`,
    values: [
      tx.tenantId,
      batchId,
      kept.map(({ row }) => row.line),
      kept.map(({ row }) => row.recordKey),
      kept.map(({ row }) => short(row.updateKey)),
      kept.map(({ row }) => row.at),
      kept.map(({ row }) => JSON.stringify(row.values)),
      kept.map(({ isRefused }) => isRefused),
    ],
  })
  const records = new Map<string, { place: number; rows: number }>()
  for (const { row } of kept) {
    const seen = records.get(row.recordKey)
    if (seen === undefined) records.set(row.recordKey, { place: row.line, rows: 1 })
    else seen.rows += 1
  }
  tx.send({
    name: 'import_records',
    text: `insert into import_record as r (tenant_id, batch_id, record_key, place, rows)
           select $1, $2, v.* from unnest($3::text[], $4::bigint[], $5::bigint[]) v
           on conflict (tenant_id, batch_id, record_key) do update set rows = r.rows + excluded.rows`,
    values: [
      tx.tenantId,
      batchId,
      [...records.keys()],
      [...records.values()].map(({ place }) => place),
      [...records.values()].map((record) => record.rows),
    ],
  })
  insertFaults(
    tx,
    batchId,
    refused.flatMap(({ row, faults }) =>
      faults.map(({ column, value, code }) => ({
        line: row.line,
        record: row.recordKey === '' ? null : row.recordKey.slice(0, 200),
        column,
        value,
        code,
      })),
    ),
  )
  return refused
}

const hasIdentity = ({ recordKey }: TranslatedRow): boolean =>
  recordKey !== '' && recordKey.length <= longestKey

const ownFaults = ({ isDated }: ImportShape, row: TranslatedRow): RowFault[] => [
  ...(row.recordKey.length > (isDated ? longestKey : longestOwnId)
    ? [{ field: null, column: null, value: row.recordKey, code: 'too_long' as const }]
    : []),
  ...(isDated && row.at === null && row.faults.length === 0
    ? [{ field: 'updatedAt', column: null, value: null, code: 'missing' as const }]
    : []),
]

const short = (key: string): string =>
  key.length <= longestKey ? key : createHash('sha256').update(key).digest('hex')

const wordsOf = (
  shape: ImportShape,
  rows: readonly TranslatedRow[],
): Map<string, Word & { rows: number }> => {
  const words = new Map<string, Word & { rows: number }>()
  for (const row of rows)
    for (const word of wordsIn(shape, row.values)) {
      if (word.value.length > longestKey) continue
      const key = keyOf(word)
      const seen = words.get(key)
      if (seen === undefined) words.set(key, { ...word, rows: 1 })
      else seen.rows += 1
    }
  return words
}

const unknown = { person: 'unknown_person', team: 'unknown_team', service: 'unknown_service' } as const

const referenceFaults = (
  { targets }: ImportShape,
  mapping: ImportMapping,
  row: TranslatedRow,
  fates: ReadonlyMap<string, Fate>,
): RowFault[] =>
  Object.entries(row.values).flatMap(([field, value]) => {
    const thing = thingOf(targets[field])
    if (thing === null || value === null) return []
    const fate = fates.get(keyOf({ kind: thing, value }))
    if (fate !== undefined && fate.fate !== 'refuse') return []
    const from = mapping.fields[field]?.from
    return [{ field, column: from?.is === 'column' ? from.column : field, value, code: unknown[thing] }]
  })

type Checked = {
  records: number
  updates: number
  known: number
  refused: number
  outcomes: ArrivalOutcomes | null
}

/** Looks at records whole, some hundred at a time: what refuses one, what would become of it, what the file says of it. */
const checkRecords = async (
  turn: Turn,
  mapping: ImportMapping,
  shape: ImportShape,
  looks: Looks,
  tally: Tally,
): Promise<Checked> => {
  const total: Checked = { records: 0, updates: 0, known: 0, refused: 0, outcomes: null }
  const book = keptBook(turn.batchId)
  const pace = paceOf(100, 20, 300)
  let behind = 0
  let rowsChecked = 0
  for (;;) {
    const begun = performance.now()
    const done = await turn.step((tx) =>
      checkSome(tx, turn.batchId, mapping, shape, looks, book, behind, pace.size, rowsChecked, pace.rate),
    )
    if (done === null) return total
    for (const fault of done.faults) tally.fault(fault.code, fault.column)
    for (const { move, example } of done.moves) tally.foreignMove(move, example)
    for (const word of done.unknown) tally.itemUnknown(word)
    total.records += done.records
    total.updates += done.updates
    total.known += done.known
    total.refused += done.refused
    total.outcomes = added(total.outcomes, done.outcomes)
    behind = done.behind
    rowsChecked += done.rows
    pace.took(done.rows, performance.now() - begun)
  }
}

type Seen = Pick<Look, 'faults' | 'moves' | 'outcomes' | 'unknown' | 'records' | 'updates'> & {
  readonly behind: number
  readonly rows: number
  readonly known: number
  readonly refused: number
}

const checkSome = async (
  tx: Tx,
  batchId: string,
  mapping: ImportMapping,
  shape: ImportShape,
  looks: Looks,
  book: ReturnType<typeof keptBook>,
  behind: number,
  most: number,
  rowsChecked: number,
  rate: number,
): Promise<Seen | null> => {
  const next = await nextRecords(tx, batchId, behind, most, 600)
  const last = next.at(-1)
  if (last === undefined) return null
  const keys = next.flatMap(({ record_key, rows }) => (rows <= mostUpdates ? [record_key] : []))
  const rows = await rowsOfRecords(tx, batchId, keys)
  const words = new Map(
    rows.flatMap((row) => wordsIn(shape, row.translated)).map((word) => [keyOf(word), word]),
  )
  const fates = await book.read(tx, words)
  const look = await looks.look(tx, { mapping, shape, keys, rows, fates })
  const tooMany = next.flatMap((record) =>
    record.rows <= mostUpdates
      ? []
      : [
          {
            line: record.place,
            record: record.record_key,
            column: null,
            value: record.record_key,
            code: 'too_many_updates' as const,
          },
        ],
  )
  const faults = [...tooMany, ...look.faults]
  insertFaults(tx, batchId, faults, 100)
  const refusedKeys = new Set(faults.map(({ record }) => record))
  tx.send({
    name: 'import_records_checked',
    text: `update import_record r set facts = v.facts, refused = v.refused
           from unnest($3::text[], $4::jsonb[], $5::boolean[]) v (record_key, facts, refused)
           where r.tenant_id = $1 and r.batch_id = $2 and r.record_key = v.record_key`,
    values: [
      tx.tenantId,
      batchId,
      next.map(({ record_key }) => record_key),
      next.map(({ record_key }) => JSON.stringify(look.facts.get(record_key) ?? null)),
      next.map(({ record_key }) => refusedKeys.has(record_key)),
    ],
  })
  const rowCount = next.reduce((sum, record) => sum + record.rows, 0)
  setBatch(tx, batchId, { checked_to: last.place, rows_done: rowsChecked + rowCount, rate })
  const refusedBefore = rows.filter((row) => row.refused).length
  const refusedRecords = next
    .filter(({ record_key }) => refusedKeys.has(record_key))
    .reduce(
      (sum, { record_key, rows: count }) =>
        sum + count - rows.filter((row) => row.refused && row.record_key === record_key).length,
      0,
    )
  return {
    ...look,
    faults,
    behind: last.place,
    rows: rowCount,
    known: rowCount - refusedBefore - refusedRecords - look.updates,
    refused: refusedRecords,
  }
}

const mostNamed = 500

/** Who and what would be made, by name, and how many are here. */
const referencesOf = async (
  tx: Tx,
  batchId: string,
): Promise<Pick<ImportFindings, 'people' | 'teams' | 'services'>> => {
  const [counts, names] = await Promise.all([
    tx.rows<{ kind: Thing; fate: string; count: number }>({
      text: 'select kind, fate, count(*)::int as count from import_reference where tenant_id = $1 and batch_id = $2 group by kind, fate',
      values: [tx.tenantId, batchId],
    }),
    tx.rows<{ kind: Thing; value: string }>({
      text: `select kind, value from (
               select kind, value, row_number() over (partition by kind order by rows desc, value) as place from import_reference
               where tenant_id = $1 and batch_id = $2 and fate = 'create') r where place <= ${mostNamed} order by kind, place`,
      values: [tx.tenantId, batchId],
    }),
  ])
  const of = (kind: Thing) => {
    const count = (fate: string): number =>
      counts.find((row) => row.kind === kind && row.fate === fate)?.count ?? 0
    const create = names.flatMap((name) => (name.kind === kind ? [name.value] : []))
    return { create, more: count('create') - create.length, found: count('found') }
  }
  return { people: of('person'), teams: of('team'), services: of('service') }
}
