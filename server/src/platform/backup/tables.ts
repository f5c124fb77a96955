import { escapeIdentifier, type Client } from 'pg'

/** A table as it is copied: every column that is not computed, and the key that puts its rows in order. */
export type BackupTable = {
  /** `schema.table` */
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
  /** Forced through row-level security: its owner, too, reads one tenant at a time. */
  readonly byTenant: boolean
}

/** What pg-boss keeps: the jobs. Its queues are made anew from the code, its statistics begin anew. */
const jobTables = ['job', 'job_dependency', 'schedule', 'subscription']
/** What migrations were applied is compared, not copied; who looks at a record was so at that moment. */
const notCopied = ['evenkeel_migration', 'presence']

/**
 * Every table whose rows are part of the instance.
 * @throws when a table could not be copied whole or in a settled order: such a table must not be added without a thought for backups
 */
export const backupTables = async (client: Client): Promise<BackupTable[]> => {
  const { rows } = await client.query<{
    schema: string
    name: string
    columns: string[]
    key: string[] | null
    forced: boolean
  }>(
    `select n.nspname as schema, c.relname as name, c.relforcerowsecurity as forced,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       (select array_agg(a.attname::text order by k.place)
        from pg_index i, unnest(i.indkey) with ordinality as k(attnum, place), pg_attribute a
        where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.attnum) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition
       and ((n.nspname = 'public' and c.relname <> all($1)) or (n.nspname = 'pgboss' and c.relname = any($2)))
     order by n.nspname desc, c.relname`,
    [notCopied, jobTables],
  )
  return rows.map(({ schema, name, columns, key, forced }) => {
    const full = `${schema}.${name}`
    if (key === null) throw new Error(`${full} has no primary key: its rows have no order to be copied in`)
    if (forced && key[0] !== 'tenant_id')
      throw new Error(`the primary key of ${full} does not begin with tenant_id`)
    return { name: full, columns, key, byTenant: forced }
  })
}

export const quoted = (name: string): string => name.split('.').map(escapeIdentifier).join('.')

const list = (names: readonly string[]): string => names.map(escapeIdentifier).join(', ')

/** All rows of a table in the order of its key, or those of the tenant in force. */
export const copyOut = (table: BackupTable, tenantId?: string): string => {
  const where = tenantId === undefined ? '' : ` where tenant_id = '${tenantId}'`
  return `copy (select ${list(table.columns)} from ${quoted(table.name)}${where} order by ${list(table.key)}) to stdout`
}

export const copyIn = (table: BackupTable): string =>
  `copy ${quoted(table.name)} (${list(table.columns)}) from stdin`

/** Values are written the same on every server, whatever its configuration: the hashes depend on it. */
export const settledOutput = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
  set extra_float_digits = 1; set client_encoding = 'UTF8'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
  set lock_timeout = 0; set search_path = public`
