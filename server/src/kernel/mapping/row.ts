import type { ImportFault, UntranslatedValue } from '@evenkeel/contract/import'
import type { CustomFieldView } from '@evenkeel/contract/field'
import type { z } from 'zod'
import type { Saying } from '../language/saying.ts'

/** A row as a reader gives it: its cells in the order of the header, and keys for which there is no column. */
export type MappedRow = {
  readonly line: number
  readonly cells: readonly string[]
  readonly beyond?: readonly string[]
}

export type CustomField = Pick<CustomFieldView, 'key' | 'type' | 'choices'>

/** Why a row is refused. `column` names several when the field is made of several. */
export type RowFault = {
  readonly field: string | null
  readonly column: string | null
  readonly value: string | null
  readonly code: ImportFault['code']
}

/** A value that the mapping does not translate, and what became of it. */
export type Untranslated = Pick<z.infer<typeof UntranslatedValue>, 'field' | 'column' | 'value' | 'outcome'>

/** What one row says about a record at one moment. Any fault refuses the row. */
export type TranslatedRow = {
  readonly line: number
  /** Empty when the row does not say which record it is about; it has a fault then. */
  readonly recordKey: string
  readonly updateKey: string
  /** When it happened: the time of the update; of the record, when updates have none. */
  readonly at: string | null
  readonly values: Readonly<Record<string, string | null>>
  readonly faults: readonly RowFault[]
  readonly untranslated: readonly Untranslated[]
}

/** What is wrong with a mapping, by the field (`title`) or the place in the mapping (`times.zone`, `record`). */
export type MappingFault = { readonly field: string; readonly saying: Saying }
