import { setTimeout as sleep } from 'node:timers/promises'
import { chances, check, faultless, must, startLoad, type Report } from './harness.ts'
import { until, type Place } from './place.ts'

export const title = 'F1: the API process is killed while it writes'

/** Kills the API process with writes under way, starts it again, and so on; `writes` are acknowledged between two deaths. */
export const hold = async (
  place: Place,
  { rounds, writes }: { readonly rounds: number; readonly writes: number },
): Promise<Report> => {
  const chance = chances(rounds)
  const product = await place.product()
  const load = await startLoad(product.address, place.tenant.key)
  let slowestRecoveryMs = 0
  for (let round = 0; round < rounds; round += 1) {
    const before = load.acked()
    await until('some writes are acknowledged', () => load.acked() >= before + writes)
    await sleep(chance() * 30)
    await product.kill()
    const died = load.acked()
    const began = performance.now()
    await product.start()
    await until('it writes again', () => load.acked() > died)
    slowestRecoveryMs = Math.max(slowestRecoveryMs, Math.round(performance.now() - began))
  }
  await load.stop()
  const found = { ...(await check(place, product.address, load)), slowestRecoveryMs }
  must(faultless(found), 'a kill of the API process left its mark', found)
  must(found.indeterminate > 0, 'nothing was under way when it was killed', found)
  return found
}

/** A server that answers before it commits. */
export const control = async (place: Place): Promise<Report> => {
  const written = async (): Promise<number> =>
    (
      await place.rows(`select 1 from record where tenant_id = $1 and title like 'op-%'`, [
        place.tenant.tenantId,
      ])
    ).length
  const product = await place.product('answers first')
  const load = await startLoad(product.address, place.tenant.key, { onlyRaise: true, most: 400 })
  await until('some writes are acknowledged', () => load.acked() >= 400)
  // It does do the work, only later: a server that does none would prove nothing.
  await until('some are there', async () => (await written()) > 0)
  await product.kill()
  await load.stop()
  // What the dead process was told, and nothing that a later one might still be working on.
  await product.start()
  const found = await check(place, product.address, {
    ...load,
    log: load.log.filter((op) => op.outcome === 'acked'),
  })
  must(found.lost > 0 && found.lost < found.acked, 'an answer before the commit went unnoticed', found)
  return found
}
