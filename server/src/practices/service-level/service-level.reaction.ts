import type { Reaction } from '../../platform/journal/reactions.ts'
import type { MeasuredKind } from './service-level.measured.ts'
import { calendarPolicy } from './calendar.policy.ts'
import { keepClocks } from './service-level.keep.ts'
import { serviceLevelPolicy } from './service-level.policy.ts'

const agreements = [serviceLevelPolicy.kind, calendarPolicy.kind]

/**
 * Keeps the clocks of records whose entries may change them. A version of agreements or calendars is a turn of all open records: now, for
 * deadlines look ahead, and when it begins.
 */
export const clockReaction = (kinds: readonly MeasuredKind[]): Reaction => ({
  name: 'keep_clocks',
  alsoCarried: true,
  to: [...kinds.map(({ kind }) => `${kind}.`), 'policy.published'],
  react: async (tx, entries) => {
    for (const { type, data } of entries) {
      if (type !== 'policy.published' || !agreements.some((kind) => kind === data['kind'])) continue
      const begins = typeof data['effectiveFrom'] === 'string' ? data['effectiveFrom'] : tx.author.now
      tx.send({
        name: 'clock_turn_add',
        text: `insert into clock_turn (tenant_id, at) select $1, at from unnest($2::timestamptz[]) as at
               on conflict (tenant_id, at) do update set after_id = null`,
        values: [tx.tenantId, [...new Set([begins, tx.author.now])]],
      })
    }
    for (const measured of kinds) {
      const moved = entries.filter((entry) => entry.subject_kind === measured.kind && measured.moves(entry))
      await keepClocks(
        tx,
        measured,
        moved.map((entry) => entry.subject_id),
      )
    }
  },
})
