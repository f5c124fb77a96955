import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, readFile, stat } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  evenkeelProcess,
  freePort,
  scratchDirectory,
  type InstanceProcess,
} from '../../server/test/instance-process.ts'

// Whole instances start and stop here, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const run = promisify(execFile)

let scratch: Awaited<ReturnType<typeof scratchDirectory>>
let settings: Record<string, string>
const processes: InstanceProcess[] = []

/** The data directory of an instance that was started once and stopped: most instances that start are not new. */
let before: Awaited<ReturnType<typeof scratchDirectory>>
beforeAll(async () => {
  before = await scratchDirectory()
  settings = await settingsIn(before.path)
  const first = start()
  await first.says(ready)
  await first.end('SIGTERM')
  processes.splice(0)
})
afterAll(() => before.remove())

beforeEach(async () => {
  scratch = await scratchDirectory()
  settings = await settingsIn(scratch.path)
})

afterEach(async () => {
  for (const instance of processes.splice(0))
    if (instance.child.exitCode === null) await instance.end('SIGKILL')
  const pid = await postmaster()
  if (pid !== undefined) process.kill(pid, 'SIGQUIT')
  while ((await postmaster()) !== undefined) await sleep(20)
  await scratch.remove()
})

const ready = /has no tenant yet|is ready/
const settingsIn = async (directory: string) => ({
  EVENKEEL_DATA: join(directory, 'data'),
  EVENKEEL_PORT: String(await freePort()),
  EVENKEEL_MODE: 'production',
  EVENKEEL_PUBLIC_URL: 'http://desk.example',
})
const start = (
  extra: Record<string, string> = {},
  who: { uid?: number; gid?: number } = {},
): InstanceProcess => {
  const instance = evenkeelProcess(['start'], { ...settings, ...extra }, who)
  processes.push(instance)
  return instance
}
const fresh = async (): Promise<InstanceProcess> => {
  const instance = start()
  await instance.says(ready)
  return instance
}
const started = async (extra: Record<string, string> = {}): Promise<InstanceProcess> => {
  const data = settings['EVENKEEL_DATA'] ?? ''
  // With owners and modes, as PostgreSQL wants them; and nothing over what a test made already.
  if (!existsSync(data)) await run('cp', ['-a', join(before.path, 'data'), data])
  const instance = start(extra)
  await instance.says(ready)
  return instance
}
const ask = async (path: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${settings['EVENKEEL_PORT']}${path}`)).status

/** The database server of the instance, while it runs. */
const postmaster = async (): Promise<number | undefined> => {
  try {
    const text = await readFile(join(settings['EVENKEEL_DATA'] ?? '', 'database/postmaster.pid'), 'utf8')
    const pid = Number(text.split('\n')[0])
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/** A request whose body is still on its way. */
const halfRequest = async (): Promise<Socket> => {
  const socket = connect(Number(settings['EVENKEEL_PORT']), '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    'POST /api/v1/incidents HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{',
  )
  await sleep(100)
  return socket
}

test('a fresh machine is served by one command, and SIGTERM stops all of it with exit code 0', async () => {
  const first = await fresh()
  expect(await ask('/api/v1/me')).toBe(401)
  expect(await postmaster()).toBeDefined()
  expect(await first.end('SIGTERM')).toBe(0)
  expect(await postmaster()).toBeUndefined()

  const second = await started()
  expect(await ask('/api/v1/me')).toBe(401)
  expect(await second.end('SIGINT')).toBe(0)
  expect(await postmaster()).toBeUndefined()
})

test('after kill -9 the next start takes over the database that was left behind, and stops it in the end', async () => {
  const killed = await started()
  const database = await postmaster()
  await killed.end('SIGKILL')
  expect(await postmaster()).toBe(database)

  const next = await started()
  expect(await ask('/api/v1/me')).toBe(401)
  expect(await postmaster()).toBe(database)
  expect(await next.end('SIGTERM')).toBe(0)
  expect(await postmaster()).toBeUndefined()
})

test('a database server that is killed is started again while the process goes on', async () => {
  const instance = await started({ EVENKEEL_LOG_LEVEL: 'info' })
  const database = await postmaster()
  process.kill(database ?? 0, 'SIGKILL')
  await instance.says(/starting it again/)
  while ((await postmaster()) === undefined || (await postmaster()) === database) await sleep(20)
  while ((await fetch(`http://127.0.0.1:${settings['EVENKEEL_PORT']}/health/ready`)).status !== 200)
    await sleep(50)
  expect(await instance.end('SIGTERM')).toBe(0)
  expect(await postmaster()).toBeUndefined()
})

test('told to stop while the database comes up again, it leaves no database behind', async () => {
  for (const pause of [0, 30, 100, 250]) {
    const instance = await started({ EVENKEEL_LOG_LEVEL: 'info' })
    process.kill((await postmaster()) ?? 0, 'SIGKILL')
    await instance.says(/starting it again/)
    await sleep(pause)
    expect(await instance.end('SIGTERM')).toBe(0)
    expect(await postmaster()).toBeUndefined()
  }
})

test('a request under way is finished before the process ends', async () => {
  const instance = await started()
  const request = await halfRequest()
  instance.child.kill('SIGTERM')
  await sleep(300)
  request.write('}')
  const [answer]: unknown[] = await once(request, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /)
  expect(await instance.ended()).toBe(0)
})

test('a second signal ends it at once, whatever is still under way, and takes the database along', async () => {
  const instance = await started()
  const request = await halfRequest()
  request.on('error', () => {})
  instance.child.kill('SIGTERM')
  // Not one press that npm passed on a second time.
  await sleep(700)
  expect(instance.child.exitCode).toBeNull()
  expect(await instance.end('SIGTERM')).toBe(1)
  while ((await postmaster()) !== undefined) await sleep(20)
})

test('stopped while it still starts, it ends cleanly, and the next start begins anew', async () => {
  const instance = start({ EVENKEEL_MODE: 'demo', EVENKEEL_PUBLIC_URL: '' })
  await instance.says(/Preparing the demo/)
  expect(await instance.end('SIGTERM')).toBe(0)
  expect(await postmaster()).toBeUndefined()
  // Half a demo is not taken for a whole one.
  const next = start({ EVENKEEL_MODE: 'demo', EVENKEEL_PUBLIC_URL: '' })
  await next.says(/Preparing the demo/)
  expect(await next.end('SIGTERM')).toBe(0)
})

test('npm start passes SIGTERM on, and answers with the exit code', async () => {
  const npm = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...settings },
  })
  let text = ''
  npm.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const ended = once(npm, 'exit')
  while (!text.includes('has no tenant yet')) {
    if (npm.exitCode !== null) throw new Error(`it ended with ${npm.exitCode} and said only:\n${text}`)
    await sleep(50)
  }
  npm.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
  expect(await postmaster()).toBeUndefined()
})

test('two signals of one key press are one', async () => {
  const instance = await started()
  instance.child.kill('SIGINT')
  expect(await instance.end('SIGINT')).toBe(0)
  expect(await postmaster()).toBeUndefined()
})

test('a port that is taken is said in one sentence, and nothing was made', async () => {
  const other = createServer().listen(Number(settings['EVENKEEL_PORT']), '127.0.0.1')
  await once(other, 'listening')
  const instance = start()
  expect(await instance.ended()).toBe(2)
  expect(instance.output()).toBe(
    `EVENKEEL_PORT is ${settings['EVENKEEL_PORT']}, where another program answers already. Stop that one, or choose another port.\n`,
  )
  await expect(stat(settings['EVENKEEL_DATA'] ?? '')).rejects.toThrow('ENOENT')
  other.close()
})

test('a second instance on the same data says so and leaves the first one its database', async () => {
  const first = await started()
  const second = start()
  expect(await second.ended()).toBe(2)
  const third = await started({ EVENKEEL_PORT: String(await freePort()) })
  expect(await third.end('SIGTERM')).toBe(0)
  expect(await ask('/api/v1/me')).toBe(401)
  expect(await first.end('SIGTERM')).toBe(0)
  expect(await postmaster()).toBeUndefined()
})

test.runIf(process.getuid?.() === 0)(
  'an ordinary user starts it too, and is told what they may not write',
  async () => {
    const somebody = { uid: 65_534, gid: 65_534 }
    await chmod(scratch.path, 0o777)
    const instance = start({}, somebody)
    await instance.says(/has no tenant yet/)
    expect(await instance.end('SIGTERM')).toBe(0)

    await chmod(scratch.path, 0o755)
    const refused = start({ EVENKEEL_DATA: join(scratch.path, 'other') }, somebody)
    expect(await refused.ended()).toBe(2)
    expect(refused.output()).toMatch(/^EVENKEEL_DATA is \S+other, which nobody cannot write to \(EACCES\)\./)
  },
)
