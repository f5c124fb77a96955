import type { ClockHolder, ClockView, TargetTime } from '@evenkeel/contract/service-level'
import { useQuery } from '@tanstack/react-query'
import CircleCheck from 'lucide-react/icons/circle-check'
import CirclePause from 'lucide-react/icons/circle-pause'
import CircleSlash from 'lucide-react/icons/circle-slash'
import CircleX from 'lucide-react/icons/circle-x'
import Timer from 'lucide-react/icons/timer'
import type { ReactNode } from 'react'
import { readerZone, say } from '../../language/say.ts'
import { absolute, lasting } from '../../language/time.ts'
import { Fault } from '../../ui/fault.tsx'
import { useNow } from '../../ui/now.ts'
import { clocksQuery } from './incident.api.ts'
import { Section, Why } from './incident.fact.tsx'
import classes from './incident.clocks.module.css'

/** What is promised about this record, how much of it is left, and why. Nothing where nothing is promised. */
export const Clocks = ({ id }: { readonly id: string }) => {
  const { data, error, refetch } = useQuery(clocksQuery(id))
  if (error !== null && data === undefined)
    return (
      <Section title={say('clock.title')}>
        <Fault error={error} onRetry={() => void refetch()} />
      </Section>
    )
  if (data === undefined || data.clocks.length === 0) return null
  const slots = Map.groupBy(data.clocks, ({ kind, measures }) => `${kind} ${measures}`)
  return (
    <Section
      title={say('clock.title')}
      action={
        <a className={classes['file']} href={`/api/v1/incidents/${id}/clocks/export`} download>
          {say('clock.ledger')}
        </a>
      }
    >
      <ul className={classes['clocks']}>
        {[...slots].map(([slot, rounds]) => {
          const last = rounds.toSorted((one, other) => other.round - one.round)[0]
          return last === undefined ? null : (
            <Clock key={slot} clock={last} earlier={rounds.filter((round) => round !== last)} />
          )
        })}
      </ul>
    </Section>
  )
}

type Look = 'running' | 'soon' | 'missed' | 'paused' | 'met' | 'canceled'

const signs = {
  running: Timer,
  soon: Timer,
  missed: CircleX,
  paused: CirclePause,
  met: CircleCheck,
  canceled: CircleSlash,
} as const satisfies Record<Look, unknown>

/** Of the target, as much as is left when it begins to press. */
const pressing = 0.25

const lookOf = ({ verdict, phase, target, remainingMinutes, warnedAt }: ClockView): Look => {
  if (verdict === 'canceled' || verdict === 'met' || verdict === 'missed') return verdict
  if (phase === 'paused') return 'paused'
  const isSoon =
    warnedAt.length > 0 ||
    ('workingMinutes' in target &&
      remainingMinutes !== null &&
      remainingMinutes <= target.workingMinutes * pressing)
  return isSoon ? 'soon' : 'running'
}

const Clock = ({ clock, earlier }: { readonly clock: ClockView; readonly earlier: readonly ClockView[] }) => {
  const look = lookOf(clock)
  const Sign = signs[look]
  const what = say(`clock.measures.${clock.measures}`)
  const count = (verdict: ClockView['verdict']) =>
    String(earlier.filter((round) => round.verdict === verdict).length)
  return (
    <li className={classes['clock']}>
      <Sign size={16} className={classes['sign']} data-look={look} aria-hidden />
      <span className={classes['words']}>
        <span className={classes['line']}>
          <span className={classes['what']} title={say(`clock.kind.${clock.kind}`)}>
            {what}
          </span>
          <span className={classes['state']} data-look={look}>
            <Standing clock={clock} />
          </span>
        </span>
        <span className={classes['about']}>
          <About clock={clock} />
        </span>
        {earlier.length > 0 && (
          <span className={classes['about']}>
            {say('clock.earlier', { count: earlier.length, met: count('met'), missed: count('missed') })}
          </span>
        )}
      </span>
      <Why label={say('clock.why', { what })}>
        <Explained clock={clock} />
      </Why>
    </li>
  )
}

const minute = 60_000
const inWords = (minutes: number): string => lasting(minutes * minute, readerZone().language)
const at = (instant: string): string => absolute(instant, readerZone())

/** The one thing somebody looks for: how long there is, or how it ended. */
const Standing = ({ clock }: { readonly clock: ClockView }) => {
  const now = useNow()
  switch (clock.verdict) {
    case 'met':
      return say('clock.met')
    case 'missed':
      return say('clock.missed')
    case 'canceled':
      return say('clock.canceled')
    case 'open': {
      if (clock.phase === 'paused') return say('clock.paused')
      if (clock.deadline === null) return null
      const left = Date.parse(clock.deadline) - now
      return left < minute
        ? say('clock.dueNow')
        : say('clock.left', { time: lasting(left, readerZone().language) })
    }
  }
}

const About = ({ clock }: { readonly clock: ClockView }): ReactNode => {
  const { verdict, phase, since, waitsFor, deadline, missedAt, remainingMinutes, elapsedMinutes } = clock
  if (verdict === 'met') return say('clock.metIn', { time: inWords(elapsedMinutes) })
  if (verdict === 'missed') {
    const ranOut = missedAt === null ? '' : say('clock.missedAt', { at: at(missedAt) })
    const by =
      phase === 'stopped' && remainingMinutes !== null && remainingMinutes < 0
        ? ` · ${say('clock.missedBy', { time: inWords(-remainingMinutes) })}`
        : ''
    return `${ranOut}${by}`
  }
  if (verdict === 'canceled') return at(since)
  if (phase === 'paused')
    return waitsFor === null || waitsFor.is === 'team'
      ? say('clock.pausedSince', { at: at(since) })
      : say('clock.pausedFor', { whom: say(`clock.holder.${waitsFor.is}`), at: at(since) })
  return deadline === null ? say('clock.never') : say('clock.due', { at: at(deadline) })
}

const targetInWords = (target: TargetTime): string =>
  'workingMinutes' in target
    ? say('clock.targetMinutes', { time: inWords(target.workingMinutes) })
    : say('clock.targetDays', { count: target.workingDays })

const holderInWords = ({ is, team }: ClockHolder): string => team ?? say(`clock.holder.${is}`)

/** Whose promise it is, by which calendar, what was promised before, and where the time went. */
const Explained = ({ clock }: { readonly clock: ClockView }) => {
  const { agreement, calendar, below, promises, minutes, startedAt, startedBack, target } = clock
  const counted = minutes.counted.map((share) => ({ ...share, how: say('clock.counted') }))
  const paused = minutes.paused.map((share) => ({ ...share, how: say('clock.pausedMinutes') }))
  return (
    <div className={classes['why']}>
      <p>
        {say('clock.promise', {
          agreement: agreement.name,
          target: targetInWords(target),
          calendar:
            calendar.name === null
              ? say('clock.roundTheClock')
              : say('clock.byCalendar', { name: calendar.name, zone: calendar.zone }),
        })}{' '}
        {say(startedBack ? 'clock.startedBack' : 'clock.started', { at: at(startedAt) })}{' '}
        {below.length > 0 && say('clock.below', { names: below.join(', ') })}
      </p>
      {promises.length > 1 && (
        <>
          <h3>{say('clock.promises')}</h3>
          <ul>
            {promises.map((promise) => (
              <li key={`${promise.at} ${promise.version}`}>
                {say('clock.promiseFrom', {
                  at: at(promise.at),
                  target: targetInWords(promise.target),
                  agreement: promise.agreement,
                })}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{say('clock.where')}</h3>
      <dl className={classes['shares']}>
        {[...counted, ...paused].map(({ holder, minutes: held, how }) => (
          <Share key={`${how} ${holder.is} ${holder.team ?? ''}`} minutes={held}>
            {holderInWords(holder)} <span className={classes['how']}>{how}</span>
          </Share>
        ))}
        {minutes.closed > 0 && <Share minutes={minutes.closed}>{say('clock.closed')}</Share>}
        {minutes.ended > 0 && <Share minutes={minutes.ended}>{say('clock.ended')}</Share>}
      </dl>
    </div>
  )
}

const Share = ({ minutes, children }: { readonly minutes: number; readonly children: ReactNode }) => (
  <div className={classes['share']}>
    <dt>{children}</dt>
    <dd className="figures">{inWords(minutes)}</dd>
  </div>
)
