import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { fastify, type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveApplication } from './static-files.ts'

const script = 'export const words = "a script that is long enough to be worth it"\n'.repeat(50)
const page = '<!doctype html><title>Evenkeel</title>'.padEnd(2000, ' ')
let directory: string
let app: FastifyInstance

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'evenkeel-static-'))
  await mkdir(join(directory, 'assets'))
  await mkdir(join(directory, '.vite'))
  for (const [name, content] of [
    ['assets/app-a1b2.js', script],
    ['index.html', page],
  ] as const) {
    await writeFile(join(directory, name), content)
    await writeFile(join(directory, `${name}.br`), brotliCompressSync(content))
    await writeFile(join(directory, `${name}.gz`), gzipSync(content))
  }
  await writeFile(join(directory, 'favicon.svg'), '<svg/>')
  await writeFile(join(directory, '.vite/manifest.json'), '{}')
  app = fastify()
  await serveApplication(app, directory)
})
afterAll(async () => {
  await app.close()
  await rm(directory, { recursive: true })
})

const get = (url: string, encoding?: string) =>
  app.inject({ url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } })

test.each([
  ['br', 'br', brotliDecompressSync],
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
] as const)('who accepts %s gets it compressed, as what it is', async (accepted, encoding, unpack) => {
  const answer = await get('/assets/app-a1b2.js', accepted)
  expect(answer.headers).toMatchObject({
    'content-encoding': encoding,
    'content-type': expect.stringContaining('javascript'),
    vary: expect.stringMatching(/accept-encoding/i),
  })
  expect(unpack(answer.rawPayload).toString()).toBe(script)
  expect(answer.rawPayload.length).toBeLessThan(script.length / 4)
})

test('who accepts nothing, or refuses both, gets the file itself', async () => {
  for (const accepted of [undefined, 'identity', 'br;q=0, gzip;q=0']) {
    const answer = await get('/assets/app-a1b2.js', accepted)
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.headers['vary']).toMatch(/accept-encoding/i)
    expect(answer.body).toBe(script)
  }
})

test('what has a hash in its name is kept for ever; pages are asked for each time', async () => {
  const asset = await get('/assets/app-a1b2.js', 'br')
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const url of ['/', '/incidents/1', '/index.html', '/favicon.svg'])
    expect((await get(url, 'br')).headers['cache-control'], url).toBe('no-cache')
})

test('a page is compressed too, whatever its address', async () => {
  const answer = await get('/incidents/018f', 'br')
  expect(answer.headers['content-encoding']).toBe('br')
  expect(brotliDecompressSync(answer.rawPayload).toString()).toBe(page)
})

test('the compressed copies and hidden files have no address of their own', async () => {
  for (const url of [
    '/assets/app-a1b2.js.br',
    '/assets/app-a1b2.js.gz',
    '/.vite/manifest.json',
    '/index.html.gz',
  ])
    expect((await get(url)).statusCode, url).toBe(404)
})
