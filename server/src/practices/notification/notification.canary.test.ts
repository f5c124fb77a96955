import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { openMailRoom } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { write } from '../../platform/journal/write.ts'
import { incidentTelling } from '../incident/index.ts'
import { rightsOf } from '../people/index.ts'
import type { Telling } from './index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const runs = Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 4)
const canary = 'canary-d41d8c'
const everybody = '@rita @otto @amir @nora @lena @vera @paul'

const attach = (by: TestPerson, id: string, audience: 'public' | 'team', name: string) =>
  world.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${id}/attachments?name=${name}&audience=${audience}`,
    headers: { cookie: by.cookie, 'content-type': 'application/octet-stream' },
    payload: 'words',
  })

// What people do to an incident, work notes and everything else that is the team's with a canary in it.
const deeds = {
  note: ({ amir }: Cast, id: string) =>
    amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: `${canary} ${everybody}` } }),
  say: ({ amir }: Cast, id: string) =>
    amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: `Hello ${everybody}` } }),
  answer: ({ rita }: Cast, id: string) =>
    rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Yes.' } }),
  start: ({ amir, move }: Cast, id: string) => move(amir, id, { action: 'start' }),
  hold: ({ amir, move }: Cast, id: string) =>
    move(amir, id, { action: 'hold', reason: 'vendor', on: canary }),
  ask: ({ amir, move }: Cast, id: string) =>
    move(amir, id, { action: 'hold', reason: 'caller', question: 'Which?' }),
  resume: ({ amir, move }: Cast, id: string) => move(amir, id, { action: 'resume' }),
  resolve: ({ amir, move }: Cast, id: string) =>
    move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' }),
  reopen: ({ amir, move }: Cast, id: string) => move(amir, id, { action: 'reopen', reason: canary }),
  confirm: ({ rita, move }: Cast, id: string) => move(rita, id, { action: 'confirm' }),
  pass: ({ nora, networkId, assign }: Cast, id: string) =>
    assign(nora, id, { teamId: networkId, personId: nora.id }),
  rank: async ({ lena, read: look }: Cast, id: string) =>
    lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 1, reason: canary },
      version: (await look(id)).version,
    }),
  watch: async ({ nora }: Cast, id: string) => nora.api.watchIncident({ params: { id }, body: {} }),
  share: async ({ amir, otto }: Cast, id: string) =>
    amir.api.watchIncident({ params: { id }, body: { personId: otto.id } }),
  attach: ({ amir }: Cast, id: string) => attach(amir, id, 'team', `${canary}.txt`),
  show: ({ amir }: Cast, id: string) => attach(amir, id, 'public', 'plan.txt'),
  bounce: async ({ lena, mailId, networkId, assign }: Cast, id: string) => {
    for (const teamId of [mailId, networkId, mailId]) await assign(lena, id, { teamId })
  },
  slip: async ({ lena }: Cast, id: string) => {
    const bulk = await lena.api.startBulk({
      body: { ids: [id], steps: [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }] },
    })
    await lena.api.undoBulk({ params: { id: bulk.id } })
  },
  join: async ({ lena, otto }: Cast, id: string) =>
    lena.api.addAffected({ params: { id }, body: { personId: otto.id } }),
} as const
type Deed = keyof typeof deeds
const deedNames = Object.keys(deeds) as Deed[]

/** Does these things to one incident, tells and mails everybody about it, and answers who got a canary that is not theirs to read. */
const leaksAfter = async (sequence: readonly Deed[], tellings: readonly Telling[]): Promise<string[]> => {
  const cast = await castOf(world, `leak-${crypto.randomUUID().slice(0, 8)}`)
  const { tenant } = cast
  // Readers of every incident who may not read its internals.
  const extra: TestPerson[] = [
    await tenant.person('Vera', 'knowledge_author'),
    await tenant.person('Paul', 'approver'),
  ]
  const { id } = await cast.raise(cast.rita, { serviceId: await tenant.service('Mail', cast.mailId) })
  await cast.assign(cast.amir, id, { personId: cast.amir.id })
  for (const person of extra) {
    await write(world.database, tenant.author(), async (tx) =>
      tx.send({
        text: 'insert into watcher (tenant_id, record_id, person_id) values ($1, $2, $3)',
        values: [tx.tenantId, id, person.id],
      }),
    )
  }
  // What the state does not allow is refused and changes nothing.
  for (const deed of sequence) await Promise.resolve(deeds[deed](cast, id)).catch(() => undefined)
  const room = openMailRoom({ database: world.database, now: world.clock.now, tellings })
  await room.run(tenant.id)
  const people = [cast.rita, cast.otto, cast.amir, cast.nora, cast.lena, ...extra]
  const rights = await read(world.database, tenant.id, (q) =>
    rightsOf(
      q,
      people.map((person) => person.id),
    ),
  )
  const outsiders = people.filter(
    (person) => rights.get(person.id)?.grants.has('incident.read_internal') !== true,
  )
  expect(outsiders.map((person) => person.name)).toEqual(['Rita', 'Otto', 'Vera', 'Paul'])
  const mails = await room.mails(tenant.id)
  const leaks: string[] = []
  for (const person of outsiders) {
    const mailed = mails.filter((mail) => mail.person_id === person.id).map((mail) => mail.message)
    const listed = await person.api.listNotifications({ query: { limit: 200 } })
    if (JSON.stringify([mailed, listed]).includes(canary)) leaks.push(person.name)
  }
  return leaks
}

const openToAll: Telling = {
  ...incidentTelling,
  isForEveryone: () => true,
}
const readsAll = (telling: Telling): Telling => ({
  ...telling,
  words: (q, about) => telling.words(q, { ...about, reader: { ...about.reader, internal: true } }),
})

describe('A13: a work note reaches nobody who may not read it, by mail or in the application', () => {
  test('whatever is done to an incident', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...deedNames), { minLength: 4, maxLength: 14 }),
        async (sequence) => {
          expect(await leaksAfter(['note', ...sequence], [incidentTelling])).toEqual([])
        },
      ),
      { numRuns: runs, endOnFailure: true },
    )
  }, 120_000)

  const story: readonly Deed[] = [
    'join',
    'share',
    'watch',
    'start',
    'note',
    'hold',
    'resume',
    'say',
    'rank',
    'resolve',
    'reopen',
    'note',
  ]

  test('each of two locks holds alone: who is told of a note, and what a mail may say', async () => {
    expect(await leaksAfter(story, [openToAll])).toEqual([])
    expect(await leaksAfter(story, [readsAll(incidentTelling)])).toEqual([])
  })

  test('with both open it would leak, and this test would see it', async () => {
    expect(await leaksAfter(story, [readsAll(openToAll)])).not.toEqual([])
  })
})
