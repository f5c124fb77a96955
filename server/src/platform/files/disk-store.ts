import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '../../kernel/refusal.ts'
import { FileDamaged, type FileStore, type StoredFile } from './file-store.ts'
import { says } from '../platform.reasons.ts'

const keyForm = /^[0-9a-f-]{36}\/\d{4}-\d{2}\/[0-9a-f-]{36}$/

/** Files in a directory, under random names: `<tenant>/<year-month>/<uuid>`. Half a file is never visible: it is renamed when it is whole. */
export const diskStore = (directory: string): FileStore => {
  const pathOf = (key: string): string => {
    if (!keyForm.test(key)) throw new TypeError('not a key of this store')
    return join(directory, key)
  }
  return {
    put: async (tenantId, content, limitBytes) => {
      const key = `${tenantId}/${new Date().toISOString().slice(0, 7)}/${randomUUID()}`
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const half = `${path}.half`
      const hash = createHash('sha256')
      let sizeBytes = 0
      const tooLarge = (): Refusal =>
        new Refusal('too_large', says('file.tooLarge', { megabytes: Math.floor(limitBytes / 1_048_576) }))
      const measure = new Transform({
        transform: (chunk: Buffer, _, done) => {
          sizeBytes += chunk.length
          // Read on for a while without keeping it, so that the sender hears the answer instead of a broken connection.
          if (sizeBytes > limitBytes) return done(sizeBytes > 2 * limitBytes ? tooLarge() : null)
          hash.update(chunk)
          return done(null, chunk)
        },
      })
      try {
        await pipeline(content, measure, createWriteStream(half, { flags: 'wx', mode: 0o600 }))
        if (sizeBytes > limitBytes) throw tooLarge()
        await durable(half)
        await rename(half, path)
        await durable(dirname(path))
      } catch (error) {
        await rm(half, { force: true })
        if (isDiskFull(error)) throw new Refusal('unavailable', says('file.noRoom'), { 'retry-after': '60' })
        throw error
      }
      return { key, sizeBytes, sha256: hash.digest() }
    },
    open: async (file) => {
      const path = pathOf(file.key)
      await mustBeWhole(path, file)
      return createReadStream(path)
    },
    peek: async (key, start = 0, end = Number.POSITIVE_INFINITY) =>
      createReadStream(pathOf(key), { start, end: end - 1 }),
    remove: (key) => rm(pathOf(key), { force: true }),
    older: async function* (before) {
      const names = await readdir(directory, { recursive: true }).catch(() => [])
      for (const name of names) {
        const key = name.replaceAll('\\', '/')
        if (!keyForm.test(key.replace(/\.half$/, ''))) continue
        const info = await stat(join(directory, name)).catch(() => undefined)
        if (info === undefined || !info.isFile() || info.mtime >= before) continue
        if (key.endsWith('.half')) await rm(join(directory, name), { force: true })
        else yield key
      }
    },
  }
}

const durable = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const mustBeWhole = async (path: string, file: StoredFile): Promise<void> => {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch {
    throw new FileDamaged(file.key)
  }
  if (!hash.digest().equals(file.sha256)) throw new FileDamaged(file.key)
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
