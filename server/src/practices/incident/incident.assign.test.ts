import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { write } from '../../platform/journal/write.ts'
import { bounceOf, seatFor, type Seats } from './incident.assign.ts'

const [a, b, c] = ['team-a', 'team-b', 'team-c']
const ada = {
  id: 'ada',
  name: 'Ada',
  isActive: true,
  teams: [{ id: a, name: 'A' }],
}
const both = { ...ada, teams: [...ada.teams, { id: b, name: 'B' }] }
const teamB = { id: b, name: 'B', isActive: true }
const nobody: Seats = { team: null, person: null }
const now = { team_id: a, assignee_id: null }

const fieldOf = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof Refusal ? error.grounds[0]?.field : String(error)
  }
}

describe('where an assignment leads', () => {
  test('a person of the team gets it there', () => {
    expect(seatFor(now, { personId: 'ada' }, { team: null, person: ada })).toEqual({
      teamId: a,
      personId: 'ada',
    })
  })

  test('a person of another team takes it along', () => {
    const seat = seatFor({ ...now, team_id: c }, { personId: 'ada' }, { team: null, person: ada })
    expect(seat).toEqual({ teamId: a, personId: 'ada' })
  })

  test('a person of several other teams needs the team named; one of the current team stays there', () => {
    const elsewhere = { ...now, team_id: c }
    expect(fieldOf(() => seatFor(elsewhere, { personId: 'ada' }, { team: null, person: both }))).toBe(
      'teamId',
    )
    expect(seatFor(now, { personId: 'ada' }, { team: null, person: both }).teamId).toBe(a)
  })

  test('a person in no team, a person not in the named team, and nobody of that name are refused', () => {
    const teamless = { ...ada, teams: [] }
    const inactive = { ...ada, isActive: false }
    expect(fieldOf(() => seatFor(now, { personId: 'ada' }, { team: null, person: teamless }))).toBe(
      'personId',
    )
    expect(fieldOf(() => seatFor(now, { teamId: b, personId: 'ada' }, { team: teamB, person: ada }))).toBe(
      'personId',
    )
    expect(fieldOf(() => seatFor(now, { personId: 'ada' }, nobody))).toBe('personId')
    expect(fieldOf(() => seatFor(now, { personId: 'ada' }, { team: null, person: inactive }))).toBe(
      'personId',
    )
  })

  test('a team alone takes it from whoever had it, unless they are a member there too', () => {
    const held = { team_id: a, assignee_id: 'ada' }
    expect(seatFor(held, { teamId: b }, { team: teamB, person: ada }).personId).toBeNull()
    expect(seatFor(held, { teamId: b }, { team: teamB, person: both }).personId).toBe('ada')
    const left = { ...both, isActive: false }
    expect(seatFor(held, { teamId: b }, { team: teamB, person: left }).personId).toBeNull()
  })

  test('its own team again changes nothing; nobody gives it back to the team', () => {
    const held = { team_id: a, assignee_id: 'ada' }
    const teamA = { id: a, name: 'A', isActive: true }
    expect(seatFor(held, { teamId: a }, { team: teamA, person: ada })).toEqual({
      teamId: a,
      personId: 'ada',
    })
    expect(seatFor(held, { personId: null }, { team: null, person: ada })).toEqual({
      teamId: a,
      personId: null,
    })
    expect(seatFor(held, { teamId: b, personId: null }, { team: teamB, person: both })).toEqual({
      teamId: b,
      personId: null,
    })
  })

  test('a team that does not exist or is gone, and no wish at all, are refused', () => {
    expect(fieldOf(() => seatFor(now, { teamId: b }, nobody))).toBe('teamId')
    expect(
      fieldOf(() => seatFor(now, { teamId: b }, { team: { ...teamB, isActive: false }, person: null })),
    ).toBe('teamId')
    expect(fieldOf(() => seatFor(now, {}, nobody))).toBe('teamId')
  })
})

describe('ping-pong', () => {
  test('back to the team it has just left is a bounce', () => {
    expect(bounceOf({ team_id: b, team_path: [a, b] }, a)).toEqual([a, b, a])
    expect(bounceOf({ team_id: b, team_path: [c, a, b] }, a)).toEqual([a, b, a])
  })
  test('on to a third team, back after a detour, and staying are none', () => {
    expect(bounceOf({ team_id: b, team_path: [a, b] }, c)).toBeNull()
    expect(bounceOf({ team_id: c, team_path: [a, b, c] }, a)).toBeNull()
    expect(bounceOf({ team_id: b, team_path: [b, b] }, b)).toBeNull()
    expect(bounceOf({ team_id: a, team_path: [a] }, b)).toBeNull()
  })
})

let world: World
let cast: Cast
beforeAll(async () => {
  world = await createWorld()
  cast = await castOf(world, 'harbor')
})
afterAll(() => world.end())

describe('giving an incident to somebody', () => {
  test('the team follows the person, and why it is there is no longer what routing said', async () => {
    const { id } = await cast.raise()
    world.clock.advance(1000)
    await cast.assign(cast.lena, id, { personId: cast.amir.id })
    expect(await cast.read(id)).toMatchObject({
      team: { name: 'Mail' },
      assignee: { name: 'Amir' },
      reassignmentCount: 1,
      routing: { rule: 'by_hand', sentence: 'Assigned by hand.' },
    })
    expect((await cast.timeline(id)).at(-1)).toMatchObject({
      type: 'incident.assigned',
      actor: { name: 'Lena' },
      sentence: 'Given to Amir in Mail.',
    })
  })

  test('the first person in its team is no reassignment; the next one is', async () => {
    const service = await cast.tenant.service('Switches', cast.networkId)
    const { id } = await cast.raise(cast.rita, { serviceId: service })
    await cast.assign(cast.lena, id, { personId: cast.nora.id })
    expect((await cast.read(id)).reassignmentCount).toBe(0)
    await cast.assign(cast.nora, id, { personId: null })
    await cast.assign(cast.nora, id, { personId: cast.nora.id })
    expect((await cast.read(id)).reassignmentCount).toBe(0)
    await cast.assign(cast.nora, id, { personId: cast.lena.id })
    expect((await cast.read(id)).reassignmentCount).toBe(1)
  })

  test('what changes nothing makes no version and no entry', async () => {
    const { id } = await cast.raise()
    await cast.assign(cast.lena, id, { personId: cast.amir.id })
    const before = await cast.timeline(id)
    expect(await cast.assign(cast.lena, id, { personId: cast.amir.id })).toMatchObject({ version: 2 })
    expect(await cast.assign(cast.lena, id, { teamId: cast.mailId })).toMatchObject({ version: 2 })
    expect(await cast.timeline(id)).toEqual(before)
  })

  test('back and forth is noted with the teams and the minutes it cost, for the team only', async () => {
    const { id } = await cast.raise()
    await cast.assign(cast.lena, id, { teamId: cast.mailId })
    await cast.assign(cast.lena, id, { teamId: cast.networkId })
    world.clock.advance(42 * 60_000)
    await cast.assign(cast.lena, id, { teamId: cast.mailId })
    expect((await cast.timeline(id)).at(-1)).toMatchObject({
      type: 'incident.bounced',
      sentence: 'Came back: Mail → Network → Mail, 42 minutes later.',
    })
    expect(await cast.read(id)).toMatchObject({ reassignmentCount: 3 })
    expect((await cast.timeline(id, cast.rita)).map((item) => item.type)).toEqual(['incident.raised'])
    expect(await cast.read(id, cast.rita)).toMatchObject({ reassignmentCount: null, routing: null })
  })

  test('teams and people of another tenant are not there', async () => {
    const elsewhere = await castOf(world, 'elsewhere')
    const { id } = await cast.raise()
    for (const body of [{ teamId: elsewhere.mailId }, { personId: elsewhere.amir.id }])
      expect(await refusalOf(cast.assign(cast.lena, id, body))).toBe('invalid')
    expect(await cast.read(id)).toMatchObject({ version: 1, team: { name: 'Service desk' } })
  })

  test('somebody who left gets nothing', async () => {
    const gone = await cast.tenant.person('Gwen', 'agent')
    await cast.tenant.team('Gone', gone)
    await write(world.database, cast.tenant.author(), async (tx) => {
      tx.send({
        text: 'update person set is_active = false where tenant_id = $1 and id = $2',
        values: [cast.tenant.id, gone.id],
      })
      tx.journal({ type: 'person.deactivated', subject: { kind: 'person', id: gone.id }, data: {} })
    })
    const { id } = await cast.raise()
    await expect(cast.assign(cast.lena, id, { personId: gone.id })).rejects.toMatchObject({
      body: { reasons: [{ field: 'personId', message: 'there is no such person' }] },
    })
  })

  test('a caller assigns nothing, and what is over is assigned to nobody', async () => {
    const { id } = await cast.raise()
    const wish = cast.rita.api.assignIncident({
      params: { id },
      body: { personId: cast.amir.id },
      version: 1,
    })
    expect(await refusalOf(wish)).toBe('forbidden')
    for (const state of ['resolved', 'closed', 'canceled'] as const)
      expect(
        await refusalOf(cast.assign(cast.lena, await cast.inState(state), { personId: cast.nora.id })),
      ).toBe('not_allowed_here')
  })

  test('two people who take it at the same time: one has it, the other learns who', async () => {
    const { id } = await cast.raise()
    const take = (by: TestPerson) =>
      by.api.assignIncident({ params: { id }, body: { personId: by.id }, version: 1 })
    await take(cast.amir)
    await expect(take(cast.nora)).rejects.toMatchObject({
      status: 409,
      body: {
        reasons: [
          {
            field: 'personId',
            theirs: 'Amir',
            yours: 'Nora',
            message: 'Amir set it to "Amir" in the meantime; you wanted "Nora"',
          },
        ],
      },
    })
    expect((await cast.read(id)).assignee?.name).toBe('Amir')
  })

  test('ten handovers count ten', async () => {
    const service = await cast.tenant.service('Routers', cast.networkId)
    const { id } = await cast.raise(cast.rita, { serviceId: service })
    await cast.assign(cast.lena, id, { personId: cast.lena.id })
    for (let round = 0; round < 5; round += 1) {
      await cast.assign(cast.lena, id, { personId: cast.nora.id })
      await cast.assign(cast.lena, id, { personId: cast.lena.id })
    }
    expect((await cast.read(id)).reassignmentCount).toBe(10)
  })
})
