import { Temporal } from '../../kernel/time/temporal.ts'

/**
 * Pure: when the next mail of somebody who gets one a day leaves: the next time their clocks show the hour, on a day that has had none. In
 * the night that skips the hour it leaves when clocks go on; in the one that has it twice, the first time.
 *
 * @param lastDay the day of the last one where the person was then, as `2026-03-02`
 */
export const nextDigest = (now: string, timeZone: string, hour: number, lastDay: string | null): string => {
  const instant = Temporal.Instant.from(now)
  for (let day = instant.toZonedDateTimeISO(timeZone).toPlainDate(); ; day = day.add({ days: 1 })) {
    const at = day.toZonedDateTime({ timeZone, plainTime: { hour } })
    const hadOne = lastDay !== null && Temporal.PlainDate.compare(day, lastDay) <= 0
    if (!hadOne && Temporal.Instant.compare(at.toInstant(), instant) > 0)
      return new Date(at.epochMilliseconds).toISOString()
  }
}

/** Pure: the day it is for them, as `2026-03-02`. */
export const dayOf = (now: string, timeZone: string): string =>
  Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate().toString()
