import { actor, browserOf, expectAccessible, test, expect } from './fixture.ts'
import { description } from './story.ts'

test('every page and dialog is accessible, in light and in dark', async ({ browser, page }) => {
  test.setTimeout(180_000)
  await test.step('sign-in', async () => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: /Rita Okafor/ }).waitFor()
    await expectAccessible(page)
  })
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Accessible', description } })
  await amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'Only for the team.' } })
  await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'For the caller.' } })
  const context = await browserOf(browser, amir)
  const desk = await context.newPage()

  await test.step('list, with a preview beside it', async () => {
    await desk.goto(`/incidents?preview=${id}`)
    await desk.getByText('For the caller.').waitFor()
    await expectAccessible(desk)
  })
  await test.step('list with a filter that cannot be read', async () => {
    await desk.goto('/incidents?q=colour:red')
    await expect(desk.getByRole('alert')).toContainText('There is no field “colour”')
    await expectAccessible(desk)
  })
  await test.step('record, with what a move still wants', async () => {
    await desk.goto(`/incidents/${id}`)
    await desk.getByText('For the caller.').waitFor()
    await expectAccessible(desk)
    await desk.getByRole('button', { name: 'Start work' }).click()
    await expectAccessible(desk)
    await desk.getByRole('dialog').getByRole('button', { name: 'Assign to me' }).click()
    await desk.getByRole('button', { name: 'Start work' }).click()
  })
  await test.step('dialogs of the moves', async () => {
    for (const move of ['Put on hold', 'Resolve', 'Cancel']) {
      await desk.getByRole('button', { name: move, exact: true }).click()
      await desk.getByRole('dialog').getByRole('button', { name: move, exact: true }).first().click()
      await expectAccessible(desk)
      await desk.keyboard.press('Escape')
      await expect(desk.getByRole('dialog')).toHaveCount(0)
    }
  })
  await test.step('choosing a person', async () => {
    await desk.getByRole('button', { name: /^Assigned to:/ }).click()
    await desk.getByRole('option').nth(2).waitFor()
    await expectAccessible(desk)
    await desk.keyboard.press('Escape')
  })
  await test.step('raising an incident', async () => {
    await desk.goto('/incidents/new')
    await desk.getByRole('button', { name: 'Raise incident' }).click()
    await expectAccessible(desk)
  })
  await test.step('account and keys', async () => {
    await desk.getByRole('button', { name: /^Account of/ }).click()
    await desk.getByRole('button', { name: 'Sign out' }).waitFor()
    await expectAccessible(desk)
    await desk.keyboard.press('Escape')
    await desk.goto('/incidents')
    await desk.getByRole('heading', { name: 'Incidents' }).waitFor()
    await desk.keyboard.press('?')
    await desk.getByRole('dialog').waitFor()
    await expectAccessible(desk)
  })
  await test.step('on a phone', async () => {
    await desk.setViewportSize({ width: 390, height: 844 })
    await desk.goto('/incidents')
    await desk.getByRole('row', { name: 'Accessible' }).first().waitFor()
    await expectAccessible(desk)
    await desk.getByRole('button', { name: 'Open the menu' }).click()
    await desk.getByRole('dialog').waitFor()
    await expectAccessible(desk)
  })
  await context.close()
})
