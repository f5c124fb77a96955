import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EditIncident } from '@evenkeel/contract/incident'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { write } from '../../platform/journal/write.ts'
import { publishPolicy } from '../../platform/policy/policy.ts'
import { priorityPolicy } from './incident.priority.ts'

let world: World
let cast: Cast
let mailService: string
let networkService: string
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  mailService = await cast.tenant.service('Mail', cast.mailId)
  networkService = await cast.tenant.service('Network', cast.networkId)
  const ada = await cast.tenant.person('Ada Fields', 'administrator')
  const fields = [
    { key: 'ward', label: 'Ward', type: 'text' },
    { key: 'floor', label: 'Floor', type: 'number' },
    { key: 'urgent', label: 'Urgent', type: 'boolean' },
    ...Array.from({ length: 20 }, (_, index) => ({
      key: `field_${index}`,
      label: `Field ${index}`,
      type: 'number' as const,
    })),
  ] as const
  for (const body of fields) await ada.api.createCustomField({ body })
})
afterAll(() => world.end())

const edit = async (id: string, body: EditIncident, by: TestPerson = cast.amir) =>
  by.api.editIncident({ params: { id }, body, version: (await cast.read(id)).version })
const override = async (id: string, priority: 1 | 2 | 3 | 4 | 5 | null, by: TestPerson = cast.lena) =>
  by.api.overrideIncidentPriority({
    params: { id },
    body: { priority, reason: 'Theatre 2 waits.' },
    version: (await cast.read(id)).version,
  })

describe('editing in place', () => {
  test('changes what was named and makes one version; the timeline says from what to what', async () => {
    const { id } = await cast.raise()
    await edit(id, {
      title: 'The printer on ward 4 is on fire',
      category: 'Printing',
      serviceId: mailService,
    })
    expect(await cast.read(id)).toMatchObject({
      version: 2,
      title: 'The printer on ward 4 is on fire',
      category: 'Printing',
      service: { name: 'Mail' },
      description: '',
    })
    const [item] = (await cast.timeline(id)).slice(-1)
    expect(item).toMatchObject({
      type: 'incident.edited',
      actor: { name: 'Amir' },
      changes: [
        { field: 'title', from: 'The printer is on fire', to: 'The printer on ward 4 is on fire' },
        { field: 'service', from: null, to: 'Mail' },
        { field: 'category', from: '', to: 'Printing' },
      ],
    })
  })

  test('an edit that changes nothing makes no version and no entry', async () => {
    const { id } = await cast.raise()
    const before = await cast.timeline(id)
    expect(await edit(id, { title: 'The printer is on fire', impact: 3 })).toMatchObject({ version: 1 })
    expect(await edit(id, {})).toMatchObject({ version: 1 })
    expect(await cast.timeline(id)).toEqual(before)
  })

  test('a service that is unknown, inactive or of another tenant is refused and names the field', async () => {
    const { id } = await cast.raise()
    const elsewhere = await castOf(world, 'elsewhere')
    const foreign = await elsewhere.tenant.service('Mail', elsewhere.mailId)
    for (const serviceId of [foreign, '018f0000-0000-7000-8000-000000000001'])
      await expect(edit(id, { serviceId })).rejects.toMatchObject({
        status: 422,
        body: { code: 'invalid', reasons: [{ field: 'serviceId' }] },
      })
    expect(await cast.read(id)).toMatchObject({ version: 1, service: null })
  })

  test('unknown fields, and fields that are not for editing, are refused', async () => {
    const { id } = await cast.raise()
    for (const body of [
      { priority: 1 },
      { tenant_id: cast.tenant.id },
      { requesterId: cast.otto.id },
      { state: 'closed' },
      { createdAt: '2020-01-01T00:00:00.000Z' },
      { resolution_code: 'fixed' },
    ])
      expect(await refusalOf(edit(id, body as EditIncident))).toBe('invalid')
    expect((await cast.read(id)).version).toBe(1)
  })

  test('the caller does not edit', async () => {
    const { id } = await cast.raise()
    const wish = cast.rita.api.editIncident({ params: { id }, body: { title: 'Mine' }, version: 1 })
    expect(await refusalOf(wish)).toBe('forbidden')
  })

  test('a confidential incident is not there for those outside its team, not even to be edited', async () => {
    const { id } = await cast.raise(cast.rita, { confidential: true, serviceId: networkService })
    const wish = (by: TestPerson) =>
      refusalOf(by.api.editIncident({ params: { id }, body: { category: 'Leak' }, version: 1 }))
    expect(await wish(cast.amir)).toBe('not_found')
    expect(await wish(cast.nora)).toBe('none')
  })

  test('a closed incident is frozen; a resolved one is not yet', async () => {
    expect(await refusalOf(edit(await cast.inState('resolved'), { category: 'Fire' }))).toBe('none')
    for (const state of ['closed', 'canceled'] as const)
      expect(await refusalOf(edit(await cast.inState(state), { category: 'Fire' }))).toBe('not_allowed_here')
  })

  test('custom fields are set and removed one by one', async () => {
    const { id } = await cast.raise()
    await edit(id, { custom: { ward: '4', floor: 2 } })
    await edit(id, { custom: { ward: null, urgent: true } })
    expect((await cast.read(id)).custom).toEqual({ floor: 2, urgent: true })
  })
})

describe('the price follows what it comes from', () => {
  test('impact, urgency or service change it; nothing else does', async () => {
    const { id } = await cast.raise()
    expect((await cast.read(id)).priority).toBe(4)
    await edit(id, { impact: 1 })
    expect(await cast.read(id)).toMatchObject({ priority: 3, computedPriority: 3 })
    await edit(id, { urgency: 1 })
    expect(await cast.read(id)).toMatchObject({ priority: 1, computedPriority: 1 })
    await edit(id, { category: 'Fire' })
    expect(await cast.read(id)).toMatchObject({ priority: 1 })
  })

  test('by the matrix in force, which the sentence names; an older price stays until something changes', async () => {
    const other = await castOf(world, 'repriced')
    const service = await other.tenant.service('Payroll', other.mailId)
    const [old, new_] = [(await other.raise()).id, (await other.raise()).id]
    const { matrix } = priorityPolicy.initial
    const low = { high: 5, medium: 5, low: 5 } as const
    await write(world.database, other.tenant.author(), (tx) =>
      publishPolicy(tx, priorityPolicy, {
        document: { matrix, services: [{ serviceId: service, matrix: { high: low, medium: low, low } }] },
        note: 'payroll waits',
        basedOn: 0,
      }),
    )
    const version = 1
    await other.amir.api.editIncident({ params: { id: new_ }, body: { serviceId: service }, version })
    await other.amir.api.editIncident({ params: { id: old }, body: { category: 'x' }, version })
    expect(await other.read(new_)).toMatchObject({
      priority: 5,
      priorityReason: 'impact low and urgency low give 5 planning by version 1 of the matrix.',
    })
    expect((await other.read(old)).priorityReason).toContain('the matrix that comes with the product')
  })

  test('an override needs its own right and a reason, and keeps the computed priority beside it', async () => {
    const { id } = await cast.raise()
    expect(await refusalOf(override(id, 1, cast.amir))).toBe('forbidden')
    await override(id, 1)
    expect(await cast.read(id)).toMatchObject({
      priority: 1,
      computedPriority: 4,
      overrideReason: 'Theatre 2 waits.',
      priorityReason: expect.stringMatching(/^Set to 1 critical by hand: Theatre 2 waits\. \(impact low/),
    })
    const reasonless = cast.lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 2, reason: '  ' },
      version: 2,
    })
    expect(await refusalOf(reasonless)).toBe('invalid')
  })

  test('while it is overridden, what changes is the computed priority beside it', async () => {
    const { id } = await cast.raise()
    await override(id, 1)
    await edit(id, { impact: 1, serviceId: networkService })
    expect(await cast.read(id)).toMatchObject({ priority: 1, computedPriority: 3 })
  })

  test('overriding is stopped with a reason, and the computed priority counts again', async () => {
    const { id } = await cast.raise()
    expect(await refusalOf(override(id, null))).toBe('not_ready')
    await override(id, 1)
    await edit(id, { impact: 2 })
    await override(id, null)
    expect(await cast.read(id)).toMatchObject({ priority: 4, overrideReason: null })
    expect((await cast.timeline(id)).at(-1)).toMatchObject({
      type: 'incident.priority_computed',
      sentence: 'The computed priority counts again: Theatre 2 waits.',
    })
  })

  test('overriding ends where work ends', async () => {
    for (const state of ['resolved', 'closed', 'canceled'] as const)
      expect(await refusalOf(override(await cast.inState(state), 1))).toBe('not_allowed_here')
  })

  test("a very important caller's incident is more urgent, and says so to the team", async () => {
    const other = await castOf(world, 'vip')
    const { otto, rita } = other
    await write(world.database, other.tenant.author(), async (tx) => {
      tx.send({
        text: 'update person set is_vip = true where tenant_id = $1 and id = $2',
        values: [other.tenant.id, rita.id],
      })
      tx.journal({ type: 'person.changed', subject: { kind: 'person', id: rita.id }, data: {} })
    })
    const [hers, his] = [await other.raise(rita), await other.raise(otto)]
    const team = await other.read(hers.id)
    expect(team).toMatchObject({ urgency: 2, urgencyRaisedFrom: 3 })
    expect(team.priorityReason).toContain('urgency medium (raised from low for a very important person)')
    expect(await other.read(hers.id, rita)).toMatchObject({ urgency: 2, urgencyRaisedFrom: null })
    expect((await other.read(hers.id, rita)).priorityReason).not.toContain('important')
    expect(await other.read(his.id)).toMatchObject({ urgency: 3, urgencyRaisedFrom: null })
    await other.amir.api.editIncident({ params: { id: hers.id }, body: { urgency: 3 }, version: 1 })
    expect(await other.read(hers.id)).toMatchObject({ urgency: 3, urgencyRaisedFrom: null })
  })
})

// INC-11: no lost update, and both values where two people meet on one field.
describe('two people edit at once', () => {
  test('different fields merge', async () => {
    const { id } = await cast.raise()
    const both = await Promise.all([
      cast.amir.api.editIncident({ params: { id }, body: { title: 'From Amir' }, version: 1 }),
      cast.nora.api.editIncident({ params: { id }, body: { description: 'From Nora' }, version: 1 }),
    ])
    expect(new Set(both.map((ref) => ref.version))).toEqual(new Set([2, 3]))
    expect(await cast.read(id)).toMatchObject({ title: 'From Amir', description: 'From Nora' })
  })

  test('impact by one and urgency by the other price it by both', async () => {
    const { id } = await cast.raise()
    await Promise.all([
      cast.amir.api.editIncident({ params: { id }, body: { impact: 1 }, version: 1 }),
      cast.nora.api.editIncident({ params: { id }, body: { urgency: 1 }, version: 1 }),
    ])
    expect(await cast.read(id)).toMatchObject({ impact: 1, urgency: 1, priority: 1 })
  })

  test('the same field is a conflict that shows both values and who was first, and changes nothing', async () => {
    const { id } = await cast.raise()
    await cast.amir.api.editIncident({ params: { id }, body: { title: 'Smoke', impact: 1 }, version: 1 })
    const second = cast.nora.api.editIncident({
      params: { id },
      body: { title: 'Fire', category: 'Printing' },
      version: 1,
    })
    await expect(second).rejects.toMatchObject({
      status: 409,
      body: {
        code: 'changed_meanwhile',
        reasons: [
          {
            field: 'title',
            theirs: 'Smoke',
            yours: 'Fire',
            message: 'Amir set it to "Smoke" in the meantime; you wanted "Fire"',
          },
        ],
      },
    })
    expect(await cast.read(id)).toMatchObject({ title: 'Smoke', category: '', version: 2 })
  })

  test('services are shown by name, and nothing as nothing', async () => {
    const { id } = await cast.raise()
    await edit(id, { serviceId: mailService })
    const second = cast.nora.api.editIncident({
      params: { id },
      body: { serviceId: networkService },
      version: 1,
    })
    await expect(second).rejects.toMatchObject({ body: { reasons: [{ theirs: 'Mail', yours: 'Network' }] } })
    const third = cast.nora.api.editIncident({ params: { id }, body: { serviceId: null }, version: 1 })
    await expect(third).rejects.toMatchObject({ body: { reasons: [{ theirs: 'Mail', yours: 'nothing' }] } })
  })

  test('two people who want the same do not disagree', async () => {
    const { id } = await cast.raise()
    await edit(id, { title: 'Smoke' })
    const second = cast.nora.api.editIncident({ params: { id }, body: { title: 'Smoke' }, version: 1 })
    expect(await second).toMatchObject({ version: 2 })
  })

  test('a field that was changed and changed back is still somebody else’s', async () => {
    const { id } = await cast.raise()
    await edit(id, { title: 'Smoke' })
    await edit(id, { title: 'The printer is on fire' })
    const late = cast.nora.api.editIncident({ params: { id }, body: { title: 'Fire' }, version: 1 })
    expect(await refusalOf(late)).toBe('changed_meanwhile')
  })

  test('custom fields merge field by field', async () => {
    const { id } = await cast.raise()
    const by = (person: TestPerson, custom: EditIncident['custom']) =>
      person.api.editIncident({ params: { id }, body: { custom }, version: 1 })
    await Promise.all([by(cast.amir, { ward: '4' }), by(cast.nora, { floor: 2 })])
    expect((await cast.read(id)).custom).toEqual({ ward: '4', floor: 2 })
    await expect(by(cast.lena, { ward: '5' })).rejects.toMatchObject({
      body: { reasons: [{ field: 'custom.ward', theirs: '4', yours: '5' }] },
    })
  })

  test('an override on top of an override nobody saw is a conflict', async () => {
    const { id } = await cast.raise()
    await override(id, 1)
    const blind = cast.lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 2, reason: 'Not so bad.' },
      version: 1,
    })
    await expect(blind).rejects.toMatchObject({ body: { reasons: [{ theirs: '1', yours: '2' }] } })
  })

  test('twenty edits of twenty fields at once lose none', async () => {
    const { id } = await cast.raise()
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        cast.amir.api.editIncident({
          params: { id },
          body: { custom: { [`field_${index}`]: index } },
          version: 1,
        }),
      ),
    )
    const { custom, version } = await cast.read(id)
    expect(Object.keys(custom)).toHaveLength(20)
    expect(version).toBe(21)
  })
})
