import { z } from 'zod'
import { holdReasons } from './choices.ts'
import { Id, Instant, ListQuery, Named } from './record.ts'
import { defineRoutes } from './route.ts'

const Minutes = z.int().min(0)

/** Where an incident was, and for how long; `to` is null while it is still there. */
export const TeamSpan = z.object({ team: Named, from: Instant, to: Instant.nullable(), minutes: Minutes })
export type TeamSpan = z.infer<typeof TeamSpan>

/** The way of one incident through teams. The minutes of the spans add up to `minutes`: from raising to the end, or to now. */
export const TeamLedger = z.object({
  minutes: Minutes,
  /** How often it came back to a team that had just given it away. */
  bounces: z.int(),
  spans: z.array(TeamSpan),
  teams: z.array(z.object({ team: Named, minutes: Minutes })),
})
export type TeamLedger = z.infer<typeof TeamLedger>

const IncidentNamed = z.object({ id: Id, number: z.string(), title: z.string() })

/** `capped`: the filter found more than a report counts; the newest are counted. */
const Counted = z.object({ counted: z.int(), capped: z.boolean() })

export const TeamsReport = Counted.extend({
  /** Most minutes first. */
  teams: z.array(
    z.object({
      team: Named,
      incidents: z.int(),
      minutes: Minutes,
      /** How often one was given to another team. */
      givenAway: z.int(),
      /** How often one came back that had just been given away. */
      cameBack: z.int(),
    }),
  ),
  /** What went back and forth most, at most twenty. */
  bounced: z.array(IncidentNamed.extend({ bounces: z.int(), minutesAway: Minutes })),
})
export type TeamsReport = z.infer<typeof TeamsReport>

const Held = z.object({
  holds: z.int(),
  minutes: Minutes,
  silentMinutes: Minutes,
  /** The incidents behind these numbers, longest first, at most two hundred: what a filter takes. */
  incidents: z.array(z.string()),
  silentIncidents: z.array(z.string()),
})

/**
 * Time on hold, and how much of it was silent: nobody had written to the caller since the hold began. A clock that stands still while
 * nobody asks anything is how targets are made to look met.
 */
export const HoldsReport = Held.extend({
  ...Counted.shape,
  reasons: z.array(Held.extend({ reason: z.enum(holdReasons) })),
  /** By the team that had it when the hold began, most silent first. */
  teams: z.array(Held.extend({ team: Named })),
  /** The most silent, at most twenty. */
  silent: z.array(IncidentNamed.extend({ minutes: Minutes, silentMinutes: Minutes })),
})
export type HoldsReport = z.infer<typeof HoldsReport>

const Filtered = ListQuery.pick({ q: true, filter: true })

export const incidentReportRoutes = defineRoutes({
  incidentTeams: {
    method: 'GET',
    path: '/incidents/{id}/teams',
    summary: 'Which teams had it, for how long each',
    access: 'incident.read_internal',
    params: z.object({ id: Id }),
    answer: TeamLedger,
  },
  reportTeams: {
    method: 'GET',
    path: '/reports/incidents/teams',
    summary: 'Time per team over the incidents of a filter, and what went back and forth',
    access: 'incident.read_internal',
    query: Filtered,
    answer: TeamsReport,
  },
  reportHolds: {
    method: 'GET',
    path: '/reports/incidents/holds',
    summary: 'Time on hold over the incidents of a filter, and how much of it nobody wrote to the caller',
    access: 'incident.read_internal',
    query: Filtered,
    answer: HoldsReport,
  },
  exportTeamsReport: {
    method: 'GET',
    path: '/reports/incidents/teams/export',
    summary: 'The same as a CSV file, a line for each team',
    access: 'export',
    query: Filtered,
    media: { answer: 'text/csv' },
  },
  exportHoldsReport: {
    method: 'GET',
    path: '/reports/incidents/holds/export',
    summary: 'The same as a CSV file, a line for each reason and each team',
    access: 'export',
    query: Filtered,
    media: { answer: 'text/csv' },
  },
})
