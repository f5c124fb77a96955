import type { AuditDecision, ListedAudit } from '@evenkeel/contract/item-audit'
import type { ItemRef } from '@evenkeel/contract/item'
import { auditOf, type Audited, type Scan } from '../../kernel/audit/audit.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import {
  attributesFor,
  itemReachSql,
  itemsAt,
  modelOf,
  refOf,
  rightsOn,
  timesOf,
  type InForce,
  type ItemRow,
} from '../configuration/index.ts'
import { itemsOfClasses, textIn } from './asset.read.ts'

export type AuditRow = {
  readonly id: string
  readonly name: string
  readonly filter: string | null
  readonly placeId: string | null
  readonly placeName: string | null
  readonly state: ListedAudit['state']
  readonly version: number
  readonly openedBy: string
  readonly openedByName: string
  readonly openedAt: string
  readonly closedBy: string | null
  readonly closedByName: string | null
  readonly closedAt: string | null
}

/**
 * Audits (alias `a`) that a reader may know of: those they began, those that expect something they see, and all for those who see every
 * item. The tenant is `$1`.
 */
export const auditRows = (
  q: Reader,
  caller: Caller,
  wanted: { readonly id: string } | { readonly most: number },
): Promise<AuditRow[]> => {
  const parameters = parametersFrom(3)
  const items = itemReachSql(caller, 'item.read', parameters)
  const reach =
    items === 'true'
      ? 'true'
      : `(a.opened_by = ${parameters.next(caller.personId, 'uuid')} or exists (select from item_audit_expected e
           join item r on r.tenant_id = $1 and r.id = e.item_id
           where e.tenant_id = $1 and e.audit_id = a.id and ${items}))`
  const which =
    'id' in wanted
      ? 'and a.id = $2::uuid'
      : `order by a.state = 'closed', a.opened_at desc, a.id limit $2::int`
  return q.rows<AuditRow>({
    text: `select a.id, a.name, a.filter, a.place_id as "placeId", p.name as "placeName", a.state, a.version, a.opened_by as "openedBy",
             o.name as "openedByName", a.opened_at as "openedAt", a.closed_by as "closedBy", c.name as "closedByName",
             a.closed_at as "closedAt"
           from item_audit a join person o on o.tenant_id = $1 and o.id = a.opened_by
             left join person c on c.tenant_id = $1 and c.id = a.closed_by
             left join item p on p.tenant_id = $1 and p.id = a.place_id
           where a.tenant_id = $1 and ${reach} ${which}`,
    values: [q.tenantId, 'id' in wanted ? wanted.id : wanted.most, ...parameters.values],
  })
}

/** @throws Refusal `not_found` */
export const auditRow = async (q: Reader, caller: Caller, id: string): Promise<AuditRow> => {
  const [row] = await auditRows(q, caller, { id })
  if (row === undefined) throw new Refusal('not_found')
  return row
}

export const mostListed = 200

/** How far audits are, each as this reader sees it, in one statement. What was merged meanwhile is seen as what it was merged into. */
export const progressOf = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly expected: number; readonly seen: number }>> => {
  if (ids.length === 0) return new Map()
  const parameters = parametersFrom(3)
  const reach = itemReachSql(caller, 'item.read', parameters)
  const rows = await q.rows<{ id: string; expected: number; seen: number }>({
    text: `select e.audit_id as id, count(*)::int as expected, count(*) filter (where exists (
             select from item_audit_scan s where s.tenant_id = $1 and s.audit_id = e.audit_id
               and s.item_id in (e.item_id, coalesce(r.merged_into_id, e.item_id))))::int as seen
           from item_audit_expected e join item r on r.tenant_id = $1 and r.id = e.item_id
           where e.tenant_id = $1 and e.audit_id = any($2::uuid[]) and ${reach} group by 1`,
    values: [q.tenantId, ids, ...parameters.values],
  })
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

/** Places with what they are in, whoever sees them; told are only those that the reader sees. */
export type Places = {
  readonly around: ReadonlyMap<string, string>
  readonly named: ReadonlyMap<string, string>
}

export const placesOf = async (q: Reader, caller: Caller, force: InForce): Promise<Places> => {
  const rows = await itemsOfClasses(q, force.models.within('location'), timesOf({}, caller.now), force)
  const rights = await rightsOn(
    q,
    caller,
    rows.map(({ id }) => id),
    'item.read',
  )
  return {
    around: new Map(
      rows.flatMap((row) => {
        const outer = textIn(row, 'location')
        return outer === '' ? [] : [[row.id, outer] as const]
      }),
    ),
    named: new Map(rows.flatMap(({ id, name }) => (rights.get(id)?.read === true ? [[id, name]] : []))),
  }
}

export type KeptScan = Scan & { readonly by: { readonly id: string; readonly name: string } }
export type KeptDecision = {
  readonly itemId: string
  readonly decision: AuditDecision
  readonly decidedBy: string
  readonly decidedByName: string
  readonly decidedAt: string
}

/** An audit as one reader sees it: what is beyond their reach is neither expected nor found. */
export type Seen = {
  readonly items: readonly Audited<KeptScan>[]
  readonly unread: readonly KeptScan[]
  readonly rows: ReadonlyMap<string, ItemRow>
  readonly refs: (id: string) => ItemRef | null
  readonly places: Places
  readonly decisions: ReadonlyMap<string, KeptDecision>
}

export const seenOf = async (q: Reader, caller: Caller, force: InForce, auditId: string): Promise<Seen> => {
  const [expected, scans, decisions, places] = await Promise.all([
    q.rows<{ itemId: string; placeId: string | null }>({
      name: 'item_audit_expected_of',
      text: `select item_id as "itemId", place_id as "placeId" from item_audit_expected where tenant_id = $1 and audit_id = $2`,
      values: [q.tenantId, auditId],
    }),
    q.rows<Omit<KeptScan, 'by'> & { readonly by: string; readonly byName: string }>({
      name: 'item_audit_scans_of',
      text: `select s.id, s.item_id as "itemId", s.text, s.place_id as "placeId", s.at, s.scanned_by as "by", p.name as "byName"
             from item_audit_scan s join person p on p.tenant_id = $1 and p.id = s.scanned_by
             where s.tenant_id = $1 and s.audit_id = $2`,
      values: [q.tenantId, auditId],
    }),
    q.rows<KeptDecision>({
      name: 'item_audit_decisions_of',
      text: `select d.item_id as "itemId", d.decision, d.decided_by as "decidedBy", p.name as "decidedByName", d.decided_at as "decidedAt"
             from item_audit_decision d join person p on p.tenant_id = $1 and p.id = d.decided_by
             where d.tenant_id = $1 and d.audit_id = $2`,
      values: [q.tenantId, auditId],
    }),
    placesOf(q, caller, force),
  ])
  const ids = [
    ...new Set([
      ...expected.map(({ itemId }) => itemId),
      ...scans.flatMap(({ itemId }) => itemId ?? []),
      ...decisions.map(({ itemId }) => itemId),
    ]),
  ]
  const { rows, into } = await survivors(q, ids, caller, force)
  const rights = await rightsOn(q, caller, [...rows.keys()], 'item.read')
  const isSeen = (id: string): boolean => rights.get(id)?.read === true
  const nowIs = (id: string): string => into.get(id) ?? id
  const result = auditOf(
    expected
      .map(({ itemId, placeId }) => ({ itemId: nowIs(itemId), placeId }))
      .filter(({ itemId }) => isSeen(itemId))
      .map(({ itemId, placeId }) => ({
        itemId,
        placeId: tells(caller, force, rows.get(itemId)) ? placeId : null,
      })),
    scans
      .map(({ byName, by, ...scan }) => ({
        ...scan,
        itemId: scan.itemId === null ? null : nowIs(scan.itemId),
        by: { id: by, name: byName },
      }))
      .filter(({ itemId }) => itemId === null || isSeen(itemId)),
    places.around,
  )
  return {
    items: result.items,
    unread: result.unread,
    rows,
    places,
    refs: (id) => {
      const row = rows.get(id)
      return row === undefined || !isSeen(id) ? null : refOf(row, force, caller.language)
    },
    decisions: new Map(decisions.map((one) => [nowIs(one.itemId), one])),
  }
}

/** Whether this reader may know where an item is. */
export const tells = (caller: Caller, force: InForce, row: ItemRow | undefined, key = 'location'): boolean =>
  row !== undefined && attributesFor(modelOf(force.models, row.class), caller).has(key)

/** Items, and for those that were merged away since, what they were merged into. */
const survivors = async (
  q: Reader,
  ids: readonly string[],
  caller: Caller,
  force: InForce,
): Promise<{ rows: ReadonlyMap<string, ItemRow>; into: ReadonlyMap<string, string> }> => {
  const times = timesOf({}, caller.now)
  const all = new Map<string, ItemRow>()
  let wanted = ids
  // A merge is never undone into a circle, so each round comes nearer to the end.
  while (wanted.length > 0) {
    for (const [id, row] of await itemsAt(q, wanted, times, force)) all.set(id, row)
    wanted = [...all.values()].flatMap(({ mergedIntoId }) =>
      mergedIntoId === null || all.has(mergedIntoId) ? [] : [mergedIntoId],
    )
  }
  const into = new Map<string, string>()
  for (const id of ids) {
    let at = all.get(id)
    while (at?.mergedIntoId !== null && at !== undefined) at = all.get(at.mergedIntoId)
    if (at !== undefined && at.id !== id) into.set(id, at.id)
  }
  return { rows: all, into }
}
