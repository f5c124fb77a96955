import { Temporal } from '../../kernel/time/temporal.ts'
import { workingTime } from '../../kernel/time/working-time.ts'
import type { Round, Segment } from '../../kernel/clock/clock.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { promiseOf } from './service-level.agreed.ts'
import type { Holder, MeasuredKind } from './service-level.measured.ts'
import { marksOf, replay, type SlotClocks } from './service-level.replay.ts'
import { clockEntries, wordsToSay } from './service-level.said.ts'
import { agreedIn, entriesOf } from './service-level.source.ts'

/**
 * As long after a deadline it is said to be missed: a command that began before it may still be writing, and commands end within a second. The
 * instant of the miss is the deadline all the same.
 */
export const graceMilliseconds = 1000

/**
 * Folds the clocks of records anew from the journal, keeps what came of it, and says what was not said yet. Whoever does it, a reaction, a
 * timer, two at once: they take turns at each record, and the second finds everything said.
 */
export const keepClocks = async (tx: Tx, measured: MeasuredKind, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return
  const inOrder = [...new Set(ids)].toSorted()
  await tx.rows({
    name: 'clock_turn_at_records',
    text: 'select pg_advisory_xact_lock(hashtextextended(id, 120)) from unnest($1::text[]) as id',
    values: [inOrder],
  })
  const agreed = await agreedIn(tx, measured.fields)
  if (agreed === null) return
  const told = await entriesOf(tx, measured, inOrder)
  const until = Date.parse(tx.author.now) - graceMilliseconds
  const kept: { readonly id: string; readonly clocks: readonly SlotClocks[] }[] = []
  for (const id of inOrder) {
    const entries = told.get(id) ?? []
    const history = measured.momentsOf(entries)
    const last = history.at(-1)
    const clocks = replay(history, agreed, measured, Math.max(until, last?.at ?? until))
    kept.push({ id, clocks })
    for (const { type, data } of wordsToSay(clocks.flatMap(marksOf), entries))
      tx.journal({
        type: `${measured.kind}.${clockEntries[type]}`,
        subject: { kind: measured.kind, id },
        data,
      })
  }
  store(tx, inOrder, kept)
}

type Kept = { readonly id: string; readonly clocks: readonly SlotClocks[] }

const store = (tx: Tx, ids: readonly string[], kept: readonly Kept[]): void => {
  tx.send({
    name: 'clock_forget',
    text: 'delete from clock where tenant_id = $1 and record_id = any($2::uuid[])',
    values: [tx.tenantId, ids],
  })
  tx.send({
    name: 'clock_first_deadlines',
    text: `update record r set deadline_at = f.at
           from jsonb_to_recordset($2::jsonb) as f (id uuid, at timestamptz)
           where r.tenant_id = $1 and r.id = f.id and r.deadline_at is distinct from f.at`,
    values: [
      tx.tenantId,
      JSON.stringify(kept.map(({ id, clocks }) => ({ id, at: written(firstOf(clocks)) }))),
    ],
  })
  const rows = kept.flatMap(({ id, clocks }) =>
    clocks.flatMap((of) => of.rounds.map((round) => ({ id, of, round }))),
  )
  if (rows.length === 0) return
  tx.send({
    name: 'clock_keep',
    text: `insert into clock (tenant_id, record_id, slot, round, agreement, version, phase, phase_since, started_at, missed_at, deadline_at,
             next_due_at, elapsed_ms, folded_to)
           select $1, c.record_id, c.slot, c.round, c.agreement, c.version, c.phase, c.phase_since, c.started_at, c.missed_at, c.deadline_at,
             c.next_due_at, c.elapsed_ms, c.folded_to
           from jsonb_to_recordset($2::jsonb) as c (record_id uuid, slot text, round integer, agreement text, version integer, phase text,
             phase_since timestamptz, started_at timestamptz, missed_at timestamptz, deadline_at timestamptz, next_due_at timestamptz,
             elapsed_ms bigint, folded_to timestamptz)
           where exists (select from record r where r.tenant_id = $1 and r.id = c.record_id)`,
    values: [tx.tenantId, JSON.stringify(rows.map(({ id, of, round }) => clockRow(id, of, round)))],
  })
  tx.send({
    name: 'clock_segments_keep',
    text: `insert into clock_segment (tenant_id, record_id, slot, round, place, during, phase, holder, team_id, working_ms)
           select $1, s.record_id, s.slot, s.round, s.place, tstzrange(s.from_at, s.to_at), s.phase, s.holder, s.team_id, s.working_ms
           from jsonb_to_recordset($2::jsonb) as s (record_id uuid, slot text, round integer, place integer, from_at timestamptz,
             to_at timestamptz, phase text, holder text, team_id uuid, working_ms bigint)
           where exists (select from clock c where c.tenant_id = $1 and c.record_id = s.record_id)`,
    values: [
      tx.tenantId,
      JSON.stringify(
        rows.flatMap(({ id, of, round }) =>
          round.segments.map((segment, place) => segmentRow(id, of, round, segment, place)),
        ),
      ),
    ],
  })
}

const firstOf = (clocks: readonly SlotClocks[]): number | null => {
  const deadlines = clocks.flatMap(({ runsOutAt }) => runsOutAt ?? [])
  return deadlines.length === 0 ? null : Math.min(...deadlines)
}

const written = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const clockRow = (id: string, { slot, rounds, runsOutAt, nextDueAt }: SlotClocks, round: Round<Holder>) => {
  const { agreement, version } = promiseOf(round.terms)
  const isLast = round === rounds.at(-1)
  return {
    record_id: id,
    slot,
    round: round.number,
    agreement: agreement.id,
    version,
    phase: round.phase,
    phase_since: written(round.since.at),
    started_at: written(round.startedAt),
    missed_at: written(round.missedAt),
    deadline_at: isLast ? written(runsOutAt) : null,
    next_due_at: isLast ? written(nextDueAt) : null,
    elapsed_ms: round.elapsed,
    folded_to: written(Math.max(round.upTo, round.since.at)),
  }
}

const segmentRow = (
  id: string,
  { slot }: SlotClocks,
  round: Round<Holder>,
  { from, to, phase, holder, calendar }: Segment<Holder>,
  place: number,
) => ({
  record_id: id,
  slot,
  round: round.number,
  place,
  from_at: written(from),
  to_at: written(to),
  phase,
  holder: holder.is,
  team_id: holder.teamId,
  working_ms: workingTime(calendar, instant(from), instant(to)),
})

const instant = (at: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(at)
