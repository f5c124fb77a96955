import type { HomeLine } from '@evenkeel/contract/home'
import type { IncidentRow } from '@evenkeel/contract/incident'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { noteOwnWrite } from '../../parts/own-writes.ts'
import { PriorityTag } from '../../parts/priority.tsx'
import { mayAtAll, useMe } from '../../parts/session.ts'
import { faultSentence } from '../../ui/fault.tsx'
import { listKey } from '../incident/incident.api.ts'
import { StateTag } from '../incident/incident.state.tsx'
import { refreshHome } from './home.api.ts'
import classes from './home.module.css'
import { QuickReply } from './home.reply.tsx'
import { Moment, Reason } from './home.words.tsx'

type LineProps = {
  readonly incident: IncidentRow
  /** Why it is here, each in a sentence; the first is what it is here for. */
  readonly reasons: readonly ReactNode[]
  readonly actions?: ReactNode
  readonly below?: ReactNode
  readonly onOpen?: () => void
}

/** One thing to do: what, why, and the hand on it. */
export const Line = ({ incident, reasons, actions, below, onOpen }: LineProps) => (
  <li className={classes['line']} data-line-of={incident.id}>
    <div className={classes['lineMain']}>
      <div className={classes['lineTop']}>
        <PriorityTag priority={incident.priority} />
        <Link
          to="/incidents/$id"
          params={{ id: incident.id }}
          className={classes['lineTitle'] ?? ''}
          title={incident.title}
          data-line
          {...(onOpen === undefined ? {} : { onClick: onOpen })}
        >
          {incident.title}
        </Link>
      </div>
      <ul className={classes['reasons']}>
        {reasons.map((reason, index) => (
          <li key={index} className={classes['reason']} data-first={index === 0 || undefined}>
            {reason}
          </li>
        ))}
      </ul>
      <div className={classes['lineFacts']}>
        <span className="figures">{incident.number}</span>
        <StateTag state={incident.state} />
        <span className={classes['fact']}>{incident.service?.name ?? say('incident.serviceUnknown')}</span>
        <span className={classes['fact']}>{incident.requester.name}</span>
      </div>
    </div>
    {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
    {below}
  </li>
)

/** Runs something on an incident, says when it was refused, and brings the page up to date either way. */
const useRun = (incident: IncidentRow, onDone: () => void) => {
  const queries = useQueryClient()
  const [running, setRunning] = useState(false)
  const run = async (work: () => Promise<{ readonly version: number } | undefined>): Promise<void> => {
    setRunning(true)
    try {
      const ref = await work()
      if (ref !== undefined) noteOwnWrite(incident.id, ref.version)
    } catch (error) {
      notifications.show({ title: incident.number, message: faultSentence(error), color: 'gray' })
    } finally {
      await refreshHome(queries)
      void queries.invalidateQueries({ queryKey: [...listKey, 'count'] })
      setRunning(false)
      onDone()
    }
  }
  return { run, running }
}

const Take = ({ incident, onDone }: { readonly incident: IncidentRow; readonly onDone: () => void }) => {
  const me = useMe()
  const { run, running } = useRun(incident, onDone)
  if (!mayAtAll(me, 'incident.assign')) return null
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={running}
      data-press="take"
      aria-label={`${say('home.take')}: ${incident.title}`}
      onClick={() =>
        void run(() =>
          client.assignIncident({
            params: { id: incident.id },
            version: incident.version,
            body: { personId: me.person.id, teamId: incident.team.id },
          }),
        )
      }
    >
      {say('home.take')}
    </Button>
  )
}

const Start = ({ incident, onDone }: { readonly incident: IncidentRow; readonly onDone: () => void }) => {
  const { run, running } = useRun(incident, onDone)
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={running}
      aria-label={`${say('home.start')}: ${incident.title}`}
      onClick={() =>
        void run(() =>
          client.moveIncident({
            params: { id: incident.id },
            version: incident.version,
            body: { action: 'start' },
          }),
        )
      }
    >
      {say('home.start')}
    </Button>
  )
}

const Seen = ({
  incident,
  notices,
  onDone,
}: {
  readonly incident: IncidentRow
  readonly notices: readonly string[]
  readonly onDone: () => void
}) => {
  const { run, running } = useRun(incident, onDone)
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      loading={running}
      aria-label={`${say('home.seen')}: ${incident.title}`}
      onClick={() =>
        void run(async () => {
          await Promise.all(notices.map((id) => client.readNotification({ params: { id } })))
          return undefined
        })
      }
    >
      {say('home.seen')}
    </Button>
  )
}

const useReply = (incident: IncidentRow, onDone: () => void) => {
  const me = useMe()
  const [open, setOpen] = useState(false)
  const may = mayAtAll(me, 'incident.comment')
  return {
    button: may && (
      <Button
        size="compact-sm"
        variant="default"
        data-press="reply"
        aria-expanded={open}
        aria-label={`${say('home.reply')}: ${incident.title}`}
        onClick={() => setOpen(!open)}
      >
        {say('home.reply')}
      </Button>
    ),
    below: open && (
      <QuickReply
        incident={incident}
        onSent={() => {
          setOpen(false)
          onDone()
        }}
        onClose={() => setOpen(false)}
      />
    ),
  }
}

export const NowLine = ({ line, onDone }: { readonly line: HomeLine; readonly onDone: () => void }) => {
  const { incident, because, notices } = line
  const has = (...wanted: readonly HomeLine['because'][number]['why'][]): boolean =>
    because.some(({ why }) => wanted.includes(why))
  const reply = useReply(incident, onDone)
  const markRead = (): void => {
    for (const id of notices) client.readNotification({ params: { id } }).catch(() => undefined)
  }
  return (
    <Line
      incident={incident}
      reasons={because.map(({ why, at }) => (
        <Reason key={why} why={why} at={at} />
      ))}
      onOpen={markRead}
      actions={
        <>
          {has('mentioned') && <Seen incident={incident} notices={notices} onDone={onDone} />}
          {has('caller_answered', 'not_told', 'reopened') && reply.button}
          {has('not_started') && <Start incident={incident} onDone={onDone} />}
        </>
      }
      below={reply.below}
    />
  )
}

export const ReplyLine = ({
  incident,
  at,
  onDone,
}: {
  readonly incident: IncidentRow
  readonly at: string
  readonly onDone: () => void
}) => {
  const reply = useReply(incident, onDone)
  return (
    <Line
      incident={incident}
      reasons={[
        <Reason key="why" why="caller_answered" at={at} />,
        incident.assignee?.name ?? say('home.nobodyHas'),
      ]}
      actions={
        <>
          {reply.button}
          <Take incident={incident} onDone={onDone} />
        </>
      }
      below={reply.below}
    />
  )
}

export const UnassignedLine = ({
  incident,
  onDone,
}: {
  readonly incident: IncidentRow
  readonly onDone: () => void
}) => (
  <Line
    incident={incident}
    reasons={[
      <span key="since">
        {incident.team.name} · <Moment at={incident.createdAt} />
      </span>,
    ]}
    actions={<Take incident={incident} onDone={onDone} />}
  />
)
