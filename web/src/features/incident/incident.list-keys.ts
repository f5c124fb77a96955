import type { IncidentRow } from '@evenkeel/contract/incident'
import { useEffect, useRef } from 'react'
import { say } from '../../language/say.ts'
import { announce } from '../../ui/announce.tsx'
import { type KeyBinding, useBoundKeys, useKeys } from '../../ui/keys.ts'
import type { RowMarks } from '../../ui/row-marks.ts'
import { useTakeRow } from './incident.take.ts'

/**
 * The list by keyboard: one row is active, and its record hears what only the record can do. It draws nothing, and knows by itself what is
 * bound: the list is not drawn again for it.
 */
export const ListKeys = ({
  rows,
  marks,
  preview,
  narrow,
  onActive,
  onOpen,
  onPreview,
  onSelect,
  onClear,
}: {
  readonly rows: readonly IncidentRow[]
  readonly marks: RowMarks
  /** Of the record that is shown beside the list. */
  readonly preview: string | undefined
  /** There is no room beside the list. */
  readonly narrow: boolean
  readonly onActive: (row: IncidentRow) => void
  readonly onOpen: (id: string) => void
  readonly onPreview: (id: string | undefined) => void
  readonly onSelect: (id: string, through?: boolean) => void
  readonly onClear: () => void
}): null => {
  const takeRow = useTakeRow()
  const replay = useReplay()
  const step = (by: 1 | -1): void => {
    const { active } = marks.now()
    const at = rows.findIndex(({ id }) => id === active)
    const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (row === undefined) return
    onActive(row)
    announce(
      [row.number, row.title, say(`priority.${row.priority}`), say(`incident.state.${row.state}`)].join(', '),
    )
    if (preview !== undefined) onPreview(row.id)
  }
  const withActive = (run: (id: string) => void) => () => {
    const { active } = marks.now()
    if (active !== undefined) run(active)
  }
  /** On the record itself, beside the list: its own keys know what is possible there. */
  const onRecord = (keys: string) =>
    withActive((id) => {
      if (narrow) onOpen(id)
      else onPreview(id)
      replay(keys)
    })
  const own: readonly Omit<KeyBinding, 'group'>[] = [
    { keys: 'j', does: say('keys.next'), run: () => step(1) },
    { keys: 'k', does: say('keys.previous'), run: () => step(-1) },
    { keys: 'Enter', does: say('keys.open'), run: withActive(onOpen) },
    {
      keys: 'Space',
      does: say('keys.preview'),
      run: withActive((id) => onPreview(preview === id ? undefined : id)),
    },
    { keys: 'x', does: say('keys.select'), run: withActive((id) => onSelect(id)) },
    { keys: 'X', does: say('list.selectThrough'), run: withActive((id) => onSelect(id, true)) },
    {
      keys: 'Escape',
      does: say('keys.closePreview'),
      run: () => {
        if (preview !== undefined) onPreview(undefined)
        else onClear()
      },
    },
    {
      keys: 'i',
      does: say('incident.assignToMe'),
      run: withActive((id) => {
        const row = rows.find((one) => one.id === id)
        if (row !== undefined) void takeRow(row).then((done) => done || onRecord('i')())
      }),
    },
    { keys: 'a', does: say('keys.assign'), run: onRecord('a') },
    { keys: 's', does: say('bulk.move'), run: onRecord('s') },
    { keys: 'p', does: say('bulk.priority'), run: onRecord('p') },
    { keys: 'm', does: say('keys.comment'), run: onRecord('m') },
    { keys: 'n', does: say('keys.note'), run: onRecord('n') },
  ]
  useKeys(own.map((binding) => ({ ...binding, group: say('keys.list') })))
  return null
}

/** Presses a key on the record once it is there to hear it. */
const useReplay = (): ((keys: string) => void) => {
  const pending = useRef<string>(undefined)
  const bound = useBoundKeys()
  useEffect(() => {
    const binding = bound.find(({ keys, group }) => keys === pending.current && group === say('keys.record'))
    if (binding === undefined) return
    pending.current = undefined
    binding.run()
  }, [bound])
  return (keys) => {
    pending.current = keys
  }
}
