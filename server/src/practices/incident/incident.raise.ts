import type { IncidentRef, RaiseIncident } from '@evenkeel/contract/incident'
import { may, mayAtAll, type Row } from '../../kernel/access.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { customValues, followingOf, insertRecord, withNumber } from '../record/index.ts'
import { routeRecord, takeTurn } from '../routing/index.ts'
import { insertChecklist } from './incident.checklist.ts'
import { mustBeActive, rightsOn } from './incident.command.ts'
import { linkNew } from './incident.duplicates.ts'
import { standingFacts } from './incident.facts.ts'
import { incidentProcess } from './incident.process.ts'
import { priorityOf } from './incident.priority.ts'
import { routingFacts } from './incident.routing.ts'
import { findIncident, insertIncident } from './incident.repo.ts'
import { byItems, factsByItems, insertItems, mustNameOnlyOwn } from './incident.raise.items.ts'
import { policiesAt } from './incident.rules.ts'
import { urgencyOf, vipPeople } from './incident.urgency.ts'
import { says } from './incident.reasons.ts'

/** Raises an incident: prices it, routes it, stores it and says so, in one flush to the database. */
export const raiseIncident = async (
  database: Database,
  caller: Caller,
  draft: RaiseIncident,
  once: OnceStore | null,
  /** What has to happen together with it, or not at all. */
  along?: (tx: Tx, raised: IncidentRef) => Promise<void>,
): Promise<IncidentRef> => {
  const { tenantId, now } = caller
  const [{ rules, matrix, services, custom: fields }, vips] = await Promise.all([
    policiesAt(database, tenantId, now),
    vipPeople(database, tenantId),
  ])
  const service = draft.serviceId === null ? null : services.get(draft.serviceId)
  if (service === undefined || service?.isActive === false) throw invalid('serviceId', says('service.none'))
  const internal = mayAtAll(caller.grants, 'incident.read_internal')
  const custom = customValues(fields, 'incident', internal, draft.custom, null)
  const requesterId = draft.requesterId ?? caller.personId
  const { urgency, raisedFrom } = urgencyOf(
    draft.urgency,
    vips.has(requesterId),
    rules.document.vipRaisesUrgency,
  )
  const said = priorityOf(matrix.document, draft.serviceId, draft.impact, urgency)
  const items = await byItems(database, caller, draft, services, requesterId)
  const { impact, weighed } = items
  const priority = priorityOf(matrix.document, draft.serviceId, impact, urgency)
  const record = routingFacts({ ...draft, ...items, custom, requesterId, urgency, priority, createdAt: now })
  const routed = await routeRecord(database, tenantId, 'incident', now, {
    record,
    service,
    items: items.support,
  })
  if (routed === null) throw new Refusal('not_ready', says('raise.catchAll'))

  const reached: Row = {
    requesterId,
    followers: new Set(),
    assigneeId: routed.personId,
    teamId: routed.teamId,
    serviceId: draft.serviceId,
    confidential: false,
  }
  mustSpeakFor(caller, draft, reached)
  const mayEdit = may(caller.grants, 'incident.edit', caller.reach, reached)
  // Whoever works on incidents says what is down, also where somebody else takes it from there.
  mustNameOnlyOwn(items.named, mayEdit || mayAtAll(caller.grants, 'incident.edit'))
  const checklist = draft.checklist ?? []
  if (checklist.length > 0 && !mayEdit)
    throw new Refusal('forbidden', [
      { code: 'incident.edit', field: 'checklist', message: says('checklist.edit') },
    ])
  const id = uuidv7()
  return withNumber(database, caller, 'incident', async (number) => {
    const answer = { id, number, version: 1 }
    await write(database, caller, async (tx) => {
      if (requesterId !== caller.personId) await mustBeActive(tx, requesterId, 'requesterId')
      if (draft.followsId !== undefined) await mustBeOver(tx, caller, draft.followsId)
      await along?.(tx, answer)
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
        custom,
      })
      insertIncident(tx, {
        id,
        impact,
        impact_computed: weighed?.level === 3 ? null : (weighed?.level ?? null),
        impact_grounds: weighed?.grounds ?? [],
        urgency,
        urgency_raised_from: raisedFrom,
        computed_priority: priority,
        matrix_version: matrix.version,
        channel: draft.channel,
        category: draft.category,
        raised_by: caller.personId,
        routing: routed,
        teamId: routed.teamId,
        assigned_at: routed.personId === null ? null : now,
      })
      takeTurn(tx, routed)
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
          urgency,
          ...(raisedFrom === null ? {} : { urgencyRaisedFrom: raisedFrom }),
          priority: said,
          matrixVersion: matrix.version,
          rulesVersion: rules.version,
          channel: draft.channel,
          category: draft.category,
          confidential: draft.confidential,
          custom,
          ...factsByItems(items),
          state: incidentProcess.initial,
        },
        personal: ['/title', '/description', '/custom'],
      })
      insertItems(tx, id, caller.personId, items.named, raised)
      if (weighed !== null && weighed.level < 3)
        tx.journal({
          type: impact < draft.impact ? 'incident.impact_raised' : 'incident.impact_weighed',
          subject,
          data: {
            version: 1,
            changes: {
              impact_computed: { from: null, to: weighed.level },
              ...(impact < draft.impact
                ? {
                    impact: { from: draft.impact, to: impact },
                    computed_priority: { from: said, to: priority },
                    priority: { from: said, to: priority },
                  }
                : {}),
            },
            grounds: weighed.grounds.map((ground) => ({ ...ground })),
            rulesVersion: weighed.rulesVersion,
          },
          cause: raised,
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
      if (checklist.length > 0) {
        const items = insertChecklist(tx, id, caller.personId, checklist, 0)
        tx.journal({
          type: 'incident.checklist_added',
          subject,
          data: { items: [...checklist], itemIds: items.map((item) => item.id) },
          personal: ['/items'],
          cause: raised,
        })
      }
      if (draft.followsId !== undefined) linkNew(tx, id, 'follows', draft.followsId, raised)
    })
    return answer
  })
}

/** Who may only raise for themselves neither names another caller nor claims a channel that only the desk sees. */
const mustSpeakFor = (caller: Caller, draft: RaiseIncident, row: Row): void => {
  const forThemselves = row.requesterId === caller.personId && ['portal', 'api'].includes(draft.channel)
  if (forThemselves || may(caller.grants, 'incident.raise_for_others', caller.reach, row)) return
  throw new Refusal('forbidden', [
    {
      code: 'incident.raise_for_others',
      field: row.requesterId === caller.personId ? 'channel' : 'requesterId',
      message: says('raise.self'),
    },
  ])
}

/** One follows only what is over: closed, canceled, or resolved for longer than the caller may say "still broken". */
const mustBeOver = async (tx: Tx, caller: Caller, id: string): Promise<void> => {
  const [row, following] = await Promise.all([findIncident(tx, id), followingOf(tx, id, caller.personId)])
  if (row === undefined || !rightsOn(row, caller, following).may('incident.read'))
    throw invalid('followsId', says('incident.none'))
  const { withinReopenWindow } = standingFacts(row, { openChildren: 0, byCaller: false, now: caller.now })
  const over =
    incidentProcess.states[row.state].final === true || (row.state === 'resolved' && !withinReopenWindow)
  if (over) return
  const message =
    row.state === 'resolved'
      ? says('raise.reopen', { number: row.number })
      : says('raise.open', { number: row.number })
  throw new Refusal('not_allowed_here', [{ code: 'state', field: 'followsId', message }])
}
