import { afterEach, beforeEach, expect, test } from 'vitest'
import { cloneDatabase, type TestDatabase } from '../../test/database.ts'
import { openDatabase, read, type Database } from '../platform/postgres/database.ts'
import { createTenant } from '../practices/people/index.ts'
import { fillOnce } from './seed.ts'

let clone: TestDatabase
let database: Database
beforeEach(async () => {
  clone = await cloneDatabase()
  database = await openDatabase({ url: clone.appUrl, connections: 4 })
})
afterEach(async () => {
  await database.end()
  await clone.drop()
})

const settle = async (slug: string): Promise<void> => {
  const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'seed' } as const
  await createTenant(
    database,
    { actor, request: null, now: '2026-11-20T10:00:00.000Z' },
    { slug, name: slug, language: 'en', timeZone: 'UTC', isDemo: true },
  )
}
const filled = (slugs: readonly string[], begins?: () => void) =>
  fillOnce(
    'demo',
    async () => {
      for (const slug of slugs) await settle(slug)
    },
    database,
    clone.ownerUrl,
    begins,
  )
const tenants = async (): Promise<string[]> => {
  const { rows } = await database.pool.query<{ slug: string }>('select slug from tenant order by slug')
  return rows.map(({ slug }) => slug)
}

test('a new instance is filled once', async () => {
  let begun = 0
  const begins = (): void => {
    begun += 1
  }
  expect(await filled(['bank', 'hospital'], begins)).toBe('seeded')
  expect(await filled(['another'], begins)).toBe('kept')
  expect(await tenants()).toEqual(['bank', 'hospital'])
  expect(begun).toBe(1)
})

test('half a seed is emptied out, journal and queue with it, and begun anew', async () => {
  const cutOff = fillOnce(
    'demo',
    async () => {
      await settle('hospital')
      throw new Error('the power went')
    },
    database,
    clone.ownerUrl,
  )
  await expect(cutOff).rejects.toThrow('the power went')
  expect(await tenants()).toEqual(['hospital'])
  expect(await filled(['bank', 'hospital'])).toBe('seeded')
  for (const { id } of (await database.pool.query<{ id: string }>('select id from tenant')).rows) {
    const made = await read(database, id, (q) =>
      q.rows({
        text: "select type from journal where tenant_id = $1 and type = 'tenant.created'",
        values: [id],
      }),
    )
    expect(made).toHaveLength(1)
  }
  expect(await tenants()).toEqual(['bank', 'hospital'])
})

test('what somebody else put there is left alone', async () => {
  await settle('ours')
  expect(await filled(['bank'])).toBe('in use')
  expect(await tenants()).toEqual(['ours'])
})

test('two starts at once take turns, and the second finds it done', async () => {
  const outcomes = await Promise.all([filled(['bank']), filled(['bank'])])
  expect(outcomes.toSorted()).toEqual(['kept', 'seeded'])
  expect(await tenants()).toEqual(['bank'])
})
