import { password } from './cast.ts'
import { actor, browserOf, expect, test } from './fixture.ts'
import { totp } from './totp.ts'

test('a wrong password is refused without saying what was wrong', async ({ page }) => {
  await page.goto('/sign-in?tenant=harbor')
  await page.getByLabel('E-mail').fill('nobody@harbor.example')
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('That sign-in did not work.')
})

test('one click signs in as a person of the demo, and the address asked for opens', async ({ page }) => {
  await page.goto('/incidents/new')
  await expect(page).toHaveURL(/\/sign-in\?to=/)
  await page.getByRole('button', { name: /Lena Brandt/ }).click()
  await expect(page).toHaveURL('/incidents/new')
})

test('an address in the link never leads out of the application', async ({ page }) => {
  for (const to of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`)
    await page.getByRole('button', { name: /Otto Lindqvist/ }).click()
    await expect(page).toHaveURL(/localhost:\d+\/$/)
    await page.context().clearCookies()
  }
})

test('with one-time codes set up, the password alone is not enough', async ({ page }) => {
  const amir = await actor('Amir Haddad')
  await amir.api.confirmMe({ body: { password } })
  const { secret } = await amir.api.enrolTotp()
  await amir.api.confirmTotp({ body: { totp: totp(secret, Date.now() - 30_000) } })
  await page.goto('/sign-in?tenant=harbor')
  await page.getByLabel('E-mail').fill('amir.haddad@harbor.example')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Enter the six digits')).toBeVisible()
  await page.getByRole('textbox', { name: 'Digit 1' }).click()
  await page.keyboard.type(totp(secret, Date.now()))
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible()
  const again = await actor('Amir Haddad')
  await again.api.confirmMe({ body: { password, totp: totp(secret, Date.now() + 30_000) } })
  await again.api.removeTotp()
})

test('a session that ends while the page is open leads to sign-in, and back afterwards', async ({
  browser,
}) => {
  const lena = await actor('Lena Brandt')
  const context = await browserOf(browser, lena)
  const page = await context.newPage()
  await page.goto('/incidents/new')
  await page.getByLabel('In one line').fill('Written before the session ended')
  await lena.api.signOut()
  await expect(page).toHaveURL(/\/sign-in\?to=/)
  await page.getByRole('button', { name: /Lena Brandt/ }).click()
  await expect(page.getByLabel('In one line')).toHaveValue('Written before the session ended')
  await context.close()
})

test('signing out forgets what was not sent', async ({ browser }) => {
  const context = await browserOf(browser, await actor('Lena Brandt'))
  const page = await context.newPage()
  await page.goto('/incidents/new')
  await page.getByLabel('In one line').fill('Never sent')
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('button', { name: /Sign out\s*1 draft that was not sent is dropped/ }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  expect(await page.evaluate(`Object.keys(localStorage).filter((key) => key.includes('draft'))`)).toEqual([])
  await context.close()
})

test('no page runs a script that did not come from this instance', async ({ page }) => {
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text())
  })
  const answer = await page.goto('/sign-in')
  expect(answer?.headers()['content-security-policy']).toContain("script-src 'self';")
  await page.getByRole('button', { name: /Otto Lindqvist/ }).click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(violations).toEqual([])
})
