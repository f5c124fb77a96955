import { addressOf } from '@evenkeel/contract/client'
import type { Route } from '@evenkeel/contract/route'
import { routeMatrix, type Given, type Line } from './route-matrix.ts'
import type { Stage, Thing } from './stage.ts'
import { hasPlace, makersOf, nobody, type Kind } from './things.ts'

/** A request of the matrix's smallest kind, to be bent by the tests that send it. */
export type Request = {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: Record<string, unknown> | undefined
}

/** Makes what the matrix names, and requests that the right person gets through with. */
export const knocker = async (stage: Stage) => {
  const make = makersOf(stage)
  const { id: incidentId } = await stage.people.maker.api.raiseIncident({ body: { title: 'A parent' } })
  let n = 0
  const given = (id: string): Given => ({
    n: (n += 1),
    id,
    agentId: stage.people.agent.id,
    r1Id: stage.people.r1.id,
    deskId: stage.harbor.deskId,
    networkId: stage.networkId,
    incidentId,
    itemId: nobody,
    inAnHour: new Date(Date.parse(stage.world.clock.now()) + 3_600_000).toISOString(),
  })
  const things = new Map<Kind, Thing>()
  const own = async (kind: Kind | undefined): Promise<Thing> => {
    if (kind === undefined || !hasPlace(kind, 'own')) return { params: {}, version: 1 }
    const thing = things.get(kind) ?? (await make[kind]('own', stage.visitors.admin))
    things.set(kind, thing)
    return thing
  }
  return async (name: string, route: Route): Promise<Request> => {
    const line: Line = routeMatrix[name] ?? { codes: '' }
    const { params, version } = await own(line.at)
    const facts = given(params['id'] ?? '')
    return {
      method: route.method,
      url: addressOf(route, { ...line.params, ...params }, line.query?.(facts)),
      headers: route.versioned === true ? { 'if-match': `"${version}"` } : {},
      body: line.send?.(facts),
    }
  }
}
