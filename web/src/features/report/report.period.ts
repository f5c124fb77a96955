import { wallOf } from '../../language/time.ts'

/** Stretches of days that people ask for; `own` is whatever two days were chosen. */
export const periods = ['week', 'month', 'quarter', 'this_month', 'last_month', 'own'] as const
export type Period = (typeof periods)[number]

/** A report as its address says it; what is missing is as usual. */
export type ReportSearch = {
  readonly show?: 'holds' | undefined
  readonly period?: Period | undefined
  /** Days, both inside: `2026-03-01`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Narrows further, as in the list. */
  readonly q?: string | undefined
}

export type Days = { readonly from: string; readonly to: string }

const dayForm = /^\d{4}-\d{2}-\d{2}$/
const isDay = (text: unknown): text is string =>
  typeof text === 'string' && dayForm.test(text) && !Number.isNaN(Date.parse(text))

export const readReportSearch = (search: Readonly<Record<string, unknown>>): ReportSearch => {
  const period = periods.find((one) => one === search['period'])
  const { from, to, q } = search
  return {
    ...(search['show'] === 'holds' ? { show: 'holds' } : {}),
    ...(period === undefined ? {} : { period }),
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
    ...(typeof q === 'string' && q.trim() !== '' ? { q } : {}),
  }
}

const dayMilliseconds = 86_400_000
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const daysBack = { week: 6, month: 29, quarter: 89 } as const

/** Pure: the days that a period stands for, today among them, on the clocks of the reader. */
export const daysOf = ({ period = 'month', from, to }: ReportSearch, now: number, timeZone: string): Days => {
  const today = wallOf(now, timeZone).slice(0, 10)
  const year = Number(today.slice(0, 4))
  const month = Number(today.slice(5, 7)) - 1
  switch (period) {
    case 'own': {
      const days = [from ?? to ?? today, to ?? today].toSorted()
      return { from: days[0] ?? today, to: days[1] ?? today }
    }
    case 'this_month':
      return { from: `${today.slice(0, 7)}-01`, to: today }
    case 'last_month':
      return { from: dayOf(Date.UTC(year, month - 1, 1)), to: dayOf(Date.UTC(year, month, 0)) }
    default:
      return { from: dayOf(Date.parse(today) - daysBack[period] * dayMilliseconds), to: today }
  }
}

/** The incidents a report is about, as one would type it into the list's filter. */
export const filterOf = ({ from, to }: Days, q = ''): string => {
  const days = `created:>=${from} created:<=${to}`
  // What is joined with `or` stays together.
  return q.trim() === '' ? days : `${days} (${q.trim()})`
}

/** A value in the filter's own language. */
const quoted = (name: string): string => `"${name.replaceAll('"', '')}"`

/** How a filter speaks of a team: by a name that stands for it alone, else by its id. */
export const teamIn = (
  team: { readonly id: string; readonly name: string },
  known: readonly { readonly id: string; readonly name: string }[],
): string => {
  const lower = team.name.toLowerCase()
  const [found, another] = known.filter(({ name }) => name.toLowerCase() === lower)
  return found?.id === team.id && another === undefined ? quoted(team.name) : team.id
}
