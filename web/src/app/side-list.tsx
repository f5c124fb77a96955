import { Link, type LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Strip } from '../ui/strip.tsx'
import classes from './side-list.module.css'

type Entry = {
  readonly to: NonNullable<LinkProps['to']>
  readonly text: () => string
  readonly icon: LucideIcon
}

export type SideGroup = { readonly title?: string; readonly entries: readonly Entry[] }

/** A list of pages at the left and the chosen one beside it; on a phone the list is a strip above. */
export const SideList = ({
  label,
  exact,
  groups,
  children,
}: {
  readonly label: string
  /** The entry whose address the others begin with. */
  readonly exact: NonNullable<LinkProps['to']>
  readonly groups: readonly SideGroup[]
  readonly children: ReactNode
}) => (
  <div className={classes['layout']}>
    <Strip as="nav" label={label} className={classes['list']}>
      {groups.map(({ title, entries }, index) => (
        <div key={title ?? index} className={classes['group']}>
          {title !== undefined && <p className={classes['title']}>{title}</p>}
          <ul className={classes['entries']}>
            {entries.map(({ to, text, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  className={classes['entry'] ?? ''}
                  activeOptions={{ exact: to === exact }}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  <Icon size={16} aria-hidden />
                  <span className={classes['text']}>{text()}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Strip>
    {/* It scrolls, and a page may have nothing in it that takes the focus (WCAG 2.2, 2.1.1). */}
    <div className={classes['content']} tabIndex={0}>
      {children}
    </div>
  </div>
)
