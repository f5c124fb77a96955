import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client } from '@evenkeel/contract/client'
import { ImportBatch, importRoutes } from '@evenkeel/contract/import'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { diskStore } from '../src/platform/files/disk-store.ts'
import { read, type Database } from '../src/platform/postgres/database.ts'
import { workOnImport } from '../src/practices/import/index.ts'
import { scratchDirectory } from './instance-process.ts'
import { createWorld } from './world.ts'

const root = join(import.meta.dirname, '../..')

/** 332 updates of 65 incidents of a real service desk. */
export const importSample = await readFile(join(root, 'server/test/samples/incident-log.csv'), 'utf8')
export const importMapping = ImportMapping.parse(
  JSON.parse(await readFile(join(root, 'bench/mappings/incident-log.json'), 'utf8')),
)
/** The same file as another system's: nothing of it is known, and its numbers are ours to give. */
export const mappingFrom = (source: string): ImportMapping => {
  const { number: _, ...fields } = importMapping.fields
  return { ...importMapping, source, fields }
}
/** The sample so many times over, each time with incidents of its own. */
export const importSampleTimes = (times: number): string => {
  const [header = '', ...rows] = importSample.trimEnd().split('\n')
  const copies = Array.from({ length: times }, (_, copy) =>
    rows.map((row) => row.replace(/^INC/, `INC${copy}-`)),
  )
  return `${[header, ...copies.flat()].join('\n')}\n`
}

/** An organization with somebody who may import, and a worker that does what it is told to, when it is told to. */
export const openImportRoom = async () => {
  const scratch = await scratchDirectory()
  const files = diskStore(scratch.path)
  const world = await createWorld({ files, importLimitBytes: 1_000_000 })
  const tenant = await world.tenant('harbor')
  const ada = await tenant.person('Ada', 'administrator')
  const upload = async (content: Buffer | string, name = 'log.csv'): Promise<ImportBatch> => {
    const answer = await world.app.inject({
      method: 'POST',
      url: `/api/v1/imports?name=${name}`,
      headers: { cookie: ada.cookie, 'content-type': 'application/octet-stream' },
      payload: content,
    })
    if (answer.statusCode !== 201) throw new Error(answer.payload)
    return answer.json<ImportBatch>()
  }
  const work = (batchId: string, now: () => string = world.clock.now): Promise<void> =>
    workOnImport({ database: world.database, files, now, log: () => {} })(
      { tenantId: tenant.id, batchId },
      new AbortController().signal,
    )
  const examined = async (content: Buffer | string, mapping: ImportMapping): Promise<ImportBatch> => {
    const { id } = await upload(content)
    await ada.api.examineImport({ params: { id }, body: { mapping } })
    await work(id)
    return ada.api.readImport({ params: { id } })
  }
  return {
    world,
    tenant,
    ada,
    upload,
    work,
    examined,
    /** Brought, examined and run by nobody who is disturbed. */
    brought: async (content: Buffer | string, mapping: ImportMapping): Promise<ImportBatch> => {
      const { id } = await examined(content, mapping)
      await ada.api.runImport({ params: { id } })
      await work(id)
      return ada.api.readImport({ params: { id } })
    },
    end: async () => {
      await world.end()
      await scratch.remove()
    },
  }
}
export type ImportRoom = Awaited<ReturnType<typeof openImportRoom>>

/** The product in a process of its own, with its worker, to be killed. */
export type ImportProcess = {
  readonly child: ChildProcess
  readonly api: Client<typeof importRoutes>
  upload(content: string, name?: string): Promise<string>
  /** Looks until the batch is as wished; says how it is when it rests otherwise. */
  until(id: string, isSo: (batch: ImportBatch) => boolean): Promise<ImportBatch>
  /** `kill -9`; returns when it is gone. */
  readonly kill: () => Promise<void>
}

export const startImportProcess = async (
  databaseUrl: string,
  files: string,
  key: string,
): Promise<ImportProcess> => {
  const child = spawn(process.execPath, [join(root, 'bench/serve.ts')], {
    env: {
      PATH: process.env['PATH'],
      BENCH_DATABASE: databaseUrl,
      BENCH_FILES: files,
      BENCH_WORKER: 'true',
      BENCH_SUPERVISE: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line]: unknown[] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the process ended while it started')
    }),
  ])
  const baseUrl = String(line).trim()
  const authorization = `Bearer ${key}`
  const api = createClient(importRoutes, { baseUrl, headers: () => ({ authorization }) })
  return {
    child,
    api,
    upload: async (content, name = 'log.csv') => {
      const response = await fetch(`${baseUrl}/api/v1/imports?name=${name}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/octet-stream' },
        body: content,
      })
      if (!response.ok) throw new Error(await response.text())
      return ImportBatch.parse(await response.json()).id
    },
    until: async (id, isSo) => {
      const ends = performance.now() + 120_000
      for (;;) {
        const batch = await api.readImport({ params: { id } })
        if (isSo(batch)) return batch
        if (performance.now() > ends) throw new Error(`waited in vain: ${JSON.stringify(batch)}`)
        await sleep(20)
      }
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const identifier = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** Salts of personal values, and what commits to them: chance, each time. */
const chance = /(?<="(?:\$personal|salt)": ")[\w-]+(?=")/g

type Brought = {
  readonly key: string
  readonly record: string
  readonly entries: readonly string[]
  readonly updates: string | undefined
}

/**
 * All that a source has brought, record by record with its history: identifiers by the names they stand for, so that two imports of one
 * file can be held against each other. Numbers that we gave are left out: a transaction that was lost takes its numbers along.
 */
export const broughtBy = (database: Database, tenantId: string, source: string): Promise<Brought[]> =>
  read(database, tenantId, async (q) => {
    const of = { values: [tenantId, source] }
    const [named, records, entries, updates] = await Promise.all([
      q.rows<{ id: string; name: string }>({
        text: `select id, name from person where tenant_id = $1 union all select id, name from team where tenant_id = $1
               union all select id, name from service where tenant_id = $1`,
        values: [tenantId],
      }),
      q.rows<{ id: string; source_key: string; record: string }>({
        text: `select r.id, m.source_key, jsonb_build_array(to_jsonb(r) - array['id', 'number', 'search', 'import_id'], to_jsonb(i) - 'id',
                 m.recorded, m.version, m.last_at)::text as record
               from imported_record m join record r on r.tenant_id = m.tenant_id and r.id = m.record_id
                 join incident i on i.tenant_id = r.tenant_id and i.id = r.id
               where m.tenant_id = $1 and m.source = $2 order by m.source_key`,
        ...of,
      }),
      q.rows<{ record_id: string; entry: string }>({
        text: `select j.subject_id as record_id, jsonb_build_array(j.type, j.at, j.actor_kind, j.actor_id, j.data - 'number' - 'commentId', p.personal)::text as entry
               from journal j join imported_record m on m.tenant_id = j.tenant_id and m.record_id = j.subject_id
                 left join journal_personal p on p.tenant_id = j.tenant_id and p.entry_id = j.id
               where m.tenant_id = $1 and m.source = $2 order by j.id`,
        ...of,
      }),
      q.rows<{ record_id: string; updates: string }>({
        text: `select u.record_id, string_agg(u.line || ' ' || u.update_key, E'\n' order by u.line) as updates
               from imported_update u join imported_record m on m.tenant_id = u.tenant_id and m.record_id = u.record_id
               where m.tenant_id = $1 and m.source = $2 group by u.record_id`,
        ...of,
      }),
    ])
    const names = new Map(named.map(({ id, name }) => [id, name]))
    const plain = (text: string): string =>
      text
        .replaceAll(`Imported from ${source}.`, 'Imported.')
        .replaceAll(chance, '·')
        .replaceAll(identifier, (id) => names.get(id) ?? '·')
    const entriesOf = Map.groupBy(entries, (entry) => entry.record_id)
    const updatesOf = new Map(updates.map((row) => [row.record_id, row.updates]))
    return records.map(({ id, source_key, record }) => ({
      key: source_key,
      record: plain(record),
      entries: (entriesOf.get(id) ?? []).map(({ entry }) => plain(entry)),
      updates: updatesOf.get(id),
    }))
  })
