import type { CreateCustomField, EditCustomField } from '@evenkeel/contract/field'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { mustBeVersion } from './record.version.ts'
import { says } from './record.reasons.ts'

type Ref = { readonly id: string; readonly version: number }

const mustFitType = (type: string, choices: readonly string[]): void => {
  if (type === 'choice' && choices.length === 0) throw invalid('choices', says('choices.none'))
  if (type !== 'choice' && choices.length > 0) throw invalid('choices', says('choices.only'))
  if (new Set(choices).size < choices.length) throw invalid('choices', says('choices.same'))
}

export const createCustomField = (
  database: Database,
  caller: Caller,
  draft: CreateCustomField,
  once: OnceStore | null,
): Promise<Ref> => {
  mustFitType(draft.type, draft.choices)
  return write(database, caller, async (tx) => {
    const id = uuidv7()
    const made = await tx.maybe({
      text: `insert into custom_field (tenant_id, id, record_kind, key, label, type, choices, is_required, is_internal, position)
             values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict (tenant_id, record_kind, key) do nothing returning 1`,
      values: [
        tx.tenantId,
        id,
        draft.recordKind,
        draft.key,
        draft.label,
        draft.type,
        draft.choices,
        draft.isRequired,
        draft.isInternal,
        draft.position,
      ],
    })
    if (made === undefined) {
      throw new Refusal('already_exists', [{ code: 'taken', field: 'key', message: says('field.taken') }])
    }
    tx.journal({
      type: 'custom_field.created',
      subject: { kind: 'custom_field', id },
      data: { ...draft, version: 1 },
    })
    const ref = { id, version: 1 }
    once?.remember(tx, 201, ref)
    return ref
  })
}

export const editCustomField = (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  edit: EditCustomField,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const row = await tx.one<{ type: string; choices: string[]; version: number }>({
      text: 'select type, choices, version from custom_field where tenant_id = $1 and id = $2 for update',
      values: [tx.tenantId, id],
    })
    mustBeVersion(row.version, seen)
    mustFitType(row.type, edit.choices ?? row.choices)
    const columns = {
      label: edit.label,
      choices: edit.choices,
      is_required: edit.isRequired,
      is_internal: edit.isInternal,
      is_active: edit.isActive,
      position: edit.position,
    }
    const changed = Object.entries(columns).filter(([, value]) => value !== undefined)
    if (changed.length === 0) return { id, version: row.version }
    tx.send({
      text: `update custom_field set version = version + 1, ${changed.map(([column], index) => `${column} = $${index + 3}`).join(', ')} where tenant_id = $1 and id = $2`,
      values: [tx.tenantId, id, ...changed.map(([, value]) => value)],
    })
    tx.journal({
      type: 'custom_field.changed',
      subject: { kind: 'custom_field', id },
      data: { ...defined(edit), version: row.version + 1 },
    })
    return { id, version: row.version + 1 }
  })

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Without members that are undefined: JSON has none. */
export const defined = <T extends object>(value: T): Defined<T> =>
  // Filtering keeps the keys' types.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
