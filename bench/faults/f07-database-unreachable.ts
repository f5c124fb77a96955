import { setTimeout as sleep } from 'node:timers/promises'
import { apiAt, check, faultless, must, newOp, rudeAnswers, send, startLoad, type Report } from './harness.ts'
import { openPlace, until } from './place.ts'

export const title = 'F7: the database server cannot be reached: it swallows everything, or it is not there'

const outages = ['black hole', 'not there'] as const

/** `outageMs`: how long each outage lasts once readiness is red. */
export const hold = async ({ outageMs }: { readonly outageMs: number }): Promise<Report> => {
  const place = await openPlace()
  const report: Record<string, number | string> = {}
  try {
    const product = await place.product()
    const pid = product.pid()
    const load = await startLoad(product.address, place.tenant.key)
    await until('it is ready', async () => (await product.health('ready')) === 200)
    for (const outage of outages) {
      const before = load.acked()
      await until('some writes are acknowledged', () => load.acked() >= before + 20)
      const from = load.log.length
      if (outage === 'black hole') await place.signalServer('SIGSTOP')
      else await place.stopServer()
      const redMs = await until('readiness is red', async () => (await product.health('ready')) === 503)
      const liveness = await product.health('live')
      const isTold = () => load.log.slice(from).some((op) => op.status === 503)
      await Promise.all([sleep(outageMs), until('requests are told', isTold)])
      must(liveness === 200 && (await product.health('live')) === 200, 'liveness was not green', outage)
      if (outage === 'black hole') await place.signalServer('SIGCONT')
      else await place.startServer()
      const greenMs = await until('readiness is green', async () => (await product.health('ready')) === 200)
      const back = load.acked()
      await until('it writes again', () => load.acked() > back)
      const during = load.log.slice(from).filter((op) => op.answeredAt > 0)
      const longest = Math.max(...during.map((op) => op.answeredAt - op.sentAt))
      const told = during.filter((op) => op.status === 503).length
      report[`${outage}: red after ms`] = redMs
      report[`${outage}: longest answer ms`] = Math.round(longest)
      report[`${outage}: told 503`] = told
      report[`${outage}: green after ms`] = greenMs
    }
    await load.stop()
    const rude = rudeAnswers(load.log)
    const hung = load.log.filter((op) => op.answer.includes('TimeoutError')).length
    const found = { ...(await check(place, product.address, load)), ...report }
    must(faultless(found), 'an outage left its mark', found)
    must(rude.length === 0, 'an answer was not 503 with Retry-After', rude.slice(0, 5))
    must(hung === 0, 'requests hung', { ...found, hung })
    must(product.isRunning() && product.pid() === pid, 'the API process did not get over it', found)
    must(product.complaints() === '', 'the API process complained', product.complaints())
    return found
  } finally {
    await place.end()
  }
}

/** A product that waits for its database without a bound, and calls itself ready without asking it. */
export const control = async (): Promise<Report> => {
  const place = await openPlace()
  try {
    const product = await place.product('patient')
    const client = apiAt(product.address, place.tenant.key)
    const first = newOp('raise', false)
    await send(client, first, '')
    must(first.outcome === 'acked', 'it did not work before the outage', first)
    await place.signalServer('SIGSTOP')
    const op = newOp('raise', false)
    const sending = send(client, op, '')
    await sleep(7000)
    const found = { ready: await product.health('ready'), answered: op.answeredAt > 0 }
    await place.signalServer('SIGCONT')
    await sending
    must(found.ready === 200 && !found.answered, 'the control refused as the product does', found)
    return found
  } finally {
    await place.end()
  }
}
