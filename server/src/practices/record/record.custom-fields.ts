import type { Field } from '../../kernel/filter/fields.ts'
import { fold } from '../../kernel/filter/fold.ts'
import type { Column } from '../../kernel/filter/sql.ts'
import { tenantCache } from '../../platform/cache/tenant-cache.ts'
import type { IdSet } from './record.list.sets.ts'

/** A field that a tenant added to a kind of record. */
export type CustomField = {
  readonly id: string
  readonly recordKind: string
  readonly key: string
  readonly label: string
  readonly type: 'text' | 'number' | 'choice' | 'date' | 'boolean'
  readonly choices: readonly string[]
  readonly isRequired: boolean
  /** For the team only: it does not exist for requesters. */
  readonly isInternal: boolean
  readonly isActive: boolean
  readonly position: number
  readonly version: number
}

/** The tenant's custom fields of every kind, retired ones included, in their order. */
export const customFields = tenantCache<readonly CustomField[]>(['custom_field.'], (q) =>
  q.rows<CustomField>({
    text: `select id, record_kind as "recordKind", key, label, type, choices, is_required as "isRequired", is_internal as "isInternal",
             is_active as "isActive", position, version from custom_field where tenant_id = $1 order by position, key`,
    values: [q.tenantId],
  }),
)

/** A custom field as filters and lists know it: `custom.<key>`. Lists are in order of short values of one type, never of free text. */
export const filterField = (field: CustomField): Field => {
  const names = {
    name: `custom.${field.key}`,
    label: field.label,
    sortable: field.type !== 'text',
  } as const
  switch (field.type) {
    case 'choice':
      return { ...names, type: 'choice', choices: field.choices.map((value) => ({ value, label: value })) }
    case 'text':
    case 'number':
    case 'date':
    case 'boolean':
      return { ...names, type: field.type }
  }
}

/** Where its value is. The key's form is checked by the database (letters, digits, underscore), so it is safe as a literal. */
export const filterColumn = (field: CustomField): Column => {
  const value = `r.custom->'${field.key}'`
  const text = `(r.custom->>'${field.key}')`
  switch (field.type) {
    case 'number':
      return {
        sql: `(case when jsonb_typeof(${value}) = 'number' then ${text}::double precision end)`,
        as: 'double precision',
      }
    case 'date':
      return { sql: `day_of(${text})` }
    case 'boolean':
      return { sql: `(case when jsonb_typeof(${value}) = 'boolean' then ${text}::boolean end)` }
    case 'text':
    case 'choice':
      return { sql: `(case when jsonb_typeof(${value}) = 'string' then ${text} end)` }
  }
}

const longestKept = 200

/** The same value in the index of values (migration 0116), which holds the beginning of long texts, folded. */
export const customSet = (field: CustomField): IdSet => {
  const { column, by } = indexed[field.type]
  return {
    isByValue: true,
    ask: (bound) => {
      const { test } = bound
      if (field.type !== 'text' && field.type !== 'choice') return { bound, column }
      const asText = { ...bound, field: { ...bound.field, type: 'text' } as const }
      // Choices are compared letter by letter, but folded they are found.
      if (test.is === 'one of')
        return { bound: { ...asText, test: { ...test, values: test.values.map(beginning) } }, column }
      if (test.is === 'starting')
        return { bound: { ...asText, test: { ...test, part: beginning(test.part) } }, column }
      if (test.is === 'containing') return { bound: asText, column: withLong }
      // Of words only those of the beginning are here.
      return test.is === 'set' ? { bound: asText, column } : undefined
    },
    select: (condition) =>
      `select v.record_id as id, v.created_at as at from record_value_in_force v
         where v.tenant_id = $1 and v.field = '${field.key}' and v.${by} is not null and ${condition}`,
  }
}

const beginning = (text: string): string => Array.from(fold(text)).slice(0, longestKept).join('')
const folded: Column = { sql: 'v.folded', folded: 'v.folded' }
/** What stands beyond the beginning of a long text is looked for in the record. */
const withLong: Column = {
  ...folded,
  like: (pattern) => `(v.folded like ${pattern} or length(v.folded) = ${longestKept})`,
}
const indexed: Readonly<Record<CustomField['type'], { readonly column: Column; readonly by: string }>> = {
  text: { column: folded, by: 'folded' },
  choice: { column: folded, by: 'folded' },
  number: { column: { sql: 'v.number', as: 'double precision' }, by: 'number' },
  boolean: { column: { sql: 'v.truth' }, by: 'truth' },
  date: { column: { sql: 'v.day' }, by: 'day' },
}
