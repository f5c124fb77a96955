import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { castOf, refusalOf, type Cast } from '../../../test/incidents.ts'
import { createWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let cast: Cast
let later: (minutes: number) => void
beforeAll(async () => {
  world = await createWorld()
  later = (minutes) => world.clock.advance(minutes * 60_000)
})
afterAll(() => world.end())

const teamsOf = (id: string, by: TestPerson = cast.lena) => by.api.incidentTeams({ params: { id } })

describe('time per team', () => {
  beforeAll(async () => {
    cast = await castOf(world, 'spans')
  })

  test('goes from raising to now, there and back, and adds up', async () => {
    const { id } = await cast.raise()
    later(7)
    await cast.assign(cast.lena, id, { teamId: cast.mailId })
    later(30)
    await cast.assign(cast.lena, id, { personId: cast.amir.id })
    later(3)
    await cast.assign(cast.lena, id, { teamId: cast.networkId })
    later(20)
    await cast.assign(cast.lena, id, { teamId: cast.mailId })
    later(60)
    const ledger = await teamsOf(id)
    expect(ledger.spans.map(({ team, minutes, to }) => [team.name, minutes, to === null])).toEqual([
      ['Service desk', 7, false],
      ['Mail', 33, false],
      ['Network', 20, false],
      ['Mail', 60, true],
    ])
    expect(ledger).toMatchObject({
      minutes: 120,
      bounces: 1,
      teams: [{ minutes: 7 }, { team: { name: 'Mail' }, minutes: 93 }, { minutes: 20 }],
    })
  })

  test('ends when the incident does, also when it is canceled, and goes on when that is taken back', async () => {
    const { id } = await cast.raise()
    later(10)
    const bulk = await cast.lena.api.startBulk({
      body: { ids: [id], steps: [{ do: 'move', move: { action: 'cancel', reason: 'raised_in_error' } }] },
    })
    later(5)
    expect(await teamsOf(id)).toMatchObject({ minutes: 10, spans: [{ minutes: 10 }] })
    await cast.lena.api.undoBulk({ params: { id: bulk.id } })
    later(5)
    expect(await teamsOf(id)).toMatchObject({ minutes: 20, spans: [{ to: null }] })
  })

  test('is for those who see internals: others are refused, or told that it is not there', async () => {
    const { id } = await cast.raise()
    expect(await refusalOf(teamsOf(id, cast.rita))).toBe('forbidden')
    const { id: secret } = await cast.raise(cast.rita, { confidential: true })
    expect(await refusalOf(teamsOf(secret, cast.amir))).toBe('not_found')
    const elsewhere = await castOf(world, 'spans-elsewhere')
    expect(await refusalOf(teamsOf(id, elsewhere.lena))).toBe('not_found')
  })
})

describe('the report on teams', () => {
  test('sums what the records say, over a filter, within reach', async () => {
    cast = await castOf(world, 'sums')
    const one = (await cast.raise(cast.rita, { category: 'counted' })).id
    const two = (await cast.raise(cast.rita, { category: 'counted' })).id
    const secret = (await cast.raise(cast.rita, { category: 'counted', confidential: true })).id
    await cast.raise(cast.rita, { category: 'another' })
    later(10)
    for (const teamId of [cast.mailId, cast.networkId, cast.mailId, cast.networkId]) {
      await cast.assign(cast.lena, one, { teamId })
      later(15)
    }
    const query = { q: 'category:counted' }
    const report = await cast.lena.api.reportTeams({ query })
    expect(report).toMatchObject({ counted: 2, capped: false })
    expect(
      report.teams.map(({ team, ...sum }) => [
        team.name,
        sum.incidents,
        sum.minutes,
        sum.givenAway,
        sum.cameBack,
      ]),
    ).toEqual([
      ['Service desk', 2, 80, 1, 0],
      ['Mail', 1, 30, 2, 1],
      ['Network', 1, 30, 1, 1],
    ])
    const ledgers = await Promise.all([one, two].map((id) => teamsOf(id)))
    expect(report.teams.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(
      ledgers.reduce((sum, { minutes }) => sum + minutes, 0),
    )
    expect(report.bounced).toMatchObject([{ id: one, bounces: 2, minutesAway: 30 }])
    expect(JSON.stringify(report)).not.toContain(secret)
    // Each number leads to a list of what is behind it: by the team's name or its id, alike.
    const listed = async (field: string, team: string) =>
      (await cast.lena.api.listIncidents({ query: { q: `category:counted ${field}:${team}` } })).rows.map(
        ({ id }) => id,
      )
    for (const { team, incidents, givenAway, cameBack } of report.teams) {
      for (const name of [`"${team.name}"`, team.id]) {
        expect(await listed('was_with', name), team.name).toHaveLength(incidents)
        expect((await listed('given_away', name)).length > 0, team.name).toBe(givenAway > 0)
        expect(await listed('came_back', name)).toEqual(cameBack > 0 ? [one] : [])
      }
    }
    expect(await listed('-was_with', 'Mail')).toEqual([two])
    expect(await listed('came_back', 'empty')).toEqual([two])
    expect(await refusalOf(cast.rita.api.reportTeams({ query }))).toBe('forbidden')
    expect(await refusalOf(cast.lena.api.reportTeams({ query: { q: 'salary:1' } }))).toBe('unknown_field')
    // To those who may not see internals these fields do not exist.
    for (const field of ['was_with', 'given_away', 'came_back'])
      expect(await refusalOf(cast.rita.api.listIncidents({ query: { q: `${field}:Mail` } }))).toBe(
        'unknown_field',
      )
  })

  test('goes into a file that says the same, for whoever may take lists out', async () => {
    const file = async (by: TestPerson, report: 'teams' | 'holds') => {
      const answer = await world.app.inject({
        url: `/api/v1/reports/incidents/${report}/export?q=category:counted`,
        headers: { cookie: by.cookie },
      })
      return answer.statusCode === 200
        ? answer.payload.replace('\uFEFF', '').trim().split('\r\n')
        : answer.statusCode
    }
    expect(await file(cast.lena, 'teams')).toEqual([
      'Team,Incidents,Minutes,Times given away,Times come back',
      'Service desk,2,80,1,0',
      'Mail,1,30,2,1',
      'Network,1,30,1,1',
    ])
    expect(await file(cast.lena, 'holds')).toEqual([
      'By,Name,Times on hold,Minutes,Minutes without a word to the caller',
    ])
    for (const report of ['teams', 'holds'] as const) expect(await file(cast.rita, report)).toBe(403)
    const elsewhere = await castOf(world, 'sums-elsewhere')
    expect(await file(elsewhere.lena, 'teams')).toHaveLength(1)
  })
})

describe('the report on waiting', () => {
  const onHold = async (reason: 'parts' | 'vendor' | 'caller'): Promise<string> => {
    const id = await cast.inState('in_progress', { category: 'waits' })
    await cast.move(cast.amir, id, {
      action: 'hold',
      reason,
      ...(reason === 'vendor' ? { on: 'C-1' } : {}),
      ...(reason === 'caller' ? { question: 'Which one?' } : {}),
    })
    return id
  }
  const say = (by: TestPerson, id: string, audience: 'public' | 'team' = 'public') =>
    by.api.commentIncident({ params: { id }, body: { audience, body: 'Words.' } })

  test('counts the minutes in which nobody wrote to the caller: notes and the caller’s own words are no message', async () => {
    cast = await castOf(world, 'waits')
    const [vendor, parts, caller] = [await onHold('vendor'), await onHold('parts'), await onHold('caller')]
    later(20)
    await say(cast.amir, vendor, 'team')
    await say(cast.rita, vendor)
    await say(cast.amir, parts)
    later(40)
    await cast.move(cast.amir, vendor, { action: 'resume' })
    const report = await cast.lena.api.reportHolds({ query: { q: 'category:waits' } })
    expect(report).toMatchObject({ counted: 3, capped: false, holds: 3, minutes: 180, silentMinutes: 80 })
    expect(report.reasons).toMatchObject([
      { reason: 'caller', holds: 1, minutes: 60, silentMinutes: 0, silentIncidents: [] },
      { reason: 'vendor', holds: 1, minutes: 60, silentMinutes: 60 },
      { reason: 'parts', holds: 1, minutes: 60, silentMinutes: 20 },
    ])
    const numbers = await Promise.all(
      [vendor, parts].map(async (id) => (await cast.lena.api.readIncident({ params: { id } })).number),
    )
    expect(report.silentIncidents).toEqual(numbers)
    expect(report.incidents).toHaveLength(3)
    expect(report.reasons[1]?.incidents).toEqual(numbers.slice(0, 1))
    expect(report.teams).toMatchObject([{ team: { name: 'Mail' }, holds: 3, silentMinutes: 80 }])
    expect(report.silent.map(({ id, silentMinutes }) => [id, silentMinutes])).toEqual([
      [vendor, 60],
      [parts, 20],
    ])
    expect(report.silent.some(({ id }) => id === caller)).toBe(false)
    expect(await refusalOf(cast.rita.api.reportHolds({}))).toBe('forbidden')
  })
})
