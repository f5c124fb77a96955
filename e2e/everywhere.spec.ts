import { accessFaults, actor, browserOf, expect, settled, test } from './fixture.ts'
import { placesOf } from './pages.ts'
import { description } from './story.ts'

// One walk visits every page of the application; a loaded machine takes its time.
test.describe.configure({ timeout: 600_000 })

// Colors are the same in every language.
for (const { language, browserLocale, schemes } of [
  { language: 'en', browserLocale: 'en-US', schemes: ['light', 'dark'] },
  { language: 'de', browserLocale: 'de-DE', schemes: ['light'] },
] as const) {
  test(`every page is accessible in the language ${language}`, async ({ browser }) => {
    const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
    const { id } = await rita.api.raiseIncident({ body: { title: 'Walked through', description } })
    await amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'Only the team.' } })
    await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'For the caller.' } })
    const places = placesOf(id)
    const faults = new Map<string, string>()
    for (const name of new Set(places.map((place) => place.as))) {
      const who = name === undefined ? undefined : await actor(name)
      await who?.api.editMe({ body: { language } })
      const context =
        who === undefined
          ? await browser.newContext({ locale: browserLocale })
          : await browserOf(browser, who, { locale: browserLocale })
      const page = await context.newPage()
      for (const place of places.filter((one) => one.as === name)) {
        await page.goto(place.path)
        await settled(page)
        await expect(page.locator('html')).toHaveAttribute('lang', new RegExp(`^${language}`))
        for (const scheme of schemes)
          for (const fault of await accessFaults(page, scheme))
            if (!faults.has(fault)) faults.set(fault, `${place.name}: ${fault}`)
      }
      await context.close()
      await who?.api.editMe({ body: { language: 'en' } })
    }
    expect([...faults.values()]).toEqual([])
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
