import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { say } from '../language/say.ts'
import { Fault } from './fault.tsx'
import classes from './retire-line.module.css'

/** One thing goes out of use, or comes back: what that means, and the button. */
export const RetireLine = ({
  isActive,
  onTurn,
  held = false,
  children,
}: {
  readonly isActive: boolean
  readonly onTurn: () => Promise<unknown>
  /** Something still needs it; the words say what. */
  readonly held?: boolean
  readonly children: ReactNode
}) => {
  const turn = useMutation({ mutationFn: onTurn })
  return (
    <>
      <div className={classes['line']}>
        <div className={classes['words']}>{children}</div>
        <Button variant="default" disabled={held} loading={turn.isPending} onClick={() => turn.mutate()}>
          {isActive ? say('form.retire') : say('form.restore')}
        </Button>
      </div>
      {turn.isError && <Fault error={turn.error} />}
    </>
  )
}
