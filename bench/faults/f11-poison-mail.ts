import { must, type Report } from './harness.ts'
import { openPost, type Post } from './mail.ts'
import type { Place } from './place.ts'

export const title = 'F11: a mail that no server takes, among others'

const poisoned = 'Event 0'
const mostTries = 5

/** The poison is refused for the moment each time it comes; everything else is taken. */
const openPoisoned = async (place: Place, isCured: () => boolean): Promise<Post> =>
  openPost(place, { onData: ({ raw }) => (raw.includes(poisoned) && !isCured() ? 451 : undefined) })

const tryAll = async (post: Post, times: number): Promise<void> => {
  for (let turn = 0; turn < times; turn += 1) await post.room.deliver(post.tenantId)
}

/** It is dead after five tries, its neighbours went out with the first, and sent again it arrives. */
export const hold = async (
  place: Place,
  { rounds, events }: { readonly rounds: number; readonly events: number },
): Promise<Report> => {
  const cure = { isThere: false }
  const post = await openPoisoned(place, () => cure.isThere)
  try {
    let redriven = 0
    for (let round = 0; round < rounds; round += 1) {
      cure.isThere = false
      await post.raise(events)
      await post.room.tell(post.tenantId)
      await tryAll(post, 1)
      const first = await post.mails()
      const waiting = first.filter((mail) => mail.status === 'queued').length
      must(waiting === 1, 'neighbours of a poisoned mail waited for it', { waiting })
      await tryAll(post, mostTries)
      const dead = (await post.mails()).filter((mail) => mail.status !== 'accepted')
      must(
        dead.length === 1 && dead[0]?.status === 'dead' && dead[0].attempts === mostTries,
        'a poisoned mail was not set aside after five tries',
        dead,
      )
      cure.isThere = true
      await place.rows(
        `update outbound_mail set status = 'queued', settled_at = null, attempts = 0, due_at = now() where id = $1`,
        [dead[0]?.id],
      )
      await tryAll(post, 1)
      redriven += (await post.mails()).filter((mail) => mail.status === 'accepted').length - events + 1
    }
    must(redriven === rounds, 'a dead mail that was sent again did not arrive', { redriven })
    return { rounds, events: rounds * events, dead: rounds, redriven, triesOfTheDead: mostTries }
  } finally {
    await post.end()
  }
}

/** Without a bound on the tries it would be tried for ever: as often as anybody asks. */
export const control = async (place: Place): Promise<Report> => {
  const post = await openPoisoned(place, () => false)
  try {
    await post.raise(1)
    await post.room.tell(post.tenantId)
    for (let turn = 0; turn < 2 * mostTries; turn += 1) {
      await tryAll(post, 1)
      await place.rows(`update outbound_mail set attempts = 0 where tenant_id = $1 and status = 'queued'`, [
        post.tenantId,
      ])
    }
    const [mail] = await post.mails()
    must(mail?.status === 'queued', 'a mail whose tries nobody counts ended all the same', mail?.status)
    return { tries: 2 * mostTries, status: mail?.status ?? '' }
  } finally {
    await post.end()
  }
}
