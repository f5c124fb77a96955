import { isJsonObject } from '../../kernel/evidence/canonical-json.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import type { Reaction } from '../../platform/journal/reactions.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { pathOf } from './insight.activities.ts'
import { wayOf, type Step, type Told, type Way } from './insight.fold.ts'

const beginnings = new Set(['incident.raised', 'incident.imported', 'incident.routed'])

/** Says where the incident is: a beginning, or a change of its state or team. */
const tellsOfWay = ({ type, data: { changes } }: Pick<StoredEntry, 'type' | 'data'>): boolean =>
  beginnings.has(type) ||
  (isJsonObject(changes) && ['state', 'team_id', 'teamId'].some((name) => Object.hasOwn(changes, name)))

/**
 * Folds incidents again whose way an entry tells of. An entry that comes twice, or out of the past, therefore changes nothing that the
 * journal does not say.
 */
export const insightReaction: Reaction = {
  name: 'fold_ways',
  alsoCarried: true,
  to: ['incident.'],
  react: async (tx, entries) => {
    const told = entries.filter(tellsOfWay)
    await foldAgain(
      tx,
      told.map(({ subject_id: id }) => id),
    )
    if (told.length >= manyTogether)
      tx.send({ name: 'insight_count_anew', text: 'select count_insight_anew()', values: [] })
  },
}

/** So many at once are a past that is brought in, or the first reading of a journal: the planner has to hear of it. */
const manyTogether = 50

// What travels in one statement stays well below a megabyte.
const foldedTogether = 500

export const foldAgain = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  const wanted = [...new Set(ids)]
  for (let at = 0; at < wanted.length; at += foldedTogether) {
    const some = wanted.slice(at, at + foldedTogether)
    const told = await entriesOf(tx, some)
    const ways = some.flatMap((id): [string, Way][] => {
      const way = wayOf(told.get(id) ?? [])
      return way === null ? [] : [[id, way]]
    })
    store(tx, some, ways)
  }
}

const entriesOf = async (q: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Told[]>> => {
  const rows = await q.rows<Told & { readonly subject_id: string }>({
    name: 'insight_entries',
    text: `select j.subject_id, j.id, j.at, j.type,
             jsonb_build_object('version', j.data->'version', 'state', j.data->'state', 'teamId', j.data->'teamId', 'undoes', j.data->'undoes',
               'changes', jsonb_build_object('state', j.data->'changes'->'state',
                 'team_id', coalesce(j.data->'changes'->'team_id', j.data->'changes'->'teamId'))) as data
           from journal j
           where j.tenant_id = $1 and j.subject_id = any($2::uuid[])
             and (j.type in ('incident.raised', 'incident.imported', 'incident.routed') or j.data->'changes' ?| array['state', 'team_id', 'teamId'])`,
    values: [q.tenantId, ids],
  })
  return Map.groupBy(rows, (row) => row.subject_id)
}

const store = (tx: Tx, ids: readonly string[], ways: readonly (readonly [string, Way])[]): void => {
  tx.send({
    name: 'insight_forget',
    text: 'delete from insight_case where tenant_id = $1 and record_id = any($2::uuid[])',
    values: [tx.tenantId, ids],
  })
  if (ways.length === 0) return
  // Whose record is not there (an entry alone, in a journal that was cut) has no way that could be shown.
  tx.send({
    name: 'insight_cases',
    text: `insert into insight_case (tenant_id, record_id, begun_at, last_at, state, path, states)
           select $1, w.record_id, w.begun_at, w.last_at, w.state, w.path, w.states
           from jsonb_to_recordset($2::jsonb) as w (record_id uuid, begun_at timestamptz, last_at timestamptz, state text, path text, states text)
           where exists (select from record r where r.tenant_id = $1 and r.id = w.record_id)`,
    values: [tx.tenantId, JSON.stringify(ways.map(([id, way]) => caseRow(id, way)))],
  })
  tx.send({
    name: 'insight_steps',
    text: `insert into insight_step (tenant_id, record_id, place, entry_id, at, activity, before, seconds, state_before, state_seconds,
             team_id, team_before, away_seconds)
           select $1, s.record_id, s.place, s.entry_id, s.at, s.activity, s.before, s.seconds, s.state_before, s.state_seconds,
             s.team_id, s.team_before, s.away_seconds
           from jsonb_to_recordset($2::jsonb) as s (record_id uuid, place integer, entry_id uuid, at timestamptz, activity text, before text,
             seconds double precision, state_before text, state_seconds double precision, team_id uuid, team_before uuid,
             away_seconds double precision)
           where exists (select from insight_case c where c.tenant_id = $1 and c.record_id = s.record_id)`,
    values: [
      tx.tenantId,
      JSON.stringify(ways.flatMap(([id, { steps }]) => steps.map((step, place) => stepRow(id, step, place)))),
    ],
  })
}

const caseRow = (recordId: string, { state, steps }: Way) => ({
  record_id: recordId,
  begun_at: steps[0]?.at,
  last_at: steps.at(-1)?.at,
  state,
  path: pathOf(steps.map(({ activity }) => activity)),
  states: pathOf(steps.flatMap(({ activity }) => (activity === 'handed_over' ? [] : [activity]))),
})

const stepRow = (recordId: string, step: Step, place: number) => ({
  record_id: recordId,
  place,
  entry_id: step.entryId,
  at: step.at,
  activity: step.activity,
  before: step.before,
  seconds: step.seconds,
  state_before: step.stateBefore,
  state_seconds: step.stateSeconds,
  team_id: step.teamId,
  team_before: step.teamBefore,
  away_seconds: step.awaySeconds,
})
