import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('who reads the journal is told of new entries that the filter lets through, and nothing moves before they ask', async ({
  browser,
}) => {
  const [iris, rita, amir] = await Promise.all([
    actor('Iris Auditor'),
    actor('Rita Okafor'),
    actor('Amir Haddad'),
  ])
  const { id, number } = await rita.api.raiseIncident({ body: { title: 'Read by an auditor' } })
  const page = await (await browserOf(browser, iris)).newPage()
  await page.goto(`/journal?number=${number}&type=incident.commented`)
  await expect(page.getByText('No entry is like that')).toBeVisible()
  const say = (body: string) =>
    amir.api.commentIncident({ params: { id }, body: { audience: 'public', body } })
  const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem')
  // Into a page that has nothing they come at once.
  await say('First word')
  await expect(entries).toHaveCount(1, { timeout: 20_000 })
  await rita.api.raiseIncident({ body: { title: 'About something else' } })
  await say('Second word')
  const fresh = page.getByRole('button', { name: '1 new entry' })
  await expect(fresh).toBeVisible({ timeout: 20_000 })
  await expect(entries).toHaveCount(1)
  await expectAccessible(page)
  await fresh.click()
  await expect(entries).toHaveCount(2)
  await expect(fresh).toHaveCount(0)
})
