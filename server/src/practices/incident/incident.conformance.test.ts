import { afterAll, beforeAll, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { checkConformance, type Nonconforming } from './incident.conformance.read.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const check = () =>
  read(world.database, cast.tenant.id, async (q) => {
    const found: Nonconforming[] = []
    return { ...(await checkConformance(q, (one) => found.push(one))), found }
  })

test('a journal that the product wrote holds no illegal move; one that was tampered with names it', async () => {
  const closed = await cast.inState('closed')
  const { id, number } = await cast.read(await cast.inState('resolved'))
  const slip = await cast.inState('in_progress')
  const bulk = await cast.lena.api.startBulk({
    body: { ids: [slip], steps: [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }] },
  })
  await cast.lena.api.undoBulk({ params: { id: bulk.id } })
  expect(await check()).toEqual({ incidents: 3, imported: 0, flagged: 0, found: [] })

  // Behind the product's back: a resolution that came from nowhere.
  await world.asAdmin(
    `delete from journal_personal p using journal j where j.tenant_id = p.tenant_id and j.id = p.entry_id and j.subject_id = '${id}';
     delete from journal where subject_id = '${id}' and type = 'incident.started'`,
  )
  const { incidents, found } = await check()
  expect(incidents).toBe(3)
  expect(found).toMatchObject([
    { id, number, faults: [{ message: 'it moved from in_progress while it was new' }] },
  ])
  expect(found.some((one) => one.id === closed)).toBe(false)
})

test('a move of another tenant is not looked at', async () => {
  const other = await castOf(world, 'other')
  await other.inState('closed')
  expect((await check()).incidents).toBe(3)
})
