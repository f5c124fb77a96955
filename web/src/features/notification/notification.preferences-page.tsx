import type { NoticePreference } from '@evenkeel/contract/notification'
import { Button, Skeleton, Switch } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import classes from './notification.preferences.module.css'

const key = ['notice-preferences'] as const
const channels = ['inApplication', 'mail'] as const
type Channel = (typeof channels)[number]
type Preferences = { readonly rows: readonly NoticePreference[] }

/** What I am told, where, and who decided that. */
export const NotificationPreferencesPage = () => {
  usePageTitle(say('settings.notifications'))
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: (): Promise<Preferences> => client.listNoticePreferences(),
  })
  return (
    <div className={classes['page']}>
      <header>
        <h1 className={classes['title']}>{say('settings.notifications')}</h1>
        <p className={classes['about']}>{say('notice.about')}</p>
      </header>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={320} />}
      {data !== undefined && (
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{say('notice.kind')}</th>
              {channels.map((channel) => (
                <th key={channel} scope="col">
                  {say(`notice.${channel}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <Row key={row.kind} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

const isOwn = ({ setting, on }: NoticePreference[Channel]): boolean =>
  (setting === 'on' && !on) || (setting === 'off' && on)

const isFixed = ({ setting }: NoticePreference[Channel]): boolean =>
  setting === 'always' || setting === 'never'

/** What the person has set: null where what holds for everybody holds for them, too. */
const ownSetting = (channel: NoticePreference[Channel]): boolean | null =>
  isOwn(channel) ? channel.on : null

const Row = ({ row }: { readonly row: NoticePreference }) => {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (own: Readonly<Record<Channel, boolean | null>>) =>
      client.setNoticePreference({ params: { kind: row.kind }, body: own }),
    onMutate: async (own) => {
      await queries.cancelQueries({ queryKey: key })
      const before = queries.getQueryData<Preferences>(key)
      queries.setQueryData<Preferences>(
        key,
        before && { rows: before.rows.map((one) => (one.kind === row.kind ? withOwn(one, own) : one)) },
      )
      return before
    },
    onError: (_error, _own, before) => queries.setQueryData(key, before),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const own = { inApplication: ownSetting(row.inApplication), mail: ownSetting(row.mail) }
  const title = say(`notice.of.${row.kind}`)
  return (
    <tr>
      <th scope="row" className={classes['kind']}>
        <span>{title}</span>
        <Why row={row} />
        {(own.inApplication !== null || own.mail !== null) && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={say('notice.resetNamed', { kind: title })}
            onClick={() => save.mutate({ inApplication: null, mail: null })}
          >
            {say('notice.reset')}
          </Button>
        )}
        {save.isError && <Fault error={save.error} />}
      </th>
      {channels.map((channel) => (
        <td key={channel} className={classes['channel']}>
          <Switch
            size="sm"
            aria-label={say('notice.switchNamed', { channel: say(`notice.${channel}`), kind: title })}
            checked={row[channel].on}
            disabled={isFixed(row[channel])}
            onChange={(event) => {
              const on = event.currentTarget.checked
              const usual = row[channel].setting === 'on'
              save.mutate({ ...own, [channel]: on === usual ? null : on })
            }}
          />
        </td>
      ))}
    </tr>
  )
}

const withOwn = (
  row: NoticePreference,
  own: Readonly<Record<Channel, boolean | null>>,
): NoticePreference => ({
  ...row,
  inApplication: { ...row.inApplication, on: own.inApplication ?? usualOf(row.inApplication) },
  mail: { ...row.mail, on: own.mail ?? usualOf(row.mail) },
})

const usualOf = ({ setting }: NoticePreference[Channel]): boolean => setting === 'on' || setting === 'always'

/** Who decided: the organization for good, the organization until one says otherwise, or oneself. */
const Why = ({ row }: { readonly row: NoticePreference }) => {
  const tenant = useMe().tenant.name
  const sentences = channels.flatMap((channel) => {
    const { setting } = row[channel]
    const name = say(`notice.${channel}`)
    if (setting === 'always') return [`${name}: ${say('notice.always', { tenant })}`]
    if (setting === 'never') return [`${name}: ${say('notice.never', { tenant })}`]
    return isOwn(row[channel]) ? [`${name}: ${say('notice.own', { setting })}`] : []
  })
  return (
    <span className={classes['why']}>
      {sentences.length === 0 ? say('notice.usual', { tenant }) : sentences.join(' ')}
    </span>
  )
}
