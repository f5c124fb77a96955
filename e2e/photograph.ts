import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import config from '../playwright.config.ts'
import { address } from './cast.ts'
import { actor, browserOf, settled } from './fixture.ts'
import type { Shot } from './shots.ts'

const sizes = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
] as const
const schemes = ['light', 'dark'] as const

/**
 * Takes each picture in both sizes and both schemes. A state that cannot be reached is said, and photographed as far as it came.
 * @returns how many could not be reached
 */
export const photograph = async (
  shots: readonly Shot[],
  output: string,
  {
    in: wantedSchemes = schemes,
    prepare = async () => {},
  }: {
    readonly in?: readonly (typeof schemes)[number][]
    readonly prepare?: (context: BrowserContext) => Promise<unknown>
  } = {},
): Promise<number> => {
  let faults = 0
  await mkdir(output, { recursive: true })
  const browser = await chromium.launch(config.use?.launchOptions ?? {})
  for (const shot of shots) {
    const { language = 'en' } = shot
    const who = shot.as === undefined ? undefined : await actor(shot.as)
    if (language !== 'en') await who?.api.editMe({ body: { language } })
    for (const { name, viewport } of sizes) {
      for (const colorScheme of wantedSchemes) {
        const picture = `${shot.name}.${name}.${colorScheme}`
        const options = {
          viewport,
          colorScheme,
          deviceScaleFactor: 1,
          reducedMotion: 'reduce',
          locale: language === 'en' ? 'en-US' : language,
        } as const
        const context =
          who === undefined
            ? await browser.newContext({ ...options, baseURL: address, timezoneId: 'Europe/Berlin' })
            : await browserOf(browser, who, options)
        await prepare(context)
        const page = await context.newPage()
        page.on('pageerror', (error) => console.error(`${picture}: ${error.message}`))
        page.on('console', (message) => {
          if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
            console.error(`${picture}: ${message.text()}`)
        })
        try {
          await shot.before?.(page)
          await page.goto(shot.path)
          await page.locator('main').first().waitFor()
          if (shot.isLoading !== true) await settled(page)
          await shot.act?.(page, name === 'wide')
        } catch (error) {
          // The picture shows how far it came.
          console.error(`${picture}:`, error instanceof Error ? error.message : error)
          faults += 1
        }
        await page.waitForTimeout(250)
        await page.screenshot({ path: join(output, `${picture}.png`), timeout: 120_000 })
        await context.close()
      }
    }
    if (language !== 'en') await who?.api.editMe({ body: { language: 'en' } })
    console.log(shot.name)
  }
  await browser.close()
  return faults
}
