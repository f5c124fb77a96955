import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { readConfig } from '../server/src/app/config.ts'
import { startInstance } from '../server/src/app/start.ts'
import type { Bench } from './place.ts'

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

/** The product with its page as it was built, and a browser in front of it; both end with the work. */
export const inBrowser = async (
  bench: Bench,
  work: (browser: Browser, address: string) => Promise<void>,
): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'evenkeel-browser-'))
  try {
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
      args: ['--no-sandbox', '--disable-background-networking'],
    })
    try {
      await work(browser, `http://127.0.0.1:${port}`)
    } finally {
      await browser.close()
      await instance.stop()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
