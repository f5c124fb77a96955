import { ActionIcon, Popover } from '@mantine/core'
import ListFilter from 'lucide-react/icons/list-filter'
import SlidersVertical from 'lucide-react/icons/sliders-vertical'
import X from 'lucide-react/icons/x'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { say } from '../language/say.ts'
import { sentence } from './fault.tsx'
import classes from './filter-bar.module.css'
import { useKeys } from './keys.ts'

/** What can stand in place of the text from `from` to `to`. */
export type Completions = {
  readonly from: number
  readonly to: number
  readonly options: readonly {
    readonly kind: 'field' | 'value'
    readonly insert: string
    readonly label: string
  }[]
}

/** What is wrong with which part of the text. */
export type FilterFault = { readonly from: number; readonly to: number; readonly message: string }

type Props = {
  readonly value: string
  readonly label: string
  readonly placeholder: string
  readonly onApply?: (text: string) => void
  readonly complete?: (text: string, cursor: number) => Promise<Completions>
  /** About `value`: what the server found wrong with it. */
  readonly faults?: readonly FilterFault[]
  /** Part of a form: what is typed counts as it is typed, and there is nothing to apply. */
  readonly onType?: (text: string) => void
  readonly disabled?: boolean
  /** Says more about it, below. */
  readonly describedBy?: string
  /** Opens the same filter as a builder. */
  readonly builder?: { readonly opened: boolean; readonly onToggle: () => void }
}

const nothing: Completions = { from: 0, to: 0, options: [] }
/** An address takes a filter only so long, and nobody reads a longer one. */
const longest = 8000

/**
 * A filter as text, with what can come next. Enter takes the completion that is marked, else applies the text; Escape closes the completions,
 * then goes back to what is in force; nothing happens to the list in between.
 */
export const FilterBar = ({
  value,
  label,
  placeholder,
  onApply,
  onType,
  disabled = false,
  describedBy,
  complete,
  faults = [],
  builder,
}: Props) => {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  const [offered, setOffered] = useState(nothing)
  const [marked, setMarked] = useState(-1)
  const [scrolled, setScrolled] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const asked = useRef(0)
  /** Where somebody typed before it was known what can be completed. */
  const owed = useRef<number>(undefined)
  const listId = useId()
  const faultId = useId()
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  useKeys(
    onType === undefined
      ? [{ keys: '/', group: say('keys.list'), does: label, run: () => field.current?.select() }]
      : [],
  )
  const type = (next: string): void => {
    setText(next)
    onType?.(next)
  }

  const close = (): void => {
    asked.current += 1
    owed.current = undefined
    setOffered(nothing)
    setMarked(-1)
  }
  const offer = async (next: string, cursor: number): Promise<void> => {
    asked.current += 1
    const turn = asked.current
    owed.current = complete === undefined ? cursor : undefined
    const found = await complete?.(next, cursor).catch(() => nothing)
    if (turn !== asked.current || found === undefined) return
    setOffered(found)
    setMarked(-1)
  }
  const take = (index: number): void => {
    const option = offered.options[index]
    if (option === undefined) return
    const space = option.kind === 'value' && !/^\s/.test(text.slice(offered.to)) ? ' ' : ''
    const next = text.slice(0, offered.from) + option.insert + space + text.slice(offered.to)
    const cursor = offered.from + option.insert.length + (option.kind === 'value' ? 1 : 0)
    type(next)
    // The cursor can be placed once the text is there.
    requestAnimationFrame(() => field.current?.setSelectionRange(cursor, cursor))
    if (option.kind === 'field') void offer(next, cursor)
    else close()
  }
  const apply = (next: string): void => {
    close()
    onApply?.(next.trim())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { length } = offered.options
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (length > 0) {
        event.preventDefault()
        close()
        return
      }
      setText(value)
      event.currentTarget.blur()
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !event.altKey) {
      event.preventDefault()
      if (length === 0) void offer(text, event.currentTarget.selectionStart ?? text.length)
      else setMarked((marked + (event.key === 'ArrowDown' ? 1 : marked < 0 ? 0 : -1) + length) % length)
    } else if (event.key === 'Enter' && marked >= 0) {
      event.preventDefault()
      take(marked)
    } else if (event.key === 'Tab' && !event.shiftKey && marked >= 0) {
      event.preventDefault()
      take(marked)
    }
  }
  useEffect(() => {
    if (complete !== undefined && owed.current !== undefined) void offer(text, owed.current)
    // Only what becomes known is waited for; what is typed then asks by itself.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [complete])
  useEffect(() => {
    if (marked >= 0) document.getElementById(`${listId}-${marked}`)?.scrollIntoView({ block: 'nearest' })
  }, [marked, listId])

  const wrong = text === value ? faults : []
  const opened = offered.options.length > 0
  return (
    <div>
      <Popover opened={opened} position="bottom-start" width={320} withRoles={false} withinPortal={false}>
        <Popover.Target>
          <form
            role={onType === undefined ? 'search' : undefined}
            className={classes['bar']}
            data-wrong={wrong.length > 0 || undefined}
            onSubmit={(event) => {
              event.preventDefault()
              apply(text)
            }}
          >
            <ListFilter size={16} aria-hidden className={classes['icon']} />
            <div className={classes['text']}>
              {wrong.length > 0 && (
                <div
                  className={classes['marks']}
                  aria-hidden
                  style={{ transform: `translateX(${-scrolled}px)` }}
                >
                  {marksIn(text, wrong)}
                </div>
              )}
              <input
                ref={field}
                className={classes['field']}
                value={text}
                role="combobox"
                aria-label={label}
                aria-expanded={opened}
                aria-controls={opened ? listId : undefined}
                aria-autocomplete="list"
                aria-activedescendant={marked >= 0 ? `${listId}-${marked}` : undefined}
                aria-invalid={wrong.length > 0 || undefined}
                aria-describedby={wrong.length > 0 ? faultId : describedBy}
                placeholder={placeholder}
                disabled={disabled}
                maxLength={longest}
                spellCheck={false}
                autoComplete="off"
                autoCapitalize="none"
                enterKeyHint="search"
                onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
                onChange={(event) => {
                  const { value: next, selectionStart } = event.currentTarget
                  type(next)
                  void offer(next, selectionStart ?? next.length)
                }}
                onBlur={close}
                onKeyDown={onKeyDown}
              />
            </div>
            {onType === undefined && text.trim() !== value && (
              <span className={classes['hint']}>{say('filter.apply')}</span>
            )}
            {text !== '' && !disabled && (
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={say('filter.clear')}
                onClick={() => {
                  type('')
                  apply('')
                }}
              >
                <X size={14} aria-hidden />
              </ActionIcon>
            )}
            {builder !== undefined && (
              <ActionIcon
                size="sm"
                variant={builder.opened ? 'light' : 'subtle'}
                color={builder.opened ? 'teal' : 'gray'}
                aria-label={say('filter.builder')}
                title={say('filter.builder')}
                aria-pressed={builder.opened}
                onClick={builder.onToggle}
              >
                <SlidersVertical size={14} aria-hidden />
              </ActionIcon>
            )}
          </form>
        </Popover.Target>
        <Popover.Dropdown className={classes['offers'] ?? ''}>
          <ul id={listId} role="listbox" aria-label={say('filter.completions')} className={classes['list']}>
            {offered.options.map((option, index) => (
              <li
                key={`${option.kind} ${option.insert}`}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === marked}
                className={classes['option']}
                // The field keeps the focus: the text goes on there.
                onPointerDown={(event) => {
                  event.preventDefault()
                  take(index)
                }}
              >
                <span className={classes['insert']}>{option.insert}</span>
                {option.label !== option.insert.replace(/^"(.*)"$/, '$1') && (
                  <span className={classes['means']}>{option.label}</span>
                )}
              </li>
            ))}
          </ul>
        </Popover.Dropdown>
      </Popover>
      {wrong.length > 0 && (
        <div id={faultId} role="alert">
          <ul className={classes['faults']}>
            {wrong.map(({ from, to, message }) => (
              <li key={`${from} ${message}`}>
                {to > from && <code className={classes['part']}>{text.slice(from, to)}</code>}{' '}
                {sentence(message)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

/** The text again below the one that is typed, with what is wrong underlined. */
const marksIn = (text: string, faults: readonly FilterFault[]) => {
  const parts = []
  let at = 0
  for (const { from, to } of faults.toSorted((a, b) => a.from - b.from)) {
    if (from < at) continue
    // What is missing has no width; it is marked where it should begin.
    const end = Math.max(to, from + 1)
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, end).padEnd(1, '\u00A0')}</mark>)
    at = end
  }
  return [...parts, text.slice(at)]
}
