import { setTimeout as sleep } from 'node:timers/promises'
import { apiAt, chances, must, newOp, send, type Op, type Report } from './harness.ts'
import type { Place } from './place.ts'

export const title = 'F5: one write is repeated, fifty times at once and after a kill'

const sideBySide = 50

const effects = async (place: Place, title: string): Promise<{ records: number; entries: number }> => {
  const [row] = await place.rows<{ records: number; entries: number }>(
    `select count(distinct r.id)::int as records, count(j.id)::int as entries
       from record r left join journal j on (j.tenant_id, j.subject_id) = (r.tenant_id, r.id) and j.type = 'incident.raised'
      where r.tenant_id = $1 and r.title = $2`,
    [place.tenant.tenantId, title],
  )
  return row ?? { records: 0, entries: 0 }
}

/** Sends until an answer comes that says whether it happened. */
const insist = async (address: string, key: string, op: Op): Promise<void> => {
  const client = apiAt(address, key)
  do await send(client, op, '')
  while (op.outcome === 'indeterminate')
}

/** Fifty at once, then each round a kill between the sending and the answer, and two repetitions. */
export const hold = async (place: Place, { rounds }: { readonly rounds: number }): Promise<Report> => {
  const chance = chances(rounds)
  const product = await place.product()
  const { key } = place.tenant
  const first = newOp('raise', false)
  const crowd = Array.from({ length: sideBySide }, () => ({ ...first }))
  await Promise.all(crowd.map((op) => insist(product.address, key, op)))
  const answers = new Set(crowd.map((op) => op.answer)).size
  const crowdEffects = await effects(place, first.key)
  must(answers === 1, 'repetitions got different answers', [...new Set(crowd.map((op) => op.answer))])
  must(crowdEffects.records === 1 && crowdEffects.entries === 1, 'repetitions had effects', crowdEffects)

  let cutOff = 0
  let happened = 0
  for (let round = 0; round < rounds; round += 1) {
    const op = newOp('raise', false)
    const sending = send(apiAt(product.address, key), op, '')
    await sleep(chance() * 60)
    await product.kill()
    await sending
    const { outcome, answer } = op
    if (outcome === 'indeterminate') {
      cutOff += 1
      happened += (await effects(place, op.key)).records
    }
    await product.start()
    const again = [{ ...op }, { ...op }]
    for (const one of again) await insist(product.address, key, one)
    const told = new Set([...again.map((one) => one.answer), ...(outcome === 'acked' ? [answer] : [])])
    const found = await effects(place, op.key)
    must(told.size === 1, 'a repetition after a kill got another answer', [...told])
    must(found.records === 1 && found.entries === 1, 'a repetition after a kill had an effect', found)
  }
  return { sideBySide, answers, effects: crowdEffects.records, kills: rounds, cutOff, happened }
}

/** The same fifty without a key. */
export const control = async (place: Place): Promise<Report> => {
  const product = await place.product()
  const client = apiAt(product.address, place.tenant.key)
  const { key } = newOp('raise', false)
  await Promise.allSettled(
    Array.from({ length: sideBySide }, () => client.raiseIncident({ body: { title: key } })),
  )
  const { records } = await effects(place, key)
  must(records > 1, 'repetitions without a key had one effect: what is measured is not the key', records)
  return { sideBySide, effects: records }
}
