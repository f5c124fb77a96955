import type { AssetEnd } from '@evenkeel/contract/asset'
import { Temporal } from '../../kernel/time/temporal.ts'
import { says } from './asset.reasons.ts'
import type { Saying } from '../../kernel/language/saying.ts'

/** How long before an end its owner hears of it: time to ask for offers; with a notice period, time to decide before it begins. */
export const daysBefore = { ends_on: 90, warranty_until: 60, notice: 30 } as const

export type EndAttribute = 'ends_on' | 'warranty_until'

export type Ending = {
  readonly attribute: EndAttribute
  readonly day: string
  /** Of contracts: days before the end by which notice has to be given, where that is needed. */
  readonly noticeDays: number | null
  readonly automatic: boolean
}

const plus = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString()

/** The last day on which notice counts; null where nobody has to give any. */
export const noticeBy = ({ day, noticeDays }: Pick<Ending, 'day' | 'noticeDays'>): string | null =>
  noticeDays === null || noticeDays < 0 ? null : plus(day, -Math.trunc(noticeDays))

/** The first day on which the owner is told. */
export const tellFrom = (ending: Ending): string => {
  const plain = plus(ending.day, -daysBefore[ending.attribute])
  const by = noticeBy(ending)
  if (by === null) return plain
  const early = plus(by, -daysBefore.notice)
  return early < plain ? early : plain
}

/** The day it is at an instant where the organization is. */
export const dayAt = (instant: string, zone: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString()

/** Pure: where something stands on a day. */
export const endOn = (ending: Ending, startsOn: string | null, today: string, language: string): AssetEnd => {
  const { day } = ending
  const [by, from] = [noticeBy(ending), tellFrom(ending)]
  const status =
    today > day ? 'over' : startsOn !== null && today < startsOn ? 'not_yet' : today >= from ? 'soon' : 'runs'
  return { day, noticeBy: by, tellFrom: from, status, sentence: sentenceOf(ending, by, today).in(language) }
}

export const openEnd = (startsOn: string | null, today: string, language: string): AssetEnd => ({
  day: null,
  noticeBy: null,
  tellFrom: null,
  status: startsOn !== null && today < startsOn ? 'not_yet' : 'runs',
  sentence: says('end.open').in(language),
})

/** Said on a page, in a notification and in a mail alike. */
export const sentenceOf = (ending: Ending, by: string | null, today: string): Saying => {
  const { day, automatic, attribute } = ending
  const on = dayIn(day)
  if (today > day) return says(attribute === 'warranty_until' ? 'warranty.over' : 'end.over', { day: on })
  if (attribute === 'warranty_until') return says('warranty.until', { day: on })
  if (by === null) return says(automatic ? 'end.renews' : 'end.ends', { day: on })
  if (today > by) return says(automatic ? 'end.noticeGone' : 'end.ends', { day: on, by: dayIn(by) })
  return says(automatic ? 'end.renewsUnless' : 'end.endsNotice', { day: on, by: dayIn(by) })
}

/** A day as people read it, in the language it is read in. */
export const dayIn = (day: string): Saying => ({
  key: '',
  in: (language) =>
    Temporal.PlainDate.from(day).toLocaleString(language === 'en' ? 'en-GB' : language, {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    }),
})
