import { readFile } from 'node:fs/promises'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('a lead sees where time went, and each number leads to the incidents behind it', async ({ browser }) => {
  const [rita, lena] = [await actor('Rita Okafor'), await actor('Lena Brandt')]
  const word = `bericht${Date.now().toString(36)}`
  const { rows: teams } = await lena.api.listTeams()
  const team = (name: string): string => teams.find((one) => one.name === name)?.id ?? ''
  const handed = await rita.api.raiseIncident({ body: { title: `Handed around ${word}` } })
  await rita.api.raiseIncident({ body: { title: `Stays ${word}` } })
  let { version } = handed
  for (const teamId of [team('Network'), team('Service desk')]) {
    const params = { id: handed.id }
    version = (await lena.api.assignIncident({ params, version, body: { teamId } })).version
  }

  const page = await (await browserOf(browser, lena)).newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'Reports' }).click()
  await page.getByRole('combobox', { name: 'Narrow the report' }).fill(word)
  await page.keyboard.press('Enter')
  await expect(page.getByText('2 incidents are counted.')).toBeVisible()
  const desk = page.getByRole('row', { name: 'Service desk' })
  await expect(desk.getByRole('link', { name: 'Service desk, Incidents: 2' })).toBeVisible()
  await expect(page.getByRole('row', { name: `Handed around ${word}` })).toBeVisible()
  await expectAccessible(page)

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  expect(await readFile(await (await download).path(), 'utf8')).toContain('Network,1,')

  await desk.getByRole('link', { name: 'Service desk, Came back: 1' }).click()
  await expect(page).toHaveURL(/\/incidents\?q=.*came_back/)
  await expect(page.getByRole('row', { name: word })).toHaveCount(1)
  await page.goBack()
  await expect(page.getByText('2 incidents are counted.')).toBeVisible()
  await page.getByText('Time on hold', { exact: true }).click()
  await expect(page.getByText('Nothing that was raised in these days was put on hold.')).toBeVisible()
  await expect(page).toHaveURL(/show=holds/)
})
