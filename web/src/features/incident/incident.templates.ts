import type { TemplateKind } from '@evenkeel/contract/template'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

/** Templates, quick replies or macros that this person may use. */
export const templatesQuery = (kind: TemplateKind) =>
  queryOptions({
    queryKey: ['templates', kind],
    queryFn: () => client.listTemplates({ query: { kind } }),
    staleTime: 300_000,
    retry: false,
  })
