import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../../test/database.ts'
import { hasForeignPostgres, startForeignPostgres } from '../../test/foreign-postgres.ts'
import { scratchDirectory } from '../../test/instance-process.ts'
import { createWorld, type World } from '../../test/world.ts'
import { uuidv7 } from '../kernel/uuid.ts'
import { BackupFault, type BackupManifest } from '../platform/backup/format.ts'
import { restoreBackup } from '../platform/backup/restore-backup.ts'
import { backupTables } from '../platform/backup/tables.ts'
import { readTar, tarEnd, tarHeader, tarPadding } from '../platform/backup/tar.ts'
import { writeBackup } from '../platform/backup/write-backup.ts'
import { enqueue as enqueueJobs, installJobs, openJobs, type Queue } from '../platform/jobs/jobs.ts'
import { reactionRunner, type Reaction } from '../platform/journal/reactions.ts'
import { sealerWith } from '../platform/journal/sealer.ts'
import { write } from '../platform/journal/write.ts'
import { openDatabase, type Database } from '../platform/postgres/database.ts'
import { migrate } from '../platform/postgres/migrate.ts'
import { attachmentDirectory, earlierKeysFile, filesDirectory, makeBackup, restoreInto } from './backup.ts'
import { readConfig, type Config } from './config.ts'
import { verifyStored } from './evidence.ts'
import { loadSigningKey } from './key-file.ts'
import { prepareDatabase } from './prepare.ts'

const content = Buffer.from('%PDF-1.7 what the printer said')
const storageKey = `${uuidv7()}/2026-03/${uuidv7()}`
let world: World
let source: { path: string; remove(): Promise<void> }
let target: { path: string; remove(): Promise<void> }
let from: Config
let into: Config
let tenant: Awaited<ReturnType<World['tenant']>>
let agent: Awaited<ReturnType<typeof tenant.person>>
let empty: TestDatabase

const handled: string[] = []
const listener: Reaction = {
  name: 'test.listener',
  to: ['incident.raised'],
  react: async (_, entries) => void handled.push(...entries.map(({ subject_id }) => subject_id)),
}
const run = async (database: Database, reaction: Reaction): Promise<void> => {
  const runner = reactionRunner(reaction, { database, now: () => '2026-03-02T09:00:00.000Z' })
  while (await runner.run());
}
const raise = async (title: string): Promise<string> =>
  (await agent.api.raiseIncident({ body: { title, impact: 2, urgency: 2 } })).id

beforeAll(async () => {
  world = await createWorld()
  await prepareDatabase(world.test.ownerUrl)
  source = await scratchDirectory()
  from = readConfig({ EVENKEEL_DATA: source.path })
  for (const slug of ['hospital', 'bank']) {
    tenant = await world.tenant(slug)
    agent = await tenant.person('Ana', 'agent')
    for (let count = 0; count < 5; count += 1) await raise(`Printer ${count}: Tür "klemmt" \\N \t tab`)
  }
  await run(world.database, sealerWith(await loadSigningKey(from.signingKeyFile)))
  // Transactions of other databases on the server hold the horizon back for a moment: read until all ten were.
  while (handled.length < 10) await run(world.database, listener)
  const id = uuidv7()
  const recordId = await raise('It has an attachment, and nobody has read of it')
  await write(world.database, tenant.author(), async (tx) => {
    tx.send({
      text: `insert into attachment (tenant_id, id, record_id, audience, name, media_type, size_bytes, sha256, storage_key, added_by, created_at)
             values ($1, $2, $3, 'team', 'page.pdf', 'application/pdf', $4, $5, $8, $6, $7)`,
      values: [
        tx.tenantId,
        id,
        recordId,
        content.length,
        createHash('sha256').update(content).digest(),
        agent.id,
        tx.author.now,
        storageKey,
      ],
    })
  })
  await mkdir(dirname(join(filesDirectory(from), storageKey)), { recursive: true })
  await writeFile(join(filesDirectory(from), storageKey), content)
})
afterAll(async () => {
  await world.end()
  await source.remove()
})
beforeEach(async () => {
  handled.length = 0
  empty = await emptyDatabase()
  target = await scratchDirectory()
  into = readConfig({ EVENKEEL_DATA: target.path })
})
afterEach(async () => {
  await empty.drop()
  await target.remove()
})

const nowhere = new Readable({ read: () => {} })
const backup = async (name = uuidv7()): Promise<{ file: string; manifest: BackupManifest }> => {
  const file = join(source.path, name)
  return { file, manifest: await makeBackup(from, world.test.ownerUrl, file, process.stdout) }
}
const restore = (file: string) => restoreInto(into, empty.ownerUrl, file, nowhere)

const query = async <Row extends object>(url: string, text: string): Promise<Row[]> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
const tenantsIn = async (url: string): Promise<number> => {
  const [row] = await query<{ there: boolean }>(
    url,
    `select to_regclass('public.tenant') is not null as there`,
  )
  if (row?.there !== true) return 0
  return (await query<{ count: number }>(url, 'select count(*)::int as count from tenant'))[0]?.count ?? 0
}

test('a restored instance has every row, every file and a journal that verifies', async () => {
  const { file, manifest } = await backup()
  const { mode } = await stat(file)
  expect(mode & 0o077).toBe(0)
  const restored = await restore(file)
  expect(restored.manifest).toEqual(manifest)
  expect(manifest.tables.find(({ name }) => name === 'public.incident')?.rows).toBe(11)
  expect(manifest.attachments).toEqual({ files: 1, bytes: content.length, missing: [] })
  expect(await readFile(join(filesDirectory(into), storageKey))).toEqual(content)

  // A backup of the copy is the same, but for the era that the restore began.
  const again = await makeBackup(into, empty.ownerUrl, join(target.path, 'again'), process.stdout)
  const withoutEra = ({ tables }: BackupManifest) =>
    tables.filter(({ name }) => name !== 'public.journal_era')
  expect(withoutEra(again)).toEqual(withoutEra(manifest))

  const database = await openDatabase({ url: empty.appUrl })
  expect(await readFile(earlierKeysFile(into), 'utf8')).toMatch(/BEGIN PUBLIC KEY/)
  const keys = [into.signingKeyFile, earlierKeysFile(into)]
  const verdict = await verifyStored(database, tenant.id, keys, { heads: [], keys: [] })
  expect(verdict).toMatchObject({ ok: true })
  await database.end()
})

test('row-level security and every foreign key are back in force', async () => {
  const rules = `select c.relname as name, c.relforcerowsecurity as forced,
      (select json_agg(pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k where k.conrelid = c.oid) as rules
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`
  await restore((await backup()).file)
  expect(await query(empty.ownerUrl, rules)).toEqual(await query(world.test.ownerUrl, rules))
})

test('reactions go on where they were: what was unread is handled once, what was read is not handled again', async () => {
  const unread = await raise('Nobody has read of this one either')
  await restore((await backup()).file)
  const database = await openDatabase({ url: empty.appUrl })
  await run(database, listener)
  await expect.poll(() => run(database, listener).then(() => handled.length)).toBeGreaterThanOrEqual(2)
  await run(database, listener)
  expect(handled).toHaveLength(2)
  expect(handled.at(-1)).toBe(unread)

  // What comes now is written in the new era, and read after everything of the old one.
  expect(database.era).toBe(world.database.era + 1)
  await write(database, tenant.author(), async (tx) => {
    tx.journal({ type: 'incident.raised', subject: { kind: 'incident', id: unread }, data: {} })
  })
  await expect.poll(() => run(database, listener).then(() => handled.length)).toBe(3)
  expect(handled).toHaveLength(3)
  await run(database, sealerWith(await loadSigningKey(into.signingKeyFile)))
  const keys = [into.signingKeyFile, earlierKeysFile(into)]
  expect(await verifyStored(database, tenant.id, keys, { heads: [], keys: [] })).toMatchObject({
    ok: true,
    unsealed: 0,
  })
  await database.end()
})

test('jobs that wait are done once after the restore, and those that were done are not done again', async () => {
  const queue: Queue = { name: 'test', retryLimit: 0, retryDelay: 1, retryDelayMax: 1, expireInSeconds: 60 }
  const seen: unknown[] = []
  const enqueue = async (url: string, database: Database, key: string) => {
    await write(database, tenant.author(), async (tx) => enqueueJobs(tx, queue, [{ key, data: { key } }]))
    return openJobs({ url, onError: () => {} })
  }
  const work = async (jobs: Awaited<ReturnType<typeof openJobs>>, url: string) => {
    await jobs.work(queue, 1, async ({ key }) => void seen.push(key))
    const waiting = `select 1 from pgboss.job where state < 'completed'`
    while ((await query(url, waiting)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    await jobs.stop()
  }
  await installJobs(world.test.ownerUrl, [queue])
  await work(await enqueue(world.test.appUrl, world.database, 'done'), world.test.appUrl)
  await (await enqueue(world.test.appUrl, world.database, 'waiting')).stop()
  expect(seen).toEqual(['done'])

  const { file } = await backup()
  // A version of the code without this queue does not swallow its jobs.
  await expect(restore(file)).rejects.toThrow(/jobs of queues that this version does not have: test/)
  await restoreBackup({
    archive: Readable.from([zstdDecompressSync(await readFile(file))]),
    ownerUrl: empty.ownerUrl,
    attachments: attachmentDirectory(filesDirectory(into)),
    prepare: async (upTo) => {
      await migrate(empty.ownerUrl, { upTo })
      await installJobs(empty.ownerUrl, [queue])
    },
  })
  const database = await openDatabase({ url: empty.appUrl })
  // The same key once more: it is known already.
  await work(await enqueue(empty.appUrl, database, 'done'), empty.appUrl)
  expect(seen).toEqual(['done', 'waiting'])
  await database.end()
  await query(world.test.ownerUrl, 'delete from pgboss.job')
})

test('a backup that is made while people work holds one moment: every incident with its entry, or neither', async () => {
  const working = Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let count = 0; count < 10; count += 1) await raise(`worker ${worker}, incident ${count}`)
    }),
  )
  const { file } = await backup()
  await working
  await restore(file)
  const [counts] = await query<{ incidents: number; entries: number }>(
    empty.adminUrl,
    `select (select count(*)::int from incident) as incidents,
       (select count(distinct subject_id)::int from journal where type = 'incident.raised') as entries`,
  )
  expect(counts?.incidents).toBeGreaterThan(0)
  expect(counts?.entries).toBe(counts?.incidents)
})

test('a file of an attachment that is gone does not stop the backup, and is named', async () => {
  const elsewhere = readConfig({ EVENKEEL_DATA: target.path })
  const file = join(target.path, 'backup')
  const manifest = await makeBackup(elsewhere, world.test.ownerUrl, file, process.stdout)
  expect(manifest.attachments.missing).toHaveLength(1)
  await expect(restore(file)).resolves.toMatchObject({ manifest })
})

test('a damaged attachment is not saved as if it were whole', async () => {
  await writeFile(join(filesDirectory(from), storageKey), 'something else')
  const { manifest } = await backup()
  expect(manifest.attachments).toMatchObject({ files: 0, missing: [expect.stringContaining(tenant.id)] })
  await writeFile(join(filesDirectory(from), storageKey), content)
})

test('a backup overwrites nothing, and leaves no half file behind when it fails', async () => {
  const { file } = await backup()
  await expect(makeBackup(from, world.test.ownerUrl, file, process.stdout)).rejects.toThrow('exists already')
  await expect(
    makeBackup(from, world.test.ownerUrl.replace('evenkeel_owner', 'nobody'), `${file}.x`, process.stdout),
  ).rejects.toThrow()
  expect((await readdir(source.path)).filter((name) => /partial|\.x$/.test(name))).toEqual([])
})

test('an instance that has anything in it, or that runs, is not restored into', async () => {
  const { file } = await backup()
  await prepareDatabase(empty.ownerUrl)
  const running = await openDatabase({ url: empty.appUrl })
  await expect(restore(file)).rejects.toThrow(/^The instance is running\. Stop Evenkeel first/)
  await running.end()
  await restore(file)
  await expect(restore(file)).rejects.toThrow(/^The instance is not empty\./)
})

describe('an archive that is not as it was written is refused, and nothing is kept', () => {
  let archive: Buffer
  beforeEach(async () => {
    archive = await readFile((await backup()).file)
  })
  afterEach(async () => {
    expect(await tenantsIn(empty.adminUrl)).toBe(0)
    const kept = await readdir(filesDirectory(into), { recursive: true, withFileTypes: true }).catch(() => [])
    expect(kept.filter((entry) => entry.isFile())).toEqual([])
  })
  const refused = async (bytes: Buffer, reason: RegExp): Promise<void> => {
    const file = join(target.path, 'archive')
    await writeFile(file, bytes)
    const failure: unknown = await restore(file).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(BackupFault)
    expect(failure).toHaveProperty('message', expect.stringMatching(reason))
  }
  /** The archive with its files changed, compressed anew. */
  const rewritten = async (
    change: (name: string, content: Buffer) => Buffer | undefined,
  ): Promise<Buffer> => {
    const parts: Buffer[] = []
    for await (const { name, body } of readTar(Readable.from([zstdDecompressSync(archive)]))) {
      const pieces: Buffer[] = []
      for await (const piece of body) pieces.push(piece)
      const content = change(name, Buffer.concat(pieces))
      if (content === undefined) continue
      parts.push(tarHeader(name, content.length, new Date()), content, tarPadding(content.length))
    }
    return zstdCompressSync(Buffer.concat([...parts, tarEnd()]))
  }
  const replaced = (content: Buffer, was: string, is: string): Buffer => {
    expect(content.includes(was)).toBe(true)
    return Buffer.from(content.toString('latin1').replace(was, is), 'latin1')
  }

  test('one that is cut off anywhere', async () => {
    for (const part of [0, 0.2, 0.5, 0.9, 0.999])
      await refused(archive.subarray(0, Math.floor(archive.length * part)), /cut off|not a backup/)
  })
  test('one with a flipped bit anywhere', async () => {
    for (const part of [0.01, 0.3, 0.6, 0.99]) {
      const copy = Buffer.from(archive)
      const at = Math.floor(copy.length * part)
      copy[at] = (copy[at] ?? 0) ^ 0x10
      // Flipped in what comes before the checksum, it may show as something else that is wrong first.
      await refused(copy, /cannot be used|not a backup|does not fit|made by a version of Evenkeel/)
    }
  })
  test('one whose last rows were left out together with their manifest', async () => {
    await refused(
      await rewritten((name, content) => (name === 'manifest.json' ? undefined : content)),
      /cut off/,
    )
  })
  test('one with a changed value', async () => {
    const changed = await rewritten((name, content) =>
      name.startsWith('tables/public.person/') ? replaced(content, 'Ana', 'Eva') : content,
    )
    await refused(changed, /the rows of public\.person are not those that were saved/)
  })
  test('one with a table left out', async () => {
    const changed = await rewritten((name, content) =>
      name.startsWith('tables/public.journal/') ? undefined : content,
    )
    await refused(changed, /the rows of public\.journal are not those/)
  })
  test('one with rows that are no rows', async () => {
    const changed = await rewritten((name, content) =>
      name.startsWith('tables/public.person/') ? Buffer.from('nonsense\n') : content,
    )
    await refused(changed, /rows do not fit its own tables/)
  })
  test('one with a changed attachment', async () => {
    const changed = await rewritten((name, content) =>
      name.startsWith('attachments/') ? replaced(content, 'printer', 'PRINTER') : content,
    )
    await refused(changed, /attachments\/.* was changed/)
  })
  test('one with a changed header, an unknown table, or something unknown in it', async () => {
    await refused(
      await rewritten((name, content) =>
        name === 'evenkeel-backup.json' ? replaced(content, '"postgres": "1', '"postgres": "2') : content,
      ),
      /its header was changed/,
    )
    await refused(
      await rewritten((name, content) =>
        name === 'evenkeel-backup.json' ? replaced(content, '"public.person"', '"public.persona"') : content,
      ),
      /they differ in public\.person/,
    )
    const stranger = Buffer.from('#!/bin/sh')
    const parts = [tarHeader('../evil', stranger.length, new Date()), stranger, tarPadding(stranger.length)]
    const plain = zstdDecompressSync(archive)
    const [headerBlocks] = [512 + Math.ceil(sizeAt(plain) / 512) * 512]
    await refused(
      zstdCompressSync(
        Buffer.concat([plain.subarray(0, headerBlocks), ...parts, plain.subarray(headerBlocks)]),
      ),
      /it holds \.\.\/evil, which does not belong there/,
    )
  })
  const sizeAt = (tar: Buffer): number => Number.parseInt(tar.toString('latin1', 124, 135), 8)

  test('one of a newer version, or of a version with another history', async () => {
    const edited = (
      edit: (header: { migrations: { number: number; file: string; checksum: string }[] }) => void,
    ) =>
      rewritten((name, content) => {
        if (name !== 'evenkeel-backup.json') return content
        const header = JSON.parse(content.toString())
        edit(header)
        return Buffer.from(JSON.stringify(header))
      })
    await refused(
      await edited(({ migrations }) =>
        migrations.push({ number: 9000, file: '9000_later.sql', checksum: 'x' }),
      ),
      /made by a newer version/,
    )
    await refused(
      await edited(({ migrations: [first] }) => void (first === undefined || (first.checksum = 'x'))),
      /0001_journal_and_tenants\.sql was different/,
    )
  })
  test('something that is no backup at all', async () => {
    await refused(Buffer.from('PGDMP and so on'), /cannot be used/)
    await refused(Buffer.alloc(0), /cannot be used|not a backup/)
    await refused(zstdCompressSync(Buffer.alloc(4096)), /not a backup of Evenkeel/)
    await refused(zstdCompressSync(Buffer.from('x'.repeat(4096))), /header of the archive is damaged/)
  })
})

test.runIf(hasForeignPostgres)(
  'a backup of PostgreSQL 18 is restored into PostgreSQL 15, in another cluster',
  async () => {
    const server = await startForeignPostgres()
    await server.asSuperuser(
      'postgres',
      `create role keeper login password 'keeper'; create role evenkeel_app login password 'evenkeel_app'`,
    )
    await server.asSuperuser('postgres', 'create database copy owner keeper')
    const { file, manifest } = await backup()
    const url = server.url('keeper', 'copy')
    expect((await restoreInto(into, url, file, nowhere)).manifest).toEqual(manifest)
    const database = await openDatabase({ url: server.url('evenkeel_app', 'copy') })
    expect(database.era).toBe(world.database.era + 1)
    await run(database, listener)
    expect(handled.length).toBeGreaterThan(0)
    await database.end()
    await server.stop()
  },
)

test('no table and no sequence is forgotten', async () => {
  const client = new Client({ connectionString: world.test.ownerUrl })
  await client.connect()
  const copied = (await backupTables(client)).map(({ name }) => name)
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'pgboss') and not c.relispartition and c.relkind in ('r', 'p', 'S')`,
  )
  await client.end()
  // Each of these was thought about: see `tables.ts`.
  const left = ['bam', 'queue', 'queue_stats', 'version', 'warning'].map((name) => `pgboss.${name}`)
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => !copied.includes(name))
      .toSorted(),
  ).toEqual([...left, 'public.evenkeel_migration', 'public.presence'])
})

test('the archive is read by the tar of the system', async () => {
  const chunks: Buffer[] = []
  for await (const chunk of writeBackup({
    ownerUrl: world.test.ownerUrl,
    now: new Date('2026-03-02T09:00:00Z'),
    attachments: attachmentDirectory(filesDirectory(from)),
    publicKeys: [],
  }))
    chunks.push(chunk)
  await writeFile(join(target.path, 'plain.tar'), Buffer.concat(chunks))
  const { execFileSync } = await import('node:child_process')
  const listed = execFileSync('tar', ['-tf', join(target.path, 'plain.tar')], { encoding: 'utf8' })
    .trim()
    .split('\n')
  expect(listed[0]).toBe('evenkeel-backup.json')
  expect(listed).toContain('tables/public.journal/000001')
  expect(listed.at(-1)).toBe('manifest.json')
})
