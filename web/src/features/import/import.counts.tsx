import { say } from '../../language/say.ts'
import classes from './import.module.css'

export type Count = {
  readonly name: string
  readonly count: number
  readonly about?: string
  readonly isNotable?: boolean
}

/** What was counted, in a row. */
export const Counts = ({ counts }: { readonly counts: readonly Count[] }) => (
  <dl className={classes['counts']}>
    {counts.map(({ name, count, about, isNotable = false }) => (
      <div key={name} className={classes['count']} data-notable={isNotable || undefined}>
        <dt>{name}</dt>
        <dd>
          <span className={classes['figure']}>{say('import.number', { count })}</span>
          {about !== undefined && <span className={classes['quiet']}>{about}</span>}
        </dd>
      </div>
    ))}
  </dl>
)
