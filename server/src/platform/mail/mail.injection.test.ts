import PostalMime, { type Email } from 'postal-mime'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { composeMail, type MailDraft } from './mail.compose.ts'
import { createMailer, type Mailer } from './mail.transport.ts'
import { type Capture, startCapture } from './smtp-capture.ts'

// Attack tests A28 and A29, on the wire: whatever people are called and whatever they write, the server is told one recipient, and an
// independent parser finds the headers we meant and no others.

let capture: Capture
let mailer: Mailer

const from = { name: 'Service desk', address: 'desk@desk.example.org' }

beforeAll(async () => {
  capture = await startCapture()
  mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${capture.port}`, from })
})

afterAll(async () => {
  mailer.close()
  await capture.close()
})

let before = { messages: 0, recipients: 0 }
beforeEach(() => {
  before = { messages: capture.messages.length, recipients: capture.recipients.length }
})

const draft: MailDraft = {
  from,
  to: { name: 'Ann', address: 'ann@corp.test' },
  subject: 'Printer is down',
  reference: 'ABC0001042',
  at: { epochMilliseconds: 1_700_000_000_000 },
  messageId: '<m1@desk.example.org>',
  inReplyTo: '<root@desk.example.org>',
  references: ['<root@desk.example.org>'],
  text: 'Hello',
  html: '<p>Hello</p>',
  reason: 'You are watching ABC0001042.',
  autoSubmitted: 'auto-generated',
  listId: 'incidents.desk.example.org',
  preferencesUrl: 'https://desk.example.org/me/notifications',
}

const headers = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'in-reply-to',
  'list-id',
  'list-unsubscribe',
  'message-id',
  'mime-version',
  'precedence',
  'references',
  'subject',
  'to',
  'x-auto-response-suppress',
]

const deliver = async (hostile: Partial<MailDraft>): Promise<Email> => {
  const composed = composeMail({ ...draft, ...hostile })
  if (!composed.ok) throw new Error(`${composed.field}: ${composed.reason}`)
  expect(await mailer.send(composed.message)).toMatchObject({ outcome: 'accepted' })
  const captured = capture.messages.slice(before.messages)
  expect(captured.map(({ mailFrom, rcptTo }) => ({ mailFrom, rcptTo }))).toEqual([
    { mailFrom: 'desk@desk.example.org', rcptTo: ['ann@corp.test'] },
  ])
  expect(capture.recipients.slice(before.recipients)).toEqual(['ann@corp.test'])
  const raw = captured[0]?.raw ?? ''
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'))
  // Every line of the head is one of ours or continues one, and none is longer than RFC 5322 2.1.1 allows.
  for (const line of head.split('\r\n')) expect(line).toMatch(/^(?:[A-Za-z-]+: ?|[ \t])[\t -~]{0,990}$/)
  before = { messages: capture.messages.length, recipients: capture.recipients.length }
  const email = await PostalMime.parse(raw)
  expect(email.headers.map(({ key }) => key).sort()).toEqual(headers)
  expect({ cc: email.cc, bcc: email.bcc, replyTo: email.replyTo }).toEqual({
    cc: undefined,
    bcc: undefined,
    replyTo: undefined,
  })
  return email
}

/** What a person may be called or may write, and what is left of it on one line. */
const words: readonly (readonly [string, string])[] = [
  ['x, victim@evil.test', 'x, victim@evil.test'],
  ['victim@evil.test', 'victim@evil.test'],
  ['<victim@evil.test>', '<victim@evil.test>'],
  ['Ann <victim@evil.test>,', 'Ann <victim@evil.test>,'],
  ['Ann" <victim@evil.test>, "x', 'Ann" <victim@evil.test>, "x'],
  ['Ann\\" <victim@evil.test>, \\"', 'Ann\\" <victim@evil.test>, \\"'],
  ['a@evil x"@corp.test', 'a@evil x"@corp.test'],
  ['team: victim@evil.test;', 'team: victim@evil.test;'],
  ['Ann (victim@evil.test)', 'Ann (victim@evil.test)'],
  ['Ann\r\nBcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann\nBcc: victim@evil.test\n', 'Ann Bcc: victim@evil.test'],
  ['Ann\rBcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann\r\n\r\n<script>alert(1)</script>', 'Ann <script>alert(1)</script>'],
  ['Ann\r\n.\r\nMAIL FROM:<x@evil.test>', 'Ann . MAIL FROM:<x@evil.test>'],
  ['Ann\u2028Bcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann\u2029Bcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann\u0085Bcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann\u000b\u000cBcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann\u0000Bcc: victim@evil.test', 'Ann Bcc: victim@evil.test'],
  ['Ann%0d%0aBcc: victim@evil.test', 'Ann%0d%0aBcc: victim@evil.test'],
  ['Ann&#13;&#10;Bcc: victim@evil.test', 'Ann&#13;&#10;Bcc: victim@evil.test'],
  ['=?utf-8?Q?Ann=0D=0ABcc:_victim@evil.test?=', '=?utf-8?Q?Ann=0D=0ABcc:_victim@evil.test?='],
  ['=?utf-8?B?QW5uDQpCY2M6IHZpY3RpbUBldmlsLnRlc3Q=?=', '=?utf-8?B?QW5uDQpCY2M6IHZpY3RpbUBldmlsLnRlc3Q=?='],
  ['=?utf-7?Q?+AA0ACg-Bcc:?=', '=?utf-7?Q?+AA0ACg-Bcc:?='],
  ['=?utf-8?Q?=22_=3Cvictim@evil.test=3E=2C?=', '=?utf-8?Q?=22_=3Cvictim@evil.test=3E=2C?='],
  ['Müller, Ann', 'Müller, Ann'],
  ['Ängström\r\nBcc: victim@evil.test', 'Ängström Bcc: victim@evil.test'],
  ['安娜 <victim@evil.test>', '安娜 <victim@evil.test>'],
  ['😀😀', '😀😀'],
  ['a\ud800b', 'a\ufffdb'],
  ['\u202enna@proc\u202c', 'nna@proc'],
  ['\ufeffAnn', 'Ann'],
  ['O\'Neil "Annie"', 'O\'Neil "Annie"'],
  ['Ann;', 'Ann;'],
  ['  Ann\t\t Lee ', 'Ann Lee'],
]

describe('one recipient, and no header that we did not write', () => {
  for (const [text, line] of words) {
    test(JSON.stringify(text), async () => {
      const email = await deliver({
        to: { name: text, address: 'ann@corp.test' },
        from: { name: text, address: from.address },
      })
      // Programs decode an encoded word wherever they find one, so headers hold none that somebody wrote.
      const shown = line.replaceAll('=?', '= ?')
      expect(email.to).toEqual([{ name: shown, address: 'ann@corp.test' }])
      expect(email.from).toEqual({ name: shown, address: 'desk@desk.example.org' })

      const about = await deliver({ subject: text, reason: text, text })
      expect(about.subject).toBe(`[ABC0001042] ${shown}`)
      expect(about.to).toEqual([{ name: 'Ann', address: 'ann@corp.test' }])
      expect(about.text).toContain(`Why did I get this? ${line}\n`)
    })
  }

  test('very long words are cut, and stay one header', async () => {
    const long = 'Ann, <victim@evil.test> \r\n'.repeat(1000)
    const email = await deliver({ to: { name: long, address: 'ann@corp.test' }, subject: long, reason: long })
    expect(email.to?.[0]).toMatchObject({
      address: 'ann@corp.test',
      name: expect.stringMatching(/^.{20,64}$/u),
    })
    expect(email.subject).toMatch(/^\[ABC0001042\] .{20,180}…$/u)
    const unbroken = await deliver({
      subject: 'ß'.repeat(5000),
      to: { name: 'x'.repeat(5000), address: 'ann@corp.test' },
    })
    expect(unbroken.subject).toBe(`[ABC0001042] ${'ß'.repeat(179)}…`)
    expect(unbroken.to?.[0]?.name).toBe(`${'x'.repeat(63)}…`)
  })

  test('a text that looks like the end of the message is part of the message', async () => {
    const text = 'a\n.\nMAIL FROM:<x@evil.test>\nRCPT TO:<victim@evil.test>\nDATA\n..\n.'
    const email = await deliver({ text, html: '<p>\n.\n</p>' })
    expect(email.text).toContain(text)
    expect(email.html).toContain('<p>\n.\n</p>')
  })

  test('text that looks like the border between parts stays text', async () => {
    const email = await deliver({
      text: '------_NmP-x-Part_1\nContent-Type: text/html\n\n<script>1</script>\n------_NmP-x-Part_1--',
    })
    expect(email.html).not.toContain('script')
    expect(email.attachments).toEqual([])
  })

  test('text that names a file or an address is not loaded', async () => {
    const email = await deliver({ text: '/etc/passwd', html: 'file:///etc/passwd' })
    expect(email.text).toMatch(/^\/etc\/passwd\n/)
    expect(email.html).toContain('file:///etc/passwd<hr>')
  })
})

describe('addresses and identifiers are refused, not repaired', () => {
  const hostile = [
    '"a@evil x"@corp.test',
    'ann@corp.test, victim@evil.test',
    'ann@corp.test\r\nRCPT TO:<victim@evil.test>',
    'Ann <ann@corp.test>',
    'ann@corp.test> NOTIFY=SUCCESS',
    '',
  ]

  test('wherever an address stands', () => {
    for (const address of hostile) {
      for (const field of ['from', 'to', 'replyTo'] as const) {
        const refused = { ok: false, field, reason: expect.stringContaining('a') }
        expect(composeMail({ ...draft, [field]: { name: 'Ann', address } })).toEqual(refused)
      }
    }
  })

  test('wherever an identifier, a number, a list or a link stands', () => {
    const bad = [
      '<a@b>\r\nBcc: victim@evil.test',
      '<a@b> <c@d>',
      'a@b',
      '<a b@c>',
      '<a@b',
      '',
      `<${'a'.repeat(201)}@b>`,
      '<ä@b>',
    ]
    for (const value of bad) {
      expect(composeMail({ ...draft, messageId: value })).toMatchObject({ ok: false, field: 'messageId' })
      expect(composeMail({ ...draft, inReplyTo: value })).toMatchObject({ ok: false, field: 'inReplyTo' })
      expect(composeMail({ ...draft, references: ['<a@b>', value] })).toMatchObject({
        ok: false,
        field: 'references',
      })
    }
    for (const reference of ['', 'abc', 'ABC1]\r\nBcc: x', 'A'.repeat(31)]) {
      expect(composeMail({ ...draft, reference })).toMatchObject({ ok: false, field: 'reference' })
    }
    for (const listId of ['', 'a', 'a.b>\r\nBcc: x', 'A.B', 'a..b']) {
      expect(composeMail({ ...draft, listId })).toMatchObject({ ok: false, field: 'listId' })
    }
    for (const preferencesUrl of ['', 'javascript:alert(1)', '/me', 'mailto:x@evil.test', 'https://']) {
      expect(composeMail({ ...draft, preferencesUrl })).toMatchObject({ ok: false, field: 'preferencesUrl' })
    }
  })

  test('a link that would end its brackets is written so that it cannot', async () => {
    const email = await deliver({
      preferencesUrl: 'https://desk.example.org/me?a=>,<mailto:victim@evil.test>\r\nBcc:x',
    })
    expect(email.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toMatch(
      /^<https:\/\/desk\.example\.org\/me\?[^<>\s"]*>$/,
    )
  })
})
