import { createTransport } from 'nodemailer'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { composeMail, type MailDraft, type MailMessage } from './mail.compose.ts'

const draft: MailDraft = {
  from: { name: 'Service desk', address: 'desk@desk.example.org' },
  to: { name: 'Ann Lee', address: 'Ann@CORP.test' },
  subject: 'Printer is down',
  reference: 'ABC0001042',
  at: { epochMilliseconds: Date.UTC(2026, 0, 2, 3, 4, 5) },
  messageId: '<m1@desk.example.org>',
  inReplyTo: '<root@desk.example.org>',
  references: ['<root@desk.example.org>', '<m0@desk.example.org>'],
  text: 'It is on fire.\r\nSee https://desk.example.org/records/ABC0001042',
  html: '<p>It is <strong>on fire</strong>.</p>',
  reason: 'You are watching ABC0001042.',
  autoSubmitted: 'auto-generated',
}

const compose = (changes: Partial<MailDraft> = {}): MailMessage => {
  const composed = composeMail({ ...draft, ...changes })
  if (!composed.ok) throw new Error(`${composed.field}: ${composed.reason}`)
  return composed.message
}

/** The message as it would be sent, read by a parser that did not write it. */
const sent = async (message: MailMessage) => {
  const { message: raw } = await createTransport({ streamTransport: true, buffer: true }).sendMail({
    ...message,
  })
  const email = await PostalMime.parse(Buffer.isBuffer(raw) ? raw : '')
  return { email, header: (name: string) => email.headers.find(({ key }) => key === name)?.value }
}

describe('a notification', () => {
  test('has a plain part, an HTML part and says why it came', async () => {
    const { email } = await sent(compose())
    expect(email.text?.trimEnd()).toBe(
      'It is on fire.\nSee https://desk.example.org/records/ABC0001042\n\n-- \nWhy did I get this? You are watching ABC0001042.',
    )
    expect(email.html?.trimEnd()).toBe(
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>[ABC0001042] Printer is down</title></head><body>' +
        '<p>It is <strong>on fire</strong>.</p><hr><p><small>Why did I get this? You are watching ABC0001042.</small></p></body></html>',
    )
  })

  test('is plain when there is no HTML', async () => {
    const { email } = await sent(compose({ html: undefined }))
    expect(email.html).toBeUndefined()
    expect(email.text).toContain('It is on fire.')
  })

  test('carries the number of its record once', () => {
    expect(compose().subject).toBe('[ABC0001042] Printer is down')
    expect(compose({ subject: 'Re: [ABC0001042] Printer is down' }).subject).toBe(
      'Re: [ABC0001042] Printer is down',
    )
    expect(compose({ reference: undefined }).subject).toBe('Printer is down')
    expect(compose({ subject: ' \n' }).subject).toBe('[ABC0001042]')
  })

  test('falls into the thread of its record', async () => {
    const { email, header } = await sent(compose())
    expect(email.messageId).toBe('<m1@desk.example.org>')
    expect(email.inReplyTo).toBe('<root@desk.example.org>')
    expect(header('references')).toBe('<root@desk.example.org> <m0@desk.example.org>')
  })

  test('keeps the first and the latest of many references', () => {
    const references = Array.from({ length: 30 }, (_, index) => `<m${index}@desk.example.org>`)
    const kept = compose({ references }).references?.split(' ')
    expect(kept).toHaveLength(20)
    expect([kept?.[0], kept?.[1], kept?.at(-1)]).toEqual([
      '<m0@desk.example.org>',
      '<m11@desk.example.org>',
      '<m29@desk.example.org>',
    ])
    expect(compose({ references: references.slice(0, 20) }).references?.split(' ')).toEqual(
      references.slice(0, 20),
    )
    expect(compose({ references: [] })).not.toHaveProperty('references')
  })

  test('starts no conversation between machines, but lets a bounce come back', async () => {
    const { header } = await sent(compose())
    expect(header('auto-submitted')).toBe('auto-generated')
    expect(header('x-auto-response-suppress')).toBe('DR, RN, NRN, OOF, AutoReply')
    expect(header('precedence')).toBe('bulk')
    expect(compose().envelope).toEqual({ from: 'desk@desk.example.org', to: 'Ann@corp.test' })
  })

  test('names its stream and where to change it', async () => {
    const { header, email } = await sent(
      compose({
        listId: 'incidents.desk.example.org',
        preferencesUrl: 'https://desk.example.org/me?a=1&b=2',
      }),
    )
    expect(header('list-id')).toBe('<incidents.desk.example.org>')
    expect(header('list-unsubscribe')).toBe('<https://desk.example.org/me?a=1&b=2>')
    expect(email.text).toContain('\nChange what you are told: https://desk.example.org/me?a=1&b=2\n')
    expect(email.html).toContain(
      '<br><a href="https://desk.example.org/me?a=1&amp;b=2" rel="noopener noreferrer">Change what you are told</a>',
    )
    const plain = await sent(compose())
    expect([plain.header('list-id'), plain.header('list-unsubscribe')]).toEqual([undefined, undefined])
  })

  test('may ask for answers elsewhere', async () => {
    const { email } = await sent(compose({ replyTo: { name: '', address: 'desk+abc@desk.example.org' } }))
    expect(email.replyTo).toEqual([{ name: '', address: 'desk+abc@desk.example.org' }])
    expect(compose()).not.toHaveProperty('replyTo')
  })

  test('is dated when the thing happened, and is the same at every attempt', async () => {
    const { email } = await sent(compose())
    expect(email.date).toBe('2026-01-02T03:04:05.000Z')
    expect(compose()).toEqual(compose())
  })

  test('does not tell what it was made with', async () => {
    const { header } = await sent(compose())
    expect(header('x-mailer')).toBeUndefined()
  })

  test('escapes the words of people in the HTML part', () => {
    const html = compose({ subject: '<b>&', reason: '<script>\n"' }).html
    expect(html).toContain('<title>[ABC0001042] &lt;b&gt;&amp;</title>')
    expect(html).toContain('Why did I get this? &lt;script&gt; "</small>')
  })

  test('has no control characters in its text', () => {
    expect(compose({ text: 'a\u0000\u0007b\tc\u2028d\re\ud800\n\n\n' }).text).toMatch(
      /^ab\tc\nd\ne\ufffd\n\n-- \n/,
    )
  })
})

describe('an automatic answer', () => {
  test('has the null sender and is marked as one (RFC 3834)', async () => {
    const message = compose({ autoSubmitted: 'auto-replied' })
    expect(message.envelope).toEqual({ from: '', to: 'Ann@corp.test' })
    expect(message.from.address).toBe('desk@desk.example.org')
    const { header } = await sent(message)
    expect(header('auto-submitted')).toBe('auto-replied')
    expect(header('x-auto-response-suppress')).toBe('All')
  })
})
