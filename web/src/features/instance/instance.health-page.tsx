import { healthLimits, type HealthStatus, type InstanceHealth } from '@evenkeel/contract/instance'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleAlert from 'lucide-react/icons/circle-alert'
import Clock from 'lucide-react/icons/clock'
import type { ReactNode } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { fileSize } from '../../language/size.ts'
import { absolute, lasting } from '../../language/time.ts'
import { client } from '../../parts/api.ts'
import { Fault } from '../../ui/fault.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { SettingsPage } from '../../ui/settings-page.tsx'
import { Tag } from '../../ui/tag.tsx'
import classes from './instance.module.css'

const tones = { good: 'done', late: 'waiting', bad: 'critical' } as const
const icons = {
  good: <CircleCheck size={14} aria-hidden />,
  late: <Clock size={14} aria-hidden />,
  bad: <CircleAlert size={14} aria-hidden />,
} as const satisfies Record<HealthStatus, ReactNode>

const everySeconds = 10

/** What follows what is written, and what is done in the background; a newer one than these words keeps its own name. */
const followers = [
  'notify',
  'queue_mail',
  'weigh_impact',
  'keep_clocks',
  'fold_ways',
  'items_follow_policies',
  'what_is_gone_ends',
] as const
const backgrounds = ['mail', 'import'] as const
const plain = (name: string): string => name.replaceAll('_', ' ')

const followerName = (name: string): string => {
  const known = followers.find((one) => one === name)
  return known === undefined ? say('health.reaction', { name: plain(name) }) : say(`health.reaction.${known}`)
}
const backgroundName = (name: string): string => {
  const known = backgrounds.find((one) => one === name)
  return known === undefined ? say('health.queue', { name: plain(name) }) : say(`health.queue.${known}`)
}

/** How the instance does, in sentences, with the limits from which something is late. */
export const InstanceHealthPage = () => {
  const { data, error, refetch } = useQuery({
    queryKey: ['instance', 'health'],
    queryFn: () => client.readInstanceHealth(),
    refetchInterval: everySeconds * 1000,
  })
  return (
    <SettingsPage
      title={say('health.title')}
      lead={say('health.about', { seconds: everySeconds })}
      actions={
        data !== undefined && (
          <span role="status">
            <Status status={data.status} />
          </span>
        )
      }
    >
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton height={320} />}
      {data !== undefined && <Parts health={data} />}
    </SettingsPage>
  )
}

const Status = ({ status }: { readonly status: HealthStatus }) => (
  <Tag tone={tones[status]} icon={icons[status]}>
    {say(`health.status.${status}`)}
  </Tag>
)

const Part = ({
  name,
  status,
  sentence,
  children,
}: {
  readonly name: string
  readonly status: HealthStatus
  readonly sentence: string
  readonly children?: ReactNode
}) => (
  <li className={classes['part']}>
    <div className={classes['partHead']}>
      <h2 className={classes['partName']}>{name}</h2>
      <Status status={status} />
    </div>
    <p className={classes['sentence']}>{sentence}</p>
    {children !== undefined && <p className={classes['quiet']}>{children}</p>}
  </li>
)

const seconds = (value: number): string =>
  value < 60
    ? say('health.seconds', { seconds: Math.round(value) })
    : lasting(value * 1000, readerZone().language, 'long')

const waitingSentence = (part: { readonly waiting: number; readonly oldestSeconds: number }): string =>
  part.waiting === 0
    ? say('health.nothingWaits')
    : say('health.waits', { count: part.waiting, age: seconds(part.oldestSeconds) })

const percent = (part: number): string =>
  new Intl.NumberFormat(readerZone().language, { style: 'percent', maximumFractionDigits: 0 }).format(part)

const Parts = ({ health }: { readonly health: InstanceHealth }) => {
  const { sealing, reactions, queues, timers, disk, database, mail, versions } = health
  const { late, bad } = healthLimits.waitingSeconds
  const { language } = readerZone()
  return (
    <>
      <ul className={classes['parts']}>
        <Part name={say('health.sealing')} status={sealing.status} sentence={waitingSentence(sealing)}>
          {sealing.signedAt === null ? (
            say('health.sealing.none')
          ) : (
            <>
              {say('health.sealing.head', { count: sealing.sealed })} <RelativeTime at={sealing.signedAt} />
            </>
          )}
        </Part>
        {reactions
          .filter(({ name }) => name !== 'seal')
          .map((reaction) => (
            <Part
              key={reaction.name}
              name={followerName(reaction.name)}
              status={reaction.status}
              sentence={waitingSentence(reaction)}
            >
              {reaction.setAside > 0 && (
                <Link to="/admin/outbox">{say('health.setAside', { count: reaction.setAside })}</Link>
              )}
            </Part>
          ))}
        {queues.map((queue) => (
          <Part
            key={queue.name}
            name={backgroundName(queue.name)}
            status={queue.status}
            sentence={waitingSentence(queue)}
          >
            {say('health.queue.running', { running: queue.running, dead: queue.dead })}
          </Part>
        ))}
        <Part name={say('health.timers')} status={timers.status} sentence={waitingSentence(timers)}>
          {say('health.timers.text')}
        </Part>
        <Part name={say('health.mail')} status={mail.status} sentence={say(`health.mail.${mail.transport}`)}>
          {say('health.mail.counts', { waiting: mail.waiting, dead: mail.dead })}{' '}
          {mail.lastAcceptedAt !== null &&
            say('health.mail.last', { at: absolute(mail.lastAcceptedAt, readerZone()) })}{' '}
          {mail.lastFailure !== null && say('health.mail.failure', { code: mail.lastFailure })}{' '}
          {mail.dead > 0 && (
            <Link to="/admin/outbox" search={{ status: 'dead' }}>
              {say('health.mail.look')}
            </Link>
          )}
        </Part>
        {disk !== null && (
          <Part
            name={say('health.disk')}
            status={disk.status}
            sentence={say('health.disk.free', {
              free: fileSize(disk.freeBytes, language),
              total: fileSize(disk.totalBytes, language),
              part: percent(disk.freeBytes / Math.max(1, disk.totalBytes)),
            })}
          >
            {say('health.disk.limits', {
              late: percent(healthLimits.diskFreePart.late),
              bad: percent(healthLimits.diskFreePart.bad),
            })}
          </Part>
        )}
        <Part
          name={say('health.database')}
          status={database.status}
          sentence={say('health.database.size', { size: fileSize(database.sizeBytes, language) })}
        >
          {say('health.database.connections', { used: database.connections, most: database.most })}
        </Part>
      </ul>
      <p className={classes['quiet']}>{say('health.limits', { late: seconds(late), bad: seconds(bad) })}</p>
      <dl className={classes['versions']}>
        {(
          [
            ['product', versions.product],
            ['database', versions.database],
            ['node', versions.node],
            ['schema', versions.schema],
          ] as const
        ).map(([name, version]) => (
          <div key={name}>
            <dt>{say(`health.version.${name}`)}</dt>
            <dd className="figures">{version === '' ? '–' : version}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
