import type { NoticeKind } from '@evenkeel/contract/notification'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../../../test/browser.ts'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { deskUrl, openMailRoom, type MailRoom } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { startCapture } from '../../platform/mail/smtp-capture.ts'
import { write } from '../../platform/journal/write.ts'
import { publishPolicy } from '../../platform/policy/policy.ts'
import { read } from '../../platform/postgres/database.ts'
import { notificationPolicy } from './index.ts'

let world: World
let room: MailRoom
beforeAll(async () => {
  world = await createWorld({ publicUrl: deskUrl })
  room = openMailRoom({ database: world.database, now: world.clock.now })
})
afterAll(() => world.end())

const comment = (by: TestPerson, id: string, body: string, audience: 'public' | 'team' = 'public') =>
  by.api.commentIncident({ params: { id }, body: { audience, body } })

describe('what I was told', () => {
  test('is listed newest first, with what happened, who did it, and how much is unread', async () => {
    const cast = await castOf(world, 'list')
    const { rita, amir, tenant } = cast
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'Hello.')
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await room.tell(tenant.id)
    const { rows, unread } = await rita.api.listNotifications()
    const { number } = await cast.read(id)
    expect(unread).toBe(2)
    expect(rows).toMatchObject([
      {
        kind: 'resolved',
        headline: 'It was resolved.',
        actor: { name: 'Amir' },
        readAt: null,
        record: { id, number, kind: 'incident' },
      },
      {
        kind: 'comment',
        headline: 'Somebody wrote to you.',
        actor: { id: amir.id },
        record: { title: 'The printer is on fire' },
      },
    ])
    expect(await amir.api.countUnread()).toEqual({ unread: 0 })
  })

  test('comes in pages that lose and repeat nothing', async () => {
    const cast = await castOf(world, 'pages')
    const id = await cast.inState('in_progress')
    for (let index = 0; index < 7; index += 1) await comment(cast.amir, id, `${index}`)
    await room.tell(cast.tenant.id)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query: { limit: number; cursor?: string } =
        cursor === undefined ? { limit: 3 } : { limit: 3, cursor }
      const { rows, next } = await cast.rita.api.listNotifications({ query })
      seen.push(...rows.map((row) => row.id))
      cursor = next ?? undefined
    } while (cursor !== undefined)
    expect(new Set(seen).size).toBe(7)
    await expect(cast.rita.api.listNotifications({ query: { cursor: `' or 1=1` } })).rejects.toMatchObject({
      status: 400,
    })
  })

  test('is marked as read one by one, or all that was there when I looked', async () => {
    const cast = await castOf(world, 'read')
    const { rita, otto, amir, tenant } = cast
    const id = await cast.inState('in_progress')
    for (const text of ['one', 'two']) await comment(amir, id, text)
    await room.tell(tenant.id)
    const { rows } = await rita.api.listNotifications()
    await comment(amir, id, 'three')
    await room.tell(tenant.id)
    const newest = rows[0]?.id ?? ''
    await expect(otto.api.readNotification({ params: { id: newest } })).rejects.toMatchObject({ status: 404 })
    await rita.api.readNotification({ params: { id: newest } })
    await rita.api.readNotification({ params: { id: newest } })
    expect(await rita.api.countUnread()).toEqual({ unread: 2 })
    expect(await otto.api.readAllNotifications({ body: {} })).toEqual({ read: 0 })
    expect(await rita.api.readAllNotifications({ body: { upTo: newest } })).toEqual({ read: 1 })
    expect((await rita.api.listNotifications({ query: { unread: 'true' } })).rows).toHaveLength(1)
    expect(await rita.api.readAllNotifications({ body: {} })).toEqual({ read: 1 })
    expect(await rita.api.countUnread()).toEqual({ unread: 0 })
  })

  test('has a reason: the rule, its sentence, and what became of the mail', async () => {
    const cast = await castOf(world, 'why')
    const id = await cast.inState('in_progress')
    await comment(cast.amir, id, 'Hello.')
    await room.run(cast.tenant.id)
    const [told] = (await cast.rita.api.listNotifications()).rows
    const params = { id: told?.id ?? '' }
    expect(await cast.rita.api.explainNotification({ params })).toEqual({
      id: told?.id,
      kind: 'comment',
      rule: 'written-to',
      sentence: 'You get this because it happens to you.',
      policyVersion: 0,
      inApplication: true,
      mail: 'kept',
    })
    await expect(cast.otto.api.explainNotification({ params })).rejects.toMatchObject({ status: 404 })
    const foreign = await (await world.tenant('elsewhere')).person('Ada', 'administrator')
    await expect(foreign.api.explainNotification({ params })).rejects.toMatchObject({ status: 404 })
  })

  test('of what I may not see any more only says so', async () => {
    const cast = await castOf(world, 'hidden')
    const { nora, amir, tenant } = cast
    const serviceId = await tenant.service('Mail', cast.mailId)
    const id = await cast.inState('in_progress', { serviceId, title: 'canary-title' })
    await nora.api.watchIncident({ params: { id }, body: {} })
    await comment(amir, id, 'canary-comment')
    await room.tell(tenant.id)
    expect((await nora.api.listNotifications()).rows).toMatchObject([{ record: { title: 'canary-title' } }])
    const { version } = await cast.read(id, amir)
    await amir.api.editIncident({ params: { id }, body: { confidential: true }, version })
    const answer = await nora.api.listNotifications()
    expect(answer.rows).toMatchObject([
      { headline: 'You can no longer see what this was about.', record: null, actor: null },
    ])
    expect(JSON.stringify(answer)).not.toContain('canary')
  })

  test('of a work note only says so to who may read such notes no longer', async () => {
    const cast = await castOf(world, 'noted')
    const { amir, nora, tenant } = cast
    const id = await cast.inState('in_progress')
    await comment(amir, id, 'Look at this, @nora', 'team')
    await room.tell(tenant.id)
    expect((await nora.api.listNotifications()).rows).toMatchObject([{ kind: 'mentioned', record: { id } }])
    await write(world.database, tenant.author(), async (tx) => {
      tx.send({
        text: `delete from role_permission p using role r where p.tenant_id = $1 and r.tenant_id = p.tenant_id and r.id = p.role_id
               and r.key = 'agent' and p.permission = 'incident.read_internal'`,
        values: [tenant.id],
      })
      tx.journal({ type: 'role.changed', subject: { kind: 'tenant', id: tenant.id }, data: {} })
    })
    expect((await nora.api.readIncident({ params: { id } })).id).toBe(id)
    expect((await nora.api.listNotifications()).rows).toMatchObject([{ record: null, actor: null }])
  })

  test('strangers are told nothing', async () => {
    for (const [method, path] of [
      ['GET', '/me/notifications'],
      ['GET', '/me/notifications/count'],
      ['GET', '/me/notification-preferences'],
      ['GET', '/outbox'],
      ['GET', '/reactions/set-aside'],
    ] as const)
      expect((await openBrowser(world.app).send(method, path)).status).toBe(401)
  })

  test('reaches my open page at once, and nobody else hears that there is something', async () => {
    const cast = await castOf(world, 'live')
    const base = await world.app.listen({ port: 0, host: '127.0.0.1' })
    const id = await cast.inState('in_progress')
    await room.tell(cast.tenant.id)
    const listen = async (person: TestPerson) => {
      const ending = new AbortController()
      const answer = await fetch(`${base}/api/v1/live`, {
        headers: { cookie: person.cookie, accept: 'text/event-stream' },
        signal: ending.signal,
      })
      let text = ''
      const reading = (async () => {
        for await (const chunk of answer.body ?? []) text += Buffer.from(chunk as Uint8Array).toString()
      })().catch(() => undefined)
      return { text: () => text, end: () => (ending.abort(), reading) }
    }
    const [rita, otto, nora] = [await listen(cast.rita), await listen(cast.otto), await listen(cast.nora)]
    await comment(cast.amir, id, 'Hello.')
    await room.tell(cast.tenant.id)
    while (!rita.text().includes('"kind":"notification"'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    // What Nora may hear of the incident has come by then, and nothing else.
    while (!nora.text().includes('incident.commented'))
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(nora.text()).not.toContain('notification')
    expect(otto.text()).not.toContain('data:')
    await Promise.all([rita.end(), otto.end(), nora.end()])
  })
})

describe('what I want to be told', () => {
  const settings = async (person: TestPerson, kind: NoticeKind) =>
    (await person.api.listNoticePreferences()).rows.find((row) => row.kind === kind)

  test('is switched per kind and channel, and counts from the next event on', async () => {
    const cast = await castOf(world, 'wishes')
    const { rita, amir, tenant } = cast
    expect(await settings(rita, 'comment')).toEqual({
      kind: 'comment',
      title: 'Somebody wrote to me about what I raised, or added a file',
      inApplication: { setting: 'on', on: true },
      mail: { setting: 'on', on: true, digest: false, mayWait: true },
    })
    const id = await cast.inState('in_progress')
    await room.tell(tenant.id)
    const before = (await room.told(tenant.id)).length
    await rita.api.setNoticePreference({
      params: { kind: 'comment' },
      body: { inApplication: null, mail: false },
    })
    expect((await settings(rita, 'comment'))?.mail).toMatchObject({ setting: 'on', on: false })
    await comment(amir, id, 'One.')
    await room.tell(tenant.id)
    await rita.api.setNoticePreference({
      params: { kind: 'comment' },
      body: { inApplication: false, mail: false },
    })
    await comment(amir, id, 'Two.')
    await room.tell(tenant.id)
    await rita.api.setNoticePreference({
      params: { kind: 'comment' },
      body: { inApplication: null, mail: null },
    })
    await comment(amir, id, 'Three.')
    await room.tell(tenant.id)
    expect((await room.told(tenant.id)).slice(before)).toMatchObject([
      { inApplication: true, mail: null },
      { inApplication: true, mail: 'queued' },
    ])
  })

  test('what the organisation decided for everybody is not mine to switch', async () => {
    const cast = await castOf(world, 'fixed')
    const { rita, tenant } = cast
    await expect(
      rita.api.setNoticePreference({
        params: { kind: 'question' },
        body: { inApplication: false, mail: null },
      }),
    ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'inApplication', code: 'fixed' }] } })
    // Saying what holds anyway is no contradiction.
    await rita.api.setNoticePreference({
      params: { kind: 'question' },
      body: { inApplication: true, mail: false },
    })
    const { initial } = notificationPolicy
    const kinds = { ...initial.kinds, comment: { inApplication: 'on', mail: 'never' } }
    await write(world.database, tenant.author(), (tx) =>
      publishPolicy(tx, notificationPolicy, { document: { ...initial, kinds }, note: 'quiet', basedOn: 0 }),
    )
    expect((await settings(rita, 'comment'))?.mail).toMatchObject({ setting: 'never', on: false })
    await expect(
      rita.api.setNoticePreference({
        params: { kind: 'comment' },
        body: { inApplication: null, mail: true },
      }),
    ).rejects.toMatchObject({ status: 422 })
  })

  test("is nobody else's to say, not even for somebody who acts as me", async () => {
    const { rita, tenant } = await castOf(world, 'acting')
    const ada = await tenant.person('Ada', 'administrator')
    const browser = openBrowser(world.app)
    browser.cookies.set('evenkeel', ada.cookie.replace('evenkeel=', ''))
    await browser.api.actAs({ params: { id: rita.id }, body: { reason: 'She asked me to.' } })
    expect((await browser.api.listNoticePreferences()).rows).not.toEqual([])
    await expect(
      browser.api.setNoticePreference({
        params: { kind: 'reply' },
        body: { inApplication: false, mail: false },
      }),
    ).rejects.toMatchObject({ status: 403 })
  })

  test('is on record, and refuses what is no kind', async () => {
    const { rita, tenant } = await castOf(world, 'kinds')
    await rita.api.setNoticePreference({
      params: { kind: 'reply' },
      body: { inApplication: null, mail: false },
    })
    const rows = await read(world.database, tenant.id, (q) =>
      q.rows<{ data: unknown }>({
        text: `select data from journal where tenant_id = $1 and type = 'notification.preferred'`,
        values: [tenant.id],
      }),
    )
    expect(rows).toEqual([{ data: { kind: 'reply', inApplication: null, mail: false } }])
    const browser = openBrowser(world.app, { cookie: rita.cookie })
    const body = { inApplication: null, mail: null }
    expect((await browser.send('PUT', '/me/notification-preferences/everything', body)).status).toBe(404)
    expect((await browser.send('PUT', '/me/notification-preferences/reply', { mail: true })).status).toBe(422)
  })
})

describe('the outbox', () => {
  const officers = async (cast: Cast) => ({
    ada: await cast.tenant.person('Ada', 'administrator'),
    uma: await cast.tenant.person('Uma', 'auditor'),
  })

  test('is for those who run the tenant: agents and requesters are refused, an auditor sees and changes nothing', async () => {
    const cast = await castOf(world, 'outbox')
    const { uma } = await officers(cast)
    await cast.raise(cast.rita)
    await room.run(cast.tenant.id)
    for (const person of [cast.rita, cast.amir, cast.lena]) {
      await expect(person.api.listOutbox()).rejects.toMatchObject({ status: 403 })
      await expect(person.api.countOutbox()).rejects.toMatchObject({ status: 403 })
    }
    const { rows } = await uma.api.listOutbox()
    expect(rows).toMatchObject([
      { kind: 'notice', status: 'kept', to: { name: 'Rita' }, address: 'rita@outbox.test' },
    ])
    const params = { id: rows[0]?.id ?? '' }
    await expect(uma.api.redriveMail({ params })).rejects.toMatchObject({ status: 403 })
    await expect(uma.api.redriveOutbox({ body: { status: 'dead' } })).rejects.toMatchObject({ status: 403 })
    await expect(cast.amir.api.readMail({ params })).rejects.toMatchObject({ status: 403 })
    const foreign = await (await world.tenant('outbox-2')).person('Ada', 'administrator')
    await expect(foreign.api.readMail({ params })).rejects.toMatchObject({ status: 404 })
    await expect(foreign.api.redriveMail({ params })).rejects.toMatchObject({ status: 404 })
  })

  test('shows a kept mail as it would have been read, with nothing in it that runs', async () => {
    const cast = await castOf(world, 'words')
    const { ada } = await officers(cast)
    const id = await cast.inState('in_progress', { title: '<script>alert(1)</script>' })
    await comment(cast.amir, id, '**Bold** <img src=x onerror=alert(1)> [x](javascript:alert(1))')
    await room.run(cast.tenant.id)
    const [newest] = (await ada.api.listOutbox()).rows
    const mail = await ada.api.readMail({ params: { id: newest?.id ?? '' } })
    expect(mail.message).toMatchObject({ asOf: 'kept' })
    expect(mail.message?.text).toContain('Amir wrote about')
    expect(mail.message?.html).toContain('<strong>Bold</strong>')
    expect(mail.message?.html).not.toMatch(/<script|<img|href="javascript/i)
    expect(mail.allowed).toEqual([])
  })

  test('shows what another mail says as it would say it now', async () => {
    const cast = await castOf(world, 'now')
    const { ada } = await officers(cast)
    await cast.raise(cast.rita)
    await room.tell(cast.tenant.id)
    const [row] = (await ada.api.listOutbox({ query: { status: 'queued' } })).rows
    expect(row).toMatchObject({ subject: null, nextTryAt: world.clock.now() })
    const { message } = await ada.api.readMail({ params: { id: row?.id ?? '' } })
    expect(message).toMatchObject({ asOf: 'now' })
    expect(message?.text).toContain('We have it.')
  })

  test('A13: hides what a mail is about from who may not see that: confidential incidents, and work notes', async () => {
    const cast = await castOf(world, 'closed')
    const { amir, rita, tenant } = cast
    const { uma } = await officers(cast)
    const serviceId = await tenant.service('Mail', cast.mailId)
    const secret = await cast.raise(rita, {
      serviceId,
      confidential: true,
      title: 'canary-title',
      description: 'canary-text',
    })
    await room.run(tenant.id)
    const [row] = (await uma.api.listOutbox()).rows
    const mail = await uma.api.readMail({ params: { id: row?.id ?? '' } })
    expect(mail).toMatchObject({ subject: null, record: null, message: null, to: { name: 'Rita' } })
    expect(JSON.stringify([row, mail])).not.toMatch(new RegExp(`canary|${secret.number}`))

    const open = await cast.inState('in_progress')
    await comment(cast.nora, open, 'canary-note for @amir', 'team')
    await room.run(tenant.id)
    // The auditor's right to read internals is taken away; the mail to Amir has a note in it.
    const ofAmir = (await uma.api.listOutbox()).rows.find((one) => one.to.name === 'Amir')
    expect(JSON.stringify(await uma.api.readMail({ params: { id: ofAmir?.id ?? '' } }))).toContain(
      'canary-note',
    )
    await write(world.database, tenant.author(), async (tx) => {
      tx.send({
        text: `delete from role_permission p using role r where p.tenant_id = $1 and r.tenant_id = p.tenant_id and r.id = p.role_id
               and r.key = 'auditor' and p.permission = 'incident.read_internal'`,
        values: [tenant.id],
      })
      tx.journal({ type: 'role.changed', subject: { kind: 'tenant', id: tenant.id }, data: {} })
    })
    expect(JSON.stringify(await uma.api.readMail({ params: { id: ofAmir?.id ?? '' } }))).not.toContain(
      'canary',
    )
    expect(amir.id).toBe(ofAmir?.to.id)
  })
})

describe('mail about accounts', () => {
  const linkIn = (text: string): string => /https:\/\/desk\.example\.org\/\S+#\S+/.exec(text)?.[0] ?? ''

  test('an invitation goes out once with a link that works once, and the link is kept nowhere else', async () => {
    const server = await startCapture()
    const smtp = openMailRoom({
      database: world.database,
      now: world.clock.now,
      smtpUrl: `smtp://127.0.0.1:${server.port}`,
    })
    const tenant = await world.tenant('invite')
    const ada = await tenant.person('Ada', 'administrator')
    const { id } = await ada.api.createPerson({ body: { name: 'Nils', email: 'nils@invite.test' } })
    await smtp.run(tenant.id)
    expect(server.messages.map(({ rcptTo }) => rcptTo)).toEqual([['nils@invite.test']])
    const mail = await PostalMime.parse(server.messages[0]?.raw ?? '')
    expect(mail.subject).toBe('Your account at invite')
    const link = linkIn(mail.text ?? '')
    const token = link.split('#')[1] ?? ''
    expect(token).toMatch(/^[A-Za-z0-9_-]{86}$/)
    expect(mail.html).toContain(`href="${link}"`)
    expect(mail.text).toContain('Why did I get this? You get this because it is about your own account.')
    const body = { token, password: 'nine lanterns over the harbor' }
    expect((await openBrowser(world.app).send('POST', '/session/invitations', body)).status).toBe(200)
    expect((await openBrowser(world.app).send('POST', '/session/invitations', body)).status).toBe(410)
    const traces = await read(world.database, tenant.id, (q) =>
      q.one<{ text: string }>({
        text: `select (select string_agg(m::text, '') from outbound_mail m where tenant_id = $1) || (select string_agg(j::text, '') from journal j where tenant_id = $1)
                 || (select string_agg(p::text, '') from journal_personal p where tenant_id = $1) || (select coalesce(string_agg(b::text, ''), '') from pgboss.job b) as text`,
        values: [tenant.id],
      }),
    )
    expect(traces.text).toContain(id)
    expect(traces.text).not.toContain(token.slice(-40))
    expect((await smtp.mails(tenant.id)).map((row) => [row.kind, row.status, row.secret])).toEqual([
      ['invitation', 'accepted', null],
    ])
    smtp.close()
    await server.close()
  })

  test('A41: a link that ran out before it could be sent is not sent', async () => {
    const tenant = await world.tenant('expired')
    const ada = await tenant.person('Ada', 'administrator')
    await ada.api.createPerson({ body: { name: 'Nils', email: 'nils@expired.test' } })
    await room.tell(tenant.id)
    world.clock.advance(73 * 3_600_000)
    await room.deliver(tenant.id)
    world.clock.advance(-73 * 3_600_000)
    expect(await room.mails(tenant.id)).toMatchObject([
      { status: 'withdrawn', last_code: 'expired', secret: null },
    ])
  })

  test('without a mail server an invitation is handed over by who may do all that its person may, and that is on record', async () => {
    const tenant = await world.tenant('by-hand')
    const [ada, uma] = [await tenant.person('Ada', 'administrator'), await tenant.person('Uma', 'auditor')]
    const { id: personId } = await ada.api.createPerson({
      body: { name: 'Nils', email: 'nils@by-hand.test' },
    })
    await room.run(tenant.id)
    const [row] = (await uma.api.listOutbox()).rows
    const params = { id: row?.id ?? '' }
    const seen = await uma.api.readMail({ params })
    expect(seen.allowed).toEqual([])
    expect(seen.message?.text).toContain('(the link is only in the mail itself)')
    expect(seen.message?.text).toContain('nobody at by-hand will ask you for it')
    await expect(uma.api.showMailLink({ params })).rejects.toMatchObject({ status: 403 })
    expect((await ada.api.readMail({ params })).allowed).toEqual(['show_link'])
    const { link } = await ada.api.showMailLink({ params })
    expect(link).toMatch(/^https:\/\/desk\.example\.org\/welcome#[A-Za-z0-9_-]{86}$/)
    const shown = await read(world.database, tenant.id, (q) =>
      q.rows<{ actor_id: string; data: unknown }>({
        text: `select actor_id, data from journal where tenant_id = $1 and type = 'mail.link_shown'`,
        values: [tenant.id],
      }),
    )
    expect(shown).toEqual([{ actor_id: ada.id, data: { personId } }])

    // Somebody who manages people but may not do what an administrator may does not become one this way.
    const { rows: roles } = await ada.api.listRoles()
    const administrator = roles.find((role) => role.key === 'administrator')?.id ?? ''
    await ada.api.giveRole({ params: { id: personId, roleId: administrator } })
    const { id: managerRole } = await ada.api.createRole({
      body: {
        key: 'people_office',
        name: 'People office',
        permissions: [{ permission: 'person.manage', scopes: ['all'] }],
      },
    })
    const mona = await tenant.person('Mona', 'requester')
    await ada.api.giveRole({ params: { id: mona.id, roleId: managerRole } })
    await expect(mona.api.showMailLink({ params })).rejects.toMatchObject({ status: 403 })
    world.clock.advance(73 * 3_600_000)
    await expect(ada.api.showMailLink({ params })).rejects.toMatchObject({ status: 403 })
    world.clock.advance(-73 * 3_600_000)
  })

  test('a reset is shown to nobody: only its person gets it', async () => {
    const tenant = await world.tenant('reset')
    const ada = await tenant.person('Ada', 'administrator')
    const rita = await tenant.person('Rita', 'requester')
    await openBrowser(world.app).send('POST', '/session/reset-requests', {
      tenant: 'reset',
      email: 'rita@reset.test',
    })
    await room.run(tenant.id)
    const [row] = (await ada.api.listOutbox()).rows
    expect(row).toMatchObject({ kind: 'reset', status: 'kept', to: { id: rita.id } })
    const params = { id: row?.id ?? '' }
    const seen = await ada.api.readMail({ params })
    expect(seen.allowed).toEqual([])
    expect(JSON.stringify(seen)).not.toMatch(/#[A-Za-z0-9_-]{86}/)
    await expect(ada.api.showMailLink({ params })).rejects.toMatchObject({ status: 409 })
  })
})

describe('the policy', () => {
  test('says before it is published what it would have changed, and names nothing out of reach', async () => {
    const cast = await castOf(world, 'preview')
    const ada = await cast.tenant.person('Ada', 'administrator')
    const serviceId = await cast.tenant.service('Mail', cast.mailId)
    const { number } = await cast.raise(cast.rita)
    await cast.raise(cast.rita, { serviceId, confidential: true, title: 'canary-title' })
    const { initial } = notificationPolicy
    const document = { ...initial, rules: initial.rules.filter((rule) => rule.id !== 'received') }
    const params = { kind: 'notification' }
    const preview = await ada.api.previewPolicy({ params, body: { document } })
    // Four: raised and routed, twice.
    expect(preview).toMatchObject({
      sentence: 'On the last 4 entries, 0 more and 2 fewer notices would have been given.',
      examined: 4,
      changed: 2,
      examples: [{ number, before: 'without 1 notice by received', after: 'with nothing' }],
    })
    expect(JSON.stringify(preview)).not.toContain('canary')
    expect(await room.told(cast.tenant.id)).toEqual([])
    const same = await ada.api.previewPolicy({ params, body: { document: initial } })
    expect(same).toMatchObject({ changed: 0, examples: [], differences: [] })
  })

  test('has conditions that are read, shown and compared as filters, and refuses what is none', async () => {
    const cast = await castOf(world, 'conditions')
    const ada = await cast.tenant.person('Ada', 'administrator')
    const serviceId = await cast.tenant.service('Electronic records', cast.mailId)
    const { fields } = await ada.api.readNoticeFields()
    expect(fields.find(({ name }) => name === 'service')?.choices).toEqual([
      { value: serviceId, label: 'Electronic records' },
    ])
    const { conditions } = await ada.api.readNoticeConditions({
      body: {
        conditions: [
          { text: 'priority:<=2 service:"Electronic records" -by_caller:true' },
          { text: 'moon:full' },
          { text: '' },
        ],
      },
    })
    expect(conditions).toMatchObject([
      { text: 'priority:<=2 service:"Electronic records" -by_caller:true', faults: [] },
      { filter: null, faults: [expect.stringContaining('moon')] },
      { filter: { all: [] }, text: '' },
    ])
    const when = conditions[0]?.filter ?? { all: [] }
    const { initial } = notificationPolicy
    const rules = initial.rules.map((rule) => (rule.id === 'urgent' ? { ...rule, when } : rule))
    const params = { kind: 'notification' }
    const { differences } = await ada.api.previewPolicy({ params, body: { document: { ...initial, rules } } })
    expect(differences).toEqual([
      {
        path: '/rules/urgent/when',
        sentence: expect.stringMatching(
          /priority <= "2" and service = “Electronic records” and \(not \(by_caller = true\)\)/,
        ),
      },
    ])
    expect(await refusalOf(cast.amir.api.readNoticeFields())).toBe('none')
    expect(await refusalOf(cast.rita.api.readNoticeFields())).toBe('forbidden')
    const unknown = initial.rules.map((rule) => ({
      ...rule,
      when: { field: 'moon', op: '=', value: 'full' },
    }))
    await expect(
      ada.api.publishPolicy({
        params,
        body: { document: { ...initial, rules: unknown.slice(0, 1) }, note: 'moon', basedOn: 0 },
      }),
    ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'document.rules.0.when' }] } })
  })

  test('refuses rules about entries that do not exist', async () => {
    const ada = await (await world.tenant('nonsense')).person('Ada', 'administrator')
    const { initial } = notificationPolicy
    const [first] = initial.rules
    const document = { ...initial, rules: [{ ...first, on: ['weather.changed'] }] }
    await expect(
      ada.api.publishPolicy({
        params: { kind: 'notification' },
        body: { document, note: 'rain', basedOn: 0 },
      }),
    ).rejects.toMatchObject({ status: 422, body: { reasons: [{ field: 'document.rules.0.on' }] } })
  })
})
