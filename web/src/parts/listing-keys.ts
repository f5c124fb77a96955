import { say } from '../language/say.ts'
import { announce } from '../ui/announce.tsx'
import { type KeyBinding, useKeys } from '../ui/keys.ts'
import type { RowMarks } from '../ui/row-marks.ts'

/** What runs on the row that keys act on, when there is one. */
export type OnActive = (run: (id: string) => void) => () => void

/** The list by keyboard: one row is active. What a kind of record adds goes between choosing and leaving. */
export const useListingKeys = <Row extends { readonly id: string }>({
  rows,
  marks,
  saidAs,
  onActive,
  onOpen,
  onSelect,
  leaving,
  more = () => [],
}: {
  readonly rows: readonly Row[]
  readonly marks: RowMarks
  /** What is said aloud of the row. */
  readonly saidAs: (row: Row) => string
  readonly onActive: (row: Row) => void
  readonly onOpen: (id: string) => void
  readonly onSelect: (id: string, through?: boolean) => void
  readonly leaving: { readonly does: string; readonly run: () => void }
  readonly more?: (withActive: OnActive) => readonly Omit<KeyBinding, 'group'>[]
}): void => {
  const step = (by: 1 | -1): void => {
    const { active } = marks.now()
    const at = rows.findIndex(({ id }) => id === active)
    const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (row === undefined) return
    onActive(row)
    announce(saidAs(row))
  }
  const withActive: OnActive = (run) => () => {
    const { active } = marks.now()
    if (active !== undefined) run(active)
  }
  const own: readonly Omit<KeyBinding, 'group'>[] = [
    { keys: 'j', does: say('keys.next'), run: () => step(1) },
    { keys: 'k', does: say('keys.previous'), run: () => step(-1) },
    { keys: 'Enter', does: say('keys.open'), run: withActive(onOpen) },
    { keys: 'x', does: say('keys.select'), run: withActive((id) => onSelect(id)) },
    { keys: 'X', does: say('list.selectThrough'), run: withActive((id) => onSelect(id, true)) },
    ...more(withActive),
    { keys: 'Escape', ...leaving },
  ]
  useKeys(own.map((binding) => ({ ...binding, group: say('keys.list') })))
}
