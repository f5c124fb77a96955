import { type Client, escapeIdentifier } from 'pg'

export const databaseName = 'evenkeel'
/** Owns the database and everything in it; migrations connect as this role. */
export const ownerRole = 'evenkeel_owner'
/** What the server logs in as: owns nothing, bypasses nothing, sees what migrations grant to it. */
export const appRole = 'evenkeel_app'

/**
 * Creates the two roles and the database where they are missing. Safe to repeat and to run twice at once.
 * @param admin connected as a superuser
 */
export async function provision(admin: Client): Promise<void> {
  await admin.query(`select pg_advisory_lock(hashtext('evenkeel provision'))`)
  try {
    for (const role of [ownerRole, appRole]) {
      const known = await admin.query('select from pg_roles where rolname = $1', [role])
      if (known.rowCount === 0) await admin.query(`create role ${role} login`)
      // Stated at every start, so that a hand-made exception does not outlive the next one.
      await admin.query(`alter role ${role} nosuperuser nocreatedb nocreaterole noreplication nobypassrls`)
    }
    const known = await admin.query('select from pg_database where datname = $1', [databaseName])
    if (known.rowCount === 0) await createDatabase(admin, databaseName)
    else await closeDatabase(admin, databaseName)
  } finally {
    await admin.query(`select pg_advisory_unlock(hashtext('evenkeel provision'))`)
  }
}

/**
 * Creates a database that the owner owns and the app may connect to, optionally as a copy of a template: its files, which costs half
 * of writing every page to the log. The owner may create trusted extensions in it.
 * @param admin connected as a superuser
 */
export async function createDatabase(admin: Client, name: string, template?: string): Promise<void> {
  const copied = template === undefined ? '' : `template ${escapeIdentifier(template)} strategy file_copy`
  await admin.query(`create database ${escapeIdentifier(name)} owner ${ownerRole} ${copied}`)
  await closeDatabase(admin, name)
}

// Everybody may connect to a new database and make temporary tables in it; a template's grants are not copied.
async function closeDatabase(admin: Client, name: string): Promise<void> {
  await admin.query(`revoke all on database ${escapeIdentifier(name)} from public`)
  await admin.query(`grant connect on database ${escapeIdentifier(name)} to ${appRole}`)
}
