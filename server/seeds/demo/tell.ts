import type { MoveIncident, RaiseIncident } from '@evenkeel/contract/incident'
import type { Caller } from '../../src/platform/http/caller.ts'
import { read, type Database } from '../../src/platform/postgres/database.ts'
import {
  addAffected,
  assignIncident,
  commentIncident,
  moveIncident,
  raiseIncident,
  runIncidentTimers,
  setIncidentParent,
  watchIncident,
} from '../../src/practices/incident/index.ts'
import { callerAs } from '../../src/practices/people/index.ts'
import { chanceFrom, type Chance } from './chance.ts'
import { idOf, type Running, type Story, type Trouble } from './story.ts'

export type Telling = {
  readonly story: Story
  readonly tenantId: string
  readonly people: ReadonlyMap<string, string>
  readonly teams: ReadonlyMap<string, string>
  readonly services: ReadonlyMap<string, string>
  /** Milliseconds since the epoch: where the story ends. */
  readonly now: number
  readonly days: number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Something that somebody does at some time. What it says comes next is done when that time has come. */
type Step = { readonly at: number; readonly run: (at: string) => Promise<Step[]> }

/** Tells the story in the order in which it happens, across all incidents. */
export const tell = async (database: Database, telling: Telling): Promise<void> => {
  const actors = actorsOf(database, telling)
  const chance = chanceFrom(telling.story.slug.length * 7919)
  const waiting: Step[] = [
    ...past(telling, chance).map((trouble) => incident(database, actors, telling, trouble)),
    ...telling.story.running.map((running) => runningIncident(database, actors, telling, running)),
    ...Array.from({ length: telling.days }, (_, index) =>
      timers(database, telling, telling.now - index * day),
    ),
  ]
  while (waiting.length > 0) {
    waiting.sort((one, other) => one.at - other.at)
    const step = waiting.shift()
    if (step === undefined || step.at > telling.now) return
    waiting.push(...(await step.run(new Date(step.at).toISOString())))
  }
}

type Actors = (key: string, at: string) => Promise<Caller>

/** Callers by the keys of the story; their rights do not change while it is told. */
const actorsOf = (database: Database, { tenantId, people }: Telling): Actors => {
  const known = new Map<string, Promise<Caller>>()
  return async (key, at) => {
    let caller = known.get(key)
    if (caller === undefined)
      known.set(key, (caller = callerAs(database, tenantId, idOf(people, key), at, 'seed')))
    return { ...(await caller), now: at }
  }
}

const timers = (database: Database, { tenantId }: Telling, at: number): Step => ({
  at,
  run: async (now) => {
    await runIncidentTimers(database, tenantId, now)
    return []
  },
})

type Past = {
  readonly trouble: Trouble
  readonly at: number
  readonly title: string
  readonly description: string
  readonly by: string
  readonly agent: string
  /** How it goes. */
  readonly course:
    | 'new'
    | 'assigned'
    | 'working'
    | 'waiting'
    | 'resolved'
    | 'confirmed'
    | 'reopened'
    | 'canceled'
  readonly chance: Chance
}

/** The incidents of the past: more on weekdays and in the morning, and on Mondays the slow record. */
const past = ({ story, now, days }: Telling, chance: Chance): Past[] => {
  const requesters = story.people
    .filter((person) => person.roles.includes('requester'))
    .map((person) => person.key)
  return Array.from({ length: story.incidents }, (_, index) => {
    const age = Math.pow(chance.next(), 0.9) * days * day
    const at = workingMoment(now - age, chance)
    const trouble = chance.weighted(story.troubles)
    const team = teamOf(story, trouble)
    const agents = story.people.filter(
      (person) => person.teams?.includes(team) === true && !person.roles.includes('requester'),
    )
    const young = now - at < 2 * day
    const course = young
      ? chance.one(['new', 'assigned', 'working', 'working', 'waiting', 'resolved', 'resolved'] as const)
      : now - at < 9 * day
        ? chance.one([
            'working',
            'waiting',
            'resolved',
            'resolved',
            'resolved',
            'confirmed',
            'confirmed',
          ] as const)
        : chance.one([
            'resolved',
            'resolved',
            'resolved',
            'resolved',
            'confirmed',
            'confirmed',
            'confirmed',
            'reopened',
            'canceled',
            'resolved',
            index % 40 === 0 ? 'waiting' : 'resolved',
          ] as const)
    return {
      trouble,
      at,
      title: chance.one(trouble.titles),
      description: chance.one(trouble.descriptions),
      by: chance.one(requesters),
      agent: chance.one(agents).key,
      course,
      chance: chanceFrom(index * 2_654_435_761 + story.name.length),
    }
  })
}

const teamOf = (story: Story, trouble: Trouble): string => {
  if (trouble.service === null) return 'desk'
  return story.services.find((service) => service.key === trouble.service)?.team ?? 'desk'
}

/** Pulls most moments into the day: people call when they work. */
const workingMoment = (at: number, chance: Chance): number => {
  const date = new Date(at)
  if (chance.happens(0.75))
    date.setUTCHours(6 + Math.floor(Math.pow(chance.next(), 1.6) * 12), Math.floor(chance.between(0, 60)))
  if ((date.getUTCDay() === 0 || date.getUTCDay() === 6) && chance.happens(0.6))
    date.setTime(date.getTime() - 2 * day)
  return Math.min(date.getTime(), at)
}

const incident = (database: Database, actors: Actors, telling: Telling, past: Past): Step => ({
  at: past.at,
  run: async (at) => {
    const { trouble, chance } = past
    const draft = draftOf(telling, trouble.service, past, {
      channel: chance.one(['portal', 'portal', 'phone', 'desk'] as const),
    })
    const desk = await actors(deskOf(telling.story), at)
    const direct = draft.channel === 'portal'
    const caller = direct ? await actors(past.by, at) : desk
    const { id } = await raiseIncident(
      database,
      caller,
      direct ? draft : { ...draft, requesterId: idOf(telling.people, past.by) },
      null,
    )
    return afterwards(database, actors, telling, past, id)
  },
})

const draftOf = (
  { services }: Telling,
  service: string | null,
  about: { readonly title: string; readonly description: string; readonly trouble?: Trouble },
  extra: Partial<RaiseIncident>,
): RaiseIncident => ({
  title: about.title,
  description: about.description,
  serviceId: service === null ? null : idOf(services, service),
  impact: about.trouble?.impact ?? 3,
  urgency: about.trouble?.urgency ?? 3,
  channel: 'portal',
  category: about.trouble?.category ?? '',
  confidential: false,
  custom: {},
  ...extra,
})

const deskOf = (story: Story): string =>
  story.people.find((person) => person.teams?.includes('desk') === true && person.roles.includes('agent'))
    ?.key ?? ''

/** What happens to an incident after it was raised, each at its time. */
const afterwards = (database: Database, actors: Actors, telling: Telling, past: Past, id: string): Step[] => {
  const { course, chance, trouble, agent: first } = past
  const desk = deskOf(telling.story)
  // Nobody knew whose it is: the desk passes it on.
  const second = trouble.really === undefined ? first : memberOf(telling.story, trouble.really)
  const pace = trouble.urgency === 1 ? 0.4 : trouble.urgency === 2 ? 1 : 2.5
  const steps: Step[] = []
  let at = past.at
  const then = (minutes: number, run: (at: string) => Promise<unknown>): void => {
    at += Math.max(1, minutes * pace) * minute
    steps.push({ at, run: async (now) => (await run(now), []) })
  }
  const asPerson = async (
    key: string,
    now: string,
    run: (caller: Caller, version: number) => Promise<unknown>,
  ): Promise<void> => {
    await run(await actors(key, now), await versionOf(database, telling.tenantId, id))
  }
  const move = (key: string, wish: MoveIncident) => (now: string) =>
    asPerson(key, now, (caller, version) => moveIncident(database, caller, id, version, wish))
  const say = (key: string, audience: 'public' | 'team', body: string) => (now: string) =>
    asPerson(key, now, (caller) => commentIncident(database, caller, id, { audience, body }, null))
  const give = (by: string, to: string) => (now: string) =>
    asPerson(by, now, (caller, version) =>
      assignIncident(database, caller, id, version, { personId: idOf(telling.people, to) }),
    )

  if (course === 'new') return steps
  if (course === 'canceled') {
    then(
      chance.between(10, 120),
      move(leadOf(telling.story), {
        action: 'cancel',
        reason: chance.one(['not_an_incident', 'raised_in_error'] as const),
      }),
    )
    return steps
  }
  then(chance.between(3, 40), give(desk, first))
  if (second !== first) {
    then(chance.between(10, 60), say(first, 'team', 'This is not ours, passing it on.'))
    then(chance.between(1, 5), (now) =>
      asPerson(first, now, (caller, version) =>
        assignIncident(database, caller, id, version, {
          teamId: idOf(telling.teams, trouble.really ?? ''),
          personId: idOf(telling.people, second),
        }),
      ),
    )
  }
  if (course === 'assigned') return steps
  then(chance.between(2, 45), move(second, { action: 'start' }))
  if (chance.happens(0.35))
    then(chance.between(2, 10), (now) =>
      asPerson(leadOf(telling.story), now, (caller) => watchIncident(database, caller, id)),
    )
  then(chance.between(5, 60), say(second, 'team', chance.one(trouble.notes)))
  if (course === 'waiting' || chance.happens(0.35)) {
    then(
      chance.between(5, 30),
      move(second, { action: 'hold', reason: 'caller', question: chance.one(trouble.questions) }),
    )
    if (course === 'waiting') return steps
    then(chance.between(20, 400), say(past.by, 'public', chance.one(trouble.answers)))
  }
  if (chance.happens(0.5))
    then(chance.between(5, 60), say(second, 'public', 'We found something and are mending it.'))
  if (course === 'working') return steps
  const fix = chance.one(trouble.fixes)
  const resolve = move(second, { action: 'resolve', code: fix.code, notes: fix.notes })
  then(chance.between(10, 240), resolve)
  if (course === 'confirmed') then(chance.between(10, 900), move(past.by, { action: 'confirm' }))
  if (course === 'reopened') {
    then(
      chance.between(30, 600),
      move(past.by, { action: 'still_broken', reason: 'It is back, the same as before.' }),
    )
    then(
      chance.between(10, 120),
      say(second, 'public', 'Thank you for telling us. We look deeper this time.'),
    )
    then(chance.between(60, 600), resolve)
    then(chance.between(60, 900), move(past.by, { action: 'confirm' }))
  }
  return steps
}

const versionOf = (database: Database, tenantId: string, id: string): Promise<number> =>
  read(database, tenantId, async (q) => {
    const row = await q.one<{ version: number }>({
      text: 'select version from record where tenant_id = $1 and id = $2',
      values: [tenantId, id],
    })
    return row.version
  })

const memberOf = (story: Story, team: string): string =>
  story.people.find((person) => person.teams?.includes(team) === true && person.roles.includes('agent'))
    ?.key ?? deskOf(story)

const leadOf = (story: Story): string =>
  story.people.find((person) => person.leads === 'desk')?.key ?? deskOf(story)

/** What is going on right now, told up to this minute. */
const runningIncident = (database: Database, actors: Actors, telling: Telling, running: Running): Step => {
  const at = telling.now - running.minutesAgo * minute
  const { people, services, tenantId } = telling
  return {
    at,
    run: async (raisedAt) => {
      const { title, description, impact, urgency } = running
      const serviceId = idOf(services, running.service)
      const base = {
        description: '',
        serviceId,
        channel: 'portal',
        category: '',
        confidential: false,
        custom: {},
      } as const
      const draft = { ...base, title, description, impact, urgency }
      const { id } = await raiseIncident(database, await actors(running.by, raisedAt), draft, null)
      const steps: Step[] = []
      const agent = running.assignee
      const span = running.minutesAgo
      const during = (share: number, run: (at: string) => Promise<unknown>): void => {
        steps.push({ at: at + share * span * minute, run: async (now) => (await run(now), []) })
      }
      const version = (): Promise<number> => versionOf(database, tenantId, id)
      if (agent === undefined) return steps
      during(0.06, async (now) =>
        assignIncident(database, await actors(deskOf(telling.story), now), id, await version(), {
          personId: idOf(people, agent),
        }),
      )
      during(0.1, async (now) =>
        moveIncident(database, await actors(agent, now), id, await version(), { action: 'start' }),
      )
      for (const [index, person] of (running.affected ?? []).entries()) {
        during(0.15 + index * 0.05, async (now) =>
          addAffected(database, await actors(deskOf(telling.story), now), id, idOf(people, person)),
        )
      }
      for (const [index, body] of (running.notes ?? []).entries()) {
        during(0.3 + index * 0.2, async (now) =>
          commentIncident(database, await actors(agent, now), id, { audience: 'team', body }, null),
        )
      }
      for (const [index, body] of (running.comments ?? []).entries()) {
        during(0.4 + index * 0.2, async (now) =>
          commentIncident(database, await actors(agent, now), id, { audience: 'public', body }, null),
        )
      }
      for (const child of running.children ?? []) {
        const childAt = telling.now - child.minutesAgo * minute
        steps.push({
          at: childAt,
          run: async (now) => {
            const ref = await raiseIncident(
              database,
              await actors(child.by, now),
              { ...base, title: child.title, impact, urgency: 2 },
              null,
            )
            const lead = leadOf(telling.story)
            return [
              {
                at: childAt + 2 * minute,
                run: async (later) => {
                  await setIncidentParent(database, await actors(lead, later), ref.id, ref.version, id)
                  return []
                },
              },
            ]
          },
        })
      }
      const { hold } = running
      if (hold !== undefined) {
        during(0.8, async (now) =>
          moveIncident(database, await actors(agent, now), id, await version(), { action: 'hold', ...hold }),
        )
      }
      return steps
    },
  }
}
