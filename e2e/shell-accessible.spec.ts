import type { Browser, Page } from '@playwright/test'
import { password } from './cast.ts'
import { actor, browserOf, expectAccessible, test } from './fixture.ts'

// What axe looks through grows with the page; a loaded machine takes its time.

const pageOf = async (browser: Browser, name: string, path: string): Promise<Page> => {
  const page = await (await browserOf(browser, await actor(name))).newPage()
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

for (const [path, ready] of [
  ['/forgotten?tenant=harbor', 'Send the link'],
  ['/welcome#token', 'Choose a password'],
] as const) {
  test(`${path} is accessible`, async ({ page }) => {
    await page.goto(path)
    await page.getByRole('button', { name: ready }).waitFor()
    await expectAccessible(page)
  })
}

test('a link that does not work any more is accessible', async ({ page }) => {
  await page.goto('/new-password')
  await page.getByText('This link does not work any more').waitFor()
  await expectAccessible(page)
})

for (const path of [
  '/settings',
  '/settings/security',
  '/settings/sessions',
  '/settings/notifications',
  '/settings/keys',
  '/notifications',
]) {
  test(`${path} is accessible, and so it is on a phone`, async ({ browser }) => {
    const page = await pageOf(browser, 'Lena Brandt', path)
    await expectAccessible(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await expectAccessible(page)
  })
}

test('administration is accessible', async ({ browser }) => {
  await expectAccessible(await pageOf(browser, 'Ada Silva', '/admin'))
})

test('the palette is accessible, empty and with what it found', async ({ browser }) => {
  const page = await pageOf(browser, 'Amir Haddad', '/settings')
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('option').first().waitFor()
  await expectAccessible(page)
  await page.getByRole('combobox', { name: 'Search and do' }).fill('settings')
  await page.getByRole('option', { name: /Profile/ }).waitFor()
  await expectAccessible(page)
})

const prove = async (page: Page): Promise<void> => {
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Password', { exact: true }).fill(password)
  await proof.getByRole('button', { name: 'Confirm', exact: true }).click()
}

test('the dialogs of a passkey, of the proof and of one-time codes are accessible', async ({ browser }) => {
  const page = await pageOf(browser, 'Rita Okafor', '/settings/security')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog', { name: 'Add a passkey' }).waitFor()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Set up one-time codes' }).click()
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor()
  await expectAccessible(page)
  await prove(page)
  await page.getByRole('img', { name: /QR/ }).waitFor()
  await expectAccessible(page)
})

test('the form of an API key is accessible, and so is the key', async ({ browser }) => {
  const page = await pageOf(browser, 'Rita Okafor', '/settings/keys')
  await page.getByRole('button', { name: 'Create a key' }).first().click()
  const form = page.getByRole('dialog', { name: 'Create a key' })
  await form.getByLabel('Name').fill('Monitoring')
  await form.getByRole('button', { name: 'Create a key' }).click()
  await form.getByText('Choose at least one').waitFor()
  await expectAccessible(page)
  await form.getByRole('checkbox', { name: 'All', exact: true }).check()
  await form.getByRole('button', { name: 'Create a key' }).click()
  await prove(page)
  await form.getByText('It is shown this once').waitFor()
  await expectAccessible(page)
})
