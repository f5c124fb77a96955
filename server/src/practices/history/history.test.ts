import { glob, readFile } from 'node:fs/promises'
import { journalTypes } from '@evenkeel/contract/journal'
import { Refused } from '@evenkeel/contract/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSigningKey, signingKey, verifierKey } from '../../kernel/evidence/note.ts'
import { originOf } from '../../kernel/evidence/checkpoint.ts'
import { verifyExport } from '../../kernel/evidence/verify-export.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { sealerWith } from '../../platform/journal/sealer.ts'
import { read } from '../../platform/postgres/database.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { verifyStretch } from './history.verify.ts'

const pair = newSigningKey()
const key = signingKey(pair.privateKeyPem)

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let rita: TestPerson
let amir: TestPerson
let olga: TestPerson
let ada: TestPerson
let printer: string
let secret: string
let erasedId: string

const canary = 'zzconfidentialzz'
const forgotten = 'zzforgottenzz'

/** Seals all there is. A transaction elsewhere in the cluster holds back for a moment what readers of the journal see. */
const seal = async (): Promise<void> => {
  const runner = reactionRunner(sealerWith(key), { database: world.database, now: world.clock.now })
  const left = async () => (await olga.api.readJournalState()).unsealed
  do {
    while (await runner.run());
  } while ((await left()) > 0)
}

beforeAll(async () => {
  world = await createWorld({
    journalKeys: async (tenantId) => [verifierKey(originOf(tenantId), key.publicKey)],
  })
  tenant = await world.tenant('history')
  rita = await tenant.person('Rita Requester', 'requester')
  amir = await tenant.person('Amir Agent', 'agent')
  olga = await tenant.person('Olga Auditor', 'auditor')
  ada = await tenant.person('Ada Administrator', 'administrator')
  const network = await tenant.team('Network', amir)
  const service = await tenant.service('Ward network', network)
  printer = (
    await rita.api.raiseIncident({
      body: { title: 'Printer on ward 4', impact: 3, urgency: 3, serviceId: service },
    })
  ).id
  const before = await amir.api.readIncident({ params: { id: printer } })
  await amir.api.editIncident({ params: { id: printer }, body: { urgency: 1 }, version: before.version })
  secret = (
    await amir.api.raiseIncident({
      body: { title: `Whistle ${canary}`, description: canary, confidential: true, serviceId: service },
    })
  ).id
  await amir.api.commentIncident({
    params: { id: secret },
    body: { audience: 'team', body: `note ${canary}` },
  })
  await amir.api.commentIncident({ params: { id: printer }, body: { audience: 'public', body: forgotten } })
  const { rows } = await olga.api.listJournal({ query: { subject: printer, type: 'incident.commented' } })
  erasedId = rows[0]?.id ?? ''
  await world.asAdmin(
    `update journal_personal set personal = (select jsonb_object_agg(k, 'erased') from jsonb_object_keys(personal) k) where entry_id = '${erasedId}'`,
  )
})
afterAll(() => world.end())

const status = async (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: unknown) => (error instanceof Refused ? error.status : 0),
  )

describe('the journal, read by people', () => {
  test('is for those with the permission, and for nobody else', async () => {
    expect(await status(rita.api.listJournal({}))).toBe(403)
    expect(await status(amir.api.listJournal({}))).toBe(403)
    expect(await status(olga.api.listJournal({}))).toBe(200)
    const elsewhere = await world.tenant('history-elsewhere')
    const curt = await elsewhere.person('Curt', 'administrator')
    expect(await status(curt.api.readJournalEntry({ params: { id: erasedId } }))).toBe(404)
    expect((await curt.api.listJournal({ query: { subject: printer } })).rows).toEqual([])
  })

  test('an auditor finds who changed a priority, with what it was and is', async () => {
    const { number } = await amir.api.readIncident({ params: { id: printer } })
    const { rows } = await olga.api.listJournal({
      query: { number: number.toLowerCase(), type: 'incident.edited' },
    })
    expect(rows).toHaveLength(1)
    expect(rows[0]?.actor).toMatchObject({ kind: 'person', name: 'Amir Agent' })
    expect(rows[0]?.subject).toEqual({ kind: 'incident', id: printer, name: number })
    expect(rows[0]?.changes).toContainEqual({ field: 'urgency', from: 'low', to: 'high' })
  })

  test('pages follow one another in the order of the journal, nothing twice and nothing missing', async () => {
    const whole = await olga.api.listJournal({ query: { limit: 200 } })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await olga.api.listJournal({
        query: { limit: 3, ...(cursor === undefined ? {} : { cursor }) },
      })
      seen.push(...page.rows.map((row) => row.id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(whole.rows.map((row) => row.id))
    expect(await status(olga.api.listJournal({ query: { cursor: '1.2.3' } }))).toBe(400)
  })

  test('filters by person, by kind of subject, and by time', async () => {
    const { rows } = await olga.api.listJournal({ query: { actor: amir.id, kind: 'incident', limit: 200 } })
    expect(rows.length).toBeGreaterThan(1)
    expect(new Set(rows.map((row) => row.actor.id))).toEqual(new Set([amir.id]))
    const later = new Date(Date.parse(world.clock.now()) + 60_000).toISOString()
    expect((await olga.api.listJournal({ query: { from: later } })).rows).toEqual([])
  })

  test('entries of a confidential incident are for those who may read it', async () => {
    expect((await olga.api.listJournal({ query: { subject: secret } })).rows).toEqual([])
    const all = await olga.api.listJournal({ query: { limit: 200 } })
    expect(JSON.stringify(all)).not.toContain(canary)
    expect(all.rows.some((row) => row.subject.id === secret)).toBe(false)
    const [confidential] = await read(world.database, tenant.id, (q) =>
      q.rows<{ id: string }>({
        text: 'select id from journal where tenant_id = $1 and subject_id = $2',
        values: [tenant.id, secret],
      }),
    )
    expect(await status(olga.api.readJournalEntry({ params: { id: confidential?.id ?? '' } }))).toBe(404)
  })

  test('a value that was erased is said to be erased, and leaves by no way', async () => {
    const entry = await olga.api.readJournalEntry({ params: { id: erasedId } })
    expect(entry.personal).toBe('erased')
    expect(JSON.stringify(entry)).not.toContain(forgotten)
    const { rows } = await olga.api.listJournal({ query: { limit: 200 } })
    expect(JSON.stringify(rows)).not.toContain(forgotten)
  })

  test('without the right to see people, what entries say about them is withheld', async () => {
    await tenant.person('Zora Zzpersonzz', 'requester')
    const { id: roleId } = await ada.api.createRole({
      body: {
        key: 'clerk',
        name: 'Clerk',
        description: 'reads the journal and nothing else',
        permissions: [{ permission: 'journal.read', scopes: ['all'] }],
      },
    })
    const clerk = await tenant.person('Cleo Clerk', 'requester')
    await ada.api.giveRole({ params: { id: clerk.id, roleId } })
    const { rows } = await clerk.api.listJournal({ query: { kind: 'person', type: 'person', limit: 200 } })
    expect(rows.some((row) => row.personal === 'withheld')).toBe(true)
    expect(rows.some((row) => row.personal === 'shown')).toBe(false)
  })
})

describe('whether it can be trusted', () => {
  test('an entry is unsealed until the sealer has passed, and then its seal is looked at', async () => {
    const fresh = await olga.api.listJournal({ query: { subject: printer } })
    expect(fresh.rows[0]?.seal).toBeNull()
    expect((await olga.api.readJournalState()).unsealed).toBeGreaterThan(0)
    await seal()
    const state = await olga.api.readJournalState()
    expect(state.unsealed).toBe(0)
    expect(state.head?.size).toBe(state.sealed)
    const { rows } = await olga.api.listJournal({ query: { subject: printer } })
    const entry = await olga.api.readJournalEntry({ params: { id: rows[0]?.id ?? '' } })
    expect(entry.proof?.checks).toEqual([
      { what: 'content', holds: true },
      { what: 'personal', holds: true },
      { what: 'head', holds: true },
      { what: 'signature', holds: true },
    ])
    expect(entry.proof?.keys[0]).toContain(originOf(tenant.id))
  })

  test('the whole of it is verified in stretches, and what was changed behind its back is named', async () => {
    await seal()
    const sound = await olga.api.verifyJournal({ body: {} })
    expect(sound).toMatchObject({ sound: true, from: 0, next: null, signatures: true, fault: null })
    expect(sound.personal.erased).toBeGreaterThan(0)
    const stranger = verifierKey(originOf(tenant.id), signingKey(newSigningKey().privateKeyPem).publicKey)
    const unsigned = await read(world.database, tenant.id, (q) => verifyStretch(q, 0, [stranger]))
    expect(unsigned.sound).toBe(false)

    await world.asAdmin(`update journal set type = 'incident.forged' where id = '${erasedId}'`)
    const verdict = await olga.api.verifyJournal({ body: {} })
    expect(verdict.sound).toBe(false)
    expect(verdict.fault?.id).toBe(erasedId)
    const entry = await olga.api.readJournalEntry({ params: { id: erasedId } })
    expect(entry.proof?.checks[0]).toEqual({ what: 'content', holds: false })
    await world.asAdmin(`update journal set type = 'incident.commented' where id = '${erasedId}'`)
  })

  test('a short stretch says where the next one begins', async () => {
    await amir.api.commentIncident({ params: { id: printer }, body: { audience: 'public', body: 'again' } })
    await seal()
    const { size } = (await olga.api.readJournalState()).head ?? { size: 0 }
    const first = await read(world.database, tenant.id, (q) => verifyStretch(q, 0, [], size - 1))
    expect(first).toMatchObject({ sound: true, signatures: null, next: first.to })
    const last = await olga.api.verifyJournal({ body: { from: first.to } })
    expect(last).toMatchObject({ sound: true, from: first.to, to: size, next: null })
  })

  test('the export proves itself, leaves out what its reader may not see, and is on record', async () => {
    const answer = await world.app.inject({
      method: 'GET',
      url: '/api/v1/journal/export',
      headers: { cookie: olga.cookie },
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).not.toContain(canary)
    expect(answer.body).not.toContain(forgotten)
    const verdict = await verifyExport(
      (async function* () {
        yield Buffer.from(answer.body)
      })(),
      {},
    )
    expect(verdict.ok).toBe(true)
    const { rows } = await olga.api.listJournal({ query: { type: 'journal.exported' } })
    expect(rows).toHaveLength(1)
    expect(rows[0]?.actor.id).toBe(olga.id)
    const refused = await world.app.inject({
      method: 'GET',
      url: '/api/v1/journal/export',
      headers: { cookie: amir.cookie },
    })
    expect(refused.statusCode).toBe(403)
  })
})

test('every type that the server journals has its place in the list that pages have words for', async () => {
  const known = new Set<string>(journalTypes)
  const missing = new Set<string>()
  for await (const file of glob('server/src/**/*.ts')) {
    if (file.endsWith('.test.ts')) continue
    const source = await readFile(file, 'utf8')
    for (const [, type = ''] of source.matchAll(/\b(?:type|emits): '([a-z_]+(?:\.[a-z_]+)+)'/g))
      if (!known.has(type)) missing.add(type)
  }
  // Names that only types have: they are no entry's.
  missing.delete('incident.state_changed')
  expect([...missing]).toEqual([])
})

describe('the health of the instance', () => {
  test('is for those with the permission, and says what waits', async () => {
    expect(await status(amir.api.readInstanceHealth())).toBe(403)
    await seal()
    const health = await ada.api.readInstanceHealth()
    expect(health.sealing).toMatchObject({ status: 'good', waiting: 0 })
    expect(health.versions.database).toMatch(/^\d+/)
    expect(health.database.sizeBytes).toBeGreaterThan(0)
    await rita.api.raiseIncident({ body: { title: 'Something new' } })
    world.clock.advance(11 * 60_000)
    expect((await ada.api.readInstanceHealth()).sealing).toMatchObject({ status: 'bad' })
  })
})
