import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

// Axe looks through forms with hundreds of fields, in two colors.

test('an administrator makes a routing rule, tries it on the past, publishes it and takes it back', async ({
  browser,
}) => {
  const [rita, ada] = [await actor('Rita Okafor'), await actor('Ada Silva')]
  const word = `quokka${Date.now()}`
  await rita.api.raiseIncident({ body: { title: `The ${word} is loose` } })
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/admin')
  await page.getByRole('link', { name: 'Policies' }).first().click()
  await page.getByRole('link', { name: /^Routing rules/ }).click()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const rule = page.getByRole('listitem', { name: /^Rule \d+: Rule \d+/ }).last()
  await rule.getByLabel('When', { exact: true }).fill(`title:${word}`)
  await expect(rule.getByText(/Holds when/)).toBeVisible()
  await rule.getByLabel('goes to').selectOption({ label: 'Network' })
  const effect = page.getByRole('region', { name: 'What publishing would change' })
  await expect(effect.getByText(/this version would have sent 1 elsewhere/)).toBeVisible()
  await expect(effect.getByRole('link', { name: new RegExp(word) })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill('Animals are for the network team')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(dialog).toBeHidden()
  const versions = page.getByRole('region', { name: 'Versions' })
  await expect(versions.getByText('Animals are for the network team')).toBeVisible()

  const { id } = await rita.api.raiseIncident({ body: { title: `Another ${word}` } })
  const routed = await ada.api.readIncident({ params: { id } })
  expect(routed.team.name).toBe('Network')

  const old = versions.getByRole('button', { name: /^Publish again: version/ }).first()
  await old.click()
  await expect(dialog.getByLabel('Why')).toHaveValue(/^Back to version/)
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(dialog).toBeHidden()
  await expect(versions.getByText(/^Back to version/).first()).toBeVisible()
  await expect(page.getByRole('listitem', { name: /^Rule \d+:/ })).toHaveCount(0)
})

test('a change of the matrix shows its effect before it is published, and another version first is a conflict', async ({
  browser,
}) => {
  const [rita, ada] = [await actor('Rita Okafor'), await actor('Ada Silva')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Moves in rank', impact: 3, urgency: 3 } })
  const { number } = await ada.api.readIncident({ params: { id } })
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/admin/policies/priority_matrix')
  const cell = page.getByLabel('For everything: impact low, urgency low')
  await cell.selectOption('5')
  const effect = page.getByRole('region', { name: 'What publishing would change' })
  await expect(effect.getByText(/would change rank/)).toBeVisible()
  await expect(effect.getByRole('link', { name: new RegExp(number) })).toBeVisible()
  await expectAccessible(page)

  const params = { kind: 'priority_matrix' }
  const before = await ada.api.readPolicy({ params })
  await ada.api.publishPolicy({
    params,
    body: { document: before.document, note: 'Somebody was quicker', basedOn: before.version },
  })
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill('Low is planning')
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('button', { name: 'Back' }).click()
  await expect(page.getByText(/was published by Ada Silva while you were editing/)).toBeVisible()
  await page.getByRole('button', { name: 'Keep my changes' }).click()
  await expect(cell).toHaveValue('5')
  await page.getByRole('button', { name: 'Drop changes' }).click()
  await expect(cell).not.toHaveValue('5')
})

test('an auditor finds who changed a priority and sees its seal checked', async ({ browser }) => {
  const [rita, lena, iris] = [
    await actor('Rita Okafor'),
    await actor('Lena Brandt'),
    await actor('Iris Auditor'),
  ]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Whose priority is this' } })
  const { number, version } = await lena.api.readIncident({ params: { id } })
  await lena.api.overrideIncidentPriority({
    params: { id },
    body: { priority: 1, reason: 'The ward is dark' },
    version,
  })
  const page = await (await browserOf(browser, iris)).newPage()
  await page.goto('/journal')
  await page.getByLabel('Number').fill(number)
  await page.getByLabel('What', { exact: true }).fill('incident.priority_overridden')
  await page.getByRole('search').getByRole('button', { name: 'Search' }).click()
  const entry = page.getByRole('button', { name: /Lena Brandt set the priority by hand/ })
  await entry.click()
  await expect(page.getByText('The content is what was sealed: holds')).toBeVisible()
  await expect(page.getByText('The head is signed by a key of this instance: holds')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByText(/^Sound: /)).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export' }).click()
  expect((await download).suggestedFilename()).toMatch(/^journal-.*\.jsonl$/)
})

test('a dead letter is seen with its reason and sent again', async ({ browser }) => {
  const ada = await actor('Ada Silva')
  const page = await (await browserOf(browser, ada)).newPage()
  // The test instance has no mail server that could fail; what redriving does there, notification.delivery.test.ts says.
  const id = '01970000-0000-7000-8000-00000000dead'
  let status = 'dead'
  const mail = () => ({
    id,
    kind: 'notice',
    status,
    to: { id: ada.id, name: 'Ada Silva' },
    address: 'ada@harbor.example',
    subject: 'The ward is dark',
    record: null,
    attempts: 5,
    mayHaveArrived: false,
    lastCode: 'connection_refused',
    createdAt: new Date().toISOString(),
    nextTryAt: null,
    settledAt: null,
  })
  await page.route('**/api/v1/outbox?*', (route) => route.fulfill({ json: { rows: [mail()], next: null } }))
  await page.route('**/api/v1/outbox', (route) => route.fulfill({ json: { rows: [mail()], next: null } }))
  await page.route(`**/api/v1/outbox/${id}`, (route) =>
    route.fulfill({
      json: {
        ...mail(),
        messageId: null,
        lastAnswer: '421 come back later',
        message: { subject: 'The ward is dark', text: 'Somebody has to go there.', html: '', asOf: 'now' },
        allowed: status === 'dead' ? ['redrive'] : [],
      },
    }),
  )
  await page.route(`**/api/v1/outbox/${id}/redrive`, (route) => {
    status = 'queued'
    return route.fulfill({ status: 204 })
  })
  await page.goto('/admin/outbox')
  await page.getByRole('button', { name: /The ward is dark.*connection_refused/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('421 come back later')).toBeVisible()
  await expect(dialog.getByText('Somebody has to go there.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Send again' }).click()
  await expect(dialog.getByText('It waits for its next try.')).toBeVisible()
})
