import { say } from '../../language/say.ts'
import classes from './audit.module.css'

/** How much of what is expected was seen, as figures and as a bar. */
export const Progress = ({ seen, expected }: { readonly seen: number; readonly expected: number }) => (
  <span className={classes['progress']}>
    <span className={classes['track']} aria-hidden>
      <span style={{ width: `${expected === 0 ? 0 : (100 * seen) / expected}%` }} />
    </span>
    <span className="figures">{say('audit.progress', { seen, expected })}</span>
  </span>
)
