import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { say } from '../language/say.ts'
import classes from './confirm.module.css'
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
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="sm"
      closeButtonProps={{ 'aria-label': say('dialog.close') }}
    >
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
    </Modal>
  )
}
