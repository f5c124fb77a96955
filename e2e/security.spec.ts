import { password } from './cast.ts'
import { actor, browserOf, expect, test } from './fixture.ts'
import { totp } from './totp.ts'

/** Back to what comes with the product, so that every test finds it so. */
const reset = async (): Promise<void> => {
  const ada = await actor('Ada Silva')
  await ada.api.confirmMe({ body: { password } })
  const { versions } = await ada.api.policyVersions({ params: { kind: 'security' } })
  const basedOn = versions[0]?.version ?? 0
  if (basedOn === 0) return
  const { document } = await ada.api.readPolicy({ params: { kind: 'security' }, query: { version: 0 } })
  await ada.api.publishPolicy({ params: { kind: 'security' }, body: { document, note: 'back', basedOn } })
}
test.afterEach(reset)

test('an administrator sees whom a second factor reaches and requires it; who is reached sets up codes and goes on', async ({
  browser,
  page,
}) => {
  const context = await browserOf(browser, await actor('Ada Silva'))
  const office = await context.newPage()
  await office.goto('/admin/policies/security')
  await office.getByRole('combobox', { name: 'Roles that need one' }).click()
  await office.getByRole('option', { name: 'Change manager' }).click()
  await office.keyboard.press('Escape')
  const effect = office.getByRole('region', { name: 'What publishing would change' })
  await expect(effect.getByText('1 person has no second factor')).toBeVisible()
  await expect(effect.getByRole('link', { name: 'Karim Said' })).toBeVisible()
  await office.getByRole('button', { name: 'Publish' }).click()
  const dialog = office.getByRole('dialog', { name: /Security/ })
  await dialog.getByRole('textbox').first().fill('Changes are worth a second look at who makes them')
  await dialog.getByRole('button', { name: 'Publish' }).click()
  const proof = office.getByRole('dialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Password', { exact: true }).fill(password)
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await expect(office.getByText(/^.*Version \d+ holds since/).first()).toBeVisible()
  await context.close()

  await page.goto('/sign-in?tenant=harbor&to=/incidents/new')
  await page.getByLabel('E-mail').fill('karim.said@harbor.example')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'One more step' })).toBeVisible()
  // No way around it.
  await page.goto('/incidents')
  await expect(page.getByRole('heading', { level: 1, name: 'One more step' })).toBeVisible()
  await page.getByRole('button', { name: 'Set up codes' }).click()
  const secret = (await page.locator('code').textContent()) ?? ''
  await page.getByLabel('Code that the application shows').fill(totp(secret, Date.now()))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Recovery codes' })).toBeVisible()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page).toHaveURL(/\/incidents/)
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('One more step')
})

test('before an idle session ends its person is asked, and one key keeps it', async ({ browser }) => {
  const context = await browserOf(browser, await actor('Lena Brandt'))
  const page = await context.newPage()
  // The warning comes two minutes before the end: five seconds are left for writing.
  let left = 125
  await page.route('**/api/v1/me', async (route) => {
    if (route.request().method() !== 'GET') return route.fallback()
    const answer = await route.fetch()
    const me = (await answer.json()) as { session: object }
    await route.fulfill({
      response: answer,
      json: { ...me, session: { ...me.session, idleMinutes: 15, idleSeconds: left } },
    })
  })
  await page.goto('/incidents/new')
  await page.getByLabel('In one line').fill('Written before the warning')
  left = 90
  const warning = page.getByRole('dialog', { name: 'Are you still here?' })
  await expect(warning.getByRole('alert')).toContainText('After 15 minutes')
  await expect(warning.getByRole('timer')).toHaveText(/^1:\d\d$/)
  await expect(warning.getByRole('button', { name: 'Stay signed in' }).last()).toBeFocused()
  left = 900
  await page.keyboard.press('Enter')
  await expect(warning).toBeHidden()
  await expect(page.getByLabel('In one line')).toHaveValue('Written before the warning')
  // What is asked at this moment is answered by nobody.
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
})

test('who only reads a record is offered nothing that would be refused', async ({ browser }) => {
  const amir = await actor('Amir Haddad')
  const parent = await amir.api.raiseIncident({ body: { title: 'The whole ward is offline' } })
  const { id } = await amir.api.raiseIncident({ body: { title: 'Bedside terminal is dark' } })
  await amir.api.linkIncident({ params: { id }, body: { type: 'related', toId: parent.id } })
  const context = await browserOf(browser, await actor('Iris Auditor'))
  const page = await context.newPage()
  const refused: string[] = []
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(answer.url())
  })
  await page.goto(`/incidents/${id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Bedside terminal is dark' })).toBeVisible()
  await expect(page.getByRole('link', { name: /The whole ward is offline/ })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Watch', exact: true })).toHaveCount(0)
  await expect(page.getByText('Similar', { exact: false })).toHaveCount(0)
  expect(refused).toEqual([])
  await context.close()
})
