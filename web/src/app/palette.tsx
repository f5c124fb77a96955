import { Modal, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import Search from 'lucide-react/icons/search'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { say } from '../language/say.ts'
import { isFound, type PaletteItem, usePaletteItems } from './palette.items.tsx'
import classes from './palette.module.css'

const typingMilliseconds = 120

/** Finds and does, by the keyboard alone: records by number or words, names, places, moves on what is open. */
export const Palette = ({
  onClose,
  onPick,
}: {
  /** Dismissed: the keyboard goes back to where it was. */
  readonly onClose: () => void
  /** Something was chosen, which decides itself where the keyboard goes. */
  readonly onPick: () => void
}) => {
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed, typingMilliseconds)
  // Emptied, it is empty at once.
  const { items, searching } = usePaletteItems(typed, typed.trim() === '' ? typed : asked)
  // Enter came before the answer: what is found first then is what was meant, not what the last words had found.
  const [entered, setEntered] = useState(false)
  const [chosen, setChosen] = useState<string>()
  const active = items.find(({ id }) => id === chosen) ?? items[0]
  const list = useId()

  const run = (item: PaletteItem): void => {
    onPick()
    // After the dialog has let go of the keyboard: many actions take it to a field.
    setTimeout(item.run, 0)
  }
  const enter = (): void => {
    if (searching && chosen === undefined && (active === undefined || isFound(active))) setEntered(true)
    else if (active !== undefined) run(active)
  }
  useEffect(() => {
    if (entered && !searching && active !== undefined) run(active)
  })
  const step = (by: number): void => {
    if (items.length === 0) return
    const at = active === undefined ? -1 : items.indexOf(active)
    const next = items[(at + by + items.length) % items.length]
    setChosen(next?.id)
    if (next !== undefined)
      document.getElementById(`${list} ${next.id}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    const keys: Partial<Record<string, () => void>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: enter,
    }
    const action = keys[event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  }
  const grouped = [...Map.groupBy(items, ({ group }) => group)]
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={640}
      yOffset="12vh"
      centered={false}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      classNames={{ content: classes['content'] ?? '' }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label={say('palette.title')}>
        <div className={classes['field']}>
          <Search size={16} aria-hidden />
          <input
            className={classes['input']}
            role="combobox"
            aria-expanded
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={active === undefined ? undefined : `${list} ${active.id}`}
            aria-label={say('palette.title')}
            placeholder={say('palette.hint')}
            value={typed}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
              setChosen(undefined)
              setEntered(false)
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div id={list} role="listbox" aria-label={say('palette.title')} className={classes['list']}>
          {grouped.map(([group, members]) => (
            <div key={group} role="group" aria-labelledby={`${list} ${group}`}>
              <div id={`${list} ${group}`} className={classes['group']}>
                {say(`palette.group.${group}`)}
              </div>
              {members.map((item) => (
                <Option
                  key={item.id}
                  id={`${list} ${item.id}`}
                  item={item}
                  active={item === active}
                  onPoint={() => setChosen(item.id)}
                  onPick={() => run(item)}
                />
              ))}
            </div>
          ))}
        </div>
        {items.length === 0 && !searching && (
          <p className={classes['nothing']}>{say('palette.nothing', { text: typed.trim() })}</p>
        )}
        <footer className={classes['foot']} aria-hidden>
          {say('palette.keys', { up: '↑', down: '↓', enter: '↵' })}
        </footer>
        <VisuallyHidden role="status">
          {typed.trim() !== '' && !searching && say('palette.results', { count: items.length })}
        </VisuallyHidden>
      </Modal.Content>
    </Modal.Root>
  )
}

const Option = ({
  id,
  item,
  active,
  onPoint,
  onPick,
}: {
  readonly id: string
  readonly item: PaletteItem
  readonly active: boolean
  readonly onPoint: () => void
  readonly onPick: () => void
}) => {
  const { icon: Icon, text, hint, keys } = item
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      className={classes['option']}
      onMouseMove={onPoint}
      onClick={onPick}
    >
      <Icon size={16} aria-hidden />
      <span className={classes['text']}>{text}</span>
      {hint !== undefined && hint !== '' && <span className={classes['hint']}>{hint}</span>}
      {keys !== undefined && (
        <span className={classes['keys']} aria-hidden>
          {keys.split(' ').map((key) => (
            <kbd key={key} className={classes['key']}>
              {key}
            </kbd>
          ))}
        </span>
      )}
    </div>
  )
}
