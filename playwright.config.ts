import { defineConfig } from '@playwright/test'
import { firstPort } from './e2e/cast.ts'

/** Two rows of journeys, as many as the smallest machine has cores. */
const workers = 2

/** Journeys through the real server in a real browser. `CHROMIUM_PATH` names the browser; Debian's is the default. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/journeys',
  workers,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    // What opens is there at once: waiting for motion is a tenth of the time.
    contextOptions: { reducedMotion: 'reduce' },
    // What is missing is missing soon; the test's own time is for its many steps.
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // It costs a third of the time; `--trace retain-on-failure` shows how it went.
    trace: 'off',
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
      ],
    },
  },
  webServer: Array.from({ length: workers }, (_, row) => ({
    command: 'node e2e/server.ts',
    url: `http://localhost:${firstPort + row}`,
    env: { EVENKEEL_TEST_PORT: String(firstPort + row) },
    reuseExistingServer: false,
    timeout: 120_000,
    stdout: 'ignore',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  })),
})
