import type { Page } from '@playwright/test'
import { password } from './cast.ts'
import { actor, browserOf, expect, test } from './fixture.ts'
import { totp } from './totp.ts'

const palette = (page: Page) => page.getByRole('combobox', { name: 'Search and do' })

const signInWithPassword = async (page: Page, email: string): Promise<void> => {
  await page.goto('/sign-in?tenant=harbor')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The server asks who it is before credentials change. */
const confirmWithPassword = async (page: Page): Promise<void> => {
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Confirm', exact: true }).click()
}

test('the palette goes to a record by its number and does what is possible there, by keyboard alone', async ({
  browser,
}) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'The palette finds this lantern' } })
  const { number } = await rita.api.readIncident({ params: { id } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  await page.goto('/incidents/new')
  // Unlike the keys of one letter, it works from inside a field.
  await expect(page.getByLabel('In one line')).toBeFocused()
  await page.keyboard.press('ControlOrMeta+k')
  await palette(page).fill(String(Number(number.slice(3))))
  await expect(page.getByRole('option').first()).toContainText(number)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/incidents/${id}`)
  await expect(page.getByRole('button', { name: 'Start work' })).toBeVisible()

  await page.keyboard.press('ControlOrMeta+k')
  await palette(page).fill('assign me')
  await expect(page.getByRole('option', { selected: true })).toContainText('Assign to me')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^Assigned to:/ })).toContainText('Amir Haddad')

  await page.keyboard.press('ControlOrMeta+k')
  await palette(page).fill('start')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Resolve', exact: true })).toBeVisible()

  await page.keyboard.press('ControlOrMeta+k')
  await palette(page).fill('lantern palette')
  await expect(page.getByRole('option', { name: /finds this lantern/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette(page)).toBeHidden()
  await context.close()
})

test('a session elsewhere is ended from the list of sessions', async ({ browser }) => {
  const [here, elsewhere] = [await actor('Otto Lindqvist'), await actor('Otto Lindqvist')]
  const [at, there] = [await browserOf(browser, here), await browserOf(browser, elsewhere)]
  const [page, other] = [await at.newPage(), await there.newPage()]
  await other.goto('/incidents')
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto('/settings/sessions')
  await expect(page.getByText('This one')).toBeVisible()
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect(page.getByText('There is no other session.')).toBeVisible()
  await expect(other).toHaveURL(/\/sign-in/)
  await Promise.all([at.close(), there.close()])
})

test('one-time codes are set up with a proof, asked for at the next sign-in, and turned off', async ({
  browser,
}) => {
  const context = await browserOf(browser, await actor('Rita Okafor'))
  const page = await context.newPage()
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Set up one-time codes' }).click()
  await confirmWithPassword(page)
  const dialog = page.getByRole('dialog', { name: 'Set up one-time codes' })
  await expect(dialog.getByRole('img', { name: /QR/ })).toBeVisible()
  const secret = (await dialog.locator('code').textContent()) ?? ''
  await dialog.getByLabel('Code that the application shows').fill(totp(secret, Date.now() - 30_000))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  const codes = page.getByRole('dialog', { name: 'Recovery codes' })
  await expect(codes.getByRole('listitem')).toHaveCount(10)
  await codes.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText('10 recovery codes left')).toBeVisible()

  await page.context().clearCookies()
  await signInWithPassword(page, 'rita.okafor@harbor.example')
  await page.getByRole('textbox', { name: 'Digit 1' }).click()
  await page.keyboard.type(totp(secret, Date.now()))
  await expect(page.getByRole('button', { name: /^Account of Rita/ })).toBeVisible()

  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await expect(page.getByRole('button', { name: 'Set up one-time codes' })).toBeVisible()
  await context.close()
})

test('a passkey is added, called something, signs in, and is removed', async ({ browser }) => {
  const context = await browserOf(browser, await actor('Rita Okafor'))
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' })
  await dialog.getByLabel('Name').fill('Badge of the ward')
  await dialog.getByRole('button', { name: 'Add a passkey' }).click()
  await confirmWithPassword(page)
  await expect(page.getByRole('listitem').getByText('Badge of the ward')).toBeVisible()

  await page.context().clearCookies()
  await page.goto('/sign-in?tenant=harbor')
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByRole('button', { name: /^Account of Rita/ })).toBeVisible()

  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Remove the passkey “Badge of the ward”' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Badge of the ward')).toHaveCount(0)
  await context.close()
})

test('an invitation is opened by its link, once; a used link says what to do', async ({ page }) => {
  const ada = await actor('Ada Silva')
  await ada.api.confirmMe({ body: { password } })
  const email = `newcomer.${Date.now()}@harbor.example`
  await ada.api.createPerson({ body: { name: 'New Comer', email, invite: true } })
  const mailOf = async () =>
    (await ada.api.listOutbox({ query: { status: 'kept' } })).rows.find(
      (mail) => mail.kind === 'invitation' && mail.address === email,
    )
  await expect.poll(mailOf).toBeDefined()
  const { link } = await ada.api.showMailLink({ params: { id: (await mailOf())?.id ?? '' } })
  const { pathname, hash } = new URL(link)
  await page.goto(`${pathname}${hash}`)
  await page.getByLabel('New password').fill('seven gulls over the pier')
  await page.getByRole('button', { name: 'Choose a password' }).click()
  await expect(page.getByText(`with ${email}`)).toBeVisible()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill('seven gulls over the pier')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('button', { name: /^Account of New Comer/ })).toBeVisible()

  await page.context().clearCookies()
  await page.goto('/forgotten?tenant=harbor')
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await expect(page.getByText('Look into your mailbox')).toBeVisible()
  await page.goto(`/new-password${hash}`)
  await page.getByLabel('New password').fill('eight gulls over the pier')
  await page.getByRole('button', { name: 'Choose a password' }).click()
  await expect(page.getByText('This link does not work any more')).toBeVisible()
})

test('whoever chooses German reads German from then on', async ({ browser }) => {
  const otto = await actor('Otto Lindqvist')
  const context = await browserOf(browser, otto)
  const page = await context.newPage()
  await page.goto('/settings')
  await page.getByRole('combobox', { name: 'Language' }).click()
  await page.getByRole('option', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { name: 'Profil', exact: true })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await otto.api.editMe({ body: { language: 'en' } })
  await context.close()
})
