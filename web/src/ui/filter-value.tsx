import {
  Autocomplete,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Select,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { useRef, useState } from 'react'
import { say } from '../language/say.ts'
import { type BuilderField, type Choice, type Draft, takesList, takesRange } from './filter-tree.ts'

type ValueProps = {
  readonly field: BuilderField
  readonly draft: Draft
  readonly nameOf: (id: string) => string | undefined
  /** Values of a reference that begin so. */
  readonly find: (field: string, text: string) => Promise<readonly Choice[]>
  readonly onChange: (values: Draft['values']) => void
}

/** What a condition compares with, entered as the field's kind of value is. */
export const FilterValue = (props: ValueProps) => {
  const { field, draft, onChange } = props
  const [value = ''] = draft.values
  const label = say('builder.value')
  const list = takesList(draft.op)
  switch (field.type) {
    case 'boolean':
      return (
        <NativeSelect
          size="xs"
          aria-label={label}
          value={String(value)}
          data={[
            { value: '', label: '' },
            { value: 'true', label: say('builder.yes') },
            { value: 'false', label: say('builder.no') },
          ]}
          onChange={(event) => {
            const chosen = event.currentTarget.value
            onChange(chosen === '' ? [] : [chosen === 'true'])
          }}
        />
      )
    case 'number':
      return list ? (
        <TagsInput
          size="xs"
          aria-label={label}
          value={draft.values.map(String)}
          onChange={(tags) => onChange(tags.map(Number).filter((one) => !Number.isNaN(one)))}
        />
      ) : (
        <NumberInput
          size="xs"
          aria-label={label}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? [next] : [])}
        />
      )
    case 'choice':
      return list ? (
        <MultiSelect
          size="xs"
          aria-label={label}
          data={[...field.choices]}
          value={draft.values.map(String)}
          onChange={onChange}
        />
      ) : (
        <Select
          size="xs"
          aria-label={label}
          data={[...field.choices]}
          value={value === '' ? null : String(value)}
          onChange={(next) => onChange(next === null ? [] : [next])}
        />
      )
    case 'reference':
      return <Reference {...props} />
    case 'time':
      return takesRange(draft.op) ? (
        <>
          <Time
            label={say('builder.from')}
            value={value}
            onChange={(from) => onChange([from, draft.values[1] ?? ''])}
          />
          <Time
            label={say('builder.to')}
            value={draft.values[1] ?? ''}
            onChange={(to) => onChange([value, to])}
          />
        </>
      ) : (
        <Time label={label} value={value} onChange={(next) => onChange(next === '' ? [] : [next])} />
      )
    case 'text':
      return list ? (
        <TagsInput size="xs" aria-label={label} value={draft.values.map(String)} onChange={onChange} />
      ) : (
        <Typed label={label} value={String(value)} onChange={(next) => onChange(next === '' ? [] : [next])} />
      )
  }
}

/** People, teams and services are looked up while typing; what is chosen already keeps its name. */
const Reference = ({ field, draft, nameOf, find, onChange }: ValueProps) => {
  const [found, setFound] = useState<readonly Choice[]>([])
  const asked = useRef(0)
  const look = async (text: string): Promise<void> => {
    asked.current += 1
    const turn = asked.current
    const next = await find(field.name, text).catch(() => [])
    if (turn === asked.current) setFound(next)
  }
  const values = draft.values.map(String)
  const offered = new Map([
    ...values.map((id) => [id, nameOf(id) ?? id] as const),
    ...field.choices.map((choice) => [choice.value, choice.label] as const),
    ...found.map((choice) => [choice.value, choice.label] as const),
  ])
  const data = [...offered].map(([value, label]) => ({ value, label }))
  const common = {
    size: 'xs',
    'aria-label': say('builder.value'),
    data,
    searchable: true,
    placeholder: values.length === 0 ? say('builder.search') : '',
    nothingFoundMessage: say('edit.nothingFound'),
    onSearchChange: (text: string) => void look(text),
    onFocus: () => void look(''),
  } as const
  return takesList(draft.op) ? (
    <MultiSelect {...common} value={values} onChange={onChange} />
  ) : (
    <Select
      {...common}
      value={values[0] ?? null}
      onChange={(next) => onChange(next === null ? [] : [next])}
    />
  )
}

const usualTimes = ['now-1h', 'now-1d', 'today', 'yesterday', 'this_week', 'now-7d', 'now-30d', 'this_month']

/** A word or a day; what people mean most often is offered. Takes effect when it is chosen or the field is left. */
const Time = ({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string | number | boolean
  readonly onChange: (value: string) => void
}) => {
  const [text, setText] = useState(String(value))
  return (
    <Autocomplete
      size="xs"
      aria-label={label}
      placeholder={say('builder.timeExample')}
      data={usualTimes}
      value={text}
      onChange={setText}
      onOptionSubmit={onChange}
      onBlur={() => onChange(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(text.trim())
      }}
    />
  )
}

/** Takes effect when the field is left, so that the list does not follow every letter. */
const Typed = ({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) => {
  const [text, setText] = useState(value)
  return (
    <TextInput
      size="xs"
      aria-label={label}
      value={text}
      maxLength={500}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onChange(text.trim())}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(text.trim())
      }}
    />
  )
}
