import type { TimelineItem } from '@evenkeel/contract/incident'

export const timelineFilters = ['all', 'comments', 'notes', 'changes'] as const
export type TimelineFilter = (typeof timelineFilters)[number]

export const passes = (item: TimelineItem, filter: TimelineFilter): boolean => {
  switch (filter) {
    case 'all':
      return true
    case 'comments':
      return item.audience === 'public'
    case 'notes':
      return item.audience === 'team'
    case 'changes':
      return item.body === null
  }
}

export type TimelineRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'said'; readonly key: string; readonly item: TimelineItem }
  | {
      readonly kind: 'changes'
      readonly key: string
      readonly items: readonly [TimelineItem, ...TimelineItem[]]
    }

/** From so many in a row on, changes are folded into one line. */
export const foldFrom = 4

/** What to draw, in order: a heading per day, what was said one by one, changes in a row together. */
export const timelineRows = (
  items: readonly TimelineItem[],
  dayOf: (at: string) => string,
): TimelineRow[] => {
  const rows: TimelineRow[] = []
  let day = ''
  for (const item of items) {
    const its = dayOf(item.at)
    if (its !== day) {
      day = its
      rows.push({ kind: 'day', key: `day ${its}`, at: item.at })
    }
    const before = rows.at(-1)
    if (item.body !== null) rows.push({ kind: 'said', key: item.id, item })
    else if (before?.kind === 'changes') rows.splice(-1, 1, { ...before, items: [...before.items, item] })
    else rows.push({ kind: 'changes', key: item.id, items: [item] })
  }
  return rows
}
