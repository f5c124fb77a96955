import { check, faultless, must, rudeAnswers, startLoad, takingSentForDone, type Report } from './harness.ts'
import { openPlace, until } from './place.ts'

export const title = 'F6: the database server is restarted, politely and at once, while it writes'

type Size = { readonly rounds: number; readonly writes: number }

/** Restarts the database server under load, by turns fast and immediate. */
export const hold = async ({ rounds, writes }: Size): Promise<Report> => {
  const place = await openPlace()
  try {
    const product = await place.product()
    const pid = product.pid()
    const load = await startLoad(product.address, place.tenant.key)
    let longestGapMs = 0
    for (let round = 0; round < rounds; round += 1) {
      const before = load.acked()
      await until('some writes are acknowledged', () => load.acked() >= before + writes)
      const began = performance.now()
      await place.restartServer(round % 2 === 0 ? 'immediate' : 'fast')
      const restarted = load.acked()
      await until('it writes again', () => load.acked() > restarted)
      longestGapMs = Math.max(longestGapMs, Math.round(performance.now() - began))
    }
    await load.stop()
    const rude = rudeAnswers(load.log)
    const told = load.log.filter((op) => op.status === 503).length
    // The control: a client that takes what it sent for done. The same checker has to find that it is not.
    const sent = await check(place, product.address, { ...load, log: takingSentForDone(load.log) })
    const found = {
      ...(await check(place, product.address, load)),
      longestGapMs,
      told503: told,
      rude: rude.length,
      lostBySentIsDone: sent.lost,
    }
    must(faultless(found), 'a restart of the database server left its mark', found)
    must(rude.length === 0, 'an answer was not 503 with Retry-After', rude.slice(0, 5))
    must(product.isRunning() && product.pid() === pid, 'the API process did not get over it', found)
    must(product.complaints() === '', 'the API process complained', product.complaints())
    must(told > 0, 'no request met the restart', found)
    must(sent.lost > 0, 'a client that takes "sent" for "done" was believed', sent)
    return found
  } finally {
    await place.end()
  }
}
