/**
 * `node bench/timing.ts [--samples 200]`: whether the time of an answer tells what the answer does not (A7: an incident that is hidden
 * against one that does not exist, and an item alike; A43: an address that is known against one that is not, at sign-in and at reset), and whether a hostile
 * text makes everybody wait (A34). Pairs are measured interleaved, in random order, so that a busy machine disturbs both alike. A
 * difference counts when Mann and Whitney's test gives it a chance of less than one in a hundred, or the medians are 5 ms apart and that is
 * not likely to be noise either; what a text costs is the main thread's own time, which neighbours do not lengthen. Each has
 * its control: the same pair, one half of it held back, has to be told apart. Exit code 1 when a secret shows or a control goes unnoticed.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createApi } from '../server/src/app/api.ts'
import { hashPassword } from '../server/src/platform/auth/password.hash.ts'
import { write, type Author } from '../server/src/platform/journal/write.ts'
import { read } from '../server/src/platform/postgres/database.ts'
import { createApiKeyFor, createPerson } from '../server/src/practices/people/index.ts'
import { makeTenant, openBench } from './place.ts'

const { values } = parseArgs({ options: { samples: { type: 'string', default: '200' } } })
const samples = Number(values.samples)
if (!Number.isInteger(samples) || samples < 20) throw new RangeError('--samples is a whole number from 20')

const mostApartMs = 5
const leastChance = 0.01
// Medians of a busy machine are some milliseconds apart by themselves; then ranks do not take sides.
const likelyNoise = 0.1
const heldBackMs = 8
const mostOfMainThreadMs = 100

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** Mann and Whitney's test, two-sided, by the normal approximation with ties: how likely such ranks are when both are alike. */
const chanceAlike = (one: readonly number[], other: readonly number[]): number => {
  const all = [...one.map((ms) => ({ ms, first: true })), ...other.map((ms) => ({ ms, first: false }))].sort(
    (a, b) => a.ms - b.ms,
  )
  const total = all.length
  let [ranks, ties] = [0, 0]
  for (let at = 0; at < total;) {
    let end = at
    while (end < total && all[end]?.ms === all[at]?.ms) end += 1
    const count = end - at
    ties += count ** 3 - count
    const firsts = all.slice(at, end).filter(({ first }) => first).length
    ranks += firsts * ((at + 1 + end) / 2)
    at = end
  }
  const [n, m] = [one.length, other.length]
  const u = ranks - (n * (n + 1)) / 2
  const spread = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))))
  return spread === 0 ? 1 : 2 * (1 - normal(Math.abs(u - (n * m) / 2) / spread))
}

/** The normal distribution's integral (Abramowitz and Stegun 26.2.17, exact to seven digits). */
const normal = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z)
  const tail =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail
}

const bench = await openBench()
try {
  await measureAll()
} finally {
  await bench.end()
}

async function measureAll(): Promise<void> {
  const { database } = bench
  const { tenantId, key: agentKey } = await makeTenant(database, [
    'incident.read',
    'incident.raise',
    'item.read',
    'item.manage',
  ])
  const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'bench' } as const
  const author = (): Author => ({ tenantId, actor, request: null, now: new Date().toISOString() })
  const { slug } = await read(database, tenantId, (q) =>
    q.one<{ slug: string }>({ text: 'select slug from tenant where id = $1', values: [tenantId] }),
  )
  const outsider = await createPerson(database, author(), {
    name: 'Outsider',
    email: `outsider@${slug}.test`,
    roles: ['requester'],
  })
  const { secret: outsiderKey } = await createApiKeyFor(database, author(), outsider, {
    name: 'outsider',
    permissions: ['incident.read'],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  })
  // So many that none is locked by wrong passwords.
  const hash = await hashPassword('eleven lanterns in the fog')
  const known: string[] = []
  for (let at = 0; at < Math.ceil(samples / 2); at += 1) {
    const email = `known.${at}@${slug}.test`
    const id = await createPerson(database, author(), { name: `Known ${at}`, email, roles: ['requester'] })
    known.push(email)
    await write(database, author(), async (tx) =>
      tx.send({
        text: 'insert into password (tenant_id, person_id, hash, changed_at) values ($1, $2, $3, now())',
        values: [tx.tenantId, id, hash],
      }),
    )
  }

  const app = await createApi(database, { accountKey: Buffer.alloc(32, 1) })
  // The control: what a careless lookup would cost, for whoever asks for it.
  app.addHook('onRequest', async (request) => {
    if (request.headers['x-held-back'] === 'yes') await sleep(heldBackMs)
  })
  let visitor = 0
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    given: { key?: string; body?: object; heldBack?: boolean },
  ): Promise<{ ms: number; status: number; body: string }> => {
    visitor += 1
    const began = performance.now()
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      // Everybody from elsewhere: what is measured is the answer, not the brake.
      remoteAddress: `10.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`,
      headers: {
        ...(given.key === undefined ? {} : { authorization: `Bearer ${given.key}` }),
        ...(given.heldBack === true ? { 'x-held-back': 'yes' } : {}),
      },
      ...(given.body === undefined ? {} : { payload: given.body }),
    })
    return { ms: performance.now() - began, status: answer.statusCode, body: answer.body }
  }
  type Half = (index: number, heldBack: boolean) => ReturnType<typeof ask>

  const pairs = async (one: Half, other: Half, heldBack: boolean): Promise<[number[], number[]]> => {
    const [first, second]: [number[], number[]] = [[], []]
    for (let index = -10; index < samples; index += 1) {
      const turns: (() => Promise<number>)[] = [
        async () => (await one(Math.abs(index), heldBack)).ms,
        async () => (await other(Math.abs(index), false)).ms,
      ]
      const swapped = Math.random() < 0.5
      const got = swapped ? turns.toReversed() : turns
      const times = [await got[0]?.(), await got[1]?.()]
      const [a = 0, b = 0] = swapped ? times.toReversed() : times
      // The first few warm everything up.
      if (index < 0) continue
      first.push(a)
      second.push(b)
    }
    return [first, second]
  }
  const compare = async (name: string, one: Half, other: Half): Promise<void> => {
    const [a, b] = [await one(0, false), await other(0, false)]
    const plain = (body: string): string => body.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')
    if (a.status !== b.status || plain(a.body) !== plain(b.body))
      fail(name, `the answers differ: ${a.status} ${a.body} / ${b.status} ${b.body}`)
    for (const heldBack of [false, true]) {
      const [first, second] = await pairs(one, other, heldBack)
      const apart = median(first) - median(second)
      const chance = chanceAlike(first, second)
      const told = chance < leastChance || (Math.abs(apart) >= mostApartMs && chance < likelyNoise)
      const figures = `medians ${median(first).toFixed(2)} and ${median(second).toFixed(2)} ms, ${apart.toFixed(2)} apart, alike with p = ${chance.toFixed(3)}`
      if (heldBack && !told) fail(name, `the control was not told apart: ${figures}`)
      else if (!heldBack && told) fail(name, `the time tells them apart: ${figures}`)
      else console.log(`${name}, ${heldBack ? 'control told apart' : 'not told apart'}: ${figures}`)
    }
  }

  const raised = await ask('POST', '/incidents', { key: agentKey, body: { title: 'Not for everybody' } })
  const hidden = /"id":"([^"]+)"/.exec(raised.body)?.[1] ?? ''
  await compare(
    'A7: an incident that is hidden, and one that is not there',
    (_, heldBack) => ask('GET', `/incidents/${hidden}`, { key: outsiderKey, heldBack }),
    () => ask('GET', `/incidents/${randomUUID()}`, { key: outsiderKey }),
  )
  const { itemKey, hiddenItem } = await outsiderOfItems()
  await compare(
    'A7: an item that is hidden, and one that is not there',
    (_, heldBack) => ask('GET', `/items/${hiddenItem}`, { key: itemKey, heldBack }),
    () => ask('GET', `/items/${randomUUID()}`, { key: itemKey }),
  )
  await compare(
    'A7: the blast radius of an item that is hidden, and of one that is not there',
    (_, heldBack) =>
      ask('POST', '/items/blast-radius', { key: itemKey, heldBack, body: { itemIds: [hiddenItem] } }),
    () => ask('POST', '/items/blast-radius', { key: itemKey, body: { itemIds: [randomUUID()] } }),
  )
  const signIn = (email: string, heldBack: boolean) =>
    ask('POST', '/session', { body: { tenant: slug, email, password: 'a wrong guess' }, heldBack })
  await compare(
    'A43: signing in with an address that is known, and one that is not',
    (index, heldBack) => signIn(known[index % known.length] ?? '', heldBack),
    (index) => signIn(`nobody.${index}.${randomUUID()}@${slug}.test`, false),
  )
  const reset = (email: string, heldBack: boolean) =>
    ask('POST', '/session/reset-requests', { body: { tenant: slug, email }, heldBack })
  await compare(
    'A43: asking for a reset with an address that is known, and one that is not',
    (index, heldBack) => reset(known[index % known.length] ?? '', heldBack),
    (index) => reset(`nobody.${index}.${randomUUID()}@${slug}.test`, false),
  )

  /** An item with relations, values and a history, and somebody who reads only what their team supports. */
  async function outsiderOfItems(): Promise<{ itemKey: string; hiddenItem: string }> {
    const made: string[] = []
    for (const name of ['Hidden', 'Below', 'Above']) {
      const answer = await ask('POST', '/items', {
        key: agentKey,
        body: { class: 'server', name, values: { serial: name, os: 'Debian 13' } },
      })
      made.push(/"id":"([^"]+)"/.exec(answer.body)?.[1] ?? '')
    }
    const [hiddenItem = '', below = '', above = ''] = made
    await ask('POST', `/items/${hiddenItem}/relations`, {
      key: agentKey,
      body: { type: 'runs_on', toId: below },
    })
    await ask('POST', `/items/${above}/relations`, {
      key: agentKey,
      body: { type: 'runs_on', toId: hiddenItem },
    })
    const role = randomUUID()
    await write(database, author(), async (tx) => {
      tx.send({
        text: `insert into role (tenant_id, id, key, name, description) values ($1, $2, 'reads_own_items', 'Reads own items', '')`,
        values: [tx.tenantId, role],
      })
      tx.send({
        text: `insert into role_permission (tenant_id, role_id, permission, scope) values ($1, $2, 'item.read', 'team')`,
        values: [tx.tenantId, role],
      })
      tx.send({
        text: 'insert into person_role (tenant_id, person_id, role_id) values ($1, $2, $3)',
        values: [tx.tenantId, outsider, role],
      })
    })
    const { secret } = await createApiKeyFor(database, author(), outsider, {
      name: 'outsider of items',
      permissions: ['item.read'],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    })
    return { itemKey: secret, hiddenItem }
  }

  await hostileTexts((path, key, body) =>
    body === undefined ? ask('GET', path, { key }) : ask('POST', path, { key, body }),
  )
  await app.close()

  async function hostileTexts(
    send: (path: string, key: string, body?: object) => Promise<{ ms: number; status: number }>,
  ): Promise<void> {
    const long = 'a'.repeat(100_000)
    const short = 'a'.repeat(9_000)
    const nasty = [`${short}!`, '(('.repeat(4000), '*a_'.repeat(3000), 'x@'.repeat(4000), '\\'.repeat(8000)]
    const works: (readonly [string, () => Promise<{ ms: number; status: number }>])[] = [
      ...nasty.flatMap((text) => [
        [
          `search ${text.slice(0, 6)}`,
          () => send(`/incidents?q=${encodeURIComponent(text)}`, agentKey),
        ] as const,
        [
          `filter ${text.slice(0, 6)}`,
          () => send(`/incidents?filter=${encodeURIComponent(JSON.stringify({ field: text }))}`, agentKey),
        ] as const,
        [
          `text ${text.slice(0, 6)}`,
          () => send('/incidents', agentKey, { title: text.slice(0, 200), description: text }),
        ] as const,
      ]),
      ['title of 100 kB', () => send('/incidents', agentKey, { title: long })],
      ['description of 100 kB', () => send('/incidents', agentKey, { title: 'x', description: long })],
      ['similar', () => send(`/incidents/similar?title=${encodeURIComponent(short)}`, agentKey)],
    ]
    // Warm first: compiling is not what is measured.
    for (const [, work] of works) await work()
    let slowest = { name: '', ms: 0 }
    for (const [name, work] of works) {
      const ms = Math.min(await cpuOf(work), await cpuOf(work), await cpuOf(work))
      if (ms > slowest.ms) slowest = { name, ms }
    }
    const figures = `the dearest takes ${slowest.ms.toFixed(1)} ms of the main thread (${slowest.name})`
    if (slowest.ms > mostOfMainThreadMs) fail('A34: hostile texts', figures)
    else console.log(`A34: hostile texts: ${figures}`)
    // The control: a pattern that goes through every way to divide what it read.
    const backtracking = new RegExp('^(a+)+$')
    const control = await cpuOf(async () => backtracking.test(`${'a'.repeat(27)}!`))
    if (control <= mostOfMainThreadMs) fail('A34: hostile texts', `the control took ${control.toFixed(1)} ms`)
    else console.log(`A34, control noticed: ${control.toFixed(1)} ms of the main thread`)
  }
}

/** Milliseconds that the main thread worked for it: as long as the event loop can have been held at most. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

function fail(name: string, words: string): void {
  process.exitCode = 1
  console.log(`FAILED ${name}: ${words}`)
}
