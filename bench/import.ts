/**
 * `node bench/import.ts [--data ../shared/data] [--only incident-log|ticket-texts] [--items N]`: brings two whole sets of real data through the API, with
 * the embedded database and everything in one process: seconds, rows a second in each tenth, the most memory it took, and the facts of the
 * incident log held against what its publishers state; how long an ordinary list takes somebody else while it runs, as a ratio to the same
 * list at rest; and taking the whole organization out and in again. Keeps the figures in `bench/results/import.json`; exits 1 when one is over its budget
 * or a fact differs. The sets are not part of the project; it says what it needs when they are not there.
 * `--items N` brings N configuration items instead, made up on the way, and needs no sets: once as new ones, once more unchanged.
 */
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { openAsBlob } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createClient } from '@evenkeel/contract/client'
import { ImportBatch, importRoutes } from '@evenkeel/contract/import'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { openTable } from '../server/src/platform/tabular/read-table.ts'
import type { Database } from '../server/src/platform/postgres/database.ts'
import { keepFigures } from './figures.ts'
import { makeTenant, openBench, type Bench, type BenchTenant } from './place.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') },
    only: { type: 'string' },
    items: { type: 'string' },
  },
})
const data = resolve(values.data)
const sets = {
  'incident-log': join(data, 'incident-log/incident_event_log.zip'),
  'ticket-texts': join(data, 'ticket-texts/all_tickets.zip'),
} as const
type SetName = keyof typeof sets

/** Of the incident log. */
const budget = { seconds: 180, fallPercent: 20, peakMegabytes: 400 } as const
/** As its publishers and everybody who counts it state them. */
const stated: Readonly<Record<string, string>> = {
  rows: '141,712',
  records: '24,918',
  updates: '141,712',
  missed: '9,115 (36.6 %)',
  reassigned: '11,369 (45.6 %)',
  reopened: '275 (1.1 %)',
  withoutResolved: '1,556',
}

const figures: Record<string, unknown> = { at: new Date().toISOString() }
const wrong: string[] = []
const tell = (line: string): void => void process.stdout.write(`${line}\n`)

const mappingOf = async (name: SetName): Promise<ImportMapping> =>
  ImportMapping.parse(JSON.parse(await readFile(join(import.meta.dirname, `mappings/${name}.json`), 'utf8')))

const clientFor = (address: string, tenant: BenchTenant) =>
  createClient(importRoutes, {
    baseUrl: address,
    headers: () => ({ authorization: `Bearer ${tenant.key}` }),
  })
type Api = ReturnType<typeof clientFor>

/** The most memory a process had so far; null where the system does not say. */
const peakMegabytes = async (pid: number | undefined): Promise<number | null> => {
  const status = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) / 1024
}

type Sample = { readonly at: number; readonly rows: number }

const follow = async (api: Api, id: string, samples: Sample[] = []): Promise<ImportBatch> => {
  for (;;) {
    const batch = await api.readImport({ params: { id } })
    if (batch.progress !== null) samples.push({ at: performance.now(), rows: batch.progress.rows })
    if (!['examining', 'importing'].includes(batch.state)) return batch
    await sleep(100)
  }
}

/** Rows a second in each tenth of the run, from looks at it in between. */
const tenths = (samples: readonly Sample[], total: number): number[] => {
  const reached = (rows: number): number => {
    const after = samples.findIndex((sample) => sample.rows >= rows)
    const [before, then] = [samples[Math.max(0, after - 1)], samples.at(after)]
    if (before === undefined || then === undefined) return Number.NaN
    const part = then.rows === before.rows ? 1 : (rows - before.rows) / (then.rows - before.rows)
    return before.at + part * (then.at - before.at)
  }
  const last = samples.at(-1)?.rows ?? total
  return Array.from({ length: 10 }, (_, tenth) => {
    const [from, to] = [(last * tenth) / 10, (last * (tenth + 1)) / 10]
    return (((to - from) * 1000) / (reached(to) - reached(from))) | 0
  })
}

const upload = async (address: string, tenant: BenchTenant, file: string): Promise<string> => {
  const response = await fetch(`${address}/api/v1/imports?name=bench`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/octet-stream' },
    body: await openAsBlob(file),
  })
  return ImportBatch.parse(await response.json()).id
}

const bring = async (address: string, tenant: BenchTenant, file: string, name: SetName) => {
  const api = clientFor(address, tenant)
  const mapping = await mappingOf(name)
  const begun = performance.now()
  const id = await upload(address, tenant, file)
  const params = { id }
  await api.examineImport({ params, body: { mapping } })
  const examined = await follow(api, id)
  const examinedAt = performance.now()
  if (examined.state !== 'examined')
    throw new Error(`the dry run ended as ${examined.state}: ${examined.failure ?? ''}`)
  await api.runImport({ params })
  const samples: Sample[] = []
  const imported = await follow(api, id, samples)
  const seconds = (performance.now() - begun) / 1000
  if (imported.state !== 'imported')
    throw new Error(`the run ended as ${imported.state}: ${imported.failure ?? ''}`)
  const report = await api.readReconciliation({ params })
  const rates = tenths(samples, imported.findings?.rows ?? 0)
  const { rows, records, updates, refused, known, untranslated, foreignMoves } = imported.findings ?? {}
  const figure = {
    seconds,
    dryRunSeconds: (examinedAt - begun) / 1000,
    rowsPerSecondByTenth: rates,
    rows,
    records,
    updates,
    refused,
    known,
    untranslated,
    foreignMoves,
    facts: report.facts.map(({ name: fact, inFile, inTables, same }) => ({ fact, inFile, inTables, same })),
    months: report.groups.map(({ group, inFile, inTables, fileChecksum, tableChecksum }) => ({
      group,
      inFile,
      inTables,
      same: fileChecksum === tableChecksum,
    })),
  }
  figures[name] = figure
  tell(
    `${name}: ${seconds.toFixed(1)} s, of it ${figure.dryRunSeconds.toFixed(1)} s for the dry run; rows a second by tenths: ${rates.join(' ')}`,
  )
  for (const { label, inFile, inTables, same } of report.facts)
    tell(`  ${label}: ${inFile} in the file, ${inTables} here${same ? '' : ' — DIFFERENT'}`)
  for (const { fact, same } of figure.facts) if (!same) wrong.push(`${name}: ${fact} differs`)
  for (const { group, same } of figure.months) if (!same) wrong.push(`${name}: ${group} differs`)
  return figure
}

/** The mails as JSON Lines, each with its line as identity: the set has none. */
const textsWithIdentity = async (directory: string): Promise<string> => {
  const file = sets['ticket-texts']
  const source = {
    open: async () => createReadStream(file),
    openAt: async (start: number, end: number) => createReadStream(file, { start, end: end - 1 }),
    sizeBytes: (await stat(file)).size,
  }
  const { rows } = await openTable(source, { type: 'csv', delimiter: ',', encoding: 'utf-8' }, null)
  const lines: string[] = []
  for await (const chunk of rows)
    for (const { line, cells } of chunk)
      lines.push(JSON.stringify({ id: String(line), text: cells[0] ?? '', topic: cells[1] ?? '' }))
  const target = join(directory, 'texts.jsonl')
  await writeFile(target, lines.join('\n'))
  return target
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
const p95Of = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.95)] ?? Number.NaN

/** Somebody of another organization, who opens their list again and again and knows nothing of imports. */
const neighbor = async (database: Database, address: string) => {
  const tenant = await makeTenant(database)
  const headers = { authorization: `Bearer ${tenant.key}` }
  for (let at = 0; at < 100; at += 1)
    await fetch(`${address}/api/v1/incidents`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ title: `Printer ${at}` }),
    })
  const ask = async (): Promise<number> => {
    const began = performance.now()
    const answer = await fetch(`${address}/api/v1/incidents?limit=50`, { headers })
    if (!answer.ok) throw new Error(`the list was answered with ${answer.status}`)
    await answer.text()
    return performance.now() - began
  }
  return async (isOver: () => boolean): Promise<number[]> => {
    const took: number[] = []
    while (!isOver()) {
      took.push(await ask())
      await sleep(100)
    }
    return took
  }
}

type Lists = Awaited<ReturnType<typeof neighbor>>

/** Does the work with the neighbor's list beside it, and keeps how much slower that was than at rest. */
const besides = async <T>(lists: Lists, work: () => Promise<T>): Promise<T> => {
  let left = 100
  const atRest = await lists(() => (left -= 1) < 0)
  let isOver = false
  const working = work().finally(() => {
    isOver = true
  })
  const [result, during] = await Promise.all([working, lists(() => isOver)])
  const figure = {
    atRest: { median: medianOf(atRest), p95: p95Of(atRest) },
    during: { median: medianOf(during), p95: p95Of(during) },
    ratio: medianOf(during) / medianOf(atRest),
  }
  figures['a list of another organization, ms'] = figure
  tell(
    `  a list of another organization: ${figure.atRest.median.toFixed(1)} ms at rest, ${figure.during.median.toFixed(1)} ms meanwhile (95 %: ${figure.atRest.p95.toFixed(1)} and ${figure.during.p95.toFixed(1)} ms), ${figure.ratio.toFixed(1)} times`,
  )
  return result
}

/** Takes the organization with its whole log out and in again, in a process of its own. */
const measureCarry = async (bench: Bench, tenant: BenchTenant, files: string): Promise<void> => {
  const { address: line } = await bench.program('carry.ts', {
    BENCH_TENANT: tenant.tenantId,
    BENCH_FILES: files,
  })
  const carried: CarryFigures = JSON.parse(line)
  figures['taking the organization out and in again'] = carried
  const megabytes = (value: number | null): string => (value === null ? '?' : value.toFixed(0))
  tell(
    `  out: ${carried.exportSeconds.toFixed(1)} s, ${carried.rows.toLocaleString('en')} rows, ${(carried.bytes / 1e6).toFixed(0)} MB, at most ${megabytes(carried.exportPeakMegabytes)} MB of memory; in again: ${carried.importSeconds.toFixed(1)} s, ${megabytes(carried.importPeakMegabytes)} MB`,
  )
}

type CarryFigures = {
  readonly rows: number
  readonly bytes: number
  readonly exportSeconds: number
  readonly exportPeakMegabytes: number | null
  readonly importSeconds: number
  readonly importPeakMegabytes: number | null
}

const measureLog = async (address: string, tenant: BenchTenant, lists: Lists): Promise<void> => {
  const figure = await besides(lists, () => bring(address, tenant, sets['incident-log'], 'incident-log'))
  for (const { fact, inTables } of figure.facts)
    if (stated[fact] !== undefined && stated[fact] !== inTables)
      wrong.push(`${fact}: ${inTables}, stated ${stated[fact]}`)
  const spring = figure.months
    .filter(({ group }) => ['2016-03', '2016-04', '2016-05'].includes(group))
    .reduce((sum, { inTables }) => sum + inTables, 0)
  const all = figure.months.reduce((sum, { inTables }) => sum + inTables, 0)
  const percent = (spring * 100) / all
  tell(`  raised from March to May 2016: ${percent.toFixed(1)} %`)
  if (Math.floor(percent) < 98) wrong.push(`raised from March to May 2016: ${percent.toFixed(1)} %`)
  if (figure.seconds > budget.seconds)
    wrong.push(`${figure.seconds.toFixed(0)} s, budget ${budget.seconds} s`)
  const [first = 0, last = 0] = [figure.rowsPerSecondByTenth[0], figure.rowsPerSecondByTenth[9]]
  const fall = 100 - (last * 100) / first
  tell(`  from the first to the last tenth the rate fell by ${fall.toFixed(0)} %`)
  if (fall > budget.fallPercent)
    wrong.push(`the rate fell by ${fall.toFixed(0)} %, budget ${budget.fallPercent} %`)
}

const itemMapping = ImportMapping.parse({
  kind: 'item',
  source: 'bench',
  format: { type: 'csv' },
  times: { format: 'iso', zone: 'UTC' },
  record: ['id'],
  isWhole: true,
  fields: Object.fromEntries(
    Object.entries({
      class: 'class',
      name: 'name',
      'attr.serial': 'serial',
      'attr.hostname': 'host',
      'attr.ip_addresses': 'ip',
      'attr.os': 'os',
    }).map(([field, column]) => [field, { from: { is: 'column', column } }]),
  ),
  people: { by: 'name', missing: { do: 'leave' } },
  teams: { missing: { do: 'leave' } },
  services: { missing: { do: 'leave' } },
})

const itemsFile = async (directory: string, count: number): Promise<string> => {
  const target = join(directory, 'items.csv')
  const lines = ['id,class,name,serial,host,ip,os']
  for (let n = 0; n < count; n += 1)
    lines.push(
      `ci-${n},server,host-${n},SN-${n},host-${n}.example,10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255},Debian ${11 + (n % 3)}`,
    )
  await writeFile(target, `${lines.join('\n')}\n`)
  return target
}

/** A whole delivery of so many items, and the same one again as on the next night. */
const measureItems = async (
  address: string,
  tenant: BenchTenant,
  pid: number | undefined,
  file: string,
  count: number,
): Promise<void> => {
  const api = clientFor(address, tenant)
  for (const delivery of ['new', 'unchanged'] as const) {
    const begun = performance.now()
    const params = { id: await upload(address, tenant, file) }
    await api.examineImport({ params, body: { mapping: itemMapping } })
    const examined = await follow(api, params.id)
    const examinedAt = performance.now()
    if (examined.state !== 'examined')
      throw new Error(`the dry run ended as ${examined.state}: ${examined.failure ?? ''}`)
    await api.runImport({ params })
    const samples: Sample[] = []
    const imported = await follow(api, params.id, samples)
    const seconds = (performance.now() - begun) / 1000
    const peak = await peakMegabytes(pid)
    const { outcomes, failure, state } = imported
    figures[`${count} items, ${delivery}`] = {
      seconds,
      dryRunSeconds: (examinedAt - begun) / 1000,
      rowsPerSecondByTenth: tenths(samples, count),
      outcomes,
      peakMegabytes: peak,
    }
    tell(
      `${count} items, ${delivery}: ${seconds.toFixed(1)} s, of it ${((examinedAt - begun) / 1000).toFixed(1)} s for the dry run; rows a second by tenths: ${tenths(samples, count).join(' ')}; at most ${peak === null ? '?' : peak.toFixed(0)} MB`,
    )
    const wanted = delivery === 'new' ? outcomes?.created : outcomes?.same
    if (state !== 'imported' || wanted !== count)
      wrong.push(`${count} items, ${delivery}: ${state}, ${wanted ?? 0} of them; ${failure ?? ''}`)
    if (peak !== null && peak > budget.peakMegabytes)
      wrong.push(`${peak.toFixed(0)} MB, budget ${budget.peakMegabytes} MB`)
  }
}

const itemCount = values.items === undefined ? null : Number(values.items)
if (itemCount !== null && !(Number.isInteger(itemCount) && itemCount > 0 && itemCount < 2 ** 24))
  throw new Error('--items is a whole number above nought and below 2^24')

const missing = (
  await Promise.all(
    Object.entries(itemCount === null ? sets : {}).map(async ([name, file]) =>
      (await stat(file).catch(() => null)) === null ? `${name}: ${file}` : [],
    ),
  )
).flat()
if (missing.length > 0) {
  process.stderr.write(
    [
      'This needs two public sets of data, unchanged, at:',
      ...missing.map((line) => `  ${line}`),
      'incident-log is set 498 of the UCI Machine Learning Repository (doi 10.24432/C57S4H); ticket-texts are 47,837 mails as Document,Topic_group.',
      '--data names another folder.',
      '',
    ].join('\n'),
  )
  process.exit(1)
}

const directory = await mkdtemp(join(tmpdir(), 'evenkeel-import-'))
const bench = await openBench()
try {
  const { address, child } = await bench.program('serve.ts', {
    BENCH_WORKER: 'true',
    BENCH_FILES: join(directory, 'files'),
  })
  if (itemCount !== null) {
    const tenant = await makeTenant(bench.database, ['import.run', 'item.read', 'item.manage'])
    await measureItems(address, tenant, child.pid, await itemsFile(directory, itemCount), itemCount)
  }
  for (const name of itemCount === null ? (['incident-log', 'ticket-texts'] as const) : []) {
    if (values.only !== undefined && values.only !== name) continue
    const tenant = await makeTenant(bench.database, ['import.run'])
    if (name === 'incident-log') await measureLog(address, tenant, await neighbor(bench.database, address))
    else await bring(address, tenant, await textsWithIdentity(directory), name)
    const peak = await peakMegabytes(child.pid)
    figures[`${name}, peak RSS MB, API and worker in one process`] = peak
    tell(`  the most memory so far: ${peak === null ? 'not known here' : `${peak.toFixed(0)} MB`}`)
    if (peak !== null && peak > budget.peakMegabytes)
      wrong.push(`${peak.toFixed(0)} MB, budget ${budget.peakMegabytes} MB`)
    if (name === 'incident-log') await measureCarry(bench, tenant, join(directory, 'files'))
  }
} finally {
  await bench.end()
  await rm(directory, { recursive: true, force: true })
}
figures['wrong'] = wrong
await keepFigures(itemCount === null ? 'import' : 'import-items', figures)
for (const line of wrong) tell(`NOT AS IT SHOULD BE: ${line}`)
if (wrong.length > 0) process.exitCode = 1
