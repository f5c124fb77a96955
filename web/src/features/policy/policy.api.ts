import type { PolicyVersionView } from '@evenkeel/contract/policy'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

/** Policies in the order in which they are shown; calendars come under names of their own. */
const policyKinds = [
  'priority_matrix',
  'routing',
  'incident_rules',
  'impact_rules',
  'item_classes',
  'item_sources',
  'notification',
  'security',
  'calendar',
] as const
export type PolicyKind = (typeof policyKinds)[number]

export const isPolicyKind = (kind: string): kind is PolicyKind => policyKinds.some((known) => known === kind)

export const policiesQuery = queryOptions({
  queryKey: ['policies', 'list'],
  queryFn: () => client.listPolicies(),
})

export const versionsQuery = (kind: PolicyKind, name: string) =>
  queryOptions({
    queryKey: ['policies', 'versions', kind, name],
    queryFn: () => client.policyVersions({ params: { kind }, query: { name } }),
  })

/** A version never changes. */
export const versionQuery = (kind: PolicyKind, name: string, version: number | undefined) =>
  queryOptions({
    queryKey: ['policies', 'version', kind, name, version],
    queryFn: () =>
      client.readPolicy({ params: { kind }, query: { name, ...(version === undefined ? {} : { version }) } }),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const differenceQuery = (kind: PolicyKind, name: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['policies', 'difference', kind, name, from, to],
    queryFn: () => client.comparePolicy({ params: { kind }, query: { name, from, to } }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const previewQuery = (kind: PolicyKind, name: string, json: string, last: number, enabled: boolean) =>
  queryOptions({
    queryKey: ['policies', 'preview', kind, name, json, last],
    queryFn: () => {
      const document: unknown = JSON.parse(json)
      return client.previewPolicy({ params: { kind }, body: { name, document, last } })
    },
    enabled,
    retry: false,
  })

export type VersionHead = Omit<PolicyVersionView, 'document'>

export const teamsQuery = queryOptions({
  queryKey: ['teams', 'all'],
  queryFn: () => client.listTeams(),
  staleTime: 60_000,
})

export const rolesQuery = queryOptions({
  queryKey: ['roles', 'all'],
  queryFn: () => client.listRoles(),
  staleTime: 60_000,
})

export const servicesQuery = queryOptions({
  queryKey: ['services', 'all'],
  queryFn: () => client.listServices(),
  staleTime: 60_000,
})

/** What can be chosen: what is in use, and what was chosen already. */
export const choicesOf = (
  rows: readonly { readonly id: string; readonly name: string; readonly isActive: boolean }[] | undefined,
  kept: string | null = null,
): { value: string; label: string }[] =>
  (rows ?? [])
    .filter((row) => row.isActive || row.id === kept)
    .map(({ id, name }) => ({ value: id, label: name }))
