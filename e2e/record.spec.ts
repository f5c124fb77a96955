import type { Page } from '@playwright/test'
import { actor, browserOf, expect, test } from './fixture.ts'
import { picture } from './picture.ts'

/** Opens a record and waits until its keys work. */
const open = async (page: Page, id: string): Promise<void> => {
  await page.goto(`/incidents/${id}`)
  await page.getByRole('textbox', { name: /^(Comment|Work note)$/ }).waitFor()
}

test('an agent comments, waits for the caller, and resolves with what happened on the page', async ({
  browser,
}) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Comment, hold, resolve' } })
  const page = await (await browserOf(browser, amir)).newPage()
  await open(page, id)
  await page.keyboard.press('i')
  await page.getByRole('button', { name: 'Start work' }).click()
  await page.getByRole('textbox', { name: 'Comment' }).fill('On it.')
  await page.getByRole('button', { name: 'Send comment' }).click()
  await expect(page.getByRole('region', { name: 'History' }).getByText('On it.')).toBeVisible()
  await page.getByRole('button', { name: 'Put on hold' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'A time agreed with the caller' }).check()
  await dialog.getByRole('button', { name: 'Put on hold' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Say which date it is scheduled for')
  await dialog.getByRole('radio', { name: 'Parts' }).check()
  await dialog.getByRole('button', { name: 'Put on hold' }).click()
  await expect(page.locator('[aria-current="step"]')).toHaveText(/On hold/)
  await page.getByRole('button', { name: 'Resolve' }).click()
  await dialog.getByRole('combobox', { name: 'How it was resolved' }).click()
  await page.getByRole('option', { name: 'Fixed', exact: true }).click()
  await dialog.getByLabel('What was done').fill('New fuser.')
  await dialog.getByRole('button', { name: 'Resolve' }).click()
  await expect(page.locator('[aria-current="step"]')).toHaveText(/Resolved/)
  await page.getByRole('button', { name: 'Comments', exact: true }).click()
  await expect(page).toHaveURL(/show=comments/)
  await page.context().close()
})

test('a pasted picture is put on the record and into the text, for the readers of the text', async ({
  browser,
}) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Pasted picture' } })
  const page = await (await browserOf(browser, amir)).newPage()
  await open(page, id)
  await page.keyboard.press('n')
  await page.keyboard.type('The queue:')
  // As text: the types of a page are not those of this file.
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob('${picture(7).toString('base64')}'), (character) => character.charCodeAt(0))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }`)
  await expect(page.getByRole('textbox', { name: 'Work note' })).toHaveValue(
    /The queue:\n!\[[\d -]+\.png\]\(\/api\/v1\/attachments\//,
  )
  await page
    .locator('label')
    .filter({ hasText: /^Comment$/ })
    .click()
  await expect(page.getByText(/will not see the files in it/)).toBeVisible()
  await page
    .locator('label')
    .filter({ hasText: /^Work note$/ })
    .click()
  await page.keyboard.press('Control+Enter')
  const shown = page
    .getByRole('listitem')
    .filter({ hasText: 'The queue:' })
    .getByRole('button', { name: /^Enlarge/ })
  await expect(shown).toBeVisible()
  await shown.click()
  await expect(page.getByRole('dialog').locator('img')).toBeVisible()
  expect((await rita.api.listAttachments({ params: { id } })).attachments).toEqual([])
  await page.context().close()
})

test('somebody mentioned in a work note hears of it; the caller mentioned there does not', async ({
  browser,
}) => {
  const [rita, amir, noor] = [
    await actor('Rita Okafor'),
    await actor('Amir Haddad'),
    await actor('Noor de Vries'),
  ]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Mention' } })
  const page = await (await browserOf(browser, amir)).newPage()
  await open(page, id)
  await page.keyboard.press('n')
  await page.keyboard.type('Not the array, @rit')
  await expect(page.getByRole('listbox', { name: 'People to mention' })).toHaveCount(0)
  await page.keyboard.type('a.okafor says. Could @noor')
  await expect(page.getByRole('option', { name: /Noor de Vries/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Work note' })).toHaveValue(/@noor\.de\.vries $/)
  await page.keyboard.type('look?')
  await page.keyboard.press('Control+Enter')
  const toldOf = async (who: typeof noor) =>
    (await who.api.listNotifications()).rows.filter(({ record }) => record?.id === id).map(({ kind }) => kind)
  await expect.poll(() => toldOf(noor), { timeout: 20_000 }).toEqual(['mentioned'])
  expect(await toldOf(rita)).not.toContain('mentioned')
  await page.context().close()
})

test('resolving a parent says whom it takes along, and leaves open what is excepted', async ({ browser }) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const raise = async (title: string) => (await rita.api.raiseIncident({ body: { title } })).id
  const [parent, along, stays] = [
    await raise('The parent'),
    await raise('Goes along'),
    await raise('Stays open'),
  ]
  for (const id of [along, stays])
    await amir.api.setIncidentParent({ params: { id }, version: 1, body: { parentId: parent } })
  const page = await (await browserOf(browser, amir)).newPage()
  await open(page, parent)
  await page.keyboard.press('i')
  await page.getByRole('button', { name: 'Start work' }).click()
  await page.getByRole('button', { name: 'Resolve' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Resolve 2 open children with it')).toBeVisible()
  await dialog.getByRole('checkbox', { name: /Stays open/ }).uncheck()
  await dialog.getByLabel(/^Why INC\d+ stays open/).fill('another cause')
  await dialog.getByRole('combobox', { name: 'How it was resolved' }).click()
  await page.getByRole('option', { name: 'Fixed', exact: true }).click()
  await dialog.getByLabel('What was done').fill('Raised the pool.')
  await dialog.getByRole('button', { name: 'Resolve' }).click()
  await expect(page.locator('[aria-current="step"]')).toHaveText(/Resolved/)
  const stateOf = async (id: string) => (await amir.api.readIncident({ params: { id } })).state
  expect([await stateOf(along), await stateOf(stays)]).toEqual(['resolved', 'new'])
  await page.context().close()
})

test('a whole incident by keyboard only, from raising it to resolving it', async ({ browser }) => {
  const amir = await actor('Amir Haddad')
  const page = await (await browserOf(browser, amir)).newPage()
  await page.goto('/incidents/new')
  await expect(page.getByLabel('In one line')).toBeFocused()
  const title = `By keyboard alone ${Date.now()}`
  await page.keyboard.type(title)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.keyboard.press('i')
  await expect(page.getByRole('button', { name: 'Assigned to: Amir Haddad' })).toBeVisible()
  await page.getByLabel('Add a thing to do').focus()
  await page.keyboard.type('Call the vendor')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('checkbox', { name: 'Call the vendor' })).toBeVisible()
  await page.getByRole('checkbox', { name: 'Call the vendor' }).press('Space')
  await expect(page.getByText('1 of 1')).toBeVisible()
  await page.keyboard.press('s')
  for (let step = 0; step < 4; step += 1) {
    if ((await page.locator(':focus').textContent()) === 'Start work') break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(page.locator('[aria-current="step"]')).toHaveText(/In progress/)
  await page.keyboard.press('m')
  await page.keyboard.type('Done in a minute.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('region', { name: 'History' }).getByText('Done in a minute.')).toBeVisible()
  await page.getByRole('button', { name: 'Resolve' }).press('Enter')
  await page.keyboard.press('Enter')
  await page.getByRole('option', { name: 'Fixed', exact: true }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByLabel('What was done').press('Home')
  await page.keyboard.type('Turned it off and on.')
  await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).press('Enter')
  await expect(page.locator('[aria-current="step"]')).toHaveText(/Resolved/)
  expect((await amir.api.readIncident({ params: { id } })).state).toBe('resolved')
  await page.context().close()
})

test('two agents on one record see each other, and who writes; the caller sees nobody', async ({
  browser,
}) => {
  const [rita, amir, noor] = [
    await actor('Rita Okafor'),
    await actor('Amir Haddad'),
    await actor('Noor de Vries'),
  ]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Who is here' } })
  const [desk, network, ward] = await Promise.all(
    [amir, noor, rita].map(async (who) => (await browserOf(browser, who)).newPage()),
  )
  if (desk === undefined || network === undefined || ward === undefined) throw new Error('no page')
  await open(desk, id)
  await open(network, id)
  // A caller reads it in their own words.
  await ward.goto(`/incidents/${id}`)
  await expect(ward.getByRole('heading', { level: 1, name: 'Who is here' })).toBeVisible()
  const here = desk.getByRole('list', { name: 'Also here' })
  await expect(here).toContainText('Noor de Vries is here too')
  await network.getByRole('textbox', { name: 'Comment' }).fill('Hm')
  await expect(here).toContainText('Noor de Vries is writing')
  await network.goto('/incidents')
  await expect(here).toHaveCount(0)
  await expect(ward.getByRole('list', { name: 'Also here' })).toHaveCount(0)
  for (const page of [desk, network, ward]) await page.context().close()
})

test('what is written survives a closed tab and a server that is away', async ({ browser }) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Draft' } })
  const context = await browserOf(browser, amir)
  const page = await context.newPage()
  await open(page, id)
  await page.route('**/api/v1/**', (route) => route.abort())
  await page.getByRole('textbox', { name: 'Comment' }).fill('Written while the server was away.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'Your text is kept' })).toBeVisible()
  await page.close()
  const again = await context.newPage()
  await open(again, id)
  await expect(again.getByRole('textbox', { name: 'Comment' })).toHaveValue(
    'Written while the server was away.',
  )
  await again.getByRole('button', { name: 'Send comment' }).click()
  await expect(
    again.getByRole('region', { name: 'History' }).getByText('Written while the server was away.'),
  ).toBeVisible()
  await context.close()
})

test('on a phone one press opens the prepared answers, also while something is being written', async ({
  browser,
}) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'Answered in the corridor' } })
  const context = await browserOf(browser, amir, { viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await open(page, id)
  const replies = page.getByRole('button', { name: 'Quick replies and macros' })
  await replies.click()
  await expect(replies).toHaveAttribute('aria-expanded', 'true')
  // Escape closes what has the focus; before that it would leave the record.
  await expect(page.getByPlaceholder('Find a reply or macro')).toBeFocused()
  await page.keyboard.press('Escape')
  await page.getByRole('textbox', { name: 'Comment' }).click()
  await expect(page.getByRole('button', { name: 'Send comment' })).toBeVisible()
  await replies.click()
  await expect(replies).toHaveAttribute('aria-expanded', 'true')
  await context.close()
})

test('a clock runs, waits for the caller and says so, goes on, and is met', async ({ browser }) => {
  const [rita, amir] = [await actor('Rita Okafor'), await actor('Amir Haddad')]
  const { id } = await rita.api.raiseIncident({ body: { title: 'What was promised is on the page' } })
  const page = await (await browserOf(browser, amir)).newPage()
  await open(page, id)
  const clocks = page.getByRole('region', { name: 'Service levels' })
  const resolution = clocks.getByRole('listitem').filter({ hasText: 'Resolution' })
  await expect(resolution).toContainText('left')
  await page.keyboard.press('i')
  await page.getByRole('button', { name: 'Start work' }).click()
  await page.getByRole('button', { name: 'Put on hold' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'The caller', exact: true }).check()
  await dialog.getByLabel('What you ask the caller').fill('Which floor?')
  await dialog.getByRole('button', { name: 'Put on hold' }).click()
  await expect(resolution).toContainText('Paused')
  await expect(resolution).toContainText('Waits for the caller since')
  await rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'The third.' } })
  await expect(resolution).toContainText('left')
  await page.getByRole('button', { name: 'Resolve' }).click()
  await dialog.getByRole('combobox', { name: 'How it was resolved' }).click()
  await page.getByRole('option', { name: 'Fixed', exact: true }).click()
  await dialog.getByLabel('What was done').fill('New fuser.')
  await dialog.getByRole('button', { name: 'Resolve' }).click()
  await expect(resolution).toContainText('Met')
  await page.context().close()
})
