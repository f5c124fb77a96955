import Check from 'lucide-react/icons/check'
import type { ReactNode } from 'react'
import { say } from '../language/say.ts'
import classes from './process-bar.module.css'

export type Step = {
  readonly id: string
  readonly label: string
  readonly standing: 'past' | 'current' | 'ahead'
  readonly icon?: ReactNode
}

/** The states of a record's process with the current one marked, and the moves that are possible now. */
export const ProcessBar = ({
  steps,
  children,
}: {
  readonly steps: readonly Step[]
  readonly children: ReactNode
}) => (
  <div className={classes['bar']}>
    <ol className={classes['steps']} aria-label={say('process.states')}>
      {steps.map(({ id, label, standing, icon }) => (
        <li
          key={id}
          className={classes['step']}
          data-standing={standing}
          aria-current={standing === 'current' ? 'step' : undefined}
        >
          <span className={classes['dot']}>
            {standing === 'past' ? <Check size={10} strokeWidth={3} aria-hidden /> : icon}
          </span>
          <span className={classes['name']}>{label}</span>
          {standing === 'past' && <span className="visually-hidden"> {say('process.past')}</span>}
        </li>
      ))}
    </ol>
    <div className={classes['moves']}>{children}</div>
  </div>
)
