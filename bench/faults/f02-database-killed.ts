import { setTimeout as sleep } from 'node:timers/promises'
import {
  chances,
  check,
  faultless,
  must,
  rudeAnswers,
  startLoad,
  type Findings,
  type Report,
} from './harness.ts'
import { openPlace, until } from './place.ts'

export const title = 'F2: the database server and all its processes are killed while it writes'

/** Kills every process of the database server under writes and starts it again; the API process is left alone. */
const killing = async (
  settings: Readonly<Record<string, string>>,
  { rounds, writes }: { readonly rounds: number; readonly writes: number },
): Promise<
  Findings & { readonly slowestRecoveryMs: number; readonly rude: number; readonly samePid: boolean }
> => {
  const chance = chances(rounds)
  const place = await openPlace(settings)
  try {
    // What the tenant stands on is on disk in any case: the control is about the writes.
    await place.rows('checkpoint')
    const product = await place.product()
    const pid = product.pid()
    const load = await startLoad(product.address, place.tenant.key)
    let slowestRecoveryMs = 0
    for (let round = 0; round < rounds; round += 1) {
      const before = load.acked()
      await until('some writes are acknowledged', () => load.acked() >= before + writes)
      await sleep(chance() * 30)
      await place.signalServer('SIGKILL')
      await place.startServer()
      const back = performance.now()
      const died = load.acked()
      await until('it writes again', () => load.acked() > died)
      slowestRecoveryMs = Math.max(slowestRecoveryMs, Math.round(performance.now() - back))
    }
    await load.stop()
    const found = await check(place, product.address, load)
    const samePid = product.isRunning() && product.pid() === pid
    return { ...found, slowestRecoveryMs, rude: rudeAnswers(load.log).length, samePid }
  } finally {
    await place.end()
  }
}

export const hold = async (size: { readonly rounds: number; readonly writes: number }): Promise<Report> => {
  const found = await killing({}, size)
  must(faultless(found), 'a kill of the database server left its mark', found)
  must(found.samePid && found.rude === 0, 'the API process did not get over it', found)
  return found
}

/** A server that says "committed" before it is on disk, and writes it down at leisure. */
export const control = async (rounds: number): Promise<Report> => {
  const careless = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '1GB' }
  const found = await killing(careless, { rounds, writes: 60 })
  must(found.lost > 0, 'commits that were not on disk went unnoticed', found)
  return found
}
