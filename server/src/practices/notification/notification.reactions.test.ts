import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { openMailRoom, type MailRoom, type Told } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { reactionRunner, type Reaction } from '../../platform/journal/reactions.ts'
import { write } from '../../platform/journal/write.ts'
import { publishPolicy } from '../../platform/policy/policy.ts'
import { read } from '../../platform/postgres/database.ts'
import { notificationPolicy, notifyReaction } from './index.ts'

let world: World
let room: MailRoom
beforeAll(async () => {
  world = await createWorld()
  room = openMailRoom({ database: world.database, now: world.clock.now })
})
afterAll(() => world.end())

/** What was told since the last look: `Rita: resolved`, by mail too where it says so. */
const news = async (cast: Cast, seen: { count: number }): Promise<string[]> => {
  await room.tell(cast.tenant.id)
  const all = await room.told(cast.tenant.id)
  const fresh = all.slice(seen.count)
  seen.count = all.length
  return fresh.map(inShort).sort()
}
const inShort = ({ person, rule, inApplication, mail }: Told): string =>
  `${person}: ${rule}${inApplication ? '' : ', not in the application'}${mail === null ? '' : ', by mail'}`

const lead = (cast: Cast, person: TestPerson, teamId: string): Promise<void> =>
  write(world.database, cast.tenant.author(), async (tx) =>
    tx.send({
      text: `insert into team_member as m (tenant_id, team_id, person_id, is_lead) values ($1, $2, $3, true)
             on conflict (tenant_id, team_id, person_id) do update set is_lead = true`,
      values: [tx.tenantId, teamId, person.id],
    }),
  )

const attach = (by: TestPerson, id: string, audience: 'public' | 'team') =>
  world.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${id}/attachments?name=plan.txt&audience=${audience}`,
    headers: { cookie: by.cookie, 'content-type': 'application/octet-stream' },
    payload: 'words',
  })

describe('what went wrong on the way', () => {
  test('what goes back and forth is told to the leads of both teams, once each time, and to nobody else', async () => {
    const cast = await castOf(world, 'ping-pong')
    const { amir, nora, lena } = cast
    await lead(cast, amir, cast.mailId)
    await lead(cast, nora, cast.networkId)
    const { id } = await cast.raise()
    const seen = { count: 0 }
    await cast.assign(lena, id, { teamId: cast.mailId })
    await cast.assign(lena, id, { teamId: cast.networkId })
    expect((await news(cast, seen)).filter((one) => one.includes('back-and-forth'))).toEqual([])
    await cast.assign(lena, id, { teamId: cast.mailId })
    expect(await news(cast, seen)).toEqual(['Amir: back-and-forth, by mail', 'Nora: back-and-forth, by mail'])
    await cast.assign(lena, id, { teamId: cast.networkId, personId: lena.id })
    expect(await news(cast, seen)).toEqual(['Amir: back-and-forth, by mail', 'Nora: back-and-forth, by mail'])
    await room.run(cast.tenant.id)
    const mail = (await room.mails(cast.tenant.id)).at(-1)
    expect(mail?.message?.text).toContain('Network → Mail → Network')
  })

  test('who heard of a slip hears that it was taken back, and a mail about the slip does not go out any more', async () => {
    const cast = await castOf(world, 'slip')
    const { rita, amir, lena, otto } = cast
    const id = await cast.inState('in_progress')
    await amir.api.addAffected({ params: { id }, body: { personId: otto.id } })
    const seen = { count: 0 }
    await news(cast, seen)
    const bulk = await lena.api.startBulk({
      body: { ids: [id], steps: [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }] },
    })
    expect(await news(cast, seen)).toEqual(['Otto: affected, by mail', 'Rita: ended, by mail'])
    await lena.api.undoBulk({ params: { id: bulk.id } })
    expect(await news(cast, seen)).toEqual([
      'Amir: taken-back-mine, by mail',
      'Otto: affected-back, by mail',
      'Rita: taken-back, by mail',
    ])
    await room.run(cast.tenant.id)
    const mails = (await room.mails(cast.tenant.id)).filter((mail) => mail.person_id === rita.id)
    expect(mails.slice(-2).map((mail) => [mail.status, mail.last_code])).toEqual([
      ['withdrawn', 'outdated'],
      ['kept', null],
    ])
    expect(mails.at(-1)?.message?.text).toContain('a slip and has been taken back')
    const listed = await rita.api.listNotifications({})
    expect(listed.rows[0]).toMatchObject({ kind: 'ended', headline: expect.stringContaining('Taken back') })
  })

  test('an assignment that is taken back tells who has it again, and the caller nothing', async () => {
    const cast = await castOf(world, 'slip-given')
    const id = await cast.inState('in_progress')
    const seen = { count: 0 }
    await news(cast, seen)
    const bulk = await cast.lena.api.startBulk({
      body: { ids: [id], steps: [{ do: 'assign', to: { teamId: cast.networkId, personId: cast.nora.id } }] },
    })
    await news(cast, seen)
    await cast.lena.api.undoBulk({ params: { id: bulk.id } })
    expect(await news(cast, seen)).toEqual(['Amir: given, by mail'])
  })
})

describe('files', () => {
  test('a file for the caller is told like a comment, one for the team like a note', async () => {
    const cast = await castOf(world, 'files')
    const { rita, otto, amir, nora } = cast
    const id = await cast.inState('in_progress')
    await amir.api.addAffected({ params: { id }, body: { personId: otto.id } })
    await nora.api.watchIncident({ params: { id }, body: {} })
    const seen = { count: 0 }
    await news(cast, seen)
    await attach(amir, id, 'public')
    expect(await news(cast, seen)).toEqual([
      'Nora: watched-comment',
      'Otto: affected-comment',
      'Rita: written-to, by mail',
    ])
    await attach(rita, id, 'public')
    expect(await news(cast, seen)).toEqual([
      'Amir: answered, by mail',
      'Nora: watched-comment',
      'Otto: affected-comment',
    ])
    await attach(nora, id, 'team')
    expect(await news(cast, seen)).toEqual(['Amir: said'])
    await room.run(cast.tenant.id)
    const toRita = (await room.mails(cast.tenant.id)).findLast((mail) => mail.person_id === rita.id)
    expect(toRita?.message?.text).toMatch(
      /Amir added a file to INC\d+, The printer is on fire:\n\nplan\.txt\n/,
    )
    expect((await rita.api.listNotifications({})).rows[0]?.headline).toBe('A file was added.')
  })
})

describe('the life of an incident', () => {
  test('each step tells the right people, each once', async () => {
    const cast = await castOf(world, 'life')
    const { rita, otto, amir, nora, lena, tenant } = cast
    const serviceId = await tenant.service('Network', cast.networkId)
    await lead(cast, lena, cast.networkId)
    const seen = { count: 0 }

    const { id } = await cast.raise(rita, { serviceId, impact: 1, urgency: 1 })
    expect(await news(cast, seen)).toEqual([
      'Lena: urgent, by mail',
      'Nora: new-for-team',
      'Rita: received, not in the application, by mail',
    ])

    await cast.assign(lena, id, { personId: nora.id })
    expect(await news(cast, seen)).toEqual(['Nora: given, by mail'])

    await cast.move(nora, id, { action: 'start' })
    expect(await news(cast, seen)).toEqual([])

    await amir.api.watchIncident({ params: { id }, body: {} })
    await nora.api.addAffected({ params: { id }, body: { personId: otto.id } })
    expect(await news(cast, seen)).toEqual([])

    await nora.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'On my way.' } })
    expect(await news(cast, seen)).toEqual([
      'Amir: watched-comment',
      'Otto: affected-comment',
      'Rita: written-to, by mail',
    ])

    await nora.api.commentIncident({
      params: { id },
      body: { audience: 'team', body: 'Odd. @lena look at this' },
    })
    expect(await news(cast, seen)).toEqual(['Lena: mentioned, by mail'])

    await cast.move(nora, id, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    expect(await news(cast, seen)).toEqual([
      'Amir: watched-comment',
      'Otto: affected-comment',
      'Rita: question, by mail',
    ])

    // The answer ends the hold: two entries, one event.
    await rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'The fourth.' } })
    expect(await news(cast, seen)).toEqual([
      'Amir: watched-comment',
      'Nora: answered, by mail',
      'Otto: affected-comment',
    ])

    await cast.move(nora, id, { action: 'resolve', code: 'fixed', notes: 'A new cable.' })
    expect(await news(cast, seen)).toEqual([
      'Amir: watched, by mail',
      'Otto: affected, by mail',
      'Rita: resolved, by mail',
    ])

    await cast.move(rita, id, { action: 'still_broken', reason: 'Dead again.' })
    expect(await news(cast, seen)).toEqual([
      'Amir: watched, by mail',
      'Nora: reopened, by mail',
      'Otto: affected, by mail',
    ])

    await lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 3, reason: 'Only one room.' },
      version: (await cast.read(id)).version,
    })
    expect(await news(cast, seen)).toEqual([])
    await lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 2, reason: 'Two rooms.' },
      version: (await cast.read(id)).version,
    })
    expect(await news(cast, seen)).toEqual(['Nora: raised-in-rank, by mail'])

    await cast.move(nora, id, { action: 'resolve', code: 'fixed', notes: 'A new switch.' })
    await news(cast, seen)
    await cast.move(rita, id, { action: 'confirm' })
    expect(await news(cast, seen)).toEqual(['Amir: watched, by mail', 'Otto: affected, by mail'])
  })

  test('a caller of two children of one resolved incident hears once, and so does one who is affected by both', async () => {
    const cast = await castOf(world, 'family')
    const { rita, otto, amir } = cast
    const parent = await cast.inState('in_progress')
    const children = [await cast.raise(otto), await cast.raise(otto)]
    for (const child of children) {
      await amir.api.setIncidentParent({
        params: { id: child.id },
        body: { parentId: parent },
        version: child.version,
      })
    }
    await amir.api.addAffected({ params: { id: parent }, body: { personId: otto.id } })
    const seen = { count: 0 }
    await news(cast, seen)
    await cast.move(amir, parent, {
      action: 'resolve',
      code: 'fixed',
      notes: 'All of it.',
      children: { resolve: children.map((child) => child.id), except: [] },
    })
    expect(await news(cast, seen)).toEqual(['Otto: resolved, by mail', 'Rita: resolved, by mail'])
    expect(rita.id).not.toBe(otto.id)
  })

  test('a macro that asks, and one that writes and resolves, are each one event', async () => {
    const cast = await castOf(world, 'macro')
    const { amir, lena } = cast
    const macro = async (name: string, steps: IncidentStep[]) =>
      (await lena.api.createTemplate({ body: { kind: 'macro', name, document: { steps } } })).id
    const use = async (id: string, macroId: string) =>
      amir.api.runMacro({
        params: { id, macroId },
        body: { macroVersion: 1 },
        version: (await cast.read(id)).version,
      })
    const ask = await macro('Ask', [
      { do: 'comment', audience: 'team', body: 'No idea.' },
      { do: 'move', move: { action: 'hold', reason: 'caller', question: 'Which floor?' } },
    ])
    const done = await macro('Done', [
      { do: 'comment', audience: 'public', body: 'There you are.' },
      { do: 'move', move: { action: 'resolve', code: 'fixed', notes: 'Done.' } },
    ])
    const id = await cast.inState('in_progress')
    const seen = { count: 0 }
    await news(cast, seen)
    await use(id, ask)
    expect(await news(cast, seen)).toEqual(['Rita: question, by mail'])
    await use(id, done)
    expect(await news(cast, seen)).toEqual(['Rita: resolved, by mail'])
  })

  test('a bulk action is an event for each record: its caller hears of each, once', async () => {
    const cast = await castOf(world, 'bulk')
    const ids = [await cast.inState('in_progress'), await cast.inState('in_progress')]
    const seen = { count: 0 }
    await news(cast, seen)
    const steps: IncidentStep[] = [
      { do: 'comment', audience: 'public', body: 'The power is back.' },
      { do: 'move', move: { action: 'resolve', code: 'fixed', notes: 'Power.' } },
    ]
    await cast.lena.api.startBulk({ body: { ids, steps } })
    expect(await news(cast, seen)).toEqual([
      'Amir: said',
      'Amir: said',
      'Rita: resolved, by mail',
      'Rita: resolved, by mail',
    ])
  })

  test('what happened more than a week ago is listed as read, at the time it happened', async () => {
    const cast = await castOf(world, 'old')
    const began = world.clock.now()
    await cast.inState('resolved')
    world.clock.advance(8 * 86_400_000)
    await room.tell(cast.tenant.id)
    const { rows, unread } = await cast.rita.api.listNotifications()
    expect(unread).toBe(0)
    expect(rows).toMatchObject([{ kind: 'resolved', at: began, readAt: world.clock.now() }])
    world.clock.advance(-8 * 86_400_000)
  })

  test('who was told of what and why is on record, with the version of the policy', async () => {
    const cast = await castOf(world, 'record')
    const { id } = await cast.raise(cast.rita)
    await room.tell(cast.tenant.id)
    const entries = await read(world.database, cast.tenant.id, (q) =>
      q.rows<{ data: unknown; cause_type: string; subject_id: string }>({
        text: `select j.data, c.type as cause_type, c.subject_id from journal j join journal c on c.tenant_id = j.tenant_id and c.id = j.cause
               where j.tenant_id = $1 and j.type = 'notification.told'`,
        values: [cast.tenant.id],
      }),
    )
    expect(entries).toEqual([
      {
        cause_type: 'incident.raised',
        subject_id: id,
        data: {
          policyVersion: 0,
          told: [{ personId: cast.rita.id, rule: 'received', inApplication: false, mail: true }],
        },
      },
    ])
  })

  test('a new version of the policy counts at once, in every process', async () => {
    const cast = await castOf(world, 'policy')
    const { initial } = notificationPolicy
    await write(world.database, cast.tenant.author(), (tx) =>
      publishPolicy(tx, notificationPolicy, {
        document: { ...initial, rules: initial.rules.filter((rule) => rule.id !== 'received') },
        note: 'no receipts',
        basedOn: 0,
      }),
    )
    await cast.raise(cast.rita)
    expect(await news(cast, { count: 0 })).toEqual([])
  })

  test('what happened long ago is told in the application only', async () => {
    const cast = await castOf(world, 'late')
    const id = await cast.inState('resolved')
    world.clock.advance(25 * 3_600_000)
    expect(await news(cast, { count: 0 })).toEqual(['Rita: resolved'])
    world.clock.advance(-25 * 3_600_000)
    expect(id).toBeTruthy()
  })

  test('rights count at the moment of telling: who lost them since, or left, hears nothing', async () => {
    const cast = await castOf(world, 'left')
    const { amir, nora, lena, rita, tenant } = cast
    const serviceId = await tenant.service('Mail', cast.mailId)
    const id = await cast.inState('in_progress', { serviceId })
    for (const watcher of [nora, lena]) await watcher.api.watchIncident({ params: { id }, body: {} })
    const seen = { count: 0 }
    await news(cast, seen)
    await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'One.' } })
    expect(await news(cast, seen)).toEqual([
      'Lena: watched-comment',
      'Nora: watched-comment',
      'Rita: written-to, by mail',
    ])

    await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Two.' } })
    const { version } = await cast.read(id, amir)
    await amir.api.editIncident({ params: { id }, body: { confidential: true }, version })
    await write(world.database, tenant.author(), async (tx) =>
      tx.send({
        text: 'update person set is_active = false where tenant_id = $1 and id = $2',
        values: [tenant.id, rita.id],
      }),
    )
    expect(await news(cast, seen)).toEqual([])
  })
})

describe('F13: the relay is killed, and tells each of it once', () => {
  const counted = async (cast: Cast) => ({
    told: (await room.told(cast.tenant.id)).length,
    mails: (await room.mails(cast.tenant.id)).length,
    jobs: await jobsOf(cast.tenant.id),
  })
  const jobsOf = (tenantId: string): Promise<number> =>
    read(world.database, tenantId, async (q) => {
      const { count } = await q.one<{ count: number }>({
        text: `select count(*) as count from pgboss.job where name = 'mail' and data->>'tenantId' = $1`,
        values: [tenantId],
      })
      return count
    })
  const rewind = (): Promise<void> =>
    world.asAdmin(
      `update reaction_cursor set era = 0, tx = '0', entry_id = '00000000-0000-0000-0000-000000000000' where name = 'notify'`,
    )

  test.each([
    ['before it writes', false],
    ['after it wrote and before it commits', true],
  ])('%s', async (point, writes) => {
    const cast = await castOf(world, point.replaceAll(/\W+/g, '-').slice(0, 20))
    await room.tell(cast.tenant.id)
    const real = notifyReaction(room.house.tellings)
    const kills = { left: 3 }
    const dying: Reaction = {
      ...real,
      react: async (tx, entries) => {
        if (
          tx.tenantId === cast.tenant.id &&
          entries.some((entry) => entry.type === 'incident.raised') &&
          kills.left > 0
        ) {
          kills.left -= 1
          if (writes) await real.react(tx, entries)
          throw new Error('killed')
        }
        return real.react(tx, entries)
      },
    }
    await cast.raise(cast.rita)
    const runner = reactionRunner(dying, { database: world.database, now: world.clock.now })
    while (kills.left > 0) await runner.run()
    expect(await counted(cast)).toEqual({ told: 0, mails: 0, jobs: 0 })
    await room.tell(cast.tenant.id)
    expect(await counted(cast)).toEqual({ told: 1, mails: 1, jobs: 1 })
  })

  test('after the commit, when it is handed everything again: nothing is told twice, and no job is queued twice', async () => {
    const cast = await castOf(world, 'again')
    await cast.inState('resolved')
    await room.tell(cast.tenant.id)
    const once = await counted(cast)
    expect(once.mails).toBeGreaterThan(1)
    expect(once.jobs).toBe(once.mails)
    await rewind()
    await room.tell(cast.tenant.id)
    expect(await counted(cast)).toEqual(once)
  })

  test('with its memory taken away it tells again: the control', async () => {
    const cast = await castOf(world, 'amnesia')
    await cast.inState('resolved')
    await room.tell(cast.tenant.id)
    const once = await counted(cast)
    await world.asAdmin(
      `update notification set event_id = gen_random_uuid() where tenant_id = '${cast.tenant.id}'`,
    )
    await rewind()
    await room.tell(cast.tenant.id)
    expect((await counted(cast)).mails).toBe(2 * once.mails)
  })

  test('two relays side by side tell each of it once', async () => {
    const cast = await castOf(world, 'twins')
    await Promise.all(Array.from({ length: 12 }, () => cast.raise(cast.rita)))
    const other = openMailRoom({ database: world.database, now: world.clock.now })
    await Promise.all([room.tell(cast.tenant.id), other.tell(cast.tenant.id)])
    expect(await counted(cast)).toEqual({ told: 12, mails: 12, jobs: 12 })
  })

  test('what cannot be handled is set aside with its reason, and what comes after it is told', async () => {
    const cast = await castOf(world, 'poison')
    await room.tell(cast.tenant.id)
    const real = notifyReaction(room.house.tellings)
    let poison = ''
    const picky: Reaction = {
      ...real,
      react: async (tx, entries) => {
        if (entries.some((entry) => entry.subject_id === poison))
          throw new TypeError('a canary that a person wrote')
        return real.react(tx, entries)
      },
    }
    poison = (await cast.raise(cast.rita)).id
    await cast.raise(cast.otto)
    const sick = openMailRoom({ database: world.database, now: world.clock.now, notify: picky })
    await sick.tell(cast.tenant.id)
    expect((await room.told(cast.tenant.id)).map((one) => one.person)).toEqual(['Otto'])

    const ada = await cast.tenant.person('Ada', 'administrator')
    const uma = await cast.tenant.person('Uma', 'auditor')
    const { rows } = await uma.api.listSetAside()
    // The raising, and the routing that came with it.
    expect(rows.map((row) => [row.reaction, row.type, row.failure])).toEqual([
      ['notify', 'incident.routed', 'TypeError'],
      ['notify', 'incident.raised', 'TypeError'],
    ])
    expect(JSON.stringify(rows)).not.toContain('canary')
    expect((await uma.api.countOutbox()).setAside).toBe(2)
    for (const row of rows) {
      const params = { reaction: row.reaction, entryId: row.entryId }
      await expect(uma.api.retrySetAside({ params })).rejects.toMatchObject({ status: 403 })
      await ada.api.retrySetAside({ params })
      await expect(ada.api.retrySetAside({ params })).rejects.toMatchObject({ status: 404 })
    }
    expect((await room.told(cast.tenant.id)).map((one) => one.person)).toEqual(['Otto', 'Rita'])
    expect((await uma.api.listSetAside()).rows).toEqual([])
  })
})
