import { Pick, type RoutingPolicy, type RoutingRule } from '@evenkeel/contract/policy'
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useEffect, useState } from 'react'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { choicesOf, teamsQuery } from './policy.api.ts'
import { ConditionField, conditionFieldsQuery } from './policy.condition-field.tsx'
import classes from './policy.module.css'

type Props = {
  readonly policy: RoutingPolicy
  readonly editable: boolean
  readonly onChange: (policy: RoutingPolicy) => void
  readonly onBlocked: (blocked: boolean) => void
}

/** Rules in order: the first that holds decides. Then the service's team, then the catch-all. */
export const RoutingEditor = ({ policy, editable, onChange, onBlocked }: Props) => {
  const teams = useQuery(teamsQuery)
  const fields = useQuery(conditionFieldsQuery('routing'))
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
              about="routing"
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
