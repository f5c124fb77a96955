import type { ClassAttribute } from '@evenkeel/contract/item-class'
import type { ItemValue } from '@evenkeel/contract/item'
import { fold } from '../../kernel/filter/fold.ts'
import { invalid, Refusal, type Ground } from '../../kernel/refusal.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { mayAtAll } from '../../kernel/access.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from './item.access.ts'
import type { Model, Models } from './item-class.model.ts'
import { says } from './item.reasons.ts'
import { idsIn, valueFault } from './item.value.ts'

/** Attributes a person may speak of: what is restricted does not exist for those who may not see it. */
export const attributesFor = (
  model: Model,
  caller: Pick<Caller, 'grants'>,
): ReadonlyMap<string, ClassAttribute> =>
  mayAtAll(caller.grants, 'item.read_restricted')
    ? model.byKey
    : new Map([...model.byKey].filter(([, attribute]) => !attribute.restricted))

type Given = Readonly<Record<string, ItemValue | null>>

/** What is wrong with values apart from where their references lead. */
export const valueGrounds = (
  attributes: ReadonlyMap<string, ClassAttribute>,
  values: Given,
  field = 'values',
): Ground[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const at = `${field}.${key}`
    const attribute = attributes.get(key)
    if (attribute === undefined)
      return [{ code: 'unknown_attribute', field: at, message: says('attribute.unknown', { key }) }]
    if (value === null) return []
    if (attribute.retired)
      return [{ code: 'retired', field: at, message: says('attribute.retired', { label: attribute.label }) }]
    const fault = valueFault(attribute, value)
    return fault === undefined ? [] : [{ code: 'invalid', field: at, message: fault }]
  })

export const missingGrounds = (model: Model, values: Given, field = 'values'): Ground[] =>
  model.attributes.flatMap(({ key, label, required, retired }) =>
    required && !retired && (values[key] ?? null) === null
      ? [{ code: 'required', field: `${field}.${key}`, message: says('attribute.required', { label }) }]
      : [],
  )

/** @throws Refusal `invalid` naming everything that is wrong with values somebody gave by hand */
export const refuseValues = (grounds: readonly Ground[]): void => {
  if (grounds.length > 0) throw new Refusal('invalid', grounds.slice(0, 20))
}

type Wanted = { readonly attribute: ClassAttribute; readonly id: string; readonly field: string }

/**
 * References that lead nowhere: to people and teams that are not active, and to items that this caller does not see or that are of another
 * class. One answer for all of these.
 */
export const referenceGrounds = async (
  q: Reader,
  caller: Pick<Caller, 'grants' | 'reach'> | null,
  models: Models,
  attributes: ReadonlyMap<string, ClassAttribute>,
  values: Given,
  field = 'values',
): Promise<Ground[]> => {
  const wanted: Wanted[] = Object.entries(values).flatMap(([key, value]) => {
    const attribute = attributes.get(key)
    if (attribute === undefined || value === null) return []
    return idsIn(attribute, value).map((id) => ({ attribute, id, field: `${field}.${key}` }))
  })
  if (wanted.length === 0) return []
  const ids = (kind: string): string[] => [
    ...new Set(wanted.filter(({ attribute }) => attribute.to?.kind === kind).map(({ id }) => id)),
  ]
  const reach = parametersFrom(4)
  const seen = caller === null ? 'true' : itemReachSql(caller, 'item.read', reach)
  const found = await q.rows<{ id: string; kind: string; class: string }>({
    text: `select id, 'person' as kind, '' as class from person where tenant_id = $1 and id = any($2::uuid[]) and is_active
           union all select id, 'team', '' from team where tenant_id = $1 and id = any($2::uuid[]) and is_active
           union all select r.id, 'item', r.class from item r where r.tenant_id = $1 and r.id = any($3::uuid[]) and r.merged_into_id is null and ${seen}`,
    values: [q.tenantId, [...ids('person'), ...ids('team')], ids('item'), ...reach.values],
  })
  return wanted.flatMap(({ attribute, id, field: at }) => {
    const { to } = attribute
    const fits = found.some(
      (one) =>
        one.id === id &&
        one.kind === to?.kind &&
        (to.kind !== 'item' || models.within(to.class).includes(one.class)),
    )
    return fits
      ? []
      : [{ code: 'invalid', field: at, message: says('value.nobody', { label: attribute.label }) }]
  })
}

/** Values that no other item may have, and another one has. Items that went into others or are gone have given theirs back. */
export const takenGrounds = async (
  q: Reader,
  attributes: ReadonlyMap<string, ClassAttribute>,
  values: Given,
  /** The item that is spoken of; null while it is new. */
  own: string | null,
  field = 'values',
): Promise<Ground[]> => {
  const wanted = Object.entries(values).flatMap(([key, value]) => {
    const attribute = attributes.get(key)
    return attribute?.unique === true && typeof value === 'string' ? [{ attribute, value }] : []
  })
  if (wanted.length === 0) return []
  // Two at once that both find it free would both have it.
  await q.rows({
    text: `select pg_advisory_xact_lock(hashtextextended('items ' || $1::text, 0))`,
    values: [q.tenantId],
  })
  const rows = await q.rows<{ attribute: string; folded: string }>({
    text: `select v.attribute, v.folded from unnest($2::text[], $3::text[]) w (attribute, value)
             join item_value v on v.tenant_id = $1 and v.attribute = w.attribute and v.folded = w.value
             join item i on i.tenant_id = $1 and i.id = v.item_id and i.merged_into_id is null and i.state <> 'disposed'
           where v.item_id is distinct from $4::uuid`,
    values: [
      q.tenantId,
      wanted.map(({ attribute }) => attribute.key),
      wanted.map(({ value }) => fold(value).slice(0, 200)),
      own,
    ],
  })
  const taken = new Set(rows.map((row) => `${row.attribute} ${row.folded}`))
  return wanted.flatMap(({ attribute: { key, label }, value }) =>
    taken.has(`${key} ${fold(value).slice(0, 200)}`)
      ? [{ code: 'taken', field: `${field}.${key}`, message: says('value.unique', { label, value }) }]
      : [],
  )
}

/** Since when something is so: now when nobody says, never in the future. */
export const since = (validFrom: string | undefined, now: string): string => {
  if (validFrom === undefined) return now
  const at = new Date(validFrom).toISOString()
  if (at > now) throw invalid('validFrom', says('time.future'))
  return at
}
