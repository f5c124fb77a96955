import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { say } from '../language/say.ts'
import { Fault } from './fault.tsx'
import { Dialog } from './dialog.tsx'
import classes from './form-dialog.module.css'

/** A few fields and one button. A refusal is shown below them; what was filled in stays. */
export const FormDialog = ({
  title,
  submit,
  onSubmit,
  onClose,
  ready = true,
  size = 'md',
  children,
}: {
  readonly title: string
  /** What the button does, in its own words. */
  readonly submit: string
  readonly onSubmit: () => Promise<void>
  readonly onClose: () => void
  readonly ready?: boolean
  readonly size?: 'md' | 'lg'
  readonly children: ReactNode
}) => {
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const run = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    // A dialog opened from this one is its child to React, so its form's event arrives here too.
    event.stopPropagation()
    if (running || !ready) return
    setRunning(true)
    setError(undefined)
    try {
      await onSubmit()
      onClose()
    } catch (failure) {
      setError(failure)
      setRunning(false)
    }
  }
  return (
    <Dialog onClose={onClose} title={title} size={size}>
      <form onSubmit={(event) => void run(event)} className={classes['form']} noValidate>
        {children}
        {error !== undefined && <Fault error={error} kept={say('form.kept')} />}
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose}>
            {say('dialog.back')}
          </Button>
          <Button type="submit" loading={running} disabled={!ready}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
