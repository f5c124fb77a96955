/**
 * `node bench/insight.ts [--log incident_event_log.csv] [--incidents 25000]`: how long the questions of insight take over a whole history.
 * The history is the incident event log of a real service desk (UCI Machine Learning Repository 498, CC BY 4.0) where its CSV is given, else
 * one that is made up: as many incidents, about as many updates. Brought in as an import brings it, folded by the reaction, asked over HTTP.
 * Exit code 1 when a budget is missed: the map under 1,000 ms, with a filter under 500 ms, medians of seven.
 */
import { readFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { reactionRunner } from '../server/src/platform/journal/reactions.ts'
import { write, type Author } from '../server/src/platform/journal/write.ts'
import { read } from '../server/src/platform/postgres/database.ts'
import { insightReaction } from '../server/src/practices/insight/index.ts'
import { pastIncidents } from '../server/src/practices/incident/index.ts'
import { createTeam } from '../server/src/practices/people/index.ts'
import type { PastRecord, PastUpdate } from '../server/src/practices/record/index.ts'
import { makeTenant, openBench } from './place.ts'

const { values } = parseArgs({
  options: { log: { type: 'string' }, incidents: { type: 'string', default: '25000' } },
})
const budgets = { map: 1000, filtered: 500 } as const
const rounds = 7
const broughtTogether = 300

type Line = { readonly key: string; readonly at: string; readonly values: PastUpdate['values'] }

const states: Readonly<Record<string, string>> = {
  New: 'new',
  Active: 'in_progress',
  'Awaiting User Info': 'on_hold',
  'Awaiting Problem': 'on_hold',
  'Awaiting Vendor': 'on_hold',
  'Awaiting Evidence': 'on_hold',
  Resolved: 'resolved',
  Closed: 'closed',
}

/** `29/2/2016 01:16`, taken as UTC. */
const instantOf = (text: string): string => {
  const [, day, month, year, hour, minute] = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+)$/.exec(text) ?? []
  return new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)),
  ).toISOString()
}

const fromLog = async (path: string): Promise<Line[]> => {
  const [head = '', ...rows] = (await readFile(path, 'utf8')).trim().split(/\r?\n/)
  const names = head.split(',')
  const column = (name: string): number => names.indexOf(name)
  const [number, state, at, opened, team, category, priority] = [
    column('number'),
    column('incident_state'),
    column('sys_updated_at'),
    column('opened_at'),
    column('assignment_group'),
    column('category'),
    column('priority'),
  ]
  return rows.map((row): Line => {
    const cells = row.split(',')
    const cell = (place: number): string | null => (cells[place] === '?' ? null : (cells[place] ?? null))
    return {
      key: cell(number) ?? '',
      at: instantOf(cell(at) ?? ''),
      values: {
        title: `${cell(category) ?? 'Incident'} ${cell(number) ?? ''}`,
        createdAt: instantOf(cell(opened) ?? ''),
        state: states[cell(state) ?? ''] ?? null,
        team: cell(team),
        category: cell(category),
        priority: cell(priority)?.slice(0, 1) ?? null,
      },
    }
  })
}

/** Nobody's: the usual way, with holds, handovers and a move that the process does not have in one of forty. */
const madeUp = (incidents: number): Line[] => {
  let seed = 20_261_122
  const luck = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  return Array.from({ length: incidents }, (_, place) => place).flatMap((place) => {
    let at = Date.UTC(2016, 1, 29) + Math.floor(luck() * 90 * 86_400_000)
    const createdAt = new Date(at).toISOString()
    const way = ['new', ...(luck() < 0.025 ? [] : ['in_progress'])]
    while (luck() < 0.45) way.push('on_hold', 'in_progress')
    way.push('resolved', ...(luck() < 0.02 ? ['in_progress', 'resolved'] : []), 'closed')
    let team = `Group ${Math.floor(luck() * 70)}`
    const priority = String(1 + Math.floor(luck() * 4))
    return way.flatMap((state) => {
      at += Math.floor(luck() ** 3 * 4 * 86_400_000)
      if (luck() < 0.18) team = `Group ${Math.floor(luck() * 70)}`
      const line = {
        key: `M${place}`,
        at: new Date(at).toISOString(),
        values: {
          title: `Made up ${place}`,
          createdAt,
          state,
          team,
          category: `Category ${place % 50}`,
          priority,
        },
      }
      return luck() < 0.3 ? [line, { ...line, at: new Date(at + 60_000).toISOString() }] : [line]
    })
  })
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1)

const bench = await openBench()
try {
  const lines = values.log === undefined ? madeUp(Number(values.incidents)) : await fromLog(values.log)
  const { database } = bench
  const tenant = await makeTenant(database, ['incident.read', 'incident.read_internal', 'insight.read'])
  const { tenantId, teamId, requesterId: personId } = tenant
  const author: Author = {
    tenantId,
    actor: { kind: 'system', id: null, onBehalfOf: null, via: 'import' },
    request: null,
    now: new Date().toISOString(),
  }
  const teams = new Map<string, string>()
  for (const name of new Set(lines.flatMap((line) => line.values['team'] ?? [])))
    teams.set(name, await createTeam(database, author, { name, members: [] }))

  let began = performance.now()
  const records = [...Map.groupBy(lines, ({ key }) => key)].map(([sourceKey, own]): PastRecord => ({
    sourceKey,
    known: null,
    updates: own.map(({ at, values: said }, place) => ({
      line: place + 2,
      updateKey: `${place}`,
      at,
      by: null,
      values: { ...said, team: teams.get(said['team'] ?? '') ?? null },
    })),
  }))
  const batch = randomUUID()
  await write(database, author, async (tx) => {
    tx.insert('import_batch', {
      tenant_id: tenantId,
      id: batch,
      file_name: 'history.csv',
      size_bytes: 1,
      sha256: Buffer.alloc(32),
      storage_key: 'bench',
      state: 'importing',
      created_by: personId,
      created_at: author.now,
    })
    tx.journal({ type: 'import.started', subject: { kind: 'import', id: batch }, data: {} })
  })
  let number = 0
  for (let at = 0; at < records.length; at += broughtTogether)
    await write(database, author, async (tx) => {
      await pastIncidents.bring(
        tx,
        {
          id: batch,
          source: 'bench',
          standIns: { teamId, personId },
          nextNumber: async () => `INC${String((number += 1)).padStart(7, '0')}`,
        },
        records.slice(at, at + broughtTogether),
      )
    })
  console.log(`${lines.length} updates of ${records.length} incidents brought in, ${seconds(began)} s`)

  began = performance.now()
  const runner = reactionRunner(insightReaction, { database, now: () => new Date().toISOString() })
  while (await runner.run());
  const { steps } = await read(database, tenantId, (q) =>
    q.one<{ steps: number }>({
      text: 'select count(*)::int as steps from insight_step where tenant_id = $1',
      values: [q.tenantId],
    }),
  )
  console.log(`folded to ${steps} steps, ${seconds(began)} s`)

  { const { Client } = await import('pg'); const a = new Client({ connectionString: bench.server.adminUrl }); await a.connect(); for (const t of ['record','incident','insight_case','insight_step']) void t; const c = new Client({ connectionString: bench.server.adminUrl.replace('@/postgres?','@/evenkeel?') }); await c.connect(); console.log((await c.query("select relname, n_live_tup, n_mod_since_analyze, last_analyze, last_autoanalyze, last_autovacuum from pg_stat_user_tables where relname in ('record','incident','insight_case','insight_step')")).rows); await c.query("alter database evenkeel set session_preload_libraries='auto_explain'"); await c.query('alter database evenkeel set auto_explain.log_min_duration=400'); await c.query('alter database evenkeel set auto_explain.log_analyze=on'); await c.query("alter database evenkeel set client_min_messages='log'"); await c.query("alter database evenkeel set auto_explain.log_level='log'"); await c.end(); await a.end() }
  const { address } = await bench.program('serve.ts')
  const ask = async (path: string): Promise<number> => {
    const since = performance.now()
    const answer = await fetch(`${address}/api/v1/insight/${path}`, {
      headers: { authorization: `Bearer ${tenant.key}` },
    })
    const body = await answer.text()
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${body}`)
    return performance.now() - since
  }
  const [team] = teams.keys()
  const narrowed = encodeURIComponent(`team:"${team ?? ''}"`)
  const questions: readonly (readonly [string, string, number])[] = [
    ['the map', 'map', budgets.map],
    ['the map with handovers', 'map?lens=handovers', budgets.map],
    ['the most frequent 95 % of the map', 'map?share=95&lens=handovers', budgets.map],
    ['the map of two priorities', `map?q=${encodeURIComponent('priority:<=2')}`, budgets.filtered],
    ['the map of a team', `map?q=${narrowed}`, budgets.filtered],
    ['the map of a month', 'map?from=2016-03&to=2016-03', budgets.filtered],
    ['the ways', 'variants', budgets.map],
    ['conformance', 'conformance', budgets.map],
    ['back and forth', 'ping-pong', budgets.map],
    ['the incidents behind a line', 'records?behind=edge&fromStep=new&toStep=in_progress', budgets.filtered],
  ]
  for (const [name, path, budget] of questions) {
    const took: number[] = []
    for (let round = 0; round < rounds; round += 1) took.push(await ask(path))
    const median = took.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? Number.NaN
    const isMissed = median > budget
    if (isMissed) process.exitCode = 1
    console.log(
      `${isMissed ? 'MISSED ' : ''}${name}: ${median.toFixed(0)} ms (first ${took[0]?.toFixed(0) ?? ''}, budget ${budget})`,
    )
  }
} finally {
  { const { execSync } = await import('node:child_process'); console.log(execSync('grep -rl auto_explain -s /tmp/evenkeel-bench-*/database/log* 2>/dev/null; cp -r /tmp/evenkeel-bench-*/database/log /tmp/evenkeel/closing-pglog 2>/dev/null; true').toString()) }
  await bench.end()
}
