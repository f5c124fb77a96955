import type { NoticeKind } from '@evenkeel/contract/notification'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { openLinkRoom } from '../../../test/link-room.ts'
import { deskUrl } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { write } from '../../platform/journal/write.ts'
import { read } from '../../platform/postgres/database.ts'
import { dayOf, nextDigest } from './notification.digest-time.ts'
import { runDigests, sweepNotices } from './index.ts'

describe('when the daily mail leaves', () => {
  test.each([
    ['later the same day', '2026-03-02T05:59:59.999Z', 'Europe/Berlin', 7, null, '2026-03-02T06:00:00.000Z'],
    [
      'the next day at the hour itself',
      '2026-03-02T06:00:00.000Z',
      'Europe/Berlin',
      7,
      null,
      '2026-03-03T06:00:00.000Z',
    ],
    [
      'not twice a day',
      '2026-03-02T05:00:00.000Z',
      'Europe/Berlin',
      7,
      '2026-03-02',
      '2026-03-03T06:00:00.000Z',
    ],
    [
      'by the day there, not here',
      '2026-03-02T20:00:00.000Z',
      'Pacific/Auckland',
      7,
      '2026-03-02',
      '2026-03-03T18:00:00.000Z',
    ],
    [
      'on the day there that is still yesterday here',
      '2026-03-02T03:00:00.000Z',
      'America/New_York',
      23,
      null,
      '2026-03-02T04:00:00.000Z',
    ],
    [
      'half an hour beside the others',
      '2026-03-02T00:00:00.000Z',
      'Asia/Kolkata',
      7,
      null,
      '2026-03-02T01:30:00.000Z',
    ],
    ['at midnight', '2026-03-02T12:00:00.000Z', 'Europe/Berlin', 0, null, '2026-03-02T23:00:00.000Z'],
    [
      'an hour earlier by UTC once summer began',
      '2026-03-28T12:00:00.000Z',
      'Europe/Berlin',
      7,
      null,
      '2026-03-29T05:00:00.000Z',
    ],
    [
      'when clocks go on in the night that skips the hour',
      '2026-03-29T00:00:00.000Z',
      'Europe/Berlin',
      2,
      null,
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'the first time in the night that has the hour twice',
      '2026-10-24T12:00:00.000Z',
      'Europe/Berlin',
      2,
      null,
      '2026-10-25T00:00:00.000Z',
    ],
    [
      'and not the second time',
      '2026-10-25T00:00:00.000Z',
      'Europe/Berlin',
      2,
      '2026-10-25',
      '2026-10-26T01:00:00.000Z',
    ],
    [
      'on the day after one that a zone left out',
      '2011-12-29T18:00:00.000Z',
      'Pacific/Apia',
      7,
      '2011-12-29',
      '2011-12-30T17:00:00.000Z',
    ],
  ])('%s', (_, now, zone, hour, lastDay, at) => {
    expect(nextDigest(now, zone, hour, lastDay)).toBe(at)
  })
  test('is always ahead, at the hour, and on a day of its own, in every zone and all the year', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'UTC',
    ]) {
      for (const hour of [0, 2, 7, 23]) {
        let now = '2026-01-01T00:00:00.000Z'
        const days = new Set<string>()
        let last: string | null = null
        for (let round = 0; round < 370; round += 1) {
          const at = nextDigest(now, zone, hour, last)
          expect(at > now).toBe(true)
          last = dayOf(at, zone)
          expect(days.has(last)).toBe(false)
          days.add(last)
          now = at
        }
        expect(days.size).toBe(370)
      }
    }
  })
})

let world: World
let room: ReturnType<typeof openLinkRoom>
beforeAll(async () => {
  world = await createWorld({ publicUrl: deskUrl })
  room = openLinkRoom(world)
})
afterAll(() => world.end())

const comment = (by: TestPerson, id: string, body: string, audience: 'public' | 'team' = 'public') =>
  by.api.commentIncident({ params: { id }, body: { audience, body } })
const daily = async (person: TestPerson, ...kinds: NoticeKind[]): Promise<void> => {
  for (const kind of kinds)
    await person.api.setNoticePreference({
      params: { kind },
      body: { inApplication: null, mail: true, digest: true },
    })
}
const zoneOf = (person: TestPerson, timeZone: string) => person.api.editMe({ body: { timeZone } })
const digests = async (cast: Cast) => {
  await room.run(cast.tenant.id)
  const { made, failed } = await runDigests(world.database, cast.tenant.author())
  expect(failed).toEqual([])
  await room.run(cast.tenant.id)
  return made
}
const mailsTo = (slug: string, person: TestPerson) =>
  room.sent.filter(({ envelope }) => envelope.to === `${person.name.toLowerCase()}@${slug}.test`)

describe('the daily mail', () => {
  test('tells everything that waited in one mail at seven where its reader is, with the reason for each line and a link', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'daily')
    const { rita, amir } = cast
    await zoneOf(rita, 'America/New_York')
    await daily(rita, 'comment', 'ended')
    const id = await cast.inState('in_progress')
    const { number } = await cast.read(id)
    await room.run(cast.tenant.id)
    const before = mailsTo('daily', rita).length
    await comment(amir, id, 'Hello.')
    await comment(amir, id, 'Are you there?')
    world.clock.set('2026-03-02T11:59:59.999Z')
    expect(await digests(cast)).toBe(0)
    expect((await rita.api.listNoticePreferences()).digest).toEqual({
      hour: 7,
      timeZone: 'America/New_York',
      nextAt: '2026-03-02T12:00:00.000Z',
    })
    expect(mailsTo('daily', rita)).toHaveLength(before)
    world.clock.set('2026-03-02T12:00:00.000Z')
    expect(await digests(cast)).toBe(1)
    const mail = mailsTo('daily', rita).at(-1)
    expect(mailsTo('daily', rita)).toHaveLength(before + 1)
    expect(mail?.subject).toBe('2 notifications from daily')
    expect(mail?.text).toBe(
      [
        'What happened and waited for this mail, oldest first.',
        [
          `${number}, The printer is on fire`,
          '- Mon 2 Mar, 04:00: Somebody wrote to you. (Amir)',
          '  You get this because it happens to you. (Rule written-to.)',
          '- Mon 2 Mar, 04:00: Somebody wrote to you. (Amir)',
          '  You get this because it happens to you. (Rule written-to.)',
          `Open it: ${deskUrl}/incidents/${id}`,
        ].join('\n'),
        '-- \nWhy did I get this? You get this because you want these notices once a day.\n' +
          `Change what you are told: ${deskUrl}/settings/notifications\n`,
      ].join('\n\n'),
    )
    expect(mail?.html).toContain(`<a href="${deskUrl}/incidents/${id}"`)
    expect(mail?.text).not.toContain('Are you there')
    expect((await rita.api.listNoticePreferences()).digest.nextAt).toBeNull()
  })
  test('comes once a day and not when there is nothing; what came after it waits for the next day', async () => {
    world.clock.set('2026-03-02T05:00:00.000Z')
    const cast = await castOf(world, 'once-a-day')
    const { rita, amir } = cast
    await daily(rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'One.')
    await room.run(cast.tenant.id)
    world.clock.set('2026-03-02T07:00:00.000Z')
    expect(await digests(cast)).toBe(1)
    expect(await digests(cast)).toBe(0)
    await comment(amir, id, 'Two.')
    world.clock.set('2026-03-02T12:00:00.000Z')
    expect(await digests(cast)).toBe(0)
    // Another hour the same day is still the same day.
    await rita.api.setDigestHour({ body: { hour: 15 } })
    world.clock.set('2026-03-02T16:00:00.000Z')
    expect(await digests(cast)).toBe(0)
    world.clock.set('2026-03-03T15:00:00.000Z')
    expect(await digests(cast)).toBe(1)
    for (const at of ['2026-03-04T15:00:00.000Z', '2026-03-05T15:00:00.000Z']) {
      world.clock.set(at)
      expect(await digests(cast)).toBe(0)
    }
    expect(
      mailsTo('once-a-day', rita).filter(({ subject }) => subject.includes('1 notification ')),
    ).toHaveLength(2)
  })
  test('leaves out what was read in the application, and is not sent when that was all', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'read')
    const { rita, amir } = cast
    await daily(rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'One.')
    await comment(amir, id, 'Two.')
    await room.run(cast.tenant.id)
    const [newest] = (await rita.api.listNotifications()).rows
    await rita.api.readNotification({ params: { id: newest?.id ?? '' } })
    world.clock.set('2026-03-03T07:00:00.000Z')
    expect(await digests(cast)).toBe(1)
    expect(mailsTo('read', rita).at(-1)?.subject).toBe('1 notification from read')
    await comment(amir, id, 'Three.')
    await room.run(cast.tenant.id)
    await rita.api.readAllNotifications({ body: {} })
    world.clock.set('2026-03-04T07:00:00.000Z')
    expect(await digests(cast)).toBe(0)
    await comment(amir, id, 'Four.')
    await room.run(cast.tenant.id)
    world.clock.set('2026-03-05T07:00:00.000Z')
    expect(await digests(cast)).toBe(1)
  })
  test('follows its reader to another zone, and does not tell what they switched off meanwhile', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'moves')
    const { rita, amir } = cast
    await daily(rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'One.')
    await room.run(cast.tenant.id)
    expect((await rita.api.listNoticePreferences()).digest.nextAt).toBe('2026-03-03T07:00:00.000Z')
    await zoneOf(rita, 'Asia/Tokyo')
    expect(await digests(cast)).toBe(0)
    expect((await rita.api.listNoticePreferences()).digest).toMatchObject({
      timeZone: 'Asia/Tokyo',
      nextAt: '2026-03-02T22:00:00.000Z',
    })
    await rita.api.setNoticePreference({
      params: { kind: 'comment' },
      body: { inApplication: null, mail: false, digest: false },
    })
    world.clock.set('2026-03-02T22:00:00.000Z')
    expect(await digests(cast)).toBe(0)
    expect((await rita.api.listNoticePreferences()).digest.nextAt).toBeNull()
  })
  test('tells nothing that its reader may no longer read, and nothing at all to who left', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'rights')
    const { nora, lena, rita } = cast
    await daily(nora, 'team_new', 'mentioned')
    const service = await cast.tenant.service('Network', cast.networkId)
    const ada = await cast.tenant.person('Ada', 'administrator')
    const open = await cast.raise(rita, { serviceId: service, title: 'Stays' })
    const closed = await cast.raise(rita, { serviceId: service, title: 'Becomes secret' })
    await room.run(cast.tenant.id)
    // With another team and confidential, it is no longer hers to read.
    await cast.assign(lena, closed.id, { teamId: cast.mailId })
    await lena.api.editIncident({
      params: { id: closed.id },
      version: (await cast.read(closed.id)).version,
      body: { confidential: true },
    })
    world.clock.set('2026-03-03T07:00:00.000Z')
    expect(await digests(cast)).toBe(1)
    const mail = mailsTo('rights', nora).at(-1)
    expect(mail?.text).toContain(open.number)
    expect(mail?.text).not.toContain('secret')
    expect(mail?.subject).toBe('1 notification from rights')
    // Who sends mail for the organization reads only the mails whose records they may all read.
    const amirs = await cast.personWith('Otis', { 'outbox.read': 'all' })
    const { rows } = await amirs.api.listOutbox()
    const row = rows.find(({ kind }) => kind === 'digest')
    expect(row).toMatchObject({ subject: null, to: { id: nora.id } })
    expect((await amirs.api.readMail({ params: { id: row?.id ?? '' } })).message).toBeNull()
    await cast.raise(rita, { serviceId: service, title: 'Too late' })
    await room.run(cast.tenant.id)
    await ada.api.editPerson({ params: { id: nora.id }, version: 1, body: { isActive: false } })
    world.clock.set('2026-03-04T07:00:00.000Z')
    await digests(cast)
    expect(room.sent.some(({ text }) => text.includes('Too late') && text.includes('once a day'))).toBe(false)
  })
  test('is made once: by two workers at the same moment, after a crash in the middle, and late when nobody was there to make it', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'crash')
    const { rita, amir, tenant } = cast
    await daily(rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'One.')
    await room.run(tenant.id)
    // Nobody works for two days.
    world.clock.set('2026-03-04T16:00:00.000Z')
    const waiting = () =>
      read(world.database, tenant.id, (q) =>
        q.one<{ count: number }>({
          text: 'select count(*) as count from notification where tenant_id = $1 and awaits_digest',
          values: [q.tenantId],
        }),
      )
    // The worker dies after it wrote everything and before the commit.
    await world.asAdmin(
      `create function die() returns trigger language plpgsql as $$ begin raise exception 'died'; end $$;
       create constraint trigger die after insert on outbound_mail deferrable initially deferred for each row
         when (new.kind = 'digest') execute function die()`,
    )
    expect((await runDigests(world.database, tenant.author())).failed).toHaveLength(1)
    expect(await waiting()).toEqual({ count: 1 })
    await world.asAdmin('drop trigger die on outbound_mail')
    const runs = await Promise.all(
      Array.from({ length: 6 }, () => runDigests(world.database, tenant.author())),
    )
    expect(runs.reduce((sum, { made }) => sum + made, 0)).toBe(1)
    expect(await waiting()).toEqual({ count: 0 })
    await room.run(tenant.id)
    await room.run(tenant.id)
    expect(
      mailsTo('crash', rita).filter(({ subject }) => subject === '1 notification from crash'),
    ).toHaveLength(1)
  })
  test('is left to whoever is at it already', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'at-it')
    await daily(cast.rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(cast.amir, id, 'One.')
    await room.run(cast.tenant.id)
    world.clock.set('2026-03-03T07:00:00.000Z')
    const other = new Client({ connectionString: world.test.adminUrl })
    await other.connect()
    await other.query('begin')
    await other.query('select from digest where person_id = $1 for update', [cast.rita.id])
    expect(await runDigests(world.database, cast.tenant.author())).toEqual({
      made: 0,
      failed: [],
      more: false,
    })
    await other.query('rollback')
    await other.end()
    expect(await digests(cast)).toBe(1)
  })
  test('misses nothing that comes while it is being made', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'meanwhile')
    const { rita, amir, tenant } = cast
    await daily(rita, 'comment')
    const id = await cast.inState('in_progress')
    let told = 0
    for (let day = 3; day < 9; day += 1) {
      await comment(amir, id, `Before ${day}.`)
      await room.tell(tenant.id)
      world.clock.set(`2026-03-0${day}T07:00:00.000Z`)
      await comment(amir, id, `Meanwhile ${day}.`)
      await Promise.all([room.tell(tenant.id), runDigests(world.database, tenant.author())])
      told += 2
    }
    world.clock.set('2026-03-09T07:00:00.000Z')
    await digests(cast)
    const counts = mailsTo('meanwhile', rita).flatMap(
      ({ subject }) => /^(\d+) notif/.exec(subject)?.[1] ?? [],
    )
    expect(counts.map(Number).reduce((sum, one) => sum + one, 0)).toBe(told)
  })
  test('is swept with what it told, when both are old', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'swept')
    await daily(cast.rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(cast.amir, id, 'One.')
    await room.run(cast.tenant.id)
    world.clock.set('2026-03-03T07:00:00.000Z')
    expect(await digests(cast)).toBe(1)
    world.clock.set('2028-03-03T07:00:00.000Z')
    await sweepNotices(world.database, cast.tenant.author())
    const left = await read(world.database, cast.tenant.id, (q) =>
      q.rows({ text: 'select id from notification where tenant_id = $1', values: [q.tenantId] }),
    )
    expect(left).toEqual([])
  })
})

describe('what can be put there', () => {
  test('is what may wait: not a question, a resolution, what is given to one or what is urgent, and not what the organization always mails', async () => {
    const cast = await castOf(world, 'may-wait')
    const { rita } = cast
    for (const kind of ['question', 'resolved', 'assigned', 'urgent'] as const) {
      await expect(daily(rita, kind)).rejects.toMatchObject({
        status: 422,
        body: { reasons: [{ code: 'at_once', field: 'digest' }] },
      })
    }
    await expect(
      rita.api.setNoticePreference({
        params: { kind: 'comment' },
        body: { inApplication: null, mail: false, digest: true },
      }),
    ).rejects.toMatchObject({ status: 422 })
    await daily(rita, 'comment')
    const { rows } = await rita.api.listNoticePreferences()
    expect(rows.filter(({ mail }) => !mail.mayWait).map(({ kind }) => kind)).toEqual([
      'question',
      'resolved',
      'assigned',
      'urgent',
    ])
    expect(rows.find(({ kind }) => kind === 'comment')?.mail).toEqual({
      setting: 'on',
      on: true,
      digest: true,
      mayWait: true,
    })
  })
  test('even a row from before such a rule is told at once', async () => {
    const cast = await castOf(world, 'old-row')
    const { rita, amir, tenant } = cast
    await write(world.database, tenant.author(), async (tx) => {
      tx.insert('notification_preference', {
        tenant_id: tx.tenantId,
        person_id: rita.id,
        kind: 'resolved',
        mail: true,
        digest: true,
      })
    })
    const id = await cast.inState('in_progress')
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await room.run(tenant.id)
    expect(mailsTo('old-row', rita).at(-1)?.text).toContain('was resolved')
  })
  test('the explanation of a notice says that it waits, and then what became of its mail', async () => {
    world.clock.set('2026-03-02T09:00:00.000Z')
    const cast = await castOf(world, 'explained')
    const { rita, amir } = cast
    await daily(rita, 'comment')
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'One.')
    await room.run(cast.tenant.id)
    const [notice] = (await rita.api.listNotifications()).rows
    const why = () => rita.api.explainNotification({ params: { id: notice?.id ?? '' } })
    expect((await why()).mail).toBe('awaits_digest')
    world.clock.set('2026-03-03T07:00:00.000Z')
    await digests(cast)
    expect((await why()).mail).toBe('accepted')
  })
})
