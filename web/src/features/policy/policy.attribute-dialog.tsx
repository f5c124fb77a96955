import { type ItemAttribute, type ItemClasses, attributeTypes } from '@evenkeel/contract/item-class'
import { Button, NativeSelect, NumberInput, Switch, Textarea, TextInput } from '@mantine/core'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SmallButton } from '../../ui/small-button.tsx'
import { classLines, keyFor, retyped } from './policy.classes.ts'
import classes from './policy.classes.module.css'

type Props = {
  readonly document: ItemClasses
  readonly attribute: ItemAttribute
  readonly isNew: boolean
  /** One that was published may have values: then its type stays. */
  readonly mayRetype: boolean
  readonly onSave: (attribute: ItemAttribute) => void
  readonly onClose: () => void
}

const listsOf = ['text', 'number', 'choice', 'date', 'reference'] as const

/** What an attribute is called, what it takes, and what follows from it. */
export const AttributeDialog = ({ document, attribute, isNew, mayRetype, onSave, onClose }: Props) => {
  const [now, setNow] = useState(attribute)
  const set = (change: Partial<ItemAttribute>): void => setNow({ ...now, ...change })
  const { type, of } = now
  const isText = type === 'text' || (type === 'list' && of === 'text')
  const isNumber = type === 'number' || type === 'money' || (type === 'list' && of === 'number')
  const isChoice = type === 'choice' || (type === 'list' && of === 'choice')
  const isReference = type === 'reference' || (type === 'list' && of === 'reference')
  const choicesReady =
    !isChoice || (now.choices.length > 0 && now.choices.every(({ label }) => label.trim() !== ''))
  const setType = (text: string): void => {
    const next = attributeTypes.find((one) => one === text)
    if (next !== undefined) setNow(retyped(now, next))
  }
  return (
    <FormDialog
      title={isNew ? say('classes.addAttribute') : attribute.label}
      submit={isNew ? say('classes.addAttribute') : say('form.save')}
      ready={now.label.trim() !== '' && choicesReady}
      size="lg"
      onClose={onClose}
      onSubmit={async () =>
        onSave({ ...now, label: now.label.trim(), choices: named(now.choices, attribute.choices) })
      }
    >
      <div className={classes['fields']}>
        <TextInput
          label={say('classes.label')}
          value={now.label}
          maxLength={80}
          data-autofocus
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        <NativeSelect
          label={say('classes.type')}
          value={type}
          disabled={!mayRetype}
          {...(mayRetype ? {} : { description: say('classes.typeStays') })}
          data={attributeTypes.map((one) => ({ value: one, label: say(`classes.type.${one}`) }))}
          onChange={(event) => setType(event.currentTarget.value)}
        />
        {type === 'list' && (
          <NativeSelect
            label={say('classes.of')}
            value={of ?? 'text'}
            disabled={!mayRetype}
            data={listsOf.map((one) => ({ value: one, label: say(`classes.type.${one}`) }))}
            onChange={(event) => {
              const next = listsOf.find((one) => one === event.currentTarget.value)
              if (next !== undefined)
                setNow({
                  ...retyped(now, 'list'),
                  of: next,
                  ...(next === 'reference' ? { to: { kind: 'person' } } : {}),
                })
            }}
          />
        )}
        {isReference && (
          <NativeSelect
            label={say('classes.to')}
            value={now.to?.kind === 'item' ? `class ${now.to.class}` : (now.to?.kind ?? 'person')}
            disabled={!mayRetype}
            data={[
              { value: 'person', label: say('classes.to.person') },
              { value: 'team', label: say('classes.to.team') },
              ...classLines(document).map(({ one, depth }) => ({
                value: `class ${one.key}`,
                label: `${'\u2003'.repeat(depth)}${one.label}`,
              })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              set({
                to: value.startsWith('class ')
                  ? { kind: 'item', class: value.slice('class '.length) }
                  : { kind: value === 'team' ? 'team' : 'person' },
              })
            }
          />
        )}
        {isNumber && type !== 'money' && (
          <TextInput
            label={say('classes.unit')}
            value={now.unit}
            maxLength={20}
            onChange={(event) => set({ unit: event.currentTarget.value })}
          />
        )}
        {isNumber &&
          (['min', 'max'] as const).map((bound) => (
            <NumberInput
              key={bound}
              label={say(`classes.${bound}`)}
              value={now[bound] ?? ''}
              onChange={(next) => set({ [bound]: typeof next === 'number' ? next : null })}
            />
          ))}
        {isText && (
          <TextInput
            label={say('classes.pattern')}
            description={say('classes.patternText')}
            placeholder={say('classes.patternExample')}
            value={now.pattern}
            maxLength={80}
            onChange={(event) => set({ pattern: event.currentTarget.value })}
          />
        )}
      </div>
      {isChoice && <Choices choices={now.choices} onChange={(choices) => set({ choices })} />}
      <Textarea
        label={say('classes.help')}
        description={say('classes.helpText')}
        value={now.help}
        maxLength={300}
        autosize
        minRows={1}
        onChange={(event) => set({ help: event.currentTarget.value })}
      />
      <Switch
        label={say('classes.required')}
        description={say('classes.requiredText')}
        checked={now.required}
        onChange={(event) => set({ required: event.currentTarget.checked })}
      />
      <Switch
        label={say('classes.indexed')}
        description={say('classes.indexedText')}
        checked={now.indexed}
        onChange={(event) =>
          set({
            indexed: event.currentTarget.checked,
            ...(event.currentTarget.checked ? {} : { unique: false }),
          })
        }
      />
      {type === 'text' && (
        <Switch
          label={say('classes.unique')}
          description={say('classes.uniqueText')}
          checked={now.unique}
          disabled={!now.indexed}
          onChange={(event) => set({ unique: event.currentTarget.checked })}
        />
      )}
      <Switch
        label={say('classes.restricted')}
        description={say('classes.restrictedText')}
        checked={now.restricted}
        onChange={(event) => set({ restricted: event.currentTarget.checked })}
      />
      {!isNew && (
        <Switch
          label={say('classes.retired')}
          description={say('classes.attributeRetiredText')}
          checked={now.retired}
          onChange={(event) => set({ retired: event.currentTarget.checked })}
        />
      )}
    </FormDialog>
  )
}

/** Choices that are new get a value that says what they are; filters and sources write it. */
const named = (
  choices: ItemAttribute['choices'],
  before: ItemAttribute['choices'],
): ItemAttribute['choices'] => {
  const kept = new Set(before.map(({ value }) => value))
  const taken = new Set(kept)
  return choices.map((choice) => {
    if (kept.has(choice.value)) return choice
    const value = keyFor(choice.label, taken)
    taken.add(value)
    return { ...choice, value }
  })
}

const Choices = ({
  choices,
  onChange,
}: {
  readonly choices: ItemAttribute['choices']
  readonly onChange: (choices: ItemAttribute['choices']) => void
}) => (
  <fieldset className={classes['choices']}>
    <legend>{say('classes.choices')}</legend>
    {choices.map((choice, at) => (
      <div key={choice.value} className={classes['choice']}>
        <TextInput
          aria-label={say('classes.choice', { place: at + 1 })}
          value={choice.label}
          maxLength={80}
          onChange={(event) => onChange(choices.with(at, { ...choice, label: event.currentTarget.value }))}
        />
        <SmallButton
          label={say('classes.removeChoice', { label: choice.label })}
          onClick={() => onChange(choices.toSpliced(at, 1))}
        >
          <Trash2 size={14} aria-hidden />
        </SmallButton>
      </div>
    ))}
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<Plus size={14} aria-hidden />}
      onClick={() =>
        onChange([
          ...choices,
          { value: keyFor('choice', new Set(choices.map(({ value }) => value))), label: '' },
        ])
      }
    >
      {say('classes.addChoice')}
    </Button>
  </fieldset>
)
