import type { Activity } from '@evenkeel/contract/insight'
import { readerZone, say } from '../../language/say.ts'
import { lasting } from '../../language/time.ts'
import type { Behind } from './insight.search.ts'

export const activityText = (activity: Activity): string =>
  activity === 'handed_over' ? say('insight.handedOver') : say(`incident.state.${activity}`)

export const whole = (value: number): string => new Intl.NumberFormat(readerZone().language).format(value)

/** A share as people read it: never 100 % or 0 % of what is not all or nothing. */
export const percent = (share: number): string => {
  const digits = share > 0 && share < 1 && (share < 0.01 || share > 0.99) ? 2 : 1
  const factor = 10 ** (digits + 2)
  const shown = share < 1 ? Math.floor(share * factor) / factor : share
  return new Intl.NumberFormat(readerZone().language, {
    style: 'percent',
    maximumFractionDigits: digits,
  }).format(shown === 0 && share > 0 ? 1 / factor : shown)
}

/** Seconds as people say them; a dash where nothing was measured. */
export const inWords = (seconds: number | null): string => {
  if (seconds === null) return '–'
  if (seconds > 0 && seconds < 60) return say('insight.underMinute')
  return lasting(seconds * 1000, readerZone().language)
}

/** `2026-03` as its reader writes months. */
export const monthText = (month: string): string =>
  new Intl.DateTimeFormat(readerZone().language, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01T00:00Z`),
  )

/** What a list of incidents stands behind, as its heading. */
export const behindTitle = (behind: Behind, steps: readonly Activity[] | undefined): string => {
  switch (behind.behind) {
    case 'all':
      return say('insight.behind.all')
    case 'fitting':
      return say('insight.behind.fitting')
    case 'bounced':
      return say('insight.behind.bounced')
    case 'variant':
      return steps === undefined ? say('insight.behind.way') : steps.map(activityText).join(' → ')
    case 'node':
      return activityText(behind.activity)
    case 'edge':
      return `${activityText(behind.fromStep)} → ${activityText(behind.toStep)}`
    case 'unfit':
      return behind.fromStep === undefined
        ? say('insight.beganAs', { state: activityText(behind.toStep) })
        : `${activityText(behind.fromStep)} → ${activityText(behind.toStep)}`
    case 'pair':
      return say('insight.behind.pair')
  }
}
