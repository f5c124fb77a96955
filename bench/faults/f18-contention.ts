import { setTimeout as sleep } from 'node:timers/promises'
import { Refused } from '@evenkeel/contract/client'
import { sqlState } from '../../server/src/platform/postgres/database.ts'
import { apiAt, chances, must, type Api, type Report } from './harness.ts'
import { until, type Place } from './place.ts'

export const title = 'F18: eight writers change the same few incidents, and families of them, at once'

const writers = 8

/** A token appended to an incident's description; `version` is what the writer was told it made. */
type Append = { readonly incidentId: string; readonly token: string; readonly version: number }
type Notes = { readonly incidentId: string; readonly body: string }

type Seen = {
  readonly appended: Append[]
  readonly said: Notes[]
  /** Answers other than success: how often each, by what was asked. */
  readonly refusals: Map<string, number>
  attempts: number
}

/** The status and code of a refusal; anything else is not an answer. */
const refusalOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof Refused ? `${error.status} ${error.body.code}` : `0 ${String(error)}`
  }
}

/**
 * The list-append test: each writer adds its token to what it read, and the version it read goes along. A lost update is a token that was
 * acknowledged and is not in the list.
 */
const append = async (client: Api, incidentId: string, token: string, seen: Seen): Promise<void> => {
  for (let turn = 0; turn < 200; turn += 1) {
    const { description, version } = await client.readIncident({ params: { id: incidentId } })
    seen.attempts += 1
    const refused = await refusalOf(
      client
        .editIncident({
          params: { id: incidentId },
          body: { description: `${description} ${token}` },
          version,
        })
        .then((answer) => seen.appended.push({ incidentId, token, version: answer.version })),
    )
    if (refused === undefined) return
    note(seen, 'append', refused)
    if (!refused.startsWith('409')) return
    await sleep(Math.random() * 20)
  }
}

const note = (seen: Seen, asked: string, refused: string | undefined): void => {
  if (refused !== undefined)
    seen.refusals.set(`${asked}: ${refused}`, (seen.refusals.get(`${asked}: ${refused}`) ?? 0) + 1)
}

type Cast = { readonly parents: readonly string[]; readonly children: readonly string[] }

/** One thing a writer does: most of them append and speak, the others move children about and resolve whole families. */
const act = async (
  client: Api,
  place: Place,
  cast: Cast,
  chance: () => number,
  seen: Seen,
): Promise<void> => {
  const one = (from: readonly string[]): string => from[Math.floor(chance() * from.length)] ?? ''
  const token = `t${Math.floor(chance() * 1e15).toString(36)}`
  const incidentId = one([...cast.parents, ...cast.children])
  const dice = chance()
  if (dice < 0.35) return append(client, incidentId, token, seen)
  if (dice < 0.55) {
    const body = `said ${token}`
    const comment = client.commentIncident({ params: { id: incidentId }, body: { audience: 'team', body } })
    return note(seen, 'comment', await refusalOf(comment.then(() => seen.said.push({ incidentId, body }))))
  }
  if (dice < 0.7) {
    const { version } = await client.readIncident({ params: { id: incidentId } })
    const to = chance() < 0.5 ? { personId: place.tenant.requesterId } : { personId: null }
    const assigning = client.assignIncident({ params: { id: incidentId }, body: to, version })
    return note(seen, 'assign', await refusalOf(assigning))
  }
  if (dice < 0.88) {
    // From one parent to the other: two of these, crosswise, are what deadlocks are made of.
    const id = one(cast.children)
    const { version } = await client.readIncident({ params: { id } })
    const parentId = chance() < 0.8 ? one(cast.parents) : null
    const moving = client.setIncidentParent({ params: { id }, body: { parentId }, version })
    return note(seen, 'family', await refusalOf(moving))
  }
  const id = one(cast.parents)
  const { version, state, children } = await client.readIncident({ params: { id } })
  const open = children.filter((child) => !['resolved', 'closed', 'canceled'].includes(child.state))
  const body =
    state === 'resolved'
      ? ({ action: 'reopen', reason: 'It is back' } as const)
      : ({
          action: 'resolve',
          code: 'fixed',
          notes: 'Replaced the switch',
          children: { resolve: open.map((child) => child.id) },
        } as const)
  note(seen, 'family', await refusalOf(client.moveIncident({ params: { id }, body, version })))
}

/** Acknowledged tokens that are not in the list exactly once, or not in the order of their versions. */
const astray = (list: string, appended: readonly Append[]): number => {
  const held = list.split(' ').filter((word) => word.startsWith('t'))
  const inOrder = [...appended].sort((a, b) => a.version - b.version).map(({ token }) => token)
  if (held.length === inOrder.length && held.every((token, index) => token === inOrder[index])) return 0
  const missing = inOrder.filter((token) => held.filter((word) => word === token).length !== 1).length
  return Math.max(missing, 1)
}

const describe = async (place: Place, id: string): Promise<{ description: string; version: number }> => {
  const [row] = await place.rows<{ description: string; version: number }>(
    'select description, version from record where tenant_id = $1 and id = $2',
    [place.tenant.tenantId, id],
  )
  return row ?? { description: '', version: 0 }
}

/** Versions that are missing from the journal, or that two requests made. */
const brokenVersions = async (place: Place, id: string): Promise<number> => {
  const [row] = await place.rows<{ broken: number }>(
    `select count(*)::int as broken
       from record r
       cross join generate_series(2, r.version) as v
       left join lateral (
         select count(distinct j.request) as makers from journal j
          where j.tenant_id = r.tenant_id and j.subject_id = r.id and (j.data->>'version')::int = v) made on true
      where r.tenant_id = $1 and r.id = $2 and made.makers <> 1`,
    [place.tenant.tenantId, id],
  )
  return row?.broken ?? 0
}

/**
 * Makes a deadlock with `work`, which locks the parent and then the child: the child is locked first here, and the parent as soon as `work`
 * waits. PostgreSQL ends whoever notices first, which is `work` unless the machine is very busy: `met` says so.
 */
const crossing = async <T>(
  place: Place,
  { parent, child }: { readonly parent: string; readonly child: string },
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly met: boolean }> => {
  const other = await place.admin()
  const lock = 'select 1 from record where tenant_id = $1 and id = $2 for update'
  try {
    await other.query(`set deadlock_timeout = '5s'; begin`)
    await other.query(lock, [place.tenant.tenantId, child])
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid')
    const working = work()
    working.catch(() => {})
    await until('it waits for the child', async () => {
      const waiting = await place.rows(
        'select 1 from pg_stat_activity where $1 = any(pg_blocking_pids(pid))',
        [rows[0]?.pid ?? 0],
      )
      return waiting.length > 0
    })
    const ended = await other.query(lock, [place.tenant.tenantId, parent]).then(
      () => '',
      (error: unknown) => sqlState(error),
    )
    await other.query('commit')
    return { result: await working, met: ended === '' }
  } finally {
    await other.end()
  }
}

const deadlocks = async (place: Place): Promise<number> => {
  const [row] = await place.rows<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  )
  return row?.deadlocks ?? 0
}

/** A request that PostgreSQL ended for a deadlock is tried again, and its sender never hears of it. */
const meetDeadlock = async (place: Place, client: Api): Promise<void> => {
  await untilMet(async () => {
    const { id: parent } = await client.raiseIncident({ body: { title: 'Locked first' } })
    const { id: child } = await client.raiseIncident({ body: { title: 'Locked last' } })
    const { result, met } = await crossing(place, { parent, child }, () =>
      client.setIncidentParent({ params: { id: child }, body: { parentId: parent }, version: 1 }),
    )
    must(result.version === 2, 'a deadlock was not got over', result)
    return met
  })
  await until('the deadlock is counted', async () => (await deadlocks(place)) > 0)
}

const untilMet = async (attempt: () => Promise<boolean>): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) if (await attempt()) return
  throw new Error('no deadlock came about in five attempts')
}

export const hold = async (place: Place, { turns }: { readonly turns: number }): Promise<Report> => {
  const product = await place.product()
  const client = apiAt(product.address, place.tenant.key)
  const raise = async (name: string): Promise<string> =>
    (await client.raiseIncident({ body: { title: name } })).id
  const cast: Cast = {
    parents: [await raise('Parent one'), await raise('Parent two')],
    children: [await raise('Child one'), await raise('Child two'), await raise('Child three')],
  }
  await meetDeadlock(place, client)
  const seen: Seen = { appended: [], said: [], refusals: new Map(), attempts: 0 }
  await Promise.all(
    Array.from({ length: writers }, async (_, index) => {
      const chance = chances(1000 * turns + index)
      for (let turn = 0; turn < turns; turn += 1) await act(client, place, cast, chance, seen)
    }),
  )
  let lost = 0
  let broken = 0
  for (const id of [...cast.parents, ...cast.children]) {
    const { description } = await describe(place, id)
    lost += astray(
      description,
      seen.appended.filter((one) => one.incidentId === id),
    )
    broken += await brokenVersions(place, id)
  }
  const said = await place.rows<{ body: string; record_id: string }>(
    `select body, record_id from comment where tenant_id = $1 and body like 'said t%'`,
    [place.tenant.tenantId],
  )
  const here = new Set(said.map((row) => `${row.record_id} ${row.body}`))
  const silenced = seen.said.filter(({ incidentId, body }) => !here.has(`${incidentId} ${body}`)).length
  const answers = [...seen.refusals].map(([what, count]) => `${what} ×${count}`).toSorted()
  // A family has other reasons to say no: a child that came or went meanwhile is named as such.
  const strange = [...seen.refusals.keys()].filter(
    (what) => !/: 409 /.test(what) && !/^family: 422 (?:not_ready|invalid)$/.test(what),
  )
  const found = {
    appended: seen.appended.length,
    said: seen.said.length,
    lost,
    brokenVersions: broken,
    silenced,
    doubledComments: said.length - seen.said.length,
    deadlocksMet: await deadlocks(place),
    answers: answers.join(', '),
  }
  must(lost + broken + silenced === 0 && found.doubledComments === 0, 'an update was lost', found)
  must(strange.length === 0, 'somebody saw an error that is not a conflict', strange)
  must(
    seen.attempts > seen.appended.length,
    'nobody met anybody: the writers did not contend for anything',
    found,
  )
  return found
}

/** The same list, appended to by reading and writing without the row's lock; and the same deadlock, met without trying again. */
export const control = async (place: Place): Promise<Report> => {
  const product = await place.product()
  const client = apiAt(product.address, place.tenant.key)
  const { id } = await client.raiseIncident({ body: { title: 'Unlocked' } })
  const appended: Append[] = []
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let turn = 0; turn < 5; turn += 1) {
        const token = `t${writer}x${turn}`
        const { description, version } = await describe(place, id)
        await place.rows(
          'update record set description = $3, version = $4 where tenant_id = $1 and id = $2',
          [place.tenant.tenantId, id, `${description} ${token}`, version + 1],
        )
        appended.push({ incidentId: id, token, version: version + 1 })
      }
    }),
  )
  const lost = astray((await describe(place, id)).description, appended)
  must(lost > 1, 'updates without the lock lost nothing: the list does not show it', lost)

  const { id: parent } = await client.raiseIncident({ body: { title: 'Locked first' } })
  let ended = ''
  await untilMet(async () => {
    const once = await place.admin()
    const crossed = await crossing(place, { parent, child: id }, async () => {
      const lock = 'select 1 from record where tenant_id = $1 and id = $2 for update'
      await once.query('begin')
      await once.query(lock, [place.tenant.tenantId, parent])
      return once.query(lock, [place.tenant.tenantId, id]).then(
        () => '',
        (error: unknown) => sqlState(error),
      )
    })
    await once.end()
    ended = crossed.result
    return crossed.met
  })
  must(ended === '40P01', 'who does not try again did not hear of the deadlock', ended)
  return { appended: appended.length, lost, withoutTryingAgain: ended }
}
