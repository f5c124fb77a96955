import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newSigningKey, signingKey, type SigningKey } from '../kernel/evidence/note.ts'
import { ConfigurationFault } from './config.ts'

// The secrets of an instance live in files beside the database, never in it: whoever gets a copy of the database gets neither.

/** The key that signs the journal's heads. */
export const loadSigningKey = async (file: string): Promise<SigningKey> => {
  const text = await secretIn(file, 'EVENKEEL_SIGNING_KEY_FILE', () => newSigningKey().privateKeyPem)
  try {
    return signingKey(text)
  } catch {
    throw new ConfigurationFault([`EVENKEEL_SIGNING_KEY_FILE is ${file}, which holds no Ed25519 key in PEM.`])
  }
}

/** The key that encrypts one-time-code seeds: 32 bytes, kept as base64. */
export const loadAccountKey = async (file: string): Promise<Buffer> => {
  const text = await secretIn(
    file,
    'EVENKEEL_ACCOUNT_KEY_FILE',
    () => `${randomBytes(32).toString('base64')}\n`,
  )
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32)
    throw new ConfigurationFault([
      `EVENKEEL_ACCOUNT_KEY_FILE is ${file}, which does not hold 32 bytes in base64.`,
    ])
  return key
}

/** Reads a secret, made when it is missing; readable by the server's user only. Of two processes that start at once both use one. */
const secretIn = async (file: string, setting: string, make: () => string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw unusable(setting, file, error)
  }
  try {
    await mkdir(dirname(file), { recursive: true })
    const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(make())
      await handle.sync()
    } finally {
      await handle.close()
    }
    // Whole or not at all, and never over one that is there.
    await link(draft, file).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    await rm(draft)
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unusable(setting, file, error)
  }
}

export const fileExists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

const unusable = (setting: string, file: string, error: unknown): ConfigurationFault =>
  new ConfigurationFault([`${setting} is ${file}, which cannot be read or made (${codeOf(error)}).`])
