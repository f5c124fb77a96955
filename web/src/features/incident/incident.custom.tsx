import type { CustomFieldView } from '@evenkeel/contract/field'
import type { IncidentView } from '@evenkeel/contract/incident'
import { say } from '../../language/say.ts'
import { Choice } from '../../ui/choice.tsx'
import { EditableText } from '../../ui/edit-in-place.tsx'
import { Fact, Section } from './incident.fact.tsx'
import classes from './incident.facts.module.css'
import {
  customValueOf,
  shownValue,
  textOf,
  useCustomFields,
  type CustomValue,
} from './incident.custom-values.ts'
import { useEditIncident } from './incident.edit.ts'

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
