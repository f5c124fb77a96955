import type { Page } from '@playwright/test'
import { builtInRoles } from '../server/src/practices/people/index.ts'
import { incidentProcess } from '../server/src/practices/incident/incident.process.ts'
import { shippedClasses } from '../server/src/practices/configuration/item-class.shipped.ts'
import { de } from '../web/src/language/de.ts'
import { en } from '../web/src/language/en.ts'
import { tenants } from './cast.ts'
import { macro } from './walked.ts'

/** Who does at Klinikum Seeblick what others do at Harbor Hospital. */
const seeblick: Readonly<Record<string, string>> = {
  'Rita Okafor': 'Greta Vogt',
  'Otto Lindqvist': 'Bernd Lauer',
  'Amir Haddad': 'Jonas Ziegler',
  'Lena Brandt': 'Sabine Kröger',
  'Iris Auditor': 'Ulf Petersen',
  'Ada Silva': 'Heike Sommer',
}
export const atSeeblick = (name: string): string => seeblick[name] ?? name

/** Names, titles and what was written for the walk, the longest first, so that none is left in pieces. */
const data = [
  'Evenkeel',
  'Walked through',
  'Walked, begun',
  'Walked, child',
  'Walked, resolved',
  'Only the team.',
  'For the caller.',
  'Call the vendor',
  'screen.png',
  'A new fuser.',
  'Written by a macro.',
  'Replace the power supplies of',
  'first: move all that stands in the old computer room to the new building before winter',
  'Another system for',
  'Say the system of',
  'Not thought through yet',
  'Monitoring',
  'Workstation on ward 4, at the window beside the ice machine',
  'Workstations of ward 4',
  'It has 32 GB of memory since March, and stands in the store.',
  macro,
  ...tenants.flatMap(({ name, people, teams }) => [
    name,
    ...people.flatMap((person) => [person.name, person.title]),
    ...teams.map((team) => team.name),
  ]),
]
  .filter((text) => text !== '')
  .toSorted((one, other) => other.length - one.length)

/** What somebody reads, without data, what was typed, and what German puts in quotes. */
const wordsIn = (text: string): string =>
  data
    .reduce((rest, name) => rest.replaceAll(name, ' '), text)
    .replaceAll(/„[^“]*“/g, ' ')
    // What rules of policies are called by machines.
    .replaceAll(/\b[a-z]+(?:-[a-z]+)+\b/g, ' ')
    .trim()

/** Words that no German sentence has. */
const english =
  /\b(?:the|of|and|is|are|to|for|with|not|you|your|this|that|it|has|have|been|by|from|cannot|there|nobody|somebody)\b/i

const german: Readonly<Record<string, string>> = de
/** Whole texts of the English application, from the catalogue and from the server, that are others in German. */
const englishTexts = new Set([
  ...Object.entries(en).flatMap(([key, text]) => (german[key] === text ? [] : [text])),
  ...Object.values(builtInRoles).flatMap(({ name, description: about }) => [name, about]),
  ...Object.values(incidentProcess.states).map(({ label }) => label),
  ...Object.values(incidentProcess.moves).flatMap(({ label }) => label ?? []),
])
for (const text of Object.values(german)) englishTexts.delete(text)

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

/** What stands on a page in English for a German reader. */
export const englishOn = async (page: Page, written: ReadonlySet<string> = new Set()): Promise<string[]> =>
  (await textsOf(page)).filter((text) => {
    const said = wordsIn(text)
    return (english.test(said) || englishTexts.has(said)) && !written.has(said)
  })

const labelsIn = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap(labelsIn)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) =>
          key === 'label' && typeof inner === 'string' ? [inner] : labelsIn(inner),
        )
      : []

/** What is shown as it is written: names of classes, attributes and sources to who edits their policy, and values of entries in the journal. */
export const writtenLabels: ReadonlySet<string> = new Set(
  [...labelsIn(shippedClasses), 'By hand', 'down', 'degraded'].flatMap((label) => [
    label,
    `${label} nach oben`,
    `${label} nach unten`,
  ]),
)
