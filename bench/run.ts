import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { parseArgs } from 'node:util'
import { Pool } from 'pg'
import { keepFigures } from './figures.ts'
import { fill } from './fill.ts'
import { load, measured, type Measured } from './load.ts'
import { openBench, type Bench, type BenchTenant } from './place.ts'
import { sameInserts } from './same-inserts.ts'

// node bench/run.ts [--seconds 5] [--rounds 3] [--records 1000000] [--clients 500] [--only lists]
// Measures a running instance against two floors in the same run, interleaved, and keeps the figures as JSON. Ratios mean something on
// any machine; the absolute figures only on the one they were made on.
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    records: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '500' },
    /** `lists`: only what lists take at size. */
    only: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const records = Number(values.records)
const clients = Number(values.clients)
const connections = 16

const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const figures: Record<string, unknown> = { at: new Date().toISOString(), seconds, rounds, records, clients }

const body = JSON.stringify({
  title: 'The printer on ward four does not print',
  description: 'It says paper jam but there is none. '.repeat(4),
})

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** Creating incidents: the product, a bare route with the same inserts as one statement, and the same inserts straight through pg. */
const creating = async (
  bench: Bench,
  tenant: BenchTenant,
  product: string,
): Promise<{ bare: number; straight: number }> => {
  const place = JSON.stringify({
    tenantId: tenant.tenantId,
    teamId: tenant.teamId,
    requesterId: tenant.requesterId,
  })
  const floor = await bench.program('floor-route.ts', { BENCH_PLACE: place })
  const ratios = { bare: [] as number[], straight: [] as number[] }
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await load({
      url: floor.address,
      seconds,
      connections,
      make: () => ({ method: 'POST', path: '/incidents', headers: {}, body }),
    })
    const ours = await load({
      url: product,
      seconds,
      connections,
      make: () => ({
        method: 'POST',
        path: '/api/v1/incidents',
        headers: { authorization: `Bearer ${tenant.key}` },
        body,
      }),
    })
    const straight = await straightInserts(bench, tenant)
    // The first round warms up: compilers, plans, caches.
    if (round === 0) continue
    ratios.bare.push(ours.perSecond / bare.perSecond)
    ratios.straight.push(ours.perSecond / straight.perSecond)
    tell(
      `  round ${round}: ${show(ours)} | bare route ${show(bare)} | straight ${straight.perSecond.toFixed(0)}/s`,
    )
    figures[`create round ${round}`] = { ours, bare, straight }
  }
  floor.child.kill()
  return { bare: median(ratios.bare), straight: median(ratios.straight) }
}

const straightInserts = async (bench: Bench, tenant: BenchTenant): Promise<{ perSecond: number }> => {
  const pool = new Pool({
    connectionString: bench.server.appUrl,
    max: connections,
    options: `-c evenkeel.tenant=${tenant.tenantId}`,
  })
  const began = performance.now()
  let count = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await pool.connect()
      while (performance.now() - began < seconds * 1000) {
        const {
          id: _,
          number: __,
          ...statement
        } = sameInserts(tenant, 'The printer on ward four does not print', 'x'.repeat(144))
        await client.query(statement)
        count += 1
      }
      client.release()
    }),
  )
  await pool.end()
  return { perSecond: count / ((performance.now() - began) / 1000) }
}

const show = (result: Measured): string =>
  `${result.perSecond.toFixed(0)}/s p50 ${result.p50.toFixed(1)} p95 ${result.p95.toFixed(1)} ms${result.failures > 0 ? ` FAILED ${result.failures}` : ''}`

const asking = (
  product: string,
  tenant: BenchTenant,
  path: () => string,
  concurrent = 4,
): Promise<Measured> =>
  load({
    url: product,
    seconds,
    connections: concurrent,
    make: () => ({ method: 'GET', path: path(), headers: { authorization: `Bearer ${tenant.key}` } }),
  })

// Words a person would look for: in a handful to one in twenty of the records; the commonest are measured by themselves.
const anyWord = (): string => `wort${50 + Math.floor(Math.random() * 3950)}`

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** What a desk asks all day, one person at a time: latency is what counts. */
const reading = async (
  label: string,
  product: string,
  tenant: BenchTenant,
): Promise<Record<string, Measured>> => {
  const lists = {
    'newest 50': () => '/api/v1/incidents?limit=50',
    'open of my teams by priority': () =>
      `/api/v1/incidents?limit=50&sort=priority,-created&q=${encodeURIComponent('open:yes team:my_teams')}`,
    'filtered: state, priority, created': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent('state:in_progress,new priority:<=2 created:>now-90d')}`,
    'two words': () => `/api/v1/incidents?limit=50&q=${encodeURIComponent(`${anyWord()} ${anyWord()}`)}`,
    'one common word': () => `/api/v1/incidents?limit=50&q=wort${Math.floor(Math.random() * 5)}`,
    'own field, a choice of few': () =>
      `/api/v1/incidents?limit=50&q=custom.ward:W${50 + Math.floor(Math.random() * 9)}`,
    'own field, a common choice': () => '/api/v1/incidents?limit=50&q=custom.ward:W1',
    'own field, one text': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent(`custom.room:="b-${Math.floor(Math.random() * 20_000)} east"`)}`,
    'own field, part of a text': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent(`custom.room:"-${1000 + Math.floor(Math.random() * 9000)} e"`)}`,
    'own field, highest numbers': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent('custom.cost:>999')}`,
    'own field, half of the numbers': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent('custom.cost:>100')}`,
    'own field, a month of days': () =>
      `/api/v1/incidents?limit=50&q=custom.visited:${daysAgo(60)}..${daysAgo(30)}`,
    'own field, a rare yes': () => '/api/v1/incidents?limit=50&q=custom.paid:yes',
    'own field, nothing': () => '/api/v1/incidents?limit=50&q=custom.cost:123456',
    'two own fields, each common': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent('custom.ward:W2 custom.cost:>500')}`,
    'two own fields, never together': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent('custom.ward:W3 -custom.paid:yes custom.visited:<2022-10-20')}`,
    'in the order of an own field': () => '/api/v1/incidents?limit=50&sort=custom.cost',
    'was with a common team': () => `/api/v1/incidents?limit=50&q=${encodeURIComponent('was_with:"Team 1"')}`,
    'was with a rare team': () => `/api/v1/incidents?limit=50&q=${encodeURIComponent('was_with:"Team 40"')}`,
    'given away by a rare team': () =>
      `/api/v1/incidents?limit=50&q=${encodeURIComponent('given_away:"Team 40"')}`,
    'came back to nobody': () => '/api/v1/incidents?limit=50&q=came_back:set',
    'count of a common choice': () => '/api/v1/incidents/count?q=custom.ward:W1',
    'count of open': () => `/api/v1/incidents/count?q=${encodeURIComponent('open:yes')}`,
  }
  const found: Record<string, Measured> = {}
  for (const [name, path] of Object.entries(lists)) {
    await asking(product, tenant, path, 1)
    found[name] = await asking(product, tenant, path, 1)
    tell(`  ${label}, ${name}: ${show(found[name])}`)
  }
  return found
}

/** How long after a change was asked for each of many open streams has heard of it, and the one who asked has the answer. */
const fanOut = async (
  product: string,
  tenant: BenchTenant,
): Promise<{ readonly heard: Measured; readonly answered: Measured }> => {
  const address = new URL(product)
  const options = {
    host: address.hostname,
    port: address.port,
    headers: { authorization: `Bearer ${tenant.key}` },
  }
  // A stream often hears of the change before the one who made it has the answer.
  const heard: { readonly id: string; readonly at: number }[] = []
  const began = new Map<string, number>()
  const streams = Array.from({ length: clients }, () => {
    const stream = request({ ...options, path: '/api/v1/live', agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          const data = /^data: (\{.*\})$/m.exec(text.slice(0, end))?.[1]
          text = text.slice(end + 2)
          const change: { id?: string; type?: string } = data === undefined ? {} : JSON.parse(data)
          if (change.id !== undefined && change.type === 'incident.raised')
            heard.push({ id: change.id, at: performance.now() })
        }
      })
    })
    stream.end()
    stream.on('error', () => {})
    return stream
  })
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const changes = 100
  const answers: number[] = []
  for (let index = 0; index < changes; index += 1) {
    const start = performance.now()
    const answer = await fetch(`${product}/api/v1/incidents`, {
      method: 'POST',
      headers: { ...options.headers, 'content-type': 'application/json' },
      body,
    })
    const { id }: { id: string } = JSON.parse(await answer.text())
    answers.push(performance.now() - start)
    // From the moment of the request: what a colleague waits from the click.
    began.set(id, start)
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  await new Promise((resolve) => setTimeout(resolve, 1000))
  for (const stream of streams) stream.destroy()
  const times = heard.flatMap(({ id, at }) => {
    const start = began.get(id)
    return start === undefined ? [] : [at - start]
  })
  return { heard: measured(times, 1, clients * changes - times.length), answered: measured(answers, 1, 0) }
}

const residentMegabytes = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}

const everything = async (bench: Bench): Promise<void> => {
  const tenant = await bench.tenant()
  const idle = await bench.program('serve.ts', { BENCH_WORKER: 'true' })
  await new Promise((resolve) => setTimeout(resolve, 5000))
  figures['idle RSS MB, API and worker in one process'] = await residentMegabytes(idle.child.pid)
  tell(`idle: ${(await residentMegabytes(idle.child.pid)).toFixed(0)} MB resident (target under 200)`)
  idle.child.kill()

  const product = await bench.program('serve.ts')
  tell('creating incidents, 16 connections, API process alone:')
  const alone = await creating(bench, tenant, product.address)
  tell(
    `  ratio to the bare route ${alone.bare.toFixed(2)} (target 0.6), to straight inserts ${alone.straight.toFixed(2)} (target 0.4)`,
  )
  figures['create ratio'] = alone

  tell(`a change reaches ${clients} connected clients:`)
  const { heard, answered } = await fanOut(product.address, tenant)
  tell(
    `  p50 ${heard.p50.toFixed(0)} p99 ${heard.p99.toFixed(0)} ms, ${heard.failures} of ${heard.count + heard.failures} not heard (target 500 ms at the 99th percentile)`,
  )
  tell(
    `  whoever made it had the answer after p50 ${answered.p50.toFixed(0)} p99 ${answered.p99.toFixed(0)} ms`,
  )
  figures['fan-out'] = heard
  figures['fan-out, answered'] = answered

  const [small, large] = [await bench.tenant(), await bench.tenant()]
  await fill(bench, small, 10_000, () => {})
  const atSmall = await reading('10,000', product.address, small)
  await fill(bench, large, records, tell)
  const atLarge = await reading(records.toLocaleString('en'), product.address, large)
  figures['reading'] = { small: atSmall, large: atLarge }

  const grown: Record<string, number[]> = { create: [], list: [] }
  for (let round = 0; round < rounds; round += 1) {
    const make = (of: BenchTenant) => () => ({
      method: 'POST',
      path: '/api/v1/incidents',
      headers: { authorization: `Bearer ${of.key}` },
      body,
    })
    const few = await load({ url: product.address, seconds, connections, make: make(small) })
    const many = await load({ url: product.address, seconds, connections, make: make(large) })
    grown['create']?.push(many.p50 / few.p50)
    const [short, long] = [
      await asking(product.address, small, () => '/api/v1/incidents?limit=50'),
      await asking(product.address, large, () => '/api/v1/incidents?limit=50'),
    ]
    grown['list']?.push(long.p50 / short.p50)
  }
  figures['time at size over time at 10,000'] = {
    create: median(grown['create'] ?? []),
    list: median(grown['list'] ?? []),
  }
  tell(
    `time at ${records.toLocaleString('en')} over time at 10,000: create ${median(grown['create'] ?? []).toFixed(2)}, list ${median(grown['list'] ?? []).toFixed(2)} (target 1.3)`,
  )
}

const bench = await openBench()
try {
  if (values.only === 'lists') {
    const product = await bench.program('serve.ts')
    const tenant = await bench.tenant()
    await fill(bench, tenant, records, tell)
    figures['reading'] = await reading(records.toLocaleString('en'), product.address, tenant)
  } else await everything(bench)
} finally {
  await bench.end()
}
await keepFigures('latest', figures)
tell('kept in bench/results/latest.json')
