import type { ItemValue } from '@evenkeel/contract/item'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { inForce, timesOf } from '../configuration/index.ts'
import { serviceFunctions, tellOfEnds } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

type Values = Record<string, ItemValue>
const stage = async (slug: string) => {
  const tenant = await world.tenant(slug)
  const cara = await tenant.person('Cara', 'configuration_manager')
  const amir = await tenant.person('Amir', 'agent')
  const make = async (klass: string, name: string, values: Values = {}): Promise<string> =>
    (await cara.api.createItem({ body: { class: klass, name, values } })).id
  const page = (id: string) => cara.api.readItem({ params: { id } })
  const move = async (
    id: string,
    action: 'retire' | 'dispose' | 'report_lost' | 'write_off' | 'bring_back',
    more: { note?: string; values?: Values } = {},
  ) => cara.api.moveItem({ params: { id }, version: (await page(id)).version, body: { action, ...more } })
  const edit = async (id: string, values: Record<string, ItemValue | null>, validFrom?: string) =>
    cara.api.editItem({
      params: { id },
      version: (await page(id)).version,
      body: { values, ...(validFrom === undefined ? {} : { validFrom }) },
    })
  return { tenant, cara, amir, make, page, move, edit }
}
const refusal = (codes: string[]) => ({
  body: { reasons: codes.map((code) => expect.objectContaining({ code })) },
})
const sanitized = {
  sanitized_by_method: 'purge',
  sanitized_on: '2026-03-01',
  sanitized_by: 'Dataclean Ltd, B. Ito',
  sanitization_certificate: 'DC-2026-0415',
}

describe('disposal', () => {
  test('needs a reason, and of what stored patient data the sanitization, completely', async () => {
    const { make, move, page, edit } = await stage('disposal')
    const id = await make('server', 'archive-1', { patient_data: true })
    await move(id, 'retire')
    expect((await page(id)).asksSanitization).toBe(true)
    await expect(move(id, 'dispose', { values: sanitized })).rejects.toMatchObject(refusal(['reason']))
    await expect(move(id, 'dispose', { note: 'end of life' })).rejects.toMatchObject(refusal(['sanitized']))
    for (const key of Object.keys(sanitized)) {
      const { [key]: _, ...rest } = sanitized as Values
      await expect(move(id, 'dispose', { note: 'end of life', values: rest }), key).rejects.toMatchObject(
        refusal(['sanitized']),
      )
    }
    // Saying now that it stores none does not undo that it did.
    world.clock.advance(86_400_000)
    await edit(id, { patient_data: false })
    await expect(move(id, 'dispose', { note: 'end of life' })).rejects.toMatchObject(refusal(['sanitized']))
    await move(id, 'dispose', { note: 'end of life', values: sanitized })
    const after = await page(id)
    expect(after.state).toBe('disposed')
    expect(after.attributes.find(({ key }) => key === 'sanitization_certificate')?.value?.text).toBe(
      'DC-2026-0415',
    )
  })

  test('what is used again after it was sanitized has to be sanitized again', async () => {
    const { make, move, page } = await stage('again')
    const id = await make('workstation', 'till-1', { cardholder_data: true, ...sanitized })
    await move(id, 'retire')
    expect((await page(id)).asksSanitization).toBe(false)
    await move(id, 'bring_back')
    await move(id, 'retire')
    await expect(move(id, 'dispose', { note: 'sold' })).rejects.toMatchObject(refusal(['sanitized']))
  })

  test('what was never said to bear data leaves with a reason alone; what was lost is written off', async () => {
    const { make, move, page } = await stage('plain')
    const id = await make('network_device', 'switch-9')
    await move(id, 'retire')
    await move(id, 'dispose', { note: 'scrapped' })
    expect((await page(id)).state).toBe('disposed')
    const lost = await make('workstation', 'laptop-3', { patient_data: true })
    await expect(move(lost, 'report_lost')).rejects.toMatchObject(refusal(['reason']))
    await move(lost, 'report_lost', { note: 'stolen from a car, police report 77/26' })
    expect((await page(lost)).state).toBe('lost')
    await move(lost, 'write_off', { note: 'not found in six months' })
    expect((await page(lost)).state).toBe('disposed')
  })
})

describe('the commercial side of an item', () => {
  test('cost, what is left of it, supplier, contracts and warranty; cost only for those who may see it', async () => {
    world.clock.set('2026-07-01T08:00:00.000Z')
    const { make, cara, amir } = await stage('commercial')
    const provider = await make('provider', 'Harbour Systems', { lei: '5493001KJTIIGC8Y1R12', country: 'DE' })
    const contract = await make('contract', 'Server maintenance', {
      contract_number: 'HS-2024-7',
      provider,
      starts_on: '2024-01-01',
      ends_on: '2026-12-31',
      renewal: 'automatic',
      notice_days: 90,
    })
    const id = await make('server', 'app-1', {
      cost: { amount: '9600', currency: 'EUR' },
      bought_on: '2025-01-01',
      useful_life: 48,
      supplier: provider,
      contracts: [contract],
      warranty_until: '2026-08-01',
    })
    const side = await cara.api.readCommercial({ params: { id } })
    expect(side).toMatchObject({
      cost: { amount: '9600', currency: 'EUR' },
      book: { value: { amount: '6000.00', currency: 'EUR' } },
      supplier: { name: 'Harbour Systems' },
      warranty: { day: '2026-08-01', status: 'soon' },
      contracts: [
        {
          number: 'HS-2024-7',
          provider: { name: 'Harbour Systems' },
          end: {
            day: '2026-12-31',
            noticeBy: '2026-10-02',
            tellFrom: '2026-09-02',
            status: 'runs',
            sentence: 'renews after 31 December 2026 unless notice is given by 2 October 2026',
          },
        },
      ],
    })
    expect(side.book?.sentence).toBe(
      '€9,600.00 written off in equal parts over 48 months; 18 months have passed since 1 January 2025',
    )
    expect(await amir.api.readCommercial({ params: { id } })).toMatchObject({ cost: null, book: null })
    expect(await cara.api.readCommercial({ params: { id: contract } })).toMatchObject({
      contract: { number: 'HS-2024-7' },
      covers: { count: 1, items: [{ name: 'app-1' }] },
    })
    expect(await cara.api.readCommercial({ params: { id: provider } })).toMatchObject({
      provides: { contracts: [{ number: 'HS-2024-7' }], delivered: { count: 1 } },
    })
    await expect(make('provider', 'Wrong', { lei: '5493001KJTIIGC8Y1R13' })).rejects.toMatchObject({
      body: { reasons: [expect.objectContaining({ field: 'values.lei' })] },
    })
    expect((await cara.api.listContracts()).rows.map(({ number }) => number)).toEqual(['HS-2024-7'])
  })
})

describe('the license position', () => {
  test('what is entitled against what is installed, at any two times, with both lists', async () => {
    world.clock.set('2026-02-01T08:00:00.000Z')
    const { make, cara, edit, tenant } = await stage('licenses')
    const nora = await tenant.person('Nora', 'agent')
    const office = await make('software', 'Office suite')
    await make('software', 'Shell', { license_needed: false })
    await make('license', 'Office, 2 users', {
      product: office,
      metric: 'user',
      quantity: 2,
      starts_on: '2026-01-01',
      ends_on: '2026-12-31',
    })
    const devices: string[] = []
    for (const name of ['ws-1', 'ws-2', 'ws-3']) {
      const id = await make('workstation', name, name === 'ws-3' ? {} : { used_by: nora.id })
      devices.push(id)
      await cara.api.relateItem({ params: { id: office }, body: { type: 'installed_on', toId: id } })
    }
    const before = world.clock.now()
    const position = async (at: { validAt?: string; knownAt?: string } = {}) =>
      (await cara.api.listLicensePositions({ query: at })).rows.map(
        ({ product, entitled, used, standing }) => [product.name, entitled, used, standing],
      )
    expect(await position()).toEqual([['Office suite', 2, 2, 'exact']])
    const [proof] = (await cara.api.readLicensePosition({ params: { id: office }, query: {} })).positions
    expect(
      proof?.uses.map(({ item, usedBy, adds }) => [item.name, usedBy?.name ?? null, adds]).toSorted(),
    ).toEqual(
      [
        ['ws-1', 'Nora', 1],
        ['ws-2', 'Nora', 0],
        ['ws-3', null, 1],
      ].toSorted((a, b) =>
        a[0] === 'ws-2' || b[0] === 'ws-2'
          ? String(a[0]).localeCompare(String(b[0]))
          : String(a[0]).localeCompare(String(b[0])),
      ),
    )
    expect(proof?.licenses).toMatchObject([{ quantity: 2, counts: true, sentence: 'counts 2' }])
    expect(proof?.doubt).toContain('1 device names nobody')

    // A month later we hear that ws-2 was Amir's all along: under-licensed now, and on that day as it is known now; not as it was known then.
    world.clock.set('2026-03-01T08:00:00.000Z')
    const otto = await tenant.person('Otto', 'agent')
    await edit(devices[1] ?? '', { used_by: otto.id }, '2026-02-01T08:00:00.000Z')
    expect(await position()).toEqual([['Office suite', 2, 3, 'under']])
    expect(await position({ validAt: before })).toEqual([['Office suite', 2, 3, 'under']])
    expect(await position({ validAt: before, knownAt: before })).toEqual([['Office suite', 2, 2, 'exact']])

    world.clock.set('2027-01-02T08:00:00.000Z')
    expect(await position()).toEqual([['Office suite', 0, 3, 'under']])
    expect(await position({ validAt: before })).toEqual([['Office suite', 2, 3, 'under']])
  })

  test('neither the map nor blast radius follow what is installed', async () => {
    const { make, cara } = await stage('installed')
    const tool = await make('software', 'Tool')
    const device = await make('workstation', 'ws-9')
    await cara.api.relateItem({ params: { id: tool }, body: { type: 'installed_on', toId: device } })
    const map = await cara.api.readItemMap({ query: { items: device, hops: 2, direction: 'both' } })
    expect(map.items.map(({ name }) => name)).toEqual(['ws-9'])
    await cara.api.sayItemHealth({ params: { id: device }, body: { health: 'down', reason: 'gone' } })
    expect((await cara.api.readItem({ params: { id: tool } })).health.now).toBe('up')
  })
})

describe('what ends', () => {
  const told = async (person: TestPerson) =>
    (await person.api.listNotifications({})).rows.map(({ headline, item }) => [item?.name, headline])

  test('is told to its owner once, when its day has come, however often anybody looks; a moved end is told anew', async () => {
    world.clock.set('2026-06-01T08:00:00.000Z')
    const { make, tenant, cara, amir, edit } = await stage('ends')
    const system = {
      ...tenant.author(),
      actor: { kind: 'system', id: null, onBehalfOf: null, via: 'timer' },
    } as const
    const look = async () => {
      const author = { ...system, now: world.clock.now() }
      // Three workers at once: two find nothing to do.
      await Promise.all([1, 2, 3].map(() => tellOfEnds(world.database, author)))
    }
    const id = await make('contract', 'Backup service', {
      owner: amir.id,
      ends_on: '2026-12-31',
      renewal: 'automatic',
      notice_days: 90,
    })
    await make('server', 'old-1', { warranty_until: '2026-09-30' })
    await make('server', 'gone-1', { warranty_until: '2026-05-01' })
    await look()
    expect([await told(amir), await told(cara)]).toEqual([[], []])
    // Notice has to be given by 2 October: a month before, and not a day earlier.
    world.clock.set('2026-09-01T08:00:00.000Z')
    await look()
    expect(await told(amir)).toEqual([])
    // The warranty of what nobody owns is told to those who manage items.
    expect(await told(cara)).toEqual([['old-1', 'Under warranty until 30 September 2026.']])
    world.clock.set('2026-09-02T08:00:00.000Z')
    await look()
    const first = [
      'Backup service',
      'Renews after 31 December 2026 unless notice is given by 2 October 2026.',
    ]
    expect(await told(amir)).toEqual([first])
    world.clock.advance(86_400_000)
    await look()
    await look()
    expect(await told(amir)).toEqual([first])
    await edit(id, { ends_on: '2027-01-31' })
    world.clock.set('2026-11-02T08:00:00.000Z')
    await look()
    expect(await told(amir)).toEqual([
      ['Backup service', 'Renews after 31 January 2027 unless notice is given by 2 November 2026.'],
      first,
    ])
    const mails = await read(world.database, tenant.id, (q) =>
      q.rows<{ person_id: string; facts: { lines: string[] } }>({
        text: `select person_id, facts from outbound_mail where tenant_id = $1 and kind = 'items_end' order by id`,
        values: [tenant.id],
      }),
    )
    expect(mails.map(({ person_id }) => person_id)).toEqual([cara.id, amir.id, amir.id])
    expect(mails[1]?.facts.lines).toEqual([
      'Backup service: renews after 31 December 2026 unless notice is given by 2 October 2026',
    ])
    const [row] = (await amir.api.listNotifications({})).rows
    expect(await amir.api.explainNotification({ params: { id: row?.id ?? '' } })).toMatchObject({
      rule: 'ends-soon',
      mail: 'queued',
    })
  })
})

describe('the register of providers', () => {
  test('what they provide, under which contracts, whom they pass it on to, and what is missing', async () => {
    world.clock.set('2026-07-01T08:00:00.000Z')
    const { make, cara, tenant } = await stage('register')
    const rita = await tenant.person('Rita', 'requester')
    const olga = await tenant.person('Olga', 'auditor')
    const cooling = await make('provider', 'Cooling Ltd')
    const hosting = await make('provider', 'Hosting Ltd', { country: 'IE', subcontractors: [cooling] })
    const cloud = await make('provider', 'Cloud Ltd', {
      lei: '5493001KJTIIGC8Y1R12',
      legal_name: '=cmd|calc',
      country: 'LU',
      subcontractors: [hosting],
    })
    const ring = await cara.api.readItem({ params: { id: cooling } })
    await cara.api.editItem({
      params: { id: cooling },
      version: ring.version,
      body: { values: { subcontractors: [cloud] } },
    })
    const contract = await make('contract', 'Core hosting', {
      contract_number: 'C-1',
      provider: cloud,
      starts_on: '2025-01-01',
      ict_service: 's17',
      annual_cost: { amount: '120000', currency: 'EUR' },
    })
    const payments = await make('business_service', 'Payments', {
      criticality: '1',
      support_team: tenant.deskId,
      critical_or_important: true,
      users_served: 400_000,
      rto: 90,
      contracts: [contract],
    })
    const { rows } = await cara.api.listRegister({ query: {} })
    expect(rows.map(({ item }) => item.name)).toEqual(['Cloud Ltd', 'Cooling Ltd', 'Hosting Ltd'])
    expect(rows[0]).toMatchObject({
      supportsImportant: true,
      services: [{ item: { name: 'Payments' }, important: true, usersServed: 400_000, rtoMinutes: 90 }],
      chain: [
        { item: { name: 'Hosting Ltd' }, rank: 2, from: { name: 'Cloud Ltd' } },
        { item: { name: 'Cooling Ltd' }, rank: 3, from: { name: 'Hosting Ltd' } },
      ],
      gaps: ['substitutability', 'exit plan'],
    })
    // Asked as of the end of last year, there was nothing.
    expect((await cara.api.listRegister({ query: { validAt: '2025-12-31T23:00:00Z' } })).rows).toEqual([])
    const csv = async (person: TestPerson, table: string) => {
      const answer = await world.app.inject({
        method: 'GET',
        url: `/api/v1/providers/register/${table}`,
        headers: { cookie: person.cookie },
      })
      return { status: answer.statusCode, lines: answer.body.trimEnd().split('\r\n').slice(1) }
    }
    expect((await csv(rita, 'providers')).status).toBe(403)
    const providers = await csv(olga, 'providers')
    expect(providers.lines[0]).toBe('5493001KJTIIGC8Y1R12,LEI,"\'=cmd|calc",,LU,EUR,120000.00,,')
    expect((await csv(olga, 'contracts')).lines).toEqual([
      `C-1,,EUR,120000,5493001KJTIIGC8Y1R12,LEI,F-${payments},S17,2025-01-01,9999-12-31,,`,
    ])
    expect((await csv(olga, 'supply-chain')).lines).toEqual([
      'C-1,S17,5493001KJTIIGC8Y1R12,LEI,1,,',
      'C-1,S17,Hosting Ltd,name,2,5493001KJTIIGC8Y1R12,LEI',
      'C-1,S17,Cooling Ltd,name,3,Hosting Ltd,name',
    ])
    expect((await csv(olga, 'functions')).lines).toEqual([`F-${payments},Payments,Yes,1.5,`])
    expect((await csv(olga, 'assessments')).lines).toEqual(['C-1,5493001KJTIIGC8Y1R12,LEI,S17,,,,,,'])
    const [answer] = await read(world.database, tenant.id, async (q) => {
      const force = await inForce(world.database, tenant.id, world.clock.now())
      return [...(await serviceFunctions(q, force, [payments], timesOf({}, world.clock.now()))).values()]
    })
    expect(answer).toMatchObject({
      important: true,
      criticality: 1,
      usersServed: 400_000,
      rtoMinutes: 90,
      contractIds: [contract],
    })
  })
})
