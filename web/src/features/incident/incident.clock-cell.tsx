import type { ListedIncident } from '@evenkeel/contract/incident'
import CirclePause from 'lucide-react/icons/circle-pause'
import CircleX from 'lucide-react/icons/circle-x'
import Timer from 'lucide-react/icons/timer'
import { readerZone, say } from '../../language/say.ts'
import { absolute, lasting } from '../../language/time.ts'
import { useNow } from '../../ui/now.ts'
import classes from './incident.clock-cell.module.css'

type Clock = NonNullable<ListedIncident['clock']>
type Look = 'running' | 'soon' | 'missed' | 'paused'

const signs = { running: Timer, soon: Timer, missed: CircleX, paused: CirclePause } as const satisfies Record<
  Look,
  unknown
>

const minute = 60_000
/** A list does not know the target; an hour is when somebody has to begin. */
const pressing = 60 * minute

const lookOf = (deadline: string | null, left: number): Look => {
  if (deadline === null) return 'paused'
  if (left <= 0) return 'missed'
  return left <= pressing ? 'soon' : 'running'
}

/** What of a record runs out next, and how much time it leaves. */
export const RunsOut = ({ clock: { measures, deadline } }: { readonly clock: Clock }) => {
  const now = useNow()
  const { language } = readerZone()
  const left = deadline === null ? 0 : Date.parse(deadline) - now
  const look = lookOf(deadline, left)
  const Sign = signs[look]
  const what = say(`clock.measures.${measures}`)
  const words = {
    running: () => lasting(left, language),
    soon: () => (left < minute ? say('clock.dueNow') : lasting(left, language)),
    missed: () => say('clock.over', { time: lasting(-left, language) }),
    paused: () => say('clock.paused'),
  }
  return (
    <span
      className={classes['cell']}
      data-look={look}
      title={deadline === null ? what : `${what} · ${absolute(deadline, readerZone())}`}
    >
      <Sign size={14} aria-hidden className={classes['sign']} />
      <span className={classes['words']}>{words[look]()}</span>
    </span>
  )
}
