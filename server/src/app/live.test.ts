import { presenceEndsMilliseconds } from '@evenkeel/contract/live'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { castOf, type Cast } from '../../test/incidents.ts'
import { clientFor, createWorld, type TestPerson, type World } from '../../test/world.ts'
import { openDatabase, type Database } from '../platform/postgres/database.ts'
import { createApi } from './api.ts'

// Two processes of one instance: two servers, each with its own connections, hub and memory, on one database.

let world: World
let cast: Cast
let database: Database
let other: Awaited<ReturnType<typeof createApi>>
let address = ''
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
  database = await openDatabase({ url: world.test.appUrl, connections: 4 })
  other = await createApi(database, { clock: world.clock.now, accountKey: Buffer.alloc(32, 7) })
  address = await world.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  world.app.server.closeAllConnections()
  await other.close()
  await database.end()
  await world.end()
})

const page = (last: number): string => `018f0000-0000-7000-8000-00000000000${last}`
type Doing = 'reading' | 'writing' | 'leaving'
const here = (by: TestPerson, id: string, at: number, doing: Doing = 'reading') =>
  by.api.bePresent({ params: { id }, body: { page: page(at), doing } })
const there = (by: TestPerson, id: string, at: number, doing: Doing = 'reading') =>
  clientFor(other, { cookie: by.cookie }).bePresent({ params: { id }, body: { page: page(at), doing } })
const names = (told: { readonly people: readonly { readonly name: string; readonly writing: boolean }[] }) =>
  told.people.map(({ name, writing }) => (writing ? `${name} writes` : name))

test('who is on a record through another process is seen, told to open pages, and gone when they leave', async () => {
  const { id } = await cast.raise()
  const hangUp = new AbortController()
  const stream = await fetch(`${address}/api/v1/live`, {
    headers: { cookie: cast.nora.cookie },
    signal: hangUp.signal,
  })
  let heard = ''
  const reading = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of stream.body ?? []) heard += decoder.decode(chunk, { stream: true })
  }
  reading().catch(() => {})
  const last = () => {
    const found = [...heard.matchAll(/^event: presence\ndata: (.*)$/gm)].at(-1)?.[1]
    return found === undefined ? [] : names(JSON.parse(found))
  }

  expect(names(await here(cast.nora, id, 1))).toEqual(['Nora'])
  expect(names(await there(cast.amir, id, 2, 'writing'))).toEqual(['Amir writes', 'Nora'])
  await vi.waitFor(() => expect(last()).toEqual(['Amir writes', 'Nora']), { timeout: 20_000 })
  // The same page, by way of the other process: it is there once.
  expect(names(await here(cast.amir, id, 2))).toEqual(['Amir', 'Nora'])
  expect(names(await there(cast.lena, id, 3))).toEqual(['Amir', 'Lena', 'Nora'])
  await there(cast.lena, id, 3, 'leaving')
  await vi.waitFor(() => expect(last()).toEqual(['Amir', 'Nora']), { timeout: 20_000 })
  hangUp.abort()
})

test('callers see nobody, and another organization has no row of it', async () => {
  const { id } = await cast.raise()
  await there(cast.amir, id, 1)
  expect((await here(cast.rita, id, 2)).people).toEqual([])
  const stranger = await (await world.tenant('elsewhere')).person('Olga', 'team_lead')
  await expect(here(stranger, id, 3)).rejects.toMatchObject({ status: 404 })
})

test('nobody fills the table, and what was not heard of for long is not told', async () => {
  const { id } = await cast.raise()
  for (let at = 0; at < 40; at += 1)
    await cast.lena.api.bePresent({
      params: { id },
      body: { page: `018f0000-0000-7000-8000-0000000001${String(at).padStart(2, '0')}`, doing: 'reading' },
    })
  const rows = await world.database.pool.connect()
  try {
    await rows.query(`begin; set local evenkeel.tenant = '${cast.tenant.id}'`)
    const { rows: kept } = await rows.query<{ count: number }>(
      'select count(*) as count from presence where person_id = $1',
      [cast.lena.id],
    )
    expect(kept[0]?.count).toBeLessThanOrEqual(31)
    await rows.query(`update presence set seen_at = seen_at - $1 * interval '1 ms'`, [
      presenceEndsMilliseconds,
    ])
    await rows.query('commit')
  } finally {
    rows.release()
  }
  expect(names(await there(cast.amir, id, 9))).toEqual(['Amir'])
})
