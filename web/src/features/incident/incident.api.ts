import type { IncidentRef, IncidentView, TimelineItem } from '@evenkeel/contract/incident'
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'
import { askTogether } from '../../parts/ask-together.ts'
import { groupOptions } from '../../parts/listing-groups.ts'
import { noteOwnWrite } from '../../parts/own-writes.ts'
import { countOptions } from '../../parts/count-query.ts'

/** Everything that is drawn of one record hangs below `['record', id]`: one live change makes all of it stale. */
export const recordKey = (id: string) => ['record', id] as const
export const listKey = ['incidents'] as const

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: [...recordKey(id), 'view'],
    queryFn: () => client.readIncident({ params: { id } }),
  })

export type Timeline = { readonly items: readonly TimelineItem[] }
const pageSize = 200
/** Longer histories are cut here in this form of the page; the journal keeps them whole. */
const longest = 2000

/**
 * The whole timeline, page by page; asked again, only what came after the last item is fetched. `related` are the records whose ends it
 * tells of: with other ones it is another timeline.
 */
export const timelineQuery = (id: string, related: readonly string[], queries: QueryClient) => {
  const queryKey = [...recordKey(id), 'timeline', related.toSorted().join(' ')] as const
  return queryOptions({
    queryKey,
    queryFn: async (): Promise<Timeline> => {
      const items = [...(queries.getQueryData<Timeline>(queryKey)?.items ?? [])]
      for (;;) {
        const after = items.at(-1)?.id
        const page = await client.incidentTimeline({
          params: { id },
          query: { limit: pageSize, ...(after === undefined ? {} : { after }) },
        })
        items.push(...page.items)
        if (page.next === null || page.items.length === 0 || items.length >= longest) return { items }
      }
    },
  })
}

export type ListState = {
  readonly q: string
  readonly sort: string | undefined
  /** Narrows further, as JSON. */
  readonly filter?: string | undefined
  /** Keys of the custom fields that are columns. */
  readonly custom?: string | undefined
}

/** The first page is there quickly, those behind it are large: whoever scrolls wants many. */
export const pageOfRows = ({ q, sort, filter, custom = '' }: ListState, cursor: string) =>
  client.listIncidents({
    query: {
      limit: cursor === '' ? 100 : 200,
      ...(q === '' ? {} : { q }),
      ...(filter === undefined ? {} : { filter }),
      ...(sort === undefined ? {} : { sort }),
      ...(custom === '' ? {} : { custom }),
      ...(cursor === '' ? {} : { cursor }),
    },
  })

export const rowsKey = (state: ListState) => [
  ...listKey,
  'rows',
  state.q,
  state.sort,
  state.filter ?? '',
  state.custom ?? '',
]

export const incidentsQuery = (state: ListState) =>
  infiniteQueryOptions({
    queryKey: rowsKey(state),
    queryFn: ({ pageParam }) => pageOfRows(state, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

/** As many as one question takes. */
const listsTogether = 100

const countList = askTogether(listsTogether, async (lists: string[]) => {
  const { counts } = await client.countIncidentLists({
    body: { lists: lists.map((q) => (q === '' ? {} : { q })) },
  })
  return counts
})

/** How long a list is; null for one that cannot be read. All numbers of a page come with one request. */
export const countQuery = (q: string) => countOptions([...listKey, 'count', q], () => countList(q))

/** What divides a list, with the count of each part. */
export const groupsQuery = (q: string, by: string) =>
  groupOptions([...listKey, 'count', 'groups', q, by], () =>
    client.groupIncidents({ query: { by, ...(q === '' ? {} : { q }) } }),
  )

export const filterFieldsQuery = queryOptions({
  queryKey: [...listKey, 'fields'],
  queryFn: () => client.incidentFilterFields(),
  staleTime: 300_000,
})

export const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: () => client.listServices({ query: { active: 'true' } }),
  staleTime: 300_000,
})

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: () => client.listTeams(),
  staleTime: 300_000,
})

/** Commands on one record go one after the other: each names the version that the one before it made. */
const running = new Map<string, Promise<unknown>>()

/**
 * Runs a command on an incident and brings the page up to date. What the command is known to do is shown at once (`foretold`); when it is
 * refused, the page goes back to what is true, and the refusal goes on to who asked.
 */
export const command = async (
  queries: QueryClient,
  incident: IncidentView,
  run: (seen: { params: { id: string }; version: number }) => Promise<IncidentRef | undefined>,
  foretold?: Partial<IncidentView>,
): Promise<void> => {
  const { id } = incident
  const { queryKey } = incidentQuery(id)
  const shown = (): IncidentView => queries.getQueryData<IncidentView>(queryKey) ?? incident
  const before = shown()
  const turn = (running.get(id) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => run({ params: { id }, version: shown().version }))
  running.set(id, turn)
  await queries.cancelQueries({ queryKey })
  if (foretold !== undefined) queries.setQueryData<IncidentView>(queryKey, { ...shown(), ...foretold })
  const isLast = (): boolean => running.get(id) === turn
  try {
    const ref = await turn
    if (ref !== undefined) {
      noteOwnWrite(id, ref.version)
      queries.setQueryData<IncidentView>(queryKey, { ...shown(), version: ref.version })
    }
  } catch (error) {
    queries.setQueryData(queryKey, before)
    // A refusal often means that the page is behind; who asked sees both what is true now and why it was refused.
    await queries.invalidateQueries({ queryKey: recordKey(id) })
    throw error
  } finally {
    if (isLast()) running.delete(id)
  }
  // While another command is under way, its own answer brings the page up to date.
  if (!running.has(id)) void queries.invalidateQueries({ queryKey: recordKey(id) })
  void queries.invalidateQueries({ queryKey: [...listKey, 'count'] })
}

/** What giving it to somebody is known to do: work can start then. */
export const foretoldAssignment = (
  incident: IncidentView,
  assignee: IncidentView['assignee'],
): Partial<IncidentView> => ({
  assignee,
  moves: incident.moves.map((move) => {
    const reasons = assignee === null ? move.reasons : move.reasons.filter(({ code }) => code !== 'assigned')
    return { ...move, reasons, ready: reasons.length === 0 }
  }),
})

export const clocksQuery = (id: string) =>
  queryOptions({
    queryKey: [...recordKey(id), 'clocks'],
    queryFn: () => client.readIncidentClocks({ params: { id } }),
  })
