import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { prepareDatabase } from '../../server/src/app/prepare.ts'
import { embeddedBinaries } from '../../server/src/platform/postgres/embedded-binaries.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/src/platform/postgres/embedded.ts'
import { openDatabase } from '../../server/src/platform/postgres/database.ts'
import { databaseName } from '../../server/src/platform/postgres/provision.ts'
import { serverAccount } from '../../server/src/platform/postgres/server-account.ts'
import { makeTenant, type BenchTenant } from '../place.ts'

const run = promisify(execFile)

/** The API process; killed and started again it keeps its address. */
export type Product = {
  readonly address: string
  /** Of the process that runs now. */
  pid(): number
  /** `kill -9`; returns when it is gone. */
  kill(): Promise<void>
  start(): Promise<void>
  /** What it wrote to its error output: a rejection that nobody handled is there, followed by its end. */
  complaints(): string
  isRunning(): boolean
  /** Status of a health address; 0 when nothing answers within five seconds. */
  health(which: 'live' | 'ready'): Promise<number>
}

export type Control = 'answers first' | 'patient'

/** Where a fault happens: a database and the tenant that is written to. */
export type Place = {
  readonly tenant: BenchTenant
  product(control?: Control): Promise<Product>
  /** Rows as the superuser sees them, whoever's tenant. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** A superuser's connection; whoever asks for it ends it. */
  admin(): Promise<Client>
  readonly appUrl: string
  end(): Promise<void>
}

/** A place with a server of its own, at the durability the product has, to be stopped and killed. */
export type OwnPlace = Place & {
  /** SIGSTOP, SIGCONT or SIGKILL to the server and all its processes at once. */
  signalServer(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>
  /** Clean, fast stop. */
  stopServer(): Promise<void>
  /** As the product starts it; recovers first when it was killed. */
  startServer(): Promise<void>
  /** `pg_ctl restart`, in the server's account. */
  restartServer(mode: 'fast' | 'immediate'): Promise<void>
}

const permissions = [
  'incident.read',
  'incident.read_internal',
  'incident.raise',
  'incident.raise_for_others',
  'incident.comment',
  'incident.note',
  'incident.edit',
  'incident.assign',
  'incident.work',
  'incident.reopen',
  'incident.link',
] as const

/** Polls until it is so. The bound is far beyond what is measured: it ends a run that would hang. */
export const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<number> => {
  const began = performance.now()
  while (!(await isSo())) {
    if (performance.now() - began > 90_000) throw new Error(`waited in vain until ${what}`)
    await sleep(20)
  }
  return Math.round(performance.now() - began)
}

/** A place on a server that runs already. */
export const placeOn = async (urls: {
  readonly appUrl: string
  readonly adminUrl: string
}): Promise<Place> => {
  const database = await openDatabase({ url: urls.appUrl, connections: 2 })
  const tenant = await makeTenant(database, permissions)
  await database.end()
  const products: Product[] = []
  const admin = async (): Promise<Client> => {
    const client = new Client({ connectionString: urls.adminUrl })
    await client.connect()
    return client
  }
  return {
    tenant,
    appUrl: urls.appUrl,
    product: async (control) => {
      const product = await startProduct(urls.appUrl, control)
      products.push(product)
      return product
    },
    rows: async <Row>(text: string, values: readonly unknown[] = []) => {
      const client = await admin()
      try {
        // The caller declares the rows of the statement it wrote; pg cannot know them.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return (await client.query(text, [...values])).rows as Row[]
      } finally {
        await client.end()
      }
    },
    admin,
    end: async () => {
      for (const product of products) await product.kill()
    },
  }
}

export const openPlace = async (settings: Readonly<Record<string, string>> = {}): Promise<OwnPlace> => {
  const directory = await mkdtemp(join(tmpdir(), 'evenkeel-fault-'))
  // Run by root, the server has another account, which has to pass through here.
  await chmod(directory, 0o755)
  const dataDirectory = join(directory, 'database')
  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDirectory, settings })
  let server = await start()
  const account = await serverAccount(dataDirectory)
  await prepareDatabase(server.ownerUrl)
  // The superuser's address is that of the server; the rows are in our database.
  const adminUrl = server.adminUrl.replace('@/postgres?', `@/${databaseName}?`)
  const place = await placeOn({ appUrl: server.appUrl, adminUrl })
  const processes = async (): Promise<number[]> => {
    // pgrep says with its exit code that there are none.
    const { stdout } = await run('pgrep', ['-P', String(server.pid)]).catch(() => ({ stdout: '' }))
    return [server.pid, ...stdout.split('\n').filter(Boolean).map(Number)]
  }
  return {
    ...place,
    signalServer: async (signal) => {
      // The first one stands still while the others are counted, so that none is born in between.
      process.kill(server.pid, 'SIGSTOP')
      const all = await processes()
      for (const pid of signal === 'SIGCONT' ? all.toReversed() : all) tell(pid, signal)
    },
    stopServer: () => server.stop(),
    startServer: async () => {
      server = await start()
    },
    restartServer: async (mode) => {
      const binaries = await embeddedBinaries(account, dataDirectory)
      const owner = process.getuid?.() === 0 ? { uid: account.uid, gid: account.gid } : {}
      const log = join(dataDirectory, 'restart.log')
      await run(
        join(binaries, 'bin', 'pg_ctl'),
        ['restart', '-w', '-t', '60', '-m', mode, '-l', log, '-D', dataDirectory],
        { ...owner, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } },
      )
      // Another process serves now: it is taken over, so that it can be stopped.
      server = await start()
    },
    end: async () => {
      await place.end()
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const tell = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended by itself a moment ago.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

const startProduct = async (appUrl: string, control?: Control): Promise<Product> => {
  let complaints = ''
  const begin = async (port: string): Promise<{ child: ChildProcess; address: string }> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'product.ts')], {
      env: { PATH: process.env['PATH'], FAULT_DATABASE: appUrl, FAULT_PORT: port, FAULT_CONTROL: control },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString()
    })
    const [line]: unknown[] = await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => {
        throw new Error(`the API process ended while it started: ${complaints}`)
      }),
    ])
    return { child, address: String(line).trim() }
  }
  let { child, address } = await begin('0')
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  return {
    address,
    pid: () => child.pid ?? 0,
    kill: async () => {
      if (!isRunning()) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    start: async () => {
      child = (await begin(new URL(address).port)).child
    },
    complaints: () => complaints,
    isRunning,
    health: async (which) => {
      try {
        const answer = await fetch(`${address}/health/${which}`, { signal: AbortSignal.timeout(5000) })
        await answer.text()
        return answer.status
      } catch {
        return 0
      }
    },
  }
}
