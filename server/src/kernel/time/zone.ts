import { Temporal } from './temporal.ts'

/**
 * Time in which the clocks of a zone run evenly, `start` up to but without `end`; all in milliseconds, `start` and `end`
 * since the epoch, `offset` what local clocks are ahead of UTC.
 */
export type Stretch = { readonly start: number; readonly end: number; readonly offset: number }

export const DAY = 86_400_000

// Asking Temporal for transitions is the slow part, so each zone keeps its answers, a block of time at a time.
const BLOCK = 400 * DAY
const blocksByZone = new Map<string, Map<number, readonly Stretch[]>>()

/**
 * The stretches that make up [from, to) in `zone`, in order and without a gap. Within one, local time is `offset` plus
 * UTC and nothing else: with daylight saving dealt with here, working time needs plain arithmetic only.
 * @throws RangeError when the zone is unknown to this runtime.
 */
export function* stretches(zone: string, from: number, to: number): Generator<Stretch> {
  for (let block = Math.floor(from / BLOCK); block * BLOCK < to; block += 1) {
    for (const stretch of stretchesInBlock(zone, block)) {
      const start = Math.max(stretch.start, from)
      const end = Math.min(stretch.end, to)
      if (start < end) yield { start, end, offset: stretch.offset }
    }
  }
}

function stretchesInBlock(zone: string, block: number): readonly Stretch[] {
  const blocks = blocksByZone.get(zone) ?? new Map<number, readonly Stretch[]>()
  const known = blocks.get(block)
  if (known) return known

  const found: Stretch[] = []
  const blockEnd = (block + 1) * BLOCK
  let local = Temporal.Instant.fromEpochMilliseconds(block * BLOCK).toZonedDateTimeISO(zone)
  for (;;) {
    const next = local.getTimeZoneTransition('next')
    const start = local.epochMilliseconds
    const end = Math.min(next?.epochMilliseconds ?? blockEnd, blockEnd)
    found.push({ start, end, offset: local.offsetNanoseconds / 1e6 })
    if (!next || end === blockEnd) break
    local = next
  }
  blocks.set(block, found)
  blocksByZone.set(zone, blocks)
  return found
}
