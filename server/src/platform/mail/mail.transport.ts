import { isIP } from 'node:net'
import { Transform } from 'node:stream'
import { createTransport } from 'nodemailer'
import { parseAddress } from './mail.address.ts'
import type { Mailbox, MailMessage } from './mail.compose.ts'

/** What became of one attempt to send. */
export type SendOutcome =
  /** The server took the message over. `serverMessageId` when it replaced our Message-ID by its own, which answers will then name. */
  | { readonly outcome: 'accepted'; readonly response: string; readonly serverMessageId?: string }
  /**
   * Try again later. `mayHaveArrived` when the whole message was handed over and no answer came: the next attempt may be the second
   * copy, under the same Message-ID.
   */
  | {
      readonly outcome: 'retry'
      readonly code: string
      readonly text: string
      readonly mayHaveArrived: boolean
    }
  /** The server will never take this message. */
  | { readonly outcome: 'refused'; readonly code: string; readonly text: string }
  /** There is no mail server; the caller keeps the message in the outbox. */
  | { readonly outcome: 'kept' }

export type Mailer = {
  /** False when mail is only kept in the outbox. */
  readonly delivers: boolean
  /** Who the instance writes as. */
  readonly from: Mailbox
  /** Makes one attempt; when and how often to try again is the queue's to say. Never rejects. */
  readonly send: (message: MailMessage) => Promise<SendOutcome>
  /** Stops sending: an attempt under way ends first, connections without one are closed. */
  readonly close: () => void
}

export type MailerSettings = {
  /** As `parseSmtpUrl` reads it; undefined keeps mail in the outbox. */
  readonly smtpUrl: string | undefined
  readonly from: Mailbox
  /** The name this instance greets the server with: its host name. */
  readonly clientName?: string | undefined
  /** Certificates (PEM) of the authorities to trust instead of the well-known ones. */
  readonly authorities?: string | undefined
  /** Milliseconds; for tests, and for servers that think for long. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/** All in milliseconds. */
export type Timeouts = {
  readonly connect: number
  readonly greeting: number
  /** Without a word from the server. */
  readonly silence: number
  /** For one attempt as a whole, however the server trickles. */
  readonly attempt: number
}

// RFC 5321 4.5.3.2 would wait ten minutes for the answer to a message. Giving up after three risks a second copy under the same
// Message-ID; waiting ten would let one stuck server hold every worker while people are to be woken.
const defaultTimeouts: Timeouts = { connect: 15_000, greeting: 30_000, silence: 120_000, attempt: 180_000 }

export type SmtpSettings = {
  readonly host: string
  readonly port: number
  readonly user?: string
  readonly password?: string
  /** `implicit`: from the first byte. `required`: STARTTLS or nothing. `offered`: when the server has it. `off`: never. */
  readonly encryption: 'implicit' | 'required' | 'offered' | 'off'
}

export type SmtpReading =
  | { readonly ok: true; readonly settings: SmtpSettings }
  | { readonly ok: false; readonly reason: string }

/**
 * Reads the address of the mail server: `smtps://user:password@mail.example.org:465` or
 * `smtp://mail.example.org:587?tls=required|offered|off`. Without `tls`, STARTTLS is required, except on this very machine. Whatever
 * is not understood is refused, and no reason repeats the password.
 */
export const parseSmtpUrl = (text: string): SmtpReading => {
  const no = (reason: string): SmtpReading => ({ ok: false, reason })
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:'))
    return no('must be smtp://host:port or smtps://host:port')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0 && !/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(host)) return no('has no host name')
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '')
    return no('must end after the port, except for ?tls=')
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'tls')
  if (unknown !== undefined) return no('knows only the option tls')
  const choice = url.searchParams.getAll('tls')
  if (choice.length > 1 || !['required', 'offered', 'off'].includes(choice[0] ?? 'off'))
    return no('must have tls=required, tls=offered or tls=off')
  if (url.protocol === 'smtps:' && choice.length > 0)
    return no('is encrypted from the start with smtps; leave tls out')
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === undefined || password === undefined)
    return no('has a name or password with a wrong % sequence')
  if ((user === '') !== (password === '')) return no('needs both a name and a password, or neither')
  const encryption = encryptionOf(url.protocol, choice[0], isThisMachine(host))
  if (user !== '' && (encryption === 'off' || encryption === 'offered') && !isThisMachine(host)) {
    return no('would send its password unencrypted; use smtps or tls=required')
  }
  const port = url.port === '' ? (encryption === 'implicit' ? 465 : 587) : Number(url.port)
  return { ok: true, settings: { host, port, encryption, ...(user === '' ? {} : { user, password }) } }
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const encryptionOf = (
  protocol: string,
  choice: string | undefined,
  local: boolean,
): SmtpSettings['encryption'] => {
  if (protocol === 'smtps:') return 'implicit'
  if (choice === 'required' || choice === 'offered' || choice === 'off') return choice
  return local ? 'off' : 'required'
}

/** Throws a TypeError when the settings are wrong, at start; afterwards nothing throws. */
export const createMailer = (settings: MailerSettings): Mailer => {
  const sender = parseAddress(settings.from.address)
  if (!sender.ok) throw new TypeError(`the sender of mail: ${sender.reason.in('en')}`)
  const from = { name: settings.from.name, address: sender.address }
  if (settings.smtpUrl === undefined) {
    return { delivers: false, from, send: () => Promise.resolve({ outcome: 'kept' }), close: () => undefined }
  }
  const reading = parseSmtpUrl(settings.smtpUrl)
  if (!reading.ok) throw new TypeError(`the address of the mail server ${reading.reason}`)
  const timeouts = { ...defaultTimeouts, ...settings.timeouts }
  const { send, close } = createSender(reading.settings, timeouts, settings)
  return { delivers: true, from, send, close }
}

const createSender = (
  smtp: SmtpSettings,
  timeouts: Timeouts,
  { clientName, authorities }: MailerSettings,
): Pick<Mailer, 'send' | 'close'> => {
  const transporter = createTransport({
    pool: true,
    maxConnections: 3,
    // A pooled connection that the server closed meanwhile costs one new connection, not an attempt. The library does this only while
    // not a byte of the message was sent.
    maxRequeues: 1,
    host: smtp.host,
    port: smtp.port,
    ...(clientName === undefined ? {} : { name: clientName }),
    secure: smtp.encryption === 'implicit',
    requireTLS: smtp.encryption === 'required',
    ignoreTLS: smtp.encryption === 'off',
    tls: { minVersion: 'TLSv1.2', ...(authorities === undefined ? {} : { ca: authorities }) },
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: smtp.password } }),
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    dnsTimeout: timeouts.connect,
    socketTimeout: timeouts.silence,
    // An attempt that needed a name and password but was not asked for them would go out as nobody.
    forceAuth: smtp.user !== undefined,
    // A body is text here; the library would also take a path or an address to load it from.
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  /** Attempts whose message was handed over to the last byte, by their signal, which is theirs alone. */
  const handedOver = new WeakSet<AbortSignal>()
  transporter.use('stream', (mail, done) => {
    const { signal } = mail.data
    mail.message.transform(
      () =>
        new Transform({
          transform: (chunk, _encoding, next) => next(null, chunk),
          flush: (next) => {
            if (signal !== undefined && signal !== null) handedOver.add(signal)
            next()
          },
        }),
    )
    done()
  })

  const send = async (message: MailMessage): Promise<SendOutcome> => {
    const signal = AbortSignal.timeout(timeouts.attempt)
    try {
      const info = await transporter.sendMail({ ...message, signal })
      const { serverMessageId } = info
      return {
        outcome: 'accepted',
        response: shortLine(info.response),
        ...(serverMessageId === undefined ? {} : { serverMessageId }),
      }
    } catch (error) {
      return outcomeOf(error, handedOver.has(signal))
    }
  }
  return { send, close: () => transporter.close() }
}

// Replies that speak of the session, not of this message: out of step, log in first, encrypt first. The same message goes through
// once the settings are right.
const sessionReplies = new Set([503, 530, 534, 535, 538])

const messageCommands = new Set(['MAIL FROM', 'RCPT TO', 'DATA'])

// Found before or instead of talking to the server: the message itself is at fault.
const messageFaults = new Set(['EENVELOPE', 'EMESSAGE', 'EFILEACCESS', 'EURLACCESS', 'EMAXRECIPIENTS'])

const reasonCodes: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'timeout',
  EABORT: 'timeout',
  EDNS: 'dns',
  ETLS: 'tls',
  EREQUIRETLS: 'tls',
  EAUTH: 'auth',
  ENOAUTH: 'auth',
}

const tlsCauses =
  /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT))/

/**
 * Only a permanent reply (RFC 5321 4.2.1) to this very message ends the attempts. A wrong password, a blocked address or a broken
 * certificate says nothing about it, and neither does silence: mail that might still go out is never given up here.
 */
const outcomeOf = (error: unknown, wasHandedOver: boolean): SendOutcome => {
  const { code, command, responseCode, originalCode, text } = readError(error)
  if (responseCode !== undefined) {
    const aboutMessage =
      command !== undefined && messageCommands.has(command) && !sessionReplies.has(responseCode)
    if (aboutMessage && responseCode >= 500 && responseCode <= 599)
      return { outcome: 'refused', code: String(responseCode), text }
    return { outcome: 'retry', code: String(responseCode), text, mayHaveArrived: false }
  }
  if (code !== undefined && messageFaults.has(code)) return { outcome: 'refused', code: 'message', text }
  const tls = tlsCauses.test(originalCode ?? '') || tlsCauses.test(code ?? '')
  return {
    outcome: 'retry',
    code: tls ? 'tls' : (reasonCodes[code ?? ''] ?? 'connection'),
    text,
    mayHaveArrived: wasHandedOver,
  }
}

type ErrorReading = {
  readonly code: string | undefined
  readonly command: string | undefined
  readonly responseCode: number | undefined
  readonly originalCode: string | undefined
  readonly text: string
}

const readError = (error: unknown): ErrorReading => {
  const field = (name: string): unknown =>
    typeof error === 'object' && error !== null
      ? Object.getOwnPropertyDescriptor(error, name)?.value
      : undefined
  const word = (name: string): string | undefined => {
    const value = field(name)
    return typeof value === 'string' ? value : undefined
  }
  const responseCode = field('responseCode')
  return {
    code: word('code'),
    command: word('command'),
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    originalCode: word('originalCode'),
    text: shortLine(word('response') ?? (error instanceof Error ? error.message : 'unknown')),
  }
}

/** What a server says is shown to operators: one line, no control characters, not endless. */
const shortLine = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500)
