import { z } from 'zod'
import { parseCalendar, roundTheClock, type Calendar } from '../../kernel/time/calendar.ts'
import { definePolicy } from '../../platform/policy/policy.ts'

const CalendarDocument: z.ZodType<Calendar> = z.unknown().transform((value, context) => {
  const parsed = parseCalendar(value)
  if (parsed.ok) return parsed.calendar
  for (const fault of parsed.faults)
    context.addIssue({ code: 'custom', message: fault.reason, path: fault.path.split('/').slice(1) })
  return z.NEVER
})

/** Working hours, each calendar under a name of its own; teams point at one. */
export const calendarPolicy = definePolicy<Calendar>({
  kind: 'calendar',
  title: 'Working hours',
  schema: CalendarDocument,
  initial: roundTheClock('UTC'),
})
