import type { IncidentRef, ResolveChildren, ResolvePreview } from '@evenkeel/contract/incident'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { followingOf, mergeOrRefuse } from '../record/index.ts'
import {
  unfitFor,
  bySystem,
  hold,
  makeMove,
  mustBeAllowed,
  mustFit,
  openSheet,
  rightsOn,
  type Sheet,
} from './incident.command.ts'
import { standingFacts } from './incident.facts.ts'
import { taskFits } from './incident.process.ts'
import { mayRead, relativeColumns, type RelativeRow } from './incident.relatives.ts'
import { findIncident, lockIncident, lockOpenChildren, type IncidentRow } from './incident.repo.ts'
import { endedWait } from './incident.waits.ts'
import { says } from './incident.reasons.ts'

/** What becomes of the open children when their parent is resolved. */
export type Children = {
  readonly open: readonly IncidentRow[]
  readonly resolve: readonly IncidentRow[]
  readonly except: readonly { readonly child: IncidentRow; readonly reason: string }[]
  /** In neither list: the guard refuses while there are any. */
  readonly unexplained: readonly IncidentRow[]
}

/**
 * The open children under lock, sorted by what was said of them. A child that ended in the meantime needs nothing any more.
 *
 * @throws Refusal `invalid` for an id that is no child of this incident, or that is in both lists
 */
export const childrenOf = async (
  tx: Tx,
  parentId: string,
  wish: ResolveChildren | undefined,
): Promise<Children> => {
  const [open, ids] = await Promise.all([
    lockOpenChildren(tx, parentId),
    wish === undefined
      ? []
      : tx.rows<{ id: string }>({
          name: 'incident_children_ids',
          text: 'select id from incident where tenant_id = $1 and parent_id = $2',
          values: [tx.tenantId, parentId],
        }),
  ])
  const known = new Set(ids.map((row) => row.id))
  const resolve = new Set(wish?.resolve)
  const except = new Map(wish?.except.map(({ id, reason }) => [id, reason]))
  for (const id of [...resolve, ...except.keys()])
    if (!known.has(id)) throw invalid('children', says('children.stranger'))
  for (const id of resolve) if (except.has(id)) throw invalid('children', says('children.both'))
  return {
    open,
    resolve: open.filter((child) => resolve.has(child.id)),
    except: open.flatMap((child) => {
      const reason = except.get(child.id)
      return reason === undefined ? [] : [{ child, reason }]
    }),
    unexplained: open.filter((child) => !resolve.has(child.id) && !except.has(child.id)),
  }
}

/**
 * Resolves the children that go along with their parent, each as an incident of its own with its own measurement, and writes on the
 * others why they stay open. The parent's entry is the cause of all of them, so that each caller can be told once.
 */
export const resolveChildren = (parent: Sheet, children: Children, cause: string): void => {
  const { tx } = parent
  const { now } = tx.author
  for (const child of children.resolve) {
    const sheet = openSheet(tx, bySystem, child, cause)
    const facts = {
      ...standingFacts(child, { openChildren: 0, byCaller: false, now }),
      parentResolved: parent.row.state === 'resolved' && child.parent_id === parent.id,
      resolutionCode: 'with_parent',
      resolutionNotes: parent.row.resolution_notes,
    }
    const ended = endedWait(child, now)
    makeMove(sheet, 'resolve_with_parent', facts, {
      change: {
        ...ended.change,
        resolved_at: now,
        resolution_code: 'with_parent',
        resolution_notes: parent.row.resolution_notes,
        resolved_by: parent.row.resolved_by,
        auto_close_at: parent.row.auto_close_at,
      },
      data: { ...ended.data, parentId: parent.id },
    })
    sheet.finish()
  }
  for (const { child, reason } of children.except) {
    const sheet = openSheet(tx, bySystem, child, cause)
    sheet.enter({
      type: 'incident.kept_open',
      data: { parentId: parent.id, reason },
      personal: ['/reason'],
    })
    sheet.finish()
  }
}

/** Makes an incident a child of another, or a child no longer. One level: a parent has no parent, a child has no children. */
export const setIncidentParent = (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  parentId: string | null,
): Promise<IncidentRef> =>
  write(database, caller, async (tx) => {
    // Parents are locked before children, here and when they are resolved.
    const parent = parentId === null ? null : await holdParent(tx, caller, parentId)
    const sheet = await hold(tx, caller, id, 'incident.link')
    const { row } = sheet
    await mergeOrRefuse(tx, row, seen, [
      {
        column: 'parent_id',
        field: 'parentId',
        theirs: row.parent_id,
        yours: parentId,
        say: (by) => says('children.parentChanged', { by }),
      },
    ])
    mustFit(sheet, 'change_parent')
    if (parentId === row.parent_id) return sheet.finish()
    if (parent !== null) await mustMakeFamily(tx, parent, row)
    const changed = sheet.enter({ type: 'incident.parent_changed', change: { parent_id: parentId } })
    if (parent !== null) tellParent(tx, parent.id, { added: id }, changed)
    if (row.parent_id !== null) tellParent(tx, row.parent_id, { removed: id }, changed)
    return sheet.finish()
  })

/** Unknown, foreign and hidden incidents get one answer. */
const holdParent = async (tx: Tx, caller: Caller, parentId: string): Promise<IncidentRow> => {
  const [row, following] = await Promise.all([
    lockIncident(tx, parentId),
    followingOf(tx, parentId, caller.personId),
  ])
  const by = row === undefined ? null : rightsOn(row, caller, following)
  if (row === undefined || by === null || !by.may('incident.read'))
    throw invalid('parentId', says('incident.none'))
  mustBeAllowed(by, 'incident.link')
  return row
}

const mustMakeFamily = async (tx: Tx, parent: IncidentRow, child: IncidentRow): Promise<void> => {
  if (parent.id === child.id) throw invalid('parentId', says('parent.itself'))
  if (parent.parent_id !== null) throw invalid('parentId', says('parent.child', { number: parent.number }))
  const fits = taskFits('adopt', parent.state)
  if (fits !== true)
    throw new Refusal('not_allowed_here', [{ ...unfitFor('adopt', parent.state, fits), field: 'parentId' }])
  const { has } = await tx.one<{ has: boolean }>({
    name: 'incident_has_children',
    text: 'select exists (select from incident where tenant_id = $1 and parent_id = $2) as has',
    values: [tx.tenantId, child.id],
  })
  if (has) throw invalid('parentId', says('parent.hasChildren', { number: child.number }))
}

/** The parent's own fields do not change by it, so neither does its version. */
const tellParent = (
  tx: Tx,
  parentId: string,
  data: { readonly added: string } | { readonly removed: string },
  cause: string,
): void => {
  tx.journal({
    type: 'incident.children_changed',
    subject: { kind: 'incident', id: parentId },
    data,
    cause,
  })
}

/** What resolving this incident would do to its children and their callers. */
export const previewResolve = (database: Database, caller: Caller, id: string): Promise<ResolvePreview> =>
  read(database, caller.tenantId, async (q) => {
    const [row, following, children, people] = await Promise.all([
      findIncident(q, id),
      followingOf(q, id, caller.personId),
      q.rows<RelativeRow>({
        name: 'incident_preview_children',
        text: `select ${relativeColumns('$3')} from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.id
               where i.tenant_id = $1 and i.parent_id = $2 and r.is_open order by r.number limit 1000`,
        values: [q.tenantId, id, caller.personId],
      }),
      q.one<{ count: number }>({
        name: 'incident_preview_people',
        text: `with told as (
                 select r.id, r.requester_id from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.id
                 where i.tenant_id = $1 and (i.id = $2 or (i.parent_id = $2 and r.is_open)))
               select count(*)::int as count from (
                 select requester_id from told
                 union select a.person_id from affected_person a join told on told.id = a.record_id where a.tenant_id = $1) p`,
        values: [q.tenantId, id],
      }),
    ])
    if (row === undefined) throw new Refusal('not_found')
    const by = rightsOn(row, caller, following)
    if (!by.may('incident.read')) throw new Refusal('not_found')
    mustBeAllowed(by, 'incident.work')
    return {
      children: children.map((child) => ({
        id: child.id,
        state: child.state,
        ...(mayRead(caller, child)
          ? {
              number: child.number,
              title: child.title,
              requester: { id: child.requester_id, name: child.requester_name },
            }
          : { number: null, title: null, requester: null }),
      })),
      people: people.count,
    }
  })
