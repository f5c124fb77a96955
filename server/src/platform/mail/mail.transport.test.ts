import 'reflect-metadata'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, test } from 'vitest'
import { composeMail, type MailMessage } from './mail.compose.ts'
import {
  createMailer,
  type Mailer,
  type MailerSettings,
  parseSmtpUrl,
  type SendOutcome,
} from './mail.transport.ts'
import { type Answer, type Capture, type CaptureOptions, startCapture } from './smtp-capture.ts'

// Fault test F15: a message is never lost, and is repeated only when nobody can know whether it arrived, under the same Message-ID.

const from = { name: 'Service desk', address: 'desk@desk.example.org' }

const message = (text = 'Hello'): MailMessage => {
  const composed = composeMail({
    from,
    to: { name: 'Ann', address: 'ann@corp.test' },
    subject: 'Printer is down',
    at: { epochMilliseconds: 1_700_000_000_000 },
    messageId: '<m1@desk.example.org>',
    text,
    html: '<p>Hello</p>',
    reason: 'You are watching.',
    autoSubmitted: 'auto-generated',
  })
  if (!composed.ok) throw new Error(composed.reason)
  return composed.message
}

const toClose: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0)) await close()
})

const start = async (options: CaptureOptions = {}): Promise<Capture> => {
  const capture = await startCapture(options)
  toClose.push(capture.close)
  return capture
}

const mailerFor = (smtpUrl: string | undefined, settings: Partial<MailerSettings> = {}): Mailer => {
  const mailer = createMailer({ smtpUrl, from, ...settings })
  toClose.unshift(mailer.close)
  return mailer
}

/** Says one answer after the other, then takes everything. */
const inTurn =
  (...answers: Answer[]): (() => Answer) =>
  () =>
    answers.shift()

const idOf = async (raw: string | undefined): Promise<string | undefined> =>
  (await PostalMime.parse(raw ?? '')).messageId

describe('one attempt', () => {
  test('is accepted, and the message has a plain part', async () => {
    const capture = await start()
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    expect(mailer.delivers).toBe(true)
    expect(await mailer.send(message())).toEqual({
      outcome: 'accepted',
      response: expect.stringMatching(/^250 /),
    })
    expect(capture.messages).toHaveLength(1)
    const email = await PostalMime.parse(capture.messages[0]?.raw ?? '')
    expect(email.text).toMatch(/^Hello\n/)
    expect(email.messageId).toBe('<m1@desk.example.org>')
  })

  test('of an automatic answer has the null sender', async () => {
    const capture = await start()
    await mailerFor(`smtp://127.0.0.1:${capture.port}`).send({
      ...message(),
      envelope: { from: '', to: 'ann@corp.test' },
    })
    expect(capture.messages).toMatchObject([{ mailFrom: '', rcptTo: ['ann@corp.test'] }])
  })

  test('is repeated later after a temporary reply, at whatever step, with the same Message-ID', async () => {
    for (const step of ['onMailFrom', 'onRcptTo', 'onData'] as const) {
      const capture = await start({ [step]: inTurn(451, 421) })
      const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
      expect(await mailer.send(message())).toEqual({
        outcome: 'retry',
        code: '451',
        text: expect.stringMatching(/^451 /),
        mayHaveArrived: false,
      })
      expect(await mailer.send(message())).toMatchObject({
        outcome: 'retry',
        code: '421',
        mayHaveArrived: false,
      })
      expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
      expect(capture.messages).toHaveLength(1)
      expect(await idOf(capture.messages[0]?.raw)).toBe('<m1@desk.example.org>')
    }
  })

  test('ends after a permanent reply to this message', async () => {
    for (const step of ['onMailFrom', 'onRcptTo', 'onData'] as const) {
      const capture = await start({ [step]: inTurn(550) })
      const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
      expect(await mailer.send(message())).toEqual({
        outcome: 'refused',
        code: '550',
        text: expect.stringMatching(/^550 /),
      })
      expect(capture.messages).toEqual([])
      // The next message is not punished for it.
      expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
    }
  })

  test('does not end for a permanent reply to the session', async () => {
    for (const code of [503, 530, 534, 535, 538]) {
      const capture = await start({ onMailFrom: inTurn(code) })
      const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
      expect(await mailer.send(message())).toMatchObject({
        outcome: 'retry',
        code: String(code),
        mayHaveArrived: false,
      })
    }
    const blocked = await start({ onConnect: inTurn(554) })
    const mailer = mailerFor(`smtp://127.0.0.1:${blocked.port}`)
    expect(await mailer.send(message())).toMatchObject({ outcome: 'retry', code: '554' })
    expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
  })

  test('is repeated when nobody listens', async () => {
    const capture = await startCapture()
    await capture.close()
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    expect(await mailer.send(message())).toEqual({
      outcome: 'retry',
      code: 'connection',
      text: expect.stringContaining('ECONNREFUSED'),
      mayHaveArrived: false,
    })
  })

  test('is repeated when the name of the server is unknown', async () => {
    const mailer = mailerFor('smtp://mail.invalid:2525?tls=off', { timeouts: { connect: 5000 } })
    expect(await mailer.send(message())).toMatchObject({ outcome: 'retry', mayHaveArrived: false })
  })

  test('whose connection is cut before the message was handed over has not arrived', async () => {
    for (const step of ['onMailFrom', 'onRcptTo'] as const) {
      const capture = await start({ [step]: inTurn('drop') })
      const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
      expect(await mailer.send(message())).toEqual({
        outcome: 'retry',
        code: 'connection',
        text: expect.any(String),
        mayHaveArrived: false,
      })
      expect(capture.messages).toEqual([])
    }
  })

  test('whose connection is cut after the last byte may have arrived, and is repeated with the same Message-ID', async () => {
    const capture = await start({ onData: inTurn('drop') })
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    expect(await mailer.send(message())).toEqual({
      outcome: 'retry',
      code: 'connection',
      text: expect.any(String),
      mayHaveArrived: true,
    })
    expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
    expect(capture.messages).toHaveLength(2)
    expect(await Promise.all(capture.messages.map(({ raw }) => idOf(raw)))).toEqual([
      '<m1@desk.example.org>',
      '<m1@desk.example.org>',
    ])
  })

  test('uses another connection when the server closed an idle one', async () => {
    const capture = await start({ onMailFrom: inTurn(undefined, 'drop') })
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
    expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
    expect(capture.messages).toHaveLength(2)
    expect(capture.sessions()).toBe(2)
  })

  test('of many over a few connections tells each its own outcome', async () => {
    const capture = await start({ onData: ({ raw }) => (raw.includes('odd') ? 550 : undefined) })
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) => mailer.send(message(index % 2 === 1 ? 'odd' : 'even'))),
    )
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 12 }, (_, index) => (index % 2 === 1 ? 'refused' : 'accepted')),
    )
    expect(capture.sessions()).toBeLessThanOrEqual(3)
  })

  test('of a message that could not be made is refused, without asking the server', async () => {
    const capture = await start()
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    const broken = { ...message(), envelope: { from: from.address, to: '' } }
    expect(await mailer.send(broken)).toMatchObject({ outcome: 'refused', code: 'message' })
    expect(capture.recipients).toEqual([])
  })

  test('after the mailer was closed is for later', async () => {
    const capture = await start()
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}`)
    mailer.close()
    expect(await mailer.send(message())).toMatchObject({ outcome: 'retry', mayHaveArrived: false })
  })
})

describe('a server that says nothing', () => {
  /** Speaks the given lines, one for each line it hears, then falls silent. */
  const scripted = async (...script: string[]): Promise<number> => {
    const sockets = new Set<Socket>()
    const server: Server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      const say = (): void => {
        const line = script.shift()
        if (line !== undefined) socket.write(line)
      }
      say()
      socket.on('data', say)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    toClose.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  test('at all, is given up', async () => {
    const mailer = mailerFor(`smtp://127.0.0.1:${await scripted()}`, { timeouts: { greeting: 100 } })
    expect(await mailer.send(message())).toMatchObject({
      outcome: 'retry',
      code: 'timeout',
      mayHaveArrived: false,
    })
  })

  test('after it has the message, may have taken it', async () => {
    const port = await scripted('220 a\r\n', '250 a\r\n', '250 a\r\n', '250 a\r\n', '354 a\r\n')
    const mailer = mailerFor(`smtp://127.0.0.1:${port}`, { timeouts: { silence: 200 } })
    expect(await mailer.send(message())).toMatchObject({
      outcome: 'retry',
      code: 'timeout',
      mayHaveArrived: true,
    })
  })

  test('that answers byte by byte is given up as a whole', async () => {
    const port = await scripted('220 a\r\n', '250 a\r\n', '250 a\r\n', '250 a\r\n', '354 a\r\n')
    const mailer = mailerFor(`smtp://127.0.0.1:${port}`, { timeouts: { attempt: 200 } })
    expect(await mailer.send(message())).toMatchObject({
      outcome: 'retry',
      code: 'timeout',
      mayHaveArrived: true,
    })
  })

  test('and what it says is one short line', async () => {
    const port = await scripted('220 a\r\n', '250 a\r\n', `550-no\r\n550 \u001b[31m${'x'.repeat(2000)}\r\n`)
    const outcome: SendOutcome = await mailerFor(`smtp://127.0.0.1:${port}`).send(message())
    expect(outcome).toMatchObject({ outcome: 'refused', code: '550' })
    expect('text' in outcome ? outcome.text : '').toMatch(/^550[ -][^\p{Cc}]{1,496}$/u)
  })
})

describe('encryption', () => {
  const certificate = async (notAfter = Date.now() + 3_600_000) => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ])
    const cert = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=localhost',
      keys,
      notBefore: new Date(Date.now() - 7_200_000),
      notAfter: new Date(notAfter),
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [
        new BasicConstraintsExtension(true),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
      ],
    })
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    return {
      cert: cert.toString('pem'),
      key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
    }
  }

  test('is used when the server proves who it is', async () => {
    const { key, cert } = await certificate()
    const capture = await start({ startTls: true, key, cert })
    const mailer = mailerFor(`smtp://localhost:${capture.port}?tls=required`, { authorities: cert })
    expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
    expect(capture.messages).toMatchObject([{ secure: true }])
  })

  test('fails, and nothing is sent, when the server cannot prove it', async () => {
    const { key, cert } = await certificate()
    const capture = await start({ startTls: true, key, cert })
    for (const tls of ['required', 'offered']) {
      const mailer = mailerFor(`smtp://localhost:${capture.port}?tls=${tls}`)
      expect(await mailer.send(message())).toEqual({
        outcome: 'retry',
        code: 'tls',
        text: expect.any(String),
        mayHaveArrived: false,
      })
    }
    const other = await certificate()
    const mailer = mailerFor(`smtp://localhost:${capture.port}?tls=required`, { authorities: other.cert })
    expect(await mailer.send(message())).toMatchObject({ outcome: 'retry', code: 'tls' })
    expect(capture.recipients).toEqual([])
  })

  test('fails with an expired certificate, even a trusted one', async () => {
    const { key, cert } = await certificate(Date.now() - 3_600_000)
    const capture = await start({ startTls: true, key, cert })
    const mailer = mailerFor(`smtp://localhost:${capture.port}?tls=required`, { authorities: cert })
    expect(await mailer.send(message())).toMatchObject({
      outcome: 'retry',
      code: 'tls',
      text: expect.stringContaining('expired'),
    })
  })

  test('that is required is not done without', async () => {
    const capture = await start()
    const mailer = mailerFor(`smtp://127.0.0.1:${capture.port}?tls=required`)
    expect(await mailer.send(message())).toMatchObject({
      outcome: 'retry',
      code: expect.stringMatching(/^(?:tls|\d{3})$/),
      mayHaveArrived: false,
    })
    expect(capture.recipients).toEqual([])
  })

  test('from the first byte fails against a server that does not speak it', async () => {
    const capture = await start()
    const mailer = mailerFor(`smtps://127.0.0.1:${capture.port}`)
    expect(await mailer.send(message())).toMatchObject({ outcome: 'retry', code: 'tls' })
  })
})

describe('a name and password', () => {
  test('let in', async () => {
    const capture = await start({ password: 'p@ss word' })
    const mailer = mailerFor(`smtp://desk:p%40ss%20word@127.0.0.1:${capture.port}`)
    expect(await mailer.send(message())).toMatchObject({ outcome: 'accepted' })
  })

  test('that are wrong lose no mail: it goes out once they are right', async () => {
    const capture = await start({ password: 'right' })
    const outcome = await mailerFor(`smtp://desk:wr0ng-secret@127.0.0.1:${capture.port}`).send(message())
    expect(outcome).toMatchObject({ outcome: 'retry', code: '535', mayHaveArrived: false })
    expect(JSON.stringify(outcome)).not.toContain('wr0ng-secret')
    expect(await mailerFor(`smtp://desk:right@127.0.0.1:${capture.port}`).send(message())).toMatchObject({
      outcome: 'accepted',
    })
  })
})

describe('a name and password that nobody asks for', () => {
  test('send nothing: mail that goes out as nobody may be thrown away', async () => {
    const capture = await start({ withoutLogin: true })
    const outcome = await mailerFor(`smtp://desk:secret@127.0.0.1:${capture.port}`).send(message())
    expect(outcome).toMatchObject({ outcome: 'retry', mayHaveArrived: false })
    expect(capture.recipients).toEqual([])
  })
})

describe('without a mail server', () => {
  test('mail is kept for the outbox', async () => {
    const mailer = mailerFor(undefined)
    expect(mailer.delivers).toBe(false)
    expect(mailer.from).toEqual(from)
    expect(await mailer.send(message())).toEqual({ outcome: 'kept' })
  })
})

describe('the address of the mail server', () => {
  const read = (text: string) => {
    const reading = parseSmtpUrl(text)
    return reading.ok ? reading.settings : reading.reason
  }

  test('is read', () => {
    expect(read('smtp://mail.example.org')).toEqual({
      host: 'mail.example.org',
      port: 587,
      encryption: 'required',
    })
    expect(read('smtp://mail.example.org:25?tls=offered')).toEqual({
      host: 'mail.example.org',
      port: 25,
      encryption: 'offered',
    })
    expect(read('smtp://relay:25/?tls=off')).toEqual({ host: 'relay', port: 25, encryption: 'off' })
    expect(read('smtps://u:p%3A%40@mail.example.org')).toEqual({
      host: 'mail.example.org',
      port: 465,
      encryption: 'implicit',
      user: 'u',
      password: 'p:@',
    })
    expect(read('smtp://u:p@mail.example.org?tls=required')).toMatchObject({
      encryption: 'required',
      user: 'u',
    })
  })

  test('on this machine needs no encryption', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
      expect(read(`smtp://u:p@${host}:1025`)).toMatchObject({ port: 1025, encryption: 'off' })
    }
    expect(read('smtp://127.example.org')).toMatchObject({ encryption: 'required' })
    expect(read('smtp://localhost?tls=required')).toMatchObject({ encryption: 'required' })
  })

  test('is refused when it is not understood, with the reason and without the password', () => {
    const secret = 's3cr3t'
    const wrong: Readonly<Record<string, RegExp>> = {
      '': /smtp:/,
      'mail.example.org': /smtp:/,
      'http://mail.example.org': /smtp:/,
      'smtp://': /smtp:|host/,
      'smtp://?tls=off': /smtp:|host/,
      'smtp://a%20b': /host/,
      'smtp://mail..example.org': /host/,
      'smtp://mail.example.org/path': /end after the port/,
      'smtp://mail.example.org#x': /end after the port/,
      'smtp://mail.example.org?pool=true': /only the option tls/,
      'smtp://mail.example.org?tls=yes': /tls=required/,
      'smtp://mail.example.org?tls=': /tls=required/,
      'smtp://mail.example.org?tls=off&tls=required': /tls=required/,
      'smtps://mail.example.org?tls=off': /leave tls out/,
      [`smtp://u:${secret}%zz@mail.example.org`]: /%/,
      [`smtp://:${secret}@mail.example.org`]: /both/,
      'smtp://u@mail.example.org': /both/,
      [`smtp://u:${secret}@mail.example.org?tls=off`]: /unencrypted/,
      [`smtp://u:${secret}@mail.example.org?tls=offered`]: /unencrypted/,
    }
    for (const [text, reason] of Object.entries(wrong)) {
      expect([text, read(text)]).toEqual([text, expect.stringMatching(reason)])
      expect(read(text)).not.toContain(secret)
    }
  })

  test('and the sender are checked at start', () => {
    expect(() => createMailer({ smtpUrl: 'http://x', from })).toThrow(/mail server must be smtp/)
    expect(() => createMailer({ smtpUrl: undefined, from: { name: 'x', address: 'desk' } })).toThrow(
      /sender of mail/,
    )
  })
})
