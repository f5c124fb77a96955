import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read } from '../../platform/postgres/database.ts'
import { written } from '../../platform/postgres/query.ts'
import { itemList } from './item.list.ts'
import { itemPage } from './item.list.index.ts'

// Lists by attributes begin at the index of values, whoever asks, and stand in the order of one without sorting all of it.

let world: World
let tenant: Awaited<ReturnType<World['tenant']>>
let cara: TestPerson

const servers = 12_000

beforeAll(async () => {
  world = await createWorld()
  tenant = await world.tenant('many')
  cara = await tenant.person('Cara', 'configuration_manager')
  const { id } = await cara.api.createItem({
    body: { class: 'server', name: 'The first', values: { serial: 'S-first', warranty_until: '2020-01-01' } },
  })
  await world.asAdmin(
    `with made as (
       select gen_random_uuid() as id, g, i.tenant_id, i.created_at as at from item i, generate_series(1, ${servers}) as g where i.id = '${id}'),
     items as (
       insert into item (tenant_id, id, class, name, created_at, updated_at)
       select tenant_id, id, 'server', 'srv ' || lpad(g::text, 6, '0'), at, at from made)
     insert into item_value (tenant_id, item_id, attribute, text, day, number)
     select tenant_id, id, v.attribute, v.text, v.day, v.number from made, lateral (values
       ('serial', 'S-' || g, null::date, null::float8),
       ('os', case when g % 3 = 0 then 'Debian 13' else 'Debian 12' end, null, null),
       ('warranty_until', null, date '2026-01-01' + g % 2000, null),
       ('is_virtual', null, null, g % 2)
     ) v (attribute, text, day, number) where v.attribute <> 'warranty_until' or g % 10 > 0`,
  )
  await world.asAdmin('vacuum analyze item, item_value')
})
afterAll(() => world.end())

const caller = (): Caller => ({
  ...tenant.author(),
  personId: cara.id,
  personName: 'Cara',
  language: 'en',
  timeZone: 'UTC',
  sessionId: null,
  keyId: null,
  provedAt: null,
  owes: null,
  sessionEnds: null,
  grants: new Map([['item.read', new Set(['all'] as const)]]),
  reach: { personId: cara.id, teamIds: new Set(), serviceIds: new Set() },
})

/** How the first statement of a page is answered. */
const planOf = async (query: { q?: string; sort?: string }): Promise<string> => {
  const reading = await itemList(world.database, caller(), query)
  return read(world.database, tenant.id, async (q) => {
    const plans: string[] = []
    await itemPage(
      {
        ...q,
        rows: async (asked) => {
          const { text, values } = written(asked)
          const lines = await q.rows<{ 'QUERY PLAN': string }>({ text: `explain ${text}`, values })
          plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'))
          return q.rows(asked)
        },
      },
      reading,
      undefined,
      50,
    )
    return plans[0] ?? ''
  })
}

describe('under row-level security', () => {
  test.each([
    ['attr.serial:=S-77', 'item_value_text'],
    ['attr.os:="Debian 13" attr.serial:=S-78', 'item_value_text'],
    ['attr.warranty_until:2027-03-01', 'item_value_day'],
    ['class:server attr.serial:=S-77', 'item_value_text'],
  ])('%s begins at the index of values', async (q, index) => {
    const plan = await planOf({ q })
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan')
  })

  test.each([
    ['attr.warranty_until', 'item_value_day'],
    ['-attr.warranty_until', 'item_value_day'],
    ['attr.serial', 'item_value_text'],
    ['name', 'item_order'],
    ['-created', 'item_recent'],
  ])('the order of %s is that of an index', async (sort, index) => {
    const plan = await planOf({ sort })
    expect(plan).toContain(index)
    expect(plan).not.toMatch(/^\s*(?:->)?\s*Sort\b/m)
  })
})

test('pages in the order of an attribute have every item once, those without a value last, in both directions', async () => {
  const small = await world.tenant('few')
  const olga = await small.person('Olga', 'configuration_manager')
  const given: Record<string, string | null> = {
    a: '2026-05-01',
    b: null,
    c: '2026-01-01',
    d: '2026-05-01',
    e: null,
    f: '2027-01-01',
    g: null,
  }
  for (const [name, day] of Object.entries(given))
    await olga.api.createItem({
      body: {
        class: 'server',
        name,
        values: {
          hostname: `${name}.example`,
          ...(day === null ? {} : { warranty_until: day, is_virtual: day > '2026-04' }),
        },
      },
    })
  const all = async (sort: string, limit: number, q?: string): Promise<string[]> => {
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await olga.api.listItems({
        query: {
          sort,
          limit,
          ...(cursor === undefined ? {} : { cursor }),
          ...(q === undefined ? {} : { q }),
        },
      })
      names.push(...page.rows.map(({ name }) => name))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    return names
  }
  for (const limit of [1, 2, 3, 4, 7, 50]) {
    expect(await all('attr.warranty_until', limit)).toEqual(['c', 'a', 'd', 'f', 'b', 'e', 'g'])
    expect(await all('-attr.warranty_until', limit)).toEqual(['f', 'd', 'a', 'c', 'b', 'e', 'g'])
    expect(await all('attr.warranty_until,-name', limit)).toEqual(['c', 'd', 'a', 'f', 'g', 'e', 'b'])
    expect(await all('attr.is_virtual', limit)).toEqual(['c', 'a', 'd', 'f', 'b', 'e', 'g'])
    expect(await all('-attr.is_virtual', limit)).toEqual(['f', 'd', 'a', 'c', 'b', 'e', 'g'])
    expect(await all('attr.warranty_until', limit, 'attr.warranty_until:>=2026-05-01')).toEqual([
      'a',
      'd',
      'f',
    ])
    expect(await all('attr.warranty_until', limit, 'attr.hostname:example -name:a -name:f')).toEqual([
      'c',
      'd',
      'b',
      'e',
      'g',
    ])
  }
  expect(await all('name', 3, '-attr.warranty_until:2026-05-01')).toEqual(['b', 'c', 'e', 'f', 'g'])
})
