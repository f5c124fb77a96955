import type { BrowserContext, Page } from '@playwright/test'

/** Entries of the browser's own measurements, kept from the first moment of the page, and when what one came for stands there. */
const observing = (content: string): string => `
  window.measured = { paint: 0, content: 0, interactions: [] }
  const look = () => {
    if (document.querySelector(${JSON.stringify(content)}) === null) requestAnimationFrame(look)
    else requestAnimationFrame(() => setTimeout(() => (window.measured.content = performance.now())))
  }
  requestAnimationFrame(look)
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.measured.paint = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.measured.interactions.push(entry.duration)
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 })
`

type Measured = {
  readonly paint: number
  readonly content: number
  readonly interactions: readonly number[]
}

type Visit = {
  readonly name: string
  readonly path: string
  /** What one came for, as a selector. */
  readonly content: string
  readonly act: (page: Page) => Promise<void>
}

/** Pages that people work in, and what they do there. */
const visits = (record: string): readonly Visit[] => [
  {
    name: 'home',
    path: '/',
    content: 'main section',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('wort', { delay: 60 })
      await page.keyboard.press('Escape')
    },
  },
  {
    name: 'list of incidents',
    path: '/incidents?q=',
    content: 'main [role="row"][aria-rowindex="2"]',
    act: async (page) => {
      for (const key of ['j', 'j', 'x', 'j', 'x', 'k', 'Enter']) await page.keyboard.press(key, { delay: 40 })
    },
  },
  {
    name: 'record with 200 comments',
    path: `/incidents/${record}`,
    content: 'main ol > li article',
    act: async (page) => {
      await page.keyboard.press('n')
      await page.keyboard.type('The ribbon sensor reports an empty roll.', { delay: 40 })
      await page.keyboard.press('Escape')
    },
  },
  {
    name: 'raising an incident',
    path: '/incidents/new',
    content: 'main form',
    act: async (page) => {
      await page.getByRole('textbox').first().click()
      await page.keyboard.type('Electronic records are slow', { delay: 40 })
    },
  },
]

/** Milliseconds: the median and the worst of the rounds. */
export type Painted = {
  readonly name: string
  readonly paint: number
  readonly worstPaint: number
  readonly content: number
  readonly interaction: number
  readonly worstInteraction: number
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Largest contentful paint and the slowest interaction to next paint of each page, processor slowed down four times, nothing cached. */
export const paintAndAct = async (
  context: BrowserContext,
  record: string,
  rounds: number,
): Promise<readonly Painted[]> => {
  const found: Painted[] = []
  for (const { name, path, content, act } of visits(record)) {
    const paints: number[] = []
    const contents: number[] = []
    const interactions: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const page = await context.newPage()
      const devtools = await context.newCDPSession(page)
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
      await devtools.send('Network.setCacheDisabled', { cacheDisabled: true })
      await page.addInitScript(observing(content))
      // A browser that opens a tab has work of its own, which is not the page's.
      await page.waitForTimeout(1000)
      await page.goto(path)
      await page.locator('main').first().waitFor()
      await page.waitForLoadState('load')
      await page.waitForTimeout(1500)
      await act(page)
      await page.waitForTimeout(500)
      const measured = await page.evaluate<Measured>('window.measured')
      paints.push(measured.paint)
      contents.push(measured.content)
      interactions.push(Math.max(0, ...measured.interactions))
      await page.close()
    }
    found.push({
      name,
      paint: median(paints),
      worstPaint: Math.max(...paints),
      content: median(contents),
      interaction: median(interactions),
      worstInteraction: Math.max(...interactions),
    })
  }
  return found
}
