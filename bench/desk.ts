/**
 * `node bench/desk.ts [--incidents 100000] [--rounds 5] [--changes 100]`: the budgets of the web application in a real browser: what is
 * fetched, largest contentful paint and interaction to next paint with a processor slowed down four times, a colleague's change on the
 * screen, and a fling through a long list. Keeps the figures in `bench/results/desk.json`; exits 1 when one is over its budget. For a
 * machine that does nothing else.
 */
import { parseArgs } from 'node:util'
import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'
import type { Permission } from '@evenkeel/contract/permission'
import type { Browser, BrowserContext } from '@playwright/test'
import { budgetFaults, kilobytes, measureWeb, sizeOf } from '../tools/web-budget.ts'
import { inBrowser } from './browser.ts'
import { paintAndAct } from './desk.paint.ts'
import { flingThroughList } from './desk.scroll.ts'
import { keepFigures } from './figures.ts'
import { fill } from './fill.ts'
import { makeColleague, makeTenant, openBench } from './place.ts'

const { values } = parseArgs({
  options: {
    incidents: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    changes: { type: 'string', default: '100' },
  },
})
const [incidents, rounds, changes] = [Number(values.incidents), Number(values.rounds), Number(values.changes)]

/** Milliseconds. */
const budget = { paint: 1500, interaction: 150, blank: 100, colleague: 1000 } as const

const permissions: readonly Permission[] = [
  'incident.read',
  'incident.read_internal',
  'incident.raise',
  'incident.edit',
  'incident.assign',
  'incident.work',
  'incident.comment',
  'incident.note',
  'person.read',
  'service.read',
]

const figures: Record<string, unknown> = { at: new Date().toISOString(), incidents, rounds, changes }
const over: string[] = []
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`
const within = (what: string, value: number, limit: number): void => {
  if (!(value <= limit)) over.push(`${what}: ${milliseconds(value)}, budget ${milliseconds(limit)}`)
}

type Colleague = ReturnType<typeof colleagueAt>
const colleagueAt = (address: string, key: string) =>
  createClient(api, { baseUrl: address, headers: () => ({ authorization: `Bearer ${key}` }) })

/** Milliseconds from the moment a colleague presses until it stands on the screen of a record, and of a list: the rows of each. */
const colleagueSeen = async (
  context: BrowserContext,
  colleague: Colleague,
): Promise<{ readonly record: number[]; readonly list: number[] }> => {
  const mark = `colleague${Date.now()}`
  const { id } = await colleague.raiseIncident({ body: { title: mark } })
  const [record, list] = [await context.newPage(), await context.newPage()]
  await record.goto(`/incidents/${id}`)
  await list.goto(`/incidents?q=${mark}`)
  await record.getByRole('heading', { level: 1, name: mark }).waitFor()
  await list.getByRole('row', { name: mark }).waitFor()
  // The streams stand.
  await record.waitForTimeout(2000)
  const times = { record: [] as number[], list: [] as number[] }
  for (let index = 0; index < changes; index += 1) {
    const body = `Said ${index} by a colleague`
    const began = performance.now()
    const [page, change, seen] =
      index % 2 === 0
        ? ([
            'record',
            colleague.commentIncident({ params: { id }, body: { audience: 'team', body } }),
            record.getByText(body, { exact: true }).waitFor(),
          ] as const)
        : ([
            'list',
            retitle(colleague, id, `${mark} ${index}`),
            list.getByRole('row', { name: `${mark} ${index}` }).waitFor(),
          ] as const)
    await Promise.all([change, seen])
    times[page].push(performance.now() - began)
    await record.waitForTimeout(100)
  }
  await record.close()
  await list.close()
  return times
}

const retitle = async (colleague: Colleague, id: string, title: string): Promise<void> => {
  const { version } = await colleague.readIncident({ params: { id } })
  await colleague.editIncident({ params: { id }, version, body: { title } })
}

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN

const web = await measureWeb()
const [shell, ...parts] = web.loads
const heaviest = Math.max(...parts.map((load) => sizeOf(load, web.sizes)))
tell(
  `fetched: shell ${kilobytes(sizeOf(shell, web.sizes))}, heaviest part of ${parts.length} ${kilobytes(heaviest)}`,
)
over.push(...budgetFaults(web.loads, web.sizes))
figures['bytes'] = { shell: sizeOf(shell, web.sizes), heaviest }

const measure = async (
  { browser, address }: { readonly browser: Browser; readonly address: string },
  key: string,
  colleague: Colleague,
): Promise<void> => {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
  })

  const { id } = await colleague.raiseIncident({ body: { title: 'Much was said about this' } })
  for (let index = 0; index < 200; index += 1)
    await colleague.commentIncident({
      params: { id },
      body: { audience: index % 2 === 0 ? 'team' : 'public', body: `Word ${index} of **many**.` },
    })
  for (const one of await paintAndAct(context, id, rounds)) {
    tell(
      `${one.name.padEnd(26)} paint ${milliseconds(one.paint)} (worst ${milliseconds(one.worstPaint)}), content ${milliseconds(one.content)}, interaction ${milliseconds(one.interaction)} (worst ${milliseconds(one.worstInteraction)})`,
    )
    within(`paint of ${one.name}`, one.paint, budget.paint)
    within(`interaction with ${one.name}`, one.interaction, budget.interaction)
    figures[one.name] = one
  }

  const seen = await colleagueSeen(context, colleague)
  for (const page of ['record', 'list'] as const) {
    const found = { p50: percentile(seen[page], 0.5), p99: percentile(seen[page], 0.99) }
    tell(
      `a colleague's change on a ${page}: p50 ${milliseconds(found.p50)}, p99 ${milliseconds(found.p99)} of ${seen[page].length}`,
    )
    within(`a colleague's change on a ${page}`, found.p99, budget.colleague)
    figures[`colleague, ${page}`] = found
  }

  const page = await context.newPage()
  const fling = await flingThroughList(page)
  tell(
    `fling through ${incidents}: ${fling.rows} rows in ${fling.frames} frames, longest blank ${milliseconds(fling.longestBlank)}, longest frame ${milliseconds(fling.longestFrame)}, waited for rows ${milliseconds(fling.waited)}`,
  )
  within('blank list', fling.longestBlank, budget.blank)
  figures['fling'] = fling
}

const bench = await openBench()
try {
  const tenant = await makeTenant(bench.database, permissions)
  await fill(bench, tenant, incidents, tell)
  await inBrowser(bench, async (browser, address) => {
    const colleague = colleagueAt(address, await makeColleague(bench.database, tenant, permissions))
    await measure({ browser, address }, tenant.key, colleague)
  })
} finally {
  await bench.end()
}
await keepFigures('desk', figures)
for (const line of over) console.error(`over its budget: ${line}`)
if (over.length > 0) process.exitCode = 1
