import type {
  AssignIncident,
  IncidentState,
  IncidentView,
  MoveIncident,
  RaiseIncident,
  TimelineItem,
} from '@evenkeel/contract/incident'
import type { Permission, Scope } from '@evenkeel/contract/permission'
import type { z } from 'zod'
import { uuidv7 } from '../src/kernel/uuid.ts'
import { write } from '../src/platform/journal/write.ts'
import type { TestPerson, World } from './world.ts'

type Draft = Partial<z.input<typeof RaiseIncident>>

export type Cast = Awaited<ReturnType<typeof castOf>>

/**
 * The people incidents happen to and the people who work on them, in a tenant of their own: Rita and Otto call; Amir is in Mail, Nora
 * and Lena (who leads) are in Network; nobody is in the Service desk, where everything arrives that no service claims.
 */
export const castOf = async (world: World, slug: string) => {
  const tenant = await world.tenant(slug)
  const [rita, otto, amir, nora, lena] = [
    await tenant.person('Rita', 'requester'),
    await tenant.person('Otto', 'requester'),
    await tenant.person('Amir', 'agent'),
    await tenant.person('Nora', 'agent'),
    await tenant.person('Lena', 'team_lead'),
  ]
  const mailId = await tenant.team('Mail', amir)
  const networkId = await tenant.team('Network', nora, lena)
  /** Somebody with a role made for the case. */
  const personWith = async (
    name: string,
    permissions: Partial<Record<Permission, Scope>>,
  ): Promise<TestPerson> => {
    const person = await tenant.person(name)
    const roleId = uuidv7()
    await write(world.database, tenant.author(), async (tx) => {
      tx.insert('role', {
        tenant_id: tx.tenantId,
        id: roleId,
        key: `for_${name.toLowerCase()}`,
        name,
      })
      for (const [permission, scope] of Object.entries(permissions))
        tx.insert('role_permission', { tenant_id: tx.tenantId, role_id: roleId, permission, scope })
      tx.insert('person_role', { tenant_id: tx.tenantId, person_id: person.id, role_id: roleId })
      tx.journal({ type: 'role.created', subject: { kind: 'role', id: roleId }, data: {} })
    })
    return person
  }
  const read = (id: string, by: TestPerson = lena): Promise<IncidentView> =>
    by.api.readIncident({ params: { id } })
  const raise = (by: TestPerson = rita, draft: Draft = {}) =>
    by.api.raiseIncident({ body: { title: 'The printer is on fire', ...draft } })
  /** A move by somebody who looks at the incident as it is now. */
  const move = async (by: TestPerson, id: string, body: MoveIncident) =>
    by.api.moveIncident({ params: { id }, body, version: (await read(id, by)).version })
  const assign = async (by: TestPerson, id: string, body: AssignIncident) =>
    by.api.assignIncident({ params: { id }, body, version: (await read(id, by)).version })
  const timeline = async (id: string, by: TestPerson = lena): Promise<TimelineItem[]> =>
    (await by.api.incidentTimeline({ params: { id }, query: { limit: 200 } })).items
  /** Raises an incident of Rita's and takes it into a state, with Amir at work. */
  const inState = async (state: IncidentState, draft: Draft = {}): Promise<string> => {
    const { id } = await raise(rita, draft)
    if (state === 'new') return id
    if (state === 'canceled') {
      await move(lena, id, { action: 'cancel', reason: 'not_an_incident' })
      return id
    }
    await assign(amir, id, { personId: amir.id })
    await move(amir, id, { action: 'start' })
    if (state === 'on_hold') await move(amir, id, { action: 'hold', reason: 'parts' })
    if (state === 'resolved' || state === 'closed')
      await move(amir, id, { action: 'resolve', code: 'fixed', notes: 'Put it out.' })
    if (state === 'closed') await move(rita, id, { action: 'confirm' })
    return id
  }
  return {
    tenant,
    rita,
    otto,
    amir,
    nora,
    lena,
    mailId,
    networkId,
    personWith,
    read,
    raise,
    move,
    assign,
    timeline,
    inState,
  }
}

/** The code of the refusal that a call ends in; 'none' when it is not refused. */
export const refusalOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
    return 'none'
  } catch (error) {
    return error instanceof Error && 'body' in error ? (error.body as { code: string }).code : String(error)
  }
}
