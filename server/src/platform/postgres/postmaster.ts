import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A database server that is running on a data directory; `socketDirectory` is absent while it is still starting. */
export interface Postmaster {
  readonly pid: number
  readonly socketDirectory?: string
}

/**
 * The server that is running on the data directory now, whoever started it. What a dead one left behind does not count,
 * nor does a stranger that was given its process id.
 */
export async function livePostmaster(dataDirectory: string): Promise<Postmaster | undefined> {
  const lines = await lockFile(dataDirectory)
  const pid = Number(lines?.[0])
  if (!Number.isInteger(pid) || pid <= 0 || !(await isServerOf(dataDirectory, pid))) return undefined
  const socketDirectory = lines?.[4]?.trim()
  return socketDirectory ? { pid, socketDirectory } : { pid }
}

/**
 * Where process ids start again from 1 at every boot (containers), the id in the lock file of a killed server soon
 * belongs to something else, and PostgreSQL then refuses to start for good. The file is not removed: it also names the
 * shared memory by which PostgreSQL notices backends of the killed server that are still writing. Only the id is
 * replaced, by that of our own process, which PostgreSQL knows not to be a server because it is its parent.
 */
export async function disownLock(dataDirectory: string, socketDirectory: string): Promise<void> {
  const lines = await lockFile(dataDirectory)
  if (lines !== undefined && (await livePostmaster(dataDirectory)) === undefined) {
    await writeFile(
      join(dataDirectory, 'postmaster.pid'),
      [String(process.pid), ...lines.slice(1)].join('\n'),
    )
    await rm(join(socketDirectory, '.s.PGSQL.5432.lock'), { force: true })
  }
}

async function lockFile(dataDirectory: string): Promise<string[] | undefined> {
  try {
    return (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function isServerOf(dataDirectory: string, pid: number): Promise<boolean> {
  try {
    // The server makes its data directory its working directory. A zombie has none, and nothing to wait for.
    if (process.platform === 'linux') {
      return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dataDirectory))
    }
    return /\bpostgres$/m.test((await run('ps', ['-o', 'comm=', '-p', String(pid)])).stdout.trim())
  } catch {
    return false
  }
}
