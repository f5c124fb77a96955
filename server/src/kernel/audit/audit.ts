// Stock-taking: what was expected against what was scanned. Pure, so that a phone without network, the server and an auditor who counts
// again come to the same.

/** Something that should be there. Without a place it may be anywhere. */
export type Expected = { readonly itemId: string; readonly placeId: string | null }

/** One scan; `id` is made where it was scanned, and what has it never differs. */
export type Scan = {
  readonly id: string
  /** Which item the text named; null where it named none, or several. */
  readonly itemId: string | null
  readonly text: string
  /** Where whoever scanned it said they were. */
  readonly placeId: string | null
  readonly at: string
}

export const auditOutcomes = ['missing', 'wrong_place', 'unexpected', 'found'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

export type Audited<S extends Scan = Scan> = {
  readonly itemId: string
  readonly outcome: AuditOutcome
  readonly expectedPlaceId: string | null
  /** The scan that says where it is: the last one of it. */
  readonly seen: S | null
}

export type AuditResult<S extends Scan = Scan> = {
  readonly items: readonly Audited<S>[]
  /** Texts that name no single item, each once, with its last scan. */
  readonly unread: readonly S[]
  readonly scans: number
}

/** Place → the place that it is in. */
export type Places = ReadonlyMap<string, string>

/** Whether a place is another one or lies in it, however deep; places that lie in each other in a circle end the way. */
export const isWithin = (place: string, outer: string, around: Places): boolean => {
  const been = new Set<string>()
  for (let at: string | undefined = place; at !== undefined && !been.has(at); at = around.get(at)) {
    if (at === outer) return true
    been.add(at)
  }
  return false
}

/**
 * The same result for the same scans, in whatever order, how often and by whom they were delivered: scans are a set by their id, and
 * which of two is the later one is decided by their own time and, of the same moment, by their id.
 */
export const auditOf = <S extends Scan>(
  expected: readonly Expected[],
  scans: readonly S[],
  around: Places,
): AuditResult<S> => {
  const byId = new Map(scans.map((scan) => [scan.id, scan]))
  const last = new Map<string, S>()
  const unread = new Map<string, S>()
  for (const scan of byId.values()) {
    const [kept, key] = scan.itemId === null ? [unread, scan.text] : [last, scan.itemId]
    const other = kept.get(key)
    if (other === undefined || isLater(scan, other)) kept.set(key, scan)
  }
  const expectedAt = new Map(expected.map(({ itemId, placeId }) => [itemId, placeId]))
  const items = [...new Set([...expectedAt.keys(), ...last.keys()])].toSorted().map((itemId) => {
    const seen = last.get(itemId) ?? null
    const expectedPlaceId = expectedAt.get(itemId) ?? null
    return {
      itemId,
      outcome: outcomeOf(expectedAt.has(itemId), expectedPlaceId, seen, around),
      expectedPlaceId,
      seen,
    }
  })
  return {
    items,
    unread: [...unread.values()].toSorted((a, b) => (isLater(a, b) ? 1 : -1)),
    scans: byId.size,
  }
}

const isLater = (a: Scan, b: Scan): boolean => a.at > b.at || (a.at === b.at && a.id > b.id)

/** Seen in the building is seen in its room: whoever says less exactly where they are contradicts nothing. */
const outcomeOf = (
  isExpected: boolean,
  expectedPlace: string | null,
  seen: Scan | null,
  around: Places,
): AuditOutcome => {
  if (!isExpected) return 'unexpected'
  if (seen === null) return 'missing'
  if (expectedPlace === null || seen.placeId === null) return 'found'
  return isWithin(expectedPlace, seen.placeId, around) ? 'found' : 'wrong_place'
}
