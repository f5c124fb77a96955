import type { Page } from '@playwright/test'
import { address } from './cast.ts'
import { actor, browserOf, expect, expectAccessible, test } from './fixture.ts'

/** Everything a browser is answered. The live stream is not among it: what it may say is held by an attack test of its own. */
const listen = (page: Page): { readonly heard: () => Promise<string> } => {
  const bodies: Promise<string>[] = []
  page.on('response', (response) => {
    if (!response.url().includes('/api/')) return
    // It has no end, and what it says has changed is asked for again.
    if (response.headers()['content-type']?.includes('event-stream') === true) return
    bodies.push(response.text().catch(() => ''))
  })
  return { heard: async () => (await Promise.all(bodies)).join('\n') }
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a requester on a phone: tells it with a photo, follows, answers, says “still broken”, confirms; and no work note ever reaches them', async ({
  browser,
}) => {
  const [rita, amir, lena] = [await actor('Pia Holm'), await actor('Amir Haddad'), await actor('Lena Brandt')]
  const mark = Date.now()
  const canaries = ['note', 'file', 'reason', 'vendor'].map((what) => `canary-${what}-${mark}`)
  const [note = '', file = '', reason = '', vendor = ''] = canaries
  const context = await browserOf(browser, rita, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const page = await context.newPage()
  const { heard } = listen(page)
  const title = `The label printer on ward 4 prints blank labels ${mark}`
  let id = ''
  const seen = async () => ({
    params: { id },
    version: (await amir.api.readIncident({ params: { id } })).version,
  })

  await test.step('one box, a few answers, a photo, sent', async () => {
    await page.goto('/')
    await page.getByRole('searchbox').waitFor()
    await expectAccessible(page)
    await page.getByRole('searchbox').fill(title)
    await page.getByRole('link', { name: /^Tell us:/ }).tap()
    await expect(page.getByLabel('What is broken?')).toHaveValue(title)
    await page.getByLabel('What happens?').fill('It feeds, and nothing is on the label.')
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Add a photo' }).tap()
    await (await choosing).setFiles({ name: 'label.png', mimeType: 'image/png', buffer: pixel })
    await expect(page.getByText('label.png')).toBeVisible()
    await page.getByText('I cannot work').tap()
    await page.getByText('Several people here').tap()
    await page.getByText('Since today').tap()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Send', exact: true }).tap()
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(page.getByRole('link', { name: /label\.png/ })).toBeVisible()
    id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    expect(await amir.api.readIncident({ params: { id } })).toMatchObject({
      impact: 2,
      urgency: 1,
      channel: 'portal',
      description: 'It feeds, and nothing is on the label.\n\nSince when: Since today',
    })
  })

  await test.step('the team works on it; only what is meant for the caller arrives', async () => {
    await amir.api.assignIncident({ ...(await seen()), body: { personId: amir.id } })
    await amir.api.moveIncident({ ...(await seen()), body: { action: 'start' } })
    await expect(page.locator('[aria-current="step"]')).toHaveText('Being worked on')
    await amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: note } })
    await lena.api.overrideIncidentPriority({ ...(await seen()), body: { priority: 2, reason } })
    const upload = await fetch(
      `${address}/api/v1/incidents/${id}/attachments?name=${file}.txt&audience=team`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/octet-stream',
          cookie: `${amir.cookie.name}=${amir.cookie.value}`,
          origin: address,
        },
        body: `${file} says more`,
      },
    )
    expect(upload.status).toBe(201)
    await amir.api.moveIncident({ ...(await seen()), body: { action: 'hold', reason: 'vendor', on: vendor } })
    await expect(page.getByText('We wait for the maker.')).toBeVisible()
    await amir.api.moveIncident({ ...(await seen()), body: { action: 'resume' } })
    await amir.api.moveIncident({
      ...(await seen()),
      body: { action: 'hold', reason: 'caller', question: 'Which printer is it?' },
    })
    await expect(page.getByText('Which printer is it?')).toBeVisible()
    await expect(page.getByText('They need an answer from you')).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('an answer takes it off hold', async () => {
    await page.getByRole('textbox', { name: 'Your answer' }).fill('The one by the door.')
    await page.getByRole('button', { name: 'Send', exact: true }).tap()
    await expect(page.locator('[aria-current="step"]')).toHaveText('Being worked on')
    await expect(
      page.getByRole('region', { name: 'What was said' }).getByText('The one by the door.'),
    ).toBeVisible()
  })

  await test.step('it does not work yet', async () => {
    await amir.api.moveIncident({
      ...(await seen()),
      body: { action: 'resolve', code: 'fixed', notes: 'Cleaned the sensor.' },
    })
    await expect(page.getByRole('group', { name: 'Does it work again?' })).toBeVisible()
    await expect(page.getByText('Cleaned the sensor.')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'No, still broken' }).tap()
    await page.getByLabel('What is still broken?').fill('Blank again after three labels.')
    await page.getByRole('button', { name: 'Send: still broken' }).tap()
    await expect(page.locator('[aria-current="step"]')).toHaveText('Being worked on')
    await expect(
      page.getByRole('region', { name: 'What was said' }).getByText('Blank again after three labels.'),
    ).toBeVisible()
  })

  await test.step('now it does, and it is done', async () => {
    await amir.api.moveIncident({
      ...(await seen()),
      body: { action: 'resolve', code: 'fixed', notes: 'A new sensor.' },
    })
    await page.getByRole('button', { name: 'Yes, it works again' }).tap()
    await expect(page.getByText('Thank you. Glad that it works.')).toBeVisible()
    await page.getByRole('link', { name: 'Back to my things' }).tap()
    await page.getByRole('button', { name: /that (is|are) done/ }).tap()
    await expect(page.getByRole('link', { name: title })).toBeVisible()
    await page.getByRole('button', { name: /^Notifications/ }).tap()
    await page.getByRole('heading', { name: 'Notifications' }).waitFor()
  })

  const everything = await heard()
  expect(everything).toContain('Which printer is it?')
  expect(canaries.filter((canary) => everything.includes(canary))).toEqual([])
  expect(await page.content()).not.toContain('canary')
  await context.close()
})

test('an address of the desk leads a requester to the same thing in the portal', async ({ browser }) => {
  const otto = await actor('Otto Lindqvist')
  const { id } = await otto.api.raiseIncident({ body: { title: 'Opened from a mail' } })
  const context = await browserOf(browser, otto)
  const page = await context.newPage()
  await page.goto(`/incidents/${id}`)
  await expect(page).toHaveURL(`/portal/${id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Opened from a mail' })).toBeVisible()
  await page.goto('/incidents/new')
  await expect(page).toHaveURL('/portal/new')
  await page.goto('/incidents')
  await expect(page).toHaveURL('/')
  await context.close()
})

test('what is down for everybody is said without a word about anybody, and what is no longer needed is withdrawn', async ({
  browser,
}) => {
  const [ada, rita, otto, amir] = [
    await actor('Ada Silva'),
    await actor('Rita Okafor'),
    await actor('Otto Lindqvist'),
    await actor('Amir Haddad'),
  ]
  const mark = Date.now()
  const supportTeamId = (await amir.api.me()).teams[0]?.id ?? ''
  const name = `Charts ${mark}`
  const service = await ada.api.createService({ body: { name, supportTeamId } })
  const secret = `Mrs Example ${mark}`
  const { id } = await rita.api.raiseIncident({
    body: { title: secret, serviceId: service.id, impact: 1, urgency: 1 },
  })
  const seen = async () => ({
    params: { id },
    version: (await amir.api.readIncident({ params: { id } })).version,
  })
  await amir.api.assignIncident({ ...(await seen()), body: { personId: amir.id } })
  await amir.api.moveIncident({ ...(await seen()), body: { action: 'start' } })
  const context = await browserOf(browser, otto, { viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const { heard } = listen(page)
  await page.goto('/')
  await page.getByRole('link', { name: `This stops me too: ${name}` }).click()
  await expect(page.getByText(`trouble with ${name} for`)).toBeVisible()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Trouble with ${name}` })).toBeVisible()
  expect(await heard()).not.toContain(secret)
  await page.getByRole('button', { name: 'I no longer need help with this' }).click()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Yes, stop' }).click()
  await expect(page.getByText('This is over.')).toBeVisible()
  await amir.api.moveIncident({
    ...(await seen()),
    body: { action: 'resolve', code: 'fixed', notes: 'Up again.' },
  })
  await context.close()
})
