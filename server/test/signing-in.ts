import { generate } from 'otplib'
import { read } from '../src/platform/postgres/database.ts'
import { setPassword } from '../src/practices/people/index.ts'
import { openBrowser, type Answer, type Browser } from './browser.ts'
import type { World } from './world.ts'

export const password = 'nine lanterns over the harbor'

type Tenant = Awaited<ReturnType<World['tenant']>>

/** An answer without what differs between two of the same. */
export const essence = ({ status, body }: Answer) => ({ status, body: { ...body, request: undefined } })

/** What tests of signing in do again and again. The world is asked for late: it is made before the tests, not before the file. */
export const signingIn = (worldOf: () => World) => {
  const browserAt = (headers: Record<string, string> = {}): Browser => openBrowser(worldOf().app, headers)

  /** Somebody with a password, and a browser at an address of their own that is not signed in yet. */
  const somebody = async (
    tenant: Tenant,
    slug: string,
    name = 'Rita',
    ...roles: Parameters<Tenant['person']>[1][]
  ) => {
    const person = await tenant.person(name, ...(roles.length === 0 ? (['requester'] as const) : roles))
    await setPassword(worldOf().database, tenant.author(), person.id, password)
    const email = `${name.toLowerCase()}@${slug}.test`
    const browser = browserAt()
    return {
      ...person,
      email,
      browser,
      signIn: (more: Record<string, unknown> = {}, from: Browser = browser): Promise<Answer> =>
        from.send('POST', '/session', { tenant: slug, email, password, ...more }),
    }
  }

  const journalOf = (tenantId: string, type: string) =>
    read(worldOf().database, tenantId, (q) =>
      q.rows<{ type: string; data: Record<string, unknown>; actor_kind: string; subject_id: string }>({
        text: 'select type, data, actor_kind, subject_id from journal where tenant_id = $1 and type = $2 order by id',
        values: [tenantId, type],
      }),
    )

  const totpOf = (secret: string): Promise<string> =>
    generate({ secret, epoch: Math.floor(Date.parse(worldOf().clock.now()) / 1000) })

  /** Sets up one-time codes through the API; answers the seed and the recovery codes. */
  const withTotp = async (browser: Browser) => {
    const { secret } = await browser.api.enrolTotp()
    const { codes } = await browser.api.confirmTotp({ body: { totp: await totpOf(secret) } })
    worldOf().clock.advance(30_000)
    return { secret, codes }
  }
  return { browserAt, somebody, journalOf, totpOf, withTotp }
}
