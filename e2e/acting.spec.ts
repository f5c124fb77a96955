import { password } from './cast.ts'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('an administrator acts as somebody else: every page says so, credentials stay theirs, and it ends', async ({
  browser,
}) => {
  const [ada, rita] = [await actor('Ada Silva'), await actor('Rita Okafor')]
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/admin/people/${rita.id}`)
  await page.getByRole('button', { name: 'Act as this person' }).click()
  const dialog = page.getByRole('dialog', { name: 'Act as Rita Okafor' })
  const begin = dialog.getByRole('button', { name: 'Act as this person' })
  await expect(begin).toBeDisabled()
  await dialog.getByRole('textbox', { name: 'Why' }).fill('She cannot find her incident')
  await begin.click()
  // Whoever takes another's place proves first that it is them.
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Password', { exact: true }).fill(password)
  await proof.getByRole('button', { name: 'Confirm' }).click()

  const banner = page.getByRole('region', { name: 'Acting as somebody else' })
  await expect(banner).toContainText('Ada Silva acts as Rita Okafor')
  await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0)
  await expectAccessible(page)
  await page.goto('/settings')
  await expect(banner).toBeVisible()
  // What belongs to the person is not for who acts as them, whatever the page offers.
  const refused = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/me', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: '{"phone":"666"}',
    })
    return answer.status
  })
  expect(refused).toBe(403)
  const seen = (await rita.api.listSessions()).rows.find((row) => row.actor !== null)
  expect(seen?.actor?.name).toBe('Ada Silva')

  await banner.getByRole('button', { name: 'Be yourself again' }).click()
  await expect(page).toHaveURL(new RegExp(`/admin/people/${rita.id}$`))
  await expect(banner).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'Administration' })).toBeVisible()
})
