import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ArchiveFault, type ArchiveManifest } from '../platform/carry/format.ts'
import { diskStore } from '../platform/files/disk-store.ts'
import type { Database } from '../platform/postgres/database.ts'
import { filesDirectory } from './backup.ts'
import type { Config } from './config.ts'
import { asOperator, OperatorFault } from './operator.ts'
import { exportOrganization } from './organization.export.ts'
import { importOrganization, type CarriedOrganization } from './organization.import.ts'

/**
 * Writes an organisation's archive. The file appears when it is whole, for its owner's eyes only; `-` writes to `output`.
 * @throws OperatorFault when the file exists
 */
export const exportToFile = async (
  config: Config,
  database: Database,
  tenantId: string,
  file: string,
  output: Writable,
): Promise<ArchiveManifest> => {
  if (file !== '-') await mustBeFree(file)
  const store = diskStore(filesDirectory(config))
  const { manifest, chunks } = await exportOrganization(database, store, asOperator(tenantId))
  const archive = Readable.from(chunks, { objectMode: false })
  if (file === '-') {
    await pipeline(archive, output, { end: false })
    return manifest
  }
  const draft = `${file}.partial`
  try {
    const handle = await open(draft, 'wx', 0o600)
    await pipeline(archive, handle.createWriteStream({ flush: true }))
    await mustBeFree(file)
    await rename(draft, file)
  } catch (error) {
    archive.destroy()
    await rm(draft, { force: true })
    throw error
  }
  return manifest
}

const mustBeFree = async (file: string): Promise<void> => {
  const taken = await stat(file).then(
    () => true,
    () => false,
  )
  if (taken) throw new OperatorFault(`${file} exists already; nothing is overwritten.`)
}

/**
 * Puts an archive into the instance as a tenant of its own; `-` reads `input`.
 * @throws OperatorFault with what is wrong with it, and then nothing was kept
 */
export const importFromFile = async (
  config: Config,
  database: Database,
  file: string,
  slug: string | undefined,
  input: Readable,
): Promise<CarriedOrganization> => {
  const archive = file === '-' ? input : createReadStream(file, { highWaterMark: 1_048_576 })
  try {
    return await importOrganization(database, diskStore(filesDirectory(config)), archive, {
      slug,
      now: new Date().toISOString(),
    })
  } catch (error) {
    if (error instanceof ArchiveFault) throw new OperatorFault(error.message, { cause: error })
    throw error
  } finally {
    archive.destroy()
  }
}
