import { readFile } from 'node:fs/promises'
import { password } from './cast.ts'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('an administrator takes everything along: proves to be there, and the archive arrives', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/admin/organization')
  const arrives = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download archive' }).click()
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Password', { exact: true }).fill(password)
  await proof.getByRole('button', { name: 'Confirm' }).click()
  const archive = await arrives
  expect(archive.suggestedFilename()).toMatch(/\.tar$/)
  expect((await readFile(await archive.path())).subarray(0, 13).toString()).toBe('manifest.json')
  await expect(page.getByRole('status').filter({ hasText: 'are on their way' })).toBeVisible()
  await expectAccessible(page)
})
