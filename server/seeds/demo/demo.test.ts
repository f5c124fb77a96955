import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSigningKey, signingKey, verifierKey } from '../../src/kernel/evidence/note.ts'
import { verifyJournal } from '../../src/kernel/evidence/verify.ts'
import { runReactions } from '../../src/platform/journal/runner.ts'
import { sealerWith } from '../../src/platform/journal/sealer.ts'
import { storedJournal } from '../../src/platform/journal/stored-journal.ts'
import { read } from '../../src/platform/postgres/database.ts'
import { createWorld, type World } from '../../test/world.ts'
import { seedDemo } from './seed.ts'

let world: World
const now = Date.parse('2026-11-20T10:30:00.000Z')

beforeAll(async () => {
  world = await createWorld()
  await seedDemo(world.database, now)
}, 120_000)
afterAll(() => world.end())

const tenants = (): Promise<{ id: string; slug: string }[]> =>
  world.database.pool.query('select id, slug from tenant order by slug').then((result) => result.rows)

test('a hospital and a bank have sixty days behind them: three hundred incidents in every state, some running now', async () => {
  const both = await tenants()
  expect(both.map((tenant) => tenant.slug)).toEqual(['meridian', 'st-brigid'])
  let all = 0
  for (const { id } of both) {
    const states = await read(world.database, id, (q) =>
      q.rows<{ state: string; count: number; oldest: string; newest: string }>({
        text: `select state, count(*)::int as count, min(created_at) as oldest, max(created_at) as newest from record where tenant_id = $1 group by state`,
        values: [id],
      }),
    )
    expect(states.map((row) => row.state).sort()).toEqual([
      'canceled',
      'closed',
      'in_progress',
      'new',
      'on_hold',
      'resolved',
    ])
    all += states.reduce((sum, row) => sum + row.count, 0)
    expect(Math.min(...states.map((row) => Date.parse(row.oldest)))).toBeLessThan(now - 50 * 86_400_000)
    expect(Math.max(...states.map((row) => Date.parse(row.newest)))).toBeGreaterThan(now - 3_600_000)
    expect(Math.max(...states.map((row) => Date.parse(row.newest)))).toBeLessThanOrEqual(now)
  }
  expect(all).toBe(300)
})

test('its services stand on something: clusters that lose one node go on, and the network takes everything down', async () => {
  for (const { id } of await tenants()) {
    const counts = await read(world.database, id, (q) =>
      q.one<{ items: number; relations: number; missing: number; conflicts: number }>({
        text: `select (select count(*)::int from item where tenant_id = $1) as items,
                 (select count(*)::int from item_relation where tenant_id = $1) as relations,
                 (select count(*)::int from item where tenant_id = $1 and missing > 0) as missing,
                 (select count(*)::int from item_conflict where tenant_id = $1) as conflicts`,
        values: [id],
      }),
    )
    expect(counts.items).toBeGreaterThan(60)
    expect(counts.relations).toBeGreaterThan(100)
    expect(counts).toMatchObject({ missing: 0, conflicts: 0 })
  }
})

test('its journal is a real one: it can be sealed, and it verifies', async () => {
  const pair = newSigningKey()
  const reactions = runReactions([sealerWith(signingKey(pair.privateKeyPem))], {
    database: world.database,
    now: world.clock.now,
    pause: 60_000,
  })
  for (const { id } of await tenants()) {
    const verify = () =>
      read(world.database, id, (q) =>
        verifyJournal(storedJournal(q), {
          tenant: id,
          keys: [verifierKey(`evenkeel/${id}`, pair.publicKeyPem)],
        }),
      )
    let verdict = await verify()
    for (let round = 0; round < 50 && !(verdict.ok && verdict.unsealed === 0); round += 1) {
      await reactions.drain()
      verdict = await verify()
    }
    expect(verdict).toMatchObject({ ok: true, unsealed: 0 })
  }
  await reactions.stop()
})
