/**
 * Takes a whole organization out of `BENCH_DATABASE` and puts it in again under another name, in a process of its own; prints how long each
 * took, how much it was, and the most memory, as one line of JSON. `bench/import.ts` runs it over the incident log.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { countsOf, exportOrganization } from '../server/src/app/organization.export.ts'
import { importOrganization } from '../server/src/app/organization.import.ts'
import { diskStore } from '../server/src/platform/files/disk-store.ts'
import { openDatabase } from '../server/src/platform/postgres/database.ts'

const database = await openDatabase({ url: process.env['BENCH_DATABASE'] ?? '' })
const files = diskStore(process.env['BENCH_FILES'] ?? '')
const directory = await mkdtemp(join(tmpdir(), 'evenkeel-carry-'))
const file = join(directory, 'organization.tar')
const seconds = (since: number): number => (performance.now() - since) / 1000
/** The most memory so far; null where the system does not say. */
const peakMegabytes = async (): Promise<number | null> => {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) / 1024
}
try {
  let began = performance.now()
  const { manifest, chunks } = await exportOrganization(database, files, {
    tenantId: process.env['BENCH_TENANT'] ?? '',
    actor: { kind: 'system', id: null, onBehalfOf: null, via: 'bench' },
    request: null,
    now: new Date().toISOString(),
  })
  await pipeline(Readable.from(chunks), createWriteStream(file))
  const exportSeconds = seconds(began)
  const exportPeakMegabytes = await peakMegabytes()
  began = performance.now()
  await importOrganization(database, files, createReadStream(file), {
    slug: `carried-${Date.now()}`,
    now: new Date().toISOString(),
  })
  const importSeconds = seconds(began)
  process.stdout.write(
    `${JSON.stringify({
      rows: countsOf(manifest).rows,
      bytes: (await stat(file)).size,
      exportSeconds,
      exportPeakMegabytes,
      importSeconds,
      importPeakMegabytes: await peakMegabytes(),
    })}\n`,
  )
} finally {
  await database.end()
  await rm(directory, { recursive: true, force: true })
}
