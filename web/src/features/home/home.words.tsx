import type { HomeReason } from '@evenkeel/contract/home'
import { readerZone, say } from '../../language/say.ts'
import { absolute, lasting, relative } from '../../language/time.ts'
import { useNow } from '../../ui/now.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'

export const Moment = RelativeTime

/** One reason in a sentence: how long ago, or how long until. The exact time is behind it. */
export const Reason = ({ why, at }: { readonly why: HomeReason; readonly at: string }) => {
  const now = useNow()
  const zone = readerZone()
  const when = relative(at, now, zone)
  const duration = lasting(now - Date.parse(at), zone.language, 'long')
  return (
    <span title={absolute(at, zone)}>
      {why === 'not_told' ? say('home.because.not_told', { duration }) : say(`home.because.${why}`, { when })}
    </span>
  )
}

const told = {
  'incident.assigned': 'home.changed.assigned',
  'incident.canceled': 'home.changed.canceled',
  'incident.closed': 'home.changed.closed',
  'incident.commented': 'home.changed.commented',
  'incident.held': 'home.changed.held',
  'incident.noted': 'home.changed.noted',
  'incident.reopened': 'home.changed.reopened',
  'incident.resolved': 'home.changed.resolved',
  'incident.started': 'home.changed.started',
} as const
const isTold = (type: string): type is keyof typeof told => Object.hasOwn(told, type)

/** What somebody did last; of what has no sentence of its own, that they did something. */
export const changedSentence = (type: string, name: string): string =>
  say(isTold(type) ? told[type] : 'home.changed', { name })
