import type { AuditExpected, AuditOutcome } from '@evenkeel/contract/item-audit'
import { type Audited, auditOf, isWithin, type Places, type Scan } from '@evenkeel/server/kernel/audit/audit'
import { parseDeviceBarcode } from '@evenkeel/server/kernel/barcode/barcode'
import { plainOf, withSeparators } from '@evenkeel/server/kernel/barcode/scanned'
import { fold } from '@evenkeel/server/kernel/filter/fold'
import type { KeptScan } from '../../parts/kept.ts'

/** What a device knows of a stock-taking, ready to be asked. */
export type Known = {
  readonly items: ReadonlyMap<string, AuditExpected['items'][number]>
  readonly byCode: ReadonlyMap<string, string | null>
  readonly places: ReadonlyMap<string, string>
  readonly around: Places
}

export const knownOf = ({ items, places }: AuditExpected): Known => {
  const byCode = new Map<string, string | null>()
  // A label that several carry names none of them.
  for (const { id, codes } of items)
    for (const code of codes) byCode.set(code, byCode.has(code) && byCode.get(code) !== id ? null : id)
  return {
    items: new Map(items.map((one) => [one.id, one])),
    byCode,
    places: new Map(places.map(({ id, name }) => [id, name])),
    around: new Map(places.flatMap(({ id, inId }) => (inId === null ? [] : [[id, inId] as const]))),
  }
}

/** Which expected item a text names, as far as a device can tell: by its own labels, or by the serial number in a device's barcode. */
export const itemOf = (known: Known, text: string, thisYear: number): string | null => {
  const sent = withSeparators(text)
  const named = known.byCode.get(fold(plainOf(sent)))
  if (named !== undefined) return named
  const serial = parseDeviceBarcode(sent, thisYear).barcode?.serial ?? null
  return serial === null ? null : (known.byCode.get(fold(serial)) ?? null)
}

/** A scan with what is known of it: the server's word where there is one, else what this device makes of it. */
export type Line = KeptScan & {
  readonly itemId: string | null
  readonly outcome: AuditOutcome | 'unknown' | 'unread'
  readonly name: string | null
  /** Where it was expected, when it was seen elsewhere. */
  readonly expectedPlace: string | null
}

export const linesOf = (known: Known, scans: readonly KeptScan[], thisYear: number): readonly Line[] =>
  scans.map((scan) => {
    if (scan.state === 'sent' && scan.said !== null) {
      const { item, outcome, expectedPlace } = scan.said
      return {
        ...scan,
        itemId: item?.id ?? null,
        outcome: outcome ?? 'unread',
        name: item?.name ?? null,
        expectedPlace: expectedPlace?.name ?? null,
      }
    }
    const itemId = itemOf(known, scan.text, thisYear)
    const item = itemId === null ? undefined : known.items.get(itemId)
    if (item === undefined)
      return { ...scan, itemId: null, outcome: 'unknown', name: null, expectedPlace: null }
    const isElsewhere =
      item.placeId !== null && scan.placeId !== null && !isWithin(item.placeId, scan.placeId, known.around)
    return {
      ...scan,
      itemId,
      outcome: isElsewhere ? 'wrong_place' : 'found',
      name: item.name,
      expectedPlace: item.placeId === null ? null : (known.places.get(item.placeId) ?? null),
    }
  })

/** All that is expected, with what was seen of it by anybody as of the last answer, and by this device since. */
export const tallyOf = (known: Known, lines: readonly Line[]): readonly Audited[] => {
  const seen: readonly Scan[] = [...known.items.values()].flatMap(({ id, seen: at }) =>
    at === null ? [] : [{ id: `seen ${id}`, itemId: id, text: '', placeId: at.placeId, at: at.at }],
  )
  const own = lines.filter(({ itemId, state }) => itemId !== null && state !== 'refused')
  return auditOf(
    [...known.items.values()].map(({ id, placeId }) => ({ itemId: id, placeId })),
    [...seen, ...own],
    known.around,
  ).items.filter(({ itemId }) => known.items.has(itemId))
}

/** The same label at the same place, once more: it was counted. */
export const isRepeated = (
  lines: readonly Line[],
  text: string,
  placeId: string | null,
  itemId: string | null,
): boolean => {
  // Only the last word about a thing counts: carried away and back, it is scanned anew.
  const last = lines
    .filter((line) => line.state !== 'refused')
    .findLast((line) =>
      itemId === null ? line.itemId === null && line.text === text : line.itemId === itemId,
    )
  return last !== undefined && last.placeId === placeId
}

export type PlaceTally = {
  readonly id: string
  readonly name: string
  readonly expected: number
  readonly found: number
}

/** Places in which something is expected, with what lies in them, however deep; those with most to find first. */
export const placesOf = (known: Known, tally: readonly Audited[]): readonly PlaceTally[] => {
  const counts = new Map<string, { expected: number; found: number }>()
  for (const { expectedPlaceId, outcome } of tally) {
    const been = new Set<string>()
    for (
      let at = expectedPlaceId ?? undefined;
      at !== undefined && !been.has(at);
      at = known.around.get(at)
    ) {
      been.add(at)
      const count = counts.get(at) ?? { expected: 0, found: 0 }
      counts.set(at, {
        expected: count.expected + 1,
        found: count.found + (outcome === 'missing' ? 0 : 1),
      })
    }
  }
  return [...known.places]
    .flatMap(([id, name]) => {
      const count = counts.get(id)
      return [{ id, name, expected: count?.expected ?? 0, found: count?.found ?? 0 }]
    })
    .toSorted((a, b) => Number(b.expected > 0) - Number(a.expected > 0) || a.name.localeCompare(b.name))
}

/** What is still to be found at a place and in those in it; everywhere where no place was said. */
export const missingAt = (
  known: Known,
  tally: readonly Audited[],
  placeId: string | null,
): readonly string[] =>
  tally
    .filter(
      ({ outcome, expectedPlaceId }) =>
        outcome === 'missing' &&
        (placeId === null || (expectedPlaceId !== null && isWithin(expectedPlaceId, placeId, known.around))),
    )
    .map(({ itemId }) => itemId)
    .toSorted((a, b) =>
      (known.items.get(a)?.name ?? '').localeCompare(known.items.get(b)?.name ?? '', undefined, {
        numeric: true,
      }),
    )
