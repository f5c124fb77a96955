import { Refused } from '@evenkeel/contract/client'
import { Combobox, useCombobox } from '@mantine/core'
import Check from 'lucide-react/icons/check'
import { type ReactNode, useEffect, useState } from 'react'
import { say } from '../language/say.ts'
import classes from './choice.module.css'
import { Fault } from './fault.tsx'
import { Conflict, SavedState } from './edit-in-place.tsx'

export type Option = {
  readonly value: string
  readonly label: string
  readonly hint?: string
  readonly icon?: ReactNode
}

type Props = {
  /** The button's own id, for keys that open it. */
  readonly id?: string
  readonly label: string
  readonly value: string | null
  readonly options: readonly Option[]
  readonly editable: boolean
  /** Saves; a refusal is shown below, and the old value stays. */
  readonly onChoose: (value: string | null) => Promise<void>
  /** Offered above the options: nobody, none. */
  readonly nothing?: string
  /** Long lists are searched; with `onSearch` the caller brings the options for the text. */
  readonly searchable?: boolean
  readonly onSearch?: (text: string) => void
  readonly searching?: boolean
  /** Part of a form: nothing is saved before the form is. */
  readonly inForm?: boolean
  readonly onOpen?: () => void
  readonly children: ReactNode
}

const nothingValue = ''

/** A value chosen from a list, in place: press it, choose, done. */
export const Choice = (props: Props) => {
  const { label, value, options, editable, nothing, searchable = false, onSearch, inForm = false } = props
  const [text, setText] = useState('')
  const [standing, setStanding] = useState<'rest' | 'saving' | 'saved'>('rest')
  const [error, setError] = useState<unknown>()
  const [wanted, setWanted] = useState<string | null>(null)
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      search('')
    },
    onDropdownOpen: () => {
      props.onOpen?.()
      if (searchable) combobox.focusSearchInput()
      combobox.updateSelectedOptionIndex('active')
    },
  })
  const search = (next: string): void => {
    setText(next)
    onSearch?.(next)
    combobox.updateSelectedOptionIndex()
  }
  useEffect(() => {
    if (standing !== 'saved') return undefined
    const timer = setTimeout(() => setStanding('rest'), 1600)
    return () => clearTimeout(timer)
  }, [standing])

  const choose = (chosen: string): void => {
    combobox.closeDropdown()
    combobox.focusTarget()
    const next = chosen === nothingValue ? null : chosen
    if (next !== value) void save(next)
  }
  const save = async (next: string | null): Promise<void> => {
    setWanted(next)
    if (!inForm) setStanding('saving')
    setError(undefined)
    try {
      await props.onChoose(next)
      setStanding(inForm ? 'rest' : 'saved')
    } catch (failure) {
      setStanding('rest')
      setError(failure)
    }
  }

  if (!editable) return <div className={classes['still']}>{props.children}</div>
  const found =
    onSearch === undefined && text !== ''
      ? options.filter((option) => option.label.toLocaleLowerCase().includes(text.toLocaleLowerCase()))
      : options
  const collision =
    error instanceof Refused && error.body.code === 'changed_meanwhile' ? error.body.reasons?.[0] : undefined
  const marked = (active: boolean) =>
    active ? <Check size={14} aria-hidden className={classes['mark']} /> : null
  return (
    <div className={classes['root']}>
      <Combobox store={combobox} onOptionSubmit={choose} position="bottom-start" width={280} withinPortal>
        <Combobox.Target targetType="button" withAriaAttributes>
          <button
            {...(props.id === undefined ? {} : { id: props.id })}
            type="button"
            className={classes['button']}
            onClick={() => combobox.toggleDropdown()}
          >
            <span className="visually-hidden">{say('edit.choose', { field: label })} </span>
            {props.children}
          </button>
        </Combobox.Target>
        <Combobox.Dropdown>
          {/* Outside the page's landmarks, so it says itself what it is. */}
          <div role="dialog" aria-label={label}>
            {searchable && (
              <Combobox.Search
                value={text}
                onChange={(event) => search(event.currentTarget.value)}
                placeholder={say('edit.search')}
                aria-label={say('edit.searchFor', { field: label })}
              />
            )}
            <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={label} tabIndex={0}>
              {nothing !== undefined && text === '' && (
                <Combobox.Option value={nothingValue} active={value === null}>
                  <span className={classes['option']}>
                    <span className={classes['name']}>{nothing}</span>
                    {marked(value === null)}
                  </span>
                </Combobox.Option>
              )}
              {found.map((option) => (
                <Combobox.Option key={option.value} value={option.value} active={option.value === value}>
                  <span className={classes['option']}>
                    {option.icon}
                    <span className={classes['name']}>
                      {option.label}
                      {option.hint !== undefined && <span className={classes['hint']}>{option.hint}</span>}
                    </span>
                    {marked(option.value === value)}
                  </span>
                </Combobox.Option>
              ))}
              {found.length === 0 && props.searching !== true && (
                <Combobox.Empty>{say('edit.nothingFound')}</Combobox.Empty>
              )}
            </Combobox.Options>
          </div>
        </Combobox.Dropdown>
      </Combobox>
      <SavedState at={standing} />
      {error !== undefined && collision === undefined && <Fault error={error} />}
      {collision !== undefined && (
        <Conflict
          field={label}
          theirs={collision.theirs ?? ''}
          mine={collision.yours ?? ''}
          onTheirs={() => setError(undefined)}
          onMine={() => void save(wanted)}
        />
      )}
    </div>
  )
}
