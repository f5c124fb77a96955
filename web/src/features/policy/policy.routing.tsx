import {
  Pick,
  type RoutingCondition,
  type RoutingField,
  type RoutingPolicy,
  type RoutingRule,
} from '@evenkeel/contract/policy'
import { ActionIcon, Button, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useEffect, useId, useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { choicesOf, teamsQuery } from './policy.api.ts'
import classes from './policy.module.css'
import { conditionText } from './policy.condition.ts'

type Props = {
  readonly policy: RoutingPolicy
  readonly editable: boolean
  readonly onChange: (policy: RoutingPolicy) => void
  readonly onBlocked: (blocked: boolean) => void
}

const fieldsQuery = queryOptions({
  queryKey: ['policies', 'routing-fields'],
  queryFn: () => client.readRoutingFields(),
  staleTime: 300_000,
})

/** Rules in order: the first that holds decides. Then the service's team, then the catch-all. */
export const RoutingEditor = ({ policy, editable, onChange, onBlocked }: Props) => {
  const teams = useQuery(teamsQuery)
  const fields = useQuery(fieldsQuery)
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set())
  const [moved, setMoved] = useState('')
  const { rules } = policy
  // A rule that is gone blocks nothing any more.
  const blocked = rules.some(({ id, name }) => unread.has(id) || name.trim() === '')
  useEffect(() => onBlocked(blocked), [blocked, onBlocked])
  const setRules = (next: readonly RoutingRule[]): void => onChange({ ...policy, rules: [...next] })
  const move = (at: number, by: 1 | -1): void => {
    const [rule] = rules.slice(at, at + 1)
    if (rule === undefined) return
    setRules(rules.toSpliced(at, 1).toSpliced(at + by, 0, rule))
    setMoved(say('policy.routing.moved', { name: rule.name, place: at + by + 1 }))
  }
  const add = (): void => {
    const taken = new Set(rules.map(({ id }) => id))
    let number = rules.length + 1
    while (taken.has(`rule-${number}`)) number += 1
    const [team] = choicesOf(teams.data?.rows)
    if (team === undefined) return
    setRules([
      ...rules,
      {
        id: `rule-${number}`,
        name: say('policy.routing.newName', { number }),
        when: { all: [] },
        teamId: team.value,
        pick: 'none',
      },
    ])
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {moved}
      </p>
      {fields.error !== null && <Fault error={fields.error} onRetry={() => void fields.refetch()} />}
      {rules.length === 0 && <p className={classes['quiet']}>{say('policy.routing.none')}</p>}
      <ol className={classes['rules']}>
        {rules.map((rule, at) => (
          <li
            key={rule.id}
            className={classes['rule']}
            aria-label={say('policy.routing.rule', { place: at + 1, name: rule.name })}
          >
            <div className={classes['ruleHead']}>
              <span className={classes['place']} aria-hidden>
                {at + 1}
              </span>
              <TextInput
                aria-label={say('policy.routing.name')}
                className={classes['grow'] ?? ''}
                value={rule.name}
                maxLength={80}
                disabled={!editable}
                error={rule.name.trim() === '' ? say('policy.routing.nameMissing') : undefined}
                onChange={(event) => setRules(rules.with(at, { ...rule, name: event.currentTarget.value }))}
              />
              {editable && (
                <>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    disabled={at === 0}
                    aria-label={say('policy.routing.up', { name: rule.name })}
                    onClick={() => move(at, -1)}
                  >
                    <ArrowUp size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    disabled={at === rules.length - 1}
                    aria-label={say('policy.routing.down', { name: rule.name })}
                    onClick={() => move(at, 1)}
                  >
                    <ArrowDown size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={say('policy.routing.remove', { name: rule.name })}
                    onClick={() => setRules(rules.toSpliced(at, 1))}
                  >
                    <Trash2 size={16} aria-hidden />
                  </ActionIcon>
                </>
              )}
            </div>
            <ConditionField
              when={rule.when}
              fields={fields.data?.fields ?? []}
              editable={editable}
              onChange={(when) => setRules(rules.with(at, { ...rule, when }))}
              onReadable={(readable) =>
                setUnread((before) => {
                  if (before.has(rule.id) === !readable) return before
                  const next = new Set(before)
                  if (readable) next.delete(rule.id)
                  else next.add(rule.id)
                  return next
                })
              }
            />
            <div className={classes['line']}>
              <NativeSelect
                label={say('policy.routing.team')}
                value={rule.teamId}
                disabled={!editable}
                data={choicesOf(teams.data?.rows, rule.teamId)}
                onChange={(event) => setRules(rules.with(at, { ...rule, teamId: event.currentTarget.value }))}
              />
              <PickSelect
                label={say('policy.routing.pick')}
                value={rule.pick}
                editable={editable}
                onChange={(pick) => setRules(rules.with(at, { ...rule, pick }))}
              />
            </div>
          </li>
        ))}
      </ol>
      {editable && (
        <Button
          variant="default"
          leftSection={<Plus size={16} aria-hidden />}
          className={classes['begin'] ?? ''}
          disabled={teams.data === undefined}
          onClick={add}
        >
          {say('policy.routing.add')}
        </Button>
      )}
      <h2 className={classes['section']}>{say('policy.routing.rest')}</h2>
      <div className={classes['line']}>
        <PickSelect
          label={say('policy.routing.servicePick')}
          value={policy.servicePick}
          editable={editable}
          onChange={(servicePick) => onChange({ ...policy, servicePick })}
        />
        <NativeSelect
          label={say('policy.routing.catchAll')}
          value={policy.catchAllTeamId ?? ''}
          disabled={!editable}
          data={[
            ...(policy.catchAllTeamId === null ? [{ value: '', label: say('policy.choose') }] : []),
            ...choicesOf(teams.data?.rows, policy.catchAllTeamId),
          ]}
          onChange={(event) => {
            if (event.currentTarget.value !== '')
              onChange({ ...policy, catchAllTeamId: event.currentTarget.value })
          }}
        />
      </div>
    </>
  )
}

const PickSelect = ({
  label,
  value,
  editable,
  onChange,
}: {
  readonly label: string
  readonly value: Pick
  readonly editable: boolean
  readonly onChange: (pick: Pick) => void
}) => (
  <NativeSelect
    label={label}
    value={value}
    disabled={!editable}
    data={Pick.options.map((pick) => ({ value: pick, label: say(`policy.pick.${pick}`) }))}
    onChange={(event) => {
      const { data } = Pick.safeParse(event.currentTarget.value)
      if (data !== undefined) onChange(data)
    }}
  />
)

/** A condition as the filter bar takes it, with what it means below; the server reads it, with this organisation's fields and names. */
const ConditionField = ({
  when,
  fields,
  editable,
  onChange,
  onReadable,
}: {
  readonly when: RoutingRule['when']
  readonly fields: readonly RoutingField[]
  readonly editable: boolean
  readonly onChange: (when: RoutingRule['when']) => void
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
    queryKey: ['policies', 'condition', asked === null ? json : asked.trim(), asked === null],
    queryFn: async (): Promise<RoutingCondition> => {
      const { conditions } = await client.readRoutingConditions({
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
  if (data === undefined && reading.error === null) return <Skeleton height={56} />
  return (
    <div className={classes['condition']}>
      <TextInput
        label={say('policy.routing.when')}
        value={typed ?? data?.text ?? ''}
        placeholder={say('policy.routing.example')}
        disabled={!editable}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes['code'] ?? '' }}
        aria-describedby={help}
        onChange={(event) => setTyped(event.currentTarget.value)}
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
