// Two times of a row: when it held, and when that was known. A change closes what was known and adds what is known now, so that an
// answer given before it is given again. Pure.

/** When something held: half-open, without an end where `to` is null. RFC 3339, UTC, milliseconds, so that texts order as times do. */
export type Stretch = { readonly from: string; readonly to: string | null }

export type Held<Document> = Stretch & { readonly id: string; readonly document: Document }
export type Added<Document> = Stretch & { readonly document: Document }

export type Rewriting<Document> = {
  /** Rows that are not what is known any more. */
  readonly close: readonly string[]
  readonly add: readonly Added<Document>[]
}

const before = (one: string, other: string | null): boolean => other === null || one < other
const earlier = (one: string | null, other: string | null): string | null =>
  one === null ? other : other === null ? one : one < other ? one : other

/**
 * What becomes of what is known when `change` is said of a stretch. Inside it, every document is what `change` makes of the one that was
 * there, nothing where there was none; outside, all stays. Neighbors that say the same become one.
 * @param known what is known now of one thing: none overlaps another
 * @param change null for what is not so any more
 */
export const rewrite = <Document>(
  known: readonly Held<Document>[],
  { from, to }: Stretch,
  change: (document: Document | undefined) => Document | null,
  same: (one: Document, other: Document) => boolean,
): Rewriting<Document> => {
  const ordered = known.toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const touched = ordered.filter((row) => before(row.from, to) && before(from, row.to))
  const pieces: Added<Document>[] = []
  const piece = (start: string, end: string | null, document: Document | null | undefined): void => {
    if (document === null || document === undefined || !before(start, end)) return
    const last = pieces.at(-1)
    if (last !== undefined && last.to === start && same(last.document, document))
      pieces.splice(-1, 1, { ...last, to: end })
    else pieces.push({ from: start, to: end, document })
  }
  const changed = (start: string, end: string | null, document: Document | undefined): void => {
    if (before(start, end)) piece(start, end, change(document))
  }
  let at: string | null = from
  for (const row of touched) {
    if (row.from < from) piece(row.from, from, row.document)
    else if (at !== null && at < row.from) changed(at, row.from, undefined)
    const start = row.from < from ? from : row.from
    const end = earlier(row.to, to)
    changed(start, end, row.document)
    if (to !== null && before(to, row.to)) piece(to, row.to, row.document)
    at = end
  }
  if (at !== null && before(at, to)) changed(at, to, undefined)
  // What comes out as it was stays where it is.
  const stays = touched.filter((row) =>
    pieces.some((one) => one.from === row.from && one.to === row.to && same(one.document, row.document)),
  )
  return {
    close: touched.filter((row) => !stays.includes(row)).map(({ id }) => id),
    add: pieces.filter((one) => !stays.some((row) => row.from === one.from && row.to === one.to)),
  }
}
