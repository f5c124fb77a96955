import type { Tx } from '../../platform/journal/write.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import { peopleInUse, teamsWithMembers, turnPeople, turnTeams } from '../people/index.ts'
import { turnServices } from '../configuration/index.ts'
import { importKindOf, type ImportKind } from './import.kind.ts'
import { clearRows, setBatch, type BatchRow, type TakenBack, type Thing } from './import.repo.ts'
import type { Turn } from './import.turn.ts'

const mostAtOnce = 500
const mostNamed = 100

/** After the end of a batch: what it made beside records goes with one that was taken back, and the rows of its file go in any case. */
export const tidyBatch = async (turn: Turn): Promise<void> => {
  const { mapping, started_at: startedAt } = turn.batch
  if (turn.batch.state === 'voided') {
    if (mapping !== null && startedAt !== null)
      while (await turn.step((tx, batch) => takeBackArrivals(tx, batch, importKindOf[mapping.kind])));
    // Services first, then the teams that support them, then people.
    for (const kind of ['service', 'team', 'person'] as const)
      while (await turn.step((tx, batch) => takeBackSome(tx, batch, kind)));
  }
  for (const table of ['import_row', 'import_record'] as const)
    while (!(await turn.step((tx) => clearRows(tx, turn.batchId, table))));
  await turn.step(async (tx, { taken_back }) =>
    setBatch(tx, turn.batchId, {
      tidied: true,
      worker: null,
      ...(taken_back === null ? {} : { taken_back: { ...taken_back, done: true } }),
    }),
  )
}

/** @returns whether there is more */
const takeBackArrivals = async (tx: Tx, batch: BatchRow, kind: ImportKind): Promise<boolean> => {
  const ended = await kind.takeBack(tx, batch)
  if (ended === null) return false
  const before = batch.taken_back
  if (before !== null)
    setBatch(tx, batch.id, {
      taken_back: {
        ...before,
        ended: {
          items: (before.ended?.items ?? 0) + ended.items,
          relations: (before.ended?.relations ?? 0) + ended.relations,
        },
      },
    })
  return ended.isMore
}

const numberOf = { person: 'people', team: 'teams', service: 'services' } as const
const turnOf = { person: turnPeople, team: turnTeams, service: turnServices } as const

/** Deactivates the next some hundred that a batch made, but for those that something else uses by now. @returns whether there are more */
const takeBackSome = async (tx: Tx, batch: BatchRow, kind: Thing): Promise<boolean> => {
  const made = await tx.rows<{ value: string; id: string }>({
    text: `select value, id from import_reference where tenant_id = $1 and batch_id = $2 and kind = $3 and fate = 'made'
           order by value limit ${mostAtOnce}`,
    values: [tx.tenantId, batch.id, kind],
  })
  if (made.length === 0) return false
  const ids = [...new Set(made.map(({ id }) => id))]
  const used = await usedElsewhere(tx, batch.id, kind, ids)
  const going = ids.filter((id) => !used.has(id))
  if (going.length > 0) await turnOf[kind](tx, going, false, batch.id)
  tx.send({
    text: `update import_reference set fate = case when id = any($4) then 'kept' else 'retired' end
           where tenant_id = $1 and batch_id = $2 and kind = $3 and id = any($5) and fate = 'made'`,
    values: [tx.tenantId, batch.id, kind, [...used], ids],
  })
  setBatch(tx, batch.id, {
    taken_back: added(
      batch.taken_back,
      kind,
      going.length,
      made.filter(({ id }) => used.has(id)),
    ),
  })
  return made.length === mostAtOnce
}

const added = (
  before: TakenBack | null,
  kind: Thing,
  deactivated: number,
  kept: readonly { readonly value: string; readonly id: string }[],
): TakenBack => {
  const so: TakenBack = before ?? {
    reason: '',
    deactivated: { people: 0, teams: 0, services: 0 },
    kept: [],
    more: 0,
    done: false,
  }
  const named = [...so.kept, ...kept.map(({ id, value }) => ({ kind, id, name: value }))]
  const name = numberOf[kind]
  return {
    ...so,
    deactivated: { ...so.deactivated, [name]: so.deactivated[name] + deactivated },
    kept: named.slice(0, mostNamed),
    more: so.more + Math.max(0, named.length - mostNamed),
  }
}

// The records of the batch are hidden by now; every record that is seen is another one.
const recordUses: Readonly<Record<Thing, readonly string[]>> = {
  person: [
    'select requester_id as id from record where tenant_id = $1 and requester_id = any($2)',
    'select assignee_id as id from record where tenant_id = $1 and assignee_id = any($2)',
    `select c.author_id as id from comment c join record r on r.tenant_id = c.tenant_id and r.id = c.record_id
       where c.tenant_id = $1 and c.author_id = any($2)`,
    `select w.person_id as id from watcher w join record r on r.tenant_id = w.tenant_id and r.id = w.record_id
       where w.tenant_id = $1 and w.person_id = any($2)`,
    `select a.person_id as id from affected_person a join record r on r.tenant_id = a.tenant_id and r.id = a.record_id
       where a.tenant_id = $1 and a.person_id = any($2)`,
    'select owner_id as id from service where tenant_id = $1 and owner_id = any($2) and is_active',
  ],
  team: [
    'select team_id as id from record where tenant_id = $1 and team_id = any($2)',
    'select support_team_id as id from service where tenant_id = $1 and support_team_id = any($2) and is_active',
  ],
  service: ['select service_id as id from record where tenant_id = $1 and service_id = any($2)'],
}

/** Those of them that something outside the batch needs. */
const usedElsewhere = async (
  q: Reader,
  batchId: string,
  kind: Thing,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  const [uses, own, shared] = await Promise.all([
    q.rows<{ id: string }>({ text: recordUses[kind].join(' union '), values: [q.tenantId, ids] }),
    kind === 'person' ? peopleInUse(q, ids) : kind === 'team' ? teamsWithMembers(q, ids) : new Set<string>(),
    q.rows<{ id: string }>({
      text: `select distinct r.id from import_reference r join import_batch b on b.tenant_id = r.tenant_id and b.id = r.batch_id
             where r.tenant_id = $1 and r.id = any($2) and r.batch_id <> $3 and r.fate in ('found', 'made')
               and b.state in ('examined', 'importing', 'paused', 'imported')`,
      values: [q.tenantId, ids, batchId],
    }),
  ])
  return new Set([...uses.map(({ id }) => id), ...own, ...shared.map(({ id }) => id)])
}
