import { Popover } from '@mantine/core'
import CircleHelp from 'lucide-react/icons/circle-help'
import type { ReactNode } from 'react'
import { SmallButton } from '../../ui/small-button.tsx'
import classes from './incident.facts.module.css'

export const Section = ({
  title,
  action,
  children,
}: {
  readonly title: string
  readonly action?: ReactNode
  readonly children: ReactNode
}) => (
  <section className={classes['section']} aria-label={title}>
    <div className={classes['sectionHead']}>
      <h2 className={classes['heading']}>{title}</h2>
      {action}
    </div>
    {children}
  </section>
)

export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className={classes['fact']}>
    <dt className={classes['name']} title={name}>
      {name}
    </dt>
    <dd className={classes['value']}>{children}</dd>
  </div>
)

/** The sentence behind a computed thing, one press away. */
export const Why = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Popover width={320} position="bottom-end" withArrow>
    <Popover.Target>
      <SmallButton label={label}>
        <CircleHelp size={14} aria-hidden />
      </SmallButton>
    </Popover.Target>
    <Popover.Dropdown aria-label={label}>{children}</Popover.Dropdown>
  </Popover>
)

/** A small word that does something. */
export const WordButton = ({
  onClick,
  children,
  pressed,
}: {
  readonly onClick: () => void
  readonly children: ReactNode
  readonly pressed?: boolean
}) => (
  <button type="button" className={classes['link']} aria-pressed={pressed} onClick={onClick}>
    {children}
  </button>
)
