import type { AccessExplanation } from '@evenkeel/contract/people'
import type { Permission, Scope } from '@evenkeel/contract/permission'
import type { Me } from '@evenkeel/contract/session'
import { allOf, type Saying } from '../../kernel/language/saying.ts'
import { permissionSays } from './people.permission-words.ts'
import { roleIn } from './people.role-words.ts'
import { may, mayAtAll, type Reach, type Row } from '../../kernel/access.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { rightsOf } from './people.rights.ts'
import { says } from './people.reasons.ts'

/** How records are found by the practices that keep them: what decides who reaches this one, and which permission reads it. */
export type RecordForAccess = { readonly row: Row; readonly number: string; readonly readBy: Permission }
export type FindRecord = (q: Reader, recordId: string) => Promise<RecordForAccess | undefined>

type Given = { readonly role: Me['roles'][number]; readonly scope: Scope }
type Facts = {
  readonly name: string
  readonly isActive: boolean
  readonly permission: Permission
  readonly given: readonly Given[]
  readonly reach: Reach
  readonly record: { readonly number: string; readonly row: Row } | null
}

const reached = (permission: Permission, scope: Scope): Saying =>
  permission.startsWith('incident.') ? says(`explain.records.${scope}`) : says(`explain.things.${scope}`)

/** Why, from the general to the particular. The verdict is that of the same `may` that decides. */
export const explain = (facts: Facts, language: string): Omit<AccessExplanation, 'person'> => {
  const { name, permission, given, record } = facts
  const reachesRecord = (scope: Scope): boolean | null =>
    record === null
      ? null
      : may(new Map([[permission, new Set([scope])]]), permission, facts.reach, record.row)
  const grants = new Map([[permission, new Set(given.map((one) => one.scope))]])
  const has = given.length > 0
  const within = record === null ? has : may(grants, permission, facts.reach, record.row)
  const allowed = facts.isActive && has && within
  const meaning = permissionSays(permission)
  const verdict =
    record === null
      ? says(allowed ? 'explain.may' : 'explain.mayNot', { name, meaning })
      : says(allowed ? 'explain.mayFor' : 'explain.mayNotFor', { name, meaning, number: record.number })
  const sentences = [
    verdict,
    ...(facts.isActive ? [] : [says('explain.deactivated', { name })]),
    ...(has
      ? given.map(({ role, scope }) =>
          says('explain.gives', { role: roleIn(language, role).name, reached: reached(permission, scope) }),
        )
      : [says('explain.none', { name, permission })]),
    ...(record === null || !has ? [] : [sentenceAbout(facts, record, within)]),
  ]
  return {
    permission,
    meaning: meaning.in(language),
    allowed,
    sentences: sentences.map((sentence) => sentence.in(language)),
    given: given.map(({ role, scope }) => ({
      role: { id: role.id, name: roleIn(language, role).name },
      scope,
      reaches: reachesRecord(scope),
    })),
  }
}

const sentenceAbout = (
  { name, reach, given }: Facts,
  { number, row }: { readonly number: string; readonly row: Row },
  within: boolean,
): Saying => {
  const ties = [
    ...(row.requesterId === reach.personId ? [says('explain.tie.raised')] : []),
    ...(row.followers.has(reach.personId) ? [says('explain.tie.follows')] : []),
    ...(row.assigneeId === reach.personId ? [says('explain.tie.assigned')] : []),
    ...(reach.teamIds.has(row.teamId) ? [says('explain.tie.team')] : []),
    ...(row.serviceId !== null && reach.serviceIds.has(row.serviceId) ? [says('explain.tie.service')] : []),
  ]
  const tied =
    ties.length === 0
      ? says('explain.untied', { name, number })
      : says('explain.tied', { name, ties: allOf(ties) })
  if (within)
    return ties.length === 0 ? says('explain.all', { tied }) : says('explain.within', { tied, number })
  if (row.confidential && given.some((one) => one.scope === 'all' || one.scope === 'service'))
    return says('explain.confidential', { tied, number })
  return says('explain.out', { tied, number })
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
      { code: 'access.explain', message: says('permission', { permission: 'access.explain' }) },
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
        text: `select json_build_object('id', r.id, 'key', r.key, 'name', r.name) as role, rp.scope from person_role pr
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
    return { person: { id: person.id, name: person.name }, ...explain(facts, caller.language) }
  })
}
