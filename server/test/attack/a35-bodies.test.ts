import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOfTenant, setStage, type Stage } from './stage.ts'

// Attack tests A35, A36 and the shapes of A68 that the edge has to stop, over a real socket: what is not exactly a request of this API
// is refused before anything else looks at it, and the process goes on.

let stage: Stage
let port = 0
let before: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  await stage.world.app.listen({ port: 0, host: '127.0.0.1' })
  const address = stage.world.app.server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  before = await hashOfTenant(stage.world, stage.harbor.id)
})
afterAll(() => stage.end())

type Heard = { status: number; code: string; headers: IncomingHttpHeaders }

const post = (
  body: Buffer | string,
  headers: Record<string, string> = {},
  path = '/api/v1/incidents',
): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path,
        headers: { cookie: stage.people.r1.cookie, 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({
            status: answer.statusCode ?? 0,
            code: text.startsWith('{') ? String((JSON.parse(text) as { code?: string }).code) : text,
            headers: answer.headers,
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

/** Bytes as they are, on a connection of their own; what came back until it was closed. */
const raw = (...parts: readonly (string | Buffer)[]): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.on('close', () => resolve(heard))
    socket.on('error', () => resolve(heard))
    for (const part of parts) socket.write(part)
  })

const title = (value: string): string => `{"title":${value}}`
const bytes = (...parts: readonly (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))

const unreadable: readonly (readonly [string, Buffer | string])[] = [
  ['__proto__ as a key', '{"title":"x","__proto__":{"isAdmin":true}}'],
  ['__proto__ in escapes', '{"title":"x","\\u005f_proto__":{"isAdmin":true}}'],
  ['__proto__ further down', '{"title":"x","custom":{"__proto__":{"a":1}}}'],
  ['a key twice', '{"title":"x","title":"y"}'],
  ['a key twice, once in escapes', '{"title":"x","\\u0074itle":"y"}'],
  ['objects nested 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['arrays nested 10,000 deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ['half of 100,000 brackets', '['.repeat(100_000)],
  ['1e309', '{"title":"x","impact":1e309}'],
  ['-1e309', '{"title":"x","impact":-1e309}'],
  ['2^53+1', '{"title":"x","impact":9007199254740993}'],
  ['a number of 10,000 digits', `{"title":"x","impact":${'9'.repeat(10_000)}}`],
  ['a byte order mark', bytes([0xef, 0xbb, 0xbf], title('"x"'))],
  ['UTF-16', Buffer.from(title('"x"'), 'utf16le')],
  ['a stray continuation byte', bytes('{"title":"', [0x80], '"}')],
  ['an overlong slash', bytes('{"title":"', [0xc0, 0xaf], '"}')],
  ['a surrogate in UTF-8', bytes('{"title":"', [0xed, 0xa0, 0x80], '"}')],
  ['a cut-off character', bytes('{"title":"', [0xe2, 0x82], '"}')],
  ['half a surrogate pair', title('"\\ud800"')],
  ['the wrong half first', title('"\\udc00\\ud800"')],
  ['NUL in escapes', title('"a\\u0000b"')],
  ['NUL in a key', '{"title":"x","a\\u0000":1}'],
  ['NUL as it is', title('"a\0b"')],
  ['a line break in a string', title('"a\nb"')],
  ['a comment', '{"title":"x"/*,*/}'],
  ['a comma too many', '{"title":"x",}'],
  ['single quotes', "{'title':'x'}"],
  ['NaN', '{"title":"x","impact":NaN}'],
  ['Infinity', '{"title":"x","impact":Infinity}'],
  ['hexadecimal', '{"title":"x","impact":0x1}'],
  ['two documents', '{"title":"x"}{"title":"y"}'],
  ['something after the end', '{"title":"x"} x'],
  ['half a document', '{"title":"x"'],
  ['a string without an end', '{"title":"x'],
  ['a backslash at the end', '{"title":"x\\'],
  ['a form', 'title=x'],
  ['nothing but blanks', '   '],
  ['a zip', bytes([0x50, 0x4b, 3, 4])],
]

const unacceptable: readonly (readonly [string, string])[] = [
  ['an array', '[{"title":"x"}]'],
  ['a huge array', `[${'1,'.repeat(400_000)}1]`],
  ['a string', '"x"'],
  ['a number', '1'],
  ['null', 'null'],
  ['true', 'true'],
  ['an object without fields', '{}'],
  ['constructor', '{"title":"x","constructor":{"prototype":{"isAdmin":true}}}'],
  ['prototype', '{"title":"x","prototype":{"isAdmin":true}}'],
  ['100,000 unknown fields', `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join(',')}}`],
  ['an object for a text', title('{"toString":"x"}')],
  ['an array for a text', title('["x"]')],
  ['a fraction for a level', '{"title":"x","impact":1.5}'],
  ['a text of a million letters', title(`"${'a'.repeat(1_000_000)}"`)],
  ['a custom value that is a tree', '{"title":"x","custom":{"a":{"b":1}}}'],
]

const types: readonly string[] = [
  'application/json\t;x',
  'application/json garbage',
  'application/json;garbage',
  'application/json; charset=utf-7',
  'application/json; charset=utf-16',
  'application/json; charset=utf-8; charset=utf-7',
  'application/json, text/plain',
  'application/jsonp',
  'application/json5',
  'application/vnd.api+json',
  'text/json',
  'text/plain',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=application/json',
  'application/octet-stream',
  'application/xml',
  '*/*',
  'json',
  ' ',
]

describe('A35: a body that is not plain JSON', () => {
  test.each(unreadable)('A35: %s is malformed', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, code: 'malformed' })
  })
  test.each(unacceptable)('A35: %s is not acceptable', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 422, code: 'invalid' })
  })
  test('A35: no body at all is not acceptable', async () => {
    expect(await post('')).toMatchObject({ status: 422, code: 'invalid' })
  })
  test('A35: nothing reached the prototype of all objects', () => {
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })
})

describe('A36: a content type that pretends', () => {
  test.each(types)('A36: %j is not accepted', async (type) => {
    expect(await post(title('"x"'), { 'content-type': type })).toMatchObject({
      status: 415,
      code: 'wrong_media_type',
    })
  })
  test('A36: a multipart body with a JSON part is not accepted', async () => {
    const body = '--b\r\ncontent-type: application/json\r\n\r\n{"title":"x"}\r\n--b--\r\n'
    expect(await post(body, { 'content-type': 'multipart/mixed; boundary=b' })).toMatchObject({ status: 415 })
  })
  test('A36: a compressed body is not JSON', async () => {
    const body = bytes([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    expect(await post(body, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 })
  })
})

describe('A68: too much', () => {
  test('A68: a body over the limit is too large, announced or not', async () => {
    const large = title(`"${'a'.repeat(1_048_577)}"`)
    expect(await post(large)).toMatchObject({ status: 413, code: 'too_large' })
    const answer = await raw(
      `POST /api/v1/incidents HTTP/1.1\r\nhost: localhost\r\ncookie: ${stage.people.r1.cookie}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`,
      ...Array.from({ length: 18 }, () => `10000\r\n${'a'.repeat(0x10000)}\r\n`),
      '0\r\n\r\n',
    )
    // The connection may be closed before the answer is read; it is never accepted.
    expect(answer === '' || answer.startsWith('HTTP/1.1 413')).toBe(true)
  })
  test('A68: one announced as 100 MB is refused before it is sent', async () => {
    const answer = await raw(
      `POST /api/v1/incidents HTTP/1.1\r\nhost: localhost\r\ncookie: ${stage.people.r1.cookie}\r\ncontent-type: application/json\r\ncontent-length: 104857600\r\nconnection: close\r\n\r\n{`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })
  test.each([
    ['filter', JSON.stringify({ field: 'title', op: 'matches', value: 'a'.repeat(10_240) })],
    ['filter', `${'{"not":'.repeat(500)}{"all":[]}${'}'.repeat(500)}`],
    ['filter', `{"any":[${'{"all":[]},'.repeat(300)}{"all":[]}]}`],
    ['q', 'a'.repeat(10_001)],
    ['q', `title:/${'(a+)+'.repeat(150)}$/`],
    ['q', '('.repeat(3000)],
    ['q', `-${'-'.repeat(3000)}a`],
    ['sort', 'title,'.repeat(30)],
    ['limit', '1e9'],
    ['limit', '-1'],
    ['cursor', 'a'.repeat(2001)],
  ])('A68: a %s beyond its size or shape is refused (%#)', async (name, value) => {
    const { status, headers } = await get(`/api/v1/incidents?${name}=${encodeURIComponent(value)}`)
    expect([name, status, headers['content-type']]).toEqual([
      name,
      expect.toSatisfy((code: number) => code >= 400 && code < 500),
      expect.anything(),
    ])
  })
  test('A68: an address or headers beyond 16 kB are refused', async () => {
    const answer = await raw(`GET /${'a'.repeat(70_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 (431|414) /)
  })
  test('A68: headers that come drop by drop end with the connection', async () => {
    // Shortened here: what is tested is that somebody looks after it, soon.
    const { server } = stage.world.app
    expect(server.headersTimeout).toBe(10_000)
    const usual = server.headersTimeout
    server.headersTimeout = 100
    try {
      expect(await raw('GET /api/v1/me HTTP/1.1\r\nhost: localhost\r\nx-slow: ')).toMatch(/^HTTP\/1\.1 408 /)
    } finally {
      server.headersTimeout = usual
    }
  })
  test.each([
    ['length and chunks at once', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'],
    ['two lengths', 'content-length: 5\r\ncontent-length: 6\r\n'],
    ['chunks under another name', 'transfer-encoding: xchunked\r\n'],
    ['a length with a sign', 'content-length: +5\r\n'],
    ['a line that is folded', 'x-a: b\r\n c\r\ncontent-length : 5\r\n'],
  ])('A68: a message with %s has no second reading', async (_, lines) => {
    const answer = await raw(
      `POST /api/v1/incidents HTTP/1.1\r\nhost: localhost\r\n${lines}connection: close\r\n\r\n0\r\n\r\nGET /api/v1/me HTTP/1.1\r\nhost: localhost\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })
})

const get = (path: string): Promise<Heard> =>
  new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers: { cookie: stage.people.agent.cookie } }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, code: '', headers: answer.headers }))
    })
      .on('error', reject)
      .end()
  })

describe('after all of that', () => {
  test('nothing was written, and the process answers', async () => {
    expect(await hashOfTenant(stage.world, stage.harbor.id)).toEqual(before)
    expect((await get('/api/v1/me')).status).toBe(200)
    expect(await post(title('"x"'), { 'content-type': 'APPLICATION/JSON; Charset="UTF-8"' })).toMatchObject({
      status: 201,
    })
  })
})
