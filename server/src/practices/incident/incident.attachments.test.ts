import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, utimes } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { diskStore } from '../../platform/files/disk-store.ts'
import { sweepFiles } from './incident.attachments.ts'

let world: World
let directory: string
let rita: TestPerson
let otto: TestPerson
let amir: TestPerson
let foreign: TestPerson
let id: string

const limit = 2_000_000

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-files-'))
  world = await createWorld({ files: diskStore(directory), attachmentLimitBytes: limit })
  const tenant = await world.tenant('files')
  rita = await tenant.person('Rita', 'requester')
  otto = await tenant.person('Otto', 'requester')
  amir = await tenant.person('Amir', 'agent')
  foreign = await (await world.tenant('elsewhere')).person('Fremd', 'administrator')
  id = (await rita.api.raiseIncident({ body: { title: 'See the picture' } })).id
})
afterAll(async () => {
  await world.end()
  await rm(directory, { recursive: true, force: true })
})

const upload = (by: TestPerson, name: string, content: Buffer, audience = 'public', to = id) =>
  world.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${to}/attachments?name=${encodeURIComponent(name)}&audience=${audience}`,
    headers: { cookie: by.cookie, 'content-type': 'application/octet-stream' },
    payload: content,
  })
const download = (by: TestPerson, path: string) =>
  world.app.inject({ url: `/api/v1${path}`, headers: { cookie: by.cookie } })
const stored = async (): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

describe('a file on an incident', () => {
  test('comes back byte for byte, as a download from a sandbox, and both are in the journal and the timeline', async () => {
    const content = randomBytes(1_500_000)
    const added = await upload(rita, 'Bildschirmfoto „Fehler“.png', content)
    expect(added.statusCode).toBe(201)
    const view = added.json()
    expect(view).toMatchObject({
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      mediaType: 'image/png',
      audience: 'public',
      removable: true,
    })
    const got = await download(amir, view.path)
    expect(got.rawPayload.equals(content)).toBe(true)
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    })
    expect(got.headers['content-disposition']).toMatch(
      /^attachment; filename="Bildschirmfoto _Fehler_\.png"; filename\*=UTF-8''Bildschirmfoto%20/,
    )
    const { items } = await rita.api.incidentTimeline({ params: { id } })
    expect(items.map((item) => item.sentence)).toContain('Attached Bildschirmfoto „Fehler“.png.')
  })

  test('A24: a program in a picture’s clothes is bytes: SVG, HTML and PDF never come with a type that runs', async () => {
    for (const name of ['a.svg', 'a.html', 'a.pdf', 'a.png.html', 'a.xhtml', 'noending']) {
      const view = (await upload(rita, name, Buffer.from('<svg onload=alert(1)>'))).json()
      expect((await download(amir, view.path)).headers['content-type']).toBe('application/octet-stream')
    }
    for (const name of ['setup.exe', 'x.PS1', 'y.hta', 'z.lnk'])
      expect((await upload(rita, name, Buffer.from('MZ'))).statusCode).toBe(422)
  })

  test('A12: nobody reads it whose incident it is not, and an id that was guessed gets the answer of one that does not exist', async () => {
    const { path } = (await upload(rita, 'mine.txt', Buffer.from('mine'))).json()
    const nowhere = await download(otto, '/attachments/01900000-0000-7000-8000-000000000000')
    for (const stranger of [otto, foreign]) {
      const answer = await download(stranger, path)
      expect(answer.statusCode).toBe(404)
      expect({ ...answer.json(), request: '' }).toEqual({ ...nowhere.json(), request: '' })
      expect((await upload(stranger, 'x.txt', Buffer.from('x'))).statusCode).toBe(404)
    }
    expect((await world.app.inject({ url: `/api/v1${path}` })).statusCode).toBe(401)
  })

  test('A13: a file for the team does not exist for the caller: not in the list, not by its id, not in the timeline', async () => {
    const { path, id: attachmentId } = (
      await upload(amir, 'core-dump-canary.txt', Buffer.from('secret'), 'team')
    ).json()
    expect((await download(rita, path)).statusCode).toBe(404)
    expect(JSON.stringify(await rita.api.listAttachments({ params: { id } }))).not.toContain('canary')
    expect(JSON.stringify(await rita.api.incidentTimeline({ params: { id } }))).not.toContain('canary')
    expect((await rita.api.readIncident({ params: { id } })).version).toBeGreaterThan(0)
    await expect(rita.api.removeAttachment({ params: { id: attachmentId } })).rejects.toMatchObject({
      status: 404,
    })
    expect((await upload(rita, 'x.txt', Buffer.from('x'), 'team')).statusCode).toBe(403)
  })

  test('A31: a name is only a name; where the file lies has nothing to do with it', async () => {
    for (const name of [
      '../../etc/passwd',
      '..\\..\\x',
      'a\u0000b',
      '..',
      'x\u202Egnp.exe',
      'n'.repeat(256),
      '',
    ]) {
      expect((await upload(rita, name, Buffer.from('x'))).statusCode, JSON.stringify(name)).toBe(400)
    }
    expect((await upload(rita, 'con', Buffer.from('windows'))).statusCode).toBe(201)
    const outside = (await stored()).filter(
      (path) => !/\/[0-9a-f-]{36}\/\d{4}-\d{2}\/[0-9a-f-]{36}$/.test(path),
    )
    expect(outside).toEqual([])
  })

  test('one that is too large, or whose sender goes away, leaves nothing behind', async () => {
    const before = await stored()
    expect((await upload(rita, 'big.bin', Buffer.alloc(limit + 1))).statusCode).toBe(413)
    const { attachments } = await rita.api.listAttachments({ params: { id } })
    const address = new URL(await world.app.listen({ port: 0, host: '127.0.0.1' }))
    const leaving = request({
      host: address.hostname,
      port: address.port,
      method: 'POST',
      path: `/api/v1/incidents/${id}/attachments?name=half.bin`,
      headers: { cookie: rita.cookie, 'content-type': 'application/octet-stream', 'content-length': 200_000 },
    })
    leaving.on('error', () => {})
    leaving.write(Buffer.alloc(100_000))
    await expect.poll(async () => (await stored()).some((path) => path.endsWith('.half'))).toBe(true)
    leaving.destroy()
    await expect.poll(async () => (await stored()).length).toBe(before.length)
    expect((await rita.api.listAttachments({ params: { id } })).attachments).toEqual(attachments)
  })

  test('what is stored is checked before it is handed out: a damaged file is refused whole', async () => {
    const view = (await upload(rita, 'precious.txt', Buffer.from('precious'))).json()
    for (const path of await stored()) {
      if ((await readFile(path)).toString() === 'precious') await truncate(path, 4)
    }
    const got = await download(amir, view.path)
    expect(got.statusCode).toBe(500)
    expect(got.payload).not.toContain('prec')
  })

  test('is taken off by who put it there or who may edit, and is gone for everybody then', async () => {
    const { id: attachmentId, path } = (await upload(rita, 'oops.txt', Buffer.from('oops'))).json()
    await expect(otto.api.removeAttachment({ params: { id: attachmentId } })).rejects.toMatchObject({
      status: 404,
    })
    await rita.api.removeAttachment({ params: { id: attachmentId } })
    expect((await download(rita, path)).statusCode).toBe(404)
    const other = (await upload(rita, 'hers.txt', Buffer.from('hers'))).json()
    await amir.api.removeAttachment({ params: { id: other.id } })
    expect((await download(rita, other.path)).statusCode).toBe(404)
  })

  test('files that no record names are swept after a day, and no others', async () => {
    const store = diskStore(directory)
    const orphan = await store.put(
      '01900000-0000-7000-8000-00000000000a',
      PassThrough.from([Buffer.from('orphan')]),
      limit,
    )
    const all = await stored()
    expect(await sweepFiles(world.database, store, new Date().toISOString(), async () => false)).toBe(0)
    const old = new Date(Date.now() - 25 * 3_600_000)
    for (const path of all) await utimes(path, old, old)
    expect(await sweepFiles(world.database, store, new Date().toISOString(), async () => false)).toBe(1)
    expect((await stored()).length).toBe(all.length - 1)
    expect((await stored()).some((path) => path.endsWith(orphan.key))).toBe(false)
  })

  test('JSON routes take no files, and this one takes no JSON', async () => {
    const raise = await world.app.inject({
      method: 'POST',
      url: '/api/v1/incidents',
      headers: { cookie: rita.cookie, 'content-type': 'application/octet-stream' },
      payload: Buffer.from('{"title":"x"}'),
    })
    expect(raise.statusCode).toBe(415)
    const json = await world.app.inject({
      method: 'POST',
      url: `/api/v1/incidents/${id}/attachments?name=x`,
      headers: { cookie: rita.cookie },
      payload: { a: 1 },
    })
    expect(json.statusCode).toBe(415)
  })
})
