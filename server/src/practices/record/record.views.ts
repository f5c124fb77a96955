import { faultSaying } from '../../kernel/filter/language.ts'
import type { CreateView, EditView, SavedView } from '@evenkeel/contract/saved-view'
import type { Filter } from '@evenkeel/contract/filter'
import { mayAtAll } from '../../kernel/access.ts'
import { bindFilter } from '../../kernel/filter/bind.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { filterToText } from '../../kernel/filter/print.ts'
import { parseSort } from '../../kernel/filter/sort.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { defined } from './record.fields.commands.ts'
import { mustBeVersion } from './record.version.ts'
import { says } from './record.reasons.ts'

type Ref = { readonly id: string; readonly version: number }
type Row = Omit<SavedView, 'text' | 'mayChange'>

/** The fields of one reader, with the names that these filters need. */
type FieldsFor = (filters: readonly Filter[]) => Promise<Fields | null>

const viewSelect = `select v.id, v.record_kind as "recordKind", v.name, json_build_object('id', o.id, 'name', o.name) as owner, v.audience,
    case when t.id is not null then json_build_object('id', t.id, 'name', t.name) end as team, v.filter, v.sort #>> '{}' as sort, v.columns, v.group_by as "group", v.version
  from saved_view v join person o on o.tenant_id = v.tenant_id and o.id = v.owner_id
  left join team t on t.tenant_id = v.tenant_id and t.id = v.team_id`

/**
 * Views this reader may use. One whose filter names a field that the reader cannot see is left out: to them it would be a list about
 * something that does not exist.
 */
export const listViews = async (
  database: Database,
  caller: Caller,
  recordKind: SavedView['recordKind'],
  fieldsFor: FieldsFor,
): Promise<{ views: SavedView[]; defaultId: string | null }> => {
  const [rows, first] = await read(database, caller.tenantId, (q) =>
    Promise.all([
      q.rows<Row>({
        text: `${viewSelect} where v.tenant_id = $1 and v.record_kind = $4 and (v.owner_id = $2 or v.audience = 'everyone' or (v.audience = 'team' and v.team_id = any($3)))
             order by v.audience, lower(v.name), v.id limit 500`,
        values: [q.tenantId, caller.personId, [...caller.reach.teamIds], recordKind],
      }),
      q.maybe<{ id: string }>({
        text: `select view_id as id from default_view where tenant_id = $1 and person_id = $2 and record_kind = $3`,
        values: [q.tenantId, caller.personId, recordKind],
      }),
    ]),
  )
  const fields = await fieldsFor(rows.map(({ filter }) => filter))
  if (fields === null) return { views: [], defaultId: null }
  const mayShare = mayAtAll(caller.grants, 'view.share')
  const views = rows.flatMap((row) => {
    const binding = bindFilter(row.filter, fields)
    const mayChange = mayShare || row.owner.id === caller.personId
    return binding.ok ? [{ ...row, mayChange, text: filterToText(binding.bound, fields) }] : []
  })
  // A view that was taken away from this reader is no beginning any more.
  return { views, defaultId: views.find(({ id }) => id === first?.id)?.id ?? null }
}

export const createView = (
  database: Database,
  caller: Caller,
  draft: CreateView,
  fields: Fields,
  once: OnceStore | null,
): Promise<Ref> => {
  mustBeUsable(draft, fields)
  mustBeAllowedToShare(caller, draft.audience, draft.teamId)
  return write(database, caller, async (tx) => {
    const id = uuidv7()
    tx.send({
      text: `insert into saved_view (tenant_id, id, record_kind, name, owner_id, team_id, audience, filter, sort, columns, group_by, created_at)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
      values: [
        tx.tenantId,
        id,
        draft.recordKind,
        draft.name,
        caller.personId,
        draft.teamId,
        draft.audience,
        JSON.stringify(draft.filter),
        JSON.stringify(draft.sort),
        JSON.stringify(draft.columns),
        draft.group,
        caller.now,
      ],
    })
    tx.journal({
      type: 'view.created',
      subject: { kind: 'view', id },
      data: { ...draft, version: 1 },
      personal: ['/filter'],
    })
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })
}

export const editView = async (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  edit: EditView,
  fieldsFor: (kind: SavedView['recordKind']) => Promise<Fields>,
): Promise<Ref> => {
  const { kind } = await read(database, caller.tenantId, (q) =>
    q.one<{ kind: SavedView['recordKind'] }>({
      text: 'select record_kind as kind from saved_view where tenant_id = $1 and id = $2',
      values: [q.tenantId, id],
    }),
  )
  const fields = await fieldsFor(kind)
  return write(database, caller, async (tx) => {
    const row = await lockView(tx, caller, id)
    mustBeVersion(row.version, seen)
    mustBeUsable({ ...row, ...defined(edit) }, fields)
    if (edit.audience !== undefined || edit.teamId !== undefined) {
      mustBeAllowedToShare(
        caller,
        edit.audience ?? row.audience,
        edit.teamId === undefined ? row.teamId : edit.teamId,
      )
    }
    const json = (value: unknown): string | undefined =>
      value === undefined ? undefined : JSON.stringify(value)
    const columns = {
      name: edit.name,
      audience: edit.audience,
      team_id: edit.teamId,
      filter: json(edit.filter),
      sort: json(edit.sort),
      columns: json(edit.columns),
      group_by: edit.group,
    }
    const changed = Object.entries(columns).filter(([, value]) => value !== undefined)
    if (changed.length === 0) return { id, version: row.version }
    tx.send({
      text: `update saved_view set version = version + 1, ${changed.map(([column], index) => `${column} = $${index + 3}`).join(', ')} where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, id, ...changed.map(([, value]) => value)],
    })
    tx.journal({
      type: 'view.changed',
      subject: { kind: 'view', id },
      data: { ...defined(edit), version: row.version + 1 },
      personal: ['/filter'],
    })
    return { id, version: row.version + 1 }
  })
}

export const deleteView = (database: Database, caller: Caller, id: string): Promise<void> =>
  write(database, caller, async (tx) => {
    await lockView(tx, caller, id)
    tx.send({ text: 'delete from saved_view where tenant_id = $1 and id = $2', values: [tx.tenantId, id] })
    tx.journal({ type: 'view.deleted', subject: { kind: 'view', id }, data: {} })
  })

type Locked = {
  readonly owner_id: string
  readonly audience: 'mine' | 'team' | 'everyone'
  readonly teamId: string | null
  readonly filter: Filter
  readonly sort: string
  readonly group: string
  readonly version: number
}

/** One's own view; or a shared one, for those who may share. Others' private views do not exist. */
const lockView = async (tx: Tx, caller: Caller, id: string): Promise<Locked> => {
  const row = await tx.one<Locked>({
    text: `select owner_id, audience, team_id as "teamId", filter, sort #>> '{}' as sort, group_by as "group", version from saved_view where tenant_id = $1 and id = $2 for update`,
    values: [tx.tenantId, id],
  })
  if (row.owner_id === caller.personId) return row
  const seen =
    row.audience === 'everyone' ||
    (row.audience === 'team' && row.teamId !== null && caller.reach.teamIds.has(row.teamId))
  if (!seen) throw new Refusal('not_found')
  if (!mayAtAll(caller.grants, 'view.share'))
    throw new Refusal('forbidden', [{ code: 'view.share', message: says('view.other') }])
  return row
}

/**
 * Begins with a view from now on; with null, as everybody does.
 * @throws Refusal `not_found` for a view that this reader cannot use.
 */
export const setDefaultView = (
  database: Database,
  caller: Caller,
  recordKind: string,
  viewId: string | null,
): Promise<void> =>
  write(database, caller, async (tx) => {
    if (viewId === null) {
      tx.send({
        text: 'delete from default_view where tenant_id = $1 and person_id = $2 and record_kind = $3',
        values: [tx.tenantId, caller.personId, recordKind],
      })
    } else {
      await tx.one({
        text: `select id from saved_view where tenant_id = $1 and id = $2 and record_kind = $5
                 and (owner_id = $3 or audience = 'everyone' or (audience = 'team' and team_id = any($4)))`,
        values: [tx.tenantId, viewId, caller.personId, [...caller.reach.teamIds], recordKind],
      })
      tx.send({
        text: `insert into default_view (tenant_id, person_id, record_kind, view_id) values ($1, $2, $3, $4)
               on conflict (tenant_id, person_id, record_kind) do update set view_id = excluded.view_id`,
        values: [tx.tenantId, caller.personId, recordKind, viewId],
      })
    }
    tx.journal({
      type: 'view.default_set',
      subject: { kind: 'person', id: caller.personId },
      data: { recordKind, viewId },
    })
  })

type Usable = { readonly filter: Filter; readonly sort: string; readonly group: string }

const mustBeUsable = ({ filter, sort, group }: Usable, fields: Fields): void => {
  const binding = bindFilter(filter, fields)
  if (!binding.ok) {
    throw new Refusal(
      'unknown_field',
      binding.faults.slice(0, 20).map((fault) => ({
        code: fault.code,
        field: ['filter', ...fault.path].join('.'),
        message: faultSaying(fault),
      })),
    )
  }
  for (const [field, text] of Object.entries({ sort, group })) {
    const order = parseSort(text, fields)
    if (!order.ok)
      throw new Refusal(
        'unknown_field',
        order.faults.map((fault) => ({ code: fault.code, field, message: faultSaying(fault) })),
      )
  }
}

const mustBeAllowedToShare = (caller: Caller, audience: string, teamId: string | null): void => {
  if ((audience === 'team') !== (teamId !== null))
    throw new Refusal('invalid', [{ code: 'team', field: 'teamId', message: says('view.team') }])
  if (audience === 'mine') return
  if (!mayAtAll(caller.grants, 'view.share'))
    throw new Refusal('forbidden', [{ code: 'view.share', field: 'audience', message: says('view.own') }])
  if (teamId !== null && !caller.reach.teamIds.has(teamId))
    throw new Refusal('invalid', [{ code: 'team', field: 'teamId', message: says('view.notInTeam') }])
}
