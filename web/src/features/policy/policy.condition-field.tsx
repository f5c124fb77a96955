import type { Filter } from '@evenkeel/contract/filter'
import type { FilterField } from '@evenkeel/contract/incident-list'
import type { RoutingCondition, RoutingField } from '@evenkeel/contract/policy'
import { Button, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { completeWith } from '../../parts/filter-language.ts'
import { Fault } from '../../ui/fault.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { conditionText } from './policy.condition.ts'
import classes from './policy.module.css'

/** Rules of two policies have conditions; each looks at fields of its own. */
type Rules = 'routing' | 'notices'

const read = { routing: client.readRoutingConditions, notices: client.readNoticeConditions } as const
const readFields = { routing: client.readRoutingFields, notices: client.readNoticeFields } as const

/** What conditions of these rules may look at. */
export const conditionFieldsQuery = (about: Rules) =>
  queryOptions({
    queryKey: ['policies', 'fields', about],
    queryFn: () => readFields[about](),
    staleTime: 300_000,
  })

/** A condition as the filter bar takes it, with what it means below; the server reads it, with this organisation's fields and names. */
export const ConditionField = ({
  about,
  when,
  fields,
  editable,
  onChange,
  onReadable,
}: {
  readonly about: Rules
  readonly when: Filter
  readonly fields: readonly RoutingField[]
  readonly editable: boolean
  readonly onChange: (when: Filter) => void
  readonly onReadable: (readable: boolean) => void
}) => {
  // Null until somebody types: then it is their text, and the filter follows it.
  const [typed, setTyped] = useState<string | null>(null)
  const json = JSON.stringify(when)
  const own = useRef(json)
  if (own.current !== json) {
    // Changed by something else than this field: another version, or a draft that was dropped.
    own.current = json
    if (typed !== null) setTyped(null)
  }
  const [asked] = useDebouncedValue(typed, 250)
  const reading = useQuery({
    queryKey: ['policies', 'condition', about, asked === null ? json : asked.trim(), asked === null],
    queryFn: async (): Promise<RoutingCondition> => {
      const { conditions } = await read[about]({
        body: { conditions: [asked === null ? { filter: when } : { text: asked.trim() }] },
      })
      const [condition] = conditions
      if (condition === undefined) throw new Error('no condition was answered')
      return condition
    },
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  })
  const { data } = reading
  const current = asked === typed && !reading.isPlaceholderData
  useEffect(() => {
    if (typed === null) return onReadable(true)
    if (!current || data === undefined || data.filter === null) return onReadable(false)
    onReadable(true)
    const next = JSON.stringify(data.filter)
    if (next === own.current) return
    own.current = next
    onChange(data.filter)
    // What is read now is what counts; the callbacks are new with every drawing.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [typed, current, data])
  const help = useId()
  const queries = useQueryClient()
  const complete = useMemo(() => completeWith(queries, fields.map(completed)), [queries, fields])
  if (data === undefined && reading.error === null) return <Skeleton height={56} />
  return (
    <div className={classes['condition']}>
      <div className={classes['conditionLabel']} aria-hidden>
        {say('policy.routing.when')}
      </div>
      <FilterBar
        value={typed ?? data?.text ?? ''}
        label={say('policy.routing.when')}
        placeholder={say(`policy.${about}.example`)}
        disabled={!editable}
        describedBy={help}
        complete={complete}
        onType={setTyped}
      />
      <div id={help} role="status" className={classes['quiet']}>
        {data?.faults.length === 0 &&
          (JSON.stringify(data.filter) === '{"all":[]}'
            ? say('policy.routing.always')
            : say('policy.routing.means', { sentence: data.sentence }))}
        {data !== undefined && data.faults.length > 0 && (
          <span className={classes['fault']}>{data.faults.join(' ')}</span>
        )}
      </div>
      {reading.error !== null && <Fault error={reading.error} onRetry={() => void reading.refetch()} />}
      {editable && fields.length > 0 && (
        <ConditionBuilder
          fields={fields}
          onAdd={(text) => {
            const before = (typed ?? data?.text ?? '').trim()
            setTyped(before === '' ? text : `${before} ${text}`)
          }}
        />
      )}
    </div>
  )
}

/** A rule's field as the filter bar completes it. */
const completed = ({ name, label, choices, type }: RoutingField): FilterField => {
  const names = name === 'service' ? 'services' : name === 'team' ? 'teams' : null
  const none = { aliases: [], relative: [], sortable: false, groupable: false, whole: false }
  return { ...none, name, label, type, names, choices }
}

/** One more condition, by choosing instead of typing. */
const ConditionBuilder = ({
  fields,
  onAdd,
}: {
  readonly fields: readonly RoutingField[]
  readonly onAdd: (text: string) => void
}) => {
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState(fields[0]?.name ?? '')
  const [operator, setOperator] = useState('')
  const [value, setValue] = useState('')
  const field = fields.find((one) => one.name === name) ?? fields[0]
  if (field === undefined) return null
  // Lists and stretches of time are typed; everything else is chosen here.
  const operators = field.operators.filter((one) => !['in', 'not in', 'within'].includes(one))
  const chosen = operators.includes(operator) ? operator : (operators[0] ?? '=')
  const asksValue = chosen !== 'is empty' && chosen !== 'is set'
  const choices = field.type === 'boolean' ? booleans() : field.choices
  const given =
    choices.length > 0 && !choices.some((choice) => choice.value === value)
      ? (choices[0]?.value ?? '')
      : value
  if (!opened)
    return (
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes['begin'] ?? ''}
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {say('policy.routing.build')}
      </Button>
    )
  return (
    <fieldset className={classes['builder']}>
      <legend className="visually-hidden">{say('policy.routing.build')}</legend>
      <NativeSelect
        aria-label={say('policy.routing.field')}
        value={field.name}
        data={fields.map((one) => ({ value: one.name, label: one.label }))}
        onChange={(event) => {
          setName(event.currentTarget.value)
          setValue('')
        }}
      />
      <NativeSelect
        aria-label={say('policy.routing.operator')}
        value={chosen}
        data={operators}
        onChange={(event) => setOperator(event.currentTarget.value)}
      />
      {asksValue && choices.length > 0 && (
        <NativeSelect
          aria-label={say('policy.routing.value')}
          value={given}
          data={choices}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      {asksValue && choices.length === 0 && (
        <TextInput
          aria-label={say('policy.routing.value')}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <Button
        variant="default"
        disabled={asksValue && given.trim() === ''}
        onClick={() => {
          onAdd(conditionText(field, chosen, given))
          setValue('')
          setOpened(false)
        }}
      >
        {say('policy.routing.addCondition')}
      </Button>
    </fieldset>
  )
}

const booleans = (): { value: string; label: string }[] => [
  { value: 'true', label: say('policy.yes') },
  { value: 'false', label: say('policy.no') },
]
