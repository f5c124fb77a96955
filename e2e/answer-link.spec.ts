import type { Page } from '@playwright/test'
import { address, password } from './cast.ts'
import { actor, expect, expectAccessible, test, type Actor } from './fixture.ts'

/** Resolved by Amir for a caller; answers the link of the mail, which waits in the outbox because there is no mail server here. */
const resolvedFor = async (caller: Actor, title: string): Promise<{ id: string; link: string }> => {
  const [amir, ada] = [await actor('Amir Haddad'), await actor('Ada Silva')]
  const { id } = await caller.api.raiseIncident({ body: { title } })
  const seen = async () => ({
    params: { id },
    version: (await amir.api.readIncident({ params: { id } })).version,
  })
  await amir.api.assignIncident({ ...(await seen()), body: { personId: amir.id } })
  await amir.api.moveIncident({ ...(await seen()), body: { action: 'start' } })
  await amir.api.moveIncident({
    ...(await seen()),
    body: { action: 'resolve', code: 'fixed', notes: 'Cleaned the sensor.' },
  })
  await ada.api.confirmMe({ body: { password } })
  let link = ''
  // A receipt comes before it, so it is told by its link.
  const arrived = async (): Promise<string> => {
    const { rows } = await ada.api.listOutbox({ query: { status: 'kept' } })
    const mails = rows.filter(({ record, to }) => record?.id === id && to.id === caller.id)
    for (const { id: mail } of mails) {
      const { allowed } = await ada.api.readMail({ params: { id: mail } })
      if (allowed.includes('show_link')) ({ link } = await ada.api.showMailLink({ params: { id: mail } }))
    }
    return link
  }
  await expect.poll(arrived, { timeout: 30_000 }).toMatch(/#[A-Za-z0-9_-]{86}$/)
  const { pathname, hash } = new URL(link)
  return { id, link: `${pathname}${hash}` }
}

const isSignedOut = async (page: Page): Promise<void> => {
  expect(await page.context().cookies()).toEqual([])
  expect((await page.request.get(`${address}/api/v1/me`)).status()).toBe(401)
}

test('on a phone and signed out, the link in the mail says “still broken” with a few words, and the team sees it', async ({
  browser,
}) => {
  const [pia, amir] = [await actor('Pia Holm'), await actor('Amir Haddad')]
  const title = `The label printer on ward 4 prints blank labels ${Date.now()}`
  const { id, link } = await resolvedFor(pia, title)
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`))
  await page.goto(link)
  await expect(page.getByText(title)).toBeVisible()
  await expectAccessible(page)
  // Looked at, nothing more: nothing has happened yet.
  expect((await amir.api.readIncident({ params: { id } })).state).toBe('resolved')
  await page.getByLabel('What is still broken?').fill('Blank again after three labels.')
  await page.getByRole('button', { name: 'Send: still broken' }).tap()
  await expect(page.getByText('Sent. Somebody looks at it again.')).toBeVisible()
  await isSignedOut(page)
  const { state, reopenCount } = await amir.api.readIncident({ params: { id } })
  expect({ state, reopenCount }).toEqual({ state: 'in_progress', reopenCount: 1 })
  await page.reload()
  await expect(page.getByText(/^You said on .* that it is still broken\.$/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Send: still broken' })).toHaveCount(0)
  await expectAccessible(page)
  const token = link.split('#')[1] ?? ''
  expect(asked.filter((line) => line.includes(token))).toEqual([])
  await context.close()

  const desk = await browser.newContext()
  await desk.addCookies([{ ...amir.cookie, httpOnly: true, sameSite: 'Lax' }])
  const record = await desk.newPage()
  await record.goto(`/incidents/${id}`)
  await expect(record.getByText('Blank again after three labels.')).toBeVisible()
  await expect(record.getByText('by the link in a mail').first()).toBeVisible()
  await desk.close()
})

test('“it works, thank you” is one press, in German too; a link that is not whole says so and offers to sign in', async ({
  browser,
}) => {
  const [otto, amir] = [await actor('Otto Lindqvist'), await actor('Amir Haddad')]
  const { id, link } = await resolvedFor(otto, `The scanner does not scan ${Date.now()}`)
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto(link.replace('/still-broken#', '/it-works#'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Geht es wieder?')
  await page.getByRole('button', { name: 'Ja, es geht wieder' }).click()
  await expect(page.getByText('Danke. Gut, dass es wieder geht.')).toBeVisible()
  await isSignedOut(page)
  expect((await amir.api.readIncident({ params: { id } })).state).toBe('closed')
  await page.goto('/')
  await page.goto(link.slice(0, -1))
  await expect(page.getByText('Dieser Link gilt nicht mehr')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Anmelden und alles ansehen' })).toBeVisible()
  await context.close()
})
