import type { LicenseMetric } from '@evenkeel/contract/asset'
import type { Saying } from '../../kernel/language/saying.ts'
import { dayIn } from './asset.end.ts'
import { says } from './asset.reasons.ts'

// What licenses allow against what is installed. Pure: the same function for now and for any other two times.

export type License = {
  readonly id: string
  readonly metric: LicenseMetric
  readonly quantity: number
  readonly startsOn: string | null
  readonly endsOn: string | null
  /** Why its state keeps it from counting; null when it does not. */
  readonly barred: Saying | null
}

/** One installation: the device, who uses it, how many cores it has. */
export type Installed = {
  readonly id: string
  readonly usedBy: string | null
  readonly cores: number | null
  readonly barred: Saying | null
}

export type Position = {
  readonly metric: LicenseMetric
  readonly entitled: number
  readonly used: number
  readonly balance: number
  readonly standing: 'under' | 'exact' | 'over'
  readonly entitledSentence: Saying
  readonly usedSentence: Saying
  readonly doubt: Saying | null
  readonly licenses: readonly { readonly id: string; readonly counts: boolean; readonly sentence: Saying }[]
  readonly uses: readonly {
    readonly id: string
    readonly counts: boolean
    readonly adds: number
    readonly sentence: Saying
  }[]
}

/** A position for each metric that its licenses have; per device when there is none. */
export const positionsOf = (
  licenses: readonly License[],
  installed: readonly Installed[],
  day: string,
): readonly Position[] => {
  const metrics = [...new Set(licenses.map(({ metric }) => metric))].toSorted()
  return (metrics.length === 0 ? (['device'] as const) : metrics).map((metric) =>
    positionOf(
      metric,
      licenses.filter((one) => one.metric === metric),
      installed,
      day,
    ),
  )
}

const positionOf = (
  metric: LicenseMetric,
  licenses: readonly License[],
  installed: readonly Installed[],
  day: string,
): Position => {
  const ours = licenses.map((one) => {
    const no = whyNot(one, day)
    return {
      id: one.id,
      quantity: one.quantity,
      counts: no === null,
      sentence: no ?? says('license.counts', { quantity: one.quantity }),
    }
  })
  const counted = ours.filter(({ counts }) => counts)
  const entitled = counted.reduce((sum, { quantity }) => sum + quantity, 0)
  const uses = usesOf(metric, installed)
  const used = uses.reduce((sum, { adds }) => sum + adds, 0)
  const counting = installed.filter(({ barred }) => barred === null)
  const balance = entitled - used
  return {
    metric,
    entitled,
    used,
    balance,
    standing: balance < 0 ? 'under' : balance === 0 ? 'exact' : 'over',
    entitledSentence:
      counted.length === 0
        ? says('license.none', { day: dayIn(day) })
        : says('license.entitled', { count: counted.length, day: dayIn(day) }),
    usedSentence: usedSentence(metric, counting.length, used),
    doubt: doubtOf(metric, counting),
    licenses: ours.map(({ id, counts, sentence }) => ({ id, counts, sentence })),
    uses,
  }
}

const whyNot = ({ startsOn, endsOn, barred }: License, day: string): Saying | null => {
  if (barred !== null) return says('license.state', { state: barred })
  if (startsOn !== null && day < startsOn) return says('license.notYet', { day: dayIn(startsOn) })
  // Its last day is one of its days.
  if (endsOn !== null && day > endsOn) return says('license.over', { day: dayIn(endsOn) })
  return null
}

const usesOf = (metric: LicenseMetric, installed: readonly Installed[]): Position['uses'] => {
  const known = new Set<string>()
  return installed.map(({ id, usedBy, cores, barred }) => {
    if (barred !== null)
      return { id, counts: false, adds: 0, sentence: says('used.state', { state: barred }) }
    if (metric === 'user' && usedBy !== null) {
      if (known.has(usedBy)) return { id, counts: true, adds: 0, sentence: says('used.known') }
      known.add(usedBy)
    }
    const adds = metric === 'core' ? (cores ?? 0) : 1
    return { id, counts: true, adds, sentence: says('used.one', { adds }) }
  })
}

const usedSentence = (metric: LicenseMetric, count: number, used: number): Saying => {
  if (count === 0) return says('used.none')
  if (metric === 'user') return says('used.user', { count, users: used })
  return metric === 'core' ? says('used.core', { count }) : says('used.device', { count })
}

const doubtOf = (metric: LicenseMetric, counting: readonly Installed[]): Saying | null => {
  if (metric === 'core') {
    const count = counting.filter(({ cores }) => cores === null).length
    return count === 0 ? null : says('doubt.cores', { count })
  }
  if (metric === 'user') {
    const count = counting.filter(({ usedBy }) => usedBy === null).length
    return count === 0 ? null : says('doubt.users', { count })
  }
  return null
}
