import type { PolicyPreview } from '@evenkeel/contract/policy'
import type { ServiceLevels } from '@evenkeel/contract/service-level'
import { verdictOf } from '../../kernel/clock/clock.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { policyHistory, policyInForce } from '../../platform/policy/policy.ts'
import { offerPolicy, type PolicyOffer } from '../../platform/policy/policy.routes.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { serviceDirectory } from '../configuration/index.ts'
import { calendarPolicy } from './calendar.policy.ts'
import { offeredBy, type Agreed } from './service-level.agreed.ts'
import { groundsAgainst } from './service-level.check.ts'
import type { MeasuredKind } from './service-level.measured.ts'
import { serviceLevelPolicy } from './service-level.policy.ts'
import { says } from './service-level.reasons.ts'
import { replay, type SlotClocks } from './service-level.replay.ts'
import { entriesOf } from './service-level.source.ts'

const mostExamples = 50
const together = 200

/** Agreements as administration offers them: refused with their traps, and tried on the last records before they are published. */
export const serviceLevelOffer = (measured: MeasuredKind): PolicyOffer =>
  offerPolicy(serviceLevelPolicy, (database, caller, document, last) =>
    preview(database, caller, measured, document, last),
  )

const preview = async (
  database: Database,
  caller: Caller,
  measured: MeasuredKind,
  document: ServiceLevels,
  last: number,
): Promise<PolicyPreview> => {
  const { tenantId, now, language } = caller
  const [services, current] = await Promise.all([
    serviceDirectory(database, tenantId),
    policyInForce(database, tenantId, serviceLevelPolicy, now),
  ])
  return read(database, tenantId, async (q) => {
    const calendars = await policyHistory(q, calendarPolicy)
    const grounds = groundsAgainst(document, measured, {
      serviceIds: new Set(services.keys()),
      calendars: new Set(calendars.map(({ name }) => name)),
    })
    if (grounds.length > 0) throw new Refusal('invalid', grounds)
    // Both are tried as if they had been agreed all along, with calendars as they are now: what differs is what the agreements say.
    const inForce = new Map(
      calendars
        .filter(({ effectiveFrom }) => effectiveFrom <= now)
        .map(({ name, document: calendar }) => [name, [{ from: 0, calendar }]]),
    )
    const allAlong = (agreements: ServiceLevels, version: number): Agreed => ({
      versions: [{ from: 0, offered: offeredBy(agreements, version, measured.fields) }],
      calendars: inForce,
    })
    const [before, after] = [
      allAlong(current.document, current.version),
      allAlong(document, current.version + 1),
    ]
    const records = await lastRecords(q, measured, last)
    const examples: PolicyPreview['examples'] = []
    let [changed, more, fewer] = [0, 0, 0]
    for (let at = 0; at < records.length; at += together) {
      const some = records.slice(at, at + together)
      const told = await entriesOf(
        q,
        measured,
        some.map(({ id }) => id),
      )
      for (const record of some) {
        const history = measured.momentsOf(told.get(record.id) ?? [])
        const [was, would] = [before, after].map((agreed) =>
          replay(history, agreed, measured, Date.parse(now)),
        )
        if (was === undefined || would === undefined || outcome(was) === outcome(would)) continue
        changed += 1
        const difference = missesIn(would) - missesIn(was)
        if (difference > 0) more += difference
        else fewer -= difference
        if (examples.length < mostExamples)
          examples.push({ ...record, before: inWords(was, language), after: inWords(would, language) })
      }
    }
    const counts = { examined: String(records.length), changed: String(changed) }
    return {
      sentence: says('preview.sentence', { ...counts, more: String(more), fewer: String(fewer) }).in(
        language,
      ),
      examined: records.length,
      changed,
      examples,
    }
  })
}

const lastRecords = (
  q: Reader,
  { kind }: MeasuredKind,
  last: number,
): Promise<{ id: string; number: string; title: string }[]> =>
  q.rows({
    name: 'service_level_last_records',
    text: `select id, number, title from record where tenant_id = $1 and kind = $2 order by created_at desc, id desc limit $3`,
    values: [q.tenantId, kind, last],
  })

const outcome = (clocks: readonly SlotClocks[]): string =>
  clocks
    .map(({ slot, rounds }) => `${slot}: ${rounds.map(verdictOf).join(' ')}`)
    .toSorted((one, other) => (one < other ? -1 : 1))
    .join('; ')

const missesIn = (clocks: readonly SlotClocks[]): number =>
  clocks.flatMap(({ rounds }) => rounds).filter((round) => verdictOf(round) === 'missed').length

const inWords = (clocks: readonly SlotClocks[], language: string): string => {
  const words = clocks.flatMap(({ slot, rounds }) => {
    const measures = (['response', 'update', 'resolution', 'assignment'] as const).find((one) =>
      slot.endsWith(`/${one}`),
    )
    return measures === undefined
      ? []
      : rounds.map((round) =>
          says('preview.one', {
            measure: says(`measure.${measures}`),
            verdict: says(`verdict.${verdictOf(round)}`),
          }).in(language),
        )
  })
  return words.length === 0 ? says('preview.none').in(language) : words.join(', ')
}
