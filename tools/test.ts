/**
 * `npm test`: set-up, every check, every test. Stops at the first step that fails, with its exit code. The last line is
 * `N passed, N failed`, counting tests of both runners.
 */
import { globSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildWeb } from './build-web.ts'
import { check } from './check.ts'
import { findChromium } from './chromium.ts'
import { scratchDirectory } from '../server/test/scratch.ts'
import { heading, root, watch } from './step.ts'
import { type Counts, countsIn, playwrightCounts, total, vitestCounts } from './test-report.ts'

const scratch = await scratchDirectory()
const environment = {
  TMPDIR: scratch,
  // Many processes start, and most of a start is reading source.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/evenkeel'),
}
const counts: Counts[] = []

async function run(): Promise<number> {
  const journeys = globSync('e2e/**/*.spec.ts', { cwd: root }).length > 0
  const chromium = journeys ? await setUp() : ''
  return (await check()) || (await unitTests()) || (journeys ? await journeyTests(chromium) : 0)
}

async function setUp(): Promise<string> {
  heading('set-up')
  const chromium = await findChromium()
  console.log(`browser: ${chromium}`)
  return chromium
}

async function unitTests(): Promise<number> {
  const report = join(scratch, 'vitest.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const exitCode = await watch({ name: 'tests', command: ['vitest', 'run', ...reporters], environment })
  counts.push(await countsIn(report, vitestCounts))
  return exitCode
}

async function journeyTests(chromium: string): Promise<number> {
  await buildWeb()
  const report = join(scratch, 'playwright.json')
  const exitCode = await watch({
    name: 'journeys',
    command: ['playwright', 'test', '--reporter=list,json'],
    environment: { ...environment, CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  })
  counts.push(await countsIn(report, playwrightCounts))
  return exitCode
}

let exitCode = 1
try {
  exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
} finally {
  await rm(scratch, { recursive: true, force: true })
}
const { passed, failed } = total(counts, exitCode)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = exitCode
