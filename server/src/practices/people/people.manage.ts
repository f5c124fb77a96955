import type { CreatePerson, EditPerson } from '@evenkeel/contract/people'
import type { EditMe } from '@evenkeel/contract/session'
import { isPermission, mayAtAll } from '../../kernel/access.ts'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import { withdrawTokens } from '../../platform/auth/one-time-token.ts'
import { isActing, type Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { parseAddress } from '../../platform/mail/mail.address.ts'
import type { Site } from '../../platform/http/site.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { accountHash, attemptWorked } from './people.attempts.ts'
import { dropFactors } from './people.credentials.ts'
import { revoke } from './people.keys.ts'
import { invite } from './people.links.ts'
import { keepAnAdministrator, lockAdministration } from './people.roles.ts'
import { endSessions, personExists } from './people.sessions.ts'
import { says } from './people.reasons.ts'

type Ref = { readonly id: string; readonly version: number }

/** Adds a person over the API, with the requester's role unless others are named, and invites them. */
export const addPerson = (
  database: Database,
  caller: Caller,
  site: Site,
  draft: CreatePerson,
  once: OnceStore | null,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    if (draft.roleIds !== undefined && !mayAtAll(caller.grants, 'role.manage')) {
      throw new Refusal('forbidden', [
        { code: 'role.manage', field: 'roleIds', message: says('permission.roles') },
      ])
    }
    const id = uuidv7()
    await refuseEmail(tx, draft.email, id)
    const tenant = await tx.one<{ language: string; time_zone: string }>({
      text: 'select language, time_zone from tenant where id = $1',
      values: [tx.tenantId],
    })
    const roles = await tx.rows<{ id: string; key: string }>({
      text: 'select id, key from role where tenant_id = $1 and case when $2::uuid[] is null then key = $3 else id = any($2) end',
      values: [tx.tenantId, draft.roleIds ?? null, 'requester'],
    })
    if (draft.roleIds !== undefined && roles.length !== new Set(draft.roleIds).size) {
      throw invalid('roleIds', says('role.unknown'))
    }
    tx.send({
      text: `insert into person (tenant_id, id, name, email, title, phone, language, time_zone, is_vip, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        tx.tenantId,
        id,
        draft.name,
        draft.email,
        draft.title,
        draft.phone,
        draft.language ?? tenant.language,
        draft.timeZone ?? tenant.time_zone,
        draft.isVip,
        caller.now,
      ],
    })
    tx.send({
      text: 'insert into person_role (tenant_id, person_id, role_id) select $1, $2, unnest($3::uuid[])',
      values: [tx.tenantId, id, roles.map((role) => role.id)],
    })
    tx.journal({
      type: 'person.created',
      subject: { kind: 'person', id },
      data: {
        name: draft.name,
        email: draft.email,
        title: draft.title,
        phone: draft.phone,
        roles: roles.map((role) => role.key),
      },
      personal: ['/name', '/email', '/title', '/phone'],
    })
    if (draft.invite) await invite(tx, site, id)
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })

const refuseEmail = async (tx: Tx, email: string, id: string): Promise<void> => {
  const address = parseAddress(email)
  if (!address.ok) throw invalid('email', address.reason)
  const other = await tx.maybe({
    text: 'select 1 from person where tenant_id = $1 and email_key = lower($2) and id <> $3',
    values: [tx.tenantId, email, id],
  })
  if (other !== undefined) {
    throw new Refusal('already_exists', [{ code: 'taken', field: 'email', message: says('person.address') }])
  }
}

type Row = {
  readonly version: number
  readonly name: string
  readonly email: string
  readonly title: string
  readonly phone: string
  readonly language: string
  readonly time_zone: string
  readonly is_vip: boolean
  readonly is_active: boolean
}

const lockPerson = (tx: Tx, personId: string): Promise<Row> =>
  tx.one<Row>({
    text: `select version, name, email, title, phone, language, time_zone, is_vip, is_active from person
           where tenant_id = $1 and id = $2 for update`,
    values: [tx.tenantId, personId],
  })

const personalColumns = new Set(['name', 'email', 'title', 'phone'])

/** What differs, as the journal keeps it, and the pointers to the personal part of it. */
const changesOf = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, string | boolean | undefined>>,
): { changes: JsonObject; personal: string[] } => {
  const changed = Object.entries(after).flatMap(([column, to]) => {
    const was = before[column]
    if (to === undefined || to === was) return []
    return [[column, { from: typeof was === 'string' || typeof was === 'boolean' ? was : null, to }] as const]
  })
  return {
    changes: Object.fromEntries(changed),
    personal: changed
      .map(([column]) => column)
      .filter((column) => personalColumns.has(column))
      .map((column) => `/changes/${column}`),
  }
}

/**
 * Changes a person. Deactivating ends sessions, keys and links at once. A new address invalidates links on their way to the old one.
 */
export const editPerson = (
  database: Database,
  caller: Caller,
  personId: string,
  version: number,
  edit: EditPerson,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    if (edit.isActive === false) await lockAdministration(tx)
    const row = await lockPerson(tx, personId)
    if (row.version !== version) throw new Refusal('changed_meanwhile', says('person.changed'))
    if (edit.isActive === false && personId === caller.personId) {
      throw new Refusal('not_ready', says('person.self'))
    }
    const after = {
      name: edit.name,
      email: edit.email,
      title: edit.title,
      phone: edit.phone,
      language: edit.language,
      time_zone: edit.timeZone,
      is_vip: edit.isVip,
      is_active: edit.isActive,
    }
    const { changes, personal } = changesOf(row, after)
    if (Object.keys(changes).length === 0) return { id: personId, version }
    if (edit.email !== undefined && edit.email !== row.email) {
      await refuseOverreach(tx, caller, personId)
      await refuseEmail(tx, edit.email, personId)
      withdrawTokens(tx, personId, ['invitation', 'reset', 'answer'])
    }
    tx.send({
      text: `update person set name = coalesce($3, name), email = coalesce($4, email), title = coalesce($5, title), phone = coalesce($6, phone),
               language = coalesce($7, language), time_zone = coalesce($8, time_zone), is_vip = coalesce($9, is_vip),
               is_active = coalesce($10, is_active), version = version + 1
             where tenant_id = $1 and id = $2`,
      values: [
        tx.tenantId,
        personId,
        after.name ?? null,
        after.email ?? null,
        after.title ?? null,
        after.phone ?? null,
        after.language ?? null,
        after.time_zone ?? null,
        after.is_vip ?? null,
        after.is_active ?? null,
      ],
    })
    const turned = edit.isActive !== undefined && edit.isActive !== row.is_active
    tx.journal({
      type: !turned ? 'person.edited' : edit.isActive === true ? 'person.reactivated' : 'person.deactivated',
      subject: { kind: 'person', id: personId },
      data: { version: version + 1, changes },
      personal,
    })
    if (turned && edit.isActive === true) {
      // Nobody comes back to be deactivated again the same night.
      tx.send({
        text: `insert into account_use (tenant_id, person_id, last_used_at) values ($1, $2, $3)
               on conflict (tenant_id, person_id) do update set last_used_at = excluded.last_used_at`,
        values: [tx.tenantId, personId, caller.now],
      })
    }
    if (turned && edit.isActive === false) await endAccess(tx, personId)
    return { id: personId, version: version + 1 }
  })

const endAccess = async (tx: Tx, personId: string): Promise<void> => {
  await endSessions(tx, { personId }, 'deactivated')
  await revoke(tx, personId, null)
  withdrawTokens(tx, personId, ['invitation', 'reset', 'answer'])
  await keepAnAdministrator(tx)
}

/**
 * Deactivates somebody because a rule says so, with what it went by.
 * @throws Refusal `not_ready` for the last administrator
 */
export const endAccount = async (tx: Tx, personId: string, why: JsonObject): Promise<void> => {
  await lockAdministration(tx)
  const row = await lockPerson(tx, personId)
  if (!row.is_active) return
  tx.send({
    text: 'update person set is_active = false, version = version + 1 where tenant_id = $1 and id = $2',
    values: [tx.tenantId, personId],
  })
  tx.journal({
    type: 'person.deactivated',
    subject: { kind: 'person', id: personId },
    data: { version: row.version + 1, changes: { is_active: { from: true, to: false } }, ...why },
  })
  await endAccess(tx, personId)
}

/**
 * Changes what is one's own: how the application speaks to one. Preferences alone are nobody else's business: they are neither
 * journalled nor a new version of the person.
 */
export const editMe = (database: Database, caller: Caller, edit: EditMe): Promise<void> =>
  write(database, caller, async (tx) => {
    if (isActing(caller)) throw new Refusal('forbidden', says('acting'))
    const [row, held] = await Promise.all([
      lockPerson(tx, caller.personId),
      tx.one<{ preferences: Record<string, unknown> }>({
        text: 'select preferences from person where tenant_id = $1 and id = $2',
        values: [tx.tenantId, caller.personId],
      }),
    ])
    const preferences = Object.fromEntries(
      Object.entries({ ...held.preferences, ...edit.preferences }).filter(([, value]) => value !== null),
    )
    const text = JSON.stringify(preferences)
    if (text.length > 32_768) throw invalid('preferences', says('person.preferences'))
    tx.send({
      text: 'update person set preferences = $3 where tenant_id = $1 and id = $2',
      values: [tx.tenantId, caller.personId, text],
    })
    const { changes, personal } = changesOf(row, {
      phone: edit.phone,
      language: edit.language,
      time_zone: edit.timeZone,
    })
    if (Object.keys(changes).length === 0) return
    tx.send({
      text: `update person set phone = coalesce($3, phone), language = coalesce($4, language), time_zone = coalesce($5, time_zone),
               version = version + 1 where tenant_id = $1 and id = $2`,
      values: [
        tx.tenantId,
        caller.personId,
        edit.phone ?? null,
        edit.language ?? null,
        edit.timeZone ?? null,
      ],
    })
    tx.journal({
      type: 'person.edited',
      subject: { kind: 'person', id: caller.personId },
      data: { version: row.version + 1, changes },
      personal,
    })
  })

/**
 * Who manages people but not roles does not get at the accounts of those who may more: a new address or a removed second factor would
 * be the way to become them.
 */
const refuseOverreach = async (tx: Tx, caller: Caller, personId: string): Promise<void> => {
  if (mayAtAll(caller.grants, 'role.manage')) return
  const rows = await tx.rows<{ permission: string }>({
    text: `select distinct rp.permission from person_role pr
             join role_permission rp on rp.tenant_id = pr.tenant_id and rp.role_id = pr.role_id
           where pr.tenant_id = $1 and pr.person_id = $2`,
    values: [tx.tenantId, personId],
  })
  if (rows.some(({ permission }) => !isPermission(permission) || !mayAtAll(caller.grants, permission))) {
    throw new Refusal('forbidden', [
      {
        code: 'role.manage',
        message: says('permission.more'),
      },
    ])
  }
}

export const invitePerson = (
  database: Database,
  caller: Caller,
  site: Site,
  personId: string,
): Promise<void> => write(database, caller, (tx) => invite(tx, site, personId))

/** Lets a person try again before the lock is over. */
export const unlockPerson = (database: Database, caller: Caller, personId: string): Promise<void> =>
  write(database, caller, async (tx) => {
    const { email } = await tx.one<{ email: string }>({
      text: 'select email from person where tenant_id = $1 and id = $2',
      values: [tx.tenantId, personId],
    })
    attemptWorked(tx, accountHash(email))
    tx.journal({ type: 'person.unlocked', subject: { kind: 'person', id: personId }, data: {} })
  })

/**
 * Removes the second factors of somebody who lost them: one-time codes, recovery codes and passkeys. They sign in with their password,
 * or ask for a new one by mail, and set up anew what their role asks for. Not of oneself: that is done under one's account.
 */
export const removeSecondFactor = (database: Database, caller: Caller, personId: string): Promise<void> =>
  write(database, caller, async (tx) => {
    if (personId === caller.personId) throw new Refusal('not_ready', says('codes.own'))
    await personExists(tx, personId)
    await refuseOverreach(tx, caller, personId)
    await dropFactors(tx, personId)
    await endSessions(tx, { personId }, 'a credential changed')
  })
