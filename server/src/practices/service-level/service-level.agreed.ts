import type { ClockMeasure } from '@evenkeel/contract/choices'
import type { AgreedClock, Agreement, AgreementKind, ServiceLevels } from '@evenkeel/contract/service-level'
import type { Filter } from '@evenkeel/contract/filter'
import type { Conditions, Terms } from '../../kernel/clock/clock.ts'
import { bindFilter } from '../../kernel/filter/bind.ts'
import type { FilterContext } from '../../kernel/filter/context.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { predicateOf, type Predicate } from '../../kernel/filter/predicate.ts'
import { roundTheClock, type Calendar } from '../../kernel/time/calendar.ts'
import { Temporal } from '../../kernel/time/temporal.ts'
import type { RecordMoment } from './service-level.measured.ts'

/** Whose clock it is and what it measures: a record has one clock for each. */
export type Slot = `${AgreementKind}/${ClockMeasure}`

/** What one agreement promises, its conditions understood. */
type Offer = {
  readonly agreement: Agreement
  readonly clock: AgreedClock
  readonly version: number
  readonly fits: Predicate
  readonly conditions: { readonly [condition in keyof Conditions]: Predicate }
}

/** A version of the agreements: what is offered in each slot, in the order of precedence. */
export type Offered = ReadonlyMap<Slot, readonly Offer[]>

/** Everything that was and will be agreed, by when it begins, in milliseconds. */
export type Agreed = {
  /** The first version first: in force is the last one whose time has come. */
  readonly versions: readonly { readonly from: number; readonly offered: Offered }[]
  readonly calendars: ReadonlyMap<string, readonly { readonly from: number; readonly calendar: Calendar }[]>
}

/** Conditions that these fields cannot answer hold for nothing: publishing refuses them. */
export const offeredBy = (document: ServiceLevels, version: number, fields: Fields): Offered => {
  const offers = document.agreements.flatMap((agreement) =>
    agreement.clocks.map((clock): readonly [Slot, Offer] => [
      `${agreement.kind}/${clock.measures}`,
      {
        agreement,
        clock,
        version,
        fits: understood(agreement.when, fields),
        conditions: {
          start: understood(clock.start, fields),
          pause: understood(clock.pause, fields),
          resume: understood(clock.resume, fields),
          stop: understood(clock.stop, fields),
          reset: understood(clock.reset, fields),
          cancel: understood(clock.cancel, fields),
        },
      },
    ]),
  )
  return new Map(
    [...Map.groupBy(offers, ([slot]) => slot)].map(([slot, of]) => [slot, of.map(([, offer]) => offer)]),
  )
}

const understood = (filter: Filter | null, fields: Fields): Predicate => {
  if (filter === null) return () => false
  const binding = bindFilter(filter, fields)
  return binding.ok ? predicateOf(binding.bound) : () => false
}

/** Agreements hold for everybody alike and at every time alike. */
const noContext: FilterContext = {
  me: undefined,
  myTeams: [],
  now: Temporal.Instant.fromEpochMilliseconds(0),
  zone: 'UTC',
}

/** Which agreement promises what to a record in a slot, and what fits as well but stands below it. */
export type Choice = {
  readonly terms: Terms
  readonly conditions: Conditions
  readonly below: readonly string[]
}

/** What a promise was made by; terms are one object for one promise. */
export type Promised = {
  readonly agreement: Agreement
  readonly version: number
  readonly calendarName: string | null
}

const promises = new WeakMap<Terms, Promised>()

/** Whose promise these terms are. */
export const promiseOf = (terms: Terms): Promised => {
  const promised = promises.get(terms)
  if (promised === undefined) throw new TypeError('These terms are nobody’s promise.')
  return promised
}

/** The first agreement that fits the record and has a target for it. */
export const choose = (
  agreed: Agreed,
  slot: Slot,
  { at, facts, priority, serviceId }: RecordMoment,
): Choice | null => {
  const offers = agreed.versions.findLast(({ from }) => from <= at)?.offered.get(slot) ?? []
  const fitting = offers.flatMap((offer) => {
    if (!offer.fits(facts, noContext)) return []
    const line = offer.clock.targets.findIndex(
      ({ priorities, serviceIds }) =>
        (priorities.length === 0 || priorities.includes(priority)) &&
        (serviceIds.length === 0 || (serviceId !== null && serviceIds.includes(serviceId))),
    )
    return line === -1 ? [] : [{ offer, line }]
  })
  const [first, ...others] = fitting
  if (first === undefined) return null
  const { conditions } = first.offer
  return {
    terms: termsOf(agreed, first.offer, first.line, at),
    conditions: {
      start: conditions.start(facts, noContext),
      pause: conditions.pause(facts, noContext),
      resume: conditions.resume(facts, noContext),
      stop: conditions.stop(facts, noContext),
      reset: conditions.reset(facts, noContext),
      cancel: conditions.cancel(facts, noContext),
    },
    below: others.map(({ offer }) => offer.agreement.name),
  }
}

const always = roundTheClock('UTC')

const calendarAt = ({ calendars }: Agreed, name: string | null, at: number): Calendar =>
  name === null ? always : (calendars.get(name)?.findLast(({ from }) => from <= at)?.calendar ?? always)

// One promise is one object, so that nothing is priced again that did not change.
const made = new WeakMap<Offer, Map<number, Map<Calendar, Terms>>>()

const termsOf = (agreed: Agreed, offer: Offer, line: number, at: number): Terms => {
  const { agreement, clock, version } = offer
  const calendar = calendarAt(agreed, clock.calendar, at)
  const ofOffer = made.get(offer) ?? new Map<number, Map<Calendar, Terms>>()
  made.set(offer, ofOffer)
  const ofLine = ofOffer.get(line) ?? new Map<Calendar, Terms>()
  ofOffer.set(line, ofLine)
  const known = ofLine.get(calendar)
  if (known !== undefined) return known
  const time = clock.targets[line]?.time
  if (time === undefined) throw new TypeError('There is no such target.')
  const { begins, cancels, resumes, again, lengthened, warnings } = clock
  const terms: Terms = {
    target: time,
    calendar,
    warnings,
    rules: { begins, cancels, resumes, again, lengthened },
  }
  ofLine.set(calendar, terms)
  promises.set(terms, { agreement, version, calendarName: clock.calendar })
  return terms
}
