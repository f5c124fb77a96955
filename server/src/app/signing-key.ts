import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newSigningKey, signingKey, type SigningKey } from '../kernel/evidence/note.ts'

/** The key that signs the journal's heads: outside the database, made on the first start, readable by the server's user only. */
export const loadSigningKey = async (file: string): Promise<SigningKey> => {
  try {
    return signingKey(await readFile(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  await mkdir(dirname(file), { recursive: true })
  const { privateKeyPem } = newSigningKey()
  try {
    // Exclusive: of two processes that start at once, one makes the key and both use it.
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(privateKeyPem)
    await handle.sync()
    await handle.close()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return signingKey(await readFile(file, 'utf8'))
}
