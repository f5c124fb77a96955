import type { Browser, Page } from '@playwright/test'
import { address } from './cast.ts'
import { dialogsOf } from './dialogs.ts'
import { accessFaults, actor, browserOf, expect, settled, test } from './fixture.ts'
import { atSeeblick, englishOn, writtenLabels } from './german.ts'
import { type Place, placesOf } from './pages.ts'
import { prepareWalk } from './walked.ts'
import { words } from './words.ts'

// Each walk by itself, next to another. One visits some forty places; a loaded machine takes its time.
test.describe.configure({ mode: 'parallel', timeout: 600_000 })

const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

type Language = 'en' | 'de'

/** In each language in a house that speaks it. */
const house = {
  en: { locale: 'en-US', who: (name: string): string => name, prepare: () => prepareWalk() },
  de: {
    locale: 'de-DE',
    who: atSeeblick,
    prepare: () => prepareWalk(atSeeblick, 'Seit heute früh öffnet sich die Kurve nur langsam.'),
  },
} as const

/**
 * To a place as a reader gets there: by an address at first, then inside the application, which is a third of the time. A page that is
 * open already, and maybe a dialog over it, is begun anew.
 */
const goTo = async (page: Page, { as, path }: Place): Promise<void> => {
  const { pathname } = URL.canParse(page.url()) ? new URL(page.url()) : { pathname: '' }
  const isInside = as !== undefined && page.url().startsWith(address)
  if (isInside && pathname !== path.replace(/[?#].*/, ''))
    await page.evaluate(`window.__TSR_ROUTER__.navigate({ href: ${JSON.stringify(path)} })`)
  else await page.goto(path)
  await settled(page)
}

/** What is wrong with the places, each opened by whom it is for, in a language. The first place with a fault is named. */
const faultsOf = async <P extends Place>(
  browser: Browser,
  language: Language,
  places: readonly P[],
  look: (page: Page, place: P) => Promise<readonly string[]>,
): Promise<string[]> => {
  const { locale, who } = house[language]
  const faults = new Map<string, string>()
  for (const name of new Set(places.map((place) => place.as))) {
    const context =
      name === undefined
        ? await browser.newContext({ locale })
        : await browserOf(browser, await actor(who(name)), { locale })
    const page = await context.newPage()
    for (const place of places.filter((one) => one.as === name))
      await test.step(place.name, async () => {
        await page.setViewportSize(desktop)
        await goTo(page, place)
        await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
        const found = await look(page, place)
        const english =
          language === 'de'
            ? await englishOn(
                page,
                /^\/journal|\/policies\/item_/.test(place.path) ? writtenLabels : undefined,
              )
            : []
        for (const fault of [...found, ...english.map((text) => `English: ${text}`)])
          if (!faults.has(fault)) faults.set(fault, `${place.name}: ${fault}`)
      })
    await context.close()
  }
  return [...faults.values()]
}

const inBothSchemes = async (page: Page): Promise<string[]> => [
  ...(await accessFaults(page, 'light')),
  ...(await accessFaults(page, 'dark')),
]

for (const language of ['en', 'de'] as const) {
  test(`every page is accessible and speaks the language ${language}`, async ({ browser }) => {
    const places = placesOf(await house[language].prepare())
    const faults = await faultsOf(browser, language, places, async (page) => {
      const atADesk = await inBothSchemes(page)
      // What a phone puts elsewhere is the same in every language.
      if (language !== 'en') return atADesk
      await page.setViewportSize(phone)
      return [...atADesk, ...(await accessFaults(page, 'light'))]
    })
    expect(faults).toEqual([])
  })

  test(`every dialog is accessible and speaks the language ${language}`, async ({ browser }) => {
    const dialogs = dialogsOf(await house[language].prepare())
    const faults = await faultsOf(browser, language, dialogs, async (page, dialog) => {
      if (dialog.phone === true) await page.setViewportSize(phone)
      await dialog.open(page, words[language])
      return inBothSchemes(page)
    })
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
