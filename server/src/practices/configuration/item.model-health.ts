import type { ModelMeasure } from '@evenkeel/contract/item'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from './item.access.ts'
import { itemRows, refOf } from './item.at.ts'
import { inForce, type InForce } from './item.model.ts'
import { says } from './item.reasons.ts'

const mostExamples = 20

type Weigh = (q: Reader, itemIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
const weights: Weigh[] = []

/** Practices above say how often an item mattered: open incidents do. */
export const itemsMatterBy = (weigh: Weigh): void => {
  weights.push(weigh)
}

type Measure = {
  readonly key: ModelMeasure['key']
  readonly where: string
  readonly values: readonly unknown[]
}

/** How far the model can be trusted, as far as this reader sees it. */
export const readModelHealth = async (
  database: Database,
  caller: Caller,
): Promise<{ items: number; measures: ModelMeasure[] }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const stale = force.sources.sources.filter(({ staleAfterDays }) => staleAfterDays !== null)
    const measures: Measure[] = [
      { key: 'incomplete', where: 'r.missing > 0', values: [] },
      {
        key: 'stale',
        where: `exists (select from item_source_seen s join unnest($2::text[], $3::integer[]) w (source, days) on w.source = s.source
                  where s.tenant_id = $1 and s.item_id = r.id and s.seen_at < $4::timestamptz - make_interval(days => w.days))`,
        values: [
          stale.map(({ name }) => name),
          stale.map(({ staleAfterDays }) => staleAfterDays),
          caller.now,
        ],
      },
      {
        key: 'orphans',
        where: `not exists (select from item_relation x where x.tenant_id = $1 and x.below_id = r.id and x.known_to is null and x.valid_to is null)
          and not exists (select from item_relation x where x.tenant_id = $1 and x.above_id = r.id and x.known_to is null and x.valid_to is null)`,
        values: [],
      },
      {
        key: 'duplicates',
        where: `(exists (select from item o where o.tenant_id = $1 and lower(o.name) = lower(r.name) and o.class = r.class and o.id <> r.id
                  and o.merged_into_id is null and o.state not in ('retired', 'disposed'))
          or exists (select from item_value v join item_value o on o.tenant_id = $1 and o.attribute = v.attribute and o.folded = v.folded
                  and o.item_id <> v.item_id where v.tenant_id = $1 and v.item_id = r.id and v.attribute in ('serial', 'asset_tag')))`,
        values: [],
      },
    ]
    const told = await Promise.all(measures.map((measure) => measured(q, caller, measure)))
    const ids = [...new Set(told.flatMap((one) => one.ids))]
    const [rows, ...weighed] = await Promise.all([itemRows(q, ids), ...weights.map((weigh) => weigh(q, ids))])
    const byId = new Map(rows.map((row) => [row.id, row]))
    const weightOf = (id: string): number => weighed.reduce((sum, one) => sum + (one.get(id) ?? 0), 0)
    return {
      items: told[0]?.of ?? 0,
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

const measured = async (q: Reader, caller: Caller, { key, where, values }: Measure) => {
  const reach = parametersFrom(values.length + 2)
  const seen = itemReachSql(caller, 'item.read', reach)
  const alive = `r.tenant_id = $1 and r.merged_into_id is null and r.state not in ('retired', 'disposed') and ${seen}`
  // Those that matter most have the highest criticality, where it is said; incidents weigh what is shown.
  const [counted, rows] = await Promise.all([
    q.one<{ count: number; of: number }>({
      text: `select count(*) filter (where ${where})::int as count, count(*)::int as of from item r where ${alive}`,
      values: [q.tenantId, ...values, ...reach.values],
    }),
    q.rows<{ id: string }>({
      text: `select r.id from item r where ${alive} and ${where} order by r.criticality, r.updated_at desc, r.id limit 200`,
      values: [q.tenantId, ...values, ...reach.values],
    }),
  ])
  return { key, ...counted, ids: rows.map(({ id }) => id) }
}
