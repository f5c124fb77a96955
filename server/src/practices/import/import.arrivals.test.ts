import { readFile } from 'node:fs/promises'
import { ImportMapping } from '@evenkeel/contract/import-mapping'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openImportRoom, type ImportRoom } from '../../../test/import-room.ts'
import { behind } from '../../../test/mail-room.ts'
import type { TestPerson } from '../../../test/world.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { settleItems, whatIsGoneEnds } from '../configuration/index.ts'

const sampleOf = (name: string): Promise<string> =>
  readFile(new URL(`../../../test/samples/${name}`, import.meta.url), 'utf8')
const items = await sampleOf('items.csv')
const relations = await sampleOf('relations.csv')

let room: ImportRoom
let ada: TestPerson

beforeAll(async () => {
  room = await openImportRoom()
  ;({ ada } = room)
})
afterAll(() => room.end())

const proposed = async (content: string, change: Partial<ImportMapping> = {}): Promise<ImportMapping> => {
  const { id } = await room.upload(content)
  const { mapping } = await ada.api.proposeMapping({ params: { id } })
  return { ...mapping, ...change }
}
const named = async (q: string) => (await ada.api.listItems({ query: { q, attributes: 'serial,os' } })).rows
const pageOf = async (name: string) => {
  const [found] = await named(`name:"${name}"`)
  return ada.api.readItem({ params: { id: found?.id ?? '' } })
}
const textOf = async (name: string, key: string): Promise<string | undefined> =>
  (await pageOf(name)).attributes.find((one) => one.key === key)?.value?.text
const react = async (): Promise<void> => {
  const runner = reactionRunner(whatIsGoneEnds, { database: room.world.database, now: room.world.clock.now })
  do {
    while (await runner.run());
  } while ((await behind(room.world.database, room.tenant.id, [whatIsGoneEnds.name])) > 0)
}
/** Rows that nobody but this test speaks of. */
const servers = (prefix: string, ...numbers: readonly number[]): string =>
  [
    'id,name,class,serial number',
    ...numbers.map((n) => `${prefix}-${n},${prefix}${n},server,${prefix}-SN-${n}`),
  ].join('\n')

describe('a file of configuration items', () => {
  test('is seen to be one, and mapped to class, state, numbers and places, each with its reason', async () => {
    const { id } = await room.upload(items)
    const { mapping, reasons } = await ada.api.proposeMapping({ params: { id } })
    expect(mapping).toMatchObject({ kind: 'item', record: ['inventory'] })
    expect(mapping.fields['class']?.translate).toMatchObject({ room: 'location', switch: 'network_device' })
    expect(mapping.fields['state']?.translate).toMatchObject({ Installed: 'in_use', Retired: 'retired' })
    expect(Object.keys(mapping.fields)).toEqual(
      expect.arrayContaining([
        'attr.serial',
        'attr.hostname',
        'attr.ip_addresses',
        'attr.location',
        'attr.owner',
      ]),
    )
    expect(reasons.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['class', 'record', 'attr.serial']),
    )
    const incident = await ada.api.proposeMapping({ params: { id }, query: { kind: 'incident' } })
    expect(incident.mapping.kind).toBe('incident')
  })

  test('says in its dry run what would become of each row, and then that is what becomes of it', async () => {
    const { id: twin } = await ada.api.createItem({
      body: { class: 'server', name: 'database one', values: { serial: 'hw-0001' } },
    })
    const mapping = await proposed(items, { source: 'cmdb' })
    const withPrice = {
      ...mapping,
      fields: {
        ...mapping.fields,
        'attr.memory': { ...mapping.fields['attr.memory'], untranslated: { do: 'refuse' } },
        'attr.cost': { ...mapping.fields['attr.serial'], from: { is: 'column', column: 'price' } },
        'attr.is_virtual': {
          ...mapping.fields['attr.serial'],
          from: { is: 'column', column: 'virtual' },
          translate: { yes: 'true', no: 'false' },
        },
      },
    }
    const parsed = ImportMapping.parse(withPrice)
    const examined = await room.examined(items, parsed)
    expect(examined.failure).toBeNull()
    expect(examined.findings).toMatchObject({
      rows: 8,
      refused: 1,
      outcomes: { created: 6, recognized: 1, changed: 1, same: 0, conflict: 0, refused: 1 },
      faults: [{ code: 'not_a_number', rows: 1 }],
      itemsUnknown: [{ value: 'Rack 9', rows: 1 }],
    })
    expect(await named('name:"core-a"')).toEqual([])
    await ada.api.runImport({ params: { id: examined.id } })
    await room.work(examined.id)
    const done = await ada.api.readImport({ params: { id: examined.id } })
    expect(done).toMatchObject({
      state: 'imported',
      outcomes: { created: 6, recognized: 1, changed: 1, refused: 0 },
    })
    const here = await ada.api.readItem({ params: { id: twin } })
    expect(here).toMatchObject({ name: 'database one', seen: [{ source: 'cmdb', externalId: 'S-1' }] })
    expect(await textOf('database one', 'ip_addresses')).toBe('10.0.0.1, 10.0.0.2')
    expect(await textOf('database one', 'cost')).toBe('€4,200.00')
    expect(await textOf('database one', 'location')).toBe('Server room Harbor')
    expect(await textOf('db-02', 'location')).toBe('Server room Harbor')
    expect(await textOf('db-02', 'owner')).toBe('Ada')
    expect((await pageOf('core-a')).state).toBe('retired')
    const { facts } = await ada.api.readReconciliation({ params: { id: examined.id } })
    expect(facts.map(({ name, inFile, inTables }) => [name, inFile, inTables])).toEqual([
      ['rows', '8', '8'],
      ['item', '8', '7'],
    ])
    const again = await room.brought(items, parsed)
    expect(again).toMatchObject({ outcomes: { created: 0, changed: 0, same: 7 }, known: 7 })
  })

  test('a row that fits several items waits for a person; two rows about one item do not both come', async () => {
    for (const name of ['pair a', 'pair b'])
      await ada.api.createItem({ body: { class: 'server', name, values: { asset_tag: 'PAIR' } } })
    const content =
      'id,name,class,asset tag,serial number\np1,pair,server,PAIR,\nq1,one,server,,Q-1\nq2,one again,server,,Q-1\nq3,x,server,,\nq3,y,server,,\n'
    const mapping = await proposed(content, { source: 'pairs', record: ['id'] })
    const batch = await room.brought(content, mapping)
    expect(batch.findings?.outcomes).toMatchObject({ created: 1, conflict: 1, refused: 3 })
    expect(batch.outcomes).toMatchObject({ created: 1, conflict: 1 })
    const { rows } = await ada.api.listImportFaults({ params: { id: batch.id } })
    expect(rows.map(({ code }) => code)).toEqual(['same_item', 'twice'])
    const { conflicts } = await ada.api.listItemConflicts()
    expect(conflicts.filter(({ source }) => source === 'pairs')).toHaveLength(1)
    await ada.api.voidImport({ params: { id: batch.id }, body: { reason: 'only tried' } })
    await room.work(batch.id)
    expect((await ada.api.listItemConflicts()).conflicts.filter(({ source }) => source === 'pairs')).toEqual(
      [],
    )
  })

  test('an item that comes behind the one that names it is found all the same', async () => {
    const content = 'id,name,class,location\nb1,behind,server,Cellar\nb2,Cellar,location,\n'
    const mapping = await proposed(content, { source: 'order', record: ['id'] })
    const batch = await room.brought(content, mapping)
    expect(batch.findings?.itemsUnknown).toEqual([])
    expect(await textOf('behind', 'location')).toBe('Cellar')
  })

  test('killed at every kind of moment, the result is that of one go', async () => {
    const content = servers('kill', ...Array.from({ length: 700 }, (_, n) => n))
    const mapping = await proposed(content, { source: 'killed', record: ['id'] })
    const { id } = await room.examined(content, mapping)
    // What the planner does not know of it would read all rows to find some of them.
    await room.world.asAdmin(
      `do $$ begin assert (select reltuples >= 700 from pg_class where relname = 'import_row'); end $$`,
    )
    await ada.api.runImport({ params: { id } })
    let steps = 0
    for (let after = 1; ; after += 2) {
      steps = 0
      const dying = (): string => {
        steps += 1
        if (steps > after) throw new Error('killed')
        return room.world.clock.now()
      }
      await room.work(id, dying).catch(() => {})
      if ((await ada.api.readImport({ params: { id } })).state === 'imported') break
    }
    const done = await ada.api.readImport({ params: { id } })
    expect(done).toMatchObject({ outcomes: { created: 700, changed: 0, same: 0, refused: 0 }, updates: 700 })
    expect(
      (await ada.api.countItems({ query: { q: 'attr.serial:kill-SN-*' } })).count,
    ).toBeGreaterThanOrEqual(0)
    expect(await named('name:"kill699"')).toHaveLength(1)
  })

  test('taken back, what the run said ends: who had nothing else is retired, what others say stays', async () => {
    const { id: both } = await ada.api.createItem({
      body: { class: 'server', name: 'kept', values: { serial: 'V-SN-1' } },
    })
    const content =
      'id,name,class,serial number,os\nv1,v one,server,V-SN-1,Plan 9\nv2,v two,server,V-SN-2,Plan 9\n'
    const mapping = await proposed(content, { source: 'voided', record: ['id'] })
    const batch = await room.brought(content, mapping)
    room.world.clock.advance(60_000)
    await ada.api.voidImport({ params: { id: batch.id }, body: { reason: 'the wrong file' } })
    await room.work(batch.id)
    expect(await ada.api.readImport({ params: { id: batch.id } })).toMatchObject({
      state: 'voided',
      takenBack: { ended: { items: 2, relations: 0 }, done: true },
    })
    const kept = await ada.api.readItem({ params: { id: both } })
    expect(kept.state).toBe('in_use')
    expect(kept.attributes.find(({ key }) => key === 'os')?.value).toBeNull()
    expect((await pageOf('v two')).state).toBe('retired')
    // The source goes on: what it says again is so again.
    await room.brought(content, mapping)
    expect((await pageOf('v two')).state).toBe('in_use')
  })

  test('nobody brings items who may not manage them, and none under the name of people', async () => {
    const content = servers('no', 1)
    const mapping = await proposed(content, { source: 'hand' })
    const { id } = await room.upload(content)
    await expect(ada.api.examineImport({ params: { id }, body: { mapping } })).rejects.toMatchObject({
      body: { code: 'invalid', reasons: [{ field: 'mapping.source' }] },
    })
  })
})

describe('a file of relations', () => {
  test('names items by the ids of its source, and says which ends nobody knows', async () => {
    const mapping = await proposed(relations, { source: 'cmdb' })
    expect(mapping).toMatchObject({ kind: 'item_relation', record: ['parent', 'child', 'relation type'] })
    const batch = await room.brought(relations, mapping)
    expect(batch).toMatchObject({ state: 'imported', outcomes: { created: 3 } })
    expect(batch.findings).toMatchObject({ outcomes: { created: 3, refused: 2 } })
    const { rows } = await ada.api.listImportFaults({ params: { id: batch.id } })
    expect(rows.map(({ code, value }) => [code, value])).toEqual([
      ['unknown_item', 'X-404'],
      ['same_ends', null],
    ])
    const page = await pageOf('Payroll')
    expect(page.relations.map(({ type, item }) => [type, item.name]).toSorted()).toEqual([
      ['depends_on', 'db-02'],
      ['runs_on', 'database one'],
    ])
    room.world.clock.advance(60_000)
    await ada.api.voidImport({ params: { id: batch.id }, body: { reason: 'not these' } })
    await room.work(batch.id)
    expect((await pageOf('Payroll')).relations).toEqual([])
  })
})

describe('a whole delivery', () => {
  test('ends what it leaves out, but not what others say, and brings back what returns', async () => {
    const mapping = await proposed(servers('w', 1, 2, 3, 4, 5, 6), {
      source: 'whole',
      record: ['id'],
      isWhole: true,
    })
    await room.brought(servers('w', 1, 2, 3, 4, 5, 6), mapping)
    room.world.clock.advance(3_600_000)
    const examined = await room.examined(servers('w', 1, 2, 3, 4, 5), mapping)
    expect(examined.findings?.gone).toEqual({ count: 1, of: 6 })
    await ada.api.runImport({ params: { id: examined.id } })
    await room.work(examined.id)
    await react()
    expect((await pageOf('w6')).state).toBe('retired')
    expect((await pageOf('w5')).state).toBe('in_use')
    room.world.clock.advance(3_600_000)
    await room.brought(servers('w', 1, 2, 3, 4, 5, 6), mapping)
    await react()
    expect((await pageOf('w6')).state).toBe('in_use')
  })

  test('that is nearly empty waits for a person, who says whether all that is gone', async () => {
    room.world.clock.advance(3_600_000)
    const mapping = await proposed(servers('w', 1), { source: 'whole', record: ['id'], isWhole: true })
    await room.brought(servers('w', 1), mapping)
    await react()
    expect((await pageOf('w2')).state).toBe('in_use')
    const { vanishings, sources } = await ada.api.listItemSources()
    expect(sources.find(({ name }) => name === 'whole')).toMatchObject({ items: 6, isLate: false })
    expect(vanishings).toMatchObject([
      {
        source: 'whole',
        items: 5,
        ofItems: 6,
        sentence: expect.stringMatching(/left out 5 of 6 items: nothing/),
      },
    ])
    const id = vanishings[0]?.id ?? ''
    await ada.api.decideVanishing({ params: { id }, body: { decision: 'end' } })
    await react()
    expect((await pageOf('w2')).state).toBe('retired')
    expect((await pageOf('w1')).state).toBe('in_use')
    await expect(
      ada.api.decideVanishing({ params: { id }, body: { decision: 'stay' } }),
    ).rejects.toMatchObject({ body: { code: 'not_allowed_here' } })
  })

  test('by the API ends relations too', async () => {
    const body = {
      items: ['m', 'n', 'o'].map((externalId) => ({
        externalId,
        class: 'server',
        name: `api ${externalId}`,
        values: { serial: `api-${externalId}` },
      })),
      relations: [
        { type: 'depends_on' as const, from: 'm', to: 'n' },
        { type: 'depends_on' as const, from: 'm', to: 'o' },
      ],
    }
    const params = { source: 'probe' }
    await ada.api.putItemsBySource({ params, body })
    await ada.api.publishPolicy({
      params: { kind: 'item_sources' },
      body: {
        document: {
          sources: [
            { name: 'probe', label: 'Probe', askAbovePercent: 90, expectedEveryHours: 4, staleAfterDays: 2 },
            { name: 'hand', label: 'By hand' },
          ],
          identification: [{ class: 'item', by: [['serial']] }],
        },
        note: 'the probe comes every four hours',
        basedOn: 0,
      },
    })
    room.world.clock.advance(3_600_000)
    const since = room.world.clock.now()
    await ada.api.putItemsBySource({ params, body: { ...body, relations: body.relations.slice(0, 1) } })
    expect(await ada.api.finishDelivery({ params, body: { since } })).toEqual({
      items: 0,
      relations: 1,
      outcome: 'ended',
    })
    await react()
    expect((await pageOf('api m')).relations.map(({ item }) => item.name)).toEqual(['api n'])
  })

  test('a source that is expected and silent is late, and loses its turn in lists too', async () => {
    const { id } = await ada.api.createItem({
      body: { class: 'server', name: 'told twice', values: { serial: 'TT-1', os: 'by hand' } },
    })
    await ada.api.putItemsBySource({
      params: { source: 'probe' },
      body: {
        items: [
          {
            externalId: 'tt',
            class: 'server',
            name: 'told twice',
            values: { serial: 'TT-1', os: 'by probe' },
          },
        ],
      },
    })
    const listed = async () =>
      (await named('name:"told twice"')).find((row) => row.id === id)?.attributes['os']
    const late = async () =>
      (await ada.api.listItemSources()).sources.find(({ name }) => name === 'probe')?.isLate
    expect(await listed()).toBe('by probe')
    expect(await late()).toBe(false)
    expect((await ada.api.readModelHealth()).late).toEqual([])
    room.world.clock.advance(3 * 86_400_000)
    expect(await late()).toBe(true)
    expect((await ada.api.readModelHealth()).late).toMatchObject([
      { name: 'probe', label: 'Probe', expectedEveryHours: 4 },
    ])
    const author = {
      tenantId: room.tenant.id,
      actor: { kind: 'system' as const, id: null, onBehalfOf: null, via: 'timer' },
      request: null,
      now: room.world.clock.now(),
    }
    expect(await settleItems(room.world.database, author)).toBeGreaterThan(0)
    expect(await listed()).toBe('by hand')
    expect(await settleItems(room.world.database, author)).toBe(0)
  })
})
