import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { type Actor, actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

/** Words that only this test's incidents have. */
const words = (): string => `liste${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`

/** Three incidents, the last one raised first in the list, and a lead's browser on it. */
const desk = async (
  browser: Browser,
): Promise<{ readonly page: Page; readonly word: string; readonly lena: Actor; readonly ids: string[] }> => {
  const [rita, lena] = [await actor('Rita Okafor'), await actor('Lena Brandt')]
  const word = words()
  const ids: string[] = []
  for (const [title, impact] of [
    ['First', 3],
    ['Second', 3],
    ['Third', 1],
  ] as const) {
    const raised = await rita.api.raiseIncident({
      body: { title: `${title} ${word}`, impact, urgency: impact },
    })
    ids.push(raised.id)
  }
  const page = await (await browserOf(browser, lena)).newPage()
  await page.goto(`/incidents?q=${word}`)
  await expect(page.getByRole('row', { name: word })).toHaveCount(3)
  return { page, word, lena, ids }
}

test('a queue is worked through by keyboard alone', async ({ browser }) => {
  const { page, word } = await desk(browser)
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const second = page.getByRole('row', { name: `Second ${word}` })
  await expect(second).toHaveAttribute('data-active', 'true')
  await page.keyboard.press('x')
  await expect(second).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(second).toHaveAttribute('aria-selected', 'false')
  await page.keyboard.press('Space')
  await expect(page.getByRole('complementary', { name: 'Preview' })).toContainText(`Second ${word}`)
  await page.keyboard.press('j')
  await expect(page.getByRole('complementary', { name: 'Preview' })).toContainText(`First ${word}`)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: `First ${word}` })).toBeVisible()
})

test('a list becomes a view, a team shares it, and it is brought back after it was deleted', async ({
  browser,
}) => {
  const { page, word } = await desk(browser)
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('priority')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save as a view' }).click()
  await page.getByLabel('Name').fill(`View ${word}`)
  await page.getByLabel('Who sees it').selectOption({ label: 'Team Service desk' })
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Open it' }).click()
  await expect(page.getByRole('link', { name: `View ${word} 3` })).toHaveAttribute('aria-current', 'page')

  const other = await (await browserOf(browser, await actor('Amir Haddad'))).newPage()
  await other.goto('/incidents?q=')
  await other.getByRole('link', { name: `View ${word} 3` }).click()
  await expect(other).toHaveURL(/group=priority/)
  await expect(other.getByRole('row', { name: word })).toHaveCount(3)
  await expect(other.getByRole('gridcell').getByRole('button', { expanded: true })).toHaveCount(2)

  await page.getByRole('button', { name: 'All views' }).click()
  await page.getByRole('button', { name: `Delete View ${word}` }).click()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.getByRole('textbox', { name: `Rename View ${word}` })).toBeVisible()
  await expectAccessible(page)
})

test('the numbers of all views come with one question, and stay true while others work', async ({
  browser,
}) => {
  const { page, word, lena } = await desk(browser)
  for (const title of ['First', 'Second', 'Third'])
    await lena.api.createView({
      body: { name: `${title} ${word}`, filter: { field: 'title', op: 'starts with', value: title } },
    })
  const mine = `Mine ${word}`
  await lena.api.createView({ body: { name: mine, filter: { field: 'text', op: 'matches', value: word } } })
  const asked: number[] = []
  page.on('request', (request) => {
    if (!request.url().endsWith('/incidents/counts')) return
    // What the page itself sends.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    asked.push((request.postDataJSON() as { lists: unknown[] }).lists.length)
  })
  await page.goto(`/incidents?q=${word}`)
  await expect(page.getByRole('link', { name: `${mine} 3` })).toBeVisible()
  // The rail, the lists everybody has, and those of this person, as they come to be known: nine numbers and more, a few questions.
  expect(asked.length).toBeLessThan(6)
  asked.length = 0
  const rita = await actor('Rita Okafor')
  await Promise.all(
    ['Fourth', 'Fifth', 'Sixth'].map((title) =>
      rita.api.raiseIncident({ body: { title: `${title} ${word}` } }),
    ),
  )
  await expect(page.getByRole('link', { name: `${mine} 6` })).toBeVisible()
  expect(Math.min(...asked)).toBeGreaterThan(5)
})

test('the filter completes, is built from conditions, and says the same as text and as boxes', async ({
  browser,
}) => {
  const { page, word } = await desk(browser)
  const bar = page.getByRole('combobox', { name: 'Filter incidents' })
  await bar.fill(`${word} pri`)
  await page.getByRole('option', { name: 'priority:' }).click()
  await page.getByRole('option', { name: 'critical' }).click()
  await bar.press('Enter')
  await expect(page.getByRole('row', { name: word })).toHaveCount(1)
  await page.getByRole('button', { name: 'Build the filter from conditions' }).click()
  const priority = page.getByRole('group', { name: 'Priority', exact: true })
  await priority.getByRole('combobox', { name: 'Holds or does not hold' }).selectOption('not')
  await expect(page.getByRole('row', { name: word })).toHaveCount(2)
  await expect(bar).toHaveValue(`${word} -priority:1`)
  await expectAccessible(page)
  await bar.fill(`${word} priority:urgent`)
  await bar.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'urgent' }).first()).toBeVisible()
  await expect(bar).toHaveValue(`${word} priority:urgent`)
})

test('what was typed before the fields were known is completed when they come', async ({ browser }) => {
  const lena = await actor('Lena Brandt')
  const page = await (await browserOf(browser, lena)).newPage()
  const { promise: typed, resolve: hasTyped } = Promise.withResolvers<void>()
  await page.route('**/incidents/fields', async (route) => {
    await typed
    await route.continue()
  })
  await page.goto('/incidents')
  const bar = page.getByRole('combobox', { name: 'Filter incidents' })
  await bar.fill('pri')
  await expect(bar).toHaveAttribute('aria-expanded', 'false')
  hasTyped()
  await expect(page.getByRole('option', { name: 'priority:' })).toBeVisible()
})

test('a list whose saved views cannot be read shows its incidents', async ({ browser }) => {
  const { page, word } = await desk(browser)
  await page.route(/\/api\/v1\/views\b/, (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      json: { type: '/refusals#forbidden', title: 'Not allowed', status: 403, code: 'forbidden' },
    }),
  )
  await page.goto('/incidents')
  await expect(page.getByRole('row', { name: `First ${word}` })).toBeVisible()
})

test('many are changed after a look at what would happen, and the change is taken back', async ({
  browser,
}) => {
  const { page, word, lena, ids } = await desk(browser)
  await lena.api.moveIncident({
    params: { id: ids[0] ?? '' },
    version: 1,
    body: { action: 'cancel', reason: 'raised_in_error' },
  })
  await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Category').fill('Fire')
  await expect(dialog.getByText('2 of 3 can be changed')).toBeVisible()
  await expect(dialog.getByRole('listitem').filter({ hasText: `First ${word}` })).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Change 2 incidents' }).click()
  await expect(page.getByRole('dialog').getByText('2 changed of 2')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Take it all back' }).click()
  await expect(page.getByRole('dialog').getByText('2 taken back, none refused')).toBeVisible()
  expect((await lena.api.readIncident({ params: { id: ids[2] ?? '' } })).category).toBe('')
})

test('the export has the rows, the order and the columns of the list', async ({ browser }) => {
  const { page, word } = await desk(browser)
  await page.goto(`/incidents?q=${word}&sort=-title&columns=title,priority`)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  const lines = text.replace('\uFEFF', '').trim().split('\r\n')
  expect(lines[0]).toBe('Title,Priority')
  expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual(['Third', 'Second', 'First'])
  await page.getByRole('button', { name: 'More', exact: true }).click()
  const sheet = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export for Excel (XLSX)' }).click()
  expect((await sheet).suggestedFilename()).toMatch(/^incidents-.*\.xlsx$/)
})

test('a column moves and stays in sight by keyboard, and the address says so', async ({ browser }) => {
  const { page } = await desk(browser)
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('button', { name: 'Keep Title in sight' }).click()
  await page.getByRole('button', { name: 'Move State up' }).press('Enter')
  await expect(page).toHaveURL(
    /columns=\*title,number,state,priority|columns=%2Atitle%2Cnumber%2Cstate%2Cpriority|columns=\*title%2Cnumber%2Cstate%2Cpriority/,
  )
  await expectAccessible(page)
})

test('a field of the organization is a column of the list, sorts it and is in its export', async ({
  browser,
}) => {
  const { page, word, lena, ids } = await desk(browser)
  const ada = await actor('Ada Silva')
  const key = `k${word}`
  await ada.api.createCustomField({ body: { key, label: `Bed ${word}`, type: 'number' } })
  for (const [at, bed] of [7, 12, 9].entries())
    await lena.api.editIncident({
      params: { id: ids[at] ?? '' },
      version: 1,
      body: { custom: { [key]: bed } },
    })
  await page.goto(`/incidents?q=${word}&columns=number,title`)
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('checkbox', { name: `Bed ${word}` }).check()
  await page.keyboard.press('Escape')
  await page
    .getByRole('columnheader', { name: `Bed ${word}` })
    .getByRole('button')
    .click()
  await expect(page.getByRole('row', { name: word })).toContainText(['First', 'Third', 'Second'])
  await expect(page.getByRole('row', { name: `Second ${word}` })).toContainText('12')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n')
  expect(lines.map((line) => line.split(',').at(-1))).toEqual([`Bed ${word}`, '7', '9', '12'])
})

test('everything that a filter finds is changed, also what is not on screen', async ({ browser }) => {
  const { page, word, lena } = await desk(browser)
  // The part with the critical one is folded.
  await page.goto(`/incidents?q=${word}&group=priority&folded=1`)
  await expect(page.getByRole('row', { name: `Second ${word}` })).toBeVisible()
  await expect(page.getByRole('row', { name: `Third ${word}` })).toHaveCount(0)
  await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
  await page.getByRole('button', { name: 'Select everything this filter finds (3)' }).click()
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Category').fill('Water')
  await expect(dialog.getByText('3 of 3 can be changed')).toBeVisible()
  await dialog.getByRole('button', { name: 'Change 3 incidents' }).click()
  await expect(page.getByRole('dialog').getByText('3 changed of 3')).toBeVisible()
  expect((await lena.api.countIncidents({ query: { q: `${word} category:Water` } })).count).toBe(3)
})

test('a column is dragged to another place, and moved back by keys', async ({ browser }) => {
  const { page, word } = await desk(browser)
  await page.goto(`/incidents?q=${word}&columns=number,title,priority,state`)
  const heading = (name: string) => page.getByRole('columnheader', { name })
  await heading('State').dragTo(heading('Title'))
  await expect(page).toHaveURL(/columns=number(,|%2C)state(,|%2C)title(,|%2C)priority/)
  await heading('State').getByRole('button').focus()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(page).toHaveURL(/columns=number(,|%2C)title(,|%2C)state(,|%2C)priority/)
})

test('who made a view their beginning begins there', async ({ browser }) => {
  const { page, word, lena } = await desk(browser)
  const { id } = await lena.api.createView({
    body: { name: `Mine ${word}`, filter: { field: 'text', op: 'matches', value: word } },
  })
  await page.reload()
  await page.getByRole('button', { name: 'All views' }).click()
  const star = page.getByRole('button', { name: `Mine ${word}: ` })
  await star.click()
  await expect(star).toHaveAttribute('aria-pressed', 'true')
  await page.goto('/incidents')
  await expect(page).toHaveURL(new RegExp(`view=${id}`))
  await expect(page.getByRole('row', { name: word })).toHaveCount(3)
  await lena.api.setDefaultView({ body: { viewId: null } })
})
