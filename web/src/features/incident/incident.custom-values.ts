import type { CustomFieldView } from '@evenkeel/contract/field'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'

export type CustomValue = string | number | boolean | null

/** The fields that this organization added, in its order. */
export const customFieldsQuery = queryOptions({
  queryKey: ['custom-fields'],
  queryFn: () => client.listCustomFields(),
  staleTime: 300_000,
})

export const useCustomFields = (): readonly CustomFieldView[] => {
  const { data } = useQuery(customFieldsQuery)
  return useMemo(() => fieldsOfIncidents(data?.fields ?? []), [data])
}

/** Those in use, in their order. */
export const fieldsOfIncidents = (all: readonly CustomFieldView[]): readonly CustomFieldView[] =>
  all
    .filter((field) => field.recordKind === 'incident' && field.isActive)
    .toSorted((a, b) => a.position - b.position || a.label.localeCompare(b.label))

/** What was typed as a value of the field; null for nothing. */
export const customValueOf = (field: Pick<CustomFieldView, 'type'>, text: string): CustomValue => {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (field.type === 'number') return Number(trimmed)
  return field.type === 'boolean' ? trimmed === 'true' : trimmed
}

export const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''

/** A value in the reader's words and formats. */
export const shownValue = (field: Pick<CustomFieldView, 'type'>, value: unknown): string => {
  const { language } = readerZone()
  if (typeof value === 'boolean') return value ? say('incident.yes') : say('incident.no')
  if (typeof value === 'number') return new Intl.NumberFormat(language).format(value)
  if (field.type === 'date' && typeof value === 'string')
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(`${value}T00:00:00Z`),
    )
  return textOf(value)
}
