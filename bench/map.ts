/**
 * `node bench/map.ts [--nodes 2000] [--slower 4] [--pictures DIRECTORY]`: how smoothly the service map moves in a real browser: frames while it is dragged, zoomed
 * and thrown around, and until a pick is drawn, with the processor as it is and slowed down. Keeps the figures in `bench/results/map.json`;
 * exits 1 when one is over its budget. For a machine that does nothing else. The page has to be built. With a
 * directory it takes pictures of maps of 20, 300 and 2,000 nodes instead, in both schemes and widths.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ItemMap } from '@evenkeel/contract/item-graph'
import type { Permission } from '@evenkeel/contract/permission'
import type { BrowserContext, Page } from '@playwright/test'
import { z } from 'zod'
import { inBrowser } from './browser.ts'
import { keepFigures } from './figures.ts'
import { makeTenant, openBench } from './place.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '2000' },
    slower: { type: 'string', default: '4' },
    pictures: { type: 'string' },
  },
})
const [nodes, slower] = [Number(values.nodes), Number(values.slower)]

/** Milliseconds between two frames: at the 95th percentile, and at the longest; on the slowed processor twice as much. */
const budget = { p95: 34, longest: 100 } as const

const permissions: readonly Permission[] = [
  'item.read',
  'incident.read',
  'incident.read_internal',
  'person.read',
  'service.read',
]

/** A hospital's map: few services on top, most things below, each standing under one or two others. */
const hospital = (count: number): ItemMap => {
  let seed = 7
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const idOf = (at: number, kind = '8'): string =>
    `018f0000-0000-7000-${kind}000-${String(at).padStart(12, '0')}`
  const services = Math.max(3, Math.round(count * 0.06))
  const now = new Date().toISOString()
  const items = Array.from({ length: count }, (_, at): ItemMap['items'][number] => {
    const isService = at < services
    const health = at % 41 === 7 ? 'down' : at % 29 === 3 ? 'degraded' : at % 53 === 11 ? 'unknown' : 'up'
    return {
      id: idOf(at),
      name: isService ? `Service ${at + 1} of the hospital` : `node-${at}`,
      class: isService ? 'business_service' : 'server',
      classLabel: isService ? 'Business service' : 'Server',
      state: 'in_use',
      hops: 0,
      health: { now: health, own: health, sentence: '', until: null },
      isService,
      criticality: isService ? (([1, 2, 3, 4] as const)[at % 4] ?? 4) : null,
      quorum: null,
      openRecords: at % 23 === 0 ? 2 : 0,
      more: at % 17 === 0,
      planned: null,
    }
  })
  const relations = items.slice(services).flatMap((item, index) =>
    Array.from({ length: random() < 0.5 ? 2 : 1 }, (_, turn): ItemMap['relations'][number] => {
      const above = Math.floor(Math.max(0, (index + services) * (0.25 + 0.6 * random()) - 2))
      return {
        id: idOf(index * 2 + turn, '9'),
        type: 'runs_on',
        belowId: item.id,
        aboveId: idOf(above),
        trouble: random() < 0.1 ? 'weak' : 'need',
        words: 'runs on',
        planned: false,
      }
    }),
  )
  return { validAt: now, knownAt: now, items, relations, cut: null }
}

/** Runs in the page: does a piece of the movement with every frame, and keeps how long each frame took. */
const moving = (piece: string, frames = 120): string => `new Promise((resolve) => {
  const map = document.querySelector('[role="application"]')
  const box = map.getBoundingClientRect()
  const [midX, midY] = [box.left + box.width / 2, box.top + box.height / 2]
  const pointer = (type, x, y) => map.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: x, clientY: y, pointerType: 'touch', isPrimary: true }))
  const wheel = (deltaY) => map.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: midX, clientY: midY, deltaY }))
  const took = []
  let [before, at] = [performance.now(), 0]
  const step = (now) => {
    if (at > 0) took.push(now - before)
    before = now
    if (at++ === ${frames}) {
      took.sort((a, b) => a - b)
      resolve({ p50: took[took.length >> 1], p95: took[Math.floor(took.length * 0.95)], longest: took.at(-1) })
      return
    }
    ${piece}
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`

const movements = {
  drag: `if (at === 1) pointer('pointerdown', midX, midY); const turn = at / 20; pointer('pointermove', midX + Math.sin(turn) * 300, midY + Math.sin(turn * 1.3) * 150); if (at === 120) pointer('pointerup', midX, midY)`,
  zoom: `wheel(Math.floor(at / 40) % 2 === 0 ? -60 : 60)`,
  throw: `if (at % 12 === 1) pointer('pointerdown', midX, midY); pointer('pointermove', midX + (at % 12) * 60 * (Math.floor(at / 12) % 2 === 0 ? 1 : -1), midY); if (at % 12 === 11) pointer('pointerup', midX, midY)`,
} as const

const Frames = z.object({ p50: z.number(), p95: z.number(), longest: z.number() })

const figures: Record<string, unknown> = { at: new Date().toISOString(), nodes }
const over: string[] = []
const tell = (line: string): void => void process.stdout.write(`${line}\n`)

const measure = async (page: Page, name: string, piece: string, rate: number): Promise<void> => {
  const found = Frames.parse(await page.evaluate(moving(piece)))
  tell(
    `${name.padEnd(24)} frames p50 ${found.p50.toFixed(0)} ms, p95 ${found.p95.toFixed(0)} ms, longest ${found.longest.toFixed(0)} ms`,
  )
  figures[name] = found
  const room = rate > 1 ? 2 : 1
  for (const part of ['p95', 'longest'] as const)
    if (found[part] > budget[part] * room)
      over.push(`${name}, ${part}: ${found[part].toFixed(0)} ms, budget ${budget[part] * room} ms`)
}

const takePictures = async (context: BrowserContext, directory: string): Promise<void> => {
  for (const count of [20, 300, 2000])
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await context.newPage()
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        await page.route('**/api/v1/item-map**', (route) =>
          route.fulfill({ contentType: 'application/json', body: JSON.stringify(hospital(count)) }),
        )
        await page.goto('/map')
        await page.locator('[role="application"]').waitFor({ timeout: 60_000 })
        // ELK has sorted out what it sorts out.
        await page.waitForTimeout(count === 300 ? 6000 : 2500)
        await page.screenshot({ path: join(directory, `map-${count}-${width}-${colorScheme}.png`) })
        await page.close()
      }
}

const bench = await openBench()
try {
  const { key } = await makeTenant(bench.database, permissions)
  await inBrowser(bench, async (browser, address) => {
    const context = await browser.newContext({
      baseURL: address,
      viewport: { width: 1440, height: 900 },
      extraHTTPHeaders: { authorization: `Bearer ${key}` },
    })
    const answer = JSON.stringify(hospital(nodes))
    if (values.pictures !== undefined) await takePictures(context, values.pictures)
    for (const rate of values.pictures === undefined ? [1, slower] : []) {
      const page = await context.newPage()
      await page.route('**/api/v1/item-map**', (route) =>
        route.fulfill({ contentType: 'application/json', body: answer }),
      )
      const devtools = await context.newCDPSession(page)
      await devtools.send('Emulation.setCPUThrottlingRate', { rate })
      await page.goto('/map')
      await page.locator('[role="application"]').waitFor({ timeout: 60_000 })
      await page.waitForTimeout(3000)
      for (const [name, piece] of Object.entries(movements))
        await measure(
          page,
          rate === 1 ? `${name}, all in sight` : `${name}, all, slowed ${rate}`,
          piece,
          rate,
        )
      await page.evaluate(moving('wheel(-70)', 24))
      await page.waitForTimeout(1000)
      for (const [name, piece] of Object.entries(movements))
        await measure(page, rate === 1 ? `${name}, close` : `${name}, close, slowed ${rate}`, piece, rate)
      await page.close()
    }
  })
} finally {
  await bench.end()
}
if (values.pictures === undefined) await keepFigures('map', figures)
for (const line of over) console.error(`over its budget: ${line}`)
if (over.length > 0) process.exitCode = 1
