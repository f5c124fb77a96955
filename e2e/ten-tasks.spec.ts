import type { Browser, Page } from '@playwright/test'
import { actor, browserOf, expect, settled, test } from './fixture.ts'
import { expectSpoken, listen } from './spoken.ts'

// What people do all day, as somebody does it who neither sees the page nor uses a mouse: where the focus is, and what is said.

const word = (): string => `zehn${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`

const openAs = async (browser: Browser, name: string, path: string): Promise<Page> => {
  const page = await (await browserOf(browser, await actor(name))).newPage()
  await listen(page)
  await page.goto(path)
  await settled(page)
  return page
}

const raised = async (title: string): Promise<string> =>
  (await (await actor('Rita Okafor')).api.raiseIncident({ body: { title } })).id

test('finding, looking, opening and coming back: what was found, the row and the page are said', async ({
  browser,
}) => {
  const title = word()
  await raised(`${title} one`)
  await raised(`${title} two`)
  const page = await openAs(browser, 'Amir Haddad', '/incidents?q=')

  await test.step('1. finding', async () => {
    await page.keyboard.press('/')
    await expect(page.getByRole('combobox', { name: 'Filter incidents' })).toBeFocused()
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
    await expectSpoken(page, '2 found')
    await page.keyboard.press('Escape')
  })

  await test.step('2. looking without leaving', async () => {
    await page.keyboard.press('j')
    await expectSpoken(page, `${title} two, Low, New`)
    await page.keyboard.press('j')
    await expectSpoken(page, `${title} one, Low, New`)
    await page.keyboard.press('Space')
    await page.getByRole('complementary', { name: 'Preview' }).getByRole('heading', { level: 1 }).waitFor()
  })

  await test.step('3. opening and coming back', async () => {
    await page.keyboard.press('Enter')
    await expectSpoken(page, new RegExp(`Page: .*${title} one`))
    await expect(page.locator('#page')).toBeFocused()
    await page.keyboard.press('Escape')
    await expectSpoken(page, 'Page: Incidents')
  })
})

test('taking, starting, holding and writing: what became of it is said, and the focus is where one goes on', async ({
  browser,
}) => {
  const title = word()
  const page = await openAs(browser, 'Amir Haddad', `/incidents/${await raised(title)}`)

  await test.step('4. taking it', async () => {
    await page.keyboard.press('i')
    await expectSpoken(page, 'Assigned to: Amir Haddad')
  })

  await test.step('5. starting and holding: the dialog has the focus, says what it lacks, and gives it back', async () => {
    await page.getByRole('button', { name: 'Start work' }).press('Enter')
    await expectSpoken(page, 'State: In progress')
    await page.getByRole('button', { name: 'Put on hold' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('radio').first()).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('button', { name: 'Put on hold' })).toBeFocused()
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Put on hold' }).press('Enter')
    await expectSpoken(page, /Say what it waits for/)
    await dialog.getByRole('radio', { name: 'The caller', exact: true }).press('Space')
    await dialog.getByLabel('What you ask the caller').fill('Which ward is it?')
    await dialog.getByRole('button', { name: 'Put on hold' }).press('Enter')
    await expectSpoken(page, 'State: On hold')
    await expect(dialog).toBeHidden()
  })

  await test.step('6. writing: it is said that it was sent, and the field is ready for more', async () => {
    await page.keyboard.press('n')
    const field = page.getByRole('textbox', { name: 'Work note' })
    await expect(field).toBeFocused()
    await page.keyboard.type('Said to those who listen.')
    await page.keyboard.press('Control+Enter')
    await expectSpoken(page, 'Work note saved')
    await expect(field).toBeFocused()
    await expect(field).toHaveValue('')
  })

  await test.step('7. correcting in place: it is said that it is saved, and the focus is where it began', async () => {
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edit Title' }).press('Enter')
    const field = page.getByRole('textbox', { name: 'Title' })
    await expect(field).toBeFocused()
    await field.fill(`${title} corrected`)
    await page.keyboard.press('Enter')
    await expectSpoken(page, 'Saved')
    await expect(page.getByRole('button', { name: 'Edit Title' })).toBeFocused()
  })
})

test('8. raising: what is missing is said and has the focus, and the new page is named', async ({
  browser,
}) => {
  const title = word()
  const page = await openAs(browser, 'Amir Haddad', '/incidents/new')
  await page.getByRole('button', { name: 'Raise incident' }).press('Enter')
  const field = page.getByLabel('In one line')
  await expect(field).toBeFocused()
  await expect(field).toHaveAccessibleDescription(/Say in a few words what is broken/)
  await page.keyboard.type(title)
  await page.getByRole('button', { name: 'Raise incident' }).press('Enter')
  await expectSpoken(page, new RegExp(`Page: .*${title}`))
})

test('9. changing many: how many can be changed is said before, and how many were after', async ({
  browser,
}) => {
  const title = word()
  await raised(`${title} one`)
  await raised(`${title} two`)
  const page = await openAs(browser, 'Lena Brandt', `/incidents?q=${title}`)
  await page.getByRole('row', { name: title }).nth(1).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expectSpoken(page, '2 selected')
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Category').fill('Fire')
  await expectSpoken(page, '2 of 2 can be changed')
  await dialog.getByRole('button', { name: 'Change 2 incidents' }).press('Enter')
  await expectSpoken(page, '2 changed of 2')
})

test('10. answering as a caller: what they said stands there, and what comes next is said', async ({
  browser,
}) => {
  const title = word()
  const id = await raised(title)
  const amir = await actor('Amir Haddad')
  const desk = (await amir.api.me()).teams[0]?.id ?? ''
  const seen = async () => ({
    params: { id },
    version: (await amir.api.readIncident({ params: { id } })).version,
  })
  await amir.api.assignIncident({ ...(await seen()), body: { personId: amir.id, teamId: desk } })
  await amir.api.moveIncident({ ...(await seen()), body: { action: 'start' } })
  await amir.api.moveIncident({
    ...(await seen()),
    body: { action: 'resolve', code: 'fixed', notes: 'A new fuser.' },
  })
  const page = await openAs(browser, 'Rita Okafor', `/portal/${id}`)
  await page.getByRole('button', { name: 'No, still broken' }).press('Enter')
  const field = page.getByLabel('What is still broken?')
  await expect(field).toBeFocused()
  await page.keyboard.type('Blank again.')
  await page.getByRole('button', { name: 'Send: still broken' }).press('Enter')
  await expectSpoken(page, /being worked on|Being worked on/)
})
