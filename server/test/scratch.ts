import { chmod, mkdir, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const gibibyte = 1024 ** 3
const prefix = 'evenkeel-test-'

/**
 * A directory for what a run of the tests makes and throws away, as their `TMPDIR`. In memory where there is plenty: a test's database is
 * a thousand small files, which are copied and removed there in half the time.
 */
export const scratchDirectory = async (): Promise<string> => {
  const parent = (await isRoomy(memory)) ? memory : tmpdir()
  await removeAbandoned(parent)
  const directory = join(parent, `${prefix}${process.pid}`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory)
  // As any directory of that name: instances run by another account keep their things here too.
  await chmod(directory, 0o1777)
  return directory
}

/** Room for everything, and memory left for those who work in it. */
const isRoomy = async (directory: string): Promise<boolean> => {
  if (process.platform !== 'linux' || process.availableMemory() < 8 * gibibyte) return false
  const room = await statfs(directory).catch(() => null)
  return room !== null && room.bavail * room.bsize >= 6 * gibibyte
}

/** A killed run takes its servers with it, but leaves its files. */
const removeAbandoned = async (parent: string): Promise<void> => {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN
    // What somebody else left is theirs.
    if (Number.isInteger(pid) && !isRunning(pid))
      await rm(join(parent, name), { recursive: true, force: true }).catch(() => {})
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
