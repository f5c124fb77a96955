import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { behind } from '../../../test/mail-room.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { reactionRunner } from '../../platform/journal/reactions.ts'
import { write } from '../../platform/journal/write.ts'
import { read } from '../../platform/postgres/database.ts'
import type { ProcessMap } from '@evenkeel/contract/insight'
import { hasMove, stepsOf } from './insight.activities.ts'
import { foldAgain, insightReaction } from './insight.projection.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

const later = (minutes: number): void => world.clock.advance(minutes * 60_000)

/** Lets the worker's reaction read what was written. A transaction elsewhere in the cluster holds back for a moment what it sees. */
const fold = async (): Promise<void> => {
  const runner = reactionRunner(insightReaction, { database: world.database, now: world.clock.now })
  do {
    while (await runner.run());
  } while ((await behind(world.database, cast.tenant.id, [insightReaction.name])) > 0)
}

const rowsOf = (by: Cast = cast) =>
  read(world.database, by.tenant.id, async (q) => ({
    cases: await q.rows({ text: 'select * from insight_case order by record_id', values: [] }),
    steps: await q.rows({ text: 'select * from insight_step order by record_id, place', values: [] }),
  }))

/** An entry as an import writes it. */
const brought = (id: string, at: string, type: string, data: JsonObject): Promise<void> =>
  write(
    world.database,
    {
      ...cast.tenant.author(),
      now: at,
      actor: { kind: 'system', id: null, onBehalfOf: null, via: 'import' },
    },
    async (tx) => void tx.journal({ type, subject: { kind: 'incident', id }, data }),
  )

describe('ways', () => {
  let closed: string
  let bounced: string
  beforeAll(async () => {
    closed = await cast.inState('closed', { category: 'ways' })
    bounced = (await cast.raise(cast.rita, { category: 'ways' })).id
    later(10)
    await cast.assign(cast.lena, bounced, { teamId: cast.mailId })
    later(30)
    await cast.assign(cast.lena, bounced, { teamId: cast.networkId })
    later(20)
    await cast.assign(cast.lena, bounced, { teamId: cast.mailId })
    await fold()
  })
  const query = { q: 'category:ways' }

  test('are folded from the journal once, and folding all of them again changes nothing', async () => {
    const before = await rowsOf()
    expect(before.cases).toMatchObject(
      [
        { record_id: closed, path: 'ntprc', states: 'nprc', state: 'closed' },
        { record_id: bounced, path: 'nttt', states: 'n', state: 'new' },
      ].toSorted((one, other) => (one.record_id < other.record_id ? -1 : 1)),
    )
    await write(world.database, cast.tenant.author(), (tx) => foldAgain(tx, [closed, bounced, closed]))
    expect(await rowsOf()).toEqual(before)
  })

  test('are counted on the map, with what follows what', async () => {
    const map = await cast.lena.api.readProcessMap({ query })
    expect(map).toMatchObject({
      counted: { incidents: 2, notYet: 0 },
      shown: { incidents: 2, variants: 2, ofVariants: 2 },
    })
    expect(
      map.nodes.map(({ activity, visits, begins, ends, still }) => [activity, visits, begins, ends, still]),
    ).toEqual([
      ['new', 2, 2, 0, 1],
      ['in_progress', 1, 0, 0, 0],
      ['resolved', 1, 0, 0, 0],
      ['closed', 1, 0, 1, 0],
    ])
    expect(map.edges.every(({ unfit, passes }) => unfit === 0 && passes === 1)).toBe(true)
    const handovers = await cast.lena.api.readProcessMap({ query: { ...query, lens: 'handovers' } })
    expect(handovers.edges).toContainEqual({
      from: 'handed_over',
      to: 'handed_over',
      passes: 2,
      incidents: 1,
      unfit: 0,
      medianSeconds: 1200,
      p90Seconds: 1800,
    })
    for (const definition of Object.values(map.definitions)) expect(definition).toMatch(/\.$/)
  })

  test('that came straight back say between whom, and what it cost', async () => {
    const answer = await cast.lena.api.readPingPong({ query })
    expect(answer).toMatchObject({
      times: 1,
      incidents: 1,
      seconds: 1200,
      pairs: [
        {
          home: { name: 'Mail' },
          other: { name: 'Network' },
          times: 1,
          seconds: 1200,
          medianSeconds: 1200,
          examples: [{ id: bounced, seconds: 1200 }],
        },
      ],
    })
    const { rows } = await cast.lena.api.listInsightRecords({
      query: { ...query, behind: 'pair', home: cast.mailId, other: cast.networkId },
    })
    expect(rows.map(({ id }) => id)).toEqual([bounced])
  })

  test('lead from each number to the incidents behind it', async () => {
    const shown = async (
      more: NonNullable<Parameters<typeof cast.lena.api.listInsightRecords>[0]>['query'],
    ) => {
      const { rows, incidents, readable } = await cast.lena.api.listInsightRecords({
        query: { ...query, ...more },
      })
      expect([incidents, readable]).toEqual([rows.length, rows.length])
      return rows.map(({ id }) => id)
    }
    expect(await shown({})).toEqual([bounced, closed])
    expect(await shown({ behind: 'variant', path: 'nprc' })).toEqual([closed])
    expect(await shown({ behind: 'node', activity: 'resolved' })).toEqual([closed])
    expect(await shown({ behind: 'edge', fromStep: 'new', toStep: 'in_progress' })).toEqual([closed])
    expect(await shown({ behind: 'edge', fromStep: 'new', toStep: 'resolved' })).toEqual([])
    expect(await shown({ behind: 'bounced' })).toEqual([bounced])
    expect(await shown({ behind: 'fitting' })).toEqual([bounced, closed])
    const first = await cast.lena.api.listInsightRecords({ query: { ...query, limit: 1 } })
    const second = await cast.lena.api.listInsightRecords({
      query: { ...query, limit: 1, ...(first.next === null ? {} : { cursor: first.next }) },
    })
    expect([first, second].map(({ rows }) => rows[0]?.id)).toEqual([bounced, closed])
    expect(second.next).toBeNull()
    expect(await refusalOf(shown({ behind: 'edge', fromStep: 'new' }))).toBe('malformed')
    expect(await refusalOf(shown({ cursor: 'elsewhere' }))).toBe('malformed')
  })
})

describe('moves that the process does not have', () => {
  const query = { q: 'category:foreign' }
  let jumped: string
  let began: string
  beforeAll(async () => {
    // As another system did it: straight from new to closed, and back to work from there.
    jumped = (await cast.raise(cast.rita, { category: 'foreign' })).id
    const at = world.clock.now()
    const state = (version: number, from: string, to: string) =>
      brought(jumped, at, 'incident.imported_update', {
        version,
        changes: { state: { from, to } },
        flags: ['no_move'],
      })
    await state(2, 'new', 'closed')
    later(60)
    await state(3, 'closed', 'in_progress')
    began = (await cast.raise(cast.rita, { category: 'foreign' })).id
    await world.asAdmin(
      `update journal set data = jsonb_set(data, '{state}', '"resolved"') where subject_id = '${began}' and type = 'incident.raised'`,
    )
    await cast.inState('closed', { category: 'foreign' })
    await fold()
  })

  test('are named with how often, where, what the process says instead, and examples', async () => {
    const answer = await cast.lena.api.readConformance({ query })
    expect(answer).toMatchObject({ counted: { incidents: 3 }, fitting: 1 })
    expect(answer.deviations.map(({ from, to, passes, sentence }) => [from, to, passes, sentence])).toEqual([
      [null, 'resolved', 1, 'An incident begins as New; these began as Resolved.'],
      ['new', 'closed', 1, 'The process has no move from New to Closed; Closed is reached from Resolved.'],
      ['closed', 'in_progress', 1, 'Closed is the end: no move leads on from there.'],
    ])
    expect(answer.deviations[1]).toMatchObject({
      incidents: 1,
      share: 1 / 3,
      teams: [{ team: { name: 'Service desk' }, passes: 1 }],
      months: [{ month: world.clock.now().slice(0, 7), passes: 1 }],
      examples: [{ id: jumped, title: 'The printer is on fire' }],
    })
  })

  test('lead to their incidents, and the fitting ones are the others', async () => {
    const shown = async (more: object) =>
      (await cast.lena.api.listInsightRecords({ query: { ...query, ...more } })).rows.map(({ id }) => id)
    expect(await shown({ behind: 'unfit', fromStep: 'new', toStep: 'closed' })).toEqual([jumped])
    expect(await shown({ behind: 'unfit', toStep: 'resolved' })).toEqual([began])
    expect(await shown({ behind: 'fitting' })).toHaveLength(1)
  })

  test('are marked on the map and on the way', async () => {
    const { edges } = await cast.lena.api.readProcessMap({ query })
    expect(edges.filter(({ unfit }) => unfit > 0).map(({ from, to }) => `${from}>${to}`)).toEqual([
      'new>closed',
      'closed>in_progress',
    ])
    const { variants } = await cast.lena.api.readVariants({ query })
    expect(variants.map(({ path, fits, share }) => [path, fits, share])).toEqual([
      ['ncp', false, 1 / 3],
      ['nprc', true, 1 / 3],
      ['r', false, 1 / 3],
    ])
    expect(variants.at(-1)?.together).toBeCloseTo(1)
  })
})

describe('a question', () => {
  test('takes the filter of the lists and months; what it cannot read it refuses as they do', async () => {
    const count = async (query: object) => (await cast.lena.api.readProcessMap({ query })).counted.incidents
    const month = world.clock.now().slice(0, 7)
    expect(await count({ q: 'category:ways', from: month, to: month })).toBe(2)
    expect(await count({ q: 'category:ways', to: '2019-12' })).toBe(0)
    expect(await count({ q: 'category:ways', from: month })).toBe(2)
    expect(
      await count({ filter: JSON.stringify({ field: 'category', op: '=', value: 'ways' }), q: 'team:Mail' }),
    ).toBe(2)
    expect(await refusalOf(count({ q: 'salary:1' }))).toBe('unknown_field')
    expect(await refusalOf(count({ filter: '{' }))).toBe('malformed')
    expect(await refusalOf(count({ from: '2026-05', to: '2026-04' }))).toBe('malformed')
  })

  test('is narrowed to the most frequent ways that make up a share', async () => {
    for (let more = 0; more < 2; more += 1) await cast.inState('resolved', { category: 'shares' })
    await cast.inState('canceled', { category: 'shares' })
    await fold()
    const map = async (share: number) =>
      cast.lena.api.readProcessMap({ query: { q: 'category:shares', share } })
    expect((await map(60)).shown).toEqual({ incidents: 2, variants: 1, ofVariants: 2 })
    expect((await map(60)).nodes.map(({ activity }) => activity)).toEqual(['new', 'in_progress', 'resolved'])
    expect((await map(67)).shown).toEqual({ incidents: 3, variants: 2, ofVariants: 2 })
    const { incidents } = await cast.lena.api.listInsightRecords({
      query: { q: 'category:shares', share: 60, behind: 'node', activity: 'new' },
    })
    expect(incidents).toBe(2)
  })
})

describe('who asks', () => {
  test('sees numbers of what their right reaches; confidential ones neither count nor show for others', async () => {
    const secret = (await cast.raise(cast.rita, { category: 'secret', confidential: true })).id
    const open = (await cast.raise(cast.rita, { category: 'secret' })).id
    await cast.assign(cast.lena, open, { teamId: cast.mailId })
    await fold()
    const query = { q: 'category:secret' }
    const seen = async (by: typeof cast.lena) => {
      const { rows, ...counts } = await by.api.listInsightRecords({ query })
      expect((await by.api.readProcessMap({ query })).counted.incidents).toBe(counts.incidents)
      return { ids: rows.map(({ id }) => id), ...counts }
    }
    expect(await seen(cast.lena)).toEqual({ ids: [open], incidents: 1, readable: 1, next: null })
    const team = await cast.personWith('Tom', { 'insight.read': 'team', 'incident.read': 'all' })
    expect(await seen(team)).toMatchObject({ ids: [], incidents: 0 })
    const counting = await cast.personWith('Cora', { 'insight.read': 'all', 'incident.read': 'own' })
    expect(await seen(counting)).toMatchObject({ ids: [], incidents: 1, readable: 0 })
    expect((await counting.api.readPingPong({})).pairs.every(({ examples }) => examples.length === 0)).toBe(
      true,
    )
    expect(JSON.stringify(await cast.lena.api.readConformance({}))).not.toContain(secret)
    expect(await refusalOf(cast.rita.api.readProcessMap({}))).toBe('forbidden')
    const elsewhere = await castOf(world, 'elsewhere')
    expect((await elsewhere.lena.api.readProcessMap({})).counted).toEqual({ incidents: 0, notYet: 0 })
  })

  test('what an import brought and took back is in no number', async () => {
    const kept = await cast.inState('closed', { category: 'void' })
    const gone = await cast.inState('closed', { category: 'void' })
    await fold()
    const query = { q: 'category:void' }
    expect((await cast.lena.api.readProcessMap({ query })).counted.incidents).toBe(2)
    const batch = uuidv7()
    await world.asAdmin(
      `insert into import_batch (tenant_id, id, file_name, size_bytes, sha256, storage_key, state, created_by, created_at, voided_at)
       values ('${cast.tenant.id}', '${batch}', 'a.csv', 1, decode(repeat('00', 32), 'hex'), 'a', 'voided', '${cast.lena.id}', now(), now());
       update record set import_id = '${batch}' where id = '${gone}'`,
    )
    expect((await cast.lena.api.readProcessMap({ query })).counted).toEqual({ incidents: 1, notYet: 0 })
    expect((await cast.lena.api.readVariants({ query })).variants).toMatchObject([{ incidents: 1 }])
    expect((await cast.lena.api.listInsightRecords({ query })).rows.map(({ id }) => id)).toEqual([kept])
  })
})

test('the planner hears of a past that was brought in, from whoever folded it', async () => {
  await read(world.database, cast.tenant.id, (q) =>
    q.rows({ text: 'select count_insight_anew()', values: [] }),
  )
})

describe('the numbers', () => {
  /** As slowly and plainly as it can be said. */
  const naive = (steps: readonly Naive[]): Pick<ProcessMap, 'nodes' | 'edges'> => {
    const states = steps.filter(({ activity }) => activity !== 'handed_over')
    const ways = [...Map.groupBy(states, ({ record_id }) => record_id).values()]
    const names = [...new Set(states.map(({ activity }) => activity))]
    const passes = ways.flatMap((way) =>
      way.slice(1).map((step, place) => ({
        id: step.record_id,
        from: way[place]?.activity ?? 'new',
        to: step.activity,
        seconds: (Date.parse(step.at) - Date.parse(way[place]?.at ?? step.at)) / 1000,
      })),
    )
    const times = (some: readonly { seconds: number }[]) => {
      const sorted = some.map(({ seconds }) => seconds).toSorted((one, other) => one - other)
      const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? null
      return { medianSeconds: at(0.5), p90Seconds: at(0.9) }
    }
    const isOver = (way: readonly Naive[]) => ['closed', 'canceled'].includes(way.at(-1)?.activity ?? '')
    return {
      nodes: names.map((activity) => ({
        activity,
        visits: states.filter((step) => step.activity === activity).length,
        incidents: ways.filter((way) => way.some((step) => step.activity === activity)).length,
        begins: ways.filter((way) => way[0]?.activity === activity).length,
        ends: ways.filter((way) => way.at(-1)?.activity === activity && isOver(way)).length,
        still: ways.filter((way) => way.at(-1)?.activity === activity && !isOver(way)).length,
        ...times(passes.filter(({ from }) => from === activity)),
      })),
      edges: names.flatMap((from) =>
        names.flatMap((to) => {
          const some = passes.filter((pass) => pass.from === from && pass.to === to)
          return some.length === 0
            ? []
            : [
                {
                  from,
                  to,
                  passes: some.length,
                  incidents: new Set(some.map(({ id }) => id)).size,
                  unfit: hasMove(from, to) ? 0 : some.length,
                  ...times(some),
                },
              ]
        }),
      ),
    }
  }
  type Naive = {
    readonly record_id: string
    readonly at: string
    readonly activity: ProcessMap['nodes'][number]['activity']
  }

  test('of the map are those that counting step by step gives', async () => {
    const map = await cast.lena.api.readProcessMap({})
    const { rows } = await cast.lena.api.listInsightRecords({ query: { limit: 200 } })
    expect(rows).toHaveLength(map.counted.incidents)
    expect(rows.length).toBeGreaterThan(8)
    const counted = new Set(rows.map(({ id }) => id))
    const { steps } = await rowsOf()
    const plain = naive((steps as Naive[]).filter(({ record_id }) => counted.has(record_id)))
    const byName = <T>(some: readonly T[], name: (one: T) => string) =>
      some.toSorted((one, other) => (name(one) < name(other) ? -1 : 1))
    const node = ({ activity }: { activity: string }) => activity
    const edge = ({ from, to }: { from: string; to: string }) => `${from}>${to}`
    expect(byName(map.nodes, node)).toEqual(byName(plain.nodes, node))
    expect(byName(map.edges, edge)).toEqual(byName(plain.edges, edge))
    const { variants } = await cast.lena.api.readVariants({ query: { limit: 200 } })
    expect(variants.reduce((sum, { incidents }) => sum + incidents, 0)).toBe(rows.length)
    expect(variants.every(({ path, steps: way }) => stepsOf(path).length === way.length)).toBe(true)
  })
})
