import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import type { Permission } from '@evenkeel/contract/permission'
import { prepareDatabase } from '../server/src/app/prepare.ts'
import { write, type Author } from '../server/src/platform/journal/write.ts'
import { publishPolicy } from '../server/src/platform/policy/policy.ts'
import { openDatabase, type Database } from '../server/src/platform/postgres/database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../server/src/platform/postgres/embedded.ts'
import {
  createApiKeyFor,
  createPerson,
  createTeam,
  createTenant,
} from '../server/src/practices/people/index.ts'
import { routingPolicy } from '../server/src/practices/routing/index.ts'

/** A tenant to measure in, with a key that may do everything an agent may. */
export type BenchTenant = {
  readonly tenantId: string
  readonly teamId: string
  readonly requesterId: string
  readonly key: string
}

export type Bench = {
  readonly server: EmbeddedPostgres
  readonly database: Database
  tenant(): Promise<BenchTenant>
  /** Starts a program of this folder; answers the address it prints. */
  program(
    file: string,
    environment?: Record<string, string>,
  ): Promise<{ readonly address: string; readonly child: ChildProcess }>
  end(): Promise<void>
}

const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'bench' } as const

/** The bounds of the heap that `npm start` gives the server: with less room the garbage goes sooner, at no cost in time. */
const heapBounds = (): string[] => {
  const { scripts }: { scripts: { start: string } } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
  )
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/**
 * An instance of its own: embedded PostgreSQL with its default durability, in a directory that is removed at the end unless it is named.
 */
export const openBench = async (kept?: string): Promise<Bench> => {
  const directory = kept ?? (await mkdtemp(join(tmpdir(), 'evenkeel-bench-')))
  await mkdir(directory, { recursive: true })
  // Run by root, the server has another account, which has to pass through here.
  await chmod(directory, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory: join(directory, 'database') })
  await prepareDatabase(server.ownerUrl)
  const database = await openDatabase({ url: server.appUrl })
  const children: ChildProcess[] = []
  return {
    server,
    database,
    tenant: () => makeTenant(database),
    program: async (file, environment = {}) => {
      const child = spawn(process.execPath, [...heapBounds(), join(import.meta.dirname, file)], {
        env: { ...process.env, BENCH_DATABASE: server.appUrl, ...environment },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      const [line]: unknown[] = await once(child.stdout, 'data')
      return { address: String(line).trim(), child }
    },
    end: async () => {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        child.kill()
        await once(child, 'exit')
      }
      await database.end()
      await server.stop()
      if (kept === undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}

const measuredPermissions: readonly Permission[] = [
  'incident.read',
  'incident.read_internal',
  'incident.raise',
  'incident.edit',
  'incident.comment',
  'incident.note',
]

/** A tenant with one administrator, and a key that may do what is named. */
export const makeTenant = async (
  database: Database,
  permissions: readonly Permission[] = measuredPermissions,
): Promise<BenchTenant> => {
  const now = new Date().toISOString()
  const slug = `bench-${randomUUID().slice(0, 8)}`
  const tenantId = await createTenant(
    database,
    { actor, request: null, now },
    { slug, name: slug, timeZone: 'UTC' },
  )
  const author: Author = { tenantId, actor, request: null, now }
  const requesterId = await createPerson(database, author, {
    name: 'Bench',
    email: `bench@${slug}.test`,
    roles: ['administrator'],
  })
  const teamId = await createTeam(database, author, { name: 'Desk', members: [{ personId: requesterId }] })
  await write(database, author, (tx) =>
    publishPolicy(tx, routingPolicy, { document: { catchAllTeamId: teamId }, note: 'bench', basedOn: 0 }),
  )
  const key = await createApiKeyFor(database, author, requesterId, {
    name: 'bench',
    permissions: [...permissions],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  })
  return { tenantId, teamId, requesterId, key: key.secret }
}

/** Somebody else of the same tenant, by their key. */
export const makeColleague = async (
  database: Database,
  { tenantId }: BenchTenant,
  permissions: readonly Permission[],
): Promise<string> => {
  const author: Author = { tenantId, actor, request: null, now: new Date().toISOString() }
  const id = await createPerson(database, author, {
    name: 'Colleague',
    email: `colleague@${randomUUID().slice(0, 8)}.test`,
    roles: ['administrator'],
  })
  const key = await createApiKeyFor(database, author, id, {
    name: 'colleague',
    permissions: [...permissions],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  })
  return key.secret
}
