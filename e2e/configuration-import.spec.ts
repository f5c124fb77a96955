import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

// A dry run and two runs, each by the worker: a loaded machine takes its time.
test.describe.configure({ timeout: 300_000 })

test('a configuration manager brings an inventory: a dry run, a row that fits two items, the run, the decision, the items', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const mark = `inv${Date.now().toString(36)}`
  for (const twin of ['left', 'right'])
    await ada.api.createItem({
      body: { class: 'server', name: `${twin} twin ${mark}`, values: { asset_tag: `TAG-${mark}` } },
      idempotencyKey: crypto.randomUUID(),
    })
  const file = [
    'inventory,kind,name,status,serial number,asset tag,location',
    `${mark}-R,room,Cellar ${mark},in use,,,`,
    `${mark}-1,server,db ${mark},Installed,SN1-${mark},,Cellar ${mark}`,
    `${mark}-2,server,web ${mark},In stock,SN2-${mark},,Rack nobody knows`,
    `${mark}-3,server,twin ${mark},Installed,,TAG-${mark},`,
    '',
  ].join('\n')

  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/admin/imports')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: `${mark}.csv`, mimeType: 'text/csv', buffer: Buffer.from(file) })
  await expect(page.getByRole('heading', { level: 1, name: `${mark}.csv` })).toBeVisible()
  // It is seen to be a file of items.
  await expect(page.getByRole('radio', { name: 'Items' })).toBeChecked()
  await page.getByRole('textbox', { name: 'System it comes from' }).fill(mark)
  await expect(page.getByRole('region', { name: 'How it will look' }).getByText(`db ${mark}`)).toBeVisible()
  await page.getByRole('button', { name: 'Start the dry run' }).click()

  const found = page.getByRole('region', { name: 'What the dry run found' })
  await expect(found).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('4 rows say something new; 1 waits for a person.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Items that nobody here knows' })).toContainText(
    'Rack nobody knows',
  )
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('region', { name: 'What came in' })).toBeVisible({ timeout: 60_000 })
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Decide them' }).click()

  await expect(page.getByRole('heading', { level: 2, name: `twin ${mark}` })).toBeVisible()
  await page.getByRole('button', { name: `It is this one: left twin ${mark}` }).click()
  const dialog = page.getByRole('dialog', { name: `It is this one: left twin ${mark}` })
  await dialog.getByRole('textbox').fill('The label on its lid says so')
  await dialog.getByRole('button', { name: 'Decide' }).click()
  await expect(page.getByText('Nothing waits')).toBeVisible()

  await page.goto(`/items?q=${encodeURIComponent(`source:${mark}`)}`)
  for (const name of [`Cellar ${mark}`, `db ${mark}`, `web ${mark}`])
    await expect(page.getByText(name, { exact: true }).first()).toBeVisible()
  await expect(page.getByText(`right twin ${mark}`)).toHaveCount(0)
})
