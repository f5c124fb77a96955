import { read, type Database, type Reader } from '../postgres/database.ts'

/**
 * Small, slowly changing things of a tenant (policies in force, services, custom fields), kept in memory and dropped when the journal
 * says that they changed: at once in the process that wrote, within the tail's delay in the others.
 */
export type TenantCache<T> = (database: Database, tenantId: string) => Promise<T>

type Registered = {
  readonly prefixes: readonly string[]
  readonly held: WeakMap<Database, Map<string, unknown>>
}

const registered: Registered[] = []

/** @param prefixes beginnings of the entry types that change what is cached, such as `policy.` */
export const tenantCache = <T>(
  prefixes: readonly string[],
  load: (q: Reader) => Promise<T>,
): TenantCache<T> => {
  const held = new WeakMap<Database, Map<string, { readonly value: Promise<T> }>>()
  registered.push({ prefixes, held })
  return (database, tenantId) => {
    let tenants = held.get(database)
    if (tenants === undefined) held.set(database, (tenants = new Map()))
    const known = tenants.get(tenantId)
    if (known !== undefined) return known.value
    const value = read(database, tenantId, load)
    const entry = { value }
    tenants.set(tenantId, entry)
    const forget = tenants
    // A failed load is not remembered; the next one tries again.
    value.catch(() => {
      if (forget.get(tenantId) === entry) forget.delete(tenantId)
    })
    return value
  }
}

/**
 * A place for what was worked out from a tenant's rows, made anew when entries of these types say that they changed. Whoever asks fills it
 * within a transaction of their own; what is still being worked out when it is dropped stays with whoever waits for it.
 */
export const tenantMemory = <T>(
  prefixes: readonly string[],
  make: () => T,
): ((database: Database, tenantId: string) => T) => {
  const held = new WeakMap<Database, Map<string, T>>()
  registered.push({ prefixes, held })
  return (database, tenantId) => {
    let tenants = held.get(database)
    if (tenants === undefined) held.set(database, (tenants = new Map()))
    let memory = tenants.get(tenantId)
    if (memory === undefined) tenants.set(tenantId, (memory = make()))
    return memory
  }
}

/** Drops what entries of these types may have changed. */
export const forget = (database: Database, tenantId: string, types: readonly string[]): void => {
  for (const { prefixes, held } of registered) {
    if (types.some((type) => prefixes.some((prefix) => type.startsWith(prefix))))
      held.get(database)?.delete(tenantId)
  }
}
