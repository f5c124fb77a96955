import type { Filter } from '@evenkeel/contract/filter'
import type { AgreedClock, Agreement, ServiceLevels } from '@evenkeel/contract/service-level'
import { trapsIn } from '../../kernel/clock/traps.ts'
import { bindFilter, type Bound } from '../../kernel/filter/bind.ts'
import type { Fields } from '../../kernel/filter/fields.ts'
import { faultSaying } from '../../kernel/filter/language.ts'
import type { Ground } from '../../kernel/refusal.ts'
import type { MeasuredKind } from './service-level.measured.ts'
import { says } from './service-level.reasons.ts'

/** What agreements may speak of, beside the fields of records. */
type Known = { readonly serviceIds: ReadonlySet<string>; readonly calendars: ReadonlySet<string> }

const conditionNames = ['start', 'pause', 'resume', 'stop', 'reset', 'cancel'] as const

/** Everything that is wrong with agreements beyond their shape: what does not exist, and traps, each where it is. */
export const groundsAgainst = (
  { agreements }: ServiceLevels,
  measured: Pick<MeasuredKind, 'fields' | 'always'>,
  known: Known,
): readonly Ground[] => {
  const grounds: Ground[] = []
  for (const [place, agreement] of agreements.entries()) {
    const field = `document.agreements.${place}`
    if (agreements.findIndex(({ id }) => id === agreement.id) < place)
      grounds.push({
        code: 'id',
        field: `${field}.id`,
        message: says('agreement.sameId', { id: agreement.id }),
      })
    for (const [at, clock] of agreement.clocks.entries()) {
      const where = `${field}.clocks.${at}`
      if (agreement.clocks.findIndex(({ measures }) => measures === clock.measures) < at) {
        const what = says(`measure.${clock.measures}`)
        grounds.push({
          code: 'measures',
          field: `${where}.measures`,
          message: says('agreement.sameMeasure', { what }),
        })
      }
      grounds.push(...unknownIn(clock, where, known), ...lackingIn(clock, where))
      grounds.push(...faultsIn(agreement, clock, field, where, measured))
    }
  }
  return grounds
}

const unknownIn = (
  clock: AgreedClock,
  where: string,
  { serviceIds, calendars }: Known,
): readonly Ground[] => [
  ...(clock.calendar === null || calendars.has(clock.calendar)
    ? []
    : [
        {
          code: 'calendar',
          field: `${where}.calendar`,
          message: says('agreement.calendar', { name: clock.calendar }),
        },
      ]),
  ...clock.targets.flatMap((line, place) =>
    line.serviceIds
      .filter((id) => !serviceIds.has(id))
      .map((id) => ({
        code: 'service',
        field: `${where}.targets.${place}.serviceIds`,
        message: says('agreement.service', { id }),
      })),
  ),
]

const lackingIn = (clock: AgreedClock, where: string): readonly Ground[] => [
  ...(clock.measures === 'update' && clock.reset === null
    ? [{ code: 'reset', field: `${where}.reset`, message: says('condition.reset') }]
    : []),
  ...(clock.resumes === 'on_condition' && clock.resume === null
    ? [{ code: 'resume', field: `${where}.resume`, message: says('condition.resume') }]
    : []),
]

/** Conditions that cannot be understood; where all can, the traps in them. */
const faultsIn = (
  agreement: Agreement,
  clock: AgreedClock,
  field: string,
  where: string,
  { fields, always }: Pick<MeasuredKind, 'fields' | 'always'>,
): readonly Ground[] => {
  const read = (filter: Filter | null, at: string) => boundOf(filter, fields, at)
  const when = read(agreement.when, `${field}.when`)
  const conditions = {
    start: read(clock.start, `${where}.start`),
    pause: read(clock.pause, `${where}.pause`),
    resume: read(clock.resume, `${where}.resume`),
    stop: read(clock.stop, `${where}.stop`),
    reset: read(clock.reset, `${where}.reset`),
    cancel: read(clock.cancel, `${where}.cancel`),
  }
  const unread = [when, ...conditionNames.map((name) => conditions[name])].flatMap(({ grounds }) => grounds)
  if (unread.length > 0 || when.bound === null) return unread
  const found = trapsIn({
    when: when.bound,
    conditions: {
      start: conditions.start.bound,
      pause: conditions.pause.bound,
      resume: conditions.resume.bound,
      stop: conditions.stop.bound,
      reset: conditions.reset.bound,
      cancel: conditions.cancel.bound,
    },
    rules: clock,
    always: always.flatMap((filter) => boundOf(filter, fields, '').bound ?? []),
  })
  return (found ?? []).map((trap) => ({ code: trap, field: where, message: says(`trap.${trap}`) }))
}

const boundOf = (
  filter: Filter | null,
  fields: Fields,
  field: string,
): { readonly bound: Bound | null; readonly grounds: readonly Ground[] } => {
  if (filter === null) return { bound: null, grounds: [] }
  const binding = bindFilter(filter, fields)
  if (binding.ok) return { bound: binding.bound, grounds: [] }
  return {
    bound: null,
    grounds: binding.faults.map((fault) => ({ code: 'filter', field, message: faultSaying(fault) })),
  }
}
