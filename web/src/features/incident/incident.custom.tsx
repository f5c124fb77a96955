import type { CustomFieldView } from '@evenkeel/contract/field'
import type { IncidentView } from '@evenkeel/contract/incident'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { readerZone, say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Choice } from '../../ui/choice.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fact, Section } from './incident.fact.tsx'
import classes from './incident.facts.module.css'
import { useEditIncident } from './incident.edit.ts'

export type CustomValue = string | number | boolean | null

/** The fields that this organization added, in its order. */
export const customFieldsQuery = queryOptions({
  queryKey: ['custom-fields'],
  queryFn: () => client.listCustomFields(),
  staleTime: 300_000,
})

export const useCustomFields = (): readonly CustomFieldView[] => {
  const { data } = useQuery(customFieldsQuery)
  return (data?.fields ?? [])
    .filter((field) => field.recordKind === 'incident' && field.isActive)
    .toSorted((a, b) => a.position - b.position || a.label.localeCompare(b.label))
}

/** What was typed as a value of the field; null for nothing. */
export const customValueOf = (field: Pick<CustomFieldView, 'type'>, text: string): CustomValue => {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (field.type === 'number') return Number(trimmed)
  return field.type === 'boolean' ? trimmed === 'true' : trimmed
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''

const shownValue = (field: CustomFieldView, value: unknown): string => {
  const { language } = readerZone()
  if (typeof value === 'boolean') return value ? say('incident.yes') : say('incident.no')
  if (typeof value === 'number') return new Intl.NumberFormat(language).format(value)
  if (field.type === 'date' && typeof value === 'string')
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(`${value}T00:00:00Z`),
    )
  return textOf(value)
}

export const CustomFields = ({ incident }: { readonly incident: IncidentView }) => {
  const fields = useCustomFields()
  if (fields.length === 0) return null
  return (
    <Section title={say('incident.more')}>
      <dl className={classes['list']}>
        {fields.map((field) => (
          <CustomField key={field.id} incident={incident} field={field} />
        ))}
      </dl>
    </Section>
  )
}

const CustomField = ({
  incident,
  field,
}: {
  readonly incident: IncidentView
  readonly field: CustomFieldView
}) => {
  const edit = useEditIncident(incident)
  const value = incident.custom[field.key] ?? null
  const editable = incident.allowed.includes('incident.edit')
  const save = (next: CustomValue): Promise<void> =>
    edit({ custom: { [field.key]: next } }, { custom: { ...incident.custom, [field.key]: next } })
  const shown =
    value === null ? (
      <span className={classes['none']}>{say('edit.empty')}</span>
    ) : (
      <bdi>{shownValue(field, value)}</bdi>
    )
  if (field.type === 'choice' || field.type === 'boolean') {
    const options =
      field.type === 'boolean'
        ? [
            { value: 'true', label: say('incident.yes') },
            { value: 'false', label: say('incident.no') },
          ]
        : field.choices.map((choice) => ({ value: choice, label: choice }))
    return (
      <Fact name={field.label}>
        <Choice
          label={field.label}
          value={value === null ? null : textOf(value)}
          options={options}
          editable={editable}
          searchable={options.length > 8}
          {...(field.isRequired ? {} : { nothing: say('edit.empty') })}
          onChoose={(chosen) => save(chosen === null ? null : customValueOf(field, chosen))}
        >
          {shown}
        </Choice>
      </Fact>
    )
  }
  return (
    <Fact name={field.label}>
      <EditableText
        label={field.label}
        value={textOf(value)}
        editable={editable}
        required={field.isRequired}
        maxLength={4000}
        type={field.type}
        onSave={(text) => save(customValueOf(field, text))}
      >
        {shown}
      </EditableText>
    </Fact>
  )
}
