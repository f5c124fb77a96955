/**
 * `node bench/list-scroll.ts [incidents]`: flings through a list of 100,000 incidents in a real browser and reports how long no row stood
 * where one belongs. The budget is no blank frame over 100 ms; exits 1 when it is passed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { z } from 'zod'
import { readConfig } from '../server/src/app/config.ts'
import { startInstance } from '../server/src/app/start.ts'
import { fill } from './fill.ts'
import { makeTenant, openBench } from './place.ts'

const count = Number(process.argv[2] ?? 100_000)
const budgetMilliseconds = 100
const flingMilliseconds = 30_000
/** A strong flick of a wheel or a finger: 12,000 px in a second. */
const pixelsPerMillisecond = 12

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const place = server.address()
      const port = typeof place === 'object' && place !== null ? place.port : 0
      server.close(() => resolve(port))
    })
  })

const Seen = z.object({
  frames: z.number(),
  longestBlank: z.number(),
  longestFrame: z.number(),
  rows: z.number(),
  waited: z.number(),
})

/** Runs in the page: moves on with every frame and looks whether rows stand at five heights of the list. */
const fling = `new Promise((resolve) => {
  const scroller = document.querySelector('[role="grid"]').parentElement
  const box = scroller.getBoundingClientRect()
  const places = [0.1, 0.3, 0.5, 0.7, 0.95].map((part) => box.top + 32 + (box.height - 40) * part)
  const began = performance.now()
  let [before, blankSince, longestBlank, longestFrame, frames, waited] = [began, -1, 0, 0, 0, 0]
  const look = (now) => {
    frames += 1
    const passed = Math.max(0, now - before)
    longestFrame = Math.max(longestFrame, passed)
    before = now
    const hasRow = (y) => document.elementFromPoint(box.left + 300, y)?.closest('[role="row"]') != null
    if (places.every(hasRow)) blankSince = -1
    else {
      if (blankSince < 0) blankSince = now - passed
      longestBlank = Math.max(longestBlank, now - blankSince)
    }
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) waited += passed
    scroller.scrollTop += passed * ${pixelsPerMillisecond}
    if (now - began < ${flingMilliseconds}) return requestAnimationFrame(look)
    const last = [...document.querySelectorAll('[role="row"][aria-rowindex]')].at(-1)
    const rows = Number(last?.getAttribute('aria-rowindex') ?? 0)
    resolve({ frames, longestBlank, longestFrame, rows, waited })
  }
  requestAnimationFrame(look)
})`

execFileSync(process.execPath, [join(import.meta.dirname, '../tools/build-web.ts')], { stdio: 'inherit' })
const bench = await openBench()
const directory = await mkdtemp(join(tmpdir(), 'evenkeel-scroll-'))
try {
  const tenant = await makeTenant(bench.database, [
    'incident.read',
    'incident.read_internal',
    'person.read',
    'service.read',
  ])
  await fill(bench, tenant, count, console.log)
  const port = await freePort()
  const instance = await startInstance(
    readConfig({
      EVENKEEL_PORT: String(port),
      EVENKEEL_DATA: directory,
      EVENKEEL_LOG_LEVEL: 'error',
      EVENKEEL_RATE_LIMIT_PER_MINUTE: '1000000',
      DATABASE_URL: bench.server.appUrl,
      DATABASE_MIGRATION_URL: bench.server.ownerUrl,
    }),
    { web: { directory: join(import.meta.dirname, '../web/dist'), built: Promise.resolve() } },
  )
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    extraHTTPHeaders: { authorization: `Bearer ${tenant.key}` },
  })
  await page.goto(`http://127.0.0.1:${port}/incidents?q=`)
  await page.getByRole('row').nth(20).waitFor({ timeout: 60_000 })
  const seen = Seen.parse(await page.evaluate(fling))
  await browser.close()
  await instance.stop()
  console.log(
    `${count} incidents, ${flingMilliseconds / 1000} s at ${pixelsPerMillisecond * 1000} px/s: ${seen.rows} rows passed in ${seen.frames} frames`,
  )
  console.log(
    `longest blank ${Math.round(seen.longestBlank)} ms (budget ${budgetMilliseconds} ms), longest frame ${Math.round(seen.longestFrame)} ms, waited at the end of what was loaded ${Math.round(seen.waited)} ms`,
  )
  if (seen.longestBlank > budgetMilliseconds) process.exitCode = 1
} finally {
  await bench.end()
  await rm(directory, { recursive: true, force: true })
}
