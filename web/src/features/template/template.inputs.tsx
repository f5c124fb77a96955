import type { Level } from '@evenkeel/contract/incident'
import { replyVariables } from '@evenkeel/contract/choices'
import { Button, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import type { FormDocument, ReplyDocument } from './template.api.ts'
import classes from './template.module.css'

export const AudienceChoice = ({
  value,
  onChange,
}: {
  readonly value: ReplyDocument['audience']
  readonly onChange: (audience: ReplyDocument['audience']) => void
}) => (
  <SegmentedControl
    aria-label={say('templates.audience')}
    data={(['public', 'team'] as const).map((audience) => ({
      value: audience,
      label: say(`templates.audience.${audience}`),
    }))}
    value={value}
    styles={{ label: { whiteSpace: 'normal' } }}
    onChange={(audience) => onChange(audience === 'team' ? 'team' : 'public')}
  />
)

/** A text with blanks that are filled in from the incident when it is used. */
export const TextWithVariables = ({
  label,
  value,
  maxLength,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly maxLength: number
  readonly onChange: (text: string) => void
}) => (
  <div>
    <Textarea
      label={label}
      value={value}
      maxLength={maxLength}
      autosize
      minRows={4}
      maxRows={16}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
    <div className={classes['variables']} role="group" aria-label={say('templates.variables')}>
      {say('templates.variables')}
      {replyVariables.map((name) => (
        <Button
          key={name}
          size="compact-xs"
          variant="default"
          aria-label={say('templates.insert', { name: say(`templates.variable.${name}`) })}
          onClick={() =>
            onChange(`${value}${value === '' || /\s$/.test(value) ? '' : ' '}{{${name}}}`.slice(0, maxLength))
          }
        >
          {say(`templates.variable.${name}`)}
        </Button>
      ))}
    </div>
  </div>
)

const levels = [1, 2, 3] as const satisfies readonly Level[]
const levelOf = (value: string | null): Level | undefined => levels.find((one) => String(one) === value)

/** The fields that a form or a step sets; an empty one leaves what is there. */
export const Fields = ({
  value,
  onChange,
}: {
  readonly value: Pick<FormDocument, 'serviceId' | 'impact' | 'urgency' | 'category'>
  readonly onChange: (part: Pick<FormDocument, 'serviceId' | 'impact' | 'urgency' | 'category'>) => void
}) => {
  const services = useQuery({
    queryKey: ['services', 'active'],
    queryFn: () => client.listServices({ query: { active: 'true' } }),
    staleTime: 60_000,
  })
  return (
    <div className={classes['pair']}>
      <Select
        label={say('templates.field.service')}
        placeholder={say('templates.leave')}
        data={(services.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={value.serviceId ?? null}
        searchable
        clearable
        nothingFoundMessage={say('edit.nothingFound')}
        onChange={(serviceId) => onChange({ ...value, serviceId: serviceId ?? undefined })}
      />
      <TextInput
        label={say('templates.field.category')}
        placeholder={say('templates.leave')}
        value={value.category ?? ''}
        maxLength={80}
        onChange={(event) => {
          const category = event.currentTarget.value
          onChange({ ...value, category: category === '' ? undefined : category })
        }}
      />
      {(['impact', 'urgency'] as const).map((field) => (
        <Select
          key={field}
          label={say(`templates.field.${field}`)}
          placeholder={say('templates.leave')}
          data={levels.map((level) => ({ value: String(level), label: say(`level.${level}`) }))}
          value={value[field] === undefined ? null : String(value[field])}
          clearable
          onChange={(level) => onChange({ ...value, [field]: levelOf(level) })}
        />
      ))}
    </div>
  )
}

const mostItems = 50
const longestItem = 500

/** Things to do, a line each; empty lines are none, and only left out once one looks elsewhere. */
export const ChecklistLines = ({
  items,
  onChange,
}: {
  readonly items: readonly string[]
  readonly onChange: (items: string[]) => void
}) => {
  const [text, setText] = useState(items.join('\n'))
  const kept = linesOf(text)
  if (kept.join('\n') !== items.join('\n')) setText(items.join('\n'))
  return (
    <Textarea
      label={say('templates.field.checklist')}
      description={say('templates.checklistHint')}
      value={text}
      autosize
      minRows={3}
      maxRows={16}
      onChange={(event) => {
        const lines = event.currentTarget.value.split('\n').slice(0, mostItems)
        const next = lines.map((line) => line.slice(0, longestItem)).join('\n')
        setText(next)
        onChange(linesOf(next))
      }}
      onBlur={() => setText(items.join('\n'))}
    />
  )
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
