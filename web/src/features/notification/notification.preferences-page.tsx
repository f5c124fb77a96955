import { neverInDigest, type Digest, type NoticePreference } from '@evenkeel/contract/notification'
import { Button, NativeSelect, Switch } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { readerZone, say } from '../../language/say.ts'
import { absolute, hourOfDay } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { useMe } from '../../parts/session.ts'
import { Fault } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RowsToCome } from '../../ui/settings-page.tsx'
import classes from './notification.preferences.module.css'

const key = ['notice-preferences'] as const
const channels = ['inApplication', 'mail'] as const
type Channel = (typeof channels)[number]
type Preferences = { readonly rows: readonly NoticePreference[]; readonly digest: Digest }

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
      {data === undefined && error === null && <RowsToCome rows={10} framed />}
      {data !== undefined && <DailyMail digest={data.digest} />}
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

const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** The one mail a day: when it comes, where the reader is. */
const DailyMail = ({ digest }: { readonly digest: Digest }) => {
  const queries = useQueryClient()
  const move = useMutation({
    mutationFn: (hour: number) => client.setDigestHour({ body: { hour } }),
    onMutate: async (hour) => {
      await queries.cancelQueries({ queryKey: key })
      const before = queries.getQueryData<Preferences>(key)
      queries.setQueryData<Preferences>(key, before && { ...before, digest: { ...before.digest, hour } })
      return before
    },
    onError: (_error, _hour, before) => queries.setQueryData(key, before),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const zone = readerZone()
  return (
    <section className={classes['daily']} aria-label={say('notice.daily')}>
      <NativeSelect
        className={classes['hour'] ?? ''}
        label={say('notice.dailyAt')}
        value={String(digest.hour)}
        data={hours.map((hour) => ({ value: String(hour), label: hourOfDay(hour, zone) }))}
        onChange={(event) => move.mutate(Number(event.currentTarget.value))}
      />
      <div className={classes['dailyText']}>
        <p className={classes['about']}>{say('notice.dailyText', { zone: digest.timeZone })}</p>
        <p className={classes['about']} role="status">
          {digest.nextAt === null
            ? say('notice.dailyNone')
            : say('notice.dailyNext', { when: absolute(digest.nextAt, zone) })}
        </p>
        <p className={classes['about']}>{say('notice.dailyNever')}</p>
        {move.isError && <Fault error={move.error} />}
      </div>
    </section>
  )
}

const isOwn = ({ setting, on }: NoticePreference[Channel]): boolean =>
  (setting === 'on' && !on) || (setting === 'off' && on)

const isFixed = ({ setting }: NoticePreference[Channel]): boolean =>
  setting === 'always' || setting === 'never'

/** What the person has set: null where what holds for everybody holds for them, too. */
const ownSetting = (channel: NoticePreference[Channel]): boolean | null =>
  isOwn(channel) ? channel.on : null

/** A person's own word on one kind. */
type Own = { readonly inApplication: boolean | null; readonly mail: boolean | null; readonly digest: boolean }

const Row = ({ row }: { readonly row: NoticePreference }) => {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (own: Own) => client.setNoticePreference({ params: { kind: row.kind }, body: own }),
    onMutate: async (own) => {
      await queries.cancelQueries({ queryKey: key })
      const before = queries.getQueryData<Preferences>(key)
      queries.setQueryData<Preferences>(
        key,
        before && {
          ...before,
          rows: before.rows.map((one) => (one.kind === row.kind ? withOwn(one, own) : one)),
        },
      )
      return before
    },
    onError: (_error, _own, before) => queries.setQueryData(key, before),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const own: Own = {
    inApplication: ownSetting(row.inApplication),
    mail: row.mail.digest ? true : ownSetting(row.mail),
    digest: row.mail.digest,
  }
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
            onClick={() => save.mutate({ inApplication: null, mail: null, digest: false })}
          >
            {say('notice.reset')}
          </Button>
        )}
        {save.isError && <Fault error={save.error} />}
      </th>
      <td className={classes['channel']}>
        <Switch
          size="sm"
          aria-label={say('notice.switchNamed', { channel: say('notice.inApplication'), kind: title })}
          checked={row.inApplication.on}
          disabled={isFixed(row.inApplication)}
          onChange={(event) => {
            const on = event.currentTarget.checked
            save.mutate({ ...own, inApplication: on === usualOf(row.inApplication) ? null : on })
          }}
        />
      </td>
      <td className={classes['timing']}>
        <NativeSelect
          size="sm"
          aria-label={say('notice.switchNamed', { channel: say('notice.mail'), kind: title })}
          value={timingOf(row.mail)}
          disabled={isFixed(row.mail)}
          data={timings
            .filter((timing) => timing !== 'digest' || row.mail.mayWait)
            .map((timing) => ({ value: timing, label: say(`notice.timing.${timing}`) }))}
          onChange={(event) => {
            const timing = timings.find((one) => one === event.currentTarget.value)
            if (timing !== undefined) save.mutate({ ...own, ...mailWish(row.mail, timing) })
          }}
        />
      </td>
    </tr>
  )
}

const timings = ['at_once', 'digest', 'off'] as const
type Timing = (typeof timings)[number]

const timingOf = ({ on, digest }: NoticePreference['mail']): Timing =>
  digest ? 'digest' : on ? 'at_once' : 'off'

/** What is chosen, as the person's own word, or null where it is the usual anyway. */
const mailWish = (mail: NoticePreference['mail'], timing: Timing): Pick<Own, 'mail' | 'digest'> => {
  if (timing === 'digest') return { mail: true, digest: true }
  const on = timing === 'at_once'
  return { mail: on === usualOf(mail) ? null : on, digest: false }
}

const withOwn = (row: NoticePreference, own: Own): NoticePreference => ({
  ...row,
  inApplication: { ...row.inApplication, on: own.inApplication ?? usualOf(row.inApplication) },
  mail: { ...row.mail, on: own.mail ?? usualOf(row.mail), digest: own.digest },
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
    const own = isOwn(row[channel]) || (channel === 'mail' && row.mail.digest)
    return own ? [`${name}: ${say('notice.own', { setting })}`] : []
  })
  const atOnce = neverInDigest.find((kind) => kind === row.kind)
  return (
    <span className={classes['why']}>
      {sentences.length === 0 ? say('notice.usual', { tenant }) : sentences.join(' ')}
      {atOnce !== undefined && !isFixed(row.mail) && ` ${say(`notice.atOnce.${atOnce}`)}`}
    </span>
  )
}
