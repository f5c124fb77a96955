import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { prepareDatabase } from '../src/app/prepare.ts'
import { createDatabase } from '../src/platform/postgres/provision.ts'
import { databaseUrl, templateName } from './database.ts'

const runsDirectory = join(tmpdir(), `evenkeel-test-${userInfo().uid}`)

/** One server for the whole run, with a migrated template in it that every test's database is a copy of. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(runsDirectory, { recursive: true })
  await chmod(runsDirectory, 0o755)
  await removeAbandonedRuns()
  const directory = join(runsDirectory, String(process.pid))
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory)
  // Run by root, the server has another account, which has to pass through here whatever root's umask.
  await chmod(directory, 0o755)
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

/** A killed run takes its server with it, but leaves its files. */
async function removeAbandonedRuns(): Promise<void> {
  for (const name of await readdir(runsDirectory)) {
    if (!isRunning(Number(name))) await rm(join(runsDirectory, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
