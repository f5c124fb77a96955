import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { castOf } from '../../test/incidents.ts'
import { scratchDirectory } from '../../test/instance-process.ts'
import { deskUrl, mailSettings } from '../../test/mail-room.ts'
import { createWorld, type World } from '../../test/world.ts'
import { newSigningKey, signingKey } from '../kernel/evidence/note.ts'
import { diskStore } from '../platform/files/disk-store.ts'
import { startCapture } from '../platform/mail/smtp-capture.ts'
import { mailOf } from './mail.ts'
import { startWorker } from './worker.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ publicUrl: deskUrl })
})
afterAll(() => world.end())

const ending: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

describe('from raising an incident to a mail', () => {
  test('a real worker tells the requester through a real mail server', async () => {
    const server = await startCapture()
    ending.push(() => server.close())
    const scratch = await scratchDirectory()
    ending.push(() => scratch.remove())
    const cast = await castOf(world, 'whole')
    const lines: string[] = []
    const worker = await startWorker({
      database: world.database,
      databaseUrl: world.test.appUrl,
      signingKey: signingKey(newSigningKey().privateKeyPem),
      mail: mailSettings(`smtp://127.0.0.1:${server.port}`),
      files: diskStore(scratch.path),
      now: world.clock.now,
      log: (message, details) => lines.push(`${message} ${JSON.stringify(details)}`),
    })
    ending.push(() => worker.stop())
    // A40: whatever host the request named.
    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/incidents',
      headers: { cookie: cast.rita.cookie, host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      payload: { title: 'Printer on ward 4 is on fire', description: 'Smoke.' },
    })
    expect(answer.statusCode).toBe(201)
    const { id, number } = answer.json<{ id: string; number: string }>()
    while (server.messages.length === 0) await new Promise((resolve) => setTimeout(resolve, 50))

    expect(server.messages[0]?.rcptTo).toEqual(['rita@whole.test'])
    const raw = server.messages[0]?.raw ?? ''
    const mail = await PostalMime.parse(raw)
    expect(mail.subject).toBe(`[${number}] Printer on ward 4 is on fire`)
    expect(mail.from).toMatchObject({ name: 'The desk', address: 'desk@example.org' })
    expect(mail.to).toMatchObject([{ name: 'Rita', address: 'rita@whole.test' }])
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(`Printer on ward 4 is on fire is ${number} from now on.`)
      expect(part).toContain(`${deskUrl}/incidents/${id}`)
      expect(part).toContain(
        'Why did I get this? You get this because it was raised by you or for you. (Rule received.)',
      )
    }
    const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value
    // A58: nobody's auto-responder answers it.
    expect(header('auto-submitted')).toBe('auto-generated')
    expect(header('x-auto-response-suppress')).toBe('DR, RN, NRN, OOF, AutoReply')
    expect(header('precedence')).toBe('bulk')
    expect(header('list-id')).toBe('<incident.whole.desk.example.org>')
    expect(header('in-reply-to')).toBe(header('references'))
    expect(raw).not.toContain('evil.example')
    expect(lines).toEqual([])
  }, 30_000)
})

describe('settings of mail', () => {
  test.each([
    [
      'Evenkeel <evenkeel@localhost.localdomain>',
      { name: 'Evenkeel', address: 'evenkeel@localhost.localdomain' },
    ],
    [
      '"The desk, day and night" <desk@example.org>',
      { name: 'The desk, day and night', address: 'desk@example.org' },
    ],
    ['desk@example.org', { name: '', address: 'desk@example.org' }],
  ])('%s is a sender', (from, mailbox) => {
    expect(mailOf({ ...mailSettings(undefined), from }).house.from).toEqual(mailbox)
  })

  test.each([
    ['MAIL_FROM', { from: 'Evenkeel <nobody>' }],
    ['MAIL_FROM', { from: 'a@example.org, b@example.org' }],
    ['SMTP_URL', { smtpUrl: 'smtp://user:secret@mail.example.org?tls=maybe' }],
  ])('a wrong %s is refused at the start by its name', (name, wrong) => {
    expect(() => mailOf({ ...mailSettings(undefined), ...wrong })).toThrow(name)
    expect(() => mailOf({ ...mailSettings(undefined), ...wrong })).not.toThrow('secret')
  })

  test('another secret marks other identifiers, so that an answer to somebody else is none to us', () => {
    const record = { tenantId: 't', recordId: '0192d3f0-0000-7000-8000-000000000000' }
    const [ours, theirs] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map(
      (accountKey) => mailOf({ ...mailSettings(undefined), accountKey }).house.threading,
    )
    const id = ours?.message(record, 'job') ?? ''
    expect(ours?.recordOf('t', id)).toBe(record.recordId)
    expect(theirs?.recordOf('t', id)).toBeUndefined()
  })
})
