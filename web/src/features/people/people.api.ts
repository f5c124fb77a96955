import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

/** Everything about people, teams and roles hangs below these: one write makes what it may have touched stale. */
export const peopleKey = ['people'] as const
export const teamsKey = ['teams'] as const
export const rolesKey = ['roles'] as const

export type PeopleFilter = {
  readonly q?: string | undefined
  readonly state?: PersonState | undefined
  readonly team?: string | undefined
  readonly role?: string | undefined
}
export const personStates = ['active', 'locked', 'inactive', 'all'] as const
export type PersonState = (typeof personStates)[number]

export const peopleQuery = ({ q, state = 'active', team, role }: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: [...peopleKey, 'list', q, state, team, role],
    queryFn: ({ pageParam }) =>
      client.listPeople({
        query: {
          limit: 100,
          ...(q === undefined ? {} : { q }),
          ...(team === undefined ? {} : { teamId: team }),
          ...(role === undefined ? {} : { roleId: role }),
          ...(state === 'active' ? { active: 'true' as const } : {}),
          ...(state === 'inactive' ? { active: 'false' as const } : {}),
          ...(state === 'locked' ? { locked: 'true' as const } : {}),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

export const personKey = (id: string) => [...peopleKey, 'one', id] as const
export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...personKey(id), 'view'],
    queryFn: () => client.readPerson({ params: { id } }),
  })

export const sessionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...personKey(id), 'sessions'],
    queryFn: () => client.listSessionsOf({ params: { id } }),
  })

export const keysOfQuery = (id: string) =>
  queryOptions({
    queryKey: [...personKey(id), 'keys'],
    queryFn: () => client.listApiKeysOf({ params: { id } }),
  })

export const personUseQuery = (id: string) =>
  queryOptions({
    queryKey: [...personKey(id), 'use'],
    queryFn: () => client.readPersonUse({ params: { id } }),
    staleTime: 0,
  })

export const allKeysQuery = queryOptions({
  queryKey: [...peopleKey, 'keys'],
  queryFn: () => client.listAllApiKeys(),
})

export const teamsQuery = queryOptions({
  queryKey: teamsKey,
  queryFn: () => client.listTeams(),
})

export const teamQuery = (id: string) =>
  queryOptions({ queryKey: [...teamsKey, id, 'view'], queryFn: () => client.readTeam({ params: { id } }) })

export const teamUseQuery = (id: string) =>
  queryOptions({
    queryKey: [...teamsKey, id, 'use'],
    queryFn: () => client.readTeamUse({ params: { id } }),
    staleTime: 0,
  })

export const rolesQuery = queryOptions({ queryKey: rolesKey, queryFn: () => client.listRoles() })

/** Names of the working hours that a team may have. */
export const calendarsQuery = queryOptions({
  queryKey: ['policies', 'names'],
  queryFn: async () =>
    (await client.listPolicies()).policies.filter(({ kind, name }) => kind === 'calendar' && name !== ''),
  staleTime: 60_000,
})
