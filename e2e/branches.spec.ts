import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('two plans are harmless alone; together they take a service down, and the page says so before anything is done', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = `core${Date.now().toString(36)}`
  const { rows: teams } = await ada.api.listTeams()
  const make = async (klass: string, name: string, values: Record<string, string | number> = {}) =>
    (await ada.api.createItem({ body: { class: klass, name: `${name} ${word}`, values } })).id
  const service = await make('business_service', 'Records', {
    criticality: '1',
    support_team: teams.find(({ name }) => name === 'Service desk')?.id ?? '',
  })
  const group = await make('group', 'Database', { members_needed: 2 })
  await ada.api.relateItem({ params: { id: service }, body: { type: 'depends_on', toId: group } })
  for (const name of ['db-1', 'db-2', 'db-3'])
    await ada.api.relateItem({
      params: { id: await make('server', name) },
      body: { type: 'member_of', toId: group },
    })

  const page = await (await browserOf(browser, ada)).newPage()
  const plan = async (name: string, item: string): Promise<void> => {
    await page.goto('/branches')
    await page.getByRole('button', { name: 'Begin a branch' }).first().click()
    const begin = page.getByRole('dialog', { name: 'Begin a branch' })
    await begin.getByRole('textbox', { name: 'Name' }).fill(`${name} ${word}`)
    await begin.getByLabel('From').fill('2030-01-06T02:00')
    await begin.getByLabel('Until').fill('2030-01-06T04:00')
    await begin.getByRole('button', { name: 'Begin a branch' }).click()
    await expect(page.getByRole('heading', { level: 1, name: `${name} ${word}` })).toBeVisible()
    await page.getByRole('button', { name: 'Plan a step' }).click()
    const step = page.getByRole('dialog', { name: /Plan a step/ })
    await step.getByRole('button', { name: /Item/ }).click()
    await page.getByRole('textbox', { name: /Item/ }).fill(`${item} ${word}`)
    await page.getByRole('option', { name: `${item} ${word}` }).click()
    await expectAccessible(page)
    await step.getByRole('button', { name: 'Plan a step' }).click()
    await expect(page.getByRole('link', { name: `${item} ${word} would be down` })).toBeVisible()
  }
  await plan('Replace the first node', 'db-1')
  await expect(page.getByText('No service would be worse than it is', { exact: false })).toBeVisible()
  await expect(page.getByText(/no reserve left/)).toBeVisible()
  await plan('Patch the second node', 'db-2')
  await page.getByRole('combobox', { name: 'Together with' }).fill(word)
  await page.getByRole('option', { name: `Replace the first node ${word}` }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('link', { name: `Records ${word}` })).toBeVisible()
  await expect(page.getByText('only together')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Show on the map' }).click()
  await expect(page.getByText('planned down').first()).toBeVisible()
})
