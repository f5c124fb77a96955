import { ActionIcon } from '@mantine/core'
import ListFilter from 'lucide-react/icons/list-filter'
import X from 'lucide-react/icons/x'
import { useRef, useState } from 'react'
import { say } from '../language/say.ts'
import classes from './filter-bar.module.css'
import { useKeys } from './keys.ts'

type Props = {
  readonly value: string
  readonly label: string
  readonly placeholder: string
  readonly onApply: (text: string) => void
}

/** A filter as text. Enter applies it, Escape goes back to what is in force; nothing happens to the list in between. */
export const FilterBar = ({ value, label, placeholder, onApply }: Props) => {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  useKeys([{ keys: '/', group: say('keys.list'), does: label, run: () => field.current?.select() }])
  return (
    <form
      role="search"
      className={classes['bar']}
      onSubmit={(event) => {
        event.preventDefault()
        onApply(text.trim())
      }}
    >
      <ListFilter size={16} aria-hidden className={classes['icon']} />
      <input
        ref={field}
        className={classes['field']}
        value={text}
        aria-label={label}
        placeholder={placeholder}
        maxLength={10_000}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        enterKeyHint="search"
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          setText(value)
          event.currentTarget.blur()
        }}
      />
      {text.trim() !== value && <span className={classes['hint']}>{say('filter.apply')}</span>}
      {text !== '' && (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={say('filter.clear')}
          onClick={() => {
            setText('')
            onApply('')
          }}
        >
          <X size={14} aria-hidden />
        </ActionIcon>
      )}
    </form>
  )
}
