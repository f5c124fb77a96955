import { securityRanges, type SecurityPolicy } from '@evenkeel/contract/security'
import { Checkbox, MultiSelect, NumberInput, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { say } from '../../language/say.ts'
import { Fault } from '../../ui/fault.tsx'
import { rolesQuery } from './policy.api.ts'
import classes from './policy.module.css'

type Props = {
  readonly policy: SecurityPolicy
  readonly editable: boolean
  readonly onChange: (policy: SecurityPolicy) => void
}

/** PCI DSS 8.2.6; where nothing was said before, switching it on begins there. */
const usualUnusedDays = 90

/** How people sign in and for how long that holds: five questions, each with what may be answered. */
export const SecurityEditor = ({ policy, editable, onChange }: Props) => {
  const { sessions, secondFactor, passwords, accounts, keys } = policy
  return (
    <>
      <Part title={say('security.sessions')}>
        <Whole
          label={say('security.idle')}
          text={say('security.idleText')}
          unit={say('security.minutes')}
          range={securityRanges.idleMinutes}
          value={sessions.idleMinutes}
          editable={editable}
          onChange={(idleMinutes) => onChange({ ...policy, sessions: { ...sessions, idleMinutes } })}
        />
        <Whole
          label={say('security.longest')}
          text={say('security.longestText')}
          unit={say('security.hours')}
          range={securityRanges.longestHours}
          value={sessions.longestHours}
          editable={editable}
          onChange={(longestHours) => onChange({ ...policy, sessions: { ...sessions, longestHours } })}
        />
      </Part>
      <Part title={say('security.factor')}>
        <Roles
          ids={secondFactor.roleIds}
          editable={editable}
          onChange={(roleIds) => onChange({ ...policy, secondFactor: { ...secondFactor, roleIds } })}
        />
        <Checkbox.Group
          label={say('security.counts')}
          description={say('security.countsText')}
          value={secondFactor.counts}
          onChange={(chosen) => {
            const counts = (['totp', 'passkey'] as const).filter((kind) => chosen.includes(kind))
            // One of them always counts, or nobody could sign in.
            if (counts.length > 0) onChange({ ...policy, secondFactor: { ...secondFactor, counts } })
          }}
        >
          <div className={classes['radios']}>
            <Checkbox value="totp" label={say('security.totp')} disabled={!editable} />
            <Checkbox value="passkey" label={say('security.passkey')} disabled={!editable} />
          </div>
        </Checkbox.Group>
      </Part>
      <Part title={say('security.passwords')}>
        <Whole
          label={say('security.shortest')}
          text={say('security.shortestText')}
          unit={say('security.characters')}
          range={securityRanges.shortestPassword}
          value={passwords.shortest}
          editable={editable}
          onChange={(shortest) => onChange({ ...policy, passwords: { ...passwords, shortest } })}
        />
        <Whole
          label={say('security.attempts')}
          text={say('security.attemptsText')}
          unit={say('security.tries')}
          range={securityRanges.attempts}
          value={passwords.attempts}
          editable={editable}
          onChange={(attempts) => onChange({ ...policy, passwords: { ...passwords, attempts } })}
        />
        <Whole
          label={say('security.lock')}
          text={say('security.lockText')}
          unit={say('security.minutes')}
          range={securityRanges.lockMinutes}
          value={passwords.lockMinutes}
          editable={editable}
          onChange={(lockMinutes) => onChange({ ...policy, passwords: { ...passwords, lockMinutes } })}
        />
      </Part>
      <Part title={say('security.accounts')}>
        <Switch
          label={say('security.unused')}
          description={say('security.unusedText')}
          checked={accounts.unusedDays !== null}
          disabled={!editable}
          onChange={(event) =>
            onChange({
              ...policy,
              accounts: { unusedDays: event.currentTarget.checked ? usualUnusedDays : null },
            })
          }
        />
        {accounts.unusedDays !== null && (
          <Whole
            label={say('security.unusedDays')}
            text={say('security.unusedDaysText')}
            unit={say('security.days')}
            range={securityRanges.unusedDays}
            value={accounts.unusedDays}
            editable={editable}
            onChange={(unusedDays) => onChange({ ...policy, accounts: { unusedDays } })}
          />
        )}
      </Part>
      <Part title={say('security.keys')}>
        <Whole
          label={say('security.keyDays')}
          text={say('security.keyDaysText')}
          unit={say('security.days')}
          range={securityRanges.keyDays}
          value={keys.longestDays}
          editable={editable}
          onChange={(longestDays) => onChange({ ...policy, keys: { longestDays } })}
        />
      </Part>
    </>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
  const id = useId()
  return (
    <section className={classes['part']} aria-labelledby={id}>
      <h2 id={id} className={classes['section']}>
        {title}
      </h2>
      {children}
    </section>
  )
}

const Whole = ({
  label,
  text,
  unit,
  range: { from, to },
  value,
  editable,
  onChange,
}: {
  readonly label: string
  readonly text: string
  readonly unit: string
  readonly range: { readonly from: number; readonly to: number }
  readonly value: number
  readonly editable: boolean
  readonly onChange: (value: number) => void
}) => (
  <NumberInput
    label={label}
    description={`${text} ${say('security.range', { from, to })}`}
    value={value}
    min={from}
    max={to}
    suffix={` ${unit}`}
    allowDecimal={false}
    disabled={!editable}
    maw={440}
    onChange={(next) => {
      if (typeof next === 'number') onChange(next)
    }}
  />
)

const Roles = ({
  ids,
  editable,
  onChange,
}: {
  readonly ids: readonly string[]
  readonly editable: boolean
  readonly onChange: (ids: string[]) => void
}) => {
  const { data, error, refetch } = useQuery(rolesQuery)
  return (
    <>
      <MultiSelect
        label={say('security.roles')}
        description={say('security.rolesText')}
        placeholder={ids.length === 0 ? say('security.noRoles') : ''}
        data={(data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        // Until the roles are here, their ids would be shown for their names.
        value={data === undefined ? [] : [...ids]}
        disabled={!editable || data === undefined}
        onChange={onChange}
        searchable
        clearable
        maw={440}
        clearButtonProps={{ 'aria-label': say('security.clearRoles') }}
      />
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
    </>
  )
}
