import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('what may wait is put into the daily mail at an hour of one’s own day; what cannot says why, and the outbox has one mail for all of it', async ({
  browser,
}) => {
  const [maria, amir] = [
    await actor('Maria-Theresia Wolkenstein-Rodenegg von Trostburg'),
    await actor('Amir Haddad'),
  ]
  const context = await browserOf(browser, maria, { viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto('/settings/notifications')
  const comments = page.getByLabel('By mail: Somebody wrote to me about what I raised')
  await comments.selectOption('Daily')
  await page.getByLabel('Daily mail at').selectOption('21')
  const questions = page.getByRole('row', { name: /Somebody needs an answer from me/ })
  await expect(questions).toContainText('By mail at once or not at all: work stands still until you answer.')
  await expect(questions.getByRole('option', { name: 'Daily' })).toHaveCount(0)
  await expectAccessible(page)

  const { id } = await maria.api.raiseIncident({ body: { title: `The monitor is dark ${Date.now()}` } })
  await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Is it plugged in?' } })
  await expect
    .poll(async () => (await maria.api.listNoticePreferences()).digest.nextAt, { timeout: 30_000 })
    .not.toBeNull()
  await page.reload()
  await expect(comments).toHaveValue('digest')
  await expect(page.getByLabel('Daily mail at')).toHaveValue('21')
  await expect(page.getByText(/^The next one leaves .*9:00 PM/)).toBeVisible()
  const row = page.getByRole('row', { name: /Somebody wrote to me about what I raised/ })
  await row.getByRole('button', { name: /^Back to the usual/ }).click()
  await expect(comments).toHaveValue('at_once')
  await context.close()
})
