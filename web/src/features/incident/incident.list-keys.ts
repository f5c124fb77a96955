import type { IncidentRow } from '@evenkeel/contract/incident'
import { useEffect, useRef } from 'react'
import { say } from '../../language/say.ts'
import { type OnActive, useListingKeys } from '../../parts/listing-keys.ts'
import { useBoundKeys } from '../../ui/keys.ts'
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
  const onRecord =
    (withActive: OnActive) =>
    (keys: string): (() => void) =>
      // On the record itself, beside the list: its own keys know what is possible there.
      withActive((id) => {
        if (narrow) onOpen(id)
        else onPreview(id)
        replay(keys)
      })
  useListingKeys({
    rows,
    marks,
    saidAs: (row) =>
      [row.number, row.title, say(`priority.${row.priority}`), say(`incident.state.${row.state}`)].join(', '),
    onActive: (row) => {
      onActive(row)
      if (preview !== undefined) onPreview(row.id)
    },
    onOpen,
    onSelect,
    leaving: {
      does: say('keys.closePreview'),
      run: () => {
        if (preview !== undefined) onPreview(undefined)
        else onClear()
      },
    },
    more: (withActive) => {
      const there = onRecord(withActive)
      return [
        {
          keys: 'Space',
          does: say('keys.preview'),
          run: withActive((id) => onPreview(preview === id ? undefined : id)),
        },
        {
          keys: 'i',
          does: say('incident.assignToMe'),
          run: withActive((id) => {
            const row = rows.find((one) => one.id === id)
            if (row !== undefined) void takeRow(row).then((done) => done || there('i')())
          }),
        },
        { keys: 'a', does: say('keys.assign'), run: there('a') },
        { keys: 's', does: say('bulk.move'), run: there('s') },
        { keys: 'p', does: say('bulk.priority'), run: there('p') },
        { keys: 'm', does: say('keys.comment'), run: there('m') },
        { keys: 'n', does: say('keys.note'), run: there('n') },
      ]
    },
  })
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
