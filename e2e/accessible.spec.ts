import type { Browser, Page } from '@playwright/test'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'
import { description } from './story.ts'

// What axe looks through grows with the page; a loaded machine takes its time.

/** A record with everything on it, and an agent's browser. */
const agentAtWork = async (browser: Browser): Promise<{ readonly page: Page; readonly id: string }> => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Accessible', description } })
  await amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'Only for the team.' } })
  await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'For the caller.' } })
  return { page: await (await browserOf(browser, amir)).newPage(), id }
}

test('sign-in is accessible', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: /Rita Okafor/ }).waitFor()
  await expectAccessible(page)
})

test('a list with a preview beside it is accessible', async ({ browser }) => {
  const { page, id } = await agentAtWork(browser)
  await page.goto(`/incidents?preview=${id}`)
  await page.getByText('For the caller.').waitFor()
  await expectAccessible(page)
})

test('a filter that cannot be read is named, accessibly', async ({ browser }) => {
  const { page } = await agentAtWork(browser)
  await page.goto('/incidents?q=colour:red')
  await expect(page.getByRole('alert')).toContainText('There is no field “colour”')
  await expectAccessible(page)
})

test('a record is accessible, and so is what a move still wants', async ({ browser }) => {
  const { page, id } = await agentAtWork(browser)
  await page.goto(`/incidents/${id}`)
  await page.getByText('For the caller.').waitFor()
  await page.getByRole('button', { name: 'Start work' }).click()
  await page.getByText('Give it to a person first').waitFor()
  await expectAccessible(page)
})

test('choosing a person is accessible', async ({ browser }) => {
  const { page, id } = await agentAtWork(browser)
  await page.goto(`/incidents/${id}`)
  await page.getByRole('button', { name: /^Assigned to:/ }).click()
  await page.getByRole('option').nth(2).waitFor()
  await expectAccessible(page)
})

for (const move of ['Put on hold', 'Resolve', 'Cancel']) {
  test(`the dialog “${move}” is accessible`, async ({ browser }) => {
    const { page, id } = await agentAtWork(browser)
    await page.goto(`/incidents/${id}`)
    await page.getByRole('button', { name: 'Start work' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Assign to me' }).click()
    await page.getByRole('button', { name: 'Start work' }).click()
    await page.getByRole('button', { name: move, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: move, exact: true }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await expectAccessible(page)
  })
}

test('raising an incident is accessible, and so is what is missing', async ({ browser }) => {
  const { page } = await agentAtWork(browser)
  await page.goto('/incidents/new')
  await page.getByRole('button', { name: 'Raise incident' }).click()
  await page.getByText('Say in a few words what is broken').waitFor()
  await expectAccessible(page)
})

test('the account, the notifications and the list of keys are accessible', async ({ browser }) => {
  const { page } = await agentAtWork(browser)
  await page.goto('/incidents/new')
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Notifications/ }).click()
  await page.getByRole('heading', { name: 'Notifications' }).waitFor()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Raise an incident' }).click()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await expectAccessible(page)
})

test('on a phone, the list and the menu are accessible', async ({ browser }) => {
  const { page } = await agentAtWork(browser)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/incidents')
  await page.getByRole('row', { name: 'Accessible' }).first().waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Open the menu' }).click()
  await page.getByRole('dialog').waitFor()
  await expectAccessible(page)
})
