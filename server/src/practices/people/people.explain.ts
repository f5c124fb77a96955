import type { AccessExplanation } from '@evenkeel/contract/people'
import { permissions, type Permission, type Scope } from '@evenkeel/contract/permission'
import { may, mayAtAll, type Reach, type Row } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { rightsOf } from './people.rights.ts'

/** How records are found by the practices that keep them: what decides who reaches this one, and which permission reads it. */
export type RecordForAccess = { readonly row: Row; readonly number: string; readonly readBy: Permission }
export type FindRecord = (q: Reader, recordId: string) => Promise<RecordForAccess | undefined>

type Given = { readonly roleId: string; readonly roleName: string; readonly scope: Scope }
type Facts = {
  readonly name: string
  readonly isActive: boolean
  readonly permission: Permission
  readonly given: readonly Given[]
  readonly reach: Reach
  readonly record: { readonly number: string; readonly row: Row } | null
}

const recordsReached: Readonly<Record<Scope, string>> = {
  own: 'records they raised, follow or are affected by',
  team: 'records of their teams or assigned to them',
  service: 'records of services their teams support, and those of their teams',
  all: 'all records but confidential ones they have no part in',
}
const thingsReached: Readonly<Record<Scope, string>> = {
  own: 'what is their own',
  team: 'their teams',
  service: 'services their teams support',
  all: 'the whole tenant',
}
const reached = (permission: Permission, scope: Scope): string =>
  (permission.startsWith('incident.') ? recordsReached : thingsReached)[scope]

/** Why, from the general to the particular. The verdict is that of the same `may` that decides. */
export const explain = (facts: Facts): Omit<AccessExplanation, 'person'> => {
  const { name, permission, given, record } = facts
  const reachesRecord = (scope: Scope): boolean | null =>
    record === null
      ? null
      : may(new Map([[permission, new Set([scope])]]), permission, facts.reach, record.row)
  const grants = new Map([[permission, new Set(given.map((one) => one.scope))]])
  const has = given.length > 0
  const within = record === null ? has : may(grants, permission, facts.reach, record.row)
  const allowed = facts.isActive && has && within
  const sentences = [
    `${name} ${allowed ? 'may' : 'may not'} ${permissions[permission]}${record === null ? '' : ` for ${record.number}`}.`,
    ...(facts.isActive ? [] : [`${name} is deactivated; nobody deactivated may do anything.`]),
    ...(has
      ? given.map((one) => `The role ${one.roleName} gives it for ${reached(permission, one.scope)}.`)
      : [`No role of ${name} gives the permission ${permission}.`]),
    ...(record === null || !has ? [] : [sentenceAbout(facts, record, within)]),
  ]
  return {
    permission,
    meaning: permissions[permission],
    allowed,
    sentences,
    given: given.map((one) => ({
      role: { id: one.roleId, name: one.roleName },
      scope: one.scope,
      reaches: reachesRecord(one.scope),
    })),
  }
}

const sentenceAbout = (
  { name, reach, given }: Facts,
  { number, row }: { readonly number: string; readonly row: Row },
  within: boolean,
): string => {
  const ties = [
    ...(row.requesterId === reach.personId ? ['raised it'] : []),
    ...(row.followers.has(reach.personId) ? ['follows it or is affected by it'] : []),
    ...(row.assigneeId === reach.personId ? ['has it assigned'] : []),
    ...(reach.teamIds.has(row.teamId) ? ['belongs to its team'] : []),
    ...(row.serviceId !== null && reach.serviceIds.has(row.serviceId)
      ? ['belongs to the team that supports its service']
      : []),
  ]
  const tied = ties.length === 0 ? `${name} has no part in ${number}` : `${name} ${ties.join(' and ')}`
  if (within)
    return ties.length === 0
      ? `${tied}, but reaches all records with it.`
      : `${tied}, so ${number} is within reach.`
  if (row.confidential && given.some((one) => one.scope === 'all' || one.scope === 'service')) {
    return `${tied}, and ${number} is confidential: only the people on it and its team reach it.`
  }
  return `${tied}, so ${number} is out of reach.`
}

/**
 * Why a person may or may not do something. Everybody may ask about themselves; about others it takes `access.explain`. A record
 * that the one who asks may not read does not exist for them.
 */
export const explainAccess = async (
  database: Database,
  caller: Caller,
  ask: { personId: string; permission: Permission; recordId?: string | undefined },
  findRecord: FindRecord,
): Promise<AccessExplanation> => {
  if (ask.personId !== caller.personId && !mayAtAll(caller.grants, 'access.explain')) {
    throw new Refusal('forbidden', [
      { code: 'access.explain', message: 'this needs the permission access.explain' },
    ])
  }
  return read(database, caller.tenantId, async (q) => {
    const values = [q.tenantId, ask.personId]
    const [person, given, record] = await Promise.all([
      q.one<{ id: string; name: string; is_active: boolean }>({
        text: 'select id, name, is_active from person where tenant_id = $1 and id = $2',
        values,
      }),
      q.rows<Given>({
        text: `select r.id as "roleId", r.name as "roleName", rp.scope from person_role pr
                 join role r on r.tenant_id = pr.tenant_id and r.id = pr.role_id
                 join role_permission rp on rp.tenant_id = r.tenant_id and rp.role_id = r.id and rp.permission = $3
               where pr.tenant_id = $1 and pr.person_id = $2 order by r.name, rp.scope`,
        values: [...values, ask.permission],
      }),
      ask.recordId === undefined ? undefined : findRecord(q, ask.recordId),
    ])
    if (ask.recordId !== undefined) {
      if (record === undefined || !may(caller.grants, record.readBy, caller.reach, record.row)) {
        throw new Refusal('not_found')
      }
    }
    const rights = (await rightsOf(q, [ask.personId])).get(ask.personId)
    const facts: Facts = {
      name: person.name,
      isActive: person.is_active,
      permission: ask.permission,
      given,
      reach: rights?.reach ?? { personId: ask.personId, teamIds: new Set(), serviceIds: new Set() },
      record: record ?? null,
    }
    return { person: { id: person.id, name: person.name }, ...explain(facts) }
  })
}
