import type { CustomFieldView } from '@evenkeel/contract/field'
import { Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { say } from '../../language/say.ts'
import { Tag } from '../../ui/tag.tsx'
import classes from './field.module.css'

type Draft = Pick<CustomFieldView, 'label' | 'type' | 'isRequired' | 'isInternal'> & {
  readonly choices: readonly string[]
}

/** The field as people will fill it in. */
export const FieldPreview = ({ label, type, choices, isRequired, isInternal }: Draft) => (
  <section className={classes['preview']} aria-label={say('fields.preview')}>
    <p className={classes['previewTitle']}>{say('fields.preview')}</p>
    <Control label={label} type={type} choices={choices} isRequired={isRequired} />
    <span>
      <Tag tone={isInternal ? 'note' : 'comment'}>
        {isInternal ? say('fields.internal') : say('fields.public')}
      </Tag>
    </span>
  </section>
)

const Control = ({ label, type, choices, isRequired }: Omit<Draft, 'isInternal'>) => {
  const common = { label, withAsterisk: isRequired }
  switch (type) {
    case 'text':
      return <TextInput {...common} />
    case 'number':
      return <NumberInput {...common} hideControls />
    case 'date':
      return <TextInput {...common} type="date" />
    case 'boolean':
      return <Checkbox label={label} />
    case 'choice':
      return (
        <Select
          {...common}
          data={[...new Set(choices)]}
          placeholder={say('access.choosePermission')}
          clearable={!isRequired}
        />
      )
  }
}
