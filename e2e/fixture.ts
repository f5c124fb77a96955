import { setTimeout } from 'node:timers/promises'
import { api } from '@evenkeel/contract/api'
import { createClient } from '@evenkeel/contract/client'
import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test'
import axe from 'axe-core'
import { address, tenants } from './cast.ts'

const tenantOf = (name: string): string => {
  const tenant = tenants.find(({ people }) => people.some((person) => person.name === name))
  if (tenant === undefined) throw new Error(`nobody in the cast is called ${name}`)
  return tenant.slug
}

/** A machine that runs the tests of everybody at once answers 503 now and then, and says when to ask again; so we ask again. */
const patientFetch: typeof fetch = async (input, init) => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(input, init)
    if (response.status !== 503 || attempt === 10) return response
    await setTimeout(Number(response.headers.get('retry-after') ?? 1) * 1000)
  }
}

/** Somebody of the cast, signed in: their cookie, and the API as they see it. */
export const actor = async (name: string) => {
  const stranger = createClient(api, { baseUrl: address, fetch: patientFetch })
  const slug = tenantOf(name)
  const { demo } = await stranger.signInOptions({ query: { tenant: slug } })
  const person = demo.flatMap(({ people }) => people).find((one) => one.name === name)
  if (person === undefined) throw new Error(`${name} cannot be signed in with one click`)
  const answer = await patientFetch(`${address}/api/v1/session/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ personId: person.id, tenant: slug }),
  })
  const cookie = /^([^=]+)=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')
  if (!answer.ok || cookie === null) throw new Error(`signing in ${name} was answered with ${answer.status}`)
  const [, cookieName = ''] = cookie
  let [, , value = ''] = cookie
  // Proving oneself again gives the session another cookie, as it would in a browser.
  const fetchWithCookie: typeof fetch = async (input, init) => {
    const response = await patientFetch(input, init)
    value = /=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? value
    return response
  }
  return {
    id: person.id,
    name,
    cookie: { name: cookieName, value, url: address },
    api: createClient(api, {
      baseUrl: address,
      fetch: fetchWithCookie,
      headers: () => ({ cookie: `${cookieName}=${value}`, origin: address }),
    }),
  }
}
export type Actor = Awaited<ReturnType<typeof actor>>

/** A browser of one's own in which somebody is signed in. */
export const browserOf = async (
  browser: Browser,
  who: Actor,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> => {
  const context = await browser.newContext({
    baseURL: address,
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
    ...options,
  })
  await context.addCookies([{ ...who.cookie, httpOnly: true, sameSite: 'Lax' }])
  return context
}

/** What was asked for is there: no skeleton is left, and the letters are the right ones. */
export const settled = async (page: Page): Promise<void> => {
  await page.locator('main').first().waitFor()
  await expect(page.getByRole('status', { name: /Loading|Wird geladen|\[Ļ/ })).toHaveCount(0, {
    timeout: 30_000,
  })
  await expect(page.locator('.mantine-Skeleton-root[data-visible]')).toHaveCount(0, { timeout: 30_000 })
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}

/**
 * What axe finds in a page, in the scheme asked for. Everything in light; in dark what colors make. Only what is wrong comes back from
 * the page: a walk through all of them looks a hundred times.
 */
export const accessFaults = async (page: Page, scheme: 'light' | 'dark'): Promise<string[]> => {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
  if (!(await page.evaluate<boolean>('window.axe !== undefined'))) await page.evaluate(axe.source)
  const options = {
    resultTypes: ['violations'],
    // Style sheets of other addresses, of which there are none: looking for them is a quarter of the time.
    preload: false,
    ...(scheme === 'dark' && { runOnly: { type: 'rule', values: ['color-contrast'] } }),
  }
  const found = await page.evaluate<{ id: string; nodes: { html: string; failureSummary: string }[] }[]>(
    `window.axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )
  return found.map(
    ({ id, nodes }) =>
      `${scheme}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`,
  )
}

/** No violation that axe knows, in light; and in dark none of those that colors make. */
export const expectAccessible = async (page: Page): Promise<void> => {
  for (const scheme of ['light', 'dark'] as const) expect(await accessFaults(page, scheme)).toEqual([])
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
}

/** The row's own server: each row of journeys has one. */
export const test = base.extend({ baseURL: address })
export { expect }
