import type { SavedMapping } from '@evenkeel/contract/import'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { canonicalJson } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidOf } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { says } from './import.reasons.ts'

type Row = {
  readonly name: string
  readonly version: number
  readonly document: unknown
  readonly note: string
  readonly author_id: string | null
  readonly author_name: string | null
  readonly saved_at: string
}

const select = `select m.name, m.version, m.document, m.note, m.author_id, p.name as author_name, m.saved_at
  from import_mapping m left join person p on p.tenant_id = m.tenant_id and p.id = m.author_id
  where m.tenant_id = $1`

const viewOf = (row: Row): SavedMapping => ({
  name: row.name,
  version: row.version,
  note: row.note,
  author: row.author_id === null ? null : { id: row.author_id, name: row.author_name ?? '' },
  savedAt: row.saved_at,
  mapping: ImportMapping.parse(row.document),
})

export const listMappings = (database: Database, caller: Caller): Promise<{ mappings: SavedMapping[] }> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<Row>({
      text: `${select} and not exists (select 1 from import_mapping n
               where n.tenant_id = m.tenant_id and n.name = m.name and n.version > m.version)
             order by lower(m.name), m.name limit 500`,
      values: [q.tenantId],
    })
    return { mappings: rows.map(viewOf) }
  })

export const listMappingVersions = (
  database: Database,
  caller: Caller,
  name: string,
): Promise<{ versions: SavedMapping[] }> =>
  read(database, caller.tenantId, async (q) => {
    const rows = await q.rows<Row>({
      text: `${select} and m.name = $2 order by m.version desc limit 200`,
      values: [q.tenantId, name],
    })
    if (rows.length === 0) throw new Refusal('not_found', says('mapping.none'))
    return { versions: rows.map(viewOf) }
  })

const newest = (q: Reader, name: string): Promise<Row | undefined> =>
  q.maybe<Row>({
    text: `${select} and m.name = $2 order by m.version desc limit 1`,
    values: [q.tenantId, name],
  })

const textOf = (mapping: ImportMapping): string => canonicalJson(mapping)

/** A new version under this name, or the newest when it says the same already. */
export const keepMapping = async (
  tx: Tx,
  personId: string,
  name: string,
  mapping: ImportMapping,
  note: string,
): Promise<number> => {
  await tx.maybe({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`mapping ${tx.tenantId} ${name}`],
  })
  const last = await newest(tx, name)
  if (last !== undefined && textOf(ImportMapping.parse(last.document)) === textOf(mapping))
    return last.version
  const version = (last?.version ?? 0) + 1
  tx.send({
    text: `insert into import_mapping (tenant_id, name, version, document, note, author_id, saved_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [tx.tenantId, name, version, JSON.stringify(mapping), note, personId, tx.author.now],
  })
  tx.journal({
    type: 'import_mapping.saved',
    subject: { kind: 'import_mapping', id: uuidOf('import mapping', tx.tenantId, name) },
    data: { name, version, source: mapping.source, note },
    personal: ['/note'],
  })
  return version
}

export const saveMapping = async (
  database: Database,
  caller: Caller,
  name: string,
  { mapping, note }: { readonly mapping: ImportMapping; readonly note: string },
): Promise<SavedMapping> => {
  await write(database, caller, (tx) => keepMapping(tx, caller.personId, name, mapping, note))
  return read(database, caller.tenantId, async (q) => {
    const row = await newest(q, name)
    if (row === undefined) throw new Refusal('not_found', says('mapping.none'))
    return viewOf(row)
  })
}
