import type { MailMessage } from '../src/platform/mail/mail.compose.ts'
import { deskUrl, openMailRoom } from './mail-room.ts'
import type { TestPerson, World } from './world.ts'
import type { Cast } from './incidents.ts'

/** A mail room whose mail server takes everything: what left, word for word. */
export const openLinkRoom = (world: World) => {
  const sent: MailMessage[] = []
  const room = openMailRoom({
    database: world.database,
    now: world.clock.now,
    mailer: {
      delivers: true,
      from: { name: 'The desk', address: 'desk@example.org' },
      send: async (message) => {
        sent.push(message)
        return { outcome: 'accepted', response: '250 taken' }
      },
      close: () => {},
    },
  })
  /** The last mail that a person of this tenant got. */
  const mailTo = (person: TestPerson, slug: string): MailMessage => {
    const address = `${person.name.toLowerCase()}@${slug}.test`
    const mail = sent.findLast(({ envelope }) => envelope.to === address)
    if (mail === undefined) throw new Error(`no mail went to ${address}`)
    return mail
  }
  return {
    ...room,
    sent,
    mailTo,
    /** Resolves an incident of Rita's that Amir has, tells everybody, and answers it with the token of Rita's mail. */
    resolved: async (cast: Cast, slug: string): Promise<{ id: string; token: string }> => {
      const id = await cast.inState('resolved')
      await room.run(cast.tenant.id)
      return { id, token: tokenIn(mailTo(cast.rita, slug)) }
    },
  }
}

/** The token of a mail's link, as it stands behind the `#`. */
export const tokenIn = ({ text }: Pick<MailMessage, 'text'>, page = 'still-broken'): string =>
  new RegExp(`${deskUrl}/${page}#([A-Za-z0-9_-]+)`).exec(text)?.[1] ?? ''
