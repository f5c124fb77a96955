import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('a lead opens the map, narrows it to a team, picks a line and sees the incidents behind it', async ({
  browser,
}) => {
  const [rita, lena] = [await actor('Rita Okafor'), await actor('Lena Brandt')]
  const word = `weg${Date.now().toString(36)}`
  const { rows: teams } = await lena.api.listTeams()
  const network = teams.find(({ name }) => name === 'Network')
  const handed = await rita.api.raiseIncident({ body: { title: `Handed on ${word}` } })
  await rita.api.raiseIncident({ body: { title: `Stays ${word}` } })
  await lena.api.assignIncident({
    params: { id: handed.id },
    version: handed.version,
    body: { teamId: network?.id ?? '' },
  })

  const page = await (await browserOf(browser, lena)).newPage()
  const counted = page.getByRole('status').filter({ hasText: 'counted' })
  await expect(async () => {
    await page.goto(`/insight?lens=handovers&share=100&q=${word}`)
    await expect(counted).toContainText('2 incidents are counted.', { timeout: 2000 })
  }).toPass()
  await page.getByRole('link', { name: 'Insight' }).click()
  await page.getByRole('combobox', { name: 'Narrow by a filter' }).fill(word)
  await page.keyboard.press('Enter')
  await expect(counted).toContainText('2 incidents are counted.')
  await page.getByText('States and handovers', { exact: true }).click()
  await page.getByLabel('Team').selectOption('Network')
  await expect(counted).toContainText('1 incident is counted.')
  await expect(page).toHaveURL(/team=.*lens=handovers|lens=handovers.*team=/)
  await page.getByText('How is this counted').first().click()
  await expect(page.getByText('How often the one step directly followed the other.')).toBeVisible()

  const map = page.getByRole('group', { name: 'Map of the ways' })
  await map.getByRole('button', { name: /^New to Handed over: 1 time/ }).focus()
  await page.keyboard.press('Enter')
  const behind = page.getByRole('dialog', { name: 'Incidents behind this number' })
  await expect(behind.getByRole('link', { name: `Handed on ${word}` })).toBeVisible()
  await expect(behind.getByRole('link')).toHaveCount(1)
  await expectAccessible(page)
  await behind.getByRole('link', { name: `Handed on ${word}` }).click()
  await expect(page).toHaveURL(new RegExp(`/incidents/${handed.id}`))
  await page.goBack()
  await expect(behind).toBeVisible()
})

test('conformance says which moves are not in the process, and what went back and forth between teams', async ({
  browser,
}) => {
  const [rita, lena] = [await actor('Rita Okafor'), await actor('Lena Brandt')]
  const word = `treue${Date.now().toString(36)}`
  const { rows: teams } = await lena.api.listTeams()
  const team = (name: string): string => teams.find((one) => one.name === name)?.id ?? ''
  const bounced = await rita.api.raiseIncident({ body: { title: `To and fro ${word}` } })
  let { version } = bounced
  for (const teamId of [team('Network'), team('Service desk')]) {
    const params = { id: bounced.id }
    version = (await lena.api.assignIncident({ params, version, body: { teamId } })).version
  }
  const page = await (await browserOf(browser, lena)).newPage()
  await expect(async () => {
    await page.goto(`/insight/conformance?q=${word}`)
    await expect(page.getByText('went back and forth')).toBeVisible({ timeout: 2000 })
  }).toPass()
  await expect(page.getByText('Every step of these incidents is a move of the process.')).toBeVisible()
  await page.getByRole('button', { name: /^Service desk, to Network and back: 1 time/ }).click()
  const behind = page.getByRole('dialog', { name: 'Incidents behind this number' })
  await expect(behind.getByRole('link', { name: `To and fro ${word}` })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(behind).toBeHidden()
  await expect(page).not.toHaveURL(/behind=/)
})
