import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** Nothing here: what this is for, and the first step. */
export const Empty = ({
  icon,
  title,
  children,
  action,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) => (
  <div className={classes['empty']}>
    {icon !== undefined && <div className={classes['icon']}>{icon}</div>}
    <p className={classes['title']}>{title}</p>
    {children !== undefined && <p className={classes['text']}>{children}</p>}
    {action !== undefined && <div className={classes['action']}>{action}</div>}
  </div>
)
