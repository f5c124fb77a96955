import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf } from '../../test/incidents.ts'
import { clientFor, createWorld, type World } from '../../test/world.ts'
import { uuidv7 } from '../kernel/uuid.ts'
import { newSigningKey, signingKey, verifierKey } from '../kernel/evidence/note.ts'
import { verifyJournal } from '../kernel/evidence/verify.ts'
import { readTar, tarEnd, tarHeader, tarPadding } from '../platform/backup/tar.ts'
import { ArchiveManifest } from '../platform/carry/format.ts'
import { newCredential } from '../platform/http/credential.ts'
import { cookieNames } from '../practices/people/index.ts'
import { diskStore } from '../platform/files/disk-store.ts'
import { reactionRunner, type Reaction } from '../platform/journal/reactions.ts'
import { sealerWith } from '../platform/journal/sealer.ts'
import { storedJournal } from '../platform/journal/stored-journal.ts'
import { write, type Author } from '../platform/journal/write.ts'
import { read } from '../platform/postgres/database.ts'
import { exportOrganization } from './organization.export.ts'
import { importOrganization } from './organization.import.ts'
import { carriedTables } from './organization.tables.ts'
import { retryableReactions } from './worker.ts'

type Instance = { readonly world: World; readonly directory: string; readonly end: () => Promise<void> }
const instance = async (): Promise<Instance> => {
  const directory = await mkdtemp(join(tmpdir(), 'evenkeel-carry-'))
  const world = await createWorld({ files: diskStore(directory) })
  return {
    world,
    directory,
    end: async () => {
      await world.end()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

let here: Instance
let there: Instance
let cast: Awaited<ReturnType<typeof castOf>>
let archive: Buffer
const hostile = 'Tür "klemmt" \\N \t\n<script>alert(1)</script> 🚪 \u2028 =1+1'

const upload = async (id: string, cookie: string, name: string, content: Buffer): Promise<string> => {
  const answer = await here.world.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${id}/attachments?name=${name}&audience=public`,
    headers: { cookie, 'content-type': 'application/octet-stream' },
    payload: content,
  })
  expect(answer.statusCode).toBe(201)
  return String(answer.json().id)
}

const run = async ({ world }: Instance, reactions: readonly Reaction[]): Promise<void> => {
  for (const reaction of reactions) {
    const runner = reactionRunner(reaction, { database: world.database, now: world.clock.now })
    // Transactions of other databases on the server hold the horizon back for a moment.
    for (let quiet = 0; quiet < 10; quiet = (await runner.run()) ? 0 : quiet + 1)
      if (quiet > 0) await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** An organisation in which every table that comes along has something in it. */
const fill = async (): Promise<void> => {
  const { world } = here
  cast = await castOf(world, 'hospital')
  const { tenant, rita, otto, amir, lena } = cast
  const ana = await tenant.person('Ana', 'administrator', 'agent')
  const serviceId = await tenant.service(`Print ${hostile.slice(0, 30)}`, cast.mailId)
  const server = { class: 'server', name: `Host ${hostile.slice(0, 30)}` }
  const values = {
    asset_tag: 'T-1',
    memory: 12.5,
    warranty_until: '2028-02-29',
    ip_addresses: ['10.0.0.1', '::1'],
  }
  const [host, twin] = [
    await ana.api.createItem({
      body: { ...server, values: { ...values, cost: { amount: '9.90', currency: 'EUR' } } },
    }),
    await ana.api.createItem({ body: { ...server, values } }),
  ]
  await ana.api.relateItem({ params: { id: serviceId }, body: { type: 'runs_on', toId: host.id } })
  await ana.api.sayItemHealth({ params: { id: host.id }, body: { health: 'degraded', reason: hostile } })
  const items = [
    { externalId: '1', class: 'server', name: 'new', values: { serial: 'N-1' } },
    { externalId: '2', class: 'server', name: 'which', values: { asset_tag: 'T-1' } },
  ]
  await ana.api.putItemsBySource({ params: { source: 'scan' }, body: { items } })
  world.clock.advance(1000)
  // All it knew is gone: that waits for a person.
  await ana.api.finishDelivery({ params: { source: 'scan' }, body: { since: world.clock.now() } })
  const branch = await ana.api.createBranch({
    body: { name: 'New disks', startsAt: '2030-01-06T02:00:00Z', endsAt: '2030-01-06T04:00:00Z' },
  })
  await ana.api.addBranchStep({
    params: { id: branch.id },
    body: { kind: 'make', class: 'server', name: 'disks-2' },
  })
  const room = await ana.api.createItem({ body: { class: 'location', name: 'Room 1', values: {} } })
  await ana.api.editItem({ params: { id: twin.id }, version: 1, body: { values: { location: room.id } } })
  const audit = await ana.api.openAudit({ body: { name: hostile.slice(0, 100), placeId: room.id } })
  await ana.api.deliverScans({
    params: { id: audit.id },
    body: {
      scans: [
        {
          id: '01980000-0000-7000-8000-000000000001',
          text: hostile,
          at: world.clock.now(),
          placeId: room.id,
        },
      ],
    },
  })
  await ana.api.decideAudit({
    params: { id: audit.id },
    body: { decisions: [{ itemId: twin.id, decision: 'leave' }] },
  })
  const lent = await ana.api.createItem({
    body: { class: 'server', name: 'Lent', values: { owner: ana.id } },
  })
  const attestation = await ana.api.openAttestation({
    body: { name: hostile.slice(0, 100), filter: 'name:Lent', dueAt: '2100-01-01T00:00:00.000Z' },
  })
  await ana.api.remindAttestation({ params: { id: attestation.id }, body: {} })
  await ana.api.answerAttestation({
    params: { id: attestation.id },
    body: { itemIds: [lent.id], answer: 'wrong', note: hostile },
  })
  await ana.api.mergeItems({ params: { id: twin.id }, body: { fromId: host.id }, version: 2 })
  await ana.api.createCustomField({
    body: { key: 'floor', label: 'Floor', type: 'number', isInternal: false },
  })
  const template = await ana.api.createTemplate({
    body: { kind: 'quick_reply', name: 'Thanks', document: { audience: 'public', body: 'Thank you.' } },
  })
  await ana.api.editTemplate({
    params: { id: template.id },
    body: { name: 'Thanks a lot' },
    version: template.version,
  })
  const view = await lena.api.createView({ body: { name: 'Mine', filter: { all: [] } } })
  const first = await cast.raise(rita, {
    title: 'The door',
    description: hostile,
    serviceId,
    custom: { floor: 3 },
  })
  await cast.inState('on_hold', { title: 'Waiting for parts' })
  await cast.inState('resolved')
  await cast.inState('closed')
  await cast.inState('canceled')
  const second = await cast.raise(otto, { title: 'Another door' })
  await cast.raise(otto, { title: 'About my contract', confidential: true })
  const params = { id: first.id }
  await rita.api.commentIncident({ params, body: { audience: 'public', body: hostile } })
  await amir.api.commentIncident({ params, body: { audience: 'team', body: 'It is the hinge.' } })
  await lena.api.linkIncident({ params, body: { type: 'related', toId: second.id } })
  await lena.api.nameIncidentItem({ params: { ...params, itemId: twin.id }, body: { effect: 'down' } })
  await amir.api.watchIncident({ params, body: {} })
  await amir.api.addAffected({ params, body: { personId: otto.id } })
  await amir.api.addToChecklist({ params, body: { items: ['Oil', 'Paint'] } })
  await lena.api.startBulk({
    body: { ids: [second.id], steps: [{ do: 'comment', audience: 'team', body: 'x' }] },
  })
  await amir.api.setNoticePreference({
    params: { kind: 'comment' },
    body: { inApplication: true, mail: true, digest: true },
  })
  await amir.api.setDigestHour({ body: { hour: 9 } })
  for (const name of ['door.txt', 'same.txt'])
    await upload(first.id, rita.cookie, name, Buffer.from('a door'))
  const removed = await upload(first.id, rita.cookie, 'wrong.txt', Buffer.from('a window'))
  await ana.api.removeAttachment({ params: { id: removed } })
  await write(world.database, tenant.author(), async (tx) => {
    const { tenantId: tenant_id } = tx
    tx.insert('default_view', { tenant_id, person_id: lena.id, record_kind: 'incident', view_id: view.id })
    const mapping = { name: 'Old desk', version: 1, document: '{}', saved_at: tx.author.now }
    tx.insert('import_mapping', { tenant_id, ...mapping })
    tx.insert('item_end_told', {
      tenant_id,
      item_id: twin.id,
      attribute: 'warranty_until',
      day: '2028-02-29',
      told_at: tx.author.now,
    })
    tx.insert('account_use', { tenant_id, person_id: amir.id, last_used_at: tx.author.now, warned_at: null })
    tx.insert('routing_turn', {
      tenant_id,
      team_id: cast.mailId,
      person_id: amir.id,
      last_given_at: tx.author.now,
    })
  })
  await run(here, retryableReactions)
}

const authorOf = ({ world }: Instance, tenantId: string): Author => ({
  tenantId,
  actor: { kind: 'system', id: null, onBehalfOf: null, via: 'cli' },
  request: null,
  now: world.clock.now(),
})

const take = async (from: Instance, tenantId: string): Promise<Buffer> => {
  const { chunks } = await exportOrganization(
    from.world.database,
    diskStore(from.directory),
    authorOf(from, tenantId),
  )
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}
async function* inPieces(content: Buffer, size = 10_007): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}
const put = (into: Instance, content: Buffer, slug?: string) =>
  importOrganization(into.world.database, diskStore(into.directory), inPieces(content), {
    slug,
    now: into.world.clock.now(),
  })

const filesIn = async (content: Buffer): Promise<Map<string, Buffer>> => {
  const found = new Map<string, Buffer>()
  for await (const { name, body } of readTar(inPieces(content))) {
    const parts: Buffer[] = []
    for await (const part of body) parts.push(Buffer.from(part))
    found.set(name, Buffer.concat(parts))
  }
  return found
}
const manifestIn = (files: ReadonlyMap<string, Buffer>): ArchiveManifest =>
  ArchiveManifest.parse(JSON.parse(files.get('manifest.json')?.toString() ?? ''))

let carried: Awaited<ReturnType<typeof put>>

beforeAll(async () => {
  here = await instance()
  there = await instance()
  await fill()
  archive = await take(here, cast.tenant.id)
  carried = await put(there, archive)
}, 120_000)
afterAll(async () => {
  await here.end()
  await there.end()
})

describe('an organization that moves', () => {
  test('every table that comes along has a row in this test', async () => {
    const { tables } = manifestIn(await filesIn(archive))
    expect(tables.filter(({ rows }) => rows === 0).map(({ name }) => name)).toEqual([])
    expect(tables.map(({ name }) => name)).toEqual(carriedTables.map(({ name }) => name))
  })

  test('taken out, put into another instance and taken out there, it is the same, byte for byte', async () => {
    const again = await filesIn(await take(there, carried.id))
    for (const [name, content] of await filesIn(archive))
      expect([name, again.get(name)?.toString()]).toEqual([name, content.toString()])
    expect((await take(there, carried.id)).equals(archive)).toBe(true)
    expect((await take(here, cast.tenant.id)).equals(archive)).toBe(true)
  })

  test('holds nothing that lets anybody in, nothing of the instance, and names no tenant', async () => {
    const { rows } = await here.world.database.pool.query<{ names: string[] }>(
      `select array_agg(relname::text) as names from pg_class where relname = any('{session,password,api_key}')`,
    )
    expect(rows[0]?.names).toHaveLength(3)
    const secrets = await read(here.world.database, cast.tenant.id, (q) =>
      q.rows<{ id: string; hash: string; key: string }>({
        text: `select s.id, encode(s.secret_hash, 'hex') as hash, a.storage_key as key from session s
               join attachment a on a.tenant_id = s.tenant_id where s.tenant_id = $1`,
        values: [q.tenantId],
      }),
    )
    expect(secrets.length).toBeGreaterThan(3)
    const text = archive.toString('latin1')
    for (const { hash, key } of secrets)
      expect([text.includes(hash), text.includes(key)]).toEqual([false, false])
    expect(text).not.toContain(cast.tenant.id)
    expect(text).not.toContain('storageKey')
  })

  test('nobody hears of what happened before: no mail, no notice, and not by a worker that has never run', async () => {
    // There was mail where it happened, and everybody whose notice is not there would be told again.
    expect((await counts(here, cast.tenant.id)).mail).toBeGreaterThan(0)
    const fresh = await instance()
    try {
      const { id } = await put(fresh, archive)
      await fresh.world.asAdmin('delete from notification')
      await run(fresh, retryableReactions)
      expect(await counts(fresh, id)).toEqual({ mail: 0, notices: 0, cursors: retryableReactions.length })
    } finally {
      await fresh.end()
    }
  })

  test('its journal is sealed anew and verifies, personal values and all', async () => {
    const pair = newSigningKey()
    await run(there, [sealerWith(signingKey(pair.privateKeyPem))])
    const verdict = await read(there.world.database, carried.id, (q) =>
      verifyJournal(storedJournal(q), {
        tenant: carried.id,
        keys: [verifierKey(`evenkeel/${carried.id}`, pair.publicKeyPem)],
      }),
    )
    expect(verdict).toMatchObject({ ok: true, unsealed: 0 })
    const types = await read(there.world.database, carried.id, (q) =>
      q.rows<{ type: string }>({
        text: 'select type from journal where tenant_id = $1',
        values: [q.tenantId],
      }),
    )
    expect(verdict).toMatchObject({ size: types.length })
    expect(types.map(({ type }) => type)).toContain('organization.imported')
  })

  test('work goes on there: history, files, the next number, and what happens from now on is told', async () => {
    const cookie = await signInTo(there, carried.id, cast.amir.id)
    const amir = clientFor(there.world.app, { cookie })
    const list = await amir.listIncidents({ query: { q: 'title:"The door"' } })
    const [row] = list.rows
    expect(row?.number).toMatch(/^INC/)
    const { items } = await amir.incidentTimeline({ params: { id: row?.id ?? '' }, query: { limit: 200 } })
    expect(items.map(({ sentence }) => sentence)).toContain('Attached door.txt.')
    expect(JSON.stringify(items)).toContain('It is the hinge.')
    const files = await amir.listAttachments({ params: { id: row?.id ?? '' } })
    for (const { path } of files.attachments) {
      const got = await there.world.app.inject({ url: `/api/v1${path}`, headers: { cookie } })
      expect(got.payload).toBe('a door')
    }
    expect(files.attachments).toHaveLength(2)
    const [highest] = await read(there.world.database, carried.id, (q) =>
      q.rows<{ number: string }>({
        text: 'select number from record where tenant_id = $1 order by number desc limit 1',
        values: [q.tenantId],
      }),
    )
    const next = await amir.raiseIncident({ body: { title: 'The first one here' } })
    expect(Number(next.number.slice(3))).toBe(Number(highest?.number.slice(3)) + 1)
    const before = await counts(there)
    await amir.commentIncident({
      params: { id: row?.id ?? '' },
      body: { audience: 'public', body: 'We moved.' },
    })
    await run(there, retryableReactions)
    expect((await counts(there)).notices).toBeGreaterThan(before.notices)
  })

  test('a second time under the same name it is refused; under another name it is a second one', async () => {
    await expect(put(there, archive)).rejects.toThrow('There is a tenant hospital already.')
    const second = await put(there, archive, 'copy')
    const copy = await filesIn(await take(there, second.id))
    const original = await filesIn(archive)
    expect(manifestIn(copy)).toEqual({
      ...manifestIn(original),
      organization: { ...manifestIn(original).organization, slug: 'copy' },
    })
  })
})

describe('taken out over the API', () => {
  const ask = (cookie: string) =>
    here.world.app.inject({ url: '/api/v1/organization/export', headers: { cookie } })

  test('it is the same archive, under a name with the day, and on record', async () => {
    const ana = await cast.tenant.person('Olga', 'administrator')
    const answer = await ask(ana.cookie)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-tar',
      'content-disposition': 'attachment; filename="hospital-2026-03-02.tar"',
    })
    expect(answer.rawPayload.equals(await take(here, cast.tenant.id))).toBe(true)
    const { tables } = manifestIn(await filesIn(answer.rawPayload))
    const contents = await ana.api.readOrganizationContents()
    expect(contents.tables).toEqual(tables.map(({ name, rows }) => ({ name, rows })))
    expect(contents.files).toEqual({ count: 2, bytes: 12 })
    const [entry] = (await ana.api.listJournal({ query: { type: 'organization.exported' } })).rows
    expect(entry).toMatchObject({ subject: { kind: 'tenant', id: cast.tenant.id } })
  })

  test('it is for administrators who proved a moment ago that they are there, and for no key', async () => {
    const { tenant, world } = { tenant: cast.tenant, world: here.world }
    const auditor = await tenant.person('Vera', 'auditor')
    expect((await ask(auditor.cookie)).statusCode).toBe(403)
    expect((await ask('')).statusCode).toBe(401)
    const admin = await tenant.person('Boris', 'administrator')
    world.clock.advance(16 * 60_000)
    expect((await ask(admin.cookie)).json()).toMatchObject({ code: 'recent_sign_in_needed' })
  })
})

/** What people were told, and how many reactions have read everything there is. */
const counts = (
  { world }: Instance,
  tenantId = carried.id,
): Promise<{ mail: number; notices: number; cursors: number }> =>
  read(world.database, tenantId, (q) =>
    q.one({
      text: `select (select count(*)::int from outbound_mail where tenant_id = $1) as mail,
               (select count(*)::int from notification where tenant_id = $1) as notices,
               (select count(*)::int from reaction_cursor where entry_id = (select j.id from journal j where j.tenant_id = $1
                  order by j.era desc, j.tx desc, j.id desc limit 1)) as cursors`,
      values: [q.tenantId],
    }),
  )

const signInTo = async ({ world }: Instance, tenantId: string, personId: string): Promise<string> => {
  const id = uuidv7()
  const { text, hash } = newCredential(tenantId, id)
  await write(world.database, { ...authorOf(there, tenantId) }, async (tx) => {
    tx.insert('session', {
      tenant_id: tenantId,
      id,
      person_id: personId,
      secret_hash: hash,
      signed_in_by: 'test',
      proved_at: tx.author.now,
      created_at: tx.author.now,
      last_seen_at: '2100-01-01T00:00:00.000Z',
      expires_at: '2100-01-01T00:00:00.000Z',
    })
  })
  return `${cookieNames.plain}=${text}`
}

type Parts = Map<string, Buffer>
const packed = (parts: Parts): Buffer =>
  Buffer.concat([
    ...[...parts].flatMap(([name, content]) => [
      tarHeader(name, content.length, new Date(0)),
      content,
      tarPadding(content.length),
    ]),
    tarEnd(),
  ])
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** The archive with a file changed, and a manifest that vouches for the change. */
const vouched = async (name: string, change: (text: string) => string): Promise<Buffer> => {
  const parts = await filesIn(archive)
  const content = Buffer.from(change(parts.get(`${name}.jsonl`)?.toString() ?? ''))
  parts.set(`${name}.jsonl`, content)
  const manifest = manifestIn(parts)
  const tables = manifest.tables.map((table) =>
    table.name === name
      ? {
          name,
          rows: content.toString().split('\n').length - 1,
          bytes: content.length,
          sha256: sha256(content),
        }
      : table,
  )
  parts.set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, tables })))
  return packed(parts)
}
const first = (text: string, change: (line: string) => string): string => {
  const [line = '', ...rest] = text.split('\n')
  return [change(line), ...rest].join('\n')
}
const changed = async (change: (parts: Parts) => Parts): Promise<Buffer> =>
  packed(change(await filesIn(archive)))
const manifestWith = (change: (manifest: ArchiveManifest) => object) => (parts: Parts) =>
  new Map([...parts, ['manifest.json', Buffer.from(JSON.stringify(change(manifestIn(parts))))]])
const stranger = '00000000-0000-7000-8000-000000000009'

const hostiles: readonly [name: string, archive: () => Promise<Buffer> | Buffer, says: RegExp][] = [
  ['is empty', () => Buffer.alloc(0), /not an archive/],
  ['is a picture', () => Buffer.from('\x89PNG\r\n\x1a\n'.repeat(500), 'latin1'), /not an archive/],
  ['is an empty tar', () => tarEnd(), /not an archive/],
  ['is cut off in a table', () => archive.subarray(0, archive.length - 5000), /cut off/],
  ['is cut off between tables', () => changed((parts) => new Map([...parts].slice(0, -1))), /cut off/],
  [
    'leads out of its folder',
    () =>
      changed(
        (parts) =>
          new Map([
            ...[...parts].slice(0, 1),
            ['../../etc/cron.d/x', Buffer.from('x')],
            ...[...parts].slice(1),
          ]),
      ),
    /does not belong there/,
  ],
  [
    'has a place from the root',
    () =>
      changed(
        (parts) =>
          new Map([...[...parts].slice(0, 1), ['/etc/passwd', Buffer.from('x')], ...[...parts].slice(1)]),
      ),
    /does not belong there/,
  ],
  [
    'has a file more',
    () => changed((parts) => new Map([...parts, ['password.jsonl', Buffer.from('')]])),
    /does not belong there/,
  ],
  [
    'has tables in another order',
    () =>
      changed(
        (parts) =>
          new Map(
            [...parts]
              .toReversed()
              .toSorted(([a], [b]) => Number(b === 'manifest.json') - Number(a === 'manifest.json')),
          ),
      ),
    /does not belong there/,
  ],
  [
    'names a table that nobody knows',
    () =>
      changed(
        manifestWith((manifest) => ({
          ...manifest,
          tables: [{ ...manifest.tables[0], name: 'pg_authid' }, ...manifest.tables.slice(1)],
        })),
      ),
    /holds a table "pg_authid"/,
  ],
  [
    'lacks a table',
    () => changed(manifestWith((manifest) => ({ ...manifest, tables: manifest.tables.slice(0, -1) }))),
    /lacks the table journal/,
  ],
  [
    'is of a later format',
    () => changed(manifestWith((manifest) => ({ ...manifest, version: 2 }))),
    /format 2; this version reads format 1/,
  ],
  [
    'has another field in its manifest',
    () => changed(manifestWith((manifest) => ({ ...manifest, isDemo: true }))),
    /manifest is wrong/,
  ],
  [
    'has a time zone that is none',
    () =>
      changed(
        manifestWith((manifest) => ({
          ...manifest,
          organization: { ...manifest.organization, timeZone: 'Mars/Olympus' },
        })),
      ),
    /no time zone/,
  ],
  [
    'says of more rows than there are',
    () =>
      changed(
        manifestWith((manifest) => ({
          ...manifest,
          tables: manifest.tables.map((table) => ({ ...table, rows: table.rows + 1 })),
        })),
      ),
    /and its manifest names/,
  ],
  [
    'was changed by one letter',
    () =>
      changed(
        (parts) =>
          new Map(
            [...parts].map(([name, content]) => [
              name,
              name === 'comment.jsonl' ? Buffer.from(content.toString().replace('hinge', 'hinGe')) : content,
            ]),
          ),
      ),
    /comment\.jsonl was changed/,
  ],
  [
    'has another file under the name',
    () =>
      changed(
        (parts) =>
          new Map(
            [...parts].map(([name, content]) => [
              name,
              name.startsWith('files/') ? Buffer.from('a dooR') : content,
            ]),
          ),
      ),
    /was changed/,
  ],
  [
    'lacks a file',
    () =>
      changed((parts) =>
        manifestWith((manifest) => ({ ...manifest, files: { count: 0, bytes: 0, missing: [] } }))(
          new Map([...parts].filter(([name]) => !name.startsWith('files/'))),
        ),
      ),
    /lacks the file/,
  ],
  [
    'has a row that is no JSON',
    () => vouched('person', (text) => first(text, () => '{"id":')),
    /person\.jsonl, line 1 is no JSON/,
  ],
  [
    'has a row nested too deeply',
    () =>
      vouched('person', (text) =>
        first(text, (line) =>
          line.replace('"custom":{}', `"custom":${'['.repeat(20_000)}${']'.repeat(20_000)}`),
        ),
      ),
    /nested more than/,
  ],
  [
    'has a line without an end',
    () => vouched('person', (text) => `${text}${' '.repeat(9 * 1_048_576)}\n`),
    /a line of more than 8 MiB/,
  ],
  [
    'has a field that nobody knows',
    () => vouched('person', (text) => first(text, (line) => line.replace('{', '{"tenantId":"x",'))),
    /a field tenantId that nobody knows/,
  ],
  [
    'lacks a field',
    () => vouched('person', (text) => first(text, (line) => line.replace(/"phone":"",/, ''))),
    /has no phone/,
  ],
  [
    'has a value of another kind',
    () => vouched('person', (text) => first(text, (line) => line.replace('"isVip":false', '"isVip":"no"'))),
    /isVip that is not true or false/,
  ],
  [
    'has a row twice',
    () => vouched('team', (text) => `${text.split('\n')[0] ?? ''}\n${text}`),
    /team\.jsonl, lines .* do not fit/,
  ],
  [
    'points at what is not in it',
    () =>
      vouched('team_member', (text) =>
        first(text, (line) => line.replace(/"teamId":"[^"]+"/, `"teamId":"${stranger}"`)),
      ),
    /do not fit the rest of it/,
  ],
  [
    'gives a permission that is none',
    () =>
      vouched('role_permission', (text) =>
        first(text, (line) => line.replace(/"permission":"[^"]+"/, '"permission":"everything"')),
      ),
    /which is no permission/,
  ],
  [
    'has a rule that is no document of its kind',
    () =>
      vouched('policy_version', (text) =>
        first(text, (line) => line.replace(/"document":\{.*?\},"note"/, '"document":{"x":1},"note"')),
      ),
    /no document of the kind/,
  ],
  [
    'has an entry about another organization',
    () =>
      vouched('journal', (text) =>
        first(text, (line) => line.replace('"subjectId":null', `"subjectId":"${stranger}"`)),
      ),
    /about another organization/,
  ],
  [
    'has an entry that cannot be sealed',
    () => vouched('journal', (text) => first(text, (line) => line.replace(/"via":"[^"]+"/, '"via":"A B"'))),
    /cannot be sealed/,
  ],
  [
    'has a person in the journal whom nobody committed to',
    () => vouched('journal', (text) => text.replace(/"value":"Ana"/, '"value":"Eve"')),
    /its commitment was not made from/,
  ],
  ['has a link instead of a file', () => link(), /not a plain file/],
]

/** A symbolic link behind the manifest. */
const link = async (): Promise<Buffer> => {
  const manifest = (await filesIn(archive)).get('manifest.json') ?? Buffer.alloc(0)
  const header = tarHeader('files/x', 0, new Date(0))
  header.write('2', 156)
  header.write('        ', 148)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return Buffer.concat([
    tarHeader('manifest.json', manifest.length, new Date(0)),
    manifest,
    tarPadding(manifest.length),
    header,
    tarEnd(),
  ])
}

describe('an archive that somebody made or changed', () => {
  test.each(hostiles)('one that %s is refused, and nothing of it is kept', async (name, make, says) => {
    const before = await everythingOf(there)
    await expect(put(there, await make(), 'hostile')).rejects.toThrow(says)
    expect([name, await everythingOf(there)]).toEqual([name, before])
  })
})

/** How many tenants there are, and which files. */
const everythingOf = async ({ world, directory }: Instance): Promise<unknown> => ({
  tenants: (await world.database.pool.query('select id from tenant order by id')).rows,
  files: (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted(),
})

test('what an import brought stays behind when the import was taken back', async () => {
  const { world } = here
  const { tenant, lena, rita } = cast
  const batchId = uuidv7()
  const { id } = await cast.raise(rita, { title: 'Out of another system' })
  await lena.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'It came along.' } })
  const batchIs = (state: 'imported' | 'voided') =>
    write(world.database, tenant.author(), async (tx) => {
      tx.send({
        text: `insert into import_batch (tenant_id, id, file_name, size_bytes, sha256, storage_key, state, created_by, created_at, voided_at)
               values ($1, $2, 'a.csv', 1, decode(repeat('00', 32), 'hex'), 'x', $3, $4, $5, case when $3 = 'voided' then $5::timestamptz end)
               on conflict (tenant_id, id) do update set state = excluded.state, voided_at = excluded.voided_at`,
        values: [tx.tenantId, batchId, state, lena.id, tx.author.now],
      })
      tx.send({
        text: 'update record set import_id = $3 where tenant_id = $1 and id = $2',
        values: [tx.tenantId, id, batchId],
      })
    })
  await batchIs('imported')
  const withIt = (await take(here, tenant.id)).toString('latin1')
  expect(withIt).toContain('It came along.')
  expect(withIt).not.toContain('importId')
  await batchIs('voided')
  const without = await take(here, tenant.id)
  expect(without.toString('latin1')).not.toContain('It came along.')
  expect(without.toString('latin1')).not.toContain(id)
  const back = await put(there, without, 'without')
  const again = await filesIn(await take(there, back.id))
  for (const [name, content] of await filesIn(without))
    if (name !== 'manifest.json') expect([name, again.get(name)?.equals(content)]).toEqual([name, true])
})
