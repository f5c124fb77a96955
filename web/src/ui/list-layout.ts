/** How a list is laid out, as its address says it: `columns=*number,title&sort=priority,-created`. A star keeps a column in sight. */
export type Placed = { readonly id: string; readonly pinned: boolean }
export type SortKey = { readonly field: string; readonly descending: boolean }

/** Columns that are no longer known are left out; with none left, the usual ones stand. */
export const readColumns = (
  text: string | undefined,
  known: readonly string[],
  usual: readonly string[],
): readonly Placed[] => {
  const placed = new Map<string, Placed>()
  for (const part of text?.split(',') ?? []) {
    const pinned = part.startsWith('*')
    const id = pinned ? part.slice(1) : part
    if (known.includes(id) && !placed.has(id)) placed.set(id, { id, pinned })
  }
  const found = placed.size === 0 ? usual.map((id) => ({ id, pinned: false })) : [...placed.values()]
  return [...found.filter(({ pinned }) => pinned), ...found.filter(({ pinned }) => !pinned)]
}

/** Nothing for the usual columns: addresses stay short. */
export const writeColumns = (columns: readonly Placed[], usual: readonly string[]): string | undefined => {
  const text = columns.map(({ id, pinned }) => `${pinned ? '*' : ''}${id}`).join(',')
  return text === usual.join(',') || text === '' ? undefined : text
}

/** The column beside another one; among those that are pinned or not as it is itself. */
export const placeAt = (columns: readonly Placed[], id: string, at: number): readonly Placed[] => {
  const from = columns.findIndex((column) => column.id === id)
  const column = columns[from]
  if (column === undefined) return columns
  const rest = columns.toSpliced(from, 1)
  const pinned = rest.filter((one) => one.pinned).length
  const to = column.pinned ? Math.min(at, pinned) : Math.max(at, pinned)
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, column)
}

export const moveBy = (columns: readonly Placed[], id: string, by: 1 | -1): readonly Placed[] =>
  placeAt(columns, id, columns.findIndex((column) => column.id === id) + by)

/** A column that becomes pinned joins the end of those that are; one that is let go comes right behind them. */
export const pin = (columns: readonly Placed[], id: string, pinned: boolean): readonly Placed[] => {
  const rest = columns.filter((column) => column.id !== id)
  return rest.toSpliced(rest.filter((column) => column.pinned).length, 0, { id, pinned })
}

/** Keys that one list is sorted by at most; the server's limit. */
export const mostSorts = 3

export const readSort = (text: string | undefined): readonly SortKey[] =>
  (text ?? '')
    .split(',')
    .filter((part) => part !== '' && part !== '-')
    .map((part) =>
      part.startsWith('-') ? { field: part.slice(1), descending: true } : { field: part, descending: false },
    )

export const writeSort = (sort: readonly SortKey[]): string | undefined =>
  sort.length === 0
    ? undefined
    : sort.map(({ field, descending }) => `${descending ? '-' : ''}${field}`).join(',')

/** A press on a heading: ascending, descending, back to the list's own order. With others, it is one key among them. */
export const pressSort = (sort: readonly SortKey[], field: string, among: boolean): readonly SortKey[] => {
  const at = sort.findIndex((key) => key.field === field)
  const key = sort[at]
  const next =
    key === undefined
      ? { field, descending: false }
      : key.descending
        ? undefined
        : { field, descending: true }
  if (!among) return next === undefined ? [] : [next]
  if (key === undefined) return next === undefined ? sort : [...sort, next].slice(-mostSorts)
  return next === undefined ? sort.toSpliced(at, 1) : sort.with(at, next)
}

/** What the server sorts by: what divides the list comes first, and takes one of its places. */
export const wholeSort = (sort: string | undefined, group: string | undefined): string | undefined => {
  const divided = readSort(group)
  const fields = new Set(divided.map(({ field }) => field))
  const keys = [...divided, ...readSort(sort).filter(({ field }) => !fields.has(field))]
  // Without an order of its own a divided list has the newest first in each part, as an undivided one has.
  if (divided.length > 0 && keys.length === divided.length) keys.push({ field: 'created', descending: true })
  return writeSort(keys.slice(0, mostSorts))
}

export type Group = { readonly key: string; readonly count: number }
export type Entry<Row, G extends Group> =
  | { readonly kind: 'group'; readonly group: G }
  | { readonly kind: 'row'; readonly row: Row; readonly index: number }

/**
 * Rows below the heading of their part. While there is more to fetch, the parts behind the last row that is here are left out: they would
 * slide down under the reader's eyes. Parts that are folded have no rows here, and rows of a part that nobody counted yet come last.
 */
export const entriesOf = <Row, G extends Group>(
  rows: readonly Row[],
  groups: readonly G[],
  keyOf: (row: Row) => string,
  folded: ReadonlySet<string>,
  more: boolean,
): readonly Entry<Row, G>[] => {
  const parts = new Map<string, Entry<Row, G>[]>()
  for (const [index, row] of rows.entries()) {
    const key = keyOf(row)
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [{ kind: 'row', row, index }])
    else part.push({ kind: 'row', row, index })
  }
  const last = rows.at(-1)
  const lastAt = last === undefined ? -1 : groups.findIndex(({ key }) => key === keyOf(last))
  const entries: Entry<Row, G>[] = []
  for (const [at, group] of groups.entries()) {
    if (more && at > lastAt && !folded.has(group.key)) break
    entries.push({ kind: 'group', group })
    if (!folded.has(group.key)) entries.push(...(parts.get(group.key) ?? []))
    parts.delete(group.key)
  }
  for (const part of parts.values()) entries.push(...part)
  return entries
}
