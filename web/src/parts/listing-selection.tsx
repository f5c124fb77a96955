import { Button } from '@mantine/core'
import { type ReactNode, useRef } from 'react'
import { say } from '../language/say.ts'
import { areChosen, type RowMarks, useMarks } from '../ui/row-marks.ts'
import classes from './record-listing.module.css'

export type Selecting = {
  /** With `through`, all the rows from the one chosen before as well. */
  readonly select: (id: string, through?: boolean) => void
  readonly selectAll: (all: boolean) => void
  readonly clear: () => void
}

/** How rows are chosen one by one, or everything that the list finds. */
export const useSelection = (rows: readonly { readonly id: string }[], marks: RowMarks): Selecting => {
  const last = useRef<string>(undefined)
  const choose = (ids: Iterable<string>): void => marks.set({ chosen: new Set(ids), everything: false })
  return {
    select: (id: string, through = false): void => {
      const next = new Set(marks.now().chosen)
      const from = through ? rows.findIndex((row) => row.id === last.current) : -1
      if (from >= 0) {
        const to = rows.findIndex((row) => row.id === id)
        for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(row.id)
      } else if (!next.delete(id)) next.add(id)
      choose(next)
      last.current = id
    },
    selectAll: (all: boolean): void => choose(all ? rows.map(({ id }) => id) : []),
    clear: (): void => choose([]),
  }
}

type SelectionProps<Row extends { readonly id: string }> = {
  readonly rows: readonly Row[]
  readonly marks: RowMarks
  readonly found: { readonly count: number; readonly capped: boolean } | undefined
  readonly titleOf: (row: Row) => string
  /** Whether something can be done to everything that the list finds, here or not. */
  readonly mayEverything: boolean
  /** What can be done to all of it. */
  readonly children: (chosen: ReadonlySet<string>) => ReactNode
  readonly onClear: () => void
}

/** What is selected, and what can be done to all of it. */
export const SelectionBar = <Row extends { readonly id: string }>(props: SelectionProps<Row>) =>
  useMarks(props.marks, ({ chosen }) => chosen.size > 0) ? <Selected {...props} /> : null

const Selected = <Row extends { readonly id: string }>({
  rows,
  marks,
  found,
  titleOf,
  mayEverything,
  children,
  onClear,
}: SelectionProps<Row>) => {
  const selected = useMarks(marks, ({ chosen }) => chosen)
  const everything = useMarks(marks, (now) => now.everything)
  const total =
    found === undefined
      ? undefined
      : found.capped
        ? say('list.countCapped', { count: found.count })
        : say('list.count', { count: found.count })
  const all = areChosen(rows, selected)
  return (
    <div className={classes['selection']} role="region" aria-label={say('list.selection')}>
      <span role="status">
        {everything && total !== undefined
          ? say('list.everythingSelected', { count: total })
          : say('list.selected', { count: selected.size })}
      </span>
      {children(selected)}
      {mayEverything && all && !everything && total !== undefined && (found?.count ?? 0) > selected.size && (
        <Button size="compact-sm" variant="light" onClick={() => marks.set({ everything: true })}>
          {say('list.selectEverything', { count: total })}
        </Button>
      )}
      {!everything && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() =>
            void navigator.clipboard.writeText(
              rows
                .filter(({ id }) => selected.has(id))
                .map(titleOf)
                .join('\n'),
            )
          }
        >
          {say('list.copy')}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
        {say('list.clear')}
      </Button>
    </div>
  )
}
