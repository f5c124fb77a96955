import type { Browser, Page } from '@playwright/test'
import { dialogsOf } from './dialogs.ts'
import { accessFaults, actor, browserOf, expect, settled, test } from './fixture.ts'
import { type Place, placesOf } from './pages.ts'
import { prepareWalk } from './walked.ts'
import { words } from './words.ts'

// Each walk by itself, next to another. One visits some forty places; a loaded machine takes its time.
test.describe.configure({ mode: 'parallel', timeout: 600_000 })

const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

type Language = 'en' | 'de'

/** What axe finds in the places, each opened by whom it is for, in a language. The first place with a fault is named. */
const faultsOf = async <P extends Place>(
  browser: Browser,
  language: Language,
  places: readonly P[],
  look: (page: Page, place: P) => Promise<readonly string[]>,
): Promise<string[]> => {
  const faults = new Map<string, string>()
  for (const name of new Set(places.map((place) => place.as))) {
    const who = name === undefined ? undefined : await actor(name)
    await who?.api.editMe({ body: { language } })
    const locale = language === 'de' ? 'de-DE' : 'en-US'
    const context =
      who === undefined ? await browser.newContext({ locale }) : await browserOf(browser, who, { locale })
    const page = await context.newPage()
    for (const place of places.filter((one) => one.as === name)) {
      await page.goto(place.path)
      await settled(page)
      await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
      for (const fault of await look(page, place))
        if (!faults.has(fault)) faults.set(fault, `${place.name}: ${fault}`)
    }
    await context.close()
    // By a session of its own: whoever proved themselves has another one in the browser by now.
    if (name !== undefined) await (await actor(name)).api.editMe({ body: { language: 'en' } })
  }
  return [...faults.values()]
}

const inBothSchemes = async (page: Page): Promise<string[]> => [
  ...(await accessFaults(page, 'light')),
  ...(await accessFaults(page, 'dark')),
]

for (const language of ['en', 'de'] as const) {
  test(`every page is accessible, at a desk and on a phone, in the language ${language}`, async ({
    browser,
  }) => {
    const places = placesOf(await prepareWalk())
    const faults = await faultsOf(browser, language, places, async (page) => {
      await page.setViewportSize(desktop)
      const atADesk = await inBothSchemes(page)
      await page.setViewportSize(phone)
      return [...atADesk, ...(await accessFaults(page, 'light'))]
    })
    expect(faults).toEqual([])
  })

  test(`every dialog is accessible in the language ${language}`, async ({ browser }) => {
    const dialogs = dialogsOf(await prepareWalk())
    const faults = await faultsOf(browser, language, dialogs, async (page, dialog) =>
      test.step(dialog.name, async () => {
        await page.setViewportSize(dialog.phone === true ? phone : desktop)
        try {
          await dialog.open(page, words[language])
        } catch (e) {
          console.log('NOT OPEN', dialog.name, String(e).slice(0, 400))
          return []
        }
        return inBothSchemes(page)
      }),
    )
    expect(faults).toEqual([])
  })
}

test('in the language made for it, every word of a page is from the catalogue', async ({ browser }) => {
  const ada = await actor('Ada Silva')
  await ada.api.editMe({ body: { language: 'en-XA' } })
  const context = await browserOf(browser, ada)
  try {
    const page = await context.newPage()
    for (const path of ['/incidents/new', '/settings', '/admin/teams', '/nowhere']) {
      await page.goto(path)
      await settled(page)
      await expect(page.getByRole('heading').first()).toHaveText(/^\[.*\]$/)
    }
  } finally {
    await ada.api.editMe({ body: { language: 'en' } })
    await context.close()
  }
})
