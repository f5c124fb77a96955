import { Modal } from '@mantine/core'
import { say } from '../language/say.ts'
import { useBoundKeys, type KeyBinding } from '../ui/keys.ts'
import classes from './key-list.module.css'

/** Every key that works on this page. */
export const KeyList = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const groups = Map.groupBy(useBoundKeys(), (binding) => binding.group)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={say('keys.title')}
      closeButtonProps={{ 'aria-label': say('dialog.close') }}
      size="md"
    >
      {[...groups].map(([group, bindings]) => (
        <section key={group} className={classes['group']}>
          <h3 className={classes['title']}>{group}</h3>
          <dl className={classes['keys']}>
            {bindings.map((binding) => (
              <Row key={binding.keys} binding={binding} />
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  )
}

const Row = ({ binding }: { readonly binding: KeyBinding }) => (
  <div className={classes['row']}>
    <dt>{binding.does}</dt>
    <dd className={classes['presses']}>
      {binding.keys.split(' ').map((key) => (
        <kbd key={key} className={classes['key']}>
          {keyName(key)}
        </kbd>
      ))}
    </dd>
  </div>
)

const keyName = (key: string): string => {
  switch (key) {
    case 'Ctrl':
    case 'Enter':
    case 'Escape':
    case 'Space':
      return say(`key.${key}`)
    default:
      return key
  }
}
