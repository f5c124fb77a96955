import type { Answer } from '../../server/src/platform/mail/smtp-capture.ts'
import { chances, must, type Report } from './harness.ts'
import { openPost } from './mail.ts'
import type { Place } from './place.ts'

export const title = 'F15: the mail server puts off, refuses, or hangs up before and after the last byte'

/**
 * Each mail meets a server in a mood of its own at every try. In the end each is accepted, refused with the server's word, or given up for
 * dead with "may have arrived" where it may have; what arrived twice did so under one identifier, and the outbox says that it may have.
 */
export const hold = async (
  place: Place,
  { rounds, events }: { readonly rounds: number; readonly events: number },
): Promise<Report> => {
  const chance = chances(rounds)
  const oneOf = (...answers: readonly Answer[]): Answer => answers[Math.floor(chance() * answers.length)]
  const refusedFor = new Set<string>()
  const post = await openPost(place, {
    onConnect: () => oneOf(undefined, undefined, undefined, 421, 'drop'),
    onRcptTo: () => oneOf(undefined, undefined, undefined, 451),
    onData: ({ raw }) => {
      const answer = oneOf(undefined, undefined, undefined, 451, 'drop', 554)
      if (answer === 554) refusedFor.add(/^Message-ID:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? '')
      return answer
    },
  })
  try {
    const sum = { accepted: 0, refused: 0, dead: 0, unknown: 0, twice: 0 }
    for (let round = 0; round < rounds; round += 1) {
      await post.raise(events)
      await post.room.tell(post.tenantId)
      for (let turn = 0; turn < 8; turn += 1) await post.room.deliver(post.tenantId)
      const [mails, copies] = [await post.mails(), await post.copies()]
      must(mails.length === events, 'not every event has its mail', { mails: mails.length, events })
      for (const mail of mails) {
        const { status, message_id: id, may_have_arrived: mayHave } = mail
        const arrived = copies.get(id ?? '') ?? 0
        must(status in sum, 'a mail did not come to an end', mail)
        must(status !== 'accepted' || arrived > 0, 'a mail counts as accepted and nobody has it', mail)
        must(status !== 'dead' || arrived === 0, 'a mail arrived and is said to have not', mail)
        must(arrived < 2 || mayHave, 'a mail arrived twice and nobody says that it may have', mail)
        must(status !== 'refused' || refusedFor.has(id ?? ''), 'a mail counts as refused, and was not', mail)
        if (status === 'accepted' || status === 'refused' || status === 'dead' || status === 'unknown')
          sum[status] += 1
        if (arrived > 1) sum.twice += 1
      }
    }
    return { events: rounds * events, ...sum }
  } finally {
    await post.end()
  }
}

/** The same moods, and a sender that takes "sent" for "arrived": it would be wrong about some. */
export const control = async (place: Place, events: number): Promise<Report> => {
  let turn = 0
  const post = await openPost(place, { onData: () => ((turn += 1) % 2 === 0 ? 554 : undefined) })
  try {
    await post.raise(events)
    await post.room.tell(post.tenantId)
    await post.room.deliver(post.tenantId)
    const mails = await post.mails()
    const wrong = mails.filter((mail) => mail.status !== 'accepted').length
    must(wrong > 0, 'a server that refuses every other mail refused none', { events })
    return { events, takenForArrived: events, arrived: events - wrong }
  } finally {
    await post.end()
  }
}
