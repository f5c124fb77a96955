import { createHash, createPublicKey, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { BackupFault, type BackupManifest } from '../platform/backup/format.ts'
import { restoreBackup, type AttachmentTarget, type Restored } from '../platform/backup/restore-backup.ts'
import { writeBackup, type AttachmentFiles } from '../platform/backup/write-backup.ts'
import { installJobs } from '../platform/jobs/jobs.ts'
import { migrate } from '../platform/postgres/migrate.ts'
import type { Config } from './config.ts'
import { prepareDatabase, queues } from './prepare.ts'

export type Attachments = AttachmentFiles & AttachmentTarget

/** Where the instance keeps attachments. */
export const filesDirectory = (config: Config): string => join(config.dataDirectory, 'files')

/** Attachments in a directory of this machine. */
export const attachmentDirectory = (directory: string): Attachments => {
  const pathOf = (storageKey: string): string => {
    const path = resolve(directory, storageKey)
    if (!path.startsWith(resolve(directory) + sep))
      throw new BackupFault(`The backup cannot be used: ${storageKey} is no place for an attachment.`)
    return path
  }
  return {
    read: async (storageKey, sha256) => {
      const path = pathOf(storageKey)
      try {
        const { size } = await stat(path)
        const hash = createHash('sha256')
        for await (const chunk of createReadStream(path)) hash.update(chunk)
        return hash.digest('hex') === sha256 ? { size, content: createReadStream(path) } : undefined
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
    put: async (storageKey, content) => {
      const path = pathOf(storageKey)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const hash = createHash('sha256')
      const draft = `${path}.${randomUUID()}`
      try {
        await pipeline(
          content,
          async function* (parts: AsyncIterable<Buffer>) {
            for await (const part of parts) {
              hash.update(part)
              yield part
            }
          },
          createWriteStream(draft, { mode: 0o600, flush: true }),
        )
        await rename(draft, path)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      return hash.digest('hex')
    },
    remove: (storageKey) => rm(pathOf(storageKey), { force: true }),
  }
}

/** Public halves of earlier keys, PEM after PEM: what they signed stays verifiable. */
export const earlierKeysFile = (config: Config): string => `${config.signingKeyFile}.earlier`

/**
 * Writes a backup of the instance as it is now. The file appears when it is whole, for its owner's eyes only; `-` writes to `output`.
 * @throws when the file exists
 */
export const makeBackup = async (
  config: Config,
  ownerUrl: string,
  file: string,
  output: Writable,
): Promise<BackupManifest> => {
  const chunks = writeBackup({
    ownerUrl,
    now: new Date(),
    attachments: attachmentDirectory(filesDirectory(config)),
    publicKeys: await publicKeysOf(config),
  })
  let manifest: BackupManifest | undefined
  const archive = async function* (): AsyncGenerator<Buffer> {
    manifest = yield* chunks
  }
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  })
  if (file === '-') await pipeline(Readable.from(archive()), compress, output, { end: false })
  else {
    const draft = `${file}.partial`
    const handle = await open(draft, 'wx', 0o600)
    try {
      await requireFree(file)
      await pipeline(Readable.from(archive()), compress, handle.createWriteStream({ flush: true }))
      await rename(draft, file)
    } catch (error) {
      await handle.close().catch(() => {})
      await rm(draft, { force: true })
      throw error
    }
  }
  if (manifest === undefined) throw new Error('the backup ended without its manifest')
  return manifest
}

const requireFree = async (file: string): Promise<void> => {
  const taken = await stat(file).then(
    () => true,
    () => false,
  )
  if (taken) throw new BackupFault(`${file} exists already; a backup overwrites nothing.`)
}

/** @throws BackupFault, and then nothing was changed */
export const restoreInto = async (
  config: Config,
  ownerUrl: string,
  file: string,
  input: Readable,
): Promise<Restored> => {
  const source = file === '-' ? input : createReadStream(file)
  const archive = createZstdDecompress()
  // Failures of the source reach the reader through the archive.
  const flowing = pipeline(source, archive)
  flowing.catch(() => {})
  const restored = await restoreBackup({
    archive,
    ownerUrl,
    attachments: attachmentDirectory(filesDirectory(config)),
    prepare: async (newestMigration) => {
      await migrate(ownerUrl, { upTo: newestMigration })
      await installJobs(ownerUrl, queues)
    },
  })
  await prepareDatabase(ownerUrl)
  await keepEarlierKeys(config, restored.header.publicKeys)
  return restored
}

const publicKeysOf = async (config: Config): Promise<string[]> => {
  const own = await textOf(config.signingKeyFile)
  const earlier = await textOf(earlierKeysFile(config))
  return [...(own === '' ? [] : [publicPem(own)]), ...pemsIn(earlier)]
}

const publicPem = (privatePem: string): string =>
  createPublicKey(privatePem).export({ type: 'spki', format: 'pem' }).toString()

const pemsIn = (text: string): string[] =>
  [...text.matchAll(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g)].map(([pem]) => `${pem}\n`)

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })

/** Heads in the backup were signed by the instance it was made of: verifying them needs its public keys. */
const keepEarlierKeys = async (config: Config, publicKeys: readonly string[]): Promise<void> => {
  const known = new Set(await publicKeysOf(config))
  const fresh = publicKeys.flatMap(pemsIn).filter((pem) => !known.has(pem))
  if (fresh.length === 0) return
  const file = earlierKeysFile(config)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, (await textOf(file)) + fresh.join(''), { mode: 0o644, flush: true })
}
