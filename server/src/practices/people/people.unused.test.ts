import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, signingIn } from '../../../test/signing-in.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { read } from '../../platform/postgres/database.ts'
import { write } from '../../platform/journal/write.ts'
import { publishPolicy } from '../../platform/policy/policy.ts'
import { createPerson, setPassword, type RoleKey } from './index.ts'
import { securityPolicy } from './people.security.ts'
import { sweepAccess } from './people.sweep.ts'
import { endUnusedAccounts, lastNight, nextNight } from './people.unused.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.end())

const { browserAt, journalOf } = signingIn(() => world)
type Tenant = Awaited<ReturnType<World['tenant']>>

const day = 86_400_000

/** Somebody with an account and no session, so that only real sign-ins count as use. */
const account = async (tenant: Tenant, slug: string, name: string, role: RoleKey = 'agent') => {
  const email = `${name.toLowerCase()}@${slug}.test`
  const id = await createPerson(world.database, tenant.author(), { name, email, roles: [role] })
  await setPassword(world.database, tenant.author(), id, password)
  const signIn = async () => {
    const browser = browserAt()
    expect((await browser.send('POST', '/session', { tenant: slug, email, password })).status).toBe(200)
    return browser
  }
  return { id, name, signIn }
}

const publish = (tenant: Tenant, unusedDays: number | null, basedOn = 0): Promise<number> =>
  write(world.database, tenant.author(), (tx) =>
    publishPolicy(tx, securityPolicy, {
      document: { ...securityPolicy.initial, accounts: { unusedDays } },
      note: 'test',
      basedOn,
    }),
  )

const isActive = async (tenant: Tenant, id: string): Promise<boolean> =>
  (
    await read(world.database, tenant.id, (q) =>
      q.one<{ is_active: boolean }>({
        text: 'select is_active from person where tenant_id = $1 and id = $2',
        values: [tenant.id, id],
      }),
    )
  ).is_active

const mailsTo = (tenant: Tenant, personId: string) =>
  read(world.database, tenant.id, (q) =>
    q.rows<{
      kind: string
      expires_at: string | null
      facts: { accounts?: { name: string; at: string | null }[] }
    }>({
      text: `select kind, expires_at, facts from outbound_mail where tenant_id = $1 and person_id = $2
             and kind like 'unused%' order by id`,
      values: [tenant.id, personId],
    }),
  )

const night = (tenant: Tenant): Promise<void> =>
  endUnusedAccounts(world.database, {
    tenantId: tenant.id,
    actor: { kind: 'system', id: null, onBehalfOf: null, via: 'timer' },
    request: null,
    now: world.clock.now(),
  })

/** Somebody always administers, and signs in every day. */
const withAdministrator = async (slug: string) => {
  const tenant = await world.tenant(slug)
  const ada = await tenant.person('Ada', 'administrator')
  return { tenant, ada }
}

describe('an account that nobody uses (PCI DSS 8.2.6)', () => {
  test('is warned a fortnight before and deactivated on its day, on record, with keys and sessions', async () => {
    const slug = 'unused'
    const { tenant, ada } = await withAdministrator(slug)
    const anna = await account(tenant, slug, 'Anna')
    const bert = await account(tenant, slug, 'Bert')
    await anna.signIn()
    const lastUse = Date.parse(world.clock.now())
    await publish(tenant, 90)
    world.clock.advance(70 * day)
    await bert.signIn()
    await night(tenant)
    expect(await mailsTo(tenant, anna.id)).toEqual([])
    world.clock.advance(7 * day)
    await night(tenant)
    const warned = { kind: 'unused_warning', expires_at: new Date(lastUse + 90 * day).toISOString() }
    expect(await mailsTo(tenant, anna.id)).toMatchObject([warned])
    expect(await mailsTo(tenant, ada.id)).toMatchObject([
      { kind: 'unused_accounts', facts: { accounts: [{ name: 'Anna', at: warned.expires_at }] } },
    ])
    // Told once, however often the timer looks.
    await night(tenant)
    world.clock.advance(12 * day)
    await night(tenant)
    expect(await mailsTo(tenant, anna.id)).toHaveLength(1)
    expect(await isActive(tenant, anna.id)).toBe(true)
    world.clock.advance(2 * day)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(false)
    expect(await isActive(tenant, bert.id)).toBe(true)
    expect(await journalOf(tenant.id, 'person.deactivated')).toMatchObject([
      {
        subject_id: anna.id,
        actor_kind: 'system',
        data: { reason: 'unused', unusedDays: 90, policyVersion: 1 },
      },
    ])
    expect((await mailsTo(tenant, ada.id)).at(-1)).toMatchObject({
      facts: { accounts: [{ name: 'Anna', at: null }] },
    })
    await night(tenant)
    expect(await journalOf(tenant.id, 'person.deactivated')).toHaveLength(1)
  })
  test('is kept by one sign-in, and by an API key that is used', async () => {
    const slug = 'kept'
    const { tenant } = await withAdministrator(slug)
    const anna = await account(tenant, slug, 'Anna')
    const bert = await account(tenant, slug, 'Bert')
    const browser = await bert.signIn()
    const { secret } = await browser.api.createApiKey({
      body: {
        name: 'Nightly',
        permissions: ['incident.read'],
        expiresAt: new Date(Date.parse(world.clock.now()) + 300 * day).toISOString(),
      },
    })
    await publish(tenant, 90)
    world.clock.advance(80 * day)
    await night(tenant)
    expect(await mailsTo(tenant, anna.id)).toHaveLength(1)
    await anna.signIn()
    expect((await browserAt({ authorization: `Bearer ${secret}` }).send('GET', '/me')).status).toBe(200)
    world.clock.advance(20 * day)
    await night(tenant)
    expect([await isActive(tenant, anna.id), await isActive(tenant, bert.id)]).toEqual([true, true])
    // Left alone again, they are warned again.
    world.clock.advance(60 * day)
    await night(tenant)
    expect(await mailsTo(tenant, anna.id)).toHaveLength(2)
  })
  test('is left alone unless a policy says otherwise, and until the night after it said so', async () => {
    const slug = 'never'
    const { tenant } = await withAdministrator(slug)
    const anna = await account(tenant, slug, 'Anna')
    world.clock.advance(400 * day)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(true)
    await publish(tenant, 90)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(true)
    world.clock.advance(day)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(false)
  })
  test('is foretold by name when the policy is about to be published', async () => {
    const slug = 'foretold-unused'
    const { tenant, ada } = await withAdministrator(slug)
    const anna = await account(tenant, slug, 'Anna')
    world.clock.advance(80 * day)
    const bert = await account(tenant, slug, 'Bert')
    world.clock.advance(20 * day)
    const asked = async (unusedDays: number) =>
      (
        await ada.api.previewPolicy({
          params: { kind: 'security' },
          body: { document: { ...securityPolicy.initial, accounts: { unusedDays } } },
        })
      ).effects
    expect(await asked(90)).toMatchObject([{ what: 'deactivated', count: 1, people: [{ id: anna.id }] }])
    expect(await asked(30)).toMatchObject([
      { what: 'deactivated', people: [{ id: anna.id }] },
      { what: 'warned', people: [{ id: bert.id }] },
    ])
    expect(await asked(700)).toEqual([])
  })
  test('of the last administrator stays, of several the one used last', async () => {
    const slug = 'administrators'
    const tenant = await world.tenant(slug)
    const [first, second] = [
      await account(tenant, slug, 'Ada', 'administrator'),
      await account(tenant, slug, 'Ben', 'administrator'),
    ]
    world.clock.advance(day)
    await first.signIn()
    await publish(tenant, 90)
    world.clock.advance(200 * day)
    await night(tenant)
    expect([await isActive(tenant, first.id), await isActive(tenant, second.id)]).toEqual([true, false])
  })
  test('that was reactivated has its whole time again', async () => {
    const slug = 'back-again'
    const { tenant, ada } = await withAdministrator(slug)
    const anna = await account(tenant, slug, 'Anna')
    await publish(tenant, 90)
    world.clock.advance(100 * day)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(false)
    const { version } = await ada.api.readPerson({ params: { id: anna.id } })
    await ada.api.editPerson({ params: { id: anna.id }, body: { isActive: true }, version })
    world.clock.advance(2 * day)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(true)
  })
  test('was last used when it was, also after its sessions were swept away', async () => {
    const slug = 'swept'
    const { tenant } = await withAdministrator(slug)
    const anna = await account(tenant, slug, 'Anna')
    world.clock.advance(100 * day)
    await anna.signIn()
    await publish(tenant, 180)
    // Ninety days after they ended, sessions are gone.
    world.clock.advance(120 * day)
    await sweepAccess(world.database, tenant.author())
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(true)
    world.clock.advance(61 * day)
    await night(tenant)
    expect(await isActive(tenant, anna.id)).toBe(false)
  })
})

describe('the night', () => {
  test.each([
    ['2026-03-02T09:00:00.000Z', '2026-03-02T01:00:00.000Z', '2026-03-03T01:00:00.000Z'],
    ['2026-03-02T01:00:00.000Z', '2026-03-02T01:00:00.000Z', '2026-03-03T01:00:00.000Z'],
    ['2026-03-02T00:59:59.999Z', '2026-03-01T01:00:00.000Z', '2026-03-02T01:00:00.000Z'],
    // The hour that does not exist begins at three.
    ['2026-03-29T12:00:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:00:00.000Z'],
  ])('at %s the last one was %s and the next is %s in Berlin', (now, last, next) => {
    expect([lastNight(now, 'Europe/Berlin'), nextNight(now, 'Europe/Berlin')]).toEqual([last, next])
  })
})
