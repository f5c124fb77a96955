import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import CircleAlert from 'lucide-react/icons/circle-alert'
import type { ReactNode } from 'react'
import { say } from '../language/say.ts'
import { useMe } from '../parts/session.ts'
import { Mark } from './mark.tsx'
import classes from './rail.module.css'

/** Where one can go; only what is there. */
export const Rail = ({ narrow, onPick }: { readonly narrow: boolean; readonly onPick?: () => void }) => {
  const me = useMe()
  return (
    <nav
      className={classes['rail']}
      data-narrow={narrow || undefined}
      aria-label={say('rail.title')}
      onClick={onPick}
    >
      <div className={classes['tenant']}>
        <Mark />
        {!narrow && (
          <span className={classes['tenantName']} title={me.tenant.name}>
            {me.tenant.name}
          </span>
        )}
      </div>
      <ul className={classes['places']}>
        <Place
          narrow={narrow}
          label={say('rail.incidents')}
          icon={<CircleAlert size={16} aria-hidden />}
          to="/incidents"
        />
      </ul>
    </nav>
  )
}

const Place = ({
  narrow,
  label,
  icon,
  to,
}: {
  readonly narrow: boolean
  readonly label: string
  readonly icon: ReactNode
  readonly to: '/incidents'
}) => (
  <li>
    <Tooltip label={label} position="right" disabled={!narrow}>
      <Link
        to={to}
        className={classes['place'] ?? ''}
        aria-label={label}
        activeProps={{ 'aria-current': 'page' }}
      >
        {icon}
        {!narrow && <span className={classes['label']}>{label}</span>}
      </Link>
    </Tooltip>
  </li>
)
