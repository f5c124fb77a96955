import type { IncidentRow } from '@evenkeel/contract/incident'
import { Button } from '@mantine/core'
import { useRef } from 'react'
import { say } from '../../language/say.ts'
import { useKeys } from '../../ui/keys.ts'
import { areChosen, type RowMarks, useMarks } from '../../ui/row-marks.ts'
import type { BulkKind } from './incident.bulk-form.ts'
import classes from './incident.list-page.module.css'

/** How rows are chosen one by one, or everything that the list finds. */
export const useSelection = (rows: readonly IncidentRow[], marks: RowMarks) => {
  const last = useRef<string>(undefined)
  const choose = (ids: Iterable<string>): void => marks.set({ chosen: new Set(ids), everything: false })
  return {
    /** With `through`, all the rows from the one chosen before as well. */
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

type SelectionProps = {
  readonly rows: readonly IncidentRow[]
  readonly marks: RowMarks
  readonly found: { readonly count: number; readonly capped: boolean } | undefined
  readonly mayBulk: boolean
  readonly onChange: (kind: BulkKind) => void
  readonly onClear: () => void
}

const bulkKeys = [
  ['a', 'assign'],
  ['s', 'move'],
  ['p', 'priority'],
  ['m', 'comment'],
  ['n', 'note'],
  ['e', 'edit'],
] as const satisfies readonly (readonly [string, BulkKind])[]

/** What is selected, and what can be done to all of it; its keys go before those of a single record. */
export const SelectionBar = (props: SelectionProps) =>
  useMarks(props.marks, ({ chosen }) => chosen.size > 0) ? <Selected {...props} /> : null

const Selected = ({ rows, marks, found, mayBulk, onChange, onClear }: SelectionProps) => {
  const selected = useMarks(marks, ({ chosen }) => chosen)
  const everything = useMarks(marks, (now) => now.everything)
  const total =
    found === undefined
      ? undefined
      : found.capped
        ? say('list.countCapped', { count: found.count })
        : say('list.count', { count: found.count })
  useKeys(
    mayBulk
      ? bulkKeys.map(([keys, kind]) => ({
          keys,
          group: say('list.selection'),
          does: say(`bulk.${kind}`),
          run: () => onChange(kind),
        }))
      : [],
  )
  const all = areChosen(rows, selected)
  return (
    <div className={classes['selection']} role="region" aria-label={say('list.selection')}>
      <span role="status">
        {everything && total !== undefined
          ? say('list.everythingSelected', { count: total })
          : say('list.selected', { count: selected.size })}
      </span>
      {mayBulk &&
        bulkKeys.map(([keys, kind]) => (
          <Button
            key={kind}
            size="compact-sm"
            variant="default"
            aria-keyshortcuts={keys}
            onClick={() => onChange(kind)}
          >
            {say(`bulk.${kind}`)}
          </Button>
        ))}
      {mayBulk && all && !everything && total !== undefined && (found?.count ?? 0) > selected.size && (
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
                .map(({ number, title }) => `${number} ${title}`)
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
