import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** What a server saw of one message. */
export type Captured = {
  readonly mailFrom: string
  readonly rcptTo: readonly string[]
  readonly raw: string
  readonly secure: boolean
}

/** What to answer at a step: nothing takes it, a number refuses it with this reply, `drop` cuts the connection. */
export type Answer = number | 'drop' | undefined

export type CaptureOptions = {
  readonly onConnect?: () => Answer
  readonly onMailFrom?: () => Answer
  readonly onRcptTo?: () => Answer
  /** Asked when the whole message has arrived. */
  readonly onData?: (captured: Captured) => Answer
  readonly key?: string
  readonly cert?: string
  /** Offers STARTTLS; needs key and cert. */
  readonly startTls?: boolean
  readonly password?: string
  /** Does not ask who is there. */
  readonly withoutLogin?: boolean
}

export type Capture = {
  readonly port: number
  /** Messages taken over, and those whose connection was cut after the last byte. */
  readonly messages: readonly Captured[]
  /** Every recipient that was ever named, whether or not a message followed. */
  readonly recipients: readonly string[]
  readonly sessions: () => number
  readonly close: () => Promise<void>
}

/** A real SMTP server on loopback for tests, behind a relay that can cut connections. */
export const startCapture = async (options: CaptureOptions = {}): Promise<Capture> => {
  const messages: Captured[] = []
  const recipients: string[] = []
  const sockets = new Set<Socket>()
  let sessions = 0
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const answer = (kind: Answer, done: (error?: Error) => void): void => {
    if (kind === undefined) done()
    else if (kind === 'drop') drop()
    else done(Object.assign(new Error('as the test wants it'), { responseCode: kind }))
  }

  const server = new SMTPServer({
    disabledCommands: [
      ...(options.startTls === true ? [] : ['STARTTLS']),
      ...(options.withoutLogin === true ? ['AUTH'] : []),
    ],
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    onConnect: (_session, done) => {
      sessions += 1
      answer(options.onConnect?.(), done)
    },
    onAuth: (auth, _session, done) => {
      if (auth.password === options.password) done(null, { user: auth.username })
      else done(Object.assign(new Error('wrong'), { responseCode: 535 }))
    },
    onMailFrom: (_address, _session, done) => answer(options.onMailFrom?.(), done),
    onRcptTo: (address, _session, done) => {
      recipients.push(address.address)
      answer(options.onRcptTo?.(), done)
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const captured = {
          mailFrom: mailFrom === false ? '' : mailFrom.address,
          rcptTo: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
        }
        const kind = options.onData?.(captured)
        if (kind === undefined || kind === 'drop') messages.push(captured)
        answer(kind, done)
      })
    },
  })
  // A client that leaves in the middle is what some tests are about.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const behind = portOf(server.server.address())

  const relay = createServer((client) => {
    const upstream = connect(behind, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
      socket.on('error', () => undefined)
    }
    client.pipe(upstream)
    upstream.pipe(client)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')

  return {
    port: portOf(relay.address()),
    messages,
    recipients,
    sessions: () => sessions,
    close: async () => {
      const closed = Promise.all([
        new Promise<void>((resolve) => relay.close(() => resolve())),
        new Promise<void>((resolve) => server.close(() => resolve())),
      ])
      drop()
      await closed
    },
  }
}

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
