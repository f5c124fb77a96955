import type { TimelineItem } from '@evenkeel/contract/incident'

export const timelineFilters = ['all', 'comments', 'notes', 'changes', 'files'] as const
export type TimelineFilter = (typeof timelineFilters)[number]

/** The filter that an address names. */
export const timelineFilterOf = (text: string | undefined): TimelineFilter =>
  timelineFilters.find((filter) => filter === text) ?? 'all'

/** A word of somebody's, on this record: drawn as a card. What happened to linked records is told in a line. */
const isSaid = (item: TimelineItem): boolean => item.body !== null && item.record === null

export const passes = (item: TimelineItem, filter: TimelineFilter): boolean => {
  switch (filter) {
    case 'all':
      return true
    case 'comments':
      return item.audience === 'public'
    case 'notes':
      return item.audience === 'team'
    case 'changes':
      return !isSaid(item)
    case 'files':
      return /\.(attached|detached)(_for_team)?$/.test(item.type)
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
    if (isSaid(item)) rows.push({ kind: 'said', key: item.id, item })
    else if (before?.kind === 'changes') rows.splice(-1, 1, { ...before, items: [...before.items, item] })
    else rows.push({ kind: 'changes', key: item.id, items: [item] })
  }
  return rows
}

const holds = (row: TimelineRow, entry: string): boolean =>
  row.kind === 'said'
    ? row.item.id === entry
    : row.kind === 'changes' && row.items.some(({ id }) => id === entry)

/** The rows drawn at first: the last ones, back to the one that an address points at, with the heading of its day. */
export const lastRows = (
  rows: readonly TimelineRow[],
  wanted: number,
  entry: string | undefined,
): { readonly shown: readonly TimelineRow[]; readonly earlier: number } => {
  const at = entry === undefined ? -1 : rows.findIndex((row) => holds(row, entry))
  const from = Math.max(0, Math.min(rows.length - wanted, at === -1 ? rows.length : at - 1))
  // A few more are not worth a button.
  const begin = from <= 5 ? 0 : from
  const first = rows[begin]
  const heading =
    first === undefined || first.kind === 'day'
      ? undefined
      : rows.slice(0, begin).findLast((row) => row.kind === 'day')
  return {
    shown: [...(heading === undefined ? [] : [heading]), ...rows.slice(begin)],
    earlier: rows.slice(0, begin).filter((row) => row.kind !== 'day').length,
  }
}
