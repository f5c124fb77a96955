import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { importFaultCodes } from '@evenkeel/contract/import'
import { NotificationPolicy } from '@evenkeel/contract/notification'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  importMapping as mapping,
  importSample as sample,
  mappingFrom as from,
  openImportRoom,
  type ImportRoom,
} from '../../../test/import-room.ts'
import { openMailRoom } from '../../../test/mail-room.ts'
import type { TestPerson } from '../../../test/world.ts'

let room: ImportRoom
let ada: TestPerson
beforeAll(async () => {
  room = await openImportRoom()
  ;({ ada } = room)
})
afterAll(() => room.end())

const bring = async (content: string): Promise<string> => {
  const { id, state } = await room.brought(content, mapping)
  expect(state).toBe('imported')
  return id
}
const takeBack = (id: string) => ada.api.voidImport({ params: { id }, body: { reason: 'the wrong file' } })
/** A line of the sample with other cells, by column. */
const lineWith = (line: string, cells: Readonly<Record<string, string>>): string => {
  const names = sample.slice(0, sample.indexOf('\n')).split(',')
  return line
    .split(',')
    .map((cell, at) => cells[names[at] ?? ''] ?? cell)
    .join(',')
}

test("tomorrow's bigger file brings only what is new; it is taken back with the one it went on from", async () => {
  const [header, ...rows] = sample.trimEnd().split('\n')
  const numberOf = (row: string | undefined) => row?.split(',')[0]
  // In the middle of a record.
  const cut = rows.findIndex((row, at) => at > 150 && numberOf(row) === numberOf(rows[at - 1]))
  const first = await bring([header, ...rows.slice(0, cut)].join('\n'))
  const second = await bring([header, ...rows].join('\n'))
  const { rows: listed } = await ada.api.listIncidents({ query: { limit: 100 } })
  expect(listed).toHaveLength(65)
  const batch = await ada.api.readImport({ params: { id: second } })
  expect(batch).toMatchObject({ known: cut, updates: rows.length - cut, refused: 0 })
  const { groups } = await ada.api.readReconciliation({ params: { id: second } })
  expect(groups.filter((group) => group.fileChecksum !== group.tableChecksum)).toEqual([])

  await expect(takeBack(second)).rejects.toMatchObject({
    status: 409,
    body: { reasons: [{ code: 'continued' }] },
  })
  await takeBack(first)
  await takeBack(second)
  expect((await ada.api.listIncidents({ query: { limit: 100 } })).rows).toEqual([])
  await bring(sample)
  expect((await ada.api.listIncidents({ query: { limit: 100 } })).rows).toHaveLength(65)
})

test('refused rows are looked at by reason and column, and times that are still to come have a reason of their own', async () => {
  const [header = '', ...rows] = sample.trimEnd().split('\n')
  const broken = rows.map((row, at) => {
    if (at === 3) return lineWith(row, { sys_updated_at: '1/1/2099 00:00' })
    if (at === 7) return lineWith(row, { resolved_at: '31/12/2099 23:59' })
    if (at === 11 || at === 12) return lineWith(row, { sys_updated_at: 'yesterday' })
    if (at === 20) return lineWith(row, { opened_at: 'long ago' })
    return row
  })
  const { id, findings } = await room.examined([header, ...broken].join('\n'), from('by reason'))
  expect(findings?.faults).toContainEqual({ code: 'in_the_future', column: 'sys_updated_at', rows: 1 })
  const faults = async (query: {
    code?: (typeof importFaultCodes)[number]
    column?: string
    cursor?: string
  }) => (await ada.api.listImportFaults({ params: { id }, query })).rows
  expect(await faults({})).toHaveLength(5)
  expect(await faults({ code: 'in_the_future' })).toMatchObject([
    {
      line: 5,
      column: 'sys_updated_at',
      value: '2099-01-01T00:00:00.000Z',
      message: expect.stringContaining('still to come'),
    },
    { line: 9, column: 'resolved_at' },
  ])
  expect((await faults({ code: 'not_an_instant' })).map(({ line }) => line)).toEqual([13, 14, 22])
  expect((await faults({ code: 'not_an_instant', column: 'opened_at' })).map(({ line }) => line)).toEqual([
    22,
  ])
  expect(await faults({ code: 'not_an_instant', column: '' })).toEqual([])
  const first = await ada.api.listImportFaults({
    params: { id },
    query: { code: 'not_an_instant', limit: 2 },
  })
  const rest = await faults({ code: 'not_an_instant', cursor: first.next ?? '' })
  expect(rest.map(({ line }) => line)).toEqual([22])
})

test('each translated value is counted with what it became', async () => {
  const { findings } = await room.examined(sample, from('counted'))
  const of = (field: string) => findings?.translated.filter((one) => one.field === field) ?? []
  const states = sample
    .split('\n')
    .slice(1)
    .map((row) => row.split(',')[1])
  const count = (state: string): number => states.filter((one) => one === state).length
  expect(of('state')).toContainEqual({
    field: 'state',
    column: 'incident_state',
    value: 'Awaiting User Info',
    to: 'on_hold',
    rows: count('Awaiting User Info'),
  })
  expect(of('holdReason')).toContainEqual({
    field: 'holdReason',
    column: 'incident_state',
    value: 'Active',
    to: null,
    rows: count('Active'),
  })
  // Translated or told to have no translation: each row has one or the other.
  const untranslated = findings?.untranslated.filter(({ field }) => field === 'state') ?? []
  const sum = [...of('state'), ...untranslated].reduce((total, { rows }) => total + rows, 0)
  expect(sum).toBe(332)
})

test('nobody is mailed at an address that an import made up, also when its record moves on here', async () => {
  const { world, tenant } = room
  const open = sample
    .trimEnd()
    .split('\n')
    .filter((line, at) => at === 0 || line.startsWith('INC0000269,Resolved'))
  await room.brought(open.join('\n'), from('still open'))
  const { rows } = await ada.api.listIncidents({ query: { q: 'state:resolved', limit: 10 } })
  const record = rows.find(({ requester }) => requester.name === 'Caller 5374')
  const id = record?.id ?? ''
  const { rows: roles } = await ada.api.listRoles()
  const role = roles.find(({ key }) => key === 'requester')?.id ?? ''
  // Somebody let them in, and nobody gave them an address yet.
  await ada.api.giveRole({ params: { id: record?.requester.id ?? '', roleId: role } })
  await ada.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Is it well now?' } })
  const mails = openMailRoom({
    database: world.database,
    now: world.clock.now,
    smtpUrl: 'smtp://127.0.0.1:1',
    pauses: [0, 0],
  })
  await mails.run(tenant.id)
  const told = await mails.mails(tenant.id)
  expect(told.length).toBeGreaterThan(0)
  expect(told).toMatchObject(told.map(() => ({ status: 'withdrawn', last_code: 'no_address', attempts: 0 })))
  mails.close()
})

test('what a rule of notification would change does not count what was imported', async () => {
  const params = { kind: 'notification' }
  const inForce = NotificationPolicy.parse((await ada.api.readPolicy({ params })).document)
  const rules = inForce.rules
    .slice(0, 1)
    .map((rule) => ({ ...rule, id: 'imported', on: ['incident.imported'] }))
  const document = { ...inForce, rules }
  const preview = () => ada.api.previewPolicy({ params, body: { document } })
  const before = await preview()
  await room.brought(sample, from('told of nothing'))
  expect((await preview()).examined).toBe(before.examined)
})

test('sheets of a workbook are offered by name, and the chosen one is proposed for', async () => {
  const workbook = await readFile(join(import.meta.dirname, '../../../test/samples/quarter.xlsx'))
  const { id } = await room.upload(workbook, 'quarter.xlsx')
  const params = { id }
  expect(await ada.api.proposeMapping({ params })).toMatchObject({
    parts: ['Read me', 'Störungen Q1', 'Störungen Q2'],
    part: 'Störungen Q1',
    rowsLookedAt: 3,
    mapping: { format: { type: 'xlsx', sheet: 'Störungen Q1' }, record: ['number'] },
  })
  const second = await ada.api.proposeMapping({ params, query: { part: 'Störungen Q2' } })
  expect(second).toMatchObject({ part: 'Störungen Q2', rowsLookedAt: 1 })
  const { mapping: proposed } = second
  await ada.api.examineImport({
    params,
    body: { mapping: { ...proposed, times: { format: 'iso', zone: 'UTC' } } },
  })
  await room.work(id)
  expect((await ada.api.readImport({ params })).findings).toMatchObject({ rows: 1, records: 1, refused: 0 })
  await expect(ada.api.proposeMapping({ params, query: { part: 'none' } })).rejects.toMatchObject({
    status: 422,
  })
  const plain = await room.upload(sample)
  expect(await ada.api.proposeMapping({ params: { id: plain.id } })).toMatchObject({ parts: [], part: null })
})
