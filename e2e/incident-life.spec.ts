import { actor, browserOf, expect, test } from './fixture.ts'
import { password } from './cast.ts'

test('an incident from the first call to the caller’s word that it works, by hand', async ({
  browser,
  page,
}) => {
  const title = `Label printer on ward 4 prints blank labels ${Date.now()}`

  await test.step('the caller signs in with a password and raises it', async () => {
    await page.goto('/')
    await expect(page).toHaveURL(/\/sign-in/)
    await page.getByLabel('Organization').fill('harbor')
    await page.getByLabel('E-mail').fill('rita.okafor@harbor.example')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: /^Something is broken/ }).click()
    await page.getByLabel('What is broken?').fill(title)
    await page.getByLabel('What happens?').fill('Since **this morning**.')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(page.locator('strong', { hasText: 'this morning' })).toBeVisible()
  })
  const record = new URL(page.url()).pathname.replace('/portal/', '/incidents/')

  const desk = await browserOf(browser, await actor('Amir Haddad'))
  const agent = await desk.newPage()

  await test.step('an agent finds it, is told why work cannot start, and takes it', async () => {
    await agent.goto('/incidents')
    await agent.getByRole('combobox', { name: 'Filter incidents' }).fill(`"${title}"`)
    await agent.getByRole('combobox', { name: 'Filter incidents' }).press('Enter')
    await agent.getByRole('row', { name: title }).click()
    await agent.getByRole('button', { name: 'Open the whole page' }).click()
    await expect(agent).toHaveURL(record)
    // The page, no longer the preview beside the list.
    await agent.getByRole('button', { name: 'Back' }).waitFor()
    await agent.getByRole('button', { name: 'Start work' }).click()
    await expect(agent.getByText('Give it to a person first')).toBeVisible()
    await agent.getByRole('dialog').getByRole('button', { name: 'Assign to me' }).click()
    await expect(agent.getByRole('button', { name: 'Assigned to: Amir Haddad' })).toBeVisible()
  })

  await test.step('work starts, and the caller sees it without loading the page anew', async () => {
    await agent.getByRole('button', { name: 'Start work' }).click()
    await expect(agent.getByRole('listitem').filter({ hasText: 'In progress' }).first()).toHaveAttribute(
      'aria-current',
      'step',
    )
    await expect(page.locator('[aria-current="step"]')).toHaveText(/Being worked on/)
  })

  await test.step('a work note is the team’s only, and says so before it is sent', async () => {
    await agent
      .locator('label')
      .filter({ hasText: /^Work note$/ })
      .click()
    await expect(agent.getByText('Team only, never seen by the caller')).toBeVisible()
    await agent.getByRole('textbox', { name: 'Work note' }).fill('The ribbon sensor reports an empty roll.')
    await agent.getByRole('button', { name: 'Save work note' }).click()
    await expect(
      agent.getByRole('region', { name: 'History' }).getByText('The ribbon sensor reports an empty roll.'),
    ).toBeVisible()
  })

  await test.step('a file for the team is not offered to the caller, one for the caller is', async () => {
    const [forTeam, forCaller] = ['sensor-log.txt', 'how-to-clean.txt'].map((name) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(name),
    }))
    const choosing = agent.waitForEvent('filechooser')
    await agent.getByRole('button', { name: 'Add for the team' }).click()
    await (await choosing).setFiles(forTeam ?? [])
    await expect(agent.getByRole('link', { name: 'sensor-log.txt' })).toBeVisible()
    const choosingAgain = agent.waitForEvent('filechooser')
    await agent.getByRole('button', { name: 'Add for the caller' }).click()
    await (await choosingAgain).setFiles(forCaller ?? [])
    const offered = page.getByRole('link', { name: 'how-to-clean.txt' })
    await expect(offered).toBeVisible()
    await expect(page.getByText('sensor-log.txt')).toHaveCount(0)
    const download = page.waitForEvent('download')
    await offered.click()
    expect((await download).suggestedFilename()).toBe('how-to-clean.txt')
  })

  await test.step('it waits for the caller, with a question the caller can read', async () => {
    await agent.getByRole('button', { name: 'Put on hold' }).click()
    const dialog = agent.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Put on hold' }).click()
    await expect(dialog.getByRole('alert')).toContainText('Say what it waits for')
    await dialog.getByRole('radio', { name: 'The caller', exact: true }).check()
    await dialog.getByLabel('What you ask the caller').fill('Does it help to open and close the lid?')
    await dialog.getByRole('button', { name: 'Put on hold' }).click()
    await expect(agent.locator('[aria-current="step"]')).toHaveText(/On hold/)
    await expect(page.getByText('Does it help to open and close the lid?')).toBeVisible()
    await expect(page.getByText('The ribbon sensor')).toHaveCount(0)
  })

  await test.step('a draft survives a reload; the answer takes the incident off hold', async () => {
    await page.getByRole('textbox', { name: 'Your answer' }).fill('It does, for one label.')
    await page.reload()
    await expect(page.getByRole('textbox', { name: 'Your answer' })).toHaveValue('It does, for one label.')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByRole('textbox', { name: 'Write to the people' })).toHaveValue('')
    await expect(agent.getByText('It does, for one label.')).toBeVisible()
    await expect(agent.locator('[aria-current="step"]')).toHaveText(/In progress/)
  })

  await test.step('the agent corrects the title in place, and resolves it', async () => {
    await agent.getByRole('button', { name: 'Edit Title' }).click()
    await agent.getByRole('textbox', { name: 'Title' }).fill(`${title}, again`)
    await agent.getByRole('textbox', { name: 'Title' }).press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: `${title}, again` })).toBeVisible()
    await agent.getByRole('button', { name: 'Resolve' }).click()
    const dialog = agent.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'How it was resolved' }).click()
    await agent.getByRole('option', { name: 'Fixed', exact: true }).click()
    await dialog.getByLabel('What was done').fill('Cleaned the ribbon sensor.')
    await dialog.getByRole('button', { name: 'Resolve' }).click()
    await expect(agent.locator('[aria-current="step"]')).toHaveText(/Resolved/)
  })

  await test.step('the caller says that it works, and the incident is closed for both', async () => {
    await page.getByRole('button', { name: 'Yes, it works again' }).click()
    await expect(page.locator('[aria-current="step"]')).toHaveText(/Done/)
    await expect(agent.locator('[aria-current="step"]')).toHaveText(/Closed/)
  })
  await desk.close()
})

test('two people change the same field: the later one sees both values and chooses', async ({ browser }) => {
  const [rita, amir, lena] = [
    await actor('Rita Okafor'),
    await actor('Amir Haddad'),
    await actor('Lena Brandt'),
  ]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Conflict' } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  // What Lena does must not reach the page before Amir has typed.
  await page.route('**/api/v1/live', (route) => route.abort())
  await page.goto(`/incidents/${id}`)
  await page.getByRole('button', { name: 'Edit Title' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('What Amir wants')
  await lena.api.editIncident({ params: { id }, version: 1, body: { title: 'What Lena wrote' } })
  await page.getByRole('textbox', { name: 'Title' }).press('Enter')
  const conflict = page.getByRole('alert')
  await expect(conflict).toContainText('What Lena wrote')
  await expect(conflict).toContainText('What Amir wants')
  await page.getByRole('button', { name: 'Use mine' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'What Amir wants' })).toBeVisible()
  await expect
    .poll(async () => (await rita.api.readIncident({ params: { id } })).title)
    .toBe('What Amir wants')
  await context.close()
})

test('a list shows what comes in while somebody looks, and does not move under the pointer', async ({
  browser,
}) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  await rita.api.raiseIncident({ body: { title: 'The first one' } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  await page.goto('/incidents')
  await expect(page.getByRole('row', { name: 'The first one' }).first()).toBeVisible()
  const quiet = `While nobody points ${Date.now()}`
  await rita.api.raiseIncident({ body: { title: quiet } })
  await expect(page.getByRole('row', { name: quiet })).toBeVisible()
  await page.getByRole('row', { name: quiet }).hover()
  const pointed = `While somebody points ${Date.now()}`
  await rita.api.raiseIncident({ body: { title: pointed } })
  await page.getByRole('button', { name: '1 new incident: show it' }).click()
  await expect(page.getByRole('row', { name: pointed })).toBeVisible()
  await context.close()
})

test('when the server cannot be reached, the page says so and keeps what was typed', async ({ browser }) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Offline' } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  await page.goto(`/incidents/${id}`)
  await page.getByRole('textbox', { name: 'Comment' }).fill('Written in a tunnel.')
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Send comment' }).click()
  await expect(page.getByRole('alert')).toContainText('Your text is kept')
  await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('Written in a tunnel.')
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Send comment' }).click()
  await expect(page.getByRole('textbox', { name: 'Comment' })).toHaveValue('')
  await expect(page.getByRole('region', { name: 'History' }).getByText('Written in a tunnel.')).toBeVisible()
  await context.close()
})

test('the whole way by keyboard: find, preview, open, take, note, back', async ({ browser }) => {
  const amir = await actor('Amir Haddad')
  const title = `By keyboard ${Date.now()}`
  const { id } = await amir.api.raiseIncident({ body: { title } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  await page.goto('/incidents')
  await expect(page.getByRole('row', { name: title })).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type(`"${title}"`)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await expect(
    page.getByRole('complementary', { name: 'Preview' }).getByRole('heading', { level: 1 }),
  ).toHaveText(title)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/incidents/${id}`)
  await page.keyboard.press('i')
  await expect(page.getByRole('button', { name: 'Assigned to: Amir Haddad' })).toBeVisible()
  await page.keyboard.press('n')
  await page.keyboard.type('Typed without a mouse.')
  await page.keyboard.press('Control+Enter')
  await expect(
    page.getByRole('region', { name: 'History' }).getByText('Typed without a mouse.'),
  ).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/incidents\?/)
  await context.close()
})
