import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { say } from '../language/say.ts'

/** A dialog that is there while it is drawn. When it goes, the focus is where it was before, or on the page if that is gone too. */
export const Dialog = (props: Omit<ModalProps, 'opened' | 'returnFocus'>) => {
  const before = useRef(document.activeElement)
  useEffect(
    () => () => {
      setTimeout(() => {
        // Somebody else has taken it.
        if (document.activeElement !== document.body) return
        const { current } = before
        const back = current?.isConnected === true && current !== document.body ? current : undefined
        if (back instanceof HTMLElement) back.focus()
        else document.querySelector('main')?.focus({ preventScroll: true })
      })
    },
    [],
  )
  return (
    <Modal opened returnFocus={false} closeButtonProps={{ 'aria-label': say('dialog.close') }} {...props} />
  )
}
