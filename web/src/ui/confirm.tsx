import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { say } from '../language/say.ts'
import classes from './confirm.module.css'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'

/** Before something that cannot be undone: what it does, in a sentence, and the word for doing it. */
export const Confirm = ({
  title,
  text,
  action,
  onConfirm,
  onClose,
}: {
  readonly title: string
  readonly text: string
  readonly action: string
  /** The dialog closes when it has worked, and shows the refusal when it has not. */
  readonly onConfirm: () => Promise<unknown>
  readonly onClose: () => void
}) => {
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  return (
    <Dialog onClose={onClose} title={title} size="sm">
      <p className={classes['text']}>{text}</p>
      {confirm.isError && <Fault error={confirm.error} />}
      <div className={classes['buttons']}>
        <Button variant="default" onClick={onClose}>
          {say('dialog.back')}
        </Button>
        <Button loading={confirm.isPending} onClick={() => confirm.mutate()} data-autofocus>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
