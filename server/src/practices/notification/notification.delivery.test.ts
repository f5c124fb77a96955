import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { castOf } from '../../../test/incidents.ts'
import { deskUrl, openMailRoom, type MailRoom } from '../../../test/mail-room.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import type { Mailer } from '../../platform/mail/mail.transport.ts'
import { startCapture, type Capture, type CaptureOptions } from '../../platform/mail/smtp-capture.ts'
import { write } from '../../platform/journal/write.ts'
import { read } from '../../platform/postgres/database.ts'
import { suspendTenant } from '../people/index.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ publicUrl: deskUrl })
})
afterAll(() => world.end())

const ending: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

const capture = async (options: CaptureOptions = {}): Promise<Capture> => {
  const server = await startCapture(options)
  ending.push(() => server.close())
  return server
}
const roomAt = (server: Capture, more: { pauses?: readonly number[]; tls?: string } = {}): MailRoom => {
  const { tls, ...settings } = more
  const room = openMailRoom({
    database: world.database,
    now: world.clock.now,
    smtpUrl: `smtp://127.0.0.1:${server.port}${tls ?? ''}`,
    pauses: [0, 0, 0, 0],
    ...settings,
  })
  ending.push(() => room.close())
  return room
}
const parsed = (raw: string) => PostalMime.parse(raw)
const header = (mail: Awaited<ReturnType<typeof parsed>>, name: string): string | undefined =>
  mail.headers.find(({ key }) => key === name)?.value
const messageIds = async (server: Capture): Promise<string[]> =>
  Promise.all(server.messages.map(async ({ raw }) => (await parsed(raw)).messageId ?? ''))
const entries = (tenantId: string, prefix = 'mail.') =>
  read(world.database, tenantId, (q) =>
    q.rows<{ type: string; data: { attempts?: number; code?: string } }>({
      text: `select type, data from journal where tenant_id = $1 and type like $2 || '%' order by id`,
      values: [tenantId, prefix],
    }),
  )
const rename = (tenantId: string, person: TestPerson, columns: { name?: string; email?: string }) =>
  write(
    world.database,
    {
      tenantId,
      actor: { kind: 'system', id: null, onBehalfOf: null, via: 'test' },
      request: null,
      now: world.clock.now(),
    },
    async (tx) =>
      tx.send({
        text: 'update person set name = coalesce($3, name), email = coalesce($4, email) where tenant_id = $1 and id = $2',
        values: [tenantId, person.id, columns.name ?? null, columns.email ?? null],
      }),
  )

describe('a mail', () => {
  test('mails about one record are one thread, whoever gets them', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'thread')
    const id = await cast.inState('in_progress')
    await cast.amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Hello.' } })
    await room.run(cast.tenant.id)
    const mails = await Promise.all(server.messages.map(({ raw }) => parsed(raw)))
    expect(mails.length).toBeGreaterThan(1)
    expect(new Set(mails.map((mail) => header(mail, 'references'))).size).toBe(1)
    const ids = await messageIds(server)
    expect(new Set(ids).size).toBe(mails.length)
    for (const message of ids) expect(room.house.threading.recordOf(cast.tenant.id, message)).toBe(id)
  })

  test('each kind says what to do: the question asks, the resolution says how to say that it is still broken', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'words')
    const id = await cast.inState('in_progress')
    await cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which **floor**?' })
    await room.run(cast.tenant.id)
    const [, question] = await Promise.all(server.messages.map(({ raw }) => parsed(raw)))
    expect(question?.text).toContain('Amir needs an answer from you before work on')
    expect(question?.text).toContain('Which floor?')
    expect(question?.html).toContain('Which <strong>floor</strong>?')
    await cast.rita.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'The fourth.' } })
    await cast.move(cast.amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it *out*.' })
    await room.run(cast.tenant.id)
    const resolved = await parsed(server.messages.at(-1)?.raw ?? '')
    expect(resolved.text).toContain('was resolved.\n\nPut it out.')
    expect(resolved.text).toContain('If nobody objects, it is closed on')
    expect(resolved.text).toMatch(
      new RegExp(`Still broken\\? Say so, without signing in: ${deskUrl}/still-broken#[A-Za-z0-9_-]{86}\\n`),
    )
  })

  test('the words are made when it is sent: what changed since is in it, and what is no longer so is not sent', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'current')
    const { rita, amir, tenant } = cast
    const id = await cast.inState('in_progress')
    await amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'Hello.' } })
    await room.tell(tenant.id)
    const { version } = await cast.read(id)
    await amir.api.editIncident({ params: { id }, body: { title: 'The printer burned down' }, version })
    await room.deliver(tenant.id)
    for (const { raw } of server.messages)
      expect((await parsed(raw)).subject).toMatch(/The printer burned down$/)

    const sent = server.messages.length
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: 'New one.' })
    await room.tell(tenant.id)
    await cast.move(rita, id, { action: 'still_broken', reason: 'No.' })
    await room.deliver(tenant.id)
    expect(server.messages).toHaveLength(sent)
    expect((await entries(tenant.id)).at(-1)).toMatchObject({
      type: 'mail.withdrawn',
      data: { code: 'outdated' },
    })
  })

  test('a question is not asked any more when work goes on without the answer', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'asked')
    const id = await cast.inState('in_progress')
    await room.run(cast.tenant.id)
    const sent = server.messages.length
    await cast.move(cast.amir, id, { action: 'hold', reason: 'caller', question: 'Which floor?' })
    await room.tell(cast.tenant.id)
    await cast.move(cast.amir, id, { action: 'resume' })
    await room.deliver(cast.tenant.id)
    expect(server.messages).toHaveLength(sent)
    expect((await entries(cast.tenant.id)).at(-1)).toMatchObject({
      type: 'mail.withdrawn',
      data: { code: 'outdated' },
    })
  })

  test('who may not read it any more when it is sent, or left, gets nothing; and that is on record', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'gone')
    const { rita, otto, amir, tenant } = cast
    const id = await cast.inState('in_progress')
    await amir.api.addAffected({ params: { id }, body: { personId: otto.id } })
    await cast.move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await room.tell(tenant.id)
    await otto.api
      .removeAffected({ params: { id, personId: otto.id } })
      .catch(() => world.asAdmin(`delete from affected_person where person_id = '${otto.id}'`))
    await world.asAdmin(`update person set is_active = false where id = '${rita.id}'`)
    await room.deliver(tenant.id)
    expect(server.recipients).toEqual([])
    const codes = (await entries(tenant.id))
      .filter((entry) => entry.type === 'mail.withdrawn')
      .map(({ data }) => data.code)
    expect(codes).toHaveLength(3)
    expect(new Set(codes)).toEqual(new Set(['left', 'no_rights']))
  })
})

describe('a suspended tenant', () => {
  test('sends nothing', async () => {
    const server = await capture()
    const room = roomAt(server)
    const { rita, raise, tenant } = await castOf(world, 'suspended')
    await raise(rita)
    await room.tell(tenant.id)
    await suspendTenant(world.database, tenant.author(), true)
    await room.deliver(tenant.id)
    expect(server.recipients).toEqual([])
    expect(await room.mails(tenant.id)).toMatchObject([{ status: 'withdrawn', last_code: 'suspended' }])
  })
})

describe('F15: the mail server', () => {
  const oneMail = async (slug: string): Promise<string> => {
    const { rita, tenant, raise } = await castOf(world, slug)
    await raise(rita)
    return tenant.id
  }

  test('asks for patience: it is sent later, as the same message', async () => {
    let asked = 0
    const server = await capture({ onRcptTo: () => ((asked += 1) === 1 ? 451 : undefined) })
    const room = roomAt(server)
    const tenantId = await oneMail('greylist')
    await room.run(tenantId)
    expect(await room.mails(tenantId)).toMatchObject([
      { status: 'queued', attempts: 1, last_code: '451', may_have_arrived: false },
    ])
    await room.deliver(tenantId)
    expect(await room.mails(tenantId)).toMatchObject([
      { status: 'accepted', attempts: 2, may_have_arrived: false },
    ])
    expect(server.messages).toHaveLength(1)
    expect(await entries(tenantId)).toMatchObject([{ type: 'mail.accepted', data: { attempts: 2 } }])
  })

  test('waits between the tries: a minute, ten, an hour, four', async () => {
    const server = await capture({ onRcptTo: () => 451 })
    const cast = await castOf(world, 'pauses')
    await cast.raise(cast.rita)
    const room = openMailRoom({
      database: world.database,
      now: world.clock.now,
      smtpUrl: `smtp://127.0.0.1:${server.port}`,
    })
    ending.push(() => room.close())
    await room.tell(cast.tenant.id)
    const pauses: number[] = []
    for (;;) {
      const began = Date.parse(world.clock.now())
      expect(await room.deliver(cast.tenant.id)).toBe(1)
      const [mail] = await room.mails(cast.tenant.id)
      if (mail === undefined || mail.status !== 'queued') break
      pauses.push((Date.parse(mail.due_at) - began) / 1000)
      world.clock.set(mail.due_at)
    }
    expect(pauses).toEqual([60, 600, 3600, 14_400])
    expect(await room.mails(cast.tenant.id)).toMatchObject([{ status: 'dead', attempts: 5 }])
  })

  test('refuses it for good: one try, and the reason is kept', async () => {
    const server = await capture({ onRcptTo: () => 550 })
    const room = roomAt(server)
    const tenantId = await oneMail('refused')
    await room.run(tenantId)
    await room.deliver(tenantId)
    expect(await room.mails(tenantId)).toMatchObject([{ status: 'refused', attempts: 1, last_code: '550' }])
    expect(await entries(tenantId)).toMatchObject([
      { type: 'mail.refused', data: { attempts: 1, code: '550' } },
    ])
  })

  test('hangs up after the last byte: it may have arrived, is sent again under the same Message-ID, and says so', async () => {
    let taken = 0
    const server = await capture({ onData: () => ((taken += 1) === 1 ? 'drop' : undefined) })
    const room = roomAt(server)
    const tenantId = await oneMail('dropped')
    await room.run(tenantId)
    expect(await room.mails(tenantId)).toMatchObject([
      { status: 'queued', attempts: 1, may_have_arrived: true },
    ])
    await room.deliver(tenantId)
    expect(await room.mails(tenantId)).toMatchObject([
      { status: 'accepted', attempts: 2, may_have_arrived: true },
    ])
    const [first, second] = await messageIds(server)
    expect(first).toMatch(/^<.+@desk\.example\.org>$/)
    expect(second).toBe(first)
  })

  test('has no TLS where it is required: nothing goes out in the clear, five tries, then it lies dead and can be sent again', async () => {
    const server = await capture()
    const room = roomAt(server, { tls: '?tls=required' })
    const cast = await castOf(world, 'tls')
    await cast.raise(cast.rita)
    await room.tell(cast.tenant.id)
    while ((await room.deliver(cast.tenant.id)) > 0);
    expect(server.messages).toHaveLength(0)
    expect(await room.mails(cast.tenant.id)).toMatchObject([
      { status: 'dead', attempts: 5, last_code: '500' },
    ])
    expect(await entries(cast.tenant.id)).toMatchObject([
      { type: 'mail.dead', data: { attempts: 5, code: '500' } },
    ])
    expect(room.log).toMatchObject([{ message: 'a mail is given up' }])

    const ada = await cast.tenant.person('Ada', 'administrator')
    const { rows } = await ada.api.listOutbox({ query: { status: 'dead' } })
    expect(rows).toMatchObject([
      { to: { name: 'Rita' }, address: 'rita@tls.test', attempts: 5, lastCode: '500' },
    ])
    const id = rows[0]?.id ?? ''
    expect((await ada.api.readMail({ params: { id } })).allowed).toEqual(['redrive'])
    await ada.api.redriveMail({ params: { id } })
    const mended = roomAt(server)
    await mended.deliver(cast.tenant.id)
    expect(await room.mails(cast.tenant.id)).toMatchObject([{ status: 'accepted', attempts: 1 }])
    expect(server.messages).toHaveLength(1)
    await expect(ada.api.redriveMail({ params: { id } })).rejects.toMatchObject({ status: 409 })
  })

  test('was away while much piled up: all that is dead is sent again with one wish', async () => {
    const server = await capture()
    const away = openMailRoom({
      database: world.database,
      now: world.clock.now,
      smtpUrl: 'smtp://127.0.0.1:1',
      pauses: [],
    })
    ending.push(() => away.close())
    const cast = await castOf(world, 'pile')
    for (let index = 0; index < 5; index += 1) await cast.raise(cast.rita)
    await away.run(cast.tenant.id)
    const ada = await cast.tenant.person('Ada', 'administrator')
    expect((await ada.api.countOutbox()).counts).toMatchObject({ dead: 5, queued: 0, accepted: 0 })
    expect(await ada.api.redriveOutbox({ body: { status: 'dead' } })).toEqual({ redriven: 5, more: false })
    await roomAt(server).deliver(cast.tenant.id)
    expect((await ada.api.countOutbox()).counts).toMatchObject({ dead: 0, accepted: 5 })
    expect(server.messages).toHaveLength(5)
  })

  test('is not there at all: the mail is kept, with its words, and no more is tried', async () => {
    const room = openMailRoom({ database: world.database, now: world.clock.now })
    const cast = await castOf(world, 'kept')
    const { number } = await cast.raise(cast.rita)
    await room.run(cast.tenant.id)
    expect(await room.mails(cast.tenant.id)).toMatchObject([
      { status: 'kept', attempts: 0, message: { subject: `[${number}] The printer is on fire` } },
    ])
    expect(await room.deliver(cast.tenant.id)).toBe(0)
  })
})

describe('F11: a mail that cannot be composed', () => {
  test('is given up after five tries within minutes, while its neighbours go out at once', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'fault')
    const { id } = await cast.raise(cast.rita)
    await cast.raise(cast.otto)
    await room.tell(cast.tenant.id)
    // A time zone that this runtime does not know: formatting an instant in it throws.
    await cast.move(cast.lena, (await cast.raise(cast.rita)).id, {
      action: 'cancel',
      reason: 'not_an_incident',
    })
    await room.run(cast.tenant.id)
    expect(id).toBeTruthy()
    const resolved = await cast.inState('in_progress')
    await cast.move(cast.amir, resolved, { action: 'resolve', code: 'fixed', notes: 'Done.' })
    await room.tell(cast.tenant.id)
    await world.asAdmin(`update person set time_zone = 'Mars/Olympus' where id = '${cast.rita.id}'`)
    const before = Date.parse(world.clock.now())
    const accepted = server.messages.length
    for (let round = 0; round < 6; round += 1) {
      await room.deliver(cast.tenant.id)
      const due = (await room.mails(cast.tenant.id)).find((mail) => mail.status === 'queued')?.due_at
      if (due !== undefined) world.clock.set(due)
    }
    const dead = (await room.mails(cast.tenant.id)).filter((mail) => mail.status === 'dead')
    expect(dead).toMatchObject([{ person_id: cast.rita.id, attempts: 5, last_code: 'fault' }])
    expect(Date.parse(world.clock.now()) - before).toBeLessThanOrEqual(10 * 60_000)
    expect(server.messages.length).toBeGreaterThan(accepted)
    const ada = await cast.tenant.person('Ada', 'administrator')
    await world.asAdmin(`update person set time_zone = 'Europe/Berlin' where id = '${cast.rita.id}'`)
    await ada.api.redriveOutbox({ body: { status: 'dead' } })
    await room.deliver(cast.tenant.id)
    expect(
      (await room.mails(cast.tenant.id)).every((mail) => ['accepted', 'withdrawn'].includes(mail.status)),
    ).toBe(true)
  })

  test('with an address that is none is refused, and nobody else gets it', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'address')
    await rename(cast.tenant.id, cast.rita, { email: '"a@evil x"@corp.test' })
    await cast.raise(cast.rita)
    await cast.raise(cast.otto)
    await room.run(cast.tenant.id)
    expect((await room.mails(cast.tenant.id)).map((mail) => [mail.status, mail.last_code])).toEqual([
      ['refused', 'address'],
      ['accepted', null],
    ])
    expect(server.recipients).toEqual(['otto@address.test'])
  })
})

describe('a worker that was given up for dead and comes back', () => {
  test('reports to no effect when another one has the mail since', async () => {
    const cast = await castOf(world, 'zombie')
    await cast.raise(cast.rita)
    let release: (() => void)[] = []
    const mailer: Mailer = {
      delivers: true,
      from: { name: '', address: 'desk@example.org' },
      send: () =>
        new Promise((resolve) =>
          release.push(() => resolve({ outcome: 'refused', code: '550', text: 'from the dead' })),
        ),
      close: () => undefined,
    }
    const slow = openMailRoom({
      database: world.database,
      now: world.clock.now,
      mailer,
      pauses: [0, 0, 0, 0],
    })
    await slow.tell(cast.tenant.id)
    const zombie = slow.deliver(cast.tenant.id)
    while (release.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const server = await capture()
    const room = roomAt(server)
    await room.deliver(cast.tenant.id)
    expect(await room.mails(cast.tenant.id)).toMatchObject([
      { status: 'accepted', attempts: 2, may_have_arrived: true },
    ])
    for (const go of release) go()
    await zombie
    expect(await room.mails(cast.tenant.id)).toMatchObject([{ status: 'accepted', attempts: 2 }])
    expect((await entries(cast.tenant.id)).map((entry) => entry.type)).toEqual(['mail.accepted'])
    release = []
  })

  test('reports to no effect while another one is trying, too', async () => {
    const cast = await castOf(world, 'zombie-2')
    await cast.raise(cast.rita)
    const waiting: (() => void)[] = []
    const mailer: Mailer = {
      delivers: true,
      from: { name: '', address: 'desk@example.org' },
      send: () =>
        new Promise((resolve) =>
          waiting.push(() => resolve({ outcome: 'refused', code: '550', text: 'from the dead' })),
        ),
      close: () => undefined,
    }
    const slow = openMailRoom({
      database: world.database,
      now: world.clock.now,
      mailer,
      pauses: [0, 0, 0, 0],
    })
    await slow.tell(cast.tenant.id)
    const zombie = slow.deliver(cast.tenant.id)
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    let asked = 0
    const server = await capture({ onRcptTo: () => ((asked += 1) === 1 ? 451 : undefined) })
    const room = roomAt(server)
    await room.deliver(cast.tenant.id)
    for (const go of waiting) go()
    await zombie
    expect(await room.mails(cast.tenant.id)).toMatchObject([
      { status: 'queued', attempts: 2, last_code: '451' },
    ])
    await room.deliver(cast.tenant.id)
    expect(await room.mails(cast.tenant.id)).toMatchObject([{ status: 'accepted', attempts: 3 }])
  })

  test('a job that never worked at all leaves a dead mail, not a waiting one', async () => {
    const cast = await castOf(world, 'buried')
    await cast.raise(cast.rita)
    const room = openMailRoom({ database: world.database, now: world.clock.now })
    await room.tell(cast.tenant.id)
    const [mail] = await room.mails(cast.tenant.id)
    await room.delivery.bury({ tenantId: cast.tenant.id, mailId: mail?.id ?? '' }, AbortSignal.any([]))
    expect(await room.mails(cast.tenant.id)).toMatchObject([{ status: 'dead', last_code: 'worker' }])
    // Handled already: nothing more happens.
    await room.delivery.bury({ tenantId: cast.tenant.id, mailId: mail?.id ?? '' }, AbortSignal.any([]))
    expect((await entries(cast.tenant.id)).map((entry) => entry.type)).toEqual(['mail.dead'])
  })
})

describe('what people write', () => {
  const hostile = [
    'Help\r\nBcc: victim@evil.test',
    'Help\u2028Bcc: victim@evil.test',
    'Help%0d%0aBcc: victim@evil.test',
    '=?utf-8?Q?Help=0D=0ABcc:_victim@evil.test?=',
    '{{7*7}} ${7*7} <%= 7*7 %> {{record.number}} {{constructor}}',
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
  ]

  test('A26, A28, A29: titles, texts and names stay words: one recipient, no new header, nothing evaluated, nothing run', async () => {
    const server = await capture()
    const room = roomAt(server)
    const cast = await castOf(world, 'hostile')
    await rename(cast.tenant.id, cast.rita, { name: 'x, victim@evil.test' })
    await rename(cast.tenant.id, cast.amir, { name: '"Amir" <victim@evil.test>\r\nBcc: victim@evil.test' })
    for (const words of hostile) {
      const { id } = await cast.raise(cast.rita, { title: words, description: words })
      await cast.amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: words } })
    }
    await room.run(cast.tenant.id)
    expect(server.messages).toHaveLength(2 * hostile.length)
    expect(new Set(server.recipients)).toEqual(new Set(['rita@hostile.test']))
    for (const { raw, rcptTo } of server.messages) {
      expect(rcptTo).toEqual(['rita@hostile.test'])
      const mail = await parsed(raw)
      expect(mail.headers.filter(({ key }) => ['bcc', 'cc', 'to'].includes(key))).toHaveLength(1)
      expect(mail.to).toHaveLength(1)
      expect(mail.to?.[0]?.address).toBe('rita@hostile.test')
      expect(mail.html).not.toMatch(/<script|<img|onerror=[^&]*>/i)
      // Addresses carry random ids, which may hold any digits.
      expect(`${mail.subject}${mail.text}`.replaceAll(/https?:\S+/g, '')).not.toContain('49')
    }
    const literal = await parsed(server.messages.findLast(({ raw }) => raw.includes('7*7'))?.raw ?? '')
    expect(literal.subject).toContain('{{7*7}} ${7*7} <%= 7*7 %> {{record.number}} {{constructor}}')
  })

  test('A70: none of it is in logs, jobs, dead letters or the entries about mail', async () => {
    const canary = 'canary-7f3a'
    const cast = await castOf(world, 'secrets')
    await rename(cast.tenant.id, cast.rita, { name: `Rita ${canary}`, email: `rita-${canary}@secrets.test` })
    const server = await capture({ onRcptTo: () => 451 })
    const room = roomAt(server, { pauses: [0] })
    const { id } = await cast.raise(cast.rita, { title: canary, description: canary })
    await cast.amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: canary } })
    await room.run(cast.tenant.id)
    await room.deliver(cast.tenant.id)
    expect(await room.mails(cast.tenant.id)).toMatchObject([{ status: 'dead' }, { status: 'dead' }])
    const written = await read(world.database, cast.tenant.id, (q) =>
      q.one<{ text: string }>({
        text: `select (select coalesce(string_agg(j::text, ''), '') from pgboss.job j where data->>'tenantId' = $1::text)
                 || (select coalesce(string_agg(j::text, ''), '') from journal j where tenant_id = $1::uuid and (type like 'mail.%' or type like 'notification.%')) as text`,
        values: [cast.tenant.id],
      }),
    )
    expect(written.text).toContain(cast.tenant.id)
    expect(written.text + JSON.stringify(room.log)).not.toContain(canary)
  })
})
