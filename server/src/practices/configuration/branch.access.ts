import { Refusal } from '../../kernel/refusal.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { Overlay } from './branch.overlay.ts'
import { branchesKnown, type Branch } from './branch.repo.ts'
import { itemReachSql, reachesNew } from './item.access.ts'
import { rightsOn } from './item.commands.ts'

// A branch is there for whoever planned it, for those who see every item, and for those who see one it is about. What it plans for items
// beyond a reader's reach is not told to them; what follows from it is.

/** The branches (alias `b`) a caller may know of, as a condition. The tenant is `$1`. */
export const branchReachSql = (
  caller: Pick<Caller, 'grants' | 'reach'>,
  parameters: ReturnType<typeof parametersFrom>,
): string => {
  const items = itemReachSql(caller, 'item.read', parameters)
  if (items === 'true') return 'true'
  return `(b.owner_id = ${parameters.next(caller.reach.personId, 'uuid')} or exists (select from item_branch_step s
    join item r on r.tenant_id = $1 and r.id in (s.item_id, s.other_id)
    where s.tenant_id = $1 and s.branch_id = b.id and s.known_to is null and ${items}))`
}

/** Which of these items somebody may read, with those that only a plan has. */
export const readableWith = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  plan: Overlay | undefined,
): Promise<(id: string) => boolean> => {
  const rights = await rightsOn(q, caller, ids, 'item.read')
  return (id) => {
    const made = plan?.made.get(id)
    return made === undefined ? rights.get(id)?.read === true : reachesNew(caller, 'item.read', made)
  }
}

/** @throws Refusal `not_found` unless all of them are there for this caller, and were known then */
export const readBranches = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
  knownAt: string,
): Promise<readonly Branch[]> => {
  const wanted = [...new Set(ids)]
  const parameters = parametersFrom(3)
  const reach = branchReachSql(caller, parameters)
  const [branches, seen] = await Promise.all([
    branchesKnown(q, wanted, knownAt),
    q.rows<{ id: string }>({
      text: `select b.id from item_branch b where b.tenant_id = $1 and b.id = any($2::uuid[]) and ${reach}`,
      values: [q.tenantId, wanted, ...parameters.values],
    }),
  ])
  if (branches.length < wanted.length || seen.length < wanted.length) throw new Refusal('not_found')
  return branches
}
