import type { BulkAction, BulkPreview, BulkResults } from '@evenkeel/contract/bulk'
import type { ReactNode } from 'react'

/** Records by id, or everything that a list finds. */
export type BulkTarget =
  | { readonly ids: readonly string[]; readonly count: number }
  | {
      readonly list: {
        readonly q: string
        readonly sort: string | undefined
        /** Narrows further, as JSON. */
        readonly filter?: string | undefined
      }
      readonly count: number
    }

/** What is known of changing many records of one kind at once. */
export type Bulk = {
  readonly kind: 'incident' | 'item'
  readonly list: () => Promise<{ readonly rows: readonly BulkAction[] }>
  readonly read: (id: string) => Promise<BulkResults>
  readonly undo: (id: string) => Promise<unknown>
  /** What is drawn of these records, and is not so any more. */
  readonly stale: readonly (readonly string[])[]
  readonly stepWords: (step: string) => string
  readonly renderLink: (id: string, words: ReactNode) => ReactNode
}

/** And how it is done. */
export type BulkDoing<Change> = {
  readonly bulk: Bulk
  readonly preview: (about: BulkTarget, change: Change) => Promise<BulkPreview>
  readonly start: (ids: readonly string[], change: Change) => Promise<{ readonly id: string }>
  readonly title: (count: number) => string
  readonly submit: (count: number) => string
}

/** A target as a preview's request has it. */
export const aboutOf = (about: BulkTarget) =>
  'ids' in about
    ? { ids: [...about.ids] }
    : {
        list: {
          ...(about.list.q === '' ? {} : { q: about.list.q }),
          ...(about.list.sort === undefined ? {} : { sort: about.list.sort }),
          ...(about.list.filter === undefined ? {} : { filter: about.list.filter }),
        },
      }
