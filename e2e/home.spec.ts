import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('an agent’s morning: home says why, a caller is answered from there, work is taken, begun, held and resolved', async ({
  browser,
}) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const mark = Date.now()
  const [waiting, fresh] = [`Waiting for an answer ${mark}`, `Nobody has it ${mark}`]
  const desk = (await amir.api.me()).teams[0]?.id ?? ''
  const { id } = await rita.api.raiseIncident({ body: { title: waiting } })
  await amir.api.assignIncident({ params: { id }, version: 1, body: { personId: amir.id, teamId: desk } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  const line = (title: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title }) })

  await test.step('the page changes while it is looked at, and says why something is there', async () => {
    await page.goto('/')
    await expect(line(waiting)).toContainText('not started yet')
    await rita.api.commentIncident({
      params: { id },
      body: { audience: 'public', body: 'Is somebody there?' },
    })
    await expect(line(waiting)).toContainText('The caller wrote')
    await expectAccessible(page)
  })

  await test.step('the caller is answered where it stands, below what they said', async () => {
    await line(waiting).getByRole('button', { name: 'Reply' }).click()
    await expect(line(waiting)).toContainText('Is somebody there?')
    await page.getByRole('textbox', { name: /^Comment, seen by/ }).fill('I am, and I am looking at it.')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Send comment' }).click()
    await expect(line(waiting)).not.toContainText('The caller wrote')
  })

  await test.step('work is begun with one press', async () => {
    await line(waiting).getByRole('button', { name: 'Start work' }).click()
    await expect(line(waiting)).toHaveCount(0)
    expect((await amir.api.readIncident({ params: { id } })).state).toBe('in_progress')
  })

  await test.step('what nobody has is taken by keyboard, opened, held with a question and resolved', async () => {
    await rita.api.raiseIncident({ body: { title: fresh, impact: 1, urgency: 2 } })
    await page.mouse.move(0, 0)
    const title = page.getByRole('link', { name: fresh })
    await expect(title).toBeVisible()
    await title.focus()
    await page.keyboard.press('i')
    await expect(line(fresh)).toContainText('not started yet')
    await line(fresh).getByRole('button', { name: 'Start work' }).click()
    await expect(line(fresh)).toHaveCount(0)
    await page.goto('/incidents?q=' + encodeURIComponent(`open:true assignee:me "${fresh}"`))
    await page.getByRole('row', { name: fresh }).click()
    await page.getByRole('button', { name: 'Put on hold' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'The caller', exact: true }).check()
    await dialog.getByLabel('What you ask the caller').fill('Which ward is it?')
    await dialog.getByRole('button', { name: 'Put on hold' }).click()
    await page.getByRole('button', { name: 'Resolve', exact: true }).click()
    await dialog.getByRole('combobox', { name: 'How it was resolved' }).click()
    await page.getByRole('option', { name: 'Fixed', exact: true }).click()
    await dialog.getByLabel('What was done').fill('Changed the cable.')
    await dialog.getByRole('button', { name: 'Resolve', exact: true }).click()
    await expect(page.locator('[aria-current="step"]')).toHaveText(/Resolved/)
  })
  await context.close()
})

test('a team lead sees who has how much, gives work away after it was tried, and takes it back', async ({
  browser,
}) => {
  const [rita, amir, lena] = [
    await actor('Rita Okafor'),
    await actor('Amir Haddad'),
    await actor('Lena Brandt'),
  ]
  const team = (await amir.api.me()).teams[0]
  const title = `To be given away ${Date.now()}`
  const { id } = await rita.api.raiseIncident({ body: { title, impact: 1, urgency: 1 } })
  await amir.api.assignIncident({
    params: { id },
    version: 1,
    body: { personId: amir.id, teamId: team?.id ?? '' },
  })
  const context = await browserOf(browser, lena)
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'My teams' }).click()
  await expect(page).toHaveURL('/?view=teams')
  await expect(page.getByRole('row', { name: /Amir Haddad/ }).first()).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Rebalance: Amir Haddad' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: title }).check()
  await dialog.getByRole('radio', { name: /^Lena Brandt/ }).check()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Give 1 away' }).click()
  await expect(page.getByText('1 incident was given to Lena Brandt')).toBeVisible()
  const assignee = async () => (await lena.api.readIncident({ params: { id } })).assignee?.name
  expect(await assignee()).toBe('Lena Brandt')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('1 incident is back where it was')).toBeVisible()
  expect(await assignee()).toBe('Amir Haddad')
  await context.close()
})
