import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LiveChange } from '@evenkeel/contract/live'
import type { TestPerson } from '../world.ts'
import { foreignThings } from './foreign.ts'
import { canaries, setStage, type Stage } from './stage.ts'

// Attack tests A11 and A14: the live stream says nothing that its reader could not ask for, and what moves out of reach is gone at once,
// from the stream as from everything else.

let stage: Stage
let address = ''
beforeAll(async () => {
  stage = await setStage()
  address = await stage.world.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  stage.world.app.server.closeAllConnections()
  await stage.end()
})

const open: AbortController[] = []
afterAll(() => open.forEach((stream) => stream.abort()))

const listen = async (headers: Record<string, string>) => {
  const hangUp = new AbortController()
  open.push(hangUp)
  const answer = await fetch(`${address}/api/v1/live`, { headers, signal: hangUp.signal })
  const heard = { text: '', ended: false, status: answer.status, type: answer.headers.get('content-type') }
  const reading = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) heard.text += decoder.decode(chunk, { stream: true })
    heard.ended = true
  }
  reading().catch(() => {})
  return {
    heard,
    changes: (): LiveChange[] =>
      [...heard.text.matchAll(/^data: (\{"kind.*)$/gm)].map(
        (match) => JSON.parse(match[1] ?? '') as LiveChange,
      ),
    close: () => hangUp.abort(),
  }
}
const asPerson = (person: TestPerson) => listen({ cookie: person.cookie })
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 25_000, interval: 20 })

/** Something everybody who listens here may see, after everything before it: what was to come has come. */
const fence = async (
  streams: readonly { changes: () => LiveChange[] }[],
  by: TestPerson,
): Promise<string> => {
  const { id } = await by.api.raiseIncident({ body: { title: 'A fence' } })
  await until(() => {
    for (const stream of streams) expect(stream.changes().map((change) => change.id)).toContain(id)
  })
  return id
}

describe('A11: the live stream', () => {
  test('A11: of somebody whose role asks for a second factor from now on ends, and is not opened again', async () => {
    const iris = await stage.harbor.person('Irene', 'approver')
    const stream = await asPerson(iris)
    await fence([await asPerson(stage.people.lead)], stage.people.lead)
    expect(stream.heard.ended).toBe(false)
    const { rows } = await stage.people.admin.api.listRoles()
    const roleIds = rows.filter(({ key }) => key === 'approver').map(({ id }) => id)
    const { version, document } = await stage.people.admin.api.readPolicy({ params: { kind: 'security' } })
    const publish = (change: object, basedOn: number) =>
      stage.people.admin.api.publishPolicy({
        params: { kind: 'security' },
        body: { document: { ...Object(document), ...change }, note: 'test', basedOn },
      })
    const published = await publish({ secondFactor: { roleIds, counts: ['totp'] } }, version)
    await until(() => expect(stream.heard.ended).toBe(true))
    expect((await asPerson(iris)).heard.status).toBe(403)
    await publish({}, published.version)
  })
  test('A11: says that the journal has grown to those who read it, and never by what', async () => {
    const { people } = stage
    const streams = [await asPerson(people.r1), await asPerson(people.agent), await asPerson(people.admin)]
    const [rita, amir, ada] = streams
    await fence(streams.slice(1), people.agent)
    const told = (stream: (typeof streams)[number] | undefined): string[] =>
      [...(stream?.heard.text.matchAll(/^event: journal\ndata: (.*)$/gm) ?? [])].map(
        (match) => match[1] ?? '',
      )
    await until(() => expect(told(ada).length).toBeGreaterThan(0))
    expect(new Set(told(ada))).toEqual(new Set(['{}']))
    expect([told(rita), told(amir)]).toEqual([[], []])
    for (const stream of streams) stream.close()
  })

  test('A11: what becomes of an item is told to who sees every item, and not to who sees none', async () => {
    const { people } = stage
    const [rita, ada] = [await asPerson(people.r1), await asPerson(people.admin)]
    const { id } = await people.maker.api.createItem({ body: { class: 'server', name: canaries.team } })
    await until(() =>
      expect(ada.changes()).toContainEqual({ kind: 'item', id, type: 'item.created', version: null }),
    )
    await fence([rita], people.r1)
    expect(rita.changes().map(({ kind }) => kind)).not.toContain('item')
    for (const stream of [rita, ada]) stream.close()
  })

  test('A11: tells nobody anything of another tenant, and nobody anything out of reach', async () => {
    const { people, networkServiceId, mailServiceId } = stage
    const [rita, amir] = [await asPerson(people.r1), await asPerson(people.agent)]
    const foreign = await foreignThings(stage)
    const own = await people.r1.api.raiseIncident({
      body: { title: canaries.own, serviceId: networkServiceId },
    })
    const other = await people.third.api.raiseIncident({
      body: { title: canaries.other, serviceId: mailServiceId },
    })
    const confidential = await people.third.api.raiseIncident({
      body: { title: canaries.confidential, serviceId: mailServiceId, confidential: true },
    })
    await people.mailAgent.api.commentIncident({
      params: { id: confidential.id },
      body: { audience: 'team', body: canaries.confidential },
    })
    await people.agent.api.commentIncident({
      params: { id: own.id },
      body: { audience: 'team', body: canaries.internal },
    })
    const last = await fence([rita, amir], people.r1)
    expect(new Set(rita.changes().map((change) => change.id))).toEqual(new Set([own.id, last]))
    expect(rita.changes().map((change) => change.type)).not.toContain('incident.noted')
    const amirHeard = new Set(amir.changes().map((change) => change.id))
    expect(amirHeard).toEqual(new Set([own.id, other.id, last]))
    expect(amir.changes().map((change) => change.type)).toContain('incident.noted')
    for (const stream of [rita, amir]) {
      for (const word of Object.values(canaries)) expect(stream.heard.text).not.toContain(word)
      expect(stream.heard.text).not.toContain(foreign.tenantId)
      stream.close()
    }
  })
  test('A11: is not for strangers, dead sessions and made-up ones', async () => {
    for (const headers of [{}, { cookie: 'evenkeel=made-up' }, { authorization: 'Bearer ek_made-up' }])
      expect((await listen(headers)).heard.status).toBe(401)
  })
  test('A11: ends when its session does, and nothing comes after that', async () => {
    const { people, harbor } = stage
    const person = await harbor.person('Ines', 'agent')
    const [ending, staying] = [await asPerson(person), await asPerson(people.agent)]
    await fence([ending, staying], people.r1)
    await people.maker.api.endSessionsOf({ params: { id: person.id } })
    await until(() => expect(ending.heard.ended).toBe(true))
    const heard = ending.heard.text
    await fence([staying], people.r1)
    expect(ending.heard.text).toBe(heard)
    staying.close()
  })
  test('A11: ends for a key that is revoked and a person who is deactivated', async () => {
    const { people, harbor, world } = stage
    const person = await harbor.person('Kari', 'agent')
    const { id, secret } = await person.api.createApiKey({
      body: {
        name: 'listens',
        permissions: ['incident.read'],
        expiresAt: new Date(Date.parse(world.clock.now()) + 3_600_000).toISOString(),
      },
    })
    const byKey = await listen({ authorization: `Bearer ${secret}` })
    const bySession = await asPerson(person)
    await fence([byKey, bySession], people.r1)
    await person.api.revokeApiKey({ params: { id } })
    await until(() => expect(byKey.heard.ended).toBe(true))
    expect(bySession.heard.ended).toBe(false)
    await people.maker.api.editPerson({ params: { id: person.id }, body: { isActive: false }, version: 1 })
    await until(() => expect(bySession.heard.ended).toBe(true))
  })
  test('A11: follows the role: what it no longer reaches is not told, in the same connection', async () => {
    const { people, harbor } = stage
    const person = await harbor.person('Rolle', 'agent', 'requester')
    const [narrowing, wide] = [await asPerson(person), await asPerson(people.agent)]
    await fence([narrowing, wide], people.r1)
    const { rows } = await people.maker.api.listRoles()
    await people.maker.api.takeRole({
      params: { id: person.id, roleId: rows.find((role) => role.key === 'agent')?.id ?? '' },
    })
    const hidden = await people.r1.api.raiseIncident({ body: { title: 'After the role' } })
    await until(() => expect(wide.changes().map((change) => change.id)).toContain(hidden.id))
    const mine = await person.api.raiseIncident({ body: { title: 'Still mine' } })
    await until(() => expect(narrowing.changes().map((change) => change.id)).toContain(mine.id))
    expect(narrowing.changes().map((change) => change.id)).not.toContain(hidden.id)
    narrowing.close()
    wide.close()
  })
  test('A11: resuming replays nothing that the reader may not see now', async () => {
    const { people } = stage
    const [amir, rita] = [await asPerson(people.agent), await asPerson(people.r1)]
    await fence([amir, rita], people.r1)
    const lastId = [...amir.heard.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? ''
    const hidden = await people.third.api.raiseIncident({ body: { title: 'Meanwhile' } })
    await fence([amir, rita], people.r1)
    // A position is no secret and no right: r1 resumes from the agent's.
    const resumed = await listen({ cookie: people.r1.cookie, 'last-event-id': lastId })
    const elsewhere = await listen({ cookie: people.curious.cookie, 'last-event-id': lastId })
    await fence([resumed], people.r1)
    expect(resumed.changes().map((change) => change.id)).not.toContain(hidden.id)
    expect(elsewhere.heard.status).toBe(200)
    expect(elsewhere.changes()).toEqual([])
    for (const stream of [amir, rita, resumed, elsewhere]) stream.close()
  })
})

describe('A14: what moves out of reach', () => {
  test('A14: an incident made confidential is gone for everybody but its people, on every path at once', async () => {
    const { people, mailServiceId } = stage
    const { id } = await people.third.api.raiseIncident({
      body: { title: 'Zebra affair', serviceId: mailServiceId },
    })
    const [amir, mona] = [await asPerson(people.agent), await asPerson(people.mailAgent)]
    await until(async () => {
      expect((await people.agent.api.readIncident({ params: { id } })).title).toBe('Zebra affair')
    })
    await people.agent.api.watchIncident({ params: { id }, body: {} })
    const { version } = await people.mailAgent.api.readIncident({ params: { id } })
    await people.mailAgent.api.editIncident({ params: { id }, body: { confidential: true }, version })
    // No waiting: the answer to the edit is the moment from which on it is out of reach.
    for (const person of [people.agent, people.lead, people.auditor, people.admin]) {
      expect(await statusOf(person.api.readIncident({ params: { id } }))).toBe(404)
      expect(await statusOf(person.api.incidentTimeline({ params: { id } }))).toBe(404)
      const list = await person.api.listIncidents({ query: { q: 'Zebra' } })
      expect(list.rows).toEqual([])
      expect((await person.api.countIncidents({ query: { q: 'Zebra' } })).count).toBe(0)
      const exported = await stage.send(
        { ...stage.visitors.admin, headers: () => ({ cookie: person.cookie }) },
        { method: 'GET', url: '/api/v1/incidents/export?q=Zebra' },
      )
      expect(exported.payload).not.toContain('Zebra')
    }
    expect((await people.agent.api.similarIncidents({ query: { title: 'Zebra affair' } })).incidents).toEqual(
      [],
    )
    const edited = await people.mailAgent.api.readIncident({ params: { id } })
    await people.mailAgent.api.editIncident({
      params: { id },
      body: { category: 'after' },
      version: edited.version,
    })
    await fence([amir, mona], people.r1)
    const told = (stream: { changes: () => LiveChange[] }) =>
      stream.changes().filter((change) => change.id === id && (change.version ?? 0) > version)
    expect(told(mona).length).toBeGreaterThan(0)
    expect(told(amir)).toEqual([])
    amir.close()
    mona.close()
  })
  test('A14: a confidential one that goes to another team is gone for the team it leaves', async () => {
    const { people, mailServiceId, networkId } = stage
    const { id } = await people.third.api.raiseIncident({
      body: { title: 'Quokka affair', serviceId: mailServiceId, confidential: true },
    })
    const [mona, amir] = [await asPerson(people.mailAgent), await asPerson(people.agent)]
    expect(await statusOf(people.agent.api.readIncident({ params: { id } }))).toBe(404)
    const { version } = await people.mailAgent.api.readIncident({ params: { id } })
    await people.mailAgent.api.assignIncident({ params: { id }, body: { teamId: networkId }, version })
    expect(await statusOf(people.mailAgent.api.readIncident({ params: { id } }))).toBe(404)
    expect((await people.mailAgent.api.listIncidents({ query: { q: 'Quokka' } })).rows).toEqual([])
    expect((await people.agent.api.readIncident({ params: { id } })).title).toBe('Quokka affair')
    await people.agent.api.commentIncident({ params: { id }, body: { audience: 'team', body: 'ours now' } })
    await fence([mona, amir], people.r1)
    const noted = (stream: { changes: () => LiveChange[] }) =>
      stream.changes().filter((change) => change.id === id && change.type === 'incident.noted').length
    expect([noted(mona), noted(amir)]).toEqual([0, 1])
    mona.close()
    amir.close()
  })
  test('A14: who leaves a team leaves its confidential incidents', async () => {
    const { people, harbor, networkId, networkServiceId } = stage
    const leaver = await harbor.person('Lea Leaves', 'agent')
    await people.maker.api.setTeamMember({
      params: { id: networkId, personId: leaver.id },
      body: { isLead: false },
    })
    const { id } = await people.third.api.raiseIncident({
      body: { title: 'Okapi affair', serviceId: networkServiceId, confidential: true },
    })
    expect((await leaver.api.readIncident({ params: { id } })).title).toBe('Okapi affair')
    await people.maker.api.removeTeamMember({ params: { id: networkId, personId: leaver.id } })
    expect(await statusOf(leaver.api.readIncident({ params: { id } }))).toBe(404)
    expect((await leaver.api.listIncidents({ query: { q: 'Okapi' } })).rows).toEqual([])
  })
})

const statusOf = async (call: Promise<unknown>): Promise<number> => {
  try {
    await call
    return 200
  } catch (error) {
    return error instanceof Error && 'status' in error ? Number(error.status) : 0
  }
}
