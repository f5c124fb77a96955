import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '@evenkeel/contract/api'
import { addressOf } from '@evenkeel/contract/client'
import type { Route } from '@evenkeel/contract/route'
import { counting } from '../../../test/database.ts'
import { castOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { commentIncident } from './incident.comment.ts'
import { incidentEntries, publicEntries, teamOnlyEntries } from './incident.entries.ts'
import { described } from './incident.sentences.ts'
import { incidentTimeline } from './incident.timeline.ts'

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

describe('the timeline', () => {
  test('comes in order, a page at a time, each entry once', async () => {
    const { id } = await cast.raise()
    for (let at = 0; at < 7; at += 1)
      await cast.amir.api.commentIncident({
        params: { id },
        body: { audience: at % 2 === 0 ? 'public' : 'team', body: `Line ${at}` },
      })
    for (const [by, count] of [
      [cast.lena, 9],
      [cast.rita, 5],
    ] as const) {
      const all = (await by.api.incidentTimeline({ params: { id }, query: { limit: 200 } })).items
      expect(all).toHaveLength(count)
      const pages: string[] = []
      let after: string | undefined
      do {
        const page = await by.api.incidentTimeline({
          params: { id },
          query: { limit: 2, ...(after === undefined ? {} : { after }) },
        })
        expect(page.items.length).toBeLessThanOrEqual(2)
        pages.push(...page.items.map((item) => item.id))
        after = page.next ?? undefined
      } while (after !== undefined)
      expect(pages).toEqual(all.map((item) => item.id))
    }
  })

  test('takes the same few statements however much happened', async () => {
    const { id } = await cast.raise()
    const other = await cast.raise()
    await cast.assign(cast.lena, id, { personId: cast.amir.id })
    await cast.lena.api.linkIncident({ params: { id }, body: { type: 'related', toId: other.id } })
    const counted = counting(world.database)
    const statements = async (): Promise<number> => {
      const before = counted.count()
      await incidentTimeline(counted.database, reader(), id, { limit: 200 })
      return counted.count() - before
    }
    // The first look also loads the policies that are kept in memory.
    await statements()
    const few = await statements()
    for (let at = 0; at < 10; at += 1) {
      await cast.assign(cast.lena, id, { personId: at % 2 === 0 ? cast.nora.id : cast.amir.id })
      await cast.amir.api.commentIncident({ params: { id }, body: { audience: 'public', body: 'x' } })
    }
    expect(await statements()).toBe(few)
    // begin, incident, rights, linked incidents, page, people, teams, incidents, commit
    expect(few).toBe(9)
  })

  test('says who did it and how it came; who acts as somebody else is named to the team', async () => {
    const { id } = await cast.raise()
    const acting: Caller = {
      ...reader(),
      actor: { kind: 'person', id: cast.lena.id, onBehalfOf: cast.amir.id, via: 'session' },
      personId: cast.amir.id,
      grants: new Map([
        ['incident.read', new Set(['all'])],
        ['incident.comment', new Set(['all'])],
      ]),
    }
    await commentIncident(world.database, acting, id, { audience: 'public', body: 'Hello.' }, null)
    const [raised] = await cast.timeline(id)
    expect(raised).toMatchObject({
      actor: { name: 'Rita' },
      via: 'session',
      sentence: 'Raised by portal.',
    })
    expect((await cast.timeline(id)).at(-1)).toMatchObject({
      actor: { name: 'Amir' },
      sentence: '(Lena acting as Amir)',
    })
    expect((await cast.timeline(id, cast.rita)).at(-1)).toMatchObject({
      actor: { name: 'Amir' },
      sentence: null,
    })
  })

  test('another tenant, and somebody without reach, find nothing there', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const { id } = await cast.raise()
    for (const by of [cast.otto, elsewhere.lena])
      await expect(cast.timeline(id, by)).rejects.toMatchObject({ status: 404 })
  })

  test('an id that its reader may not see stays unnamed', async () => {
    const hidden = await cast.raise(cast.rita, {
      confidential: true,
      serviceId: await cast.tenant.service('Switches', cast.networkId),
    })
    const open = await cast.raise()
    await cast.nora.api.linkIncident({
      params: { id: open.id },
      body: { type: 'related', toId: hidden.id },
    })
    const lastFor = async (by: typeof cast.amir) => (await cast.timeline(open.id, by)).at(-1)?.sentence
    expect(await lastFor(cast.nora)).toBe(`Linked as related to ${hidden.number}.`)
    expect(await lastFor(cast.amir)).toBe('Linked as related to something you may not see.')
  })
})

/** Somebody who sees everything, without the edge in between. */
const reader = (): Caller => ({
  tenantId: cast.tenant.id,
  actor: { kind: 'person', id: cast.lena.id, onBehalfOf: null, via: 'session' },
  request: null,
  now: world.clock.now(),
  personId: cast.lena.id,
  personName: 'Lena',
  language: 'en',
  timeZone: 'UTC',
  sessionId: null,
  keyId: null,
  provedAt: null,
  owes: null,
  sessionEnds: null,
  grants: new Map([
    ['incident.read', new Set(['all'])],
    ['incident.read_internal', new Set(['all'])],
  ]),
  reach: { personId: cast.lena.id, teamIds: new Set(), serviceIds: new Set() },
})

describe('who hears what', () => {
  test('a new type of entry is for nobody outside the team until it is said here', () => {
    expect([...publicEntries].sort()).toEqual([
      'incident.attached',
      'incident.canceled',
      'incident.closed',
      'incident.commented',
      'incident.detached',
      'incident.held',
      'incident.imported',
      'incident.imported_comment',
      'incident.raised',
      'incident.reopened',
      'incident.resolved',
      'incident.resumed',
      'incident.started',
    ])
    for (const type of ['incident.noted', 'incident.routed', 'incident.bounced', 'incident.watched'])
      expect(teamOnlyEntries.has(type)).toBe(true)
  })

  test('an entry of a type that nobody knows says nothing', () => {
    const entry = { type: 'incident.brand_new', data: { secret: 'x', body: 'y' } }
    expect(described(entry, new Map(), true)).toEqual({
      audience: null,
      body: null,
      changes: [],
      sentence: null,
    })
  })

  test('erased values are shown as erased', () => {
    const data = { commentId: 'c', audience: 'public', body: { $erased: true } }
    expect(described({ type: 'incident.commented', data }, new Map(), true).body).toBe('(erased)')
  })

  const canary = 'CANARY'
  const anyText = fc.string({ maxLength: 20 }).map((text) => `${canary}${text}`)
  const anyChange = fc.record({ from: fc.option(anyText), to: fc.option(anyText) })

  // A13: whatever an entry holds, what a caller reads of it is a state, a comment or a resolution.
  test('of any entry with any data, a caller reads state changes, comments and resolutions only', () => {
    const columns = ['title', 'hold_on', 'override_reason', 'team_id', 'custom.x', 'category', 'impact']
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(incidentEntries)),
        fc.dictionary(fc.constantFrom(...columns), anyChange),
        fc.dictionary(
          fc.constantFrom('reason', 'sentence', 'name', 'recordId', 'duplicateOf', 'teams', 'affected'),
          anyText,
        ),
        (type, changes, data) => {
          const told = described({ type, data: { ...data, changes } }, new Map(), false)
          // The name of a file that was attached for everybody is for everybody.
          if (publicEntries.has(type) && !['incident.attached', 'incident.detached'].includes(type))
            expect(JSON.stringify(told)).not.toContain(canary)
          expect(told.changes).toEqual([])
        },
      ),
      { numRuns: Number(process.env['EVENKEEL_PROPERTY_RUNS'] ?? 500) },
    )
  })
})

// A13 over the wire: canaries in everything that is for the team, and every route of the product asked as a caller.
describe('nothing for the team reaches a caller by any route', () => {
  const secret = (word: string): string => `CANARY-${word}`

  test('not one canary in any answer', async () => {
    const { rita, otto, amir, nora, lena } = cast
    const ada = await cast.tenant.person('Ada Fields', 'administrator')
    await ada.api.createCustomField({
      body: { key: 'cost', label: secret('label'), type: 'text', isInternal: true },
    })
    const { id } = await cast.raise(rita, { title: 'Open to Rita' })
    const theirs = await cast.raise(otto, { title: secret('title of another caller') })
    const survivor = await cast.raise(otto, { title: secret('title of the survivor') })
    const parent = await cast.raise(otto, { title: secret('title of the parent') })
    const child = await cast.raise(otto, { title: secret('title of the child') })

    const version = async (of = id) => (await cast.read(of)).version
    await lena.api.editIncident({
      params: { id },
      body: { custom: { cost: secret('custom value') } },
      version: await version(),
    })
    await lena.api.overrideIncidentPriority({
      params: { id },
      body: { priority: 1, reason: secret('override reason') },
      version: await version(),
    })
    await amir.api.commentIncident({ params: { id }, body: { audience: 'team', body: secret('note') } })
    await amir.api.linkIncident({ params: { id }, body: { type: 'related', toId: theirs.id } })
    for (const teamId of [cast.mailId, cast.networkId, cast.mailId]) await cast.assign(lena, id, { teamId })
    await lena.api.watchIncident({ params: { id }, body: { personId: nora.id } })
    await amir.api.setIncidentParent({
      params: { id: child.id },
      body: { parentId: id },
      version: await version(child.id),
    })
    await cast.assign(lena, id, { personId: amir.id })
    await cast.move(amir, id, { action: 'start' })
    await cast.move(amir, id, { action: 'hold', reason: 'vendor', on: secret('vendor case') })
    await cast.move(amir, id, { action: 'resume' })
    const { id: macroId } = await lena.api.createTemplate({
      body: {
        kind: 'macro',
        name: secret('macro name'),
        document: { steps: [{ do: 'comment', audience: 'team', body: secret('macro note') }] },
      },
    })
    await amir.api.runMacro({ params: { id, macroId }, body: { macroVersion: 1 }, version: await version() })
    await cast.move(amir, id, {
      action: 'resolve',
      code: 'fixed',
      notes: 'Told to the caller.',
      children: { resolve: [], except: [{ id: child.id, reason: secret('why kept open') }] },
    })
    await cast.move(nora, id, { action: 'reopen', reason: secret('reopen reason') })
    const bulk = await lena.api.startBulk({
      body: { ids: [id], steps: [{ do: 'comment', audience: 'team', body: secret('bulk note') }] },
    })
    const double = await cast.raise(rita, { title: 'Also open to Rita' })
    await amir.api.setIncidentParent({
      params: { id: double.id },
      body: { parentId: parent.id },
      version: 1,
    })
    await cast.move(lena, double.id, {
      action: 'cancel',
      reason: 'duplicate',
      duplicateOf: theirs.id,
    })
    await lena.api.removeAffected({ params: { id: theirs.id, personId: rita.id } })
    await lena.api.unwatchIncident({ params: { id: theirs.id, personId: rita.id } })

    // The team does see them: the canaries are really there.
    expect(JSON.stringify([await cast.read(id), await cast.timeline(id)])).toContain('CANARY')

    const ids = [id, double.id, theirs.id, survivor.id, parent.id, child.id, macroId, bulk.id]
    const bodies: unknown[] = [undefined, {}, { personId: otto.id }, { action: 'confirm' }]
    let asked = 0
    for (const route of Object.values<Route>(api)) {
      if (route.path === '/live' || !/incident|template|custom|view|search|person|people/.test(route.path))
        continue
      for (const one of ids) {
        const params = {
          id: one,
          personId: otto.id,
          macroId,
          replyId: macroId,
          type: 'related',
          toId: theirs.id,
        }
        const query = route.method === 'GET' ? [{}, { q: 'CANARY' }] : [{}]
        for (const payload of route.method === 'GET' || route.method === 'DELETE' ? [undefined] : bodies) {
          for (const asking of query) {
            const answer = await world.app.inject({
              method: route.method,
              url: addressOf(route, params, asking),
              headers: { cookie: rita.cookie, 'if-match': '"1"' },
              ...(payload === undefined ? {} : { payload: payload as object }),
            })
            asked += 1
            const text = `${answer.body}${JSON.stringify(answer.headers)}`
            // The search repeats the words that were searched for; that is no leak.
            if ('q' in asking && answer.statusCode >= 400) continue
            expect([route.path, text]).toEqual([route.path, expect.not.stringContaining('CANARY-')])
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(150)
    expect((await cast.timeline(id, rita)).map((item) => item.type)).toEqual([
      'incident.raised',
      'incident.started',
      'incident.held',
      'incident.resumed',
      'incident.resolved',
      'incident.reopened',
    ])
  })
})
