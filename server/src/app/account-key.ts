import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const bytes = 32

/**
 * The key that encrypts the seeds of one-time codes: outside the database, so that a copy of the database gives nobody a second factor.
 * Made on the first start; every process of an instance needs the same one, and a backup without it makes people set up their codes again.
 */
export const loadAccountKey = async (file: string): Promise<Buffer> => {
  const found = await readKey(file)
  if (found !== undefined) return found
  await mkdir(dirname(file), { recursive: true })
  try {
    // Exclusive: of two processes that start at once, one makes the key and both use it.
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(randomBytes(bytes).toString('base64'))
    await handle.sync()
    await handle.close()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const made = await readKey(file)
  if (made === undefined) throw new Error(`the account key ${file} went away`)
  return made
}

const readKey = async (file: string): Promise<Buffer | undefined> => {
  try {
    const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64')
    if (key.length !== bytes) throw new Error(`${file} does not hold ${bytes} bytes in base64`)
    return key
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
