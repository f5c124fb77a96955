import type { ReactNode } from 'react'
import classes from './newer-button.module.css'

/** Above a list that does not move under the pointer: says how much came in, and shows it when it is pressed. */
export const NewerButton = ({
  onPress,
  children,
}: {
  readonly onPress: () => void
  readonly children: ReactNode
}) => (
  <button type="button" className={classes['newer']} onClick={onPress}>
    {children}
  </button>
)
