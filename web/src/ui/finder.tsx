import { Select, TextInput } from '@mantine/core'
import Search from 'lucide-react/icons/search'
import type { ReactNode } from 'react'
import { say } from '../language/say.ts'
import classes from './finder.module.css'
import { type Finding, findingStates, stateNamed } from './finding.ts'

/** Above a short list: words to find, and whether what was retired is shown too. The address holds both. */
export const Finder = ({
  label,
  finding: { q = '', state = 'active' },
  onFind,
}: {
  readonly label: string
  readonly finding: Finding
  readonly onFind: (change: Finding) => void
}) => (
  <FinderBar>
    <FindBox label={label} value={q} onChange={(text) => onFind({ q: text === '' ? undefined : text })} />
    <Select
      aria-label={say('finder.state')}
      data={findingStates.map((value) => ({ value, label: say(`finder.state.${value}`) }))}
      value={state}
      allowDeselect={false}
      onChange={(value) => onFind({ state: stateNamed(value) })}
    />
  </FinderBar>
)

/** The find box first, then what narrows the list in other ways. */
export const FinderBar = ({ children }: { readonly children: ReactNode }) => (
  <search className={classes['bar']}>{children}</search>
)

export const FindBox = ({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
}) => (
  <TextInput
    aria-label={label}
    placeholder={label}
    leftSection={<Search size={14} aria-hidden />}
    value={value}
    maxLength={100}
    className={classes['box'] ?? ''}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)
