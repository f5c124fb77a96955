/**
 * `node e2e/screenshots.ts [name…]`: every page in 1440×900 and 390×844, light and dark, into test-results/screenshots. Looking at them is
 * part of the work.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import config from '../playwright.config.ts'
import { address } from './cast.ts'
import { actor, browserOf, expect } from './fixture.ts'
import { tellRecordStory } from './record-story.ts'
import { shotsOf } from './shots.ts'
import { tellStory } from './story.ts'

const output = join(import.meta.dirname, '../test-results/screenshots')
const sizes = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
] as const
const schemes = ['light', 'dark'] as const

const wanted = process.argv.slice(2)
const server = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  await Promise.race([
    once(server.stdout, 'data'),
    once(server, 'exit').then(() => Promise.reject(new Error('the server ended'))),
  ])
  const { rich, extreme, resolved } = await tellStory()
  const { rightToLeft } = await tellRecordStory({ rich, extreme })
  const shots = shotsOf({ rich, extreme, resolved, rightToLeft })
  await mkdir(output, { recursive: true })
  const browser = await chromium.launch(config.use?.launchOptions ?? {})
  for (const shot of shots.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const who = shot.as === undefined ? undefined : await actor(shot.as)
    for (const { name, viewport } of sizes) {
      for (const colorScheme of schemes) {
        const options = { viewport, colorScheme, deviceScaleFactor: 1, reducedMotion: 'reduce' } as const
        const context =
          who === undefined
            ? await browser.newContext({
                ...options,
                baseURL: address,
                timezoneId: 'Europe/Berlin',
                locale: 'en-US',
              })
            : await browserOf(browser, who, options)
        const page = await context.newPage()
        page.on('pageerror', (error) =>
          console.error(`${shot.name} ${name} ${colorScheme}: ${error.message}`),
        )
        page.on('console', (message) => {
          if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
            console.error(`${shot.name} ${name}: ${message.text()}`)
        })
        await shot.before?.(page)
        await page.goto(shot.path)
        // Not "networkidle": the live stream never ends.
        await page.locator('main').waitFor()
        await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0, { timeout: 30_000 })
        await page.evaluate('document.fonts.ready.then(() => undefined)')
        try {
          await shot.act?.(page, name === 'wide')
        } catch (error) {
          // The picture shows how far it came.
          console.error(
            `${shot.name} ${name} ${colorScheme}:`,
            error instanceof Error ? error.message : error,
          )
          process.exitCode = 1
        }
        await page.waitForTimeout(250)
        await page.screenshot({ path: join(output, `${shot.name}.${name}.${colorScheme}.png`) })
        await context.close()
      }
    }
    console.log(shot.name)
  }
  await browser.close()
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
}
