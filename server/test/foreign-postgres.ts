import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { serverAccount } from '../src/platform/postgres/server-account.ts'

const run = promisify(execFile)

/** The oldest supported server, as Debian installs it. */
const debian15 = '/usr/lib/postgresql/15/bin'
export const hasForeignPostgres = existsSync(join(debian15, 'initdb'))

export type ForeignPostgres = {
  /** As a role with that password, in a database. The superuser is `postgres`, password `postgres`. */
  url(role: string, database: string, password?: string): string
  asSuperuser(database: string, sql: string): Promise<void>
  /** Newest last. */
  log(): Promise<string>
  stop(): Promise<void>
}

/** A PostgreSQL 15 server that is not ours: started by hand, asking for passwords, without our roles. */
export const startForeignPostgres = async (): Promise<ForeignPostgres> => {
  const directory = await mkdtemp(join(tmpdir(), 'ek15-'))
  const account = await serverAccount(directory)
  const owner = process.getuid?.() === 0 ? { uid: account.uid, gid: account.gid } : {}
  await chown(directory, account.uid, account.gid)
  const data = join(directory, 'data')
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, 'postgres')
  await run(
    join(debian15, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '-N',
    ],
    { ...owner, cwd: '/' },
  )
  const options = [
    'fsync=off',
    'listen_addresses=',
    `unix_socket_directories=${directory}`,
    'log_statement=all',
  ]
  const child = spawn(
    join(debian15, 'postgres'),
    ['-D', data, ...options.flatMap((option) => ['-c', option])],
    {
      ...owner,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const url = (role: string, database: string, password = role): string =>
    `postgres://${role}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(directory)}`
  const asSuperuser = async (database: string, sql: string): Promise<void> => {
    const client = new Client({ connectionString: url('postgres', database) })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  for (let attempt = 0; ; attempt += 1) {
    try {
      await asSuperuser('postgres', 'select 1')
      break
    } catch (error) {
      if (attempt === 200) throw error
      await sleep(50)
    }
  }
  return {
    url,
    asSuperuser,
    log: async () => log,
    stop: async () => {
      child.kill('SIGINT')
      if (child.exitCode === null) await once(child, 'exit')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
