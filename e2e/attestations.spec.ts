import { actor, browserOf, expect, test } from './fixture.ts'

test('an owner confirms several items at once and says what is not right about one; the model knows', async ({
  browser,
}) => {
  const [ada, amir] = [await actor('Ada Silva'), await actor('Amir Haddad')]
  const word = `at${Date.now().toString(36)}`
  for (const one of ['a', 'b', 'c'])
    await ada.api.createItem({
      body: { class: 'server', name: `${word}-${one}`, values: { owner: amir.id } },
      idempotencyKey: crypto.randomUUID(),
    })
  const context = await browserOf(browser, ada)
  const asking = await context.newPage()
  await asking.goto('/attestations')
  await asking.getByRole('button', { name: 'Ask for confirmation' }).first().click()
  const dialog = asking.getByRole('dialog')
  await dialog.getByLabel('Name').fill(`Servers ${word}`)
  await dialog.getByLabel('Which items').fill(`name:${word}`)
  await dialog.getByLabel('Due on').fill('2099-01-31')
  await dialog.getByRole('button', { name: 'Ask for confirmation' }).click()
  await expect(asking.getByRole('heading', { level: 1, name: `Servers ${word}` })).toBeVisible()
  const page = await (await browserOf(browser, amir)).newPage()
  await page.goto('/attestations')
  await expect(page.getByRole('row').filter({ hasText: word })).toContainText('3 for me')
  await page.getByRole('link', { name: `Servers ${word}` }).click()
  await page.getByRole('checkbox', { name: `Choose ${word}-c` }).check()
  await page.getByRole('button', { name: 'It is not right' }).click()
  await page.getByRole('dialog').getByLabel('What is not right').fill('It is in another room')
  await page.getByRole('dialog').getByRole('button', { name: 'It is not right' }).click()
  await expect(page.getByRole('row').filter({ hasText: `${word}-c` })).toContainText('It is in another room')
  await page.getByRole('link', { name: 'For me 2' }).click()
  await page.getByRole('checkbox', { name: 'Choose all that I may answer' }).check()
  await page.getByRole('button', { name: 'It is right', exact: true }).click()
  await expect(page.getByText('Nothing of this waits for you.')).toBeVisible()
  await asking.goto(`/items?q=unconfirmed:true name:${word}`)
  await expect(asking.getByRole('link', { name: `${word}-c` })).toBeVisible()
  await expect(asking.getByRole('link', { name: `${word}-a` })).toHaveCount(0)
})
