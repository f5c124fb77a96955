import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { connectionLost } from './database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded.ts'

/** The embedded server as one of several processes uses it: `npm start`, and a command beside it. */
export type SharedPostgres = {
  readonly ownerUrl: string
  readonly appUrl: string
  /** Whether it was running already: beside another process, or left behind by one that was killed. */
  readonly attached: boolean
  /** Stops using it. Whoever is the last to leave stops the server. Safe to repeat. */
  leave(): Promise<void>
}

// Advisory locks belong to one database; everybody takes this one in `postgres`. Its holder is known to the server, so a killed
// process leaves nothing behind that says it still runs.
const presence = `hashtextextended('evenkeel embedded server', 0)`
const entryAttempts = 20

/**
 * Starts the embedded server or joins the one that is running, and starts it again when it dies while it is in use.
 * @throws as `startEmbeddedPostgres`
 */
export const joinEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<SharedPostgres> => {
  const log = options.log ?? (() => {})
  const entered = await enter(options)
  // None while the server is down: there is nothing to leave, and nobody to ask.
  let inside: Inside | undefined
  let reviving: Promise<void> = Promise.resolve()
  const using: { leaving?: Promise<void> } = {}
  const { ownerUrl, appUrl, attached } = entered.server
  // Everybody in this process knows the server by its socket: the next one has to be found in the same place.
  const settings = { ...options.settings, unix_socket_directories: socketDirectoryOf(appUrl) }

  const use = (next: Inside): void => {
    inside = next
    next.lease.once('end', () => {
      inside = undefined
      if (using.leaving === undefined) reviving = revive()
    })
  }
  const revive = async (): Promise<void> => {
    log('the database server ended without being asked to; starting it again')
    while (using.leaving === undefined) {
      try {
        return use(await enter({ ...options, settings }))
      } catch (error) {
        log(error instanceof Error ? error.message : String(error))
        await sleep(1000)
      }
    }
  }
  const leaveLast = async (): Promise<void> => {
    // A server that is just coming up again is left like any other, not left behind.
    await reviving
    if (inside !== undefined) await leave(inside)
  }
  use(entered)
  return { ownerUrl, appUrl, attached, leave: () => (using.leaving ??= leaveLast()) }
}

type Inside = { readonly server: EmbeddedPostgres; readonly lease: Client }

const enter = async (options: EmbeddedPostgresOptions): Promise<Inside> => {
  for (let attempt = 1; ; attempt += 1) {
    let lease: Client | undefined
    try {
      const server = await startEmbeddedPostgres(options)
      lease = new Client({ connectionString: server.adminUrl, application_name: 'evenkeel presence' })
      // The end of the connection is told by its event; a server that went away also reports an error.
      lease.on('error', () => {})
      await lease.connect()
      await lease.query(`select pg_advisory_lock_shared(${presence})`)
      return { server, lease }
    } catch (error) {
      await lease?.end().catch(() => {})
      // The last one was just leaving and stopped it: the next attempt starts it anew.
      if (!connectionLost(error) || attempt === entryAttempts) throw error
      await sleep(50 * attempt)
    }
  }
}

const leave = async ({ server, lease }: Inside): Promise<void> => {
  try {
    await lease.query(`select pg_advisory_unlock_shared(${presence})`)
    const { rows } = await lease.query<{ last: boolean }>(`select pg_try_advisory_lock(${presence}) as last`)
    // Whoever enters now waits for this lock, loses its connection with the server, and starts it anew.
    if (rows[0]?.last === true) await server.stop()
  } catch (error) {
    if (!connectionLost(error)) throw error
  } finally {
    await lease.end().catch(() => {})
  }
}

const socketDirectoryOf = (url: string): string => decodeURIComponent(/[?&]host=([^&]+)/.exec(url)?.[1] ?? '')
