import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

test('a configuration manager adds what a service stands on, relates it, and sees what would follow if it failed', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = `ward${Date.now().toString(36)}`
  const { rows: teams } = await ada.api.listTeams()
  const service = await ada.api.createItem({
    body: {
      class: 'business_service',
      name: `Orders ${word}`,
      values: { criticality: '1', support_team: teams[0]?.id ?? '' },
    },
    idempotencyKey: crypto.randomUUID(),
  })

  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/items')
  await page.getByRole('button', { name: 'Add an item' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add an item' })
  await page.getByRole('combobox', { name: 'Class' }).fill('Server')
  await page.getByRole('option', { name: 'Server', exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Name' }).fill(`host-${word}`)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add an item' }).click()
  await expect(page.getByRole('heading', { level: 1, name: `host-${word}` })).toBeVisible()

  await page.getByRole('button', { name: 'Relate' }).click()
  const relate = page.getByRole('dialog', { name: /has to do with another item/ })
  await relate.getByRole('combobox', { name: `host-${word} …` }).click()
  await page.getByRole('option', { name: 'supports' }).click()
  await relate.getByRole('button', { name: /The other item/ }).click()
  await page.getByRole('textbox', { name: /The other item/ }).fill(word)
  await page.getByRole('option', { name: `Orders ${word}` }).click()
  await relate.getByRole('button', { name: 'Relate' }).click()
  await expect(
    page
      .getByRole('article')
      .getByRole('link', { name: `Orders ${word}` })
      .first(),
  ).toBeVisible()

  await page.getByRole('link', { name: 'What if it fails' }).click()
  const panel = page.getByRole('complementary', { name: `host-${word}` })
  await expect(panel.getByText(`Orders ${word} depends on host-${word}`)).toBeVisible()
  await expectAccessible(page)

  await page.getByText('List', { exact: true }).click()
  await page.getByRole('button', { name: `Orders ${word}: show 1 item below it` }).click()
  await expect(page.getByText('depends on', { exact: true }).first()).toBeVisible()
  expect(service.id).not.toBe('')
})

test('what is found out late leaves the earlier answer as it was: the page shows both, and says which it is', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = `late${Date.now().toString(36)}`
  const { id, version } = await ada.api.createItem({
    body: { class: 'server', name: `host-${word}`, values: { os: 'North OS' } },
    idempotencyKey: crypto.randomUUID(),
  })
  const before = await ada.api.readItem({ params: { id } })
  // It had been so from the beginning, and we hear of it only now.
  const [since] = before.attributes.flatMap(({ key, value }) =>
    key === 'os' && value !== null ? [value.validFrom] : [],
  )
  await ada.api.editItem({
    params: { id },
    version,
    body: { values: { os: 'South OS' }, validFrom: since ?? before.validAt },
  })

  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/items/${id}`)
  const known = page.getByRole('region', { name: 'What is known' })
  await expect(known.getByText('South OS')).toBeVisible()
  await page.goto(`/items/${id}?at=${before.validAt}&known=${before.knownAt}`)
  await expect(page.getByRole('status').filter({ hasText: 'Nothing can be changed in it.' })).toContainText(
    'as we knew it then',
  )
  await expect(known.getByText('North OS')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Relate' })).toHaveCount(0)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(known.getByText('South OS')).toBeVisible()
})

test('an incident says what it takes down, and its impact rises by itself with the reason', async ({
  browser,
}) => {
  const [ada, rita, lena] = [await actor('Ada Silva'), await actor('Rita Okafor'), await actor('Lena Brandt')]
  const word = `bank${Date.now().toString(36)}`
  const { rows: teams } = await ada.api.listTeams()
  const supportTeam = teams.find(({ name }) => name === 'Service desk')?.id ?? ''
  const service = await ada.api.createItem({
    body: {
      class: 'business_service',
      name: `Payments ${word}`,
      values: { criticality: '1', support_team: supportTeam },
    },
  })
  const database = await ada.api.createItem({ body: { class: 'database', name: `accounts-${word}` } })
  await ada.api.relateItem({
    params: { id: service.id },
    body: { type: 'depends_on', toId: database.id },
  })
  const incident = await rita.api.raiseIncident({ body: { title: `Payments stand still ${word}` } })

  const page = await (await browserOf(browser, lena)).newPage()
  await page.goto(`/incidents/${incident.id}`)
  await page.getByRole('button', { name: 'Name an item' }).click()
  await page.getByRole('combobox', { name: 'Item', exact: true }).fill(word)
  await page.getByRole('option', { name: `accounts-${word} (Database)` }).click()
  await page.getByRole('button', { name: 'Name an item' }).click()
  await expect(page.getByRole('link', { name: `accounts-${word}` })).toBeVisible()
  await expect(
    page.getByText(`Impact rose to high by itself: Payments ${word} (criticality 1) is down.`),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Why this impact' }).click()
  await expect(page.getByText(`Payments ${word} (criticality 1) is down.`).last()).toBeVisible()
  // The explanation closes, and nothing behind it does.
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expectAccessible(page)

  await page.getByRole('link', { name: `accounts-${word}` }).click()
  await expect(page.getByRole('link', { name: new RegExp(`Payments stand still ${word}`) })).toBeVisible()
})

test('an incident is raised with an item: the form says its impact before, the incident has it at once, and lists find it by item', async ({
  browser,
}) => {
  const [ada, lena] = [await actor('Ada Silva'), await actor('Lena Brandt')]
  const word = `till${Date.now().toString(36)}`
  const { rows: teams } = await ada.api.listTeams()
  const service = await ada.api.createItem({
    body: {
      class: 'business_service',
      name: `Tills ${word}`,
      values: { criticality: '1', support_team: teams[0]?.id ?? '' },
    },
  })
  const host = await ada.api.createItem({ body: { class: 'server', name: `host-${word}` } })
  await ada.api.relateItem({ params: { id: service.id }, body: { type: 'runs_on', toId: host.id } })

  const page = await (await browserOf(browser, lena)).newPage()
  await page.goto('/incidents/new')
  await page.getByRole('textbox', { name: 'In one line' }).fill(`Tills stand still ${word}`)
  await page.getByRole('combobox', { name: 'What it happens to' }).fill(word)
  await page.getByRole('option', { name: `host-${word} (Server)` }).click()
  await expect(page.getByText(`Tills ${word} (criticality 1) is down.`)).toBeVisible()
  await expect(page.getByText('Raised with High impact')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Raise incident' }).last().click()
  await expect(page.getByRole('heading', { level: 1, name: `Tills stand still ${word}` })).toBeVisible()
  await page.getByRole('button', { name: /earlier changes/ }).click()
  await expect(
    page.getByText(`Impact rose to high by itself: Tills ${word} (criticality 1) is down.`),
  ).toBeVisible()

  await page.goto(`/incidents?q=${encodeURIComponent(`stands_on:"host-${word}"`)}`)
  await expect(page.getByRole('row', { name: new RegExp(`Tills stand still ${word}`) })).toBeVisible()
})

test('an administrator makes a class in the browser, sees what it would change, and finds an item of it', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = Date.now().toString(36)
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/admin/policies/item_classes')
  const tree = page.getByRole('navigation', { name: 'Classes' })
  await tree.getByRole('button', { name: 'Hardware' }).click()
  await page.getByRole('button', { name: 'Add a class' }).click()
  const making = page.getByRole('dialog', { name: 'Add a class' })
  await making.getByRole('textbox', { name: 'Name' }).fill(`Forklift ${word}`)
  await making.getByRole('button', { name: 'Add a class' }).click()
  await expect(
    page.getByRole('region', { name: `Forklift ${word}` }).getByText('Serial number'),
  ).toBeVisible()

  await page.getByRole('button', { name: 'Add an attribute' }).click()
  const adding = page.getByRole('dialog', { name: 'Add an attribute' })
  await adding.getByRole('textbox', { name: 'Name' }).fill(`Load ${word}`)
  await adding.getByRole('combobox', { name: 'What it holds' }).selectOption('number')
  await adding.getByRole('textbox', { name: 'What it counts' }).fill('kg')
  await adding.getByRole('button', { name: 'Add an attribute' }).click()
  await expect(page.getByText('A number · in kg · filtered by')).toBeVisible()
  await expect(page.getByText('no item would change')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Publish' })).toBeEnabled()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Publish' }).click()
  const publishing = page.getByRole('dialog')
  await publishing.getByRole('textbox', { name: 'Why' }).fill('Forklifts have to be known')
  await publishing.getByRole('button', { name: 'Publish' }).click()
  await expect(publishing).toBeHidden()

  const classes = await ada.api.listItemClasses()
  const made = classes.classes.find(({ label }) => label === `Forklift ${word}`)
  expect(made?.ancestors).toEqual(['hardware', 'item'])
  const load = made?.attributes.find(({ label }) => label === `Load ${word}`)
  const { id } = await ada.api.createItem({
    body: { class: made?.key ?? '', name: `Lift ${word}`, values: { [load?.key ?? '']: 1200 } },
    idempotencyKey: crypto.randomUUID(),
  })
  await page.goto(`/items/${id}`)
  await expect(page.getByRole('button', { name: '1,200 kg' })).toBeVisible()
})

test('what fits two items waits, the two are merged, and what the source said becomes part of the one that stays', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = Date.now().toString(36)
  const make = (name: string, values: Record<string, string>) =>
    ada.api.createItem({ body: { class: 'server', name, values }, idempotencyKey: crypto.randomUUID() })
  const one = await make(`twin-${word}`, { asset_tag: `T-${word}`, os: 'Debian' })
  await make(`twin-${word}-old`, { asset_tag: `T-${word}` })
  await ada.api.putItemsBySource({
    params: { source: `scan-${word}` },
    body: {
      items: [
        {
          externalId: `X-${word}`,
          class: 'server',
          name: `twin-${word}`,
          values: { asset_tag: `T-${word}`, hostname: `host-${word}` },
        },
      ],
    },
  })
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/items/conflicts?source=scan-${word}`)
  await expect(page.getByRole('heading', { level: 2, name: `twin-${word}` })).toBeVisible()
  await expect(page.getByText(`spoke of X-${word}`)).toContainText('several items agree by Asset tag')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Merge the two' }).click()
  const merge = page.getByRole('dialog')
  await merge.getByRole('textbox', { name: 'Reason' }).fill('One machine, entered twice')
  await merge.getByRole('button', { name: 'Merge' }).click()
  await expect(merge).toBeHidden()
  const theOne = page.getByRole('button', { name: /^It is this one: twin-/ })
  // The other is gone from the conflict once the merge is known to the page.
  await expect(theOne).toHaveCount(1)
  await theOne.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Decide' }).click()
  await expect(page.getByText('Nothing waits')).toBeVisible()

  const stays = await ada.api.readItem({ params: { id: one.id } })
  const id = stays.mergedInto?.id ?? one.id
  await page.goto(`/items/${id}`)
  await expect(page.getByText(`host-${word}`).first()).toBeVisible()
})

test('a configuration manager retires what was selected: each is tried first, what is needed says so, and it goes back', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const word = `rack${Date.now().toString(36)}`
  const make = (ofClass: string, name: string) =>
    ada.api.createItem({
      body: { class: ofClass, name: `${name} ${word}` },
      idempotencyKey: crypto.randomUUID(),
    })
  const [needed] = [
    await make('server', 'Needed'),
    await make('server', 'Old'),
    await make('server', 'Older'),
  ]
  const above = await make('application', `Needs it, not`)
  await ada.api.relateItem({ params: { id: above.id }, body: { type: 'runs_on', toId: needed.id } })

  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/items?q=${encodeURIComponent(`${word} class:server`)}`)
  await page.getByRole('checkbox', { name: 'Select the rows that are loaded' }).check()
  await page
    .getByRole('region', { name: 'Selected rows' })
    .getByRole('button', { name: 'State', exact: true })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Change 3 items' })
  await dialog.getByRole('combobox', { name: 'What becomes of it' }).click()
  await page.getByRole('option', { name: 'Retire' }).click()
  await expect(dialog.getByText('2 of 3 can be changed')).toBeVisible()
  await expect(dialog.getByRole('listitem').filter({ hasText: `Needed ${word}` })).toContainText('needs it')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Change 2 items' }).click()

  const result = page.getByRole('dialog', { name: 'What was changed' })
  await expect(result.getByText('2 changed of 2')).toBeVisible()
  await expectAccessible(page)
  await result.getByRole('button', { name: 'Take it all back' }).click()
  await expect(result.getByText('2 taken back, none refused')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('row', { name: new RegExp(`Older ${word}`) })).toContainText('In use')
})

test('two people say different things of one item, and both stay; of the same, the later one sees both and chooses', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const { id } = await ada.api.createItem({
    body: { class: 'server', name: 'Edited by two', values: { os: 'Debian 12', hostname: 'two' } },
    idempotencyKey: crypto.randomUUID(),
  })
  const say = async (values: Record<string, string>): Promise<void> => {
    const { version } = await ada.api.readItem({ params: { id } })
    await ada.api.editItem({ params: { id }, body: { values }, version })
  }
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto(`/items/${id}`)
  const field = page.getByRole('textbox', { name: 'Operating system' })
  await page.getByRole('button', { name: 'Edit Operating system' }).click()
  await field.fill('Debian 13')
  await say({ hostname: 'both' })
  await expect(page.getByRole('button', { name: 'both', exact: true })).toBeVisible()
  await field.press('Control+Enter')
  await expect(page.getByRole('button', { name: 'Debian 13' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Edit Operating system' })).toBeFocused()

  await page.getByRole('button', { name: 'Edit Operating system' }).press('Enter')
  await field.fill('Plan 9')
  await say({ os: 'Debian 14' })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const conflict = page.getByRole('alert')
  await expect(conflict).toContainText('Debian 14')
  await expect(conflict).toContainText('Plan 9')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Use mine' }).click()
  await expect(page.getByRole('button', { name: 'Plan 9' })).toBeVisible()
})
