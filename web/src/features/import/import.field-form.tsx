import type { FieldRule, ImportMapping, StandIn } from '@evenkeel/contract/import-mapping'
import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { say } from '../../language/say.ts'
import type { Column, Untranslated } from './import.field-groups.tsx'
import { choicesOf, type Target } from './import.fields.ts'
import classes from './import.mapping.module.css'

type Props = {
  readonly target: Target
  readonly rule: FieldRule
  readonly mapping: ImportMapping
  readonly columns: readonly Column[]
  readonly untranslated: readonly Untranslated[]
  readonly faults: readonly string[]
  readonly onChange: (rule: FieldRule | null) => void
}

const ways = ['column', 'text', 'value'] as const
type Way = (typeof ways)[number]

/** One field of ours: where it comes from, how values translate, and what happens with those that do not. */
export const FieldForm = ({ target, rule, mapping, columns, untranslated, faults, onChange }: Props) => {
  const { label } = target
  const { from } = rule
  const choices = choicesOf(target)
  const column = from.is === 'column' ? columns.find(({ name }) => name === from.column) : undefined
  const fault = faults.length === 0 ? undefined : faults.join(' ')
  // What was chosen before comes back with its way.
  const [before, setBefore] = useState<Partial<Record<Way, FieldRule['from']>>>({})
  const go = (way: Way): void => {
    setBefore({ ...before, [from.is]: from })
    onChange({ ...rule, from: before[way] ?? firstOf(way, from, choices[0]?.value ?? '') })
  }
  return (
    <>
      <div className={classes['form']}>
        <SegmentedControl
          aria-label={say('import.comesFrom', { field: label })}
          data={ways.map((way) => ({ value: way, label: say(`import.way.${way}`) }))}
          value={from.is}
          size="xs"
          onChange={(way) => go(ways.find((one) => one === way) ?? 'column')}
        />
        {from.is === 'column' && (
          <ColumnSelect
            label={say('import.column')}
            columns={columns}
            value={from.column}
            error={fault}
            onChange={(name) => onChange({ ...rule, from: { is: 'column', column: name } })}
          />
        )}
        {from.is === 'text' && (
          <div>
            <TextInput
              label={say('import.text')}
              description={say('import.textHint', { opened: '{', closed: '}' })}
              value={from.text}
              maxLength={1000}
              error={fault}
              onChange={(event) =>
                onChange({ ...rule, from: { is: 'text', text: event.currentTarget.value } })
              }
            />
            <NativeSelect
              mt={8}
              size="xs"
              aria-label={say('import.insertColumn')}
              value=""
              data={[
                { value: '', label: say('import.insertColumn') },
                ...columns.map(({ name }) => ({ value: name, label: name })),
              ]}
              onChange={(event) => {
                const name = event.currentTarget.value
                if (name !== '')
                  onChange({ ...rule, from: { is: 'text', text: joined(from.text, `{${name}}`) } })
              }}
            />
          </div>
        )}
        {from.is === 'value' && (
          <OurValue
            label={say('import.oneValue')}
            target={target}
            value={from.value}
            error={fault}
            onChange={(value) => onChange({ ...rule, from: { is: 'value', value } })}
          />
        )}
        {column !== undefined && column.examples.length > 0 && <Examples column={column} />}
      </div>
      {from.is !== 'value' && (
        <>
          <Translations
            target={target}
            rule={rule}
            column={column}
            untranslated={untranslated}
            unknown={mapping.unknown}
            onChange={(translate) => onChange({ ...rule, translate })}
          />
          <div className={classes['pair']}>
            {translates(target) && (
              <StandInFields
                label={say('import.otherValues')}
                target={target}
                value={rule.untranslated}
                onChange={(next) => onChange({ ...rule, untranslated: next })}
              />
            )}
            <StandInFields
              label={say('import.noValue')}
              target={target}
              value={rule.unknown}
              onChange={(next) => onChange({ ...rule, unknown: next })}
            />
          </div>
        </>
      )}
      <div>
        <Button size="compact-sm" variant="default" onClick={() => onChange(null)}>
          {say('import.dropField', { field: label })}
        </Button>
      </div>
    </>
  )
}

const firstOf = (way: Way, from: FieldRule['from'], value: string): FieldRule['from'] => {
  switch (way) {
    case 'column':
      return { is: 'column', column: '' }
    case 'text':
      return { is: 'text', text: from.is === 'column' && from.column !== '' ? `{${from.column}}` : '' }
    case 'value':
      return { is: 'value', value }
  }
}

const joined = (text: string, more: string): string =>
  text === '' || /\s$/.test(text) ? `${text}${more}` : `${text} ${more}`

/** Values of these can be neither ours nor translated; any text is a name, a title, a comment. */
const translates = ({ target: { type } }: Target): boolean =>
  type !== 'text' &&
  type !== 'words' &&
  type !== 'person' &&
  type !== 'team' &&
  type !== 'service' &&
  type !== 'item'

export const ColumnSelect = ({
  label,
  columns,
  value,
  error,
  nothing,
  onChange,
}: {
  readonly label: string
  readonly columns: readonly Column[]
  readonly value: string
  readonly error?: ReactNode
  readonly nothing?: string
  readonly onChange: (name: string) => void
}) => (
  <NativeSelect
    label={label}
    value={value}
    error={error}
    data={[
      { value: '', label: nothing ?? say('import.chooseColumn') },
      // A mapping of another file may name one that this file lacks: it is shown, and said to be missing.
      ...(value === '' || columns.some(({ name }) => name === value) ? [] : [{ value, label: value }]),
      ...columns.map((column) => ({ value: column.name, label: inShort(column) })),
    ]}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)

const longest = 60
const inShort = ({ name, examples }: Column): string => {
  const text = [name, examples[0]].filter((part) => part !== undefined && part !== '').join(': ')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

const Examples = ({ column: { examples, distinct, filled } }: { readonly column: Column }) => (
  <div>
    <p className={classes['quiet']}>{say('import.columnCounts', { distinct, filled })}</p>
    <div className={classes['examples']}>
      {examples.map((example) => (
        <code key={example} className={classes['code']}>
          {example}
        </code>
      ))}
    </div>
  </div>
)

/** A value of ours: from its list where it has one, else in words. */
const OurValue = ({
  label,
  target,
  value,
  error,
  onChange,
}: {
  readonly label: string
  readonly target: Target
  readonly value: string
  readonly error?: ReactNode
  readonly onChange: (value: string) => void
}) => {
  const choices = choicesOf(target)
  return choices.length > 0 ? (
    <NativeSelect
      label={label}
      value={value}
      error={error}
      data={[
        ...(choices.some((one) => one.value === value)
          ? []
          : [{ value, label: value === '' ? say('import.chooseValue') : value }]),
        ...choices,
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  ) : (
    <TextInput
      label={label}
      value={value}
      error={error}
      maxLength={4000}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

const doings = ['refuse', 'leave', 'use'] as const

/** What happens with a value that says nothing here. */
const StandInFields = ({
  label,
  target,
  value,
  onChange,
}: {
  readonly label: string
  readonly target: Target
  readonly value: StandIn
  readonly onChange: (next: StandIn) => void
}) => (
  <div className={classes['form']}>
    <NativeSelect
      label={label}
      value={value.do}
      data={doings.map((one) => ({ value: one, label: say(`import.then.${one}`) }))}
      onChange={(event) => {
        const chosen = doings.find((one) => one === event.currentTarget.value) ?? 'refuse'
        onChange(chosen === 'use' ? { do: 'use', value: choicesOf(target)[0]?.value ?? '–' } : { do: chosen })
      }}
    />
    {value.do === 'use' && (
      <OurValue
        label={say('import.standIn')}
        target={target}
        value={value.value}
        onChange={(next) => onChange({ do: 'use', value: next })}
      />
    )}
  </div>
)

const notYet = ' '
const nothing = '\u0000'

/** The file's values beside ours. Those without a translation come first. */
const Translations = ({
  target,
  rule,
  column,
  untranslated,
  unknown,
  onChange,
}: {
  readonly target: Target
  readonly rule: FieldRule
  readonly column: Column | undefined
  readonly untranslated: readonly Untranslated[]
  readonly unknown: readonly string[]
  readonly onChange: (translate: FieldRule['translate']) => void
}) => {
  const [more, setMore] = useState('')
  const choices = choicesOf(target)
  const ours = new Set(choices.map(({ value }) => value))
  const rowsOf = new Map(untranslated.map(({ value, rows }) => [value, rows]))
  const seen = [
    ...new Set([
      ...rowsOf.keys(),
      ...Object.keys(rule.translate),
      ...(choices.length > 0 ? (column?.examples ?? []) : []),
    ]),
  ].filter((value) => value !== '' && !unknown.includes(value) && !ours.has(value))
  const set = (value: string, to: string): void => {
    const { [value]: _, ...others } = rule.translate
    onChange(to === notYet ? others : { ...others, [value]: to === nothing ? null : to })
  }
  if (choices.length === 0 && seen.length === 0 && !isNamed(target)) return null
  const add = (): void => {
    const value = more.trim()
    if (value === '' || value in rule.translate) return
    onChange({ ...rule.translate, [value]: choices[0]?.value ?? value })
    setMore('')
  }
  const label = say('import.translations', { field: target.label })
  return (
    <div>
      <p className={classes['legend']}>{label}</p>
      {seen.length > 0 && (
        <table className={classes['values']} aria-label={label}>
          <thead>
            <tr>
              <th scope="col">{say('import.valueInFile')}</th>
              <th scope="col">{say('import.valueHere')}</th>
            </tr>
          </thead>
          <tbody>
            {seen.map((value) => {
              const rows = rowsOf.get(value)
              const to = value in rule.translate ? (rule.translate[value] ?? nothing) : notYet
              return (
                <tr key={value}>
                  <td>
                    <code className={classes['code']}>{value}</code>{' '}
                    {rows !== undefined && (
                      <span className={classes['quiet']}>{say('import.rowCount', { count: rows })}</span>
                    )}
                  </td>
                  <td>
                    {choices.length > 0 ? (
                      <NativeSelect
                        size="xs"
                        aria-label={say('import.valueBecomes', { value })}
                        value={to}
                        data={[
                          { value: notYet, label: say('import.noTranslation') },
                          ...choices,
                          { value: nothing, label: say('import.staysEmpty') },
                        ]}
                        onChange={(event) => set(value, event.currentTarget.value)}
                      />
                    ) : (
                      <TextInput
                        size="xs"
                        aria-label={say('import.valueBecomes', { value })}
                        value={to === notYet || to === nothing ? '' : to}
                        placeholder={value}
                        onChange={(event) =>
                          set(value, event.currentTarget.value === '' ? notYet : event.currentTarget.value)
                        }
                      />
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      <div className={classes['bar']}>
        <TextInput
          size="xs"
          className={classes['barText'] ?? ''}
          aria-label={say('import.anotherValue')}
          placeholder={say('import.anotherValue')}
          value={more}
          onChange={(event) => setMore(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add()
          }}
        />
        <Button size="compact-sm" variant="default" disabled={more.trim() === ''} onClick={add}>
          {say('import.addValue')}
        </Button>
      </div>
    </div>
  )
}

/** Old names of teams, services and people often have new ones. */
const isNamed = ({ target: { type } }: Target): boolean =>
  type === 'team' || type === 'service' || type === 'person'
