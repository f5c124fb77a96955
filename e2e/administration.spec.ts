import type { Page } from '@playwright/test'
import { password } from './cast.ts'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

// What axe looks through grows with the page; a loaded machine takes its time.

const slug = (): string => Math.random().toString(36).slice(2, 8)

/** Rights and credentials are changed only by somebody who proved a moment ago that it is them. */
const proveIfAsked = async (page: Page, done: () => Promise<void>): Promise<void> => {
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  const field = dialog.getByLabel('Password', { exact: true })
  const asked = field.waitFor({ timeout: 10_000 }).then(() => true)
  if (await Promise.race([asked.catch(() => false), done().then(() => false)])) {
    await field.fill(password)
    await dialog.getByRole('button', { name: 'Confirm' }).click()
  }
  await done()
}

test('an administrator invites a person, gives a role, and reads why they may now do more', async ({
  browser,
}) => {
  const page = await (await browserOf(browser, await actor('Ada Silva'))).newPage()
  const name = `Nina ${slug()}`
  await page.goto('/admin/people')
  await page.getByRole('button', { name: 'Add a person' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a person' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('E-mail').fill(`${name.toLowerCase().replaceAll(' ', '.')}@harbor.example`)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add and invite' }).click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
  await expect(page.getByText(/An invitation waits/)).toBeVisible()
  await page.getByRole('combobox', { name: 'Give a role' }).click()
  await page.getByRole('option', { name: 'Agent', exact: true }).click()
  const roles = page.getByRole('table', { name: 'Roles' })
  await proveIfAsked(page, () =>
    expect(roles.getByRole('link', { name: 'Agent' })).toBeVisible({ timeout: 30_000 }),
  )
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Explain access' }).last().click()
  await page.getByRole('combobox', { name: 'What' }).click()
  await page.getByRole('option', { name: 'write work notes for the team' }).click()
  await expect(page.getByRole('region', { name: 'Answer' })).toContainText(`${name} may write work notes`)
  await expect(page.getByRole('region', { name: 'Answer' })).toContainText('The role Agent gives it')
  await expectAccessible(page)
  await page.getByRole('combobox', { name: 'What' }).click()
  await page.getByRole('option', { name: 'change roles and who has them' }).click()
  await expect(page.getByRole('region', { name: 'Answer' })).toContainText('may not')
  await expect(page.getByRole('table', { name: 'Roles that would give it' })).toContainText('Administrator')
})

test('a macro is tried on an incident while it is written, and saved as the next version', async ({
  browser,
}) => {
  const lena = await actor('Lena Brandt')
  const title = `Wireless drops ${slug()}`
  const name = `To the network ${slug()}`
  await lena.api.raiseIncident({ body: { title } })
  const { id } = await lena.api.createTemplate({
    body: {
      kind: 'macro',
      name,
      document: { steps: [{ do: 'set', fields: { category: 'Network' } }] },
    },
  })
  const page = await (await browserOf(browser, lena)).newPage()
  await page.goto(`/admin/templates/${id}`)
  await page.getByRole('button', { name: 'Add a step' }).click()
  await page.getByRole('menuitem', { name: 'Write a comment or work note' }).click()
  await page.getByLabel('Text').fill('We look at it, {{caller.name}}.')
  await page.getByRole('combobox', { name: 'Incident' }).fill(title)
  await page.getByRole('option', { name: new RegExp(title) }).click()
  await page.getByRole('button', { name: 'Try' }).click()
  await expect(page.getByText('This would happen, in this order:')).toBeVisible()
  await expect(page.getByText('We look at it, Lena Brandt.')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Save as version 2' }).click()
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('Version 2')
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('Lena Brandt')
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText(
    'Comment: We look at it, {{caller.name}}.',
  )
})

test('somebody deactivated is out at once, and what hangs on them was said before', async ({ browser }) => {
  const ada = await actor('Ada Silva')
  const otto = await actor('Otto Lindqvist')
  const theirs = await (await browserOf(browser, otto)).newPage()
  await theirs.goto('/portal/new')
  await theirs.getByRole('main').getByRole('textbox').first().waitFor()
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/admin/people/${otto.id}`)
  await page.getByRole('button', { name: 'Deactivate' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(/sessions? ends? at once/)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Deactivate' }).click()
  await expect(page.getByRole('button', { name: 'Reactivate' })).toBeVisible()
  await expect(otto.api.me()).rejects.toMatchObject({ status: 401 })
  await expect(theirs).toHaveURL(/\/sign-in/)
  await page.getByRole('button', { name: 'Reactivate' }).click()
  await expect(page.getByRole('button', { name: 'Deactivate' })).toBeVisible()
})
