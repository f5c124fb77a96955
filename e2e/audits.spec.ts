import { actor, browserOf, expect, test, type Actor } from './fixture.ts'

/** A room with three things in it, each with a label; another room with one; and a stock-taking of both. */
const stage = async (ada: Actor) => {
  const word = `st${Date.now().toString(36)}`
  const make = async (kind: string, name: string, values: Record<string, string> = {}): Promise<string> =>
    (await ada.api.createItem({ body: { class: kind, name, values }, idempotencyKey: crypto.randomUUID() }))
      .id
  const ward = await make('location', `Ward ${word}`)
  const room = await make('location', `Room ${word}`, { location: ward })
  const store = await make('location', `Store ${word}`, { location: ward })
  const labels = ['a', 'b', 'c'].map((one) => `${word}-${one}`)
  for (const label of labels) await make('workstation', `PC ${label}`, { asset_tag: label, location: room })
  await make('workstation', `PC ${word}-d`, { asset_tag: `${word}-d`, location: store })
  const { id } = await ada.api.openAudit({
    body: { name: `Walk ${word}`, placeId: ward },
    idempotencyKey: crypto.randomUUID(),
  })
  return { id, word, room, store, labels }
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }

test('a phone that loses the network in a room goes on scanning, survives a reload, and counts each thing once', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const { id, word, room, store, labels } = await stage(ada)
  const context = await browserOf(browser, ada, phone)
  const page = await context.newPage()
  await page.goto(`/audits/${id}/scan?place=${room}`)
  await expect(page.getByText('Works without network')).toBeVisible()
  const scan = async (text: string): Promise<void> => {
    const field = page.getByLabel('Barcode, asset tag or serial number')
    await field.fill(text)
    await field.press('Enter')
    await expect(field).toHaveValue('')
  }
  const [a = '', b = '', c = ''] = labels
  await scan(a)
  await expect(page.getByText('All sent')).toBeVisible()
  await context.setOffline(true)
  await scan(b.toUpperCase())
  await expect(page.getByText('1 waits')).toBeVisible()
  await scan(b)
  await expect(page.getByText(`Scanned already: PC ${b} counts once.`)).toBeVisible()
  expect((await ada.api.readAudit({ params: { id }, query: {} })).counts.found).toBe(1)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: `Walk ${word}` })).toBeVisible()
  await expect(page.getByText('1 waits')).toBeVisible()
  await scan(`${word}-d`)
  await expect(page.getByText(`Expected at Store ${word}`)).toBeVisible()
  await expect(page.getByText('2 wait', { exact: true })).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: `PC ${c}` })).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText('All sent')).toBeVisible()
  const report = await ada.api.readAudit({ params: { id }, query: {} })
  expect(report.counts).toMatchObject({ expected: 4, found: 2, wrong_place: 1, missing: 1, unread: 0 })
  expect(report.rows.find(({ outcome }) => outcome === 'wrong_place')).toMatchObject({
    expectedPlace: { id: store },
    seen: { text: `${word}-d`, place: { id: room } },
  })
  await context.close()
})

test('who signs in next on the same phone neither sees nor sends what the one before scanned; it waits for its owner', async ({
  browser,
}) => {
  const [ada, amir] = [await actor('Ada Silva'), await actor('Amir Haddad')]
  const { id, labels } = await stage(ada)
  const [label = ''] = labels
  const context = await browserOf(browser, amir, { ...phone, serviceWorkers: 'block' })
  const page = await context.newPage()
  // The network takes nothing from here: not even what a page says while it goes.
  await context.route('**/scans', (route) => route.abort())
  await page.goto(`/audits/${id}/scan`)
  const field = page.getByLabel('Barcode, asset tag or serial number')
  await field.fill(label)
  await field.press('Enter')
  await expect(page.getByText('1 waits')).toBeVisible()
  await page.goto('about:blank')
  // The session is over, and somebody else takes the phone.
  await context.clearCookies()
  await context.addCookies([{ ...ada.cookie, httpOnly: true, sameSite: 'Lax' }])
  await context.unroute('**/scans')
  await page.goto(`/audits/${id}/scan`)
  await expect(page.getByText('Nothing yet. Scan a label')).toBeVisible()
  await expect(page.getByText('1 waits')).toHaveCount(0)
  expect((await ada.api.readAudit({ params: { id }, query: {} })).counts.found).toBe(0)
  await context.clearCookies()
  await context.addCookies([{ ...amir.cookie, httpOnly: true, sameSite: 'Lax' }])
  // Whatever they open first.
  await page.goto('/')
  await expect
    .poll(async () => (await ada.api.readAudit({ params: { id }, query: { outcome: 'found' } })).rows)
    .toMatchObject([{ seen: { by: { name: 'Amir Haddad' } } }])
  await context.close()
})

test('differences are settled several at a time, and what cannot be settled that way says why', async ({
  browser,
}) => {
  const ada = await actor('Ada Silva')
  const { id, word, labels } = await stage(ada)
  await ada.api.deliverScans({
    params: { id },
    body: { scans: [{ id: crypto.randomUUID(), text: labels[0] ?? '', at: new Date().toISOString() }] },
  })
  const page = await (await browserOf(browser, ada)).newPage()
  await page.goto('/audits')
  await expect(page.getByRole('row').filter({ hasText: `Walk ${word}` })).toContainText('1 of 4 seen')
  await page.getByRole('link', { name: `Walk ${word}` }).click()
  await expect(page.getByRole('link', { name: 'Missing 3' })).toBeVisible()
  await page.getByRole('checkbox', { name: `Choose PC ${labels[1] ?? ''}` }).check()
  await page.getByRole('checkbox', { name: `Choose PC ${labels[2] ?? ''}` }).check()
  await expect(page.getByRole('button', { name: 'Its place is where it was seen' })).toBeDisabled()
  await page.getByRole('button', { name: 'Report lost' }).click()
  await expect(page.getByRole('row').filter({ hasText: labels[1] ?? '' })).toContainText('lost, Ada Silva')
  await page.getByRole('button', { name: 'Close it' }).click()
  await expect(page.getByRole('dialog')).toContainText('One difference is not settled.')
  await page.getByRole('dialog').getByRole('button', { name: 'Close it' }).click()
  await expect(page.getByRole('button', { name: 'Close it' })).toHaveCount(0)
})

test('the camera takes a label that stays in sight once, and typing works beside it', async ({ browser }) => {
  const ada = await actor('Ada Silva')
  const { id, labels } = await stage(ada)
  const page = await (await browserOf(browser, ada, phone)).newPage()
  // A browser that reads barcodes, and a camera that sees one label.
  await page.addInitScript(`
    globalThis.BarcodeDetector = class { detect = async () => [{ rawValue: '${labels[0] ?? ''}' }] }
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = document.createElement('canvas')
      canvas.getContext('2d').fillRect(0, 0, 1, 1)
      setInterval(() => canvas.getContext('2d').fillRect(0, 0, 1, 1), 50)
      return canvas.captureStream(20)
    }
  `)
  await page.goto(`/audits/${id}/scan`)
  await page.getByRole('button', { name: 'Scan with the camera' }).click()
  await expect(page.getByText('All sent')).toBeVisible()
  await page.getByLabel('Barcode, asset tag or serial number').fill(labels[1] ?? '')
  await page.getByRole('button', { name: 'Add' }).click()
  await expect(page.getByText('2 of 4 seen')).toBeVisible()
  await page.getByRole('button', { name: 'Stop the camera' }).click()
  await expect(page.locator('video')).toHaveCount(0)
  await expect(page.getByRole('list').last().getByRole('listitem')).toHaveCount(2)
})
