import { z } from 'zod'
import { incidentStates, ListedIncident, Priority } from './incident.ts'
import { fieldTypes, Filter } from './filter.ts'
import { Id, ListQuery, Named, pageOf } from './record.ts'
import { defineRoutes } from './route.ts'

/** A field that this reader may filter by: what the filter bar completes and the builder offers. */
export const FilterField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(fieldTypes),
  sortable: z.boolean(),
  /** Lists may be divided by it, with a count for each value. */
  groupable: z.boolean(),
  /** Shorter or older words for it in the filter bar. */
  aliases: z.array(z.string()),
  choices: z.array(z.object({ value: z.string(), label: z.string() })),
  /** Whose names stand for a reference's ids, and what else may: `me`, `my_teams`. */
  names: z.enum(['people', 'teams', 'services', 'items']).nullable(),
  relative: z.array(z.enum(['me', 'my_teams'])),
  whole: z.boolean(),
})
export type FilterField = z.infer<typeof FilterField>

/** An open incident that may be about the same thing, and why it was found. */
export const SimilarIncident = z.object({
  id: Id,
  number: z.string(),
  title: z.string(),
  state: z.enum(incidentStates),
  priority: Priority,
  /** Why it is here, in words: similar words, same service, same requester. */
  because: z.array(z.enum(['words', 'service', 'requester'])),
  affected: z.int(),
})
export type SimilarIncident = z.infer<typeof SimilarIncident>

/** All records of a list that have one value of a field; null where they have none. */
export const IncidentGroup = z.object({ value: z.string().nullable(), label: z.string(), count: z.int() })
export type IncidentGroup = z.infer<typeof IncidentGroup>

/** A filter in all its forms: what the filter bar shows, what the builder draws, and what a person reads. */
export const IncidentFilter = z.object({
  filter: Filter,
  text: z.string(),
  sentence: z.string(),
  /** People, teams, services and items that it names by id. */
  names: z.array(Named),
})
export type IncidentFilter = z.infer<typeof IncidentFilter>

/** A list's filter, in either of its forms or both. */
const ListFilter = ListQuery.pick({ filter: true, q: true })
const ListCount = z.object({ count: z.int(), capped: z.boolean() })

export const incidentListRoutes = defineRoutes({
  listIncidents: {
    method: 'GET',
    path: '/incidents',
    summary: 'List incidents by a filter',
    access: 'incident.read',
    query: ListQuery.extend({
      /** Keys of custom fields whose values come along: `ward,device`. */
      custom: z.string().max(2000).optional(),
    }),
    answer: pageOf(ListedIncident),
  },
  countIncidents: {
    method: 'GET',
    path: '/incidents/count',
    summary: 'Count incidents by a filter, up to ten thousand',
    access: 'incident.read',
    query: ListFilter,
    answer: ListCount,
  },
  countIncidentLists: {
    method: 'POST',
    path: '/incidents/counts',
    summary: 'Count several lists at one moment, each up to ten thousand',
    access: 'incident.read',
    body: z.strictObject({ lists: z.array(ListFilter).min(1).max(100) }),
    answer: z.object({
      /** In the order of the question; null for a list that this reader cannot have: its filter is none, or not for them. */
      counts: z.array(ListCount.nullable()),
    }),
  },
  incidentFilterFields: {
    method: 'GET',
    path: '/incidents/fields',
    summary: 'The fields this reader may filter and sort incidents by',
    access: 'incident.read',
    answer: z.object({ fields: z.array(FilterField) }),
  },
  groupIncidents: {
    method: 'GET',
    path: '/incidents/groups',
    summary: 'The values of a field within a list, in the order of the list sorted by it, with their counts',
    access: 'incident.read',
    query: ListFilter.extend({
      /** A field's name, `-` in front for the other direction. */
      by: z.string().min(1).max(80),
    }),
    answer: z.object({
      groups: z.array(IncidentGroup),
      /** There are more values than are told. */
      more: z.boolean(),
    }),
  },
  readIncidentFilter: {
    method: 'GET',
    path: '/incidents/filter',
    summary: 'A filter as text, as JSON and as a sentence, whichever it came as',
    access: 'incident.read',
    query: ListFilter,
    answer: IncidentFilter,
  },
  exportIncidents: {
    method: 'GET',
    path: '/incidents/export',
    summary: 'The same list as a file, all of its rows: CSV, or a sheet with format=xlsx',
    access: 'export',
    query: ListQuery.pick({ filter: true, q: true, sort: true }).extend({
      /** Names of fields in the order of the columns, `number,title,custom.ward`; all that every incident has when absent. */
      columns: z.string().max(4000).optional(),
      /** `csv` when absent. In a sheet times are dates, by the clocks of who asks. */
      format: z.enum(['csv', 'xlsx']).optional(),
    }),
    media: {
      answer: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    },
  },
  similarIncidents: {
    method: 'GET',
    path: '/incidents/similar',
    summary: 'Open incidents that may be about the same, while one is being written',
    access: 'incident.raise',
    query: z.strictObject({
      title: z.string().trim().min(3).max(200),
      serviceId: Id.optional(),
      requesterId: Id.optional(),
    }),
    answer: z.object({ incidents: z.array(SimilarIncident) }),
  },
})
