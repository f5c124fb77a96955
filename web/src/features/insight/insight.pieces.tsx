import type { Activity } from '@evenkeel/contract/insight'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { say } from '../../language/say.ts'
import type { en } from '../../language/en.ts'
import classes from './insight.module.css'
import { activityText } from './insight.words.ts'

type Term =
  Extract<keyof typeof en, `insight.term.${string}`> extends `insight.term.${infer Name}` ? Name : never

/** What the numbers count, one press away. The sentences come with the numbers. */
export const Definitions = ({
  of,
  terms,
}: {
  readonly of: Readonly<Record<string, string>>
  readonly terms: readonly Term[]
}) => (
  <details className={classes['definitions']}>
    <summary>{say('insight.howCounted')}</summary>
    <dl>
      {terms.map((term) => (
        <div key={term}>
          <dt>{say(`insight.term.${term}`)}</dt>
          <dd>{of[term]}</dd>
        </div>
      ))}
    </dl>
  </details>
)

/** A number that shows the incidents behind it; `label` says which, to those who hear it alone. */
export const Figure = ({
  label,
  onPick,
  children,
}: {
  readonly label: string
  readonly onPick: () => void
  readonly children: ReactNode
}) => (
  <button type="button" className={classes['figure']} onClick={onPick}>
    <span className="visually-hidden">{label}: </span>
    {children}
  </button>
)

/** A way, step by step. */
export const Steps = ({ steps }: { readonly steps: readonly Activity[] }) => {
  const shown = steps.length > longest ? steps.slice(0, longest) : steps
  return (
    <span className={classes['steps']}>
      {shown.map((activity, place) => (
        // A way may enter a state again: its place is what it is known by.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={place} className={classes['step']}>
          {place > 0 && (
            <span className={classes['then']} aria-hidden>
              →
            </span>
          )}
          <span className={classes['activity']} data-activity={activity}>
            {activityText(activity)}
          </span>
        </span>
      ))}
      {steps.length > longest && (
        <span className={classes['then']}>{say('insight.moreSteps', { count: steps.length - longest })}</span>
      )}
    </span>
  )
}
const longest = 12

/** The process does not have it: said in words and with a sign, not in color alone. */
export const NotInProcess = () => (
  <span className={classes['unfit']}>
    <TriangleAlert size={14} aria-hidden />
    {say('insight.notInProcess')}
  </span>
)

export const Bar = ({ share }: { readonly share: number }) => (
  <span className={classes['bar']} aria-hidden>
    <span className={classes['fill']} style={{ width: `${Math.min(100, share * 100)}%` }} />
  </span>
)
