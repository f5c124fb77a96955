import { actor, browserOf, expect, test } from './fixture.ts'

test('a device that stored patient data leaves with its sanitization, and the page says what is missing', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = `scan${Date.now().toString(36)}`
  const { id } = await ada.api.createItem({
    body: { class: 'server', name: `host-${word}`, values: { patient_data: true } },
    idempotencyKey: crypto.randomUUID(),
  })
  await ada.api.moveItem({ params: { id }, version: 1, body: { action: 'retire' } })
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/items/${id}`)
  await page.getByRole('button', { name: 'Dispose' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill('End of life')
  await expect(dialog.getByText('NIST SP 800-88')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Dispose' })).toBeDisabled()
  await dialog.getByRole('combobox', { name: 'Method' }).click()
  await page.getByRole('option', { name: /^Purge/ }).click()
  await dialog.getByLabel(/^On\b/).fill('2026-03-01')
  await dialog.getByLabel('By whom').fill('Dataclean Ltd')
  await dialog.getByLabel('Certificate').fill('DC-1')
  await dialog.getByRole('button', { name: 'Dispose' }).click()
  await expect(page.getByText('Disposed of').first()).toBeVisible()
})

test('a product that is installed more often than it was bought shows both lists behind the numbers', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = `suite${Date.now().toString(36)}`
  const make = async (kind: string, name: string, values: Record<string, string | number> = {}) =>
    (
      await ada.api.createItem({
        body: { class: kind, name, values },
        idempotencyKey: crypto.randomUUID(),
      })
    ).id
  const product = await make('software', word)
  await make('license', `${word} license`, { product, metric: 'device', quantity: 1 })
  for (const at of [1, 2]) {
    const toId = await make('workstation', `${word}-${at}`)
    await ada.api.relateItem({
      params: { id: product },
      body: { type: 'installed_on', toId },
      idempotencyKey: crypto.randomUUID(),
    })
  }
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/assets?show=licenses')
  await expect(page.getByRole('row').filter({ hasText: word })).toContainText('1 too few')
  await page.getByRole('link', { name: new RegExp(word) }).click()
  await expect(page.getByRole('table', { name: 'Entitled: 1' })).toContainText(`${word} license`)
  await expect(page.getByRole('table', { name: 'Used: 2' })).toContainText(`${word}-2`)
})
