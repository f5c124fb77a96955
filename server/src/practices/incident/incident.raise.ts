import type { IncidentRef, RaiseIncident } from '@evenkeel/contract/incident'
import { may } from '../../kernel/access.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write } from '../../platform/journal/write.ts'
import { policyInForce } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { insertRecord, nextNumber } from '../record/index.ts'
import { routeRecord, routingPolicy } from '../routing/index.ts'
import { serviceDirectory } from '../service/index.ts'
import { incidentProcess } from './incident.process.ts'
import { priorityOf, priorityPolicy } from './incident.priority.ts'
import { insertIncident } from './incident.repo.ts'

/** Raises an incident: prices it, routes it, stores it and says so, in one flush to the database. */
export const raiseIncident = async (
  database: Database,
  caller: Caller,
  draft: RaiseIncident,
  once: OnceStore | null,
): Promise<IncidentRef> => {
  const { tenantId, now } = caller
  const [matrix, routing, services] = await Promise.all([
    policyInForce(database, tenantId, priorityPolicy, now),
    policyInForce(database, tenantId, routingPolicy, now),
    serviceDirectory(database, tenantId),
  ])
  const service = draft.serviceId === null ? null : services.get(draft.serviceId)
  if (service === undefined || service?.isActive === false)
    throw invalid('serviceId', 'there is no such service')
  const routed = routeRecord(routing.document, routing.version, { service })
  if (routed === null)
    throw new Refusal('not_ready', 'no catch-all team is set: publish a routing policy first')

  const requesterId = draft.requesterId ?? caller.personId
  const row = {
    requesterId,
    followers: new Set<string>(),
    assigneeId: routed.personId,
    teamId: routed.teamId,
    serviceId: draft.serviceId,
    confidential: false,
  }
  if (
    requesterId !== caller.personId &&
    !may(caller.grants, 'incident.raise_for_others', caller.reach, row)
  ) {
    throw new Refusal('forbidden', [
      {
        code: 'incident.raise_for_others',
        field: 'requesterId',
        message: 'you may raise incidents for yourself only',
      },
    ])
  }
  const priority = priorityOf(matrix.document, draft.serviceId, draft.impact, draft.urgency)
  const id = uuidv7()
  const number = await nextNumber(database, caller, 'incident')
  const answer = { id, number, version: 1 }
  await write(database, caller, async (tx) => {
    insertRecord(tx, {
      id,
      kind: 'incident',
      number,
      title: draft.title,
      description: draft.description,
      state: incidentProcess.initial,
      is_open: true,
      priority,
      service_id: draft.serviceId,
      team_id: routed.teamId,
      assignee_id: routed.personId,
      requester_id: requesterId,
      confidentiality: draft.confidential ? 'confidential' : 'normal',
      custom: draft.custom,
    })
    insertIncident(tx, {
      id,
      impact: draft.impact,
      urgency: draft.urgency,
      computed_priority: priority,
      matrix_version: matrix.version,
      channel: draft.channel,
      category: draft.category,
      raised_by: caller.personId,
      routing: routed,
      teamId: routed.teamId,
      assigned_at: routed.personId === null ? null : now,
    })
    once?.remember(tx, 201, answer)
    const subject = { kind: 'incident', id }
    const raised = tx.journal({
      type: 'incident.raised',
      subject,
      data: {
        version: 1,
        number,
        title: draft.title,
        description: draft.description,
        requesterId,
        serviceId: draft.serviceId,
        impact: draft.impact,
        urgency: draft.urgency,
        priority,
        matrixVersion: matrix.version,
        channel: draft.channel,
        category: draft.category,
        confidential: draft.confidential,
        custom: draft.custom,
        state: incidentProcess.initial,
      },
      personal: ['/title', '/description', '/custom'],
    })
    tx.journal({
      type: 'incident.routed',
      subject,
      data: {
        version: 1,
        teamId: routed.teamId,
        personId: routed.personId,
        rule: routed.rule,
        sentence: routed.sentence,
        policyVersion: routed.version,
      },
      cause: raised,
    })
  })
  return answer
}
