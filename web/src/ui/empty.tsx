import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** Nothing here: what this is for, and the first step. */
export const Empty = ({
  icon,
  title,
  isPage = false,
  children,
  action,
}: {
  readonly icon?: ReactNode
  readonly title: string
  /** Stands for the whole page, so that its title is the page's. */
  readonly isPage?: boolean
  readonly children?: ReactNode
  readonly action?: ReactNode
}) => (
  <div className={classes['empty']}>
    {icon !== undefined && <div className={classes['icon']}>{icon}</div>}
    {isPage ? <h1 className={classes['title']}>{title}</h1> : <p className={classes['title']}>{title}</p>}
    {children !== undefined && <p className={classes['text']}>{children}</p>}
    {action !== undefined && <div className={classes['action']}>{action}</div>}
  </div>
)
