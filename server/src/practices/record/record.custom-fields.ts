import type { Field } from '../../kernel/filter/fields.ts'
import type { Column } from '../../kernel/filter/sql.ts'
import { tenantCache } from '../../platform/cache/tenant-cache.ts'

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
  const text = `(r.custom->>'${field.key}')`
  switch (field.type) {
    case 'number':
      return {
        sql: `(case when jsonb_typeof(r.custom->'${field.key}') = 'number' then ${text}::numeric end)`,
      }
    case 'date':
      return { sql: `(case when ${text} ~ '^\\d{4}-\\d\\d-\\d\\d$' then ${text}::date end)` }
    case 'boolean':
      return {
        sql: `(case when jsonb_typeof(r.custom->'${field.key}') = 'boolean' then ${text}::boolean end)`,
      }
    case 'text':
    case 'choice':
      return { sql: text }
  }
}
