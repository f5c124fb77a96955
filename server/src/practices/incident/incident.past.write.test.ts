import { afterAll, beforeAll, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { importsOf, pastLine, pastRecord } from '../../../test/past.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { checkConformance, type Nonconforming } from './incident.conformance.read.ts'
import { pastIncidents } from './incident.past.write.ts'

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
