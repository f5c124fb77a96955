import type { IncidentView, MoveIncident } from '@evenkeel/contract/incident'
import { Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import { say } from '../../language/say.ts'
import { client } from '../../parts/api.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { useMe } from '../../parts/session.ts'
import { Fault, FaultPage } from '../../ui/fault.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { command, incidentQuery } from '../incident/incident.api.ts'
import { Again, Withdraw, Works } from './portal.decisions.tsx'
import { Files } from './portal.files.tsx'
import classes from './portal.module.css'
import { Said, Write } from './portal.said.tsx'
import { nextSentence, type Standing, ThingState } from './portal.words.tsx'

const route = getRouteApi('/shell/portal/$id')

/** One thing that somebody asked for help with: where it stands, what happens next, what was said, and what they can do. */
export const PortalThingPage = () => {
  const { id } = route.useParams()
  const { data: incident, error, refetch } = useQuery(incidentQuery(id))
  usePageTitle(incident?.title ?? say('portal.title'))
  if (incident === undefined) {
    return error === null ? (
      <div className={classes['page']} role="status" aria-label={say('list.loading')}>
        <Skeleton height={24} width="70%" />
        <Skeleton height={120} />
        <Skeleton height={72} />
      </div>
    ) : (
      <FaultPage error={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <article className={classes['page']} key={id} aria-label={incident.title}>
      <Link to="/" className={classes['back'] ?? ''}>
        <ArrowLeft size={18} aria-hidden /> {say('portal.back')}
      </Link>
      {error !== null && <Fault error={error} kept={say('record.kept')} onRetry={() => void refetch()} />}
      <Thing incident={incident} />
    </article>
  )
}

const standingOf = (incident: IncidentView, mine: boolean): Standing => ({
  state: incident.state,
  holdReason: incident.hold?.reason ?? null,
  taken: incident.assignee !== null,
  mine,
  waitsForMe:
    mine && incident.state === 'on_hold' && incident.hold?.reason === 'caller'
      ? 'answer'
      : mine && incident.state === 'resolved'
        ? 'confirm'
        : null,
})

const Thing = ({ incident }: { readonly incident: IncidentView }) => {
  const me = useMe()
  const queries = useQueryClient()
  const mine = incident.requester.id === me.person.id
  const thing = standingOf(incident, mine)
  const over = incident.state === 'closed' || incident.state === 'canceled'
  const move = (body: MoveIncident, foretold: Partial<IncidentView> = {}): Promise<void> =>
    command(
      queries,
      incident,
      ({ params, version }) => client.moveIncident({ params, version, body }),
      foretold,
    )
  return (
    <>
      <header className={classes['stack']}>
        <h1 className={classes['thingHead']}>{incident.title}</h1>
        <p className={classes['quiet']}>
          <span className="figures">{incident.number}</span>
          {incident.service !== null && ` · ${incident.service.name}`} ·{' '}
          <RelativeTime at={incident.createdAt} />
        </p>
      </header>
      <section className={classes['standing']} aria-live="polite" data-mine={thing.waitsForMe ?? undefined}>
        <ThingState thing={thing} />
        <p className={classes['next']}>{nextSentence(thing)}</p>
        {!mine && incident.affected.includesMe && (
          <p className={classes['quiet']}>{say('portal.affectsMe')}</p>
        )}
        <Steps state={incident.state} />
        {incident.state === 'resolved' && <Works incident={incident} mine={mine} move={move} />}
        {over && (
          <div className={classes['answers']}>
            {incident.state === 'closed' && mine && <p className={classes['next']}>{say('portal.thanks')}</p>}
            <Again incident={incident} />
          </div>
        )}
      </section>
      {incident.description !== '' && (
        <div className={classes['bubble']} data-mine={mine || undefined}>
          <p className={classes['by']}>
            {mine ? say('portal.you') : incident.requester.name} · <RelativeTime at={incident.createdAt} />
          </p>
          <Markdown source={incident.description} />
        </div>
      )}
      <Said incident={incident} />
      {incident.allowed.includes('incident.comment') && (
        <Write incident={incident} wanted={thing.waitsForMe === 'answer'} />
      )}
      <Files incident={incident} />
      {mine && !over && incident.state !== 'resolved' && incident.allowed.includes('incident.answer') && (
        <Withdraw onWithdraw={() => move({ action: 'withdraw' })} />
      )}
    </>
  )
}

const steps = ['received', 'work', 'try', 'done'] as const
const reached = { new: 0, in_progress: 1, on_hold: 1, resolved: 2, closed: 3, canceled: 3 } as const

const Steps = ({ state }: { readonly state: IncidentView['state'] }) =>
  state === 'canceled' ? null : (
    <ol className={classes['steps']} aria-label={say('portal.steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={classes['step']}
          data-reached={index <= reached[state] || undefined}
          aria-current={index === reached[state] ? 'step' : undefined}
        >
          {say(`portal.step.${step}`)}
        </li>
      ))}
    </ol>
  )
