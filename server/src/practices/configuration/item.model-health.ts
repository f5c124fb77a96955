import type { ModelMeasure } from '@evenkeel/contract/item'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from './item.access.ts'
import { itemRows, refOf } from './item.at.ts'
import { counts, measureKeys, measureSql } from './item.measures.ts'
import { inForce, type InForce } from './item.model.ts'
import { sourceLabel } from './item.page.ts'
import { says } from './item.reasons.ts'

const mostExamples = 20

type Weigh = (q: Reader, itemIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
const weights: Weigh[] = []

/** Practices above say how often an item mattered: open incidents do. */
export const itemsMatterBy = (weigh: Weigh): void => {
  weights.push(weigh)
}

/** How far the model can be trusted, as far as this reader sees it. */
export const readModelHealth = async (
  database: Database,
  caller: Caller,
): Promise<{ items: number; measures: ModelMeasure[]; late: LateSource[] }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const [late, ...told] = await Promise.all([
      lateSources(q, force, caller.now),
      ...measureKeys.map((key) => measured(q, caller, key, measureSql(key, force, caller.now))),
    ])
    const ids = [...new Set(told.flatMap((one) => one.ids))]
    const [rows, ...weighed] = await Promise.all([itemRows(q, ids), ...weights.map((weigh) => weigh(q, ids))])
    const byId = new Map(rows.map((row) => [row.id, row]))
    const weightOf = (id: string): number => weighed.reduce((sum, one) => sum + (one.get(id) ?? 0), 0)
    return {
      items: told[0]?.of ?? 0,
      late: late.map((one) => ({ ...one, label: sourceLabel(one.name, force, language) })),
      measures: told.map(({ key, count, of, ids: found }) => ({
        key,
        label: says(`measure.${key}`).in(language),
        definition: says(`measure.${key}.means`).in(language),
        count,
        of,
        examples: examplesOf(found, byId, weightOf, key, force, language),
      })),
    }
  })
}

type LateSource = {
  readonly name: string
  readonly label: string
  readonly heardAt: string | null
  readonly expectedEveryHours: number
}

/** Only sources that are expected are asked for, and those that spoke in time are known by one row. */
const lateSources = (q: Reader, { sources }: InForce, now: string): Promise<Omit<LateSource, 'label'>[]> => {
  const expected = sources.sources.filter(({ expectedEveryHours }) => expectedEveryHours !== null)
  if (expected.length === 0) return Promise.resolve([])
  return q.rows({
    text: `select w.name, w.hours as "expectedEveryHours",
             (select max(s.seen_at) from item_source_seen s where s.tenant_id = $1 and s.source = w.name) as "heardAt"
           from unnest($2::text[], $3::integer[]) w (name, hours)
           where not exists (select from item_source_seen s
             where s.tenant_id = $1 and s.source = w.name and s.seen_at >= $4::timestamptz - make_interval(hours => w.hours))
           order by w.name`,
    values: [
      q.tenantId,
      expected.map(({ name }) => name),
      expected.map(({ expectedEveryHours }) => expectedEveryHours),
      now,
    ],
  })
}

const examplesOf = (
  ids: readonly string[],
  byId: ReadonlyMap<string, Awaited<ReturnType<typeof itemRows>>[number]>,
  weightOf: (id: string) => number,
  key: ModelMeasure['key'],
  force: InForce,
  language: string,
): ModelMeasure['examples'] =>
  ids
    .flatMap((id) => {
      const row = byId.get(id)
      return row === undefined
        ? []
        : [
            {
              item: refOf(row, force, language),
              why: says(`measure.${key}`).in(language),
              incidents: weightOf(id),
            },
          ]
    })
    .sort((a, b) => b.incidents - a.incidents)
    .slice(0, mostExamples)

const measured = async (q: Reader, caller: Caller, key: ModelMeasure['key'], where: string) => {
  const reach = parametersFrom(2)
  const seen = itemReachSql(caller, 'item.read', reach)
  const alive = `r.tenant_id = $1 and r.merged_into_id is null and ${counts} and ${seen}`
  // Those that matter most are named in most incidents, and then have the highest criticality.
  const [counted, rows] = await Promise.all([
    q.one<{ count: number; of: number }>({
      text: `select count(*) filter (where ${where})::int as count, count(*)::int as of from item r where ${alive}`,
      values: [q.tenantId, ...reach.values],
    }),
    q.rows<{ id: string }>({
      text: `select r.id from item r
             left join (select x.item_id, count(*) as named from record_item x where x.tenant_id = $1 group by x.item_id) m on m.item_id = r.id
             where ${alive} and ${where} order by m.named desc nulls last, r.criticality, r.updated_at desc, r.id limit 200`,
      values: [q.tenantId, ...reach.values],
    }),
  ])
  return { key, ...counted, ids: rows.map(({ id }) => id) }
}
