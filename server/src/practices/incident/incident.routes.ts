import { incidentRoutes as routes } from '@evenkeel/contract/incident'
import { serve } from '../../platform/http/serve.ts'
import { assignIncident } from './incident.assign.ts'
import { commentIncident } from './incident.comment.ts'
import { editIncident, overrideIncidentPriority } from './incident.edit.ts'
import { previewResolve, setIncidentParent } from './incident.family.ts'
import { dropIncidentItem, nameIncidentItem } from './incident.items.ts'
import { linkIncident, unlinkIncident } from './incident.links.ts'
import { moveIncident } from './incident.moves.ts'
import { addAffected, removeAffected, unwatchIncident, watchIncident } from './incident.people.ts'
import { readIncident } from './incident.queries.ts'
import { weighIncident } from './incident.raise.items.ts'
import { raiseIncident } from './incident.raise.ts'
import { incidentTimeline } from './incident.timeline.ts'

/** What a route without an answer answers. */
const nothing = async (work: Promise<void>): Promise<undefined> => {
  await work
  return undefined
}

export const incidentRoutes = serve(routes, {
  raiseIncident: ({ database, caller, once }, { body }) => raiseIncident(database, caller, body, once),
  weighIncident: ({ database, caller }, { body }) => weighIncident(database, caller, body),
  readIncident: ({ database, caller }, { params }) => readIncident(database, caller, params.id),
  editIncident: ({ database, caller }, { params, body, version }) =>
    editIncident(database, caller, params.id, version, body),
  assignIncident: ({ database, caller }, { params, body, version }) =>
    assignIncident(database, caller, params.id, version, body),
  overrideIncidentPriority: ({ database, caller }, { params, body, version }) =>
    overrideIncidentPriority(database, caller, params.id, version, body),
  moveIncident: ({ database, caller }, { params, body, version }) =>
    moveIncident(database, caller, params.id, version, body),
  commentIncident: ({ database, caller, once }, { params, body }) =>
    commentIncident(database, caller, params.id, body, once),
  incidentTimeline: ({ database, caller }, { params, query }) =>
    incidentTimeline(database, caller, params.id, query),
  watchIncident: ({ database, caller }, { params, body }) =>
    nothing(watchIncident(database, caller, params.id, body.personId)),
  unwatchIncident: ({ database, caller }, { params }) =>
    nothing(unwatchIncident(database, caller, params.id, params.personId)),
  addAffected: ({ database, caller }, { params, body }) =>
    nothing(addAffected(database, caller, params.id, body.personId)),
  removeAffected: ({ database, caller }, { params }) =>
    nothing(removeAffected(database, caller, params.id, params.personId)),
  nameIncidentItem: ({ database, caller }, { params, body }) =>
    nothing(nameIncidentItem(database, caller, params.id, params.itemId, body.effect)),
  dropIncidentItem: ({ database, caller }, { params }) =>
    nothing(dropIncidentItem(database, caller, params.id, params.itemId)),
  linkIncident: ({ database, caller }, { params, body }) =>
    nothing(linkIncident(database, caller, params.id, body)),
  unlinkIncident: ({ database, caller }, { params: { id, ...link } }) =>
    nothing(unlinkIncident(database, caller, id, link)),
  setIncidentParent: ({ database, caller }, { params, body, version }) =>
    setIncidentParent(database, caller, params.id, version, body.parentId),
  previewResolve: ({ database, caller }, { params }) => previewResolve(database, caller, params.id),
})
