import type { ItemValue } from '@evenkeel/contract/item'
import type { ClassAttribute } from '@evenkeel/contract/item-class'
import { Button, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import X from 'lucide-react/icons/x'
import { type ReactNode, useId, useState } from 'react'
import { say } from '../../language/say.ts'
import { PersonPicker } from '../../parts/person-picker.tsx'
import { teamsQuery } from '../people/people.api.ts'
import { ItemPicker } from './item.picker.tsx'
import classes from './item.value-field.module.css'

type Props = {
  readonly attribute: ClassAttribute
  readonly value: ItemValue | undefined
  /** What people read for the value that is there: names of references. */
  readonly shown?: string | undefined
  readonly onChange: (value: ItemValue | undefined) => void
}

/** An attribute as a field, by its type. */
export const ValueField = (props: Props) => {
  const { attribute, value, onChange } = props
  const { label, help, required, unit, choices } = attribute
  const common = {
    label,
    required,
    withAsterisk: required,
    ...(help === '' ? {} : { description: help }),
  }
  const text = typeof value === 'string' ? value : ''
  const data = choices.map((choice) => ({ value: choice.value, label: choice.label }))
  const orNone = (next: string | null): void => onChange(next === null || next === '' ? undefined : next)
  switch (attribute.type) {
    case 'text':
      return (
        <Textarea
          {...common}
          value={text}
          maxLength={4000}
          autosize
          minRows={1}
          maxRows={8}
          onChange={(event) => orNone(event.currentTarget.value)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          {...(unit === '' ? {} : { suffix: ` ${unit}` })}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      )
    case 'choice':
      return (
        <Select
          {...common}
          data={data}
          value={text === '' ? null : text}
          clearable={!required}
          onChange={orNone}
        />
      )
    case 'date':
      return (
        <TextInput
          {...common}
          type="date"
          value={text}
          onChange={(event) => orNone(event.currentTarget.value)}
        />
      )
    case 'boolean':
      return (
        <Select
          {...common}
          data={[
            { value: 'true', label: say('builder.yes') },
            { value: 'false', label: say('builder.no') },
          ]}
          value={typeof value === 'boolean' ? String(value) : null}
          clearable={!required}
          onChange={(next) => onChange(next === null ? undefined : next === 'true')}
        />
      )
    case 'money':
      return <MoneyField {...props} />
    case 'reference':
      return <ReferenceField {...props} />
    case 'list':
      return <ListField {...props} />
  }
}

const MoneyField = ({ attribute, value, onChange }: Props) => {
  const money = typeof value === 'object' && !Array.isArray(value) ? value : undefined
  const [currency, setCurrency] = useState(money?.currency ?? 'EUR')
  const [amount, setAmount] = useState(money?.amount ?? '')
  const tell = (next: { readonly amount: string; readonly currency: string }): void =>
    onChange(next.amount === '' ? undefined : next)
  return (
    <Labelled attribute={attribute}>
      {(labelId) => (
        <div className={classes['money']} role="group" aria-labelledby={labelId}>
          <TextInput
            aria-label={say('item.amount')}
            inputMode="decimal"
            value={amount}
            onChange={(event) => {
              // A comma is a decimal sign to many who type one.
              const next = event.currentTarget.value.trim().replace(',', '.')
              setAmount(next)
              tell({ amount: next, currency })
            }}
          />
          <TextInput
            aria-label={say('item.currency')}
            maxLength={3}
            value={currency}
            onChange={(event) => {
              const next = event.currentTarget.value.toUpperCase()
              setCurrency(next)
              tell({ amount, currency: next })
            }}
          />
        </div>
      )}
    </Labelled>
  )
}

const ReferenceField = ({ attribute, value, shown, onChange }: Props) => {
  const id = typeof value === 'string' ? value : null
  const [name, setName] = useState(shown)
  const { to } = attribute
  if (to?.kind === 'team') return <TeamField attribute={attribute} value={id} onChange={onChange} />
  const words = id === null ? <span className={classes['none']}>{say('item.nothing')}</span> : (name ?? id)
  return (
    <Labelled attribute={attribute}>
      {() => (
        <div className={classes['picker']}>
          {to?.kind === 'item' ? (
            <ItemPicker
              label={attribute.label}
              value={id}
              ofClass={to.class}
              nothing={say('item.nothing')}
              onChoose={(item) => {
                setName(item?.name)
                onChange(item?.id)
              }}
            >
              {words}
            </ItemPicker>
          ) : (
            <PersonPicker
              label={attribute.label}
              value={id === null ? null : { id, name: name ?? '' }}
              editable
              nothing={say('item.nothing')}
              onChoose={async (person) => {
                setName(person?.name)
                onChange(person?.id)
              }}
            >
              {words}
            </PersonPicker>
          )}
        </div>
      )}
    </Labelled>
  )
}

const TeamField = ({
  attribute,
  value,
  onChange,
}: {
  readonly attribute: ClassAttribute
  readonly value: string | null
  readonly onChange: Props['onChange']
}) => {
  const { data } = useQuery(teamsQuery)
  return (
    <Select
      label={attribute.label}
      required={attribute.required}
      {...(attribute.help === '' ? {} : { description: attribute.help })}
      data={(data?.rows ?? [])
        .filter(({ id, isActive }) => isActive || id === value)
        .map((team) => ({ value: team.id, label: team.name }))}
      value={value}
      searchable
      clearable={!attribute.required}
      nothingFoundMessage={say('edit.nothingFound')}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}

const ListField = ({ attribute, value, shown, onChange }: Props) => {
  const given = Array.isArray(value) ? value : []
  const [text, setText] = useState(given.join('\n'))
  const names = shown?.split(', ') ?? []
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(
    () =>
      new Map(
        given.length === names.length ? given.map((one, at) => [String(one), names[at] ?? ''] as const) : [],
      ),
  )
  const tell = (next: readonly (string | number)[]): void =>
    onChange(next.length === 0 ? undefined : [...next])
  const { of = 'text', to, label } = attribute
  if (of === 'choice')
    return (
      <MultiSelect
        label={label}
        required={attribute.required}
        {...(attribute.help === '' ? {} : { description: attribute.help })}
        data={attribute.choices.map((choice) => ({ value: choice.value, label: choice.label }))}
        value={given.map(String)}
        clearable
        onChange={tell}
      />
    )
  if (of === 'reference') {
    const add = (one: { readonly id: string; readonly name: string } | null): void => {
      if (one === null || given.includes(one.id)) return
      setKnown(new Map([...known, [one.id, one.name]]))
      tell([...given, one.id])
    }
    return (
      <Labelled attribute={attribute}>
        {() => (
          <div className={classes['many']}>
            {given.map((one) => (
              <Button
                key={String(one)}
                size="compact-sm"
                variant="default"
                rightSection={<X size={12} aria-hidden />}
                aria-label={say('item.takeOut', { name: known.get(String(one)) ?? String(one) })}
                onClick={() => tell(given.filter((other) => other !== one))}
              >
                {known.get(String(one)) ?? String(one)}
              </Button>
            ))}
            {to?.kind === 'item' ? (
              <ItemPicker label={label} value={null} ofClass={to.class} onChoose={add}>
                {say('item.addOne')}
              </ItemPicker>
            ) : (
              <PersonPicker label={label} value={null} editable onChoose={async (person) => add(person)}>
                {say('item.addOne')}
              </PersonPicker>
            )}
          </div>
        )}
      </Labelled>
    )
  }
  return (
    <Textarea
      label={label}
      required={attribute.required}
      description={
        attribute.help === '' ? say('item.onePerLine') : `${attribute.help} ${say('item.onePerLine')}`
      }
      value={text}
      autosize
      minRows={2}
      maxRows={8}
      onChange={(event) => {
        setText(event.currentTarget.value)
        const lines = event.currentTarget.value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
        tell(
          of === 'number'
            ? lines.map((line) => Number(line.replace(',', '.'))).filter((one) => !Number.isNaN(one))
            : lines,
        )
      }}
    />
  )
}

/** A label for what is not one field. */
const Labelled = ({
  attribute: { label, help, required },
  children,
}: {
  readonly attribute: ClassAttribute
  readonly children: (labelId: string) => ReactNode
}) => {
  const id = useId()
  return (
    <div>
      <div id={id} className={classes['label']} data-label>
        {label}
        {required && <span aria-hidden> *</span>}
      </div>
      {help !== '' && <div className={classes['help']}>{help}</div>}
      {children(id)}
    </div>
  )
}
