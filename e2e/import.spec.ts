import { password } from './cast.ts'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

// A dry run, another, the run and the way back, each by the worker: a loaded machine takes its time.
test.describe.configure({ timeout: 300_000 })

// Three faults: a state that nobody translated, a day that never was, a row that belongs to no record.
const fileOf = (mark: string): string =>
  [
    'number,short_description,incident_state,opened_at,sys_updated_at,sys_updated_by,assignment_group,priority',
    `${mark}1,Printer jams ${mark},New,1/3/2024 08:00,1/3/2024 08:00,Amir Haddad,Service desk,3 - Moderate`,
    `${mark}1,Printer jams ${mark},Active,1/3/2024 08:00,1/3/2024 09:30,Amir Haddad,Service desk,3 - Moderate`,
    `${mark}1,Printer jams ${mark},Closed,1/3/2024 08:00,2/3/2024 10:15,Amir Haddad,Service desk,3 - Moderate`,
    `${mark}2,No network ${mark},New,4/3/2024 07:45,4/3/2024 07:45,Noor de Vries,Network,2 - High`,
    `${mark}2,No network ${mark},Parked,4/3/2024 07:45,4/3/2024 08:00,Noor de Vries,Network,2 - High`,
    `${mark}3,Badge reader dead ${mark},New,31/2/2024 11:00,5/3/2024 11:00,Amir Haddad,Service desk,4 - Low`,
    `,Nobody knows which ${mark},New,6/3/2024 11:00,6/3/2024 11:00,Amir Haddad,Service desk,4 - Low`,
    // As many as it takes to see what the columns hold.
    ...Array.from(
      { length: 20 },
      (_, n) =>
        `${mark}${n + 4},Password reset ${mark},Resolved,7/3/2024 ${String(n).padStart(2, '0')}:05,7/3/2024 ${String(n).padStart(2, '0')}:20,Amir Haddad,Service desk,4 - Low`,
    ),
    '',
  ].join('\n')

test('an administrator brings the past of another desk: three faults, a mended mapping, the run, the report, and back out', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const mark = `OLD${String(Date.now()).slice(-7)}-`
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/admin/imports')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: `${mark}desk.csv`, mimeType: 'text/csv', buffer: Buffer.from(fileOf(mark)) })
  await expect(page.getByRole('heading', { level: 1, name: `${mark}desk.csv` })).toBeVisible()
  await expect(page.getByText('The file is here; nothing is imported.')).toBeVisible()

  // The proposal found its way by itself, and says what it does not know.
  const preview = page.getByRole('region', { name: 'How it will look' })
  await expect(preview.getByText(`Printer jams ${mark}`).first()).toBeVisible()
  await expect(preview.getByText('Parked').first()).toBeVisible()
  await page.getByRole('textbox', { name: 'System it comes from' }).fill(`Old desk ${mark}`)
  await page.getByRole('button', { name: 'Start the dry run' }).click()

  const found = page.getByRole('region', { name: 'What the dry run found' })
  await expect(found).toBeVisible({ timeout: 60_000 })
  await expect(found.getByText('Rows refused')).toBeVisible()
  const refused = page.getByRole('region', { name: 'Refused rows' })
  await expect(refused.getByRole('code').filter({ hasText: '31/2/2024 11:00' })).toBeVisible()
  await expectAccessible(page)

  // From the value to its field, and on.
  await page.getByRole('link', { name: 'Translate in State' }).click()
  await page.getByLabel('Parked becomes').selectOption({ label: 'On hold' })
  await expect(preview.getByText('On hold').first()).toBeVisible()
  await page.getByRole('button', { name: 'Start the dry run' }).click()
  await expect(found).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('link', { name: 'Translate in State' })).toHaveCount(0)
  await expect(refused.getByRole('code').filter({ hasText: '31/2/2024 11:00' })).toBeVisible()

  await page.getByRole('button', { name: 'Import 22 incidents' }).click()
  await expect(page.getByRole('region', { name: 'The file beside Evenkeel' })).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByText('What came in')).toBeVisible()
  await expectAccessible(page)

  await page.goto(`/incidents?q=${encodeURIComponent(`"${mark}"`)}`)
  await page.getByText(`Printer jams ${mark}`).first().click()
  await expect(page.getByRole('heading', { name: `Printer jams ${mark}` })).toBeVisible()
  await expect(page.getByText(/imported/i).first()).toBeVisible()

  await page.goto('/admin/imports')
  await page.getByRole('link', { name: `${mark}desk.csv` }).click()
  await page.getByRole('button', { name: 'Take the batch back' }).click()
  const dialog = page.getByRole('dialog', { name: /^Take back/ })
  await dialog.getByLabel('Why').fill('Brought with the wrong zone')
  await dialog.getByRole('button', { name: 'Take the batch back' }).click()
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Password', { exact: true }).fill(password)
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText(/^Taken back on/)).toBeVisible()
  await page.goto(`/incidents?q=${encodeURIComponent(`"${mark}"`)}`)
  await expect(page.getByText(`Printer jams ${mark}`)).toHaveCount(0)
})
