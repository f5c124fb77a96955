import { z } from 'zod'
import { holdReasons } from './choices.ts'
import { IncidentRow, incidentStates } from './incident.ts'
import { Id, Instant, Named, PersonRef } from './record.ts'
import { defineRoutes } from './route.ts'

/** Why something stands on somebody's home, the strongest first. */
export const homeReasons = [
  'hold_over',
  'reopened',
  'caller_answered',
  'mentioned',
  'hold_ends',
  'not_told',
  'not_started',
] as const
export type HomeReason = (typeof homeReasons)[number]

export const HomeLine = z.object({
  incident: IncidentRow,
  /** At least one, the strongest first; `at` is when it began, or for `hold_ends` when it will happen. */
  because: z.array(z.object({ why: z.enum(homeReasons), at: Instant })),
  /** The unread notifications of a mention; once they are read it no longer counts. */
  notices: z.array(Id),
})
export type HomeLine = z.infer<typeof HomeLine>

const Some = z.object({ rows: z.array(IncidentRow), count: z.int() })

export const Home = z.object({
  /** Open and critical, anywhere within reach: the banner. */
  critical: Some,
  /** What needs this person, in the order they should do it. */
  now: z.array(HomeLine),
  /** All that is assigned to them and open, also what needs nothing right now. */
  mine: z.int(),
  /** Callers of their teams who wrote and were not answered; not what is their own. */
  replies: z.array(z.object({ incident: IncidentRow, at: Instant })),
  /** In their teams, and nobody has it. */
  unassigned: Some,
  /** What they watch and others changed in the last two days, with the last thing that happened. */
  followed: z.array(
    z.object({ incident: IncidentRow, type: z.string(), at: Instant, actor: PersonRef.nullable() }),
  ),
})
export type Home = z.infer<typeof Home>

/** What somebody of a team has in hand. */
export const PersonLoad = z.object({
  person: PersonRef,
  /** Somebody who left the team and still has work of it. */
  left: z.boolean(),
  open: z.int(),
  critical: z.int(),
  onHold: z.int(),
  /** The one whose caller has gone longest without word. */
  quietest: z.object({ id: Id, number: z.string(), since: Instant }).nullable(),
  /** More than one and a half times the team's average. */
  heavy: z.boolean(),
})
export type PersonLoad = z.infer<typeof PersonLoad>

export const TeamLoad = z.object({
  team: Named,
  open: z.int(),
  critical: z.int(),
  unassigned: z.int(),
  /** Open incidents per member, to one decimal. */
  average: z.number(),
  people: z.array(PersonLoad),
})
export type TeamLoad = z.infer<typeof TeamLoad>

export const TeamHome = z.object({
  teams: z.array(TeamLoad),
  /** Open in these teams and reassigned more than twice. */
  pingPong: z.array(z.object({ incident: IncidentRow, reassigned: z.int() })),
})
export type TeamHome = z.infer<typeof TeamHome>

/** Something that somebody asked for help with, as they need to know it. */
export const PortalThing = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  state: z.enum(incidentStates),
  service: Named.nullable(),
  holdReason: z.enum(holdReasons).nullable(),
  /** It happens to this person; else they are affected too, or it was shared with them. */
  mine: z.boolean(),
  /** Somebody has it. */
  taken: z.boolean(),
  /** What only this person can do now. */
  waitsForMe: z.enum(['answer', 'confirm']).nullable(),
  createdAt: Instant,
  updatedAt: Instant,
  lastPublicAt: Instant.nullable(),
})
export type PortalThing = z.infer<typeof PortalThing>

export const Portal = z.object({
  /** Services in serious trouble that people are working on; `mine` is one's own incident about it. */
  down: z.array(z.object({ service: Named, since: Instant, mine: Id.nullable() })),
  /** What waits for this person first, then what is open, then what ended last. */
  things: z.array(PortalThing),
})
export type Portal = z.infer<typeof Portal>

export const homeRoutes = defineRoutes({
  readHome: {
    method: 'GET',
    path: '/home',
    summary: 'What needs the one who asks, in the order to do it',
    access: 'incident.read_internal',
    answer: Home,
  },
  readTeamHome: {
    method: 'GET',
    path: '/home/teams',
    summary: 'The load of the teams that the one who asks leads, by person',
    access: 'incident.read_internal',
    answer: TeamHome,
  },
  readPortal: {
    method: 'GET',
    path: '/portal',
    summary: 'What the one who asks has raised or shares, and what is known to be down',
    access: 'incident.read',
    answer: Portal,
  },
})
