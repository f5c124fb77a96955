import { Skeleton } from '@mantine/core'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import { type ReactNode, useId } from 'react'
import { say } from '../language/say.ts'
import classes from './settings-page.module.css'
import { usePageTitle } from './page-title.ts'

/** A page of administration: what it is, what one can do here, and its parts below each other. */
export const SettingsPage = ({
  title,
  lead,
  back,
  tags,
  actions,
  children,
}: {
  readonly title: string
  readonly lead?: ReactNode
  /** The list this one thing is of. */
  readonly back?: ReactNode
  readonly tags?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => {
  usePageTitle(title)
  return (
    <div className={classes['page']}>
      <header className={classes['head']}>
        <div className={classes['words']}>
          {back !== undefined && (
            <div className={classes['back']}>
              <ChevronLeft size={14} aria-hidden />
              {back}
            </div>
          )}
          <div className={classes['line']}>
            <h1 className={classes['title']}>{title}</h1>
            {tags}
          </div>
          {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** One part of such a page, named by its heading. */
export const Section = ({
  title,
  lead,
  actions,
  flush = false,
  children,
}: {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  /** Tables reach to the edges of the panel. */
  readonly flush?: boolean
  readonly children: ReactNode
}) => {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes['section']}>
      <div className={classes['sectionHead']}>
        <div className={classes['words']}>
          <h2 id={id} className={classes['sectionTitle']}>
            {title}
          </h2>
          {lead !== undefined && <p className={classes['sectionLead']}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </div>
      <Panel flush={flush}>{children}</Panel>
    </section>
  )
}

export const Panel = ({
  flush = false,
  children,
}: {
  /** Tables reach to its edges. */
  readonly flush?: boolean
  readonly children: ReactNode
}) => (
  <div className={classes['panel']} data-flush={flush || undefined}>
    {children}
  </div>
)

/** Names and values below each other; side by side where there is room. */
export const Facts = ({ children }: { readonly children: ReactNode }) => (
  <dl className={classes['facts']}>{children}</dl>
)

export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={classes['fact']}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** One sentence where a table would be. */
export const Nothing = ({ children }: { readonly children: ReactNode }) => (
  <p className={classes['nothing']}>{children}</p>
)

/** Stands where rows will be. */
export const RowsToCome = ({
  rows = 4,
  framed = false,
}: {
  readonly rows?: number
  /** In a panel of its own; a section has one already. */
  readonly framed?: boolean
}) => {
  const lines = (
    <div role="status" aria-label={say('list.loading')} className={classes['toCome']}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={12} width={`${48 + ((row * 29) % 40)}%`} />
      ))}
    </div>
  )
  return framed ? <Panel flush>{lines}</Panel> : lines
}
