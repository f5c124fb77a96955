import { Client } from 'pg'
import type { LightMyRequestResponse } from 'fastify'
import type { Permission } from '@evenkeel/contract/permission'
import { createWorld, type TestPerson, type World } from '../world.ts'

/** The nine who knock at every route. `elsewhere` administers a third tenant, so that the second one has rows and no visitor. */
export const visitorNames = [
  'stranger',
  'r1',
  'r2',
  'agent',
  'lead',
  'auditor',
  'admin',
  'key',
  'elsewhere',
] as const
export type VisitorName = (typeof visitorNames)[number]

/** Whose the thing is that a route is asked for, as r1 and the Network team see it. */
export const places = ['own', 'other', 'confidential', 'foreign', 'missing'] as const
export type Place = (typeof places)[number]

/** Words that were planted where somebody may not read; a body with one of them is a leak, whatever else it says. */
export const canaries = {
  /** In every row of the second tenant. */
  foreign: 'zzforeignzz',
  /** In a confidential incident of the Mail team, where none of the nine is. */
  confidential: 'zzconfidentialzz',
  /** In work notes and internal fields of r1's own incident. */
  internal: 'zzinternalzz',
  /** In what r1 raised. */
  own: 'zzownzz',
  /** In what somebody else raised, for the Mail team. */
  other: 'zzotherzz',
  /** In documents, templates and policies that only the team reads. */
  team: 'zzteamzz',
} as const
export type Canary = keyof typeof canaries

const hiddenFrom: Readonly<Record<VisitorName, readonly Canary[]>> = {
  stranger: ['foreign', 'confidential', 'internal', 'own', 'other', 'team'],
  r1: ['foreign', 'confidential', 'internal', 'other', 'team'],
  r2: ['foreign', 'confidential', 'internal', 'own', 'other', 'team'],
  agent: ['foreign', 'confidential'],
  lead: ['foreign', 'confidential'],
  auditor: ['foreign', 'confidential'],
  admin: ['foreign', 'confidential'],
  key: ['foreign', 'confidential', 'internal', 'team'],
  elsewhere: ['foreign', 'confidential', 'internal', 'own', 'other', 'team'],
}

/** What a scoped key may do here: read incidents and people, and answer; nothing internal. */
export const keyPermissions: Permission[] = ['incident.read', 'incident.comment', 'person.read']

export type Visitor = {
  readonly name: VisitorName
  readonly personId: string | null
  readonly address: string
  /** Signs in anew: for routes that end or change the session they are called with. */
  readonly renew: () => Promise<void>
  readonly headers: () => Record<string, string>
}

export type Sent = {
  readonly method: string
  readonly url: string
  readonly headers?: Record<string, string>
} & {
  readonly body?: unknown
  /** Sent as it is, instead of a JSON body. */
  readonly file?: string
}

export type Stage = Awaited<ReturnType<typeof setStage>>
export type Thing = { readonly params: Readonly<Record<string, string>>; readonly version: number }

/** A hospital with its people, a second tenant full of canaries, and a third one whose administrator is curious. */
export const setStage = async (settings: Parameters<typeof createWorld>[0] = {}) => {
  const world = await createWorld(settings)
  const harbor = await world.tenant('harbor')
  const [r1, r2, third, agent, mailAgent, lead, auditor, admin] = [
    await harbor.person('Rita', 'requester'),
    await harbor.person('Rolf', 'requester'),
    await harbor.person('Theo', 'requester'),
    await harbor.person('Amir', 'agent'),
    await harbor.person('Mona', 'agent'),
    await harbor.person('Lena', 'team_lead'),
    await harbor.person('Olga', 'auditor'),
    await harbor.person('Ada', 'administrator'),
  ]
  // Makes what is visited, so that nobody's own session is needed for it: routes under test end sessions.
  const maker = await harbor.person('Mika', 'administrator')
  const networkId = await harbor.team('Network', agent, lead)
  const mailId = await harbor.team('Mail', mailAgent)
  const networkServiceId = await harbor.service('Wireless', networkId)
  const mailServiceId = await harbor.service('Mailboxes', mailId)
  const { id: keyId, secret } = await agent.api.createApiKey({
    body: {
      name: 'script',
      permissions: keyPermissions,
      expiresAt: new Date(Date.parse(world.clock.now()) + 30 * 86_400_000).toISOString(),
    },
  })
  const distant = await world.tenant('distant')
  const curious = await distant.person('Curt', 'administrator')

  const visitorOf = (name: VisitorName, person: TestPerson, tenant: typeof harbor, at: number): Visitor => {
    let { cookie } = person
    return {
      name,
      personId: person.id,
      address: `10.66.0.${at}`,
      renew: async () => {
        cookie = await tenant.signIn(person.id)
      },
      headers: () => ({ cookie }),
    }
  }
  const visitors: Readonly<Record<VisitorName, Visitor>> = {
    stranger: {
      name: 'stranger',
      personId: null,
      address: '10.66.0.1',
      renew: async () => {},
      headers: () => ({}),
    },
    r1: visitorOf('r1', r1, harbor, 2),
    r2: visitorOf('r2', r2, harbor, 3),
    agent: visitorOf('agent', agent, harbor, 4),
    lead: visitorOf('lead', lead, harbor, 5),
    auditor: visitorOf('auditor', auditor, harbor, 6),
    admin: visitorOf('admin', admin, harbor, 7),
    key: {
      name: 'key',
      personId: agent.id,
      address: '10.66.0.8',
      renew: async () => {},
      headers: () => ({ authorization: `Bearer ${secret}` }),
    },
    elsewhere: visitorOf('elsewhere', curious, distant, 9),
  }

  const send = (
    visitor: Visitor,
    { method, url, headers = {}, body, file }: Sent,
  ): Promise<LightMyRequestResponse> =>
    world.app.inject({
      // Fastify's type lists the methods it knows; some of these tests send others on purpose.
      method: method as 'GET',
      url,
      remoteAddress: visitor.address,
      headers: {
        ...visitor.headers(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(file === undefined ? {} : { 'content-type': 'application/octet-stream' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(file === undefined ? {} : { payload: file }),
    })

  /** The canaries that an answer tells this visitor of and should not; headers count. */
  const leaks = (visitor: VisitorName, answer: LightMyRequestResponse): Canary[] => {
    const told = JSON.stringify(answer.headers) + answer.payload
    return hiddenFrom[visitor].filter((name) => told.includes(canaries[name]))
  }

  return {
    world,
    harbor,
    distant,
    people: { r1, r2, third, agent, mailAgent, lead, auditor, admin, maker, curious },
    networkId,
    mailId,
    networkServiceId,
    mailServiceId,
    keyId,
    visitors,
    send,
    leaks,
    end: world.end,
  }
}

/** A hash of every row that a tenant has in any table: what it is before and after says whether anything of it changed. */
export const hashOfTenant = async (world: World, tenantId: string): Promise<Record<string, string>> => {
  const admin = new Client({ connectionString: world.test.adminUrl })
  await admin.connect()
  try {
    const { rows: tables } = await admin.query<{ name: string }>(
      `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE' order by 1`,
    )
    const hashes: Record<string, string> = {}
    for (const { name } of tables) {
      const { rows } = await admin.query<{ hash: string | null }>(
        `select md5(string_agg(row_text, E'\\n' order by row_text)) as hash
         from (select t::text as row_text from "${name}" t where tenant_id = $1) as x`,
        [tenantId],
      )
      hashes[name] = rows[0]?.hash ?? 'empty'
    }
    return hashes
  } finally {
    await admin.end()
  }
}
