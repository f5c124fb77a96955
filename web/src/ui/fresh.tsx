import { type ReactNode, useState } from 'react'
import classes from './fresh.module.css'

/**
 * Quietly marks what somebody else just changed: when `watch` takes another value the content glows once and settles. `quiet` for changes
 * of one's own.
 */
export const Fresh = ({
  watch,
  quiet = false,
  arrived = false,
  children,
  as: Element = 'span',
  className,
}: {
  readonly watch: string | number | null
  readonly quiet?: boolean
  /** It came in while somebody watches: it glows from the beginning. */
  readonly arrived?: boolean
  readonly children: ReactNode
  readonly as?: 'span' | 'div'
  readonly className?: string | undefined
}) => {
  const [seen, setSeen] = useState(watch)
  const [glows, setGlows] = useState(arrived ? 1 : 0)
  if (seen !== watch) {
    setSeen(watch)
    if (!quiet) setGlows(glows + 1)
  }
  return (
    // A new key starts the animation anew.
    <Element key={glows} className={[className, glows > 0 && classes['fresh']].filter(Boolean).join(' ')}>
      {children}
    </Element>
  )
}
