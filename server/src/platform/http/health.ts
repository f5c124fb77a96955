import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { Client } from 'pg'

/** Asks the database whether it answers, beside the pool: a busy instance is not one without a database. */
export type DatabaseProbe = { answers(): Promise<boolean>; end(): Promise<void> }

/** Milliseconds one question may take, connecting included: with a probe a second, an outage shows within five. */
const patienceMs = 2000

export const databaseProbe = (url: string): DatabaseProbe => {
  let client: Client | undefined
  let asking: Promise<boolean> | undefined

  const connected = async (): Promise<Client> => {
    const fresh = new Client({
      connectionString: url,
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
      application_name: 'evenkeel health',
    })
    fresh.on('error', () => drop(fresh))
    await fresh.connect()
    return fresh
  }
  const drop = (broken: Client | undefined): void => {
    if (client === broken) client = undefined
    // Nobody waits for the goodbye of a connection that may lead nowhere.
    broken?.end().catch(() => {})
  }
  const ask = async (): Promise<boolean> => {
    const giveUp = new AbortController()
    try {
      const answered = (async () => {
        client ??= await connected()
        await client.query('select 1')
        return true
      })()
      answered.catch(() => {})
      const late = sleep(patienceMs, false, { signal: giveUp.signal, ref: false }).catch(() => false)
      const answer = await Promise.race([answered, late])
      if (!answer) drop(client)
      return answer
    } catch {
      drop(client)
      return false
    } finally {
      giveUp.abort()
    }
  }
  return {
    // Everybody who asks at the same moment gets one answer: a crowd of probes costs one query.
    answers: () =>
      (asking ??= ask().finally(() => {
        asking = undefined
      })),
    end: async () => {
      const last = client
      client = undefined
      await last?.end().catch(() => {})
    },
  }
}

export type HealthSettings = {
  /** Why it cannot do its work right now; null when it can. */
  readonly notReady: () => Promise<string | null>
}

/**
 * `/health/live`: the process runs, restart it when this stays silent. `/health/ready`: it can do its work, send it requests. Open to
 * everybody and telling nothing else.
 */
export const serveHealth = (app: FastifyInstance, { notReady }: HealthSettings): void => {
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
  })
  app.get('/health/live', async (_, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'live' }),
  )
  app.get('/health/ready', async (_, reply) => {
    const reason = stopping ? 'it is stopping' : await notReady()
    void reply.header('cache-control', 'no-store')
    if (reason === null) return reply.send({ status: 'ready' })
    return reply.status(503).header('retry-after', '2').send({ status: 'not ready', reason })
  })
}
