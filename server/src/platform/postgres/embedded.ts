import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import {
  chmod,
  chown,
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { embeddedBinaries } from './embedded-binaries.ts'
import { disownLock, livePostmaster, type Postmaster } from './postmaster.ts'
import { appRole, databaseName, ownerRole, provision } from './provision.ts'
import { type ServerAccount, serverAccount } from './server-account.ts'

const run = promisify(execFile)

export interface EmbeddedPostgresOptions {
  /** Created when missing; its parent has to be on a local file system. Belongs to the server entirely. */
  readonly dataDirectory: string
  /** PostgreSQL parameters; they win over ours. Not applied when a running server is attached to. */
  readonly settings?: Readonly<Record<string, string>>
  readonly log?: (line: string) => void
  /** For tests: no durability, and on Linux the server ends with the process that started it. */
  readonly ephemeral?: boolean
}

export interface EmbeddedPostgres {
  /** For migrations. */
  readonly ownerUrl: string
  /** For the server: owns nothing, bypasses no row-level security. */
  readonly appUrl: string
  /** Superuser, for tests that create and drop databases. */
  readonly adminUrl: string
  readonly pid: number
  /** Whether a server that was running already has been taken over, after a crash of the process that started it. */
  readonly attached: boolean
  /** Fast, clean shutdown: open transactions are rolled back, committed ones are on disk. Safe to repeat. */
  readonly stop: () => Promise<void>
}

/** A killed server's backends notice within moments; whoever holds the data directory for longer is not going away. */
const lockPatienceMs = 30_000
const fastStopPatienceMs = 30_000
/** macOS has room for 104 bytes in a socket's address, Linux for 108. */
const socketPathBytes = 103

const serverSettings = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  random_page_cost: '1.1',
  // Short statements by the thousand: compiling them costs more than running them.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_lock_waits: 'on',
  // Details and parameters of a failed statement hold personal values; the log is not the place for them.
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
} as const

/** A week of log, by day of the week, written by the server itself so that it survives the process that started it. */
const keptLog = {
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
} as const

const undurable = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } as const

/**
 * A PostgreSQL server on a Unix socket, for this machine alone: initialised when new, recovered when it crashed, taken
 * over when it still runs. Returns when it answers, however long the recovery takes.
 * @throws when the server cannot run here, or ends while starting; the message holds its last words
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory)
  const log = options.log ?? (() => {})
  await makePassable(dirname(dataDirectory))
  const account = await serverAccount(dataDirectory)
  const isGone = (pid: number) => async () => (await livePostmaster(dataDirectory))?.pid !== pid

  const giveUpAt = Date.now() + lockPatienceMs
  for (;;) {
    const running = await livePostmaster(dataDirectory)
    if (running !== undefined) {
      const admin = await firstConnection(dataDirectory, running.pid, isGone(running.pid), log)
      if (admin === undefined) continue
      log(`attached to the database server that is running already (process ${running.pid})`)
      return await ready(admin, dataDirectory, running.pid, true)
    }
    await requireReach(account, dirname(dataDirectory))
    const binaries = await embeddedBinaries(account, dataDirectory)
    await initialise(binaries, dataDirectory, account, options)
    await allowOnly(dataDirectory, ['root', account.name])
    const launched = await launch(binaries, dataDirectory, account, options)
    let lastWords: string
    try {
      const admin = await firstConnection(dataDirectory, launched.pid, launched.ended, log)
      if (admin !== undefined) {
        log(`database server started (process ${launched.pid})`)
        return await ready(admin, dataDirectory, launched.pid, false)
      }
      lastWords = await textOf(launched.output)
    } finally {
      await launched.output.close()
    }
    // Two starts at once: the other one was quicker.
    if ((await livePostmaster(dataDirectory)) !== undefined) continue
    const locked = /lock file ".*" already exists|pre-existing shared memory block/.test(lastWords)
    if (!locked || Date.now() > giveUpAt) {
      throw new Error(`The database server in ${dataDirectory} did not start.\n${lastWords}`)
    }
    log('waiting for what is left of a killed database server to end')
    await disownLock(dataDirectory, launched.socketDirectory)
    await sleep(100)
  }
}

/** Root's umask may keep the server's account out of what is made on the way. */
async function makePassable(directory: string): Promise<void> {
  const topmost = await mkdir(directory, { recursive: true })
  if (topmost === undefined || process.getuid?.() !== 0) return
  for (let made = directory; made.length >= topmost.length; made = dirname(made)) await chmod(made, 0o711)
}

async function requireReach({ name, uid, gid }: ServerAccount, directory: string): Promise<void> {
  await run('sh', ['-c', 'cd "$1"', 'sh', directory], { uid, gid, cwd: '/' }).catch((cause: unknown) => {
    throw new Error(
      `PostgreSQL runs as the user ${name}, who cannot reach ${directory}. ` +
        'Choose a data directory outside private directories, such as /var/lib/evenkeel.',
      { cause },
    )
  })
}

async function initialise(
  binaries: string,
  dataDirectory: string,
  account: ServerAccount,
  options: EmbeddedPostgresOptions,
): Promise<void> {
  if (await exists(join(dataDirectory, 'PG_VERSION'))) return
  // Renamed into place when complete, so that a crash half-way never leaves a data directory that looks whole.
  const staging = await mkdtemp(`${dataDirectory}.new-`)
  try {
    await chown(staging, account.uid, account.gid)
    await initdb(binaries, staging, account, options)
    await rename(staging, dataDirectory)
    await flushDirectory(dirname(dataDirectory))
    options.log?.(`database initialised in ${dataDirectory}`)
  } catch (error) {
    // Two starts at once: the other one was quicker.
    if (!(await exists(join(dataDirectory, 'PG_VERSION')))) throw error
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function initdb(
  binaries: string,
  directory: string,
  { uid, gid }: ServerAccount,
  { ephemeral = false, log }: EmbeddedPostgresOptions,
): Promise<void> {
  // Sorting and casing come with PostgreSQL and are the same on every machine. What is a letter for a trigram still comes
  // from the system: under plain C no letter beyond ASCII is one, and a search for "Köln" looks for "K" and "ln".
  const charactersFrom = process.platform === 'darwin' ? ['UTF-8', 'C'] : ['C.UTF-8', 'C']
  const attempt = async (characters: string) => {
    const locale =
      `--locale=C --lc-ctype=${characters} --locale-provider=builtin --builtin-locale=C.UTF-8`.split(' ')
    const options = ['--username=postgres', '--auth=peer', '--encoding=UTF8', '--no-instructions', ...locale]
    if (ephemeral) options.push('--no-sync')
    await run(join(binaries, 'bin', 'initdb'), [...options, '--pgdata', directory], {
      uid,
      gid,
      cwd: '/',
      env: serverEnvironment,
    })
  }
  const [preferred = 'C', fallback = 'C'] = charactersFrom
  try {
    await attempt(preferred)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('invalid locale name')) throw error
    log?.(`the system has no locale ${preferred}: similarity search will know ASCII letters only`)
    await attempt(fallback)
  }
}

/** The operating system vouches for who connects; there is no password to keep, lose or guess. */
async function allowOnly(dataDirectory: string, systemUsers: readonly string[]): Promise<void> {
  const rules = ['local all all peer map=evenkeel', 'local replication all peer map=evenkeel', '']
  const map = [...new Set(systemUsers)].map((name) => `evenkeel "${name}" all\n`)
  await writeFile(join(dataDirectory, 'pg_hba.conf'), rules.join('\n'), { flush: true })
  await writeFile(join(dataDirectory, 'pg_ident.conf'), map.join(''), { flush: true })
}

interface Launched {
  readonly pid: number
  readonly ended: () => Promise<boolean>
  readonly socketDirectory: string
  /** What this server said before its own log began; to be closed by whoever launched it. */
  readonly output: FileHandle
}

async function launch(
  binaries: string,
  dataDirectory: string,
  { uid, gid }: ServerAccount,
  { ephemeral = false, settings = {} }: EmbeddedPostgresOptions,
): Promise<Launched> {
  const socketDirectory = await shortDirectory(dataDirectory, { uid, gid })
  const ours = {
    ...serverSettings,
    ...(ephemeral ? undurable : keptLog),
    unix_socket_directories: socketDirectory,
  }
  const parameters = Object.entries({ ...ours, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const command = [join(binaries, 'bin', 'postgres'), '-D', dataDirectory, ...parameters]
  if (ephemeral && (await canEndWithParent())) command.unshift('setpriv', '--pdeathsig', 'INT')

  // A file of its own under the name that the latest has: of two servers that start at once, neither writes over the other's words.
  const startupLog = join(dataDirectory, 'startup.log')
  const own = `${startupLog}.${randomUUID()}`
  const output = await open(own, 'wx+')
  try {
    await rename(own, startupLog)
    const [program = '', ...args] = command
    // Detached: a Ctrl-C in the terminal is ours to answer, and the server is stopped last.
    const child = spawn(program, args, {
      uid,
      gid,
      cwd: '/',
      env: serverEnvironment,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    await once(child, 'spawn')
    child.unref()
    const ended = async () => child.exitCode !== null || child.signalCode !== null
    return { pid: child.pid ?? 0, ended, socketDirectory, output }
  } catch (error) {
    await output.close()
    throw error
  }
}

/** From its beginning, wherever the server has written to. */
async function textOf(file: FileHandle): Promise<string> {
  const { size } = await file.stat()
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
  return buffer.toString('utf8', 0, bytesRead)
}

/** Nothing of ours leaks in: a PGPORT or PGOPTIONS meant for another server would change this one. */
const serverEnvironment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** The data directory itself, private to the server's account, unless its name is too long for a socket. */
async function shortDirectory(
  dataDirectory: string,
  { uid, gid }: { uid: number; gid: number },
): Promise<string> {
  const fits = (directory: string) => Buffer.byteLength(join(directory, '.s.PGSQL.5432')) < socketPathBytes
  if (fits(dataDirectory)) return dataDirectory
  const parent = fits(join(tmpdir(), 'evenkeel-XXXXXX')) ? tmpdir() : '/tmp'
  const directory = await mkdtemp(join(parent, 'evenkeel-'))
  await chown(directory, uid, gid)
  await chmod(directory, 0o700)
  return directory
}

async function canEndWithParent(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  return run('setpriv', ['--pdeathsig', 'INT', 'true']).then(
    () => true,
    () => false,
  )
}

/**
 * A superuser's connection as soon as the server accepts one; undefined when the server ended instead. There is no
 * deadline while it lives: a recovery takes as long as it takes, and a second server cannot help.
 */
async function firstConnection(
  dataDirectory: string,
  pid: number,
  ended: () => Promise<boolean>,
  log: (line: string) => void,
): Promise<Client | undefined> {
  const started = Date.now()
  let reported = started
  while (!(await ended())) {
    const live = await livePostmaster(dataDirectory)
    const socketDirectory = live?.pid === pid ? live.socketDirectory : undefined
    if (socketDirectory !== undefined) {
      const admin = new Client({ connectionString: socketUrl('postgres', 'postgres', socketDirectory) })
      // The server may go away while nothing is being asked; the next question says so.
      admin.on('error', () => {})
      try {
        await admin.connect()
        return admin
      } catch (error) {
        await admin.end().catch(() => {})
        if (!isNotYet(error)) throw error
      }
    }
    if (Date.now() - reported > 10_000) {
      reported = Date.now()
      log(
        `the database server is not accepting connections yet (${Math.round((reported - started) / 1000)} s)`,
      )
    }
    await sleep(25)
  }
  return undefined
}

/** 57P03: starting up, in recovery, or shutting down. The others: the socket is not there yet, or no longer. */
function isNotYet(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === '57P03' || code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ECONNRESET') return true
  return error instanceof Error && error.message === 'Connection terminated unexpectedly'
}

async function ready(
  admin: Client,
  dataDirectory: string,
  pid: number,
  attached: boolean,
): Promise<EmbeddedPostgres> {
  const { socketDirectory = dataDirectory } = (await livePostmaster(dataDirectory)) ?? {}
  try {
    await provision(admin)
  } finally {
    await admin.end()
  }
  let stopped: Promise<void> | undefined
  return {
    ownerUrl: socketUrl(ownerRole, databaseName, socketDirectory),
    appUrl: socketUrl(appRole, databaseName, socketDirectory),
    adminUrl: socketUrl('postgres', 'postgres', socketDirectory),
    pid,
    attached,
    stop: () => (stopped ??= stopServer(dataDirectory, { pid, socketDirectory })),
  }
}

async function stopServer(dataDirectory: string, { pid, socketDirectory }: Postmaster): Promise<void> {
  const running = async () => (await livePostmaster(dataDirectory))?.pid === pid
  const signal = async (name: NodeJS.Signals) => {
    if (await running()) process.kill(pid, name)
  }
  const impatientAt = Date.now() + fastStopPatienceMs
  await signal('SIGINT')
  while (await running()) {
    // Immediate shutdown: the next start recovers, and nothing that was committed is lost.
    if (Date.now() > impatientAt) await signal('SIGQUIT')
    await sleep(20)
  }
  if (socketDirectory !== undefined && socketDirectory !== dataDirectory) {
    await rm(socketDirectory, { recursive: true, force: true })
  }
}

function socketUrl(user: string, database: string, socketDirectory: string): string {
  return `postgres://${user}@/${database}?host=${encodeURIComponent(socketDirectory)}&port=5432`
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
