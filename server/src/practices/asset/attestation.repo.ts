import type {
  AttestationAnswer,
  AttestationShow,
  ListedAttestation,
} from '@evenkeel/contract/item-attestation'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from '../configuration/index.ts'

export type AttestationRow = {
  readonly id: string
  readonly name: string
  readonly filter: string
  readonly dueAt: string
  readonly state: ListedAttestation['state']
  readonly version: number
  readonly openedBy: string
  readonly openedByName: string
  readonly openedAt: string
  readonly closedBy: string | null
  readonly closedByName: string | null
  readonly closedAt: string | null
} & { readonly [Count in keyof ListedAttestation['counts']]: number }

/**
 * Attestations (alias `a`), each counted as far as a reader sees its items: those they began, and those that ask for something they see.
 * What was merged away since is asked for no more. The tenant is `$1`.
 */
export const attestationRows = (
  q: Reader,
  caller: Caller,
  wanted: { readonly id: string } | { readonly most: number },
): Promise<AttestationRow[]> => {
  const parameters = parametersFrom(4)
  const reach = itemReachSql(caller, 'item.read', parameters)
  const which =
    'id' in wanted
      ? 'and a.id = $2::uuid'
      : `order by a.state = 'closed', case when a.state = 'open' then a.due_at end, a.closed_at desc, a.id limit $2::int`
  return q.rows<AttestationRow>({
    text: `select a.id, a.name, a.filter, a.due_at as "dueAt", a.state, a.version, a.opened_by as "openedBy", o.name as "openedByName",
             a.opened_at as "openedAt", a.closed_by as "closedBy", c.name as "closedByName", a.closed_at as "closedAt", t.*
           from item_attestation a join person o on o.tenant_id = $1 and o.id = a.opened_by
             left join person c on c.tenant_id = $1 and c.id = a.closed_by
             cross join lateral (
               select count(*)::int as items, count(*) filter (where x.answer = 'right')::int as right,
                 count(*) filter (where x.answer = 'wrong')::int as wrong, count(*) filter (where x.answer is null)::int as waiting,
                 count(*) filter (where x.answer is null and r.owner_id = $3::uuid)::int as mine,
                 count(*) filter (where x.answer is null and r.owner_id is null)::int as nobody
               from item_attestation_item x
                 join item r on r.tenant_id = $1 and r.id = x.item_id and r.merged_into_id is null
               where x.tenant_id = $1 and x.attestation_id = a.id and ${reach}) t
           where a.tenant_id = $1 and (t.items > 0 or a.opened_by = $3::uuid) ${which}`,
    values: [q.tenantId, 'id' in wanted ? wanted.id : wanted.most, caller.personId, ...parameters.values],
  })
}

/** @throws Refusal `not_found` */
export const attestationRow = async (q: Reader, caller: Caller, id: string): Promise<AttestationRow> => {
  const [row] = await attestationRows(q, caller, { id })
  if (row === undefined) throw new Refusal('not_found')
  return row
}

export type AskedItem = {
  readonly itemId: string
  readonly answer: AttestationAnswer | null
  readonly note: string
  readonly answeredBy: string | null
  readonly answeredByName: string | null
  readonly answeredAt: string | null
  readonly ownerId: string | null
  readonly ownerName: string | null
  /** Whether the reader manages it. */
  readonly act: boolean
}

const shown: Readonly<Record<AttestationShow, string>> = {
  mine: 'x.answer is null and r.owner_id = $4::uuid',
  waiting: 'x.answer is null',
  right: `x.answer = 'right'`,
  wrong: `x.answer = 'wrong'`,
}

/** What an attestation asks for, as far as a reader sees it: what is not right first, then what waits. */
export const askedItems = (
  q: Reader,
  caller: Caller,
  id: string,
  only: { readonly show?: AttestationShow | undefined; readonly ids?: readonly string[] },
  most: number,
): Promise<AskedItem[]> => {
  const parameters = parametersFrom(6)
  const reads = itemReachSql(caller, 'item.read', parameters)
  const acts = itemReachSql(caller, 'item.manage', parameters)
  return q.rows<AskedItem>({
    text: `select x.item_id as "itemId", x.answer, x.note, x.answered_by as "answeredBy", p.name as "answeredByName",
             x.answered_at as "answeredAt", r.owner_id as "ownerId", o.name as "ownerName", coalesce(${acts}, false) as act
           from item_attestation_item x
             join item r on r.tenant_id = $1 and r.id = x.item_id and r.merged_into_id is null
             left join person p on p.tenant_id = $1 and p.id = x.answered_by
             left join person o on o.tenant_id = $1 and o.id = r.owner_id
           where x.tenant_id = $1 and x.attestation_id = $2 and ${reads} and ($5::uuid[] is null or x.item_id = any($5::uuid[]))
             and ($4::uuid is not null) and ${only.show === undefined ? 'true' : `(${shown[only.show]})`}
           order by x.answer is not distinct from 'wrong' desc, x.answer is null desc, lower(r.name), r.id limit $3`,
    values: [q.tenantId, id, most, caller.personId, only.ids ?? null, ...parameters.values],
  })
}

export type AskedOwner = {
  readonly ownerId: string | null
  readonly ownerName: string | null
  readonly items: number
  readonly answered: number
  readonly toldAt: string | null
}

export const mostOwners = 200

export const askedOwners = (q: Reader, caller: Caller, id: string): Promise<AskedOwner[]> => {
  const parameters = parametersFrom(4)
  const reads = itemReachSql(caller, 'item.read', parameters)
  return q.rows<AskedOwner>({
    text: `select t.owner_id as "ownerId", o.name as "ownerName", t.items, t.answered,
             (select max(d.told_at) from item_attestation_told d
              where d.tenant_id = $1 and d.attestation_id = $2 and d.person_id = t.owner_id) as "toldAt"
           from (select r.owner_id, count(*)::int as items, count(x.answer)::int as answered
                 from item_attestation_item x
                   join item r on r.tenant_id = $1 and r.id = x.item_id and r.merged_into_id is null
                 where x.tenant_id = $1 and x.attestation_id = $2 and ${reads} group by r.owner_id) t
             left join person o on o.tenant_id = $1 and o.id = t.owner_id
           order by t.items - t.answered desc, o.name nulls first limit $3`,
    values: [q.tenantId, id, mostOwners, ...parameters.values],
  })
}
