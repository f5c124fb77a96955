import type { Filter, FilterOperator } from '@evenkeel/contract/filter'
import { ActionIcon, Button, NativeSelect } from '@mantine/core'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useEffect, useRef, useState } from 'react'
import { say } from '../language/say.ts'
import { sentence } from './fault.tsx'
import {
  type BuilderField,
  changed,
  type Choice,
  type Draft,
  filterOf,
  type Group,
  groupOf,
  isWhole,
  newKey,
  type Node,
  takesNothing,
  treeOf,
  withOperator,
} from './filter-tree.ts'
import { FilterValue } from './filter-value.tsx'
import classes from './filter-builder.module.css'

type Props = {
  readonly filter: Filter
  readonly fields: readonly BuilderField[]
  /** What ids that the filter names are called. */
  readonly names: ReadonlyMap<string, string>
  /** Values of a reference that begin so. */
  readonly onFind: (field: string, text: string) => Promise<readonly Choice[]>
  readonly onChange: (filter: Filter) => void
  /** What is wrong with a part of the filter, by its path: `filter.all.0.value`. */
  readonly faults: readonly { readonly path: string; readonly message: string }[]
}

/** The filter as boxes in boxes. Whatever it says so far is in force; what is not whole yet waits. */
export const FilterBuilder = ({ filter, fields, names, onFind, onChange, faults }: Props) => {
  const [root, setRoot] = useState(() => treeOf(filter))
  const [known, setKnown] = useState(names)
  const said = useRef(JSON.stringify(filter))
  const [seen, setSeen] = useState(filter)
  // The text was changed elsewhere: the boxes follow, unless it says what they say.
  if (seen !== filter) {
    setSeen(filter)
    if (JSON.stringify(filter) !== JSON.stringify(filterOf(root).filter)) setRoot(treeOf(filter))
  }
  useEffect(() => {
    said.current = JSON.stringify(filter)
  }, [filter])
  const { places } = filterOf(root)
  const wrong = new Map<number, string>()
  for (const { path, message } of faults) {
    const place = [...places.keys()]
      .filter((one) => path === one || path.startsWith(`${one}.`))
      .toSorted((a, b) => b.length - a.length)
      .at(0)
    const key = place === undefined ? undefined : places.get(place)
    if (key !== undefined) wrong.set(key, message)
  }
  const update = (next: Group): void => {
    setRoot(next)
    const written = filterOf(next).filter
    const text = JSON.stringify(written)
    if (text === said.current) return
    said.current = text
    onChange(written)
  }
  const tools: Tools = {
    fields,
    nameOf: (id) => known.get(id) ?? names.get(id),
    find: async (field, text) => {
      const found = await onFind(field, text)
      setKnown((before) => new Map([...before, ...found.map(({ value, label }) => [value, label] as const)]))
      return found
    },
    change: (key, change) => update(changed(root, key, change)),
    wrong,
  }
  return (
    <div className={classes['builder']} role="group" aria-label={say('builder.title')}>
      <GroupBox group={root} tools={tools} outermost />
    </div>
  )
}

type Tools = {
  readonly fields: readonly BuilderField[]
  readonly nameOf: (id: string) => string | undefined
  readonly find: (field: string, text: string) => Promise<readonly Choice[]>
  readonly change: (key: number, change: (node: Node) => Node | undefined) => void
  readonly wrong: ReadonlyMap<number, string>
}

const GroupBox = ({
  group,
  tools,
  outermost = false,
}: {
  readonly group: Group
  readonly tools: Tools
  readonly outermost?: boolean
}) => {
  const edit = (change: (group: Group) => Node | undefined): void =>
    tools.change(group.key, (node) => (node.kind === 'group' ? change(node) : node))
  const [first] = tools.fields
  const mode = `${group.negated ? 'not ' : ''}${group.join}`
  return (
    <div className={classes['group']} data-outermost={outermost || undefined}>
      <div className={classes['groupHead']}>
        <NativeSelect
          size="xs"
          aria-label={say('builder.join')}
          value={mode}
          data={[
            { value: 'all', label: say('builder.all') },
            { value: 'any', label: say('builder.any') },
            ...(outermost && !group.negated
              ? []
              : [
                  { value: 'not all', label: say('builder.notAll') },
                  { value: 'not any', label: say('builder.notAny') },
                ]),
          ]}
          onChange={(event) => {
            const { value } = event.currentTarget
            edit((one) => ({
              ...one,
              join: value.endsWith('any') ? 'any' : 'all',
              negated: value.startsWith('not'),
            }))
          }}
        />
        {!outermost && <Remove label={say('builder.removeGroup')} onClick={() => edit(() => undefined)} />}
      </div>
      <ul className={classes['parts']}>
        {group.parts.map((part) => (
          <li key={part.key}>
            {part.kind === 'group' ? (
              <GroupBox group={part} tools={tools} />
            ) : (
              <ConditionLine draft={part} tools={tools} />
            )}
          </li>
        ))}
      </ul>
      <div className={classes['add']}>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={first === undefined}
          onClick={() =>
            first !== undefined && edit((one) => ({ ...one, parts: [...one.parts, draftOf(first)] }))
          }
        >
          {say('builder.addCondition')}
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={first === undefined}
          onClick={() =>
            first !== undefined &&
            edit((one) => ({
              ...one,
              parts: [...one.parts, groupOf(one.join === 'all' ? 'any' : 'all', [draftOf(first)])],
            }))
          }
        >
          {say('builder.addGroup')}
        </Button>
      </div>
    </div>
  )
}

const draftOf = (field: BuilderField): Draft => ({
  key: newKey(),
  kind: 'condition',
  negated: false,
  field: field.name,
  op: usualOperator(field),
  values: [],
})

/** Several values are what people mean most often where values are chosen from a list. */
const usualOperator = (field: BuilderField): FilterOperator =>
  (field.type === 'choice' || field.type === 'reference') && field.operators.includes('in')
    ? 'in'
    : field.type === 'time' && field.operators.includes('>=')
      ? '>='
      : (field.operators[0] ?? '=')

const ConditionLine = ({ draft, tools }: { readonly draft: Draft; readonly tools: Tools }) => {
  const field = tools.fields.find(({ name }) => name === draft.field)
  const edit = (change: (draft: Draft) => Node | undefined): void =>
    tools.change(draft.key, (node) => (node.kind === 'condition' ? change(node) : node))
  const fault = tools.wrong.get(draft.key)
  const title = field?.title ?? draft.field
  return (
    <div className={classes['condition']} role="group" aria-label={title}>
      <div className={classes['line']}>
        <NativeSelect
          size="xs"
          aria-label={say('builder.negated')}
          value={draft.negated ? 'not' : ''}
          data={[
            { value: '', label: say('builder.is') },
            { value: 'not', label: say('builder.not') },
          ]}
          onChange={(event) => {
            const { value } = event.currentTarget
            edit((one) => ({ ...one, negated: value === 'not' }))
          }}
        />
        <NativeSelect
          size="xs"
          aria-label={say('builder.field')}
          value={draft.field}
          data={tools.fields.map(({ name, title: label }) => ({ value: name, label }))}
          onChange={(event) => {
            const next = tools.fields.find(({ name }) => name === event.currentTarget.value)
            if (next !== undefined) edit((one) => ({ ...draftOf(next), key: one.key, negated: one.negated }))
          }}
        />
        <NativeSelect
          size="xs"
          aria-label={say('builder.operator')}
          value={draft.op}
          data={(field?.operators ?? [draft.op]).map((op) => ({
            value: op,
            label: operatorWords(op, field?.type === 'time'),
          }))}
          onChange={(event) => {
            const op = field?.operators.find((one) => one === event.currentTarget.value)
            if (op !== undefined) edit((one) => withOperator(one, op))
          }}
        />
        {field !== undefined && !takesNothing(draft.op) && (
          <div className={classes['value']}>
            <FilterValue
              field={field}
              draft={draft}
              nameOf={tools.nameOf}
              find={tools.find}
              onChange={(values) => edit((one) => ({ ...one, values }))}
            />
          </div>
        )}
        <Remove label={say('builder.remove', { field: title })} onClick={() => edit(() => undefined)} />
      </div>
      {fault !== undefined ? (
        <p className={classes['fault']} role="alert">
          {sentence(fault)}
        </p>
      ) : (
        !isWhole(draft) && <p className={classes['waits']}>{say('builder.waits')}</p>
      )}
    </div>
  )
}

const operatorKeys = {
  '=': 'equals',
  '!=': 'differs',
  '<': 'less',
  '<=': 'atMost',
  '>': 'more',
  '>=': 'atLeast',
  contains: 'contains',
  'starts with': 'starts',
  matches: 'matches',
  in: 'in',
  'not in': 'notIn',
  within: 'within',
  'is empty': 'empty',
  'is set': 'set',
} as const satisfies Record<FilterOperator, string>

const timeKeys = { '<': 'before', '<=': 'until', '>': 'after', '>=': 'since' } as const

const operatorWords = (op: FilterOperator, time: boolean): string => {
  if (time && (op === '<' || op === '<=' || op === '>' || op === '>='))
    return say(`builder.op.${timeKeys[op]}`)
  return say(`builder.op.${operatorKeys[op]}`)
}

const Remove = ({ label, onClick }: { readonly label: string; readonly onClick: () => void }) => (
  <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={onClick}>
    <X size={14} aria-hidden />
  </ActionIcon>
)
