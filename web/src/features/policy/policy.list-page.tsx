import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute } from '../../language/time.ts'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { RowsToCome, SettingsPage } from '../../ui/settings-page.tsx'
import { isPolicyKind, policiesQuery } from './policy.api.ts'
import classes from './policy.module.css'

/** Every policy with the version in force. */
export const PolicyListPage = () => {
  const { data, error, refetch } = useQuery(policiesQuery)
  const mayPublish = mayAtAll(useMe(), 'policy.publish')
  const known = (data?.policies ?? []).flatMap(({ kind, ...rest }) =>
    isPolicyKind(kind) ? [{ kind, ...rest }] : [],
  )
  return (
    <SettingsPage title={say('policy.list')} lead={say('policy.listText')}>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <RowsToCome rows={8} framed />}
      <ul className={classes['policies']}>
        {known.map(({ kind, name, version, effectiveFrom }) => (
          <li key={`${kind} ${name}`}>
            <Link
              to="/admin/policies/$kind"
              params={{ kind }}
              search={name === '' ? {} : { name }}
              className={classes['policy'] ?? ''}
            >
              <span className={classes['policyName']}>
                {name === '' ? say(`policy.kind.${kind}`) : say('policy.calendarNamed', { name })}
              </span>
              <span className={classes['quiet']}>{say(`policy.about.${kind}`)}</span>
              <span className={classes['quiet']}>
                {version === 0
                  ? say('policy.builtIn')
                  : say('policy.inForce', {
                      version: String(version),
                      since: absolute(effectiveFrom, readerZone()),
                    })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {mayPublish && data !== undefined && (
        <NewCalendar taken={known.filter(({ kind }) => kind === 'calendar').map(({ name }) => name)} />
      )}
    </SettingsPage>
  )
}

const NewCalendar = ({ taken }: { readonly taken: readonly string[] }) => {
  const [name, setName] = useState('')
  const navigate = useNavigate()
  const wanted = name.trim()
  return (
    <form
      className={classes['line']}
      onSubmit={(event) => {
        event.preventDefault()
        if (wanted !== '')
          void navigate({
            to: '/admin/policies/$kind',
            params: { kind: 'calendar' },
            search: { name: wanted },
          })
      }}
    >
      <TextInput
        label={say('policy.newCalendar')}
        description={say('policy.newCalendarText')}
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={wanted === ''}>
        {taken.includes(wanted) ? say('policy.openCalendar') : say('policy.makeCalendar')}
      </Button>
    </form>
  )
}
