import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { prepareDatabase } from '../src/app/prepare.ts'
import { createDatabase } from '../src/platform/postgres/provision.ts'
import { databaseUrl, templateName } from './database.ts'
import { scratchDirectory } from './scratch.ts'

/** One server for the whole run, with a migrated template in it that every test's database is a copy of. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const directory = await scratchDirectory()
  const server = await startEmbeddedPostgres({ dataDirectory: join(directory, 'database'), ephemeral: true })
  try {
    await makeTemplate(server.adminUrl)
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('databaseAdminUrl', server.adminUrl)
  return async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

async function makeTemplate(adminUrl: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await createDatabase(admin, templateName)
    await prepareDatabase(databaseUrl(adminUrl, 'evenkeel_owner', templateName))
    // Closed to everybody, autovacuum included: a template in use cannot be copied.
    await admin.query(`alter database ${templateName} with is_template true allow_connections false`)
  } finally {
    await admin.end()
  }
}
