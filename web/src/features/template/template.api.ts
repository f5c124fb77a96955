import type { TemplateKind, TemplateView } from '@evenkeel/contract/template'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../parts/api.ts'

export const templatesKey = ['templates'] as const

/** All kinds in one answer: those for everybody, and those of one's own teams. */
export const templatesQuery = queryOptions({
  queryKey: [...templatesKey, 'all'],
  queryFn: () => client.listTemplates({ query: {} }),
})

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...templatesKey, 'versions', id],
    queryFn: () => client.templateVersions({ params: { id } }),
  })

export type Document = TemplateView['document']
export type MacroDocument = Extract<Document, { steps: unknown }>
export type ReplyDocument = Extract<Document, { body: string }>
export type FormDocument = Exclude<Document, MacroDocument | ReplyDocument>

/** A template being written: its kind says which document it has. */
export type TemplateDraft = { readonly name: string; readonly teamId: string | null } & (
  | { readonly kind: 'macro'; readonly document: MacroDocument }
  | { readonly kind: 'quick_reply'; readonly document: ReplyDocument }
  | { readonly kind: 'incident'; readonly document: FormDocument }
)

/** What a template sets out to do; only those of incidents do. */
export const checklistIn = (document: Document): readonly string[] =>
  'checklist' in document ? (document.checklist ?? []) : []

export const isMacro = (document: Document): document is MacroDocument => 'steps' in document
const isReply = (document: Document): document is ReplyDocument => 'audience' in document

export const draftOf = (
  kind: TemplateKind,
  {
    name,
    teamId,
    document,
  }: { readonly name: string; readonly teamId: string | null; readonly document: Document },
): TemplateDraft => {
  if (isMacro(document)) return { kind: 'macro', name, teamId, document }
  if (isReply(document)) return { kind: 'quick_reply', name, teamId, document }
  return kind === 'incident' ? { kind, name, teamId, document } : emptyDraft(kind)
}

export const emptyDraft = (kind: TemplateKind): TemplateDraft => {
  const head = { name: '', teamId: null }
  switch (kind) {
    case 'macro':
      return { ...head, kind, document: { steps: [] } }
    case 'quick_reply':
      return { ...head, kind, document: { audience: 'public', body: '' } }
    case 'incident':
      return { ...head, kind, document: {} }
  }
}

/** What is still missing before it can be saved; a macro may be tried with less. */
export const missingIn = (draft: TemplateDraft): readonly ('name' | 'steps' | 'body' | 'anything')[] => [
  ...(draft.name.trim() === '' ? (['name'] as const) : []),
  ...(draft.kind === 'macro' && draft.document.steps.length === 0 ? (['steps'] as const) : []),
  ...(draft.kind === 'quick_reply' && draft.document.body.trim() === '' ? (['body'] as const) : []),
  ...(draft.kind === 'incident' && Object.values(draft.document).every((value) => value === undefined)
    ? (['anything'] as const)
    : []),
]
