import type { TemplateKind } from '@evenkeel/contract/template'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

const asked = { staleTime: 300_000, retry: false } as const

/** Quick replies or macros that this person may use. */
export const templatesQuery = (kind: Exclude<TemplateKind, 'incident'>) =>
  queryOptions({
    queryKey: ['templates', kind],
    queryFn: () => client.listTemplates({ query: { kind } }),
    ...asked,
  })

/** Forms filled in beforehand, and what they fill in; one that cannot be read any more fills in nothing. */
export const incidentTemplatesQuery = queryOptions({
  queryKey: ['templates', 'incident'],
  queryFn: async () => {
    const { rows } = await client.listTemplates({ query: { kind: 'incident' } })
    // What checks them is heavy, and most records ask in vain.
    if (rows.length === 0) return { rows: [] }
    const { IncidentTemplate } = await import('@evenkeel/contract/template')
    return {
      rows: rows.map((row) => ({ ...row, says: IncidentTemplate.safeParse(row.document).data ?? {} })),
    }
  },
  ...asked,
})
