import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { importsOf, pastLine, pastRecord } from '../../../test/past.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { openMailRoom } from '../../../test/mail-room.ts'
import { write } from '../../platform/journal/write.ts'
import { policyAt, publishPolicy } from '../../platform/policy/policy.ts'
import { read } from '../../platform/postgres/database.ts'
import { notificationPolicy } from '../notification/index.ts'
import { checkConformance, type Nonconforming } from './incident.conformance.read.ts'
import { pastIncidents } from './incident.past.write.ts'
import { runIncidentTimers } from './incident.timers.ts'

let world: World
let cast: Cast
let imports: ReturnType<typeof importsOf>
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  imports = importsOf(world, cast.tenant, cast.lena)
})
afterAll(() => world.end())

const idOf = async (number: string): Promise<string> => {
  const row = await read(world.database, cast.tenant.id, (q) =>
    q.one<{ id: string }>({
      text: 'select id from record where tenant_id = $1 and number = $2',
      values: [q.tenantId, number],
    }),
  )
  return row.id
}

const printer = (number: string) => {
  const base = {
    number,
    title: 'Printer in ward 3 is dead',
    createdAt: '2016-03-01T08:00:00.000Z',
    requester: cast.rita.id,
    team: cast.mailId,
    impact: '2',
    urgency: '2',
    priority: '3',
  }
  return [
    pastLine(2, '2016-03-01T08:05:00.000Z', { ...base, state: 'new', assignee: null }, cast.amir.id),
    pastLine(
      4,
      '2016-03-01T09:00:00.000Z',
      {
        ...base,
        state: 'in_progress',
        team: cast.networkId,
        assignee: cast.nora.id,
        note: 'A cable, I think',
      },
      cast.nora.id,
    ),
    pastLine(
      5,
      '2016-03-01T10:00:00.000Z',
      {
        ...base,
        state: 'resolved',
        team: cast.networkId,
        assignee: cast.nora.id,
        resolutionCode: 'fixed',
        resolutionNotes: 'New cable',
        comment: 'It prints again',
      },
      cast.nora.id,
    ),
    pastLine(
      9,
      '2016-03-08T10:00:00.000Z',
      {
        ...base,
        state: 'closed',
        team: cast.networkId,
        assignee: cast.nora.id,
        resolutionCode: 'fixed',
        resolutionNotes: 'New cable',
      },
      null,
    ),
  ]
}

test('a record comes in with its whole history at its own times', async () => {
  const batch = await imports.batch()
  const brought = await imports.bring(batch, [pastRecord('p1', printer('OLD1').toReversed())])
  expect(brought).toEqual({ records: 1, updates: 4, known: 0, refused: [] })
  const id = await idOf('OLD1')
  expect(await cast.read(id)).toMatchObject({
    number: 'OLD1',
    state: 'closed',
    createdAt: '2016-03-01T08:00:00.000Z',
    resolvedAt: '2016-03-01T10:00:00.000Z',
    closedAt: '2016-03-08T10:00:00.000Z',
    team: { name: 'Network' },
    assignee: { name: 'Nora' },
    reassignmentCount: 1,
    resolution: { code: 'fixed', notes: 'New cable' },
    routing: { rule: 'imported', sentence: 'Imported from Olddesk.' },
    autoCloseAt: null,
  })
  const told = await cast.timeline(id)
  expect(told.map(({ at, sentence, actor }) => [at, actor?.name ?? null, sentence])).toEqual([
    ['2016-03-01T08:05:00.000Z', 'Amir', 'Began as New. Imported from line 2.'],
    [
      '2016-03-01T09:00:00.000Z',
      'Nora',
      'Moved to In progress. Given to Nora in Network. Imported from line 4.',
    ],
    ['2016-03-01T09:00:00.000Z', 'Nora', 'Imported from line 4.'],
    ['2016-03-01T10:00:00.000Z', 'Nora', 'Moved to Resolved. Imported from line 5.'],
    ['2016-03-01T10:00:00.000Z', 'Nora', 'Imported from line 5.'],
    ['2016-03-08T10:00:00.000Z', null, 'Moved to Closed. Imported from line 9.'],
  ])
  expect(told.map(({ audience, body }) => [audience, body])).toEqual([
    [null, null],
    [null, null],
    ['team', 'A cable, I think'],
    [null, 'New cable'],
    ['public', 'It prints again'],
    [null, null],
  ])
  expect(told.every(({ via }) => via === 'import')).toBe(true)
})

test('whoever it happened to sees states and comments, and no work note', async () => {
  const told = await cast.timeline(await idOf('OLD1'), cast.rita)
  expect(
    told.map(({ sentence, body, changes }) => [sentence, body, changes.map((one) => one.field)]),
  ).toEqual([
    ['Raised.', null, []],
    ['Moved to In progress.', null, ['state']],
    ['Moved to Resolved.', 'New cable', ['state']],
    [null, 'It prints again', []],
    ['Moved to Closed.', null, ['state']],
  ])
})

test('the minutes that each team had it are those of its history', async () => {
  const ledger = await cast.lena.api.incidentTeams({ params: { id: await idOf('OLD1') } })
  expect(ledger.spans.map(({ team, minutes }) => [team.name, minutes])).toEqual([
    ['Mail', 60],
    ['Network', 7 * 24 * 60 + 60],
  ])
})

test('a line that says only how it ended tells when it was raised, resolved and closed', async () => {
  const batch = await imports.batch()
  await imports.bring(batch, [
    pastRecord('p2', [
      pastLine(2, '2016-04-01T00:00:00.000Z', {
        number: 'OLD2',
        title: 'Final only',
        state: 'closed',
        createdAt: '2016-03-02T08:00:00.000Z',
        resolvedAt: '2016-03-02T09:30:00.000Z',
        closedAt: '2016-03-09T09:30:00.000Z',
      }),
    ]),
  ])
  const told = await cast.timeline(await idOf('OLD2'))
  expect(told.map(({ at, sentence }) => [at, sentence])).toEqual([
    [
      '2016-03-02T08:00:00.000Z',
      'Began as New. No line of its own: told by columns of this one. The file names no team: one stands in. The file names no caller: somebody stands in. Imported from line 2.',
    ],
    [
      '2016-03-02T09:30:00.000Z',
      'Moved to Resolved. No line of its own: told by columns of this one. Imported from line 2.',
    ],
    [
      '2016-03-09T09:30:00.000Z',
      'Moved to Closed. No line of its own: told by columns of this one. Imported from line 2.',
    ],
  ])
})

test('a move that our process does not have is kept and flagged, and the check of the journal counts it apart', async () => {
  const batch = await imports.batch()
  const updates = [
    pastLine(2, '2016-05-01T00:00:00.000Z', { number: 'OLD3', title: 'Straight', state: 'new' }),
    pastLine(3, '2016-05-02T00:00:00.000Z', { number: 'OLD3', title: 'Straight', state: 'closed' }),
    pastLine(4, '2016-05-03T00:00:00.000Z', { number: 'OLD3', title: 'Straight', state: 'in_progress' }),
  ]
  expect(pastIncidents.foreignMoves(updates)).toEqual([
    { from: 'new', to: 'closed' },
    { from: 'closed', to: 'in_progress' },
  ])
  await imports.bring(batch, [pastRecord('p3', updates)])
  const id = await idOf('OLD3')
  expect((await cast.timeline(id)).map(({ sentence }) => sentence)).toMatchObject([
    expect.stringContaining('Began as New.'),
    'Moved to Closed. Our process has no such move. Imported from line 3.',
    'Moved to In progress. Our process has no such move. Imported from line 4.',
  ])
  expect(await cast.read(id)).toMatchObject({ state: 'in_progress', closedAt: null, reopenCount: 1 })
  const found: Nonconforming[] = []
  const check = await read(world.database, cast.tenant.id, (q) =>
    checkConformance(q, (one) => found.push(one)),
  )
  expect(found).toEqual([])
  expect(check).toEqual({ incidents: 3, imported: 3, flagged: 2 })
})

test('a later file goes on where the earlier one ended, and what is here already is only counted', async () => {
  const base = { number: 'OLD4', title: 'Goes on', team: cast.mailId }
  const first = pastLine(2, '2016-06-01T00:00:00.000Z', { ...base, state: 'new' })
  const second = pastLine(3, '2016-06-02T00:00:00.000Z', {
    ...base,
    state: 'in_progress',
    assignee: cast.amir.id,
  })
  await imports.bring(await imports.batch(), [pastRecord('p4', [first])])
  const id = await idOf('OLD4')
  const known = { id, updateKeys: new Set(['2']) }
  const again = await imports.batch()
  expect(await imports.bring(again, [pastRecord('p4', [second, first], known)])).toEqual({
    records: 0,
    updates: 1,
    known: 1,
    refused: [],
  })
  expect(await cast.read(id)).toMatchObject({
    state: 'in_progress',
    assignee: { name: 'Amir' },
    updatedAt: '2016-06-02T00:00:00.000Z',
    version: 2,
  })
  const both = { id, updateKeys: new Set(['2', '3']) }
  expect(await imports.bring(await imports.batch(), [pastRecord('p4', [first, second], both)])).toEqual({
    records: 0,
    updates: 0,
    known: 2,
    refused: [],
  })

  const before = pastLine(4, '2016-06-01T12:00:00.000Z', { ...base, state: 'on_hold' })
  expect(
    (await imports.bring(await imports.batch(), [pastRecord('p4', [before], both)])).refused,
  ).toMatchObject([{ line: 4, code: 'contradiction' }])
})

test('what was worked on here since is not overwritten by a later file', async () => {
  const id = await idOf('OLD4')
  await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Done here' })
  const later = pastLine(5, '2026-06-03T00:00:00.000Z', { number: 'OLD4', title: 'Goes on', state: 'new' })
  const known = { id, updateKeys: new Set(['2', '3']) }
  expect(await imports.bring(await imports.batch(), [pastRecord('p4', [later], known)])).toMatchObject({
    updates: 0,
    refused: [{ sourceKey: 'p4', line: 5, code: 'contradiction' }],
  })
  expect(await cast.read(id)).toMatchObject({ state: 'resolved' })
})

test('a number of ours that a file claims is refused, and our own numbers go on behind those of the file', async () => {
  const { number } = await cast.raise()
  const claims = (key: string, line: number, wanted: string) =>
    pastRecord(key, [
      pastLine(line, '2016-06-01T00:00:00.000Z', { number: wanted, title: 'Claims', state: 'new' }),
    ])
  const next = `INC${String(Number(number.slice(3)) + 1).padStart(7, '0')}`
  const brought = await imports.bring(await imports.batch(), [
    claims('n1', 2, number),
    claims('n2', 3, next),
    claims('n3', 4, 'INC0005000'),
    claims('n4', 5, 'INC0005000'),
  ])
  expect(brought).toMatchObject({
    records: 2,
    refused: [
      { sourceKey: 'n1', line: 2, value: number, code: 'number_taken' },
      { sourceKey: 'n4', line: 5, value: 'INC0005000', code: 'number_taken' },
    ],
  })
  expect((await cast.raise()).number).toBe('INC0005001')
})

test('a record without a number gets one of ours; one without a title is refused whole', async () => {
  const brought = await imports.bring(await imports.batch(), [
    pastRecord('u1', [pastLine(2, '2016-06-01T00:00:00.000Z', { title: 'No number', state: 'new' })]),
    pastRecord('u2', [pastLine(3, '2016-06-01T00:00:00.000Z', { state: 'new' })]),
  ])
  expect(brought).toMatchObject({ records: 1, refused: [{ sourceKey: 'u2', line: 3, code: 'missing' }] })
})

test('nothing reacts to the past, whatever a policy says: no mail, no notice, no timer', async () => {
  const { version, document } = await read(world.database, cast.tenant.id, (q) =>
    policyAt(q, notificationPolicy, world.clock.now()),
  )
  await write(world.database, cast.tenant.author(), (tx) =>
    publishPolicy(tx, notificationPolicy, {
      document: {
        ...document,
        rules: document.rules.map((rule) => ({
          ...rule,
          on: [...rule.on, 'incident.imported', 'incident.imported_update', 'incident.imported_comment'],
        })),
      },
      note: 'tells of everything',
      basedOn: version,
    }),
  )
  const room = openMailRoom({ database: world.database, now: world.clock.now })
  const mailsOf = () => room.mails(cast.tenant.id)
  await room.tell(cast.tenant.id)
  const before = (await mailsOf()).length
  await imports.bring(await imports.batch(), [pastRecord('q1', printer('OLD9'))])
  await room.tell(cast.tenant.id)
  await runIncidentTimers(world.database, cast.tenant.id, '2030-01-01T00:00:00.000Z')
  expect((await mailsOf()).length).toBe(before)
  const notices = await read(world.database, cast.tenant.id, (q) =>
    q.rows({
      text: `select n.entry_type from notification n join journal j on j.tenant_id = n.tenant_id and j.id = n.entry_id
             where n.tenant_id = $1 and j.via = 'import'`,
      values: [q.tenantId],
    }),
  )
  expect(notices).toEqual([])
  expect(await cast.read(await idOf('OLD9'))).toMatchObject({ state: 'closed', version: 4 })
  room.close()
})

test('the facts of a batch are what its file says, from our own tables', async () => {
  const batch = await imports.batch()
  const line = (at: string, number: string, values: Record<string, string | null>) =>
    pastLine(Number(at.slice(8, 10)), at, { number, title: 'Fact', ...values })
  await imports.bring(batch, [
    pastRecord('f1', [
      line('2016-03-02T08:00:00.000Z', 'F1', {
        state: 'closed',
        createdAt: '2016-02-29T23:00:00.000Z',
        resolvedAt: '2016-03-01T08:00:00.000Z',
        recordedMissed: 'true',
        recordedReassignments: '2',
        recordedReopens: '0',
      }),
    ]),
    pastRecord('f2', [
      line('2016-03-03T08:00:00.000Z', 'F2', { state: 'new', resolvedAt: null, recordedMissed: 'false' }),
      line('2016-03-04T08:00:00.000Z', 'F2', { state: 'resolved', resolvedAt: null, recordedReopens: '1' }),
    ]),
  ])
  const facts = await read(world.database, cast.tenant.id, (q) => pastIncidents.facts(q, batch))
  const checksum = (text: string): string => createHash('sha256').update(text).digest('hex')
  expect(facts).toEqual({
    count: 2,
    updates: 3,
    missed: 1,
    reassigned: 1,
    reopened: 1,
    withoutResolved: 1,
    byMonth: new Map([
      [
        '2016-02',
        {
          count: 1,
          checksum: checksum('f1|2016-02-29T23:00:00.000Z|closed|2016-03-01T08:00:00.000Z|1\n'),
        },
      ],
      ['2016-03', { count: 1, checksum: checksum('f2|2016-03-03T08:00:00.000Z|resolved||2\n') }],
    ]),
  })
  // Our own record knows from the history when it was resolved, whatever the column says.
  expect(await cast.read(await idOf('F2'))).toMatchObject({ resolvedAt: '2016-03-04T08:00:00.000Z' })
})
