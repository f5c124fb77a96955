import { incidentStepRoutes as steps } from '@evenkeel/contract/incident-steps'
import { templateRoutes as templates } from '@evenkeel/contract/template'
import { serve } from '../../platform/http/serve.ts'
import { previewMacro, previewSteps, runMacro } from './incident.macros.ts'
import { readQuickReply } from './incident.quick-reply.ts'
import { createTemplate, editTemplate, listTemplates, templateVersions } from './incident.templates.ts'

/** Prepared words and changes: kept, and used on an incident. */
export const templateRoutes = [
  ...serve(templates, {
    listTemplates: ({ database, caller }, { query }) => listTemplates(database, caller, query.kind),
    createTemplate: ({ database, caller, once }, { body }) => createTemplate(database, caller, body, once),
    editTemplate: ({ database, caller }, { params, body, version }) =>
      editTemplate(database, caller, params.id, version, body),
    templateVersions: ({ database, caller }, { params }) => templateVersions(database, caller, params.id),
  }),
  ...serve(steps, {
    runMacro: ({ database, caller }, { params, body, version }) =>
      runMacro(database, caller, params.id, params.macroId, {
        seen: version,
        macroVersion: body.macroVersion,
      }),
    previewMacro: ({ database, caller }, { params }) =>
      previewMacro(database, caller, params.id, params.macroId),
    previewSteps: ({ database, caller }, { params, body }) =>
      previewSteps(database, caller, params.id, body.steps),
    readQuickReply: ({ database, caller }, { params }) =>
      readQuickReply(database, caller, params.id, params.replyId),
  }),
]
