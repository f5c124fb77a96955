import type { Page } from '@playwright/test'
import { tenants } from './cast.ts'
import { actor, browserOf, expect, settled, test } from './fixture.ts'
import { placesOf } from './pages.ts'

// One walk visits every page of the application twice; a loaded machine takes its time.
test.describe.configure({ timeout: 600_000 })

/** Who opens a place in the house where everything that people wrote is German. */
const seeblick: Readonly<Record<string, string>> = {
  'Rita Okafor': 'Greta Vogt',
  'Amir Haddad': 'Jonas Ziegler',
  'Lena Brandt': 'Sabine Kröger',
  'Iris Auditor': 'Ulf Petersen',
  'Ada Silva': 'Heike Sommer',
}

const title = 'Drucker auf Station 4 druckt leere Blätter'
const written = [
  title,
  'Seit heute Morgen kommt nur weißes Papier.',
  'Toner geprüft.',
  'Wir schauen nach.',
  'Sonnenschein',
  'Klinikdruck',
  'Erste Fassung',
]

/** What is the same in both languages: names, and words that German took over. */
const sameWords = new Set<string>([
  'Administration',
  'Deutsch',
  'English',
  'Journal',
  'Mail',
  'Name',
  'Node.js',
  'Normal',
  'Passkeys',
  'Person',
  'Portal',
  'PostgreSQL',
  'System',
  'Team',
  'Team:',
  'Teams',
  'Text',
  // Typed into the search, and a kind of entry as an example.
  ':red',
  'colour',
  'incident.resolved',
])
/** Initials, numbers, addresses, names of zones and versions; what a library measures with. */
const nobodysWords =
  /^(?:\p{Lu}{2}|\[?[A-Z]{3}\d+\]?|\S+@\S+|[A-Z]\w+\/[\w/+-]+|UTC|Version \d+|autosize measurement)$/u

/** Names, titles and texts, the longest first, so that none is left in pieces. */
const data = [
  'Evenkeel',
  ...written,
  ...tenants.flatMap(({ name, people, teams }) => [
    name,
    ...people.flatMap((person) => [person.name, person.title]),
    ...teams.map((team) => team.name),
  ]),
].toSorted((one, other) => other.length - one.length)

const withoutData = (text: string): string =>
  data.reduce((rest, name) => rest.replaceAll(name, ' '), text).replaceAll(/^[\s·,]+|[\s·,]+$/g, '')

/** Every text of a page that somebody reads or hears; what is written for machines is left out. */
const textsOf = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const forMachines = 'code, kbd, samp, pre, script, style, svg, time, textarea'
    const found = new Set()
    const add = (text) => {
      const plain = (text ?? '').replaceAll(/\\s+/g, ' ').trim()
      if (/\\p{L}{2}/u.test(plain)) found.add(plain)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement, textContent } = walker.currentNode
      if (parentElement !== null && parentElement.closest(forMachines) === null) add(textContent)
    }
    for (const name of ['aria-label', 'aria-description', 'placeholder', 'title', 'alt', 'aria-roledescription'])
      for (const element of document.querySelectorAll('[' + name + ']')) add(element.getAttribute(name))
    add(document.title)
    return [...found]
  })()`)

/** Words that no German text has. */
const english =
  /\b(?:the|of|and|is|are|to|for|with|not|you|your|this|that|it|has|have|been|by|from|cannot|there|nobody|somebody)\b/i

test('a German reader meets no English', async ({ browser }) => {
  const [greta, jonas, heike] = [
    await actor('Greta Vogt'),
    await actor('Jonas Ziegler'),
    await actor('Heike Sommer'),
  ]
  await heike.api
    .createCustomField({ body: { key: 'standort', label: 'Sonnenschein', type: 'text' } })
    .catch(() => undefined)
  const { id } = await greta.api.raiseIncident({
    body: { title, description: 'Seit heute Morgen kommt nur weißes Papier.' },
  })
  await jonas.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'Toner geprüft.' } })
  await jonas.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Wir schauen nach.' } })
  const read = async (language: 'en' | 'de'): Promise<Map<string, readonly string[]>> => {
    const texts = new Map<string, readonly string[]>()
    const places = placesOf(id)
    for (const name of new Set(places.map((place) => place.as))) {
      const who = name === undefined ? undefined : await actor(seeblick[name] ?? name)
      await who?.api.editMe({ body: { language } })
      const options = { locale: language === 'de' ? 'de-DE' : 'en-US' }
      const context =
        who === undefined ? await browser.newContext(options) : await browserOf(browser, who, options)
      const page = await context.newPage()
      for (const place of places.filter((one) => one.as === name)) {
        await page.goto(place.path)
        await settled(page)
        texts.set(place.name, await textsOf(page))
      }
      await context.close()
      await who?.api.editMe({ body: { language: 'de' } })
    }
    return texts
  }
  const [inEnglish, inGerman] = [await read('en'), await read('de')]
  const faults: string[] = []
  for (const [place, texts] of inGerman) {
    const same = new Set(inEnglish.get(place))
    for (const text of texts) {
      const rest = withoutData(text)
        .replaceAll(/„[^“]*“/g, '')
        .trim()
      const suspect =
        english.test(rest) ||
        (same.has(text) && /\p{L}{2}/u.test(rest) && !sameWords.has(rest) && !nobodysWords.test(rest))
      if (suspect) faults.push(`${place}: ${text}`)
    }
  }
  expect(faults).toEqual([])
})
