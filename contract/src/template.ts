import { z } from 'zod'
import { ChecklistText } from './checklist.ts'
import type { replyVariables } from './choices.ts'
import { EditIncident } from './incident.ts'
import { IncidentSteps } from './incident-steps.ts'
import { Audience, Id, Instant, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

/** `incident`: a form filled in beforehand. `quick_reply`: words to send. `macro`: several changes made as one. */
export const templateKinds = ['incident', 'quick_reply', 'macro'] as const
export type TemplateKind = (typeof templateKinds)[number]

export type ReplyVariable = (typeof replyVariables)[number]

export const IncidentTemplate = EditIncident.omit({ confidential: true, custom: true }).extend({
  /** What is to be done with an incident of this kind. */
  checklist: z.array(ChecklistText).max(50).optional(),
})
export type IncidentTemplate = z.infer<typeof IncidentTemplate>

export const QuickReply = z.strictObject({ audience: Audience, body: z.string().trim().min(1).max(10_000) })
export type QuickReply = z.infer<typeof QuickReply>

export const Macro = z.strictObject({ steps: IncidentSteps })
export type Macro = z.infer<typeof Macro>

const Name = z.string().trim().min(1).max(80)
const TeamId = Id.nullable()

export const NewTemplate = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('incident'),
    name: Name,
    teamId: TeamId.default(null),
    document: IncidentTemplate,
  }),
  z.strictObject({
    kind: z.literal('quick_reply'),
    name: Name,
    teamId: TeamId.default(null),
    document: QuickReply,
  }),
  z.strictObject({ kind: z.literal('macro'), name: Name, teamId: TeamId.default(null), document: Macro }),
])
export type NewTemplate = z.infer<typeof NewTemplate>

/** The document has to be one of the template's kind; the kind itself never changes. */
export const EditTemplate = z
  .strictObject({
    name: Name,
    teamId: TeamId,
    isActive: z.boolean(),
    document: z.union([Macro, QuickReply, IncidentTemplate]),
  })
  .partial()
export type EditTemplate = z.infer<typeof EditTemplate>

export const TemplateView = z.object({
  id: Id,
  kind: z.enum(templateKinds),
  name: z.string(),
  /** Null: for everyone. */
  team: z.object({ id: Id, name: z.string() }).nullable(),
  isActive: z.boolean(),
  version: Version,
  document: z.union([Macro, QuickReply, IncidentTemplate]),
  mayEdit: z.boolean(),
})
export type TemplateView = z.infer<typeof TemplateView>

export const TemplateVersion = z.object({
  version: Version,
  name: z.string(),
  document: z.union([Macro, QuickReply, IncidentTemplate]),
  author: PersonRef,
  at: Instant,
})

const ById = z.object({ id: Id })
const TemplateRef = z.object({ id: Id, version: Version })
export type TemplateRef = z.infer<typeof TemplateRef>

export const templateRoutes = defineRoutes({
  listTemplates: {
    method: 'GET',
    path: '/templates',
    summary: "Templates, quick replies and macros for everyone and for one's own teams",
    access: 'incident.read_internal',
    query: z.strictObject({ kind: z.enum(templateKinds).optional() }),
    answer: z.object({ rows: z.array(TemplateView) }),
  },
  createTemplate: {
    method: 'POST',
    path: '/templates',
    summary: 'Create a template, quick reply or macro',
    access: 'template.manage',
    body: NewTemplate,
    answer: TemplateRef,
    status: 201,
    idempotent: true,
  },
  editTemplate: {
    method: 'PATCH',
    path: '/templates/{id}',
    summary: 'Make its next version',
    access: 'template.manage',
    params: ById,
    body: EditTemplate,
    answer: TemplateRef,
    versioned: true,
  },
  templateVersions: {
    method: 'GET',
    path: '/templates/{id}/versions',
    summary: 'Every version it had, newest first',
    access: 'incident.read_internal',
    params: ById,
    answer: z.object({ rows: z.array(TemplateVersion) }),
  },
})
