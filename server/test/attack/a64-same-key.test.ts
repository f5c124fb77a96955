import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setStage, type Stage, type Visitor } from './stage.ts'
import { read } from '../../src/platform/postgres/database.ts'

// Attack test A64: an Idempotency-Key is one request of one principal. Whatever is repeated, reordered or raced, there is one effect, and
// nobody learns another's answer by naming their key.

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.end())

const raise = (visitor: Visitor, key: string, body: unknown, url = '/api/v1/incidents') =>
  stage.send(visitor, { method: 'POST', url, headers: { 'idempotency-key': key }, body })
const raised = (title: string): Promise<number> =>
  read(stage.world.database, stage.harbor.id, async (q) => {
    const row = await q.one<{ n: number }>({
      text: 'select count(*)::int as n from record where tenant_id = $1 and title = $2',
      values: [stage.harbor.id, title],
    })
    return row.n
  })
const entries = (title: string): Promise<number> =>
  read(stage.world.database, stage.harbor.id, async (q) => {
    const row = await q.one<{ n: number }>({
      text: `select count(*)::int as n from journal j join record r on r.tenant_id = j.tenant_id and r.id = j.subject_id
             where j.tenant_id = $1 and r.title = $2 and j.type = 'incident.raised'`,
      values: [stage.harbor.id, title],
    })
    return row.n
  })

describe('A64: the same Idempotency-Key', () => {
  test('A64: fifty at once have one effect and one answer', async () => {
    const [key, title] = [randomUUID(), 'Fifty at once']
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => raise(stage.visitors.r1, key, { title })),
    )
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([201]))
    expect(new Set(answers.map((answer) => answer.payload)).size).toBe(1)
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true')).toHaveLength(49)
    expect([await raised(title), await entries(title)]).toEqual([1, 1])
  })
  test('A64: fifty comments at once are one comment', async () => {
    const { id } = await stage.people.r1.api.raiseIncident({ body: { title: 'Said once' } })
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        raise(
          stage.visitors.r1,
          key,
          { audience: 'public', body: 'once' },
          `/api/v1/incidents/${id}/comments`,
        ),
      ),
    )
    expect(new Set(answers.map((answer) => answer.payload)).size).toBe(1)
    const { items } = await stage.people.r1.api.incidentTimeline({ params: { id } })
    expect(items.filter((item) => item.body === 'once')).toHaveLength(1)
  })
  test('A64: with another body, at another address or in another order of meaning it is refused', async () => {
    const key = randomUUID()
    const first = await raise(stage.visitors.r1, key, { title: 'First', impact: 2 })
    expect(first.statusCode).toBe(201)
    for (const body of [{ title: 'Second', impact: 2 }, { title: 'First' }, { title: 'First', impact: 3 }])
      expect((await raise(stage.visitors.r1, key, body)).json()).toMatchObject({
        status: 422,
        code: 'key_reused',
      })
    expect(
      (await raise(stage.visitors.r1, key, { name: 'First', filter: { all: [] } }, '/api/v1/views')).json(),
    ).toMatchObject({ code: 'key_reused' })
    expect(await raised('Second')).toBe(0)
    // The same request spelled otherwise is the same request.
    expect((await raise(stage.visitors.r1, key, '{ "impact": 2,\n "title": "First" }')).payload).toBe(
      first.payload,
    )
    expect(await raised('First')).toBe(1)
  })
  test('A64: of fifty different bodies under one key at once, one is done and the others are refused', async () => {
    const key = randomUUID()
    const titles = Array.from({ length: 50 }, (_, at) => `Different ${at}`)
    const answers = await Promise.all(titles.map((title) => raise(stage.visitors.r1, key, { title })))
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 49 }, () => 422),
    ])
    const there = await Promise.all(titles.map(raised))
    expect(there.reduce((sum, n) => sum + n, 0)).toBe(1)
  })
  test('A64: is its own for every person, every API key and every tenant', async () => {
    const [key, title] = [randomUUID(), 'Mine']
    const { id, secret } = await stage.people.r1.api.createApiKey({
      body: {
        name: 'script',
        permissions: ['incident.raise'],
        expiresAt: new Date(Date.parse(stage.world.clock.now()) + 3_600_000).toISOString(),
      },
    })
    const byKey: Visitor = {
      ...stage.visitors.key,
      personId: id,
      headers: () => ({ authorization: `Bearer ${secret}` }),
    }
    const visitors = [stage.visitors.r1, stage.visitors.r2, byKey, stage.visitors.elsewhere]
    const answers = []
    for (const visitor of visitors) answers.push(await raise(visitor, key, { title }))
    expect(answers.map((answer) => answer.statusCode)).toEqual([201, 201, 201, 201])
    expect(answers.every((answer) => answer.headers['idempotency-replayed'] === undefined)).toBe(true)
    expect(new Set(answers.map((answer) => answer.json<{ id: string }>().id)).size).toBe(4)
    // Another's key with another's very body tells nothing of theirs.
    expect(await raised(title)).toBe(3)
  })
  test('A64: is not used up by a refusal, and a refusal is not an answer that is remembered', async () => {
    const key = randomUUID()
    const refused = { title: 'Repaired', serviceId: '00000000-0000-7000-8000-000000000000' }
    expect((await raise(stage.visitors.r1, key, refused)).statusCode).toBe(422)
    expect((await raise(stage.visitors.r1, key, refused)).statusCode).toBe(422)
    expect((await raise(stage.visitors.r1, key, { title: 'Repaired' })).statusCode).toBe(201)
    expect(
      (await raise(stage.visitors.auditor, randomUUID(), { title: 'Not mine to raise' })).statusCode,
    ).toBe(403)
    expect([await raised('Repaired'), await raised('Not mine to raise')]).toEqual([1, 0])
  })
  test('A64: does not outlive the right to do it', async () => {
    const { harbor, people, world } = stage
    const person = await harbor.person('Gone Tomorrow', 'requester')
    const visitor: Visitor = { ...stage.visitors.r1, headers: () => ({ cookie: person.cookie }) }
    const key = randomUUID()
    expect((await raise(visitor, key, { title: 'While I may' })).statusCode).toBe(201)
    const { rows } = await people.maker.api.listRoles()
    const roleId = rows.find((role) => role.key === 'requester')?.id ?? ''
    await people.maker.api.takeRole({ params: { id: person.id, roleId } })
    expect((await raise(visitor, key, { title: 'While I may' })).statusCode).toBe(403)
    expect(world.clock.now()).toBeDefined()
  })
  test.each(['', ' ', 'a b', 'ä', 'x'.repeat(201), 'a\tb'])('A64: %j is no key', async (key) => {
    expect((await raise(stage.visitors.r1, key, { title: 'No key' })).statusCode).toBe(400)
    expect(await raised('No key')).toBe(0)
  })
})
