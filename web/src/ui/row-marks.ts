import { useSyncExternalStore } from 'react'

type Marks = {
  /** The row that keys act on. */
  readonly active: string | undefined
  readonly chosen: ReadonlySet<string>
  /** Not only the chosen rows: all that the list finds, here or not. */
  readonly everything: boolean
  /** Its page is on the way. */
  readonly opening: string | undefined
}

export type RowMarks = {
  readonly now: () => Marks
  readonly set: (change: Partial<Marks>) => void
  readonly subscribe: (listener: () => void) => () => void
}

/** What keys do to the rows of a list, kept beside its page: a press draws the rows it concerns and nothing else. */
export const createRowMarks = (active: string | undefined): RowMarks => {
  const listeners = new Set<() => void>()
  let marks: Marks = { active, chosen: new Set(), everything: false, opening: undefined }
  return {
    now: () => marks,
    set: (change) => {
      marks = { ...marks, ...change }
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Draws again when that part is another one. */
export const useMarks = <Part>(marks: RowMarks, part: (now: Marks) => Part): Part =>
  useSyncExternalStore(marks.subscribe, () => part(marks.now()))

/** Whether there are rows, and each of them is chosen. */
export const areChosen = (rows: readonly { readonly id: string }[], chosen: ReadonlySet<string>): boolean =>
  rows.length > 0 && chosen.size >= rows.length && rows.every(({ id }) => chosen.has(id))
