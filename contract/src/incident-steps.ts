import { z } from 'zod'
import {
  AssignIncident,
  EditIncident,
  IncidentRef,
  OverridePriority,
  RepeatableMove,
  TimelineItem,
  WriteComment,
} from './incident.ts'
import { ChecklistText } from './checklist.ts'
import { Audience, Id, Version } from './record.ts'
import { Reason } from './refusal.ts'
import { defineRoutes } from './route.ts'

/** One of several changes made to one incident as one: what macros and bulk actions are made of. */
export const IncidentStep = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('set'),
    fields: EditIncident.omit({ title: true, description: true }),
  }),
  z.strictObject({ do: z.literal('assign'), to: AssignIncident }),
  OverridePriority.extend({ do: z.literal('override_priority') }),
  WriteComment.extend({ do: z.literal('comment') }),
  z.strictObject({ do: z.literal('move'), move: RepeatableMove }),
  /** What an incident template sets out to do, as it stands when the step is made. */
  z.strictObject({ do: z.literal('add_checklist'), templateId: Id }),
  /** The things to do that say this, whoever put them on the checklist. */
  z.strictObject({ do: z.literal('tick'), text: ChecklistText, done: z.boolean() }),
])
export type IncidentStep = z.infer<typeof IncidentStep>
export const IncidentSteps = z.array(IncidentStep).min(1).max(10)

/** What a macro would do to an incident as it is now, in the words of the timeline; or why it would not. */
export const StepsPreview = z.object({
  ready: z.boolean(),
  reasons: z.array(Reason),
  items: z.array(
    TimelineItem.pick({ type: true, audience: true, body: true, changes: true, sentence: true }),
  ),
})
export type StepsPreview = z.infer<typeof StepsPreview>

const ById = z.object({ id: Id })
const ByIdAndMacro = z.object({ id: Id, macroId: Id })

/** Prepared words and changes, used on one incident. */
export const incidentStepRoutes = defineRoutes({
  runMacro: {
    method: 'POST',
    path: '/incidents/{id}/macros/{macroId}',
    summary: 'Make the changes of a macro, all or none',
    access: 'incident.read_internal',
    params: ByIdAndMacro,
    body: z.strictObject({ macroVersion: Version }),
    answer: IncidentRef,
    versioned: true,
  },
  previewMacro: {
    method: 'POST',
    path: '/incidents/{id}/macros/{macroId}/preview',
    summary: 'What a macro would do, without doing it',
    access: 'incident.read_internal',
    params: ByIdAndMacro,
    answer: StepsPreview,
  },
  previewSteps: {
    method: 'POST',
    path: '/incidents/{id}/steps/preview',
    summary: 'What the steps of a macro that is still being written would do, without doing it',
    access: 'incident.read_internal',
    params: ById,
    body: z.strictObject({ steps: IncidentSteps }),
    answer: StepsPreview,
  },
  readQuickReply: {
    method: 'GET',
    path: '/incidents/{id}/quick-replies/{replyId}',
    summary: 'A quick reply filled in for this incident, to be edited and sent',
    access: 'incident.read_internal',
    params: z.object({ id: Id, replyId: Id }),
    answer: z.object({ audience: Audience, body: z.string() }),
  },
})
