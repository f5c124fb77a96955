import type { IncidentRow as RowView, IncidentView, OfferedMove } from '@evenkeel/contract/incident'
import type { Permission } from '@evenkeel/contract/permission'
import { offers } from '../../kernel/process.ts'
import type { By } from './incident.command.ts'
import { standingFacts } from './incident.facts.ts'
import { incidentProcess, incidentTasks, taskFits, type IncidentTask } from './incident.process.ts'
import { phrasesIn } from './incident.language.ts'
import type { IncidentRow } from './incident.repo.ts'

const offeredMoves = (by: By, row: IncidentRow, openChildren: number, now: string): OfferedMove[] => {
  const facts = standingFacts(row, { openChildren, byCaller: by.personId === row.requester_id, now })
  const { move, guarded } = phrasesIn(by.language)
  return offers(incidentProcess, row.state, facts, by.may).map((offer) => ({
    ...offer,
    label: move(offer.action, offer.label),
    reasons: [...guarded(offer.reasons, facts)],
  }))
}

/** The names of permissions, by the task that uses each; what the record's state does not allow is not among them. */
const asked = {
  'incident.comment': 'comment',
  'incident.note': 'note',
  'incident.edit': 'edit',
  'incident.assign': 'assign',
  'incident.override_priority': 'override_priority',
  'incident.affected': 'join',
  'incident.link': 'link',
  'incident.watch': null,
  'incident.answer': null,
  'incident.read_internal': null,
} as const satisfies { readonly [permission in Permission]?: IncidentTask | null }

const allowedOn = (by: By, row: IncidentRow): string[] =>
  Object.entries(asked).flatMap(([permission, task]) => {
    const fits = task === null || taskFits(task, row.state) === true
    const name = task === null ? permissionNamed(permission) : incidentTasks[task].by
    return fits && name !== null && by.may(name) ? [permission] : []
  })

const permissionNamed = (name: string): Permission | null =>
  name === 'incident.answer' || name === 'incident.read_internal' || name === 'incident.watch' ? name : null

/** Names beside ids, as the detail query brings them. */
export type Names = {
  readonly service_name: string | null
  readonly team_name: string
  readonly assignee_name: string | null
  readonly requester_name: string
}

/** Where a record was brought from, as the detail query brings it. */
export type Origin = {
  readonly import_source: string | null
  readonly import_key: string | null
  readonly import_batch: string | null
  readonly import_file: string | null
  readonly import_at: string | null
  readonly importer_id: string | null
  readonly importer_name: string | null
}

const originOf = (row: Origin & { readonly created_at: string }): IncidentView['imported'] =>
  row.import_source === null || row.import_batch === null || row.importer_id === null
    ? null
    : {
        source: row.import_source,
        key: row.import_key ?? '',
        batchId: row.import_batch,
        fileName: row.import_file ?? '',
        by: { id: row.importer_id, name: row.importer_name ?? '' },
        at: row.import_at ?? row.created_at,
      }

const rowView = (row: IncidentRow & Names): RowView => ({
  id: row.id,
  number: row.number,
  title: row.title,
  state: row.state,
  priority: row.priority,
  service: row.service_id === null ? null : { id: row.service_id, name: row.service_name ?? '' },
  team: { id: row.team_id, name: row.team_name },
  assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
  requester: { id: row.requester_id, name: row.requester_name },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  resolvedAt: row.resolved_at,
  lastPublicAt: row.last_public_at,
  version: row.version,
})

/** What a page shows beside the row, already without what this reader may not see. */
export type Around = Pick<
  IncidentView,
  'parent' | 'children' | 'links' | 'watchers' | 'watching' | 'affected' | 'items' | 'checklist'
> & {
  /** All of them, also those this reader may not see. */
  readonly openChildren: number
  /** Keys of custom fields that readers from outside the team may see. */
  readonly publicFields: ReadonlySet<string>
  readonly serviceName: (id: string) => string
  readonly now: string
}

export const incidentView = (
  by: By,
  row: IncidentRow & Names & Origin & { resolver_name: string | null },
  { openChildren, publicFields, serviceName, now, ...around }: Around,
): IncidentView => {
  const internal = by.may('incident.read_internal')
  const phrases = phrasesIn(by.language)
  return {
    ...rowView(row),
    ...around,
    watchers: internal ? around.watchers : around.watchers.filter(({ id }) => id === by.personId),
    affected: {
      ...around.affected,
      people: internal
        ? around.affected.people
        : around.affected.people.filter(({ id }) => id === by.personId),
    },
    items: internal ? around.items : [],
    impactComputed:
      internal && row.impact_computed !== null
        ? {
            level: row.impact_computed,
            sentences: row.impact_grounds.map((ground) => phrases.ground(ground, serviceName)),
          }
        : null,
    checklist: internal ? around.checklist : null,
    description: row.description,
    impact: row.impact,
    urgency: row.urgency,
    urgencyRaisedFrom: internal ? row.urgency_raised_from : null,
    computedPriority: row.computed_priority,
    priorityReason: phrases.priorityReason(
      {
        impact: row.impact,
        urgency: row.urgency,
        urgencyRaisedFrom: internal ? row.urgency_raised_from : null,
        computed: row.computed_priority,
        priority: row.priority,
        override: row.override_reason === null ? null : { reason: internal ? row.override_reason : null },
      },
      row.matrix_version,
    ),
    overrideReason: internal ? row.override_reason : null,
    routing: internal
      ? {
          sentence: phrases.routed(row.routing.sentence),
          rule: row.routing.rule,
          version: row.routing.version,
        }
      : null,
    channel: row.channel,
    category: row.category,
    confidential: row.confidentiality === 'confidential',
    hold:
      row.hold_reason === null || row.held_at === null
        ? null
        : {
            reason: row.hold_reason,
            until: row.hold_until,
            on: internal ? row.hold_on : null,
            since: row.held_at,
          },
    resolution:
      row.resolution_code === null || row.resolved_at === null
        ? null
        : {
            code: row.resolution_code,
            notes: row.resolution_notes ?? '',
            by: row.resolved_by === null ? null : { id: row.resolved_by, name: row.resolver_name ?? '' },
            at: row.resolved_at,
          },
    cancelReason: row.cancel_reason,
    closedAt: row.closed_at,
    autoCloseAt: row.auto_close_at,
    reopenCount: row.reopen_count,
    reassignmentCount: internal ? row.reassignment_count : null,
    custom: internal
      ? row.custom
      : Object.fromEntries(Object.entries(row.custom).filter(([key]) => publicFields.has(key))),
    imported: internal ? originOf(row) : null,
    moves: offeredMoves(by, row, openChildren, now),
    allowed: allowedOn(by, row),
  }
}
