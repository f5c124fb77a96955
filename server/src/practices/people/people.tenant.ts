import { Refusal } from '../../kernel/refusal.ts'
import { write, type Author } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'

export type Tenant = {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly language: string
  readonly timeZone: string
  readonly isDemo: boolean
  readonly isSuspended: boolean
}

const columns = `id, slug, name, language, time_zone as "timeZone", is_demo as "isDemo", suspended_at is not null as "isSuspended"`
// Tenants have no row-level security (names are shown before sign-in), but a transaction always works for one tenant.
const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * Whose sign-in this is: by name when one was given, else by the host name of the address, else the only tenant there is. undefined
 * when none of these tells.
 */
export const findTenant = (
  database: Database,
  slug: string | undefined,
  hostName: string,
): Promise<Tenant | undefined> =>
  read(database, nobody, async (q) => {
    if (slug !== undefined) {
      return q.maybe<Tenant>({ text: `select ${columns} from tenant where slug = $1`, values: [slug] })
    }
    const [byHost, some] = await Promise.all([
      q.maybe<Tenant>({
        text: `select ${columns} from tenant where host_name = $1`,
        values: [hostName.toLowerCase()],
      }),
      q.rows<Tenant>({ text: `select ${columns} from tenant limit 2`, values: [] }),
    ])
    return byHost ?? (some.length === 1 ? some[0] : undefined)
  })

export const demoTenants = (database: Database): Promise<Tenant[]> =>
  read(database, nobody, (q) =>
    q.rows<Tenant>({
      text: `select ${columns} from tenant where is_demo and suspended_at is null order by name limit 20`,
      values: [],
    }),
  )

const known = new WeakMap<Database, Set<string>>()

/**
 * Whether there is such a tenant. Credentials name theirs before they are believed, so a made-up one must leave nothing behind in
 * memory; tenants are never removed, so that an existing one is asked for once.
 */
export const tenantExists = async (database: Database, tenantId: string): Promise<boolean> => {
  let ids = known.get(database)
  if (ids === undefined) known.set(database, (ids = new Set()))
  if (ids.has(tenantId)) return true
  const found = await read(database, nobody, (q) =>
    q.maybe({ text: 'select 1 from tenant where id = $1', values: [tenantId] }),
  )
  if (found !== undefined) ids.add(tenantId)
  return found !== undefined
}

/** Ends every session and key of the tenant until it is resumed. Run by an operator, never over the API. */
export const suspendTenant = (database: Database, author: Author, suspended: boolean): Promise<void> =>
  write(database, author, async (tx) => {
    const row = await tx.maybe<{ suspended: boolean }>({
      text: 'select suspended_at is not null as suspended from tenant where id = $1 for update',
      values: [tx.tenantId],
    })
    if (row === undefined) throw new Refusal('not_found')
    if (row.suspended === suspended) return
    tx.send({
      text: 'update tenant set suspended_at = $2 where id = $1',
      values: [tx.tenantId, suspended ? author.now : null],
    })
    tx.journal({
      type: suspended ? 'tenant.suspended' : 'tenant.resumed',
      subject: { kind: 'tenant', id: tx.tenantId },
      data: {},
    })
  })
