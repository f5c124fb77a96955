import {
  type ChannelSetting,
  channelSettings,
  NoticeKind,
  noticeKinds,
  noticeParties,
  type NoticeRule,
  type NotificationPolicy,
} from '@evenkeel/contract/notification'
import type { RoutingField } from '@evenkeel/contract/policy'
import { ActionIcon, Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { useEffect, useState } from 'react'
import { say } from '../../language/say.ts'
import { ConditionField, conditionFieldsQuery } from './policy.condition-field.tsx'
import classes from './policy.module.css'

type Props = {
  readonly policy: NotificationPolicy
  readonly editable: boolean
  readonly onChange: (policy: NotificationPolicy) => void
  /** A condition that cannot be read yet. */
  readonly onBlocked: (blocked: boolean) => void
}

const channels = ['inApplication', 'mail'] as const

/** What may be switched off by whom, and who is told of what. */
export const NoticesEditor = ({ policy, editable, onChange, onBlocked }: Props) => {
  const [opened, setOpened] = useState<string>()
  const fields = useQuery(conditionFieldsQuery('notices'))
  const [readable, setReadable] = useState(true)
  // Only the rule that is open is written; what was typed into one that is folded again was left.
  const blocked = !readable && policy.rules.some(({ id }) => id === opened)
  useEffect(() => onBlocked(blocked), [blocked, onBlocked])
  const setRules = (rules: readonly NoticeRule[]): void => onChange({ ...policy, rules: [...rules] })
  const move = (at: number, by: 1 | -1): void => {
    const [rule] = policy.rules.slice(at, at + 1)
    if (rule !== undefined) setRules(policy.rules.toSpliced(at, 1).toSpliced(at + by, 0, rule))
  }
  return (
    <>
      <div className={classes['scroll']}>
        <table className={classes['matrix']}>
          <caption className={classes['caption']}>{say('policy.notices.kinds')}</caption>
          <thead>
            <tr>
              <td />
              {channels.map((channel) => (
                <th key={channel} scope="col">
                  {say(`policy.notices.${channel}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {noticeKinds.map((kind) => (
              <tr key={kind}>
                <th scope="row">{say(`policy.notice.${kind}`)}</th>
                {channels.map((channel) => (
                  <td key={channel}>
                    <NativeSelect
                      aria-label={say('policy.notices.cell', {
                        kind: say(`policy.notice.${kind}`),
                        channel: say(`policy.notices.${channel}`),
                      })}
                      value={policy.kinds[kind][channel]}
                      disabled={!editable}
                      data={channelSettings.map((setting) => ({
                        value: setting,
                        label: say(`policy.notices.setting.${setting}`),
                      }))}
                      onChange={(event) => {
                        const setting: ChannelSetting | undefined = channelSettings.find(
                          (one) => one === event.currentTarget.value,
                        )
                        if (setting !== undefined)
                          onChange({
                            ...policy,
                            kinds: {
                              ...policy.kinds,
                              [kind]: { ...policy.kinds[kind], [channel]: setting },
                            },
                          })
                      }}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2 className={classes['section']}>{say('policy.notices.rules')}</h2>
      <p className={classes['quiet']}>{say('policy.notices.rulesText')}</p>
      <ol className={classes['rules']}>
        {policy.rules.map((rule, at) => (
          <li key={rule.id} className={classes['rule']}>
            <div className={classes['ruleHead']}>
              <button
                type="button"
                className={classes['fold']}
                aria-expanded={opened === rule.id}
                onClick={() => setOpened(opened === rule.id ? undefined : rule.id)}
              >
                <ChevronRight size={14} aria-hidden />
                <span className={classes['foldWords']}>
                  {say('policy.notices.rule', {
                    party: say(`policy.party.${rule.tell}`),
                    kind: say(`policy.notice.${rule.kind}`),
                  })}
                </span>
                <span className={classes['quiet']}>{rule.on.join(', ')}</span>
              </button>
              {editable && (
                <>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    disabled={at === 0}
                    aria-label={say('policy.routing.up', { name: rule.id })}
                    onClick={() => move(at, -1)}
                  >
                    <ArrowUp size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    disabled={at === policy.rules.length - 1}
                    aria-label={say('policy.routing.down', { name: rule.id })}
                    onClick={() => move(at, 1)}
                  >
                    <ArrowDown size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={say('policy.routing.remove', { name: rule.id })}
                    onClick={() => setRules(policy.rules.toSpliced(at, 1))}
                  >
                    <Trash2 size={16} aria-hidden />
                  </ActionIcon>
                </>
              )}
            </div>
            {opened === rule.id && (
              <RuleForm
                rule={rule}
                fields={fields.data?.fields ?? []}
                editable={editable}
                onChange={(next) => setRules(policy.rules.with(at, next))}
                onReadable={setReadable}
              />
            )}
          </li>
        ))}
      </ol>
      {editable && (
        <Button
          variant="default"
          className={classes['begin'] ?? ''}
          leftSection={<Plus size={16} aria-hidden />}
          onClick={() => {
            let number = policy.rules.length + 1
            while (policy.rules.some(({ id }) => id === `rule-${number}`)) number += 1
            setRules([
              ...policy.rules,
              {
                id: `rule-${number}`,
                on: ['incident.resolved'],
                tell: 'watcher',
                when: { all: [] },
                kind: 'milestone',
                receipt: false,
                because: say('policy.notices.becauseNew'),
              },
            ])
            setOpened(`rule-${number}`)
          }}
        >
          {say('policy.notices.add')}
        </Button>
      )}
      <div className={classes['line']}>
        <NumberInput
          label={say('policy.notices.mailWithin')}
          value={policy.mailWithinHours}
          min={1}
          max={720}
          allowDecimal={false}
          disabled={!editable}
          onChange={(value) => {
            if (typeof value === 'number') onChange({ ...policy, mailWithinHours: value })
          }}
        />
        <NumberInput
          label={say('policy.notices.newWithin')}
          value={policy.newWithinDays}
          min={1}
          max={365}
          allowDecimal={false}
          disabled={!editable}
          onChange={(value) => {
            if (typeof value === 'number') onChange({ ...policy, newWithinDays: value })
          }}
        />
      </div>
    </>
  )
}

const RuleForm = ({
  rule,
  fields,
  editable,
  onChange,
  onReadable,
}: {
  readonly rule: NoticeRule
  readonly fields: readonly RoutingField[]
  readonly editable: boolean
  readonly onChange: (rule: NoticeRule) => void
  readonly onReadable: (readable: boolean) => void
}) => (
  <div className={classes['ruleForm']}>
    <TypesField value={rule.on} editable={editable} onChange={(on) => onChange({ ...rule, on: [...on] })} />
    <div className={classes['line']}>
      <NativeSelect
        label={say('policy.notices.tell')}
        value={rule.tell}
        disabled={!editable}
        data={noticeParties.map((party) => ({ value: party, label: say(`policy.party.${party}`) }))}
        onChange={(event) => {
          const tell = noticeParties.find((one) => one === event.currentTarget.value)
          if (tell !== undefined) onChange({ ...rule, tell })
        }}
      />
      <NativeSelect
        label={say('policy.notices.kind')}
        value={rule.kind}
        disabled={!editable}
        data={noticeKinds.map((kind) => ({ value: kind, label: say(`policy.notice.${kind}`) }))}
        onChange={(event) => {
          const { data } = NoticeKind.safeParse(event.currentTarget.value)
          if (data !== undefined) onChange({ ...rule, kind: data })
        }}
      />
    </div>
    <ConditionField
      about="notices"
      when={rule.when}
      fields={fields}
      editable={editable}
      onChange={(when) => onChange({ ...rule, when })}
      onReadable={onReadable}
    />
    <Checkbox
      label={say('policy.notices.receipt')}
      checked={rule.receipt}
      disabled={!editable}
      onChange={(event) => onChange({ ...rule, receipt: event.currentTarget.checked })}
    />
    <TextInput
      label={say('policy.notices.because')}
      description={say('policy.notices.becauseText')}
      value={rule.because}
      maxLength={300}
      disabled={!editable}
      onChange={(event) => onChange({ ...rule, because: event.currentTarget.value })}
    />
  </div>
)

/** Entry types, with commas between them; what is typed is taken on leaving the field. */
const TypesField = ({
  value,
  editable,
  onChange,
}: {
  readonly value: readonly string[]
  readonly editable: boolean
  readonly onChange: (types: readonly string[]) => void
}) => {
  const [typed, setTyped] = useState<string>()
  return (
    <TextInput
      label={say('policy.notices.on')}
      description={say('policy.notices.onText')}
      value={typed ?? value.join(', ')}
      spellCheck={false}
      disabled={!editable}
      classNames={{ input: classes['code'] ?? '' }}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed === undefined) return
        const types = typed.split(/[\s,]+/).filter((type) => /^[a-z_]+(\.[a-z_]+)+$/.test(type))
        if (types.length > 0) onChange(types)
        setTyped(undefined)
      }}
    />
  )
}
