import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LightMyRequestResponse } from 'fastify'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { Route } from '@evenkeel/contract/route'
import { foreignThings } from './foreign.ts'
import { routeMatrix, shownBy, signOf, wordsOf, type Given, type Line } from './route-matrix.ts'
import {
  hashOfTenant,
  places,
  setStage,
  visitorNames,
  type Place,
  type Stage,
  type Thing,
  type Visitor,
} from './stage.ts'
import { hasPlace, makersOf, nobody, type Kind } from './things.ts'

// Attack test A1: every route meets every kind of visitor at everything they may and may not have. The routes come from the contract,
// what is expected from route-matrix.ts, and neither can grow without the other.

let stage: Stage
let make: ReturnType<typeof makersOf>
let theirs: Readonly<Record<Kind, Thing>>
let before: Record<string, string>
let incidentId: string
let itemId: string
let count = 0

beforeAll(async () => {
  stage = await setStage()
  make = makersOf(stage)
  const foreign = await foreignThings(stage)
  theirs = foreign.things
  incidentId = (await stage.people.admin.api.raiseIncident({ body: { title: 'A parent' } })).id
  const other = { class: 'server', name: 'Another' }
  itemId = (await stage.people.maker.api.createItem({ body: other })).id
  await stage.world.app.listen({ port: 0, host: '127.0.0.1' })
  // Everything is there before anybody lists anything.
  for (const kind of Object.keys(make) as Kind[])
    for (const place of ['own', 'other', 'confidential'] as const)
      if (hasPlace(kind, place)) await thingAt(stage.visitors.r1, kind, place)
  before = await hashOfTenant(stage.world, foreign.tenantId)
  afterwards = () => hashOfTenant(stage.world, foreign.tenantId)
})
let afterwards: () => Promise<Record<string, string>>
afterAll(() => stage.end())

const changes = (route: Route): boolean => route.method !== 'GET'
/** Routes about the session they are called with end it, change it or prove it. */
const usesUpSession = (route: Route): boolean =>
  changes(route) &&
  (/^\/(me|session)\b/.test(route.path) || route.recentSignIn === true || route.sessionOnly === true)

// What ends sessions comes last, so that everything before it is visited by people who are signed in.
const routes: readonly (readonly [string, Route])[] = Object.entries(api).sort(
  ([, one], [, other]) => Number(usesUpSession(one)) - Number(usesUpSession(other)),
)

const givenFor = (id: string): Given => ({
  n: (count += 1),
  id,
  agentId: stage.people.agent.id,
  r1Id: stage.people.r1.id,
  deskId: stage.harbor.deskId,
  networkId: stage.networkId,
  incidentId,
  itemId,
  inAnHour: new Date(Date.parse(stage.world.clock.now()) + 3_600_000).toISOString(),
})

const knock = (visitor: Visitor, route: Route, line: Line, { params, version }: Thing) => {
  const given = givenFor(params['id'] ?? '')
  return stage.send(visitor, {
    method: route.method,
    url: addressOf(route, { ...line.params, ...params }, line.query?.(given)),
    headers: route.versioned === true ? { 'if-match': `"${version}"` } : {},
    ...(line.send === undefined ? {} : { body: line.send(given) }),
    ...(line.file === undefined ? {} : { file: line.file }),
  })
}

/** The stream never ends by itself, so it is asked for over a socket and hung up on. */
const knockAtStream = async (visitor: Visitor, route: Route): Promise<string> => {
  const address = stage.world.app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const hangUp = new AbortController()
  const answer = await fetch(`http://127.0.0.1:${port}${addressOf(route)}`, {
    headers: visitor.headers(),
    signal: hangUp.signal,
  })
  hangUp.abort()
  return signOf(answer.status)
}

const essence = (answer: LightMyRequestResponse): unknown => {
  const { date: _, 'x-request-id': request, ...headers } = answer.headers
  return {
    status: answer.statusCode,
    headers,
    body: answer.payload.replaceAll(String(request), ''),
  }
}

/** What one visitor gets from one route at each place, and what is wrong besides the codes. */
const visit = async (
  visitor: Visitor,
  route: Route,
  line: Line,
): Promise<{ word: string; faults: string[] }> => {
  const faults: string[] = []
  if (route.media?.answer === 'text/event-stream')
    return { word: await knockAtStream(visitor, route), faults }
  const answers = new Map<Place, LightMyRequestResponse>()
  let word = ''
  for (const place of line.at === undefined ? (['own'] as const) : places) {
    if (line.at !== undefined && !hasPlace(line.at, place)) {
      word += '-'
      continue
    }
    if (usesUpSession(route)) await visitor.renew()
    const target = line.at === undefined ? noThing : await thingAt(visitor, line.at, place)
    const answer = await knock(visitor, route, line, target)
    if (changes(route) && answer.statusCode < 300) used(line.at, place, visitor)
    answers.set(place, answer)
    word += signOf(answer.statusCode)
    const leaked = stage
      .leaks(visitor.name, answer)
      .filter((canary) => line.everything !== true || canary === 'foreign' || answer.statusCode >= 300)
    if (leaked.length > 0) faults.push(`${visitor.name} at ${place} reads ${leaked.join(', ')}`)
  }
  const missing = answers.get('missing')
  if (missing !== undefined) {
    for (const [place, answer] of answers) {
      if (place !== 'foreign' && answer.statusCode !== 404) continue
      if (JSON.stringify(essence(answer)) !== JSON.stringify(essence(missing)))
        faults.push(`${visitor.name} can tell ${place} from nonexistent`)
    }
  }
  return { word, faults }
}

const noThing: Thing = { params: {}, version: 1 }
const made = new Map<string, Thing>()
const slot = (kind: Kind | undefined, place: Place, visitor: Visitor): string =>
  kind === 'session' || kind === 'key' || kind === 'notification'
    ? `${kind} ${place} ${visitor.name}`
    : `${kind} ${place}`
const used = (kind: Kind | undefined, place: Place, visitor: Visitor): void =>
  void made.delete(slot(kind, place, visitor))
const thingAt = async (visitor: Visitor, kind: Kind, place: Place): Promise<Thing> => {
  if (place === 'foreign') return theirs[kind]
  const name = slot(kind, place === 'missing' ? 'own' : place, visitor)
  let thing = made.get(name)
  if (thing === undefined) {
    thing = await make[kind](place === 'other' || place === 'confidential' ? place : 'own', visitor)
    made.set(name, thing)
  }
  if (place !== 'missing') return thing
  const params = Object.keys(thing.params).map((key) => [
    key,
    key === 'type' ? 'related' : key === 'reaction' ? 'tell_people' : nobody,
  ])
  return { params: Object.fromEntries(params), version: 1 }
}

describe('A1: every route, every visitor', () => {
  test('A1: every route of the contract is served and has its line, and no line is left over', () => {
    const names = routes.map(([name]) => name)
    const lacking = names.filter((name) => routeMatrix[name] === undefined)
    expect(
      lacking.map((name) => `add to route-matrix.ts: ${name}: { codes: '' } and let this test say the codes`),
    ).toEqual([])
    expect(Object.keys(routeMatrix).filter((name) => !names.includes(name))).toEqual([])
    for (const [name, { method, path }] of routes)
      expect([
        name,
        stage.world.app.hasRoute({ method, url: `/api/v1${path.replace(/\{(\w+)\}/g, ':$1')}` }),
      ]).toEqual([name, true])
  })

  test.each(routes)('A1: %s', async (name, route) => {
    const line = routeMatrix[name]
    expect(line, `route-matrix.ts has no line for ${name}`).toBeDefined()
    if (line === undefined) return
    const words: string[] = []
    const faults: string[] = []
    for (const visitor of visitorNames) {
      const seen = await visit(stage.visitors[visitor], route, line)
      words.push(seen.word)
      faults.push(...seen.faults)
    }
    expect({ name, codes: words.join(' '), faults }).toEqual({ name, codes: line.codes, faults: [] })
  })

  test('A1: no visit changed a row of the other tenant', async () => {
    expect(await afterwards()).toEqual(before)
  })
})

describe('A1: the table itself', () => {
  test('A1: a stranger gets nothing but what is for everybody, and that is the same for everybody', () => {
    for (const [name, route] of routes) {
      const words = routeMatrix[name]?.codes.split(' ') ?? []
      if (route.access === 'anyone') expect([name, new Set(words).size]).toEqual([name, 1])
      else expect([name, words[0]?.replaceAll(/[1-]/g, '')]).toEqual([name, ''])
    }
  })
  test('A1: what is foreign and what does not exist get one answer', () => {
    for (const [name, line] of Object.entries(routeMatrix)) {
      if (line.at === undefined) continue
      for (const word of line.codes.split(' ')) expect([name, word.at(3)]).toEqual([name, word.at(4)])
    }
  })
  test('A1: a 403 is about what its visitor may read, or about everything', () => {
    for (const [name, line] of Object.entries(routeMatrix)) {
      const shows = line.at === undefined ? undefined : routeMatrix[shownBy[line.at] ?? '']
      for (const [visitor, word] of wordsOf(line, visitorNames)) {
        if (!word.includes('3') || /^[3-]+$/.test(word)) continue
        const readable = shows === undefined ? '' : (wordsOf(shows, visitorNames).get(visitor) ?? '')
        for (const [at, sign] of word.split('').entries())
          if (sign === '3') expect([name, visitor, at, readable.charAt(at)]).toEqual([name, visitor, at, '2'])
      }
    }
  })
})
