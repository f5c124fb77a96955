import type { Calendar } from '../../src/kernel/time/calendar.ts'
import { publishPolicy } from '../../src/platform/policy/policy.ts'
import { write, type Author } from '../../src/platform/journal/write.ts'
import type { Database } from '../../src/platform/postgres/database.ts'
import { callerAs, createPerson, createTeam, createTenant } from '../../src/practices/people/index.ts'
import { routingPolicy } from '../../src/practices/routing/index.ts'
import { agreements } from './agreements.ts'
import { calendarPolicy, serviceLevelPolicy } from '../../src/practices/service-level/index.ts'
import { createService } from '../../src/practices/configuration/index.ts'
import { bank } from './bank.ts'
import { bankEstate } from './bank.estate.ts'
import { bankTrade } from './bank.trade.ts'
import { hospitalTrade } from './hospital.trade.ts'
import { trade, type Trade } from './trade.ts'
import { furnish, type Estate } from './estate.ts'
import { hospital } from './hospital.ts'
import { hospitalEstate } from './hospital.estate.ts'
import { tell } from './tell.ts'
import { idOf, type Story } from './story.ts'

export const demoDays = 60
const day = 86_400_000

/**
 * A hospital and a bank with sixty days behind them, made through the same commands that people use, in the order in which it happened:
 * the journal they leave is a real one.
 */
export const seedDemo = async (database: Database, now: number = Date.now()): Promise<void> => {
  await Promise.all([
    seedStory(database, hospital, hospitalEstate, now),
    seedStory(database, bank, bankEstate, now),
  ])
}

const trades: Readonly<Record<string, Trade>> = { 'st-brigid': hospitalTrade, meridian: bankTrade }

const actor = { kind: 'system', id: null, onBehalfOf: null, via: 'seed' } as const

const seedStory = async (database: Database, story: Story, estate: Estate, now: number): Promise<void> => {
  const founded = new Date(now - (demoDays + 1) * day).toISOString()
  const by = { actor, request: null, now: founded }
  const tenantId = await createTenant(database, by, {
    slug: story.slug,
    name: story.name,
    timeZone: story.timeZone,
    isDemo: true,
  })
  const author: Author = { ...by, tenantId }

  for (const [name, document] of calendarsOf(story.timeZone)) {
    await write(database, author, (tx) =>
      publishPolicy(tx, calendarPolicy, { document, name, note: 'working hours', basedOn: 0 }),
    )
  }
  const people = new Map<string, string>()
  for (const person of story.people) {
    const email = `${person.key}@${story.slug}.example`
    const id = await createPerson(database, author, {
      name: person.name,
      email,
      title: person.title,
      timeZone: story.timeZone,
      roles: person.roles,
      isVip: person.vip ?? false,
    })
    people.set(person.key, id)
  }
  const teams = new Map<string, string>()
  for (const team of story.teams) {
    const members = story.people
      .filter((person) => person.teams?.includes(team.key) === true)
      .map((person) => ({ personId: idOf(people, person.key), isLead: person.leads === team.key }))
    teams.set(
      team.key,
      await createTeam(database, author, {
        name: team.name,
        description: team.description,
        calendar: team.hours,
        members,
      }),
    )
  }
  const administrator = story.people.find((person) => person.roles.includes('administrator'))?.key ?? ''
  const caller = await callerAs(database, tenantId, idOf(people, administrator), founded, 'seed')
  const services = new Map<string, string>()
  for (const { key, team, ...service } of story.services) {
    const draft = { ...service, supportTeamId: idOf(teams, team), ownerId: null }
    services.set(key, (await createService(database, caller, draft, null)).id)
  }
  await furnish(database, caller, estate, services)
  await trade(database, caller, trades[story.slug] ?? bankTrade, services, [...people.values()], now)
  await write(database, author, (tx) =>
    publishPolicy(tx, routingPolicy, {
      document: {
        rules: [
          {
            id: 'telephones',
            name: 'Telephones and pagers',
            when: {
              any: [
                { field: 'title', op: 'contains', value: 'pager' },
                { field: 'title', op: 'contains', value: 'crash call' },
              ],
            },
            teamId: teams.get('network') ?? idOf(teams, 'desk'),
            pick: 'least_open_work',
          },
        ],
        servicePick: 'none',
        catchAllTeamId: idOf(teams, 'desk'),
      },
      note: 'Services to their teams, everything else to the desk',
      basedOn: 0,
    }),
  )
  // Agreed today: what was over before was measured by nobody.
  await write(database, author, (tx) =>
    publishPolicy(tx, serviceLevelPolicy, {
      document: agreements,
      note: 'What was agreed with the departments',
      basedOn: 0,
      effectiveFrom: new Date(now).toISOString(),
    }),
  )
  await tell(database, { story, tenantId, people, teams, services, now, days: demoDays })
}

const calendarsOf = (zone: string): [string, Calendar][] => {
  const every = (days: readonly string[], from: string, to: string) =>
    Object.fromEntries(days.map((name) => [name, [{ from, to }]]))
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
  const week = [...weekdays, 'saturday', 'sunday']
  const closed = {
    holidays: [],
    yearlyHolidays: [
      { date: '12-25', name: 'Christmas Day', hours: [] },
      { date: '01-01', name: 'New Year', hours: [] },
    ],
  }
  const parsed = (days: Record<string, { from: string; to: string }[]>, rest: object): Calendar =>
    calendarPolicy.schema.parse({ zone, week: days, ...rest })
  return [
    ['office', parsed(every(weekdays, '08:00', '17:00'), closed)],
    ['early to late', parsed(every(week, '06:00', '22:00'), closed)],
    ['always', parsed(every(week, '00:00', '24:00'), {})],
  ]
}
