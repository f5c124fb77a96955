import type { ReactNode } from 'react'
import classes from './part-bar.module.css'

/** How much of all there is, as a bar beside what says it in words. */
export const PartBar = ({
  part,
  of,
  children,
}: {
  readonly part: number
  readonly of: number
  readonly children: ReactNode
}) => (
  <span className={classes['part']}>
    <span className={classes['track']} aria-hidden>
      <span style={{ width: `${of === 0 ? 0 : (100 * part) / of}%` }} />
    </span>
    <span className="figures">{children}</span>
  </span>
)
