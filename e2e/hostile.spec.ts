import type { Page } from '@playwright/test'
import { address } from './cast.ts'
import { actor, browserOf, expect, settled, test } from './fixture.ts'
import { hostileNames, hostileTexts } from './hostile.ts'
import { placesOf } from './pages.ts'
import { prepareWalk } from './walked.ts'

test.describe.configure({ timeout: 600_000 })

/** One of many, another one each time. */
const taking = (texts: readonly string[]) => {
  let next = 0
  return (): string => {
    next += 1
    return texts[(next * 7) % texts.length] ?? ''
  }
}

/** What must not be in any page: found in the live document, whatever was escaped on the way there. */
const foreignBodies = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const found = []
    if (window.evenkeelRan !== undefined) found.push('a script ran')
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on')) found.push(element.outerHTML.slice(0, 200))
        if (['href', 'src', 'action', 'formaction', 'data', 'xlink:href'].includes(name) && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data:text)/i.test(value)) found.push(element.outerHTML.slice(0, 200))
      }
      if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'XSS', 'MATH'].includes(element.tagName.toUpperCase())) found.push(element.outerHTML.slice(0, 200))
    }
    // What the page needs to know of itself is data in its head: a browser never runs it.
    const inert = (script) => script.type === 'application/json' && script.parentElement === document.head
    for (const script of document.scripts) if (!inert(script) && (script.src === '' || new URL(script.src).origin !== location.origin)) found.push(script.outerHTML.slice(0, 200))
    return found
  })()`)

test('texts that try to be scripts stay texts, on every page, for the administrator too', async ({
  browser,
}) => {
  expect(hostileTexts.length).toBeGreaterThan(300)
  const [ada, rita, amir] = [await actor('Ada Silva'), await actor('Rita Okafor'), await actor('Amir Haddad')]
  const [title, name, long] = [taking(hostileNames(200)), taking(hostileNames(80)), taking(hostileTexts)]
  const teamId = (await ada.api.createTeam({ body: { name: name() } })).id
  const serviceId = (await ada.api.createService({ body: { name: name(), supportTeamId: teamId } })).id
  await ada.api.createCustomField({
    body: { key: 'hostile', label: name(), type: 'choice', choices: [name(), name()], isInternal: false },
  })
  await ada.api.createTemplate({
    body: { kind: 'quick_reply', name: name(), document: { audience: 'public', body: long() } },
  })
  await ada.api.createTemplate({
    body: { kind: 'incident', name: name(), document: { title: title(), description: long() } },
  })
  for (let index = 0; index < 3; index += 1)
    await ada.api.createPerson({
      body: { name: name(), title: name(), email: `hostile-${index}@harbor.example`, invite: false },
    })
  const records: string[] = []
  for (let index = 0; index < 12; index += 1) {
    const { id } = await rita.api.raiseIncident({
      body: { title: title(), description: long(), serviceId, impact: 2, urgency: 2 },
    })
    records.push(id)
  }
  const [id = '', duplicate = ''] = records
  // Everything at once: a comment holds as much as fits, so that each text is on the page.
  for (let from = 0; from < hostileTexts.length; from += 40)
    await amir.api.commentIncident({
      params: { id },
      body: {
        audience: from % 80 === 0 ? 'public' : 'team',
        body: hostileTexts.slice(from, from + 40).join('\n\n'),
      },
    })
  for (let index = 0; index < 6; index += 1)
    await fetch(
      `${address}/api/v1/incidents/${id}/attachments?name=${encodeURIComponent(name().replaceAll(/[\\/]/g, '∕'))}`,
      {
        method: 'POST',
        headers: {
          cookie: `${amir.cookie.name}=${amir.cookie.value}`,
          origin: address,
          'content-type': 'application/octet-stream',
        },
        body: `<script>window.evenkeelRan=1</script>`,
      },
    )
  const seen = async (one: string) => ({
    params: { id: one },
    version: (await amir.api.readIncident({ params: { id: one } })).version,
  })
  await amir.api.editIncident({ ...(await seen(id)), body: { title: title(), category: name() } })
  await ada.api.moveIncident({
    ...(await seen(duplicate)),
    body: { action: 'cancel', reason: 'duplicate', duplicateOf: id },
  })
  const walked = await prepareWalk()
  const violations: string[] = []
  const faults: string[] = []
  for (const who of [ada, amir, rita]) {
    const context = await browserOf(browser, who)
    const page = await context.newPage()
    page.on('dialog', (dialog) => {
      violations.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(address)) violations.push(`a request to ${request.url()}`)
    })
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text())
    })
    // The administrator sees every page; the others those that are theirs.
    const paths = new Set(
      placesOf({ ...walked, record: id, team: teamId })
        .filter((place) => place.as === who.name || (who === ada && place.as !== undefined))
        .map((place) => place.path),
    )
    for (const path of paths) {
      await page.goto(path)
      await settled(page)
      for (const found of await foreignBodies(page)) faults.push(`${who.name} at ${path}: ${found}`)
    }
    await context.close()
  }
  expect(violations).toEqual([])
  expect(faults).toEqual([])
})

test('the check itself sees what it looks for', async ({ page }) => {
  await page.goto('/sign-in')
  await settled(page)
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('div'), { innerHTML: '<a href="javascript:1">x</a><img src=x onerror="1">' }))`,
  )
  expect(await foreignBodies(page)).toHaveLength(2)
})

test('every answer that a browser may show allows scripts of this instance alone', async ({ request }) => {
  for (const path of ['/', '/sign-in', '/incidents', '/api/v1/me', '/assets/missing.js', '/favicon.svg']) {
    const policy = (await request.get(path)).headers()['content-security-policy'] ?? ''
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? /default-src ([^;]*)/.exec(policy)?.[1]
    expect(scripts, path).toBeDefined()
    expect(scripts, path).not.toMatch(/unsafe-inline|unsafe-eval|\*|data:|blob:|https?:/)
    expect(policy, path).toMatch(/frame-ancestors 'none'/)
  }
})

// A49: a page elsewhere cannot act with the session that the browser has here.
test('nothing changes by a request of another site, nor by any GET', async ({ browser }) => {
  const rita = await actor('Rita Okafor')
  const { id, version } = await rita.api.raiseIncident({ body: { title: 'Asked from elsewhere' } })
  const cookie = `${rita.cookie.name}=${rita.cookie.value}`
  for (const [origin, site] of [
    ['https://evil.example', 'cross-site'],
    ['null', 'cross-site'],
    [address.replace('localhost', 'evil.localhost'), 'same-site'],
  ] as const)
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await fetch(`${address}/api/v1/incidents/${id}/comments`, {
        method: 'POST',
        headers: { cookie, origin, 'sec-fetch-site': site, 'content-type': type },
        body: JSON.stringify({ audience: 'public', body: 'forged' }),
      })
      expect([403, 415], `${origin} ${type}`).toContain(answer.status)
    }
  for (const path of [`/incidents/${id}/comments`, `/incidents/${id}/moves`, '/session/sign-out'])
    expect(
      (await fetch(`${address}/api/v1${path}?body=forged`, { headers: { cookie } })).status,
    ).toBeGreaterThanOrEqual(400)
  expect((await rita.api.readIncident({ params: { id } })).version).toBe(version)
  const context = await browserOf(browser, rita)
  expect((await context.cookies()).every(({ sameSite }) => sameSite !== 'None')).toBe(true)
  await context.close()
})

// A52, beside the three that access.spec.ts tries.
test('no address given to the sign-in page leads out of the application', async ({ browser }) => {
  const rita = await actor('Rita Okafor')
  const context = await browserOf(browser, rita)
  const page = await context.newPage()
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https:/evil.example',
    'javascript:window.evenkeelRan=1',
    'java\tscript:window.evenkeelRan=1',
    '/%2f%2fevil.example',
    '%2f%2fevil.example',
    '/\t/evil.example',
    'data:text/html,x',
    '@evil.example',
    '.evil.example',
  ]) {
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`)
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await settled(page)
    expect(new URL(page.url()).origin, to).toBe(address)
    expect(await page.evaluate('window.evenkeelRan'), to).toBeUndefined()
  }
  await context.close()
})
