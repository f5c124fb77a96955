import type { BranchState, BranchStepDraft } from '@evenkeel/contract/item-branch'
import type { Reader } from '../../platform/postgres/database.ts'
import type { Basis, PlannedStep } from './branch.overlay.ts'

// What is kept of branches, and how they were known at any time.

export type BranchRow = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly ownerId: string
  readonly ownerName: string
  readonly startsAt: string
  readonly endsAt: string
  readonly state: BranchState
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly closedAt: string | null
  readonly closedBy: string | null
  readonly closedByName: string | null
  readonly appliedFrom: string | null
}

export const branchColumns = `b.id, b.name, b.description, b.owner_id as "ownerId", o.name as "ownerName", b.starts_at as "startsAt",
  b.ends_at as "endsAt", b.state, b.version, b.created_at as "createdAt", b.updated_at as "updatedAt", b.closed_at as "closedAt",
  b.closed_by as "closedBy", c.name as "closedByName", b.applied_from as "appliedFrom"`
export const branchTables = `item_branch b join person o on o.tenant_id = b.tenant_id and o.id = b.owner_id
  left join person c on c.tenant_id = b.tenant_id and c.id = b.closed_by`

export type StepRow = {
  readonly id: string
  readonly branchId: string
  readonly itemId: string
  readonly otherId: string | null
  readonly document: BranchStepDraft
  readonly basis: Basis
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly saidBy: string | null
  readonly saidByName: string | null
  readonly knownFrom: string
}

const stepColumns = `s.id, s.branch_id as "branchId", s.item_id as "itemId", s.other_id as "otherId", s.document, s.basis,
  s.starts_at as "startsAt", s.ends_at as "endsAt", s.said_by as "saidBy", p.name as "saidByName", s.known_from as "knownFrom"`

/** A branch as it was known: its window and its steps. */
export type Branch = { readonly row: BranchRow; readonly steps: readonly StepRow[] }

/** Branches as they were known at a time, in the order of their windows; none that was not there yet. */
export const branchesKnown = async (
  q: Reader,
  ids: readonly string[],
  knownAt: string,
): Promise<readonly Branch[]> => {
  if (ids.length === 0) return []
  const [rows, windows, steps] = await Promise.all([
    q.rows<BranchRow>({
      name: 'item_branches_by_id',
      text: `select ${branchColumns} from ${branchTables} where b.tenant_id = $1 and b.id = any($2::uuid[]) and b.created_at <= $3::timestamptz`,
      values: [q.tenantId, ids, knownAt],
    }),
    q.rows<{ branchId: string; startsAt: string; endsAt: string }>({
      name: 'item_branch_windows_known',
      text: `select branch_id as "branchId", starts_at as "startsAt", ends_at as "endsAt" from item_branch_window
             where tenant_id = $1 and branch_id = any($2::uuid[]) and known_from <= $3::timestamptz
               and (known_to is null or known_to > $3::timestamptz)`,
      values: [q.tenantId, ids, knownAt],
    }),
    q.rows<StepRow>({
      name: 'item_branch_steps_known',
      text: `select ${stepColumns} from item_branch_step s left join person p on p.tenant_id = s.tenant_id and p.id = s.said_by
             where s.tenant_id = $1 and s.branch_id = any($2::uuid[]) and s.known_from <= $3::timestamptz
               and (s.known_to is null or s.known_to > $3::timestamptz) order by s.id`,
      values: [q.tenantId, ids, knownAt],
    }),
  ])
  const windowOf = new Map(windows.map((one) => [one.branchId, one]))
  return rows
    .map((row) => ({
      row: { ...row, ...windowIn(windowOf.get(row.id)), ...openAt(row, knownAt) },
      steps: steps.filter(({ branchId }) => branchId === row.id),
    }))
    .sort((a, b) =>
      a.row.startsAt === b.row.startsAt
        ? a.row.id < b.row.id
          ? -1
          : 1
        : a.row.startsAt < b.row.startsAt
          ? -1
          : 1,
    )
}

const windowIn = (
  window: { readonly startsAt: string; readonly endsAt: string } | undefined,
): { startsAt: string; endsAt: string } | undefined =>
  window === undefined ? undefined : { startsAt: window.startsAt, endsAt: window.endsAt }

/** What was closed later was open then. */
const openAt = ({ closedAt }: BranchRow, knownAt: string): Partial<BranchRow> =>
  closedAt !== null && closedAt > knownAt
    ? { state: 'open', closedAt: null, closedBy: null, closedByName: null, appliedFrom: null }
    : {}

/** The steps with the times at which they are in effect: the window's, where a step says none. */
export const plannedSteps = ({ row, steps }: Branch): PlannedStep[] =>
  steps.map(({ id, branchId, itemId, otherId, document, basis, startsAt, endsAt }) => ({
    id,
    branchId,
    itemId,
    otherId,
    document,
    basis,
    from: startsAt ?? row.startsAt,
    until: document.kind === 'down' ? (endsAt ?? row.endsAt) : null,
  }))

/** Branches that take something down at an instant, as far as was planned and known: what was closed or moved later ran then. */
export const branchesRunning = async (q: Reader, at: string, knownAt: string): Promise<readonly Branch[]> => {
  const rows = await q.rows<{ id: string }>({
    name: 'item_branches_running',
    text: `select b.id from item_branch b
             join item_branch_window w on w.tenant_id = b.tenant_id and w.branch_id = b.id
               and w.known_from <= $3::timestamptz and (w.known_to is null or w.known_to > $3::timestamptz)
           where b.tenant_id = $1 and (b.state = 'open' or b.closed_at > $3::timestamptz) and exists (
             select from item_branch_step s where s.tenant_id = $1 and s.branch_id = b.id and s.kind = 'down'
               and s.known_from <= $3::timestamptz and (s.known_to is null or s.known_to > $3::timestamptz)
               and coalesce(s.starts_at, w.starts_at) <= $2::timestamptz and coalesce(s.ends_at, w.ends_at) > $2::timestamptz)
           order by w.starts_at, b.id limit 200`,
    values: [q.tenantId, at, knownAt],
  })
  return branchesKnown(
    q,
    rows.map(({ id }) => id),
    knownAt,
  )
}
