import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { embeddedBinaries } from './embedded-binaries.ts'
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.ts'
import { livePostmaster } from './postmaster.ts'
import { serverAccount } from './server-account.ts'

const isRoot = process.getuid?.() === 0
const isLinux = process.platform === 'linux'

/** Initialised once: it is most of the time a start takes, and few of these tests are about it. */
let pristine: string
/** Not in a clone under root's home: then no other account can run this very program. */
let othersReachUs = true
let parent: string
let dataDirectory: string
const servers: EmbeddedPostgres[] = []

beforeAll(async () => {
  pristine = await mkdtemp(join(tmpdir(), 'evenkeel-pristine-'))
  await chmod(pristine, 0o755)
  const server = await startEmbeddedPostgres({ dataDirectory: join(pristine, 'database'), ephemeral: true })
  await server.stop()
  if (isRoot) {
    const { uid, gid } = await serverAccount('/nonexistent')
    const reach = promisify(execFile)('test', ['-x', process.execPath, '-a', '-r', import.meta.filename], {
      uid,
      gid,
    })
    othersReachUs = await reach.then(
      () => true,
      () => false,
    )
  }
})

afterAll(() => rm(pristine, { recursive: true, force: true }))

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'evenkeel-embedded-'))
  await chmod(parent, 0o755)
  dataDirectory = join(parent, 'database')
  // Where the binaries have to be copied, one copy serves all tests.
  for (const copy of (await readdir(pristine)).filter((name) => name.startsWith('database.postgres-'))) {
    await symlink(join(pristine, copy), join(parent, copy))
  }
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
  const orphan = await livePostmaster(dataDirectory)
  if (orphan !== undefined) process.kill(orphan.pid, 'SIGKILL')
  await rm(parent, { recursive: true, force: true })
})

async function prepared(): Promise<void> {
  await promisify(execFile)('cp', ['-Rp', join(pristine, 'database'), dataDirectory])
}

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  // A small server: two runs of the tests share a machine with the run's own server.
  const settings = { shared_buffers: '16MB', ...options.settings }
  const server = await startEmbeddedPostgres({ dataDirectory, ...options, settings })
  servers.push(server)
  return server
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows.flat()
  } finally {
    await client.end()
  }
}

/** Waits for the process to be gone. */
async function gone(pid: number): Promise<void> {
  await expect.poll(async () => (await livePostmaster(dataDirectory))?.pid, { timeout: 20_000 }).not.toBe(pid)
}

/** Starts the server in a process of its own, and answers when it runs. */
async function startElsewhere(
  extra: string,
  identity: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; pid: number; ownerUrl: string }> {
  const module = join(import.meta.dirname, 'embedded.ts')
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(`file://${module}`)}
    const options = { dataDirectory: ${JSON.stringify(dataDirectory)}, settings: { shared_buffers: '16MB' } }
    ${extra}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...identity,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, ...JSON.parse(String(line)) }
}

const announce = `console.log(JSON.stringify({ pid: server.pid, ownerUrl: server.ownerUrl }))`

describe('a new database', () => {
  test('belongs to the owner, who migrates, and lets the app connect and nothing else', async () => {
    const { ownerUrl, appUrl, attached } = await start({ ephemeral: true })
    expect(attached).toBe(false)
    expect(await ask(ownerUrl, 'select current_user, current_database()')).toEqual([
      'evenkeel_owner',
      'evenkeel',
    ])
    await ask(ownerUrl, 'create extension pg_trgm')
    await ask(ownerUrl, 'create table secret ()')
    expect(await ask(appUrl, 'select current_user')).toEqual(['evenkeel_app'])
    await expect(ask(appUrl, 'select from secret')).rejects.toThrow('permission denied for table secret')
    await expect(ask(appUrl, 'create table mine ()')).rejects.toThrow('permission denied for schema public')
    await expect(ask(appUrl, 'create temporary table mine ()')).rejects.toThrow('permission denied')
    const powers = 'rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls'
    expect(await ask(appUrl, `select ${powers} from pg_roles where rolname like 'evenkeel%'`)).toEqual([
      false,
      false,
    ])
  })

  test('is reached through a private socket only, by the same account or root', async () => {
    const { adminUrl, appUrl } = await start({ ephemeral: true })
    expect(await ask(adminUrl, `select current_setting('listen_addresses')`)).toEqual([''])
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700)
    expect(await readFile(join(dataDirectory, 'pg_hba.conf'), 'utf8')).not.toMatch(/trust|^host/m)
    if (!isRoot || !othersReachUs) return
    const { uid, gid } = await serverAccount('/nonexistent')
    const nobody = await serverAccount('/proc/self').then(() => ({ uid: uid + 1, gid }))
    const code = `import('node:net').then(({ connect }) => connect(${JSON.stringify(`${dataDirectory}/.s.PGSQL.5432`)})
      .once('connect', () => console.log('in')).once('error', (error) => console.log(error.code)))`
    const stranger = spawn(process.execPath, ['--eval', code], {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'inherit'],
      ...nobody,
    })
    const [line] = await once(createInterface(stranger.stdout), 'line')
    expect(line).toBe('EACCES')
    expect(await ask(appUrl, 'select 1')).toEqual([1])
  })

  test('knows the letters of every alphabet, whatever the locale of the system', async () => {
    await prepared()
    const { ownerUrl } = await start({ ephemeral: true })
    expect(
      await ask(
        ownerUrl,
        `select lower('ÄÖ МОСКВА'), 'Ä' ~* 'ä', pg_encoding_to_char(encoding)
      from pg_database where datname = current_database()`,
      ),
    ).toEqual(['äö москва', true, 'UTF8'])
    await ask(ownerUrl, 'create extension pg_trgm')
    expect(await ask(ownerUrl, `select similarity('Москва', 'Москве') > 0.4`)).toEqual([true])
  })

  test('keeps every durability setting at its default, and gives them all up for tests', async () => {
    await prepared()
    const settings = `select string_agg(setting, ' ' order by name) from pg_settings
      where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums')`
    const durable = await start()
    expect(await ask(durable.adminUrl, settings)).toEqual(['on on on on'])
    await durable.stop()
    const throwaway = await start({ ephemeral: true })
    expect(await ask(throwaway.adminUrl, settings)).toEqual(['on off off off'])
  })

  test('takes settings that win over ours', async () => {
    await prepared()
    const { adminUrl } = await start({ ephemeral: true, settings: { max_connections: '17' } })
    expect(await ask(adminUrl, `select current_setting('max_connections')`)).toEqual(['17'])
  })

  test('under a name too long for a socket is reached through a short private directory', async () => {
    dataDirectory = join(parent, 'a-long-name-'.repeat(9))
    const server = await start({ ephemeral: true })
    const [directory] = await ask(server.adminUrl, `select current_setting('unix_socket_directories')`)
    expect(directory).not.toBe(dataDirectory)
    expect((await stat(String(directory))).mode & 0o777).toBe(0o700)
    await server.stop()
    await expect(stat(String(directory))).rejects.toThrow('ENOENT')
  })

  test('that cannot start says why in the words of the server', async () => {
    await prepared()
    await expect(start({ ephemeral: true, settings: { max_connections: 'many' } })).rejects.toThrow(
      /did not start\.\n[^]*invalid value for parameter "max_connections": "many"/,
    )
  })
})

describe('a second start', () => {
  test('takes over the server that runs, and either handle stops it', async () => {
    await prepared()
    const first = await start({ ephemeral: true })
    await ask(first.ownerUrl, 'create table kept ()')
    const second = await start({ ephemeral: true })
    expect(second).toMatchObject({ attached: true, pid: first.pid, ownerUrl: first.ownerUrl })
    expect(await ask(second.ownerUrl, `select to_regclass('kept')::text`)).toEqual(['kept'])
    await second.stop()
    await first.stop()
    expect(await livePostmaster(dataDirectory)).toBeUndefined()
    const third = await start({ ephemeral: true })
    expect(third.attached).toBe(false)
    expect(await ask(third.ownerUrl, `select to_regclass('kept')::text`)).toEqual(['kept'])
  })

  test('at the same moment as the first meets it in one server', async () => {
    const started = await Promise.all([start(), start(), start()])
    expect(new Set(started.map(({ pid }) => pid)).size).toBe(1)
    expect(started.filter(({ attached }) => !attached)).toHaveLength(1)
    expect((await readdir(parent)).filter((name) => name.includes('.new-'))).toEqual([])
  })

  test('takes back powers that a role was given by hand', async () => {
    await prepared()
    const { adminUrl, appUrl } = await start({ ephemeral: true })
    await ask(adminUrl, 'alter role evenkeel_app superuser bypassrls')
    await ask(adminUrl, 'grant create on database evenkeel to public')
    await start({ ephemeral: true })
    expect(
      await ask(appUrl, 'select rolsuper or rolbypassrls from pg_roles where rolname = current_user'),
    ).toEqual([false])
    await expect(ask(appUrl, 'create schema mine')).rejects.toThrow('permission denied')
  })
})

describe('after a kill', () => {
  test('of the server, a start recovers what was committed', async () => {
    await prepared()
    const first = await start()
    await ask(first.ownerUrl, 'create table kept as select 42 as answer')
    process.kill(first.pid, 'SIGKILL')
    const second = await start()
    expect(second.attached).toBe(false)
    expect(second.pid).not.toBe(first.pid)
    expect(await ask(second.ownerUrl, 'select answer from kept')).toEqual([42])
  })

  test('of the server, a start waits for backends that are still at work', async () => {
    await prepared()
    const first = await start()
    const client = new Client({ connectionString: first.adminUrl })
    client.on('error', () => {})
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const backend = rows[0]?.pid ?? 0
    // Stopped, it does not notice the end of its server, and holds on to the shared memory.
    process.kill(backend, 'SIGSTOP')
    process.kill(first.pid, 'SIGKILL')
    await gone(first.pid)
    const waiting: string[] = []
    const second = start({ log: (line) => waiting.push(line) })
    await expect.poll(() => waiting).toContain('waiting for what is left of a killed database server to end')
    process.kill(backend, 'SIGKILL')
    expect((await second).attached).toBe(false)
  })

  test('of the process that started it, the server stays and is taken over', async () => {
    await prepared()
    const { child, pid } = await startElsewhere(`const server = await startEmbeddedPostgres(options)
      ${announce}
      setInterval(() => {}, 1000)`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await start()).toMatchObject({ attached: true, pid })
  })

  test.runIf(isLinux)('of the process that started it, a server for tests ends too', async () => {
    await prepared()
    const { child, pid } =
      await startElsewhere(`const server = await startEmbeddedPostgres({ ...options, ephemeral: true })
      ${announce}
      setInterval(() => {}, 1000)`)
    child.kill('SIGKILL')
    await gone(pid)
  })

  test('a process id that now belongs to a stranger does not keep the server from starting', async () => {
    await prepared()
    const first = await start({ ephemeral: true })
    const lock = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')
    await first.stop()
    const account = await serverAccount(dataDirectory)
    const stranger = spawn('sleep', ['60'], { uid: account.uid, gid: account.gid, cwd: '/', stdio: 'ignore' })
    onTestFinished(() => void stranger.kill())
    await writeFile(join(dataDirectory, 'postmaster.pid'), lock.replace(/^\d+/, String(stranger.pid)))
    await chown(join(dataDirectory, 'postmaster.pid'), account.uid, account.gid)
    expect((await start({ ephemeral: true })).attached).toBe(false)
  })

  test('a half-made data directory is not mistaken for a whole one', async () => {
    await mkdir(`${dataDirectory}.new-killed`)
    await mkdir(dataDirectory)
    if (isRoot) await chmod(parent, 0o755)
    expect((await start({ ephemeral: true })).attached).toBe(false)
  })
})

test('on SIGTERM the server is stopped cleanly, and the next start has nothing to recover', async () => {
  await prepared()
  const { child } = await startElsewhere(`const server = await startEmbeddedPostgres(options)
    process.once('SIGTERM', async () => { await server.stop(); process.exit(0) })
    ${announce}
    setInterval(() => {}, 1000)`)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await livePostmaster(dataDirectory)).toBeUndefined()
  await (await start()).stop()
  const log = join(dataDirectory, 'log')
  const [file = ''] = await readdir(log)
  const told = await readFile(join(log, file), 'utf8')
  expect(told).toContain('database system is shut down')
  expect(told).not.toContain('not properly shut down')
})

test('without a stop, the process that started the server may end', async () => {
  await prepared()
  const { child } = await startElsewhere(`const server = await startEmbeddedPostgres(options)
    ${announce}`)
  if (child.exitCode === null) await once(child, 'exit')
  expect((await start()).attached).toBe(true)
})

describe.runIf(isRoot)('started by root', () => {
  test('the server runs as an unprivileged account that owns the data directory', async () => {
    const { pid } = await start({ ephemeral: true })
    const { uid } = await stat(dataDirectory)
    expect(uid).not.toBe(0)
    if (isLinux)
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${uid}\\s`, 'm'))
  })

  test('the server runs as whoever owns the data directory already', async () => {
    await mkdir(dataDirectory)
    const owner = await serverAccount('/nonexistent').then(({ name }) =>
      name === 'nobody' ? 'daemon' : 'nobody',
    )
    const id = await new Promise<number>((resolve) => {
      spawn('id', ['-u', owner]).stdout.once('data', (data: Buffer) => resolve(Number(data.toString())))
    })
    await chown(dataDirectory, id, id)
    await start({ ephemeral: true })
    expect((await stat(join(dataDirectory, 'PG_VERSION'))).uid).toBe(id)
  })

  test('a data directory the account cannot reach is refused, and nothing is left in it', async () => {
    await chmod(parent, 0o700)
    await expect(start()).rejects.toThrow(/who cannot reach .* Choose a data directory/)
    expect((await readdir(parent)).filter((name) => name.includes('.new-') || name === 'database')).toEqual(
      [],
    )
  })

  test('a strict umask of root does not lock the account out', async () => {
    dataDirectory = join(parent, 'new', 'deeper', 'database')
    const before = process.umask(0o077)
    onTestFinished(() => void process.umask(before))
    await start({ ephemeral: true })
  })

  test('binaries the account cannot reach are copied next to the data directory, once', async () => {
    const hidden = join(parent, 'hidden')
    await mkdir(hidden, { mode: 0o700 })
    const account = await serverAccount(dataDirectory)
    const installed = dirname(await embeddedBinaries(account, dataDirectory))
    await cp(installed, join(hidden, 'package'), { recursive: true, verbatimSymlinks: true })
    await chmod(join(hidden, 'package', 'native'), 0o700)
    const copied = await embeddedBinaries(account, dataDirectory, join(hidden, 'package'))
    expect(copied.startsWith(`${dataDirectory}.postgres-`)).toBe(true)
    const made = (await stat(copied)).ino
    expect(await embeddedBinaries(account, dataDirectory, join(hidden, 'package'))).toBe(copied)
    expect((await stat(copied)).ino).toBe(made)
  })

  test('an ordinary user runs the server as themself', async ({ skip }) => {
    skip(!othersReachUs, 'this clone is private to root')
    const { uid, gid } = await serverAccount('/nonexistent')
    await chown(parent, uid, gid)
    const { child, pid } = await startElsewhere(
      `const server = await startEmbeddedPostgres(options)
      const again = await startEmbeddedPostgres(options)
      if (!again.attached) throw new Error('not attached')
      process.once('SIGTERM', async () => { await again.stop(); process.exit(0) })
      ${announce}
      setInterval(() => {}, 1000)`,
      { uid, gid },
    )
    expect((await stat(dataDirectory)).uid).toBe(uid)
    expect((await livePostmaster(dataDirectory))?.pid).toBe(pid)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await livePostmaster(dataDirectory)).toBeUndefined()
  })
})
