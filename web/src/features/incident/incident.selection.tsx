import type { IncidentRow } from '@evenkeel/contract/incident'
import { Button } from '@mantine/core'
import { useRef, useState } from 'react'
import { say } from '../../language/say.ts'
import { useKeys } from '../../ui/keys.ts'
import type { BulkKind } from './incident.bulk-form.ts'
import classes from './incident.list-page.module.css'

/** The rows chosen one by one, or everything that the list finds. */
export const useSelection = (rows: readonly IncidentRow[]) => {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  const last = useRef<string>(undefined)
  const choose = (ids: Iterable<string>): void => {
    setSelected(new Set(ids))
    setEverything(false)
  }
  return {
    selected,
    everything,
    /** With `through`, all the rows from the one chosen before as well. */
    select: (id: string, through = false): void => {
      setEverything(false)
      setSelected((before) => {
        const next = new Set(before)
        const from = rows.findIndex((row) => row.id === last.current)
        const to = rows.findIndex((row) => row.id === id)
        if (through && from >= 0)
          for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(row.id)
        else if (!next.delete(id)) next.add(id)
        return next
      })
      last.current = id
    },
    selectAll: (all: boolean): void => choose(all ? rows.map(({ id }) => id) : []),
    selectEverything: (): void => setEverything(true),
    clear: (): void => choose([]),
  }
}

type SelectionProps = {
  readonly rows: readonly IncidentRow[]
  readonly selected: ReadonlySet<string>
  readonly everything: boolean
  readonly found: { readonly count: number; readonly capped: boolean } | undefined
  readonly mayBulk: boolean
  readonly onEverything: () => void
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
export const SelectionBar = ({
  rows,
  selected,
  everything,
  found,
  mayBulk,
  onEverything,
  onChange,
  onClear,
}: SelectionProps) => {
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
  const all = rows.length > 0 && rows.every(({ id }) => selected.has(id))
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
        <Button size="compact-sm" variant="light" onClick={onEverything}>
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
