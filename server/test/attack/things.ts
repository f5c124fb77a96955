import { uuidv7 } from '../../src/kernel/uuid.ts'
import { read } from '../../src/platform/postgres/database.ts'
import { clientFor, type TestPerson } from '../world.ts'
import { canaries, type Place, type Stage, type Thing, type Visitor } from './stage.ts'

/** What the parameters of a route name. */
export type Kind =
  | 'incident'
  | 'person'
  | 'keyholder'
  | 'member'
  | 'holder'
  | 'team'
  | 'service'
  | 'role'
  | 'field'
  | 'view'
  | 'session'
  | 'key'
  | 'passkey'
  | 'watcher'
  | 'affected'
  | 'link'
  | 'template'
  | 'macro'
  | 'reply'
  | 'bulk'
  | 'itemBulk'
  | 'item'
  | 'file'
  | 'notification'
  | 'mail'
  | 'entry'
  | 'import'
  | 'configured'
  | 'related'
  | 'conflict'
  | 'branch'
  | 'planned'
  | 'attestation'
  | 'audit'
  | 'named'

export const nobody = '00000000-0000-7000-8000-000000000000'

type Where = 'own' | 'other' | 'confidential'
type Maker = (where: Where, visitor: Visitor) => Promise<Thing>

const thing = (id: string, version = 1, more: Record<string, string> = {}): Thing => ({
  params: { id, ...more },
  version,
})

/** Makes one thing of a kind, fresh, in one's own group or another; what has no confidential form says so by null. */
export const makersOf = (stage: Stage): Readonly<Record<Kind, Maker>> => {
  const { harbor, people, networkId, mailId, networkServiceId, mailServiceId, world } = stage
  let count = 0
  const next = (): number => (count += 1)

  /** A session that nothing under test has ended. */
  const anew = async (person: TestPerson, tenant = harbor): Promise<TestPerson['api']> =>
    clientFor(world.app, { cookie: await tenant.signIn(person.id) })
  const deskOf = (where: Where): TestPerson => (where === 'own' ? people.maker : people.mailAgent)
  const incident: Maker = async (where) => {
    const word = canaries[where]
    const body = {
      title: `Printer ${word}`,
      description: word,
      serviceId: where === 'own' ? networkServiceId : mailServiceId,
      confidential: where === 'confidential',
    }
    const { id, version } = await (where === 'own'
      ? people.maker.api.raiseIncident({ body: { ...body, requesterId: people.r1.id } })
      : people.third.api.raiseIncident({ body }))
    const note = where === 'own' ? canaries.internal : `${word} ${canaries.internal}`
    await deskOf(where).api.commentIncident({ params: { id }, body: { audience: 'team', body: note } })
    return thing(id, version)
  }
  const configured = async (where: Where, tag?: string): Promise<string> => {
    const values = {
      support_team: where === 'own' ? networkId : mailId,
      ...(tag === undefined ? {} : { asset_tag: tag }),
    }
    const body = { class: 'server', name: `${canaries.team} ${next()}`, values }
    return (await people.maker.api.createItem({ body })).id
  }
  const branch = async (): Promise<string> => {
    const body = {
      name: `${canaries.team} ${next()}`,
      startsAt: '2030-01-06T02:00:00Z',
      endsAt: '2030-01-06T04:00:00Z',
    }
    return (await people.maker.api.createBranch({ body })).id
  }
  const newPerson = (where: Where): Promise<TestPerson> =>
    harbor.person(`Paul ${where} ${next()}`, 'requester')
  const keyBy = async (person: TestPerson, tenant = harbor): Promise<string> => {
    const expiresAt = new Date(Date.parse(world.clock.now()) + 86_400_000).toISOString()
    const body = { name: 'k', permissions: ['incident.read' as const], expiresAt }
    return (await (await anew(person, tenant)).createApiKey({ body })).id
  }
  const incidentWith = async (
    where: Where,
    act: (id: string, by: TestPerson) => Promise<unknown>,
    personId: string,
  ) => {
    const { params, version } = await incident(where, stage.visitors.stranger)
    const id = params['id'] ?? ''
    await act(id, deskOf(where))
    return thing(id, version, { personId })
  }
  return {
    incident,
    person: async (where) => thing((await newPerson(where)).id),
    keyholder: async (where) => {
      const person = await newPerson(where)
      return thing(person.id, 1, { keyId: await keyBy(person) })
    },
    /** A team with a member that can be removed. */
    member: async (where) => {
      const person = await newPerson(where)
      const id = await harbor.team(`Team ${next()}`, person)
      return thing(id, 1, { personId: person.id })
    },
    /** A person with a role that can be taken. */
    holder: async (where) => {
      const person = await newPerson(where)
      const { rows } = await people.maker.api.listRoles()
      return thing(person.id, 1, { roleId: rows.find((role) => role.key === 'requester')?.id ?? nobody })
    },
    team: async (where) => thing(where === 'own' ? networkId : mailId),
    service: async (where) =>
      thing(await harbor.service(`Service ${next()}`, where === 'own' ? networkId : mailId)),
    configured: async (where) => thing(await configured(where)),
    related: async (where) => {
      const [id, toId] = [await configured(where), await configured(where)]
      const relation = await people.maker.api.relateItem({ params: { id }, body: { type: 'runs_on', toId } })
      return thing(id, 1, { relationId: relation.id })
    },
    branch: async () => thing(await branch()),
    planned: async (where) => {
      const id = await branch()
      const itemId = await configured(where)
      const { stepId } = await people.maker.api.addBranchStep({
        params: { id },
        body: { kind: 'down', itemId, reason: canaries.team },
      })
      return thing(id, 2, { stepId })
    },
    attestation: async (where) => {
      const itemId = await configured(where, `A-${next()}`)
      const { name } = await people.maker.api.readItem({ params: { id: itemId } })
      const body = {
        name: `${canaries.team} ${next()}`,
        filter: `name:"${name}"`,
        dueAt: '2100-01-01T00:00:00.000Z',
      }
      return thing((await people.maker.api.openAttestation({ body })).id)
    },
    audit: async (where) => {
      const itemId = await configured(where, `A-${next()}`)
      const placeId = (
        await people.maker.api.createItem({
          body: { class: 'location', name: `${canaries.team} ${next()}`, values: {} },
        })
      ).id
      await people.maker.api.editItem({
        params: { id: itemId },
        version: 1,
        body: { values: { location: placeId } },
      })
      const body = { name: `${canaries.team} ${next()}`, placeId }
      return thing((await people.maker.api.openAudit({ body })).id)
    },
    conflict: async (where) => {
      const tag = `T-${next()}`
      await configured(where, tag)
      await configured(where, tag)
      const items = [{ externalId: tag, class: 'server', name: tag, values: { asset_tag: tag } }]
      await people.maker.api.putItemsBySource({ params: { source: 'scan' }, body: { items } })
      const { conflicts } = await people.maker.api.listItemConflicts()
      return thing(conflicts.find(({ externalId }) => externalId === tag)?.id ?? nobody)
    },
    role: async () => {
      const { id, version } = await people.maker.api.createRole({
        body: { key: `role_${inLetters(next())}`, name: `Role ${count}`, permissions: [] },
      })
      return thing(id, version)
    },
    field: async () => {
      const { id, version } = await people.maker.api.createCustomField({
        body: { key: `field_${next()}`, label: `${canaries.team} ${count}`, type: 'text', isInternal: true },
      })
      return thing(id, version)
    },
    view: async (where) => {
      const owner = await anew(where === 'own' ? people.r1 : people.third)
      const { id, version } = await owner.createView({
        body: { name: `${canaries[where]} ${next()}`, filter: { all: [] } },
      })
      return thing(id, version)
    },
    session: async (where, visitor) => {
      const owner = where === 'own' ? (visitor.personId ?? people.r1.id) : people.third.id
      const tenant = where === 'own' && visitor.name === 'elsewhere' ? stage.distant : harbor
      await tenant.signIn(owner)
      return read(world.database, tenant.id, async (q) => {
        const row = await q.one<{ id: string }>({
          text: 'select id from session where tenant_id = $1 and person_id = $2 order by id desc limit 1',
          values: [tenant.id, owner],
        })
        return thing(row.id)
      })
    },
    key: async (where, visitor) => {
      const owner = Object.values(people).find((person) => person.id === visitor.personId)
      return where === 'own' && visitor.name === 'elsewhere'
        ? thing(await keyBy(people.curious, stage.distant))
        : thing(await keyBy(where === 'own' ? (owner ?? people.r1) : people.third))
    },
    passkey: async () => thing(uuidv7()),
    watcher: (where) =>
      incidentWith(
        where,
        (id, by) => by.api.watchIncident({ params: { id }, body: { personId: people.mailAgent.id } }),
        people.mailAgent.id,
      ),
    affected: (where) =>
      incidentWith(
        where,
        (id, by) => by.api.addAffected({ params: { id }, body: { personId: people.mailAgent.id } }),
        people.mailAgent.id,
      ),
    template: async () => {
      const { id, version } = await people.maker.api.createTemplate({
        body: {
          kind: 'quick_reply',
          name: `${canaries.team} ${next()}`,
          document: { audience: 'public', body: canaries.team },
        },
      })
      return thing(id, version)
    },
    macro: async (where, visitor) => {
      const { params, version } = await incident(where, visitor)
      const macro = await people.maker.api.createTemplate({
        body: {
          kind: 'macro',
          name: `Macro ${next()}`,
          document: { steps: [{ do: 'comment', audience: 'team', body: canaries.team }] },
        },
      })
      return thing(params['id'] ?? '', version, { macroId: macro.id })
    },
    reply: async (where, visitor) => {
      const { params, version } = await incident(where, visitor)
      const reply = await people.maker.api.createTemplate({
        body: {
          kind: 'quick_reply',
          name: `Reply ${next()}`,
          document: { audience: 'public', body: canaries.team },
        },
      })
      return thing(params['id'] ?? '', version, { replyId: reply.id })
    },
    bulk: async (_, visitor) => {
      const { params } = await incident('own', visitor)
      const { id } = await people.maker.api.startBulk({
        body: {
          ids: [params['id'] ?? ''],
          steps: [{ do: 'comment', audience: 'team', body: canaries.team }],
        },
      })
      return thing(id)
    },
    itemBulk: async (where) => {
      const { id } = await people.maker.api.startItemBulk({
        body: { ids: [await configured(where)], change: { do: 'set', values: { os: canaries.team } } },
      })
      return thing(id)
    },
    file: async (where, visitor) => {
      const { params } = await incident(where, visitor)
      const { payload } = await world.app.inject({
        method: 'POST',
        url: `/api/v1/incidents/${params['id']}/attachments?name=${canaries[where]}.txt&audience=team`,
        headers: { cookie: deskOf(where).cookie, 'content-type': 'application/octet-stream' },
        payload: canaries[where],
      })
      const { id } = JSON.parse(payload) as { id: string }
      return thing(id)
    },
    notification: async (where, visitor) => {
      const mine = where === 'own' && visitor.personId !== null && visitor.name !== 'elsewhere'
      const id = uuidv7()
      await world.asAdmin(
        `insert into notification (tenant_id, id, person_id, entry_id, event_id, entry_type, kind, rule, reason, policy_version, is_internal, in_application, created_at)
         values ('${harbor.id}', '${id}', '${mine ? visitor.personId : people.third.id}', '${id}', '${id}', 'incident.assigned', 'assigned', 'r', 'because', 0, false, true, now())`,
      )
      return thing(id)
    },
    mail: async () => {
      const person = { name: `Pat ${next()}`, email: `pat.${next()}@harbor.test` }
      const { id } = await people.maker.api.createPerson({ body: person })
      return read(world.database, harbor.id, async (q) => {
        const row = await q.one<{ id: string }>({
          text: 'select id from outbound_mail where tenant_id = $1 and person_id = $2',
          values: [harbor.id, id],
        })
        return thing(row.id)
      })
    },
    import: async () => {
      const { payload } = await world.app.inject({
        method: 'POST',
        url: `/api/v1/imports?name=${canaries.team}.csv`,
        headers: { cookie: await harbor.signIn(people.admin.id), 'content-type': 'application/octet-stream' },
        payload: `Nr,Word\n1,${canaries.team}\n`,
      })
      const { id } = JSON.parse(payload) as { id: string }
      return thing(id)
    },
    entry: async () => ({ params: { reaction: 'tell_people', entryId: uuidv7() }, version: 1 }),
    item: async (where, visitor) => {
      const { params, version } = await incident(where, visitor)
      const id = params['id'] ?? ''
      const text = where === 'own' ? canaries.internal : `${canaries[where]} ${canaries.internal}`
      const { items } = await deskOf(where).api.addToChecklist({ params: { id }, body: { items: [text] } })
      return thing(id, version, { itemId: items[0]?.id ?? nobody })
    },
    named: async (where, visitor) => {
      const { params, version } = await incident(where, visitor)
      const [id, itemId] = [params['id'] ?? '', await configured('own')]
      await deskOf(where).api.nameIncidentItem({ params: { id, itemId }, body: { effect: 'involved' } })
      return thing(id, version, { itemId })
    },
    link: async (where, visitor) => {
      const [from, to] = [await incident(where, visitor), await incident(where, visitor)]
      await deskOf(where).api.linkIncident({
        params: { id: from.params['id'] ?? '' },
        body: { type: 'related', toId: to.params['id'] ?? '' },
      })
      return thing(from.params['id'] ?? '', from.version, { type: 'related', toId: to.params['id'] ?? '' })
    },
  }
}

// Role keys have no digits.
export const inLetters = (n: number): string =>
  Array.from(String(n), (digit) => 'abcdefghij'.charAt(Number(digit))).join('')

export const hasPlace = (kind: Kind, place: Place): boolean =>
  place !== 'confidential' ||
  ['incident', 'watcher', 'affected', 'link', 'macro', 'reply', 'item', 'named', 'file'].includes(kind)
