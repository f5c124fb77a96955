import { ActionIcon, Button, NativeSelect, Popover, SegmentedControl } from '@mantine/core'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Pin from 'lucide-react/icons/pin'
import PinOff from 'lucide-react/icons/pin-off'
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import X from 'lucide-react/icons/x'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { say } from '../language/say.ts'
import { densities, type Density } from './density.ts'
import {
  moveBy,
  mostSorts,
  pin,
  type Placed,
  placeAt,
  readSort,
  type SortKey,
  writeSort,
} from './list-layout.ts'
import classes from './list-options.module.css'

type Named = { readonly id: string; readonly title: string }

type Props = {
  readonly columns: readonly Named[]
  readonly layout: readonly Placed[]
  readonly onLayout: (layout: readonly Placed[]) => void
  /** Back to the usual columns. */
  readonly onUsual: () => void
  readonly sortable: readonly Named[]
  readonly sort: readonly SortKey[]
  readonly onSort: (sort: readonly SortKey[]) => void
  readonly groupable: readonly Named[]
  /** As the address has it: `state`, `-state`. */
  readonly group: string | undefined
  readonly onGroup: (group: string | undefined) => void
  readonly density: Density
  readonly onDensity: (density: Density) => void
}

/** How a list is shown: what divides it, its order, its columns, the height of its rows. */
export const ListOptions = (props: Props) => {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          className={classes['open'] ?? ''}
          aria-label={say('listOptions.title')}
          onClick={() => setOpened(!opened)}
        >
          <SlidersHorizontal size={14} aria-hidden />
          <span className={classes['openWord']}>{say('listOptions.title')}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes['panel'] ?? ''} aria-label={say('listOptions.title')}>
        <Options {...props} />
      </Popover.Dropdown>
    </Popover>
  )
}

const Options = (props: Props) => {
  const { layout, onLayout, sort, onSort, density } = props
  const [said, setSaid] = useState('')
  const [group] = readSort(props.group)
  const columnsId = useId()
  const columnList = useRef<HTMLUListElement>(null)
  const toggled = useRef<{ readonly id: string; readonly before: readonly Placed[] }>(undefined)
  // A column that is taken in or left out stands elsewhere then; whoever works by keyboard stays on it.
  useEffect(() => {
    const { id, before } = toggled.current ?? { before: layout }
    if (id === undefined || before === layout) return
    toggled.current = undefined
    columnList.current?.querySelector<HTMLInputElement>(`input[name="${CSS.escape(id)}"]`)?.focus()
  }, [layout])
  const toggle = (id: string, next: readonly Placed[]): void => {
    toggled.current = { id, before: layout }
    onLayout(next)
  }
  const orderId = useId()
  const titleOf = (id: string): string => props.columns.find((column) => column.id === id)?.title ?? id
  const unsorted = props.sortable.filter(({ id }) => sort.every(({ field }) => field !== id))
  const move = (id: string, by: 1 | -1): void => {
    const next = moveBy(layout, id, by)
    onLayout(next)
    setSaid(
      say('listOptions.moved', {
        column: titleOf(id),
        place: next.findIndex((one) => one.id === id) + 1,
        count: next.length,
      }),
    )
  }
  return (
    <div className={classes['options']}>
      <div className={classes['line']}>
        <NativeSelect
          className={classes['fill'] ?? ''}
          size="xs"
          label={say('listOptions.group')}
          value={group?.field ?? ''}
          data={[
            { value: '', label: say('listOptions.noGroup') },
            ...props.groupable.map(({ id, title }) => ({ value: id, label: title })),
          ]}
          onChange={(event) => props.onGroup(event.currentTarget.value || undefined)}
        />
        {group !== undefined && (
          <Direction
            name={titleOf(group.field)}
            descending={group.descending}
            onChange={(descending) => props.onGroup(writeSort([{ ...group, descending }]))}
          />
        )}
      </div>
      <section className={classes['section']} aria-labelledby={orderId}>
        <h2 id={orderId} className={classes['heading']}>
          {say('listOptions.order')}
        </h2>
        {sort.map((key, index) => (
          <div key={key.field} className={classes['line']}>
            <span className={classes['name']}>
              {props.sortable.find(({ id }) => id === key.field)?.title ?? key.field}
            </span>
            <Direction
              name={titleOf(key.field)}
              descending={key.descending}
              onChange={(descending) => onSort(sort.with(index, { ...key, descending }))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={say('listOptions.unsort', { column: titleOf(key.field) })}
              onClick={() => onSort(sort.toSpliced(index, 1))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        {sort.length < mostSorts - (group === undefined ? 0 : 1) && (
          <NativeSelect
            size="xs"
            aria-label={say('listOptions.addSort')}
            value=""
            data={[
              { value: '', label: sort.length === 0 ? say('listOptions.newest') : say('listOptions.then') },
              ...unsorted.map(({ id, title }) => ({ value: id, label: title })),
            ]}
            onChange={(event) => onSort([...sort, { field: event.currentTarget.value, descending: false }])}
          />
        )}
      </section>
      <section className={classes['section']} aria-labelledby={columnsId}>
        <div className={classes['line']}>
          <h2 id={columnsId} className={classes['heading']}>
            {say('listOptions.columns')}
          </h2>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={props.onUsual}>
            {say('listOptions.usual')}
          </Button>
        </div>
        <ul className={classes['columns']} ref={columnList}>
          {layout.map(({ id, pinned }, index) => (
            <li
              key={id}
              className={classes['column']}
              draggable
              onDragStart={(event) => event.dataTransfer.setData('text/plain', id)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault()
                onLayout(placeAt(layout, event.dataTransfer.getData('text/plain'), index))
              }}
            >
              <label className={classes['choose']}>
                <input
                  type="checkbox"
                  name={id}
                  checked
                  disabled={layout.length === 1}
                  onChange={() =>
                    toggle(
                      id,
                      layout.filter((one) => one.id !== id),
                    )
                  }
                />
                {titleOf(id)}
              </label>
              <Small
                label={say('listOptions.up', { column: titleOf(id) })}
                onClick={() => move(id, -1)}
                disabled={index === 0 || layout[index - 1]?.pinned !== pinned}
              >
                <ArrowUp size={14} aria-hidden />
              </Small>
              <Small
                label={say('listOptions.down', { column: titleOf(id) })}
                onClick={() => move(id, 1)}
                disabled={layout[index + 1]?.pinned !== pinned}
              >
                <ArrowDown size={14} aria-hidden />
              </Small>
              <Small
                label={
                  pinned
                    ? say('listOptions.unpin', { column: titleOf(id) })
                    : say('listOptions.pin', { column: titleOf(id) })
                }
                pressed={pinned}
                onClick={() => onLayout(pin(layout, id, !pinned))}
              >
                {pinned ? <PinOff size={14} aria-hidden /> : <Pin size={14} aria-hidden />}
              </Small>
            </li>
          ))}
          {props.columns
            .filter(({ id }) => layout.every((one) => one.id !== id))
            .map(({ id, title }) => (
              <li key={id} className={classes['column']}>
                <label className={classes['choose']}>
                  <input
                    type="checkbox"
                    name={id}
                    checked={false}
                    onChange={() => toggle(id, [...layout, { id, pinned: false }])}
                  />
                  {title}
                </label>
              </li>
            ))}
        </ul>
        <span role="status" className="visually-hidden">
          {said}
        </span>
      </section>
      <div className={classes['section']}>
        <h2 className={classes['heading']}>{say('listOptions.rows')}</h2>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={say('listOptions.rows')}
          value={density}
          data={densities.map((value) => ({ value, label: say(`account.density.${value}`) }))}
          onChange={(value) => {
            const chosen = densities.find((one) => one === value)
            if (chosen !== undefined) props.onDensity(chosen)
          }}
        />
      </div>
    </div>
  )
}

const Direction = ({
  name,
  descending,
  onChange,
}: {
  readonly name: string
  readonly descending: boolean
  readonly onChange: (descending: boolean) => void
}) => (
  <ActionIcon
    variant="default"
    size="sm"
    className={classes['direction'] ?? ''}
    aria-label={
      descending
        ? say('listOptions.descending', { column: name })
        : say('listOptions.ascending', { column: name })
    }
    onClick={() => onChange(!descending)}
  >
    {descending ? <ArrowDown size={14} aria-hidden /> : <ArrowUp size={14} aria-hidden />}
  </ActionIcon>
)

const Small = ({
  label,
  pressed,
  disabled = false,
  onClick,
  children,
}: {
  readonly label: string
  readonly pressed?: boolean
  readonly disabled?: boolean
  readonly onClick: () => void
  readonly children: ReactNode
}) => (
  <ActionIcon
    variant="subtle"
    color="gray"
    size="sm"
    aria-label={label}
    aria-pressed={pressed}
    disabled={disabled}
    onClick={onClick}
  >
    {children}
  </ActionIcon>
)
