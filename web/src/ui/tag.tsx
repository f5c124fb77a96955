import type { ReactNode } from 'react'
import classes from './tag.module.css'
import type { Tone } from './theme.ts'

/** A short word with its meaning in color, shape and text; never in color alone. */
export const Tag = ({
  tone,
  icon,
  children,
}: {
  readonly tone: Tone
  readonly icon?: ReactNode
  readonly children: ReactNode
}) => (
  <span className={classes['tag']} data-tone={tone}>
    {icon}
    <span className={classes['text']}>{children}</span>
  </span>
)
