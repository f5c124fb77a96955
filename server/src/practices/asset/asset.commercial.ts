import type { AssetContract, Commercial } from '@evenkeel/contract/asset'
import { Money, type ItemRef, type TwoTimes } from '@evenkeel/contract/item'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  attributesFor,
  inForce,
  itemReachSql,
  itemsAt,
  modelOf,
  moneyText,
  refOf,
  rightsOn,
  timesOf,
  type InForce,
  type ItemRow,
  type Times,
} from '../configuration/index.ts'
import { contractView } from './asset.contracts.ts'
import { dayAt, dayIn as dayInWords, endOn } from './asset.end.ts'
import { dayIn, idsIn, numberIn, personsOf, refsOf, zoneOf } from './asset.read.ts'
import { says } from './asset.reasons.ts'
import { bookValue, monthsBetween } from './asset.value.ts'

const mostTold = 50

/** The commercial side of one item. */
export const readCommercial = async (
  database: Database,
  caller: Caller,
  id: string,
  asked: TwoTimes,
): Promise<Commercial> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf(asked, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const [rights, rows, zone] = await Promise.all([
      rightsOn(q, caller, [id], 'item.read'),
      itemsAt(q, [id], times, force),
      zoneOf(q),
    ])
    const found = rows.get(id)
    if (found === undefined || rights.get(id)?.read !== true) throw new Refusal('not_found')
    const model = modelOf(force.models, found.class)
    const seen = attributesFor(model, caller)
    // What is restricted does not exist for this reader: neither it nor what is reckoned from it.
    const row: ItemRow = {
      ...found,
      values: Object.fromEntries(Object.entries(found.values).filter(([key]) => seen.has(key))),
    }
    const line = [model.key, ...model.ancestors]
    const today = dayAt(times.validAt, zone)
    const around: Around = { q, caller, times, force, today }
    const [contracts, owner, names, covers, provides] = await Promise.all([
      contractsOf(around, idsIn(row, 'contracts')),
      personsOf(q, row.ownerId === null ? [] : [row.ownerId]),
      refsOf(q, caller, [...idsIn(row, 'supplier'), ...idsIn(row, 'provider')], times, force),
      line.includes('contract') && times.isNow ? naming(around, 'contracts', id) : null,
      line.includes('provider') ? providedBy(around, id) : null,
    ])
    const warranty = dayIn(row, 'warranty_until')
    return {
      id,
      validAt: times.validAt,
      isNow: times.isNow,
      owner: owner(row.ownerId),
      cost: costOf(row),
      boughtOn: dayIn(row, 'bought_on'),
      book: bookOf(row, today, language),
      supplier: names(row.values['supplier']),
      contracts,
      warranty:
        warranty === null
          ? null
          : endOn(
              { attribute: 'warranty_until', day: warranty, noticeDays: null, automatic: false },
              null,
              today,
              language,
            ),
      contract: line.includes('contract') ? contractView(row, today, names, force, language) : null,
      covers: covers === null ? null : { count: covers.count, items: covers.items },
      provides,
    }
  })
}

const costOf = ({ values }: ItemRow): Money | null => {
  const money = Money.safeParse(values['cost'])
  return money.success ? money.data : null
}

const bookOf = (row: ItemRow, today: string, language: string): Commercial['book'] => {
  const [cost, bought, life] = [costOf(row), dayIn(row, 'bought_on'), numberIn(row, 'useful_life')]
  if (cost === null || bought === null || life === null || life < 1) return null
  const passed = monthsBetween(bought, today)
  return {
    value: bookValue(cost, life, passed),
    sentence: says('book.sentence', {
      cost: moneyText(cost, language),
      life: Math.trunc(life),
      passed,
      day: dayInWords(bought),
    }).in(language),
  }
}

type Around = {
  readonly q: Reader
  readonly caller: Caller
  readonly times: Times
  readonly force: InForce
  readonly today: string
}

const contractsOf = async (
  { q, caller, times, force, today }: Around,
  ids: readonly string[],
): Promise<AssetContract[]> => {
  if (ids.length === 0) return []
  const [rows, rights] = await Promise.all([
    itemsAt(q, ids, times, force),
    rightsOn(q, caller, ids, 'item.read'),
  ])
  const shown = ids.flatMap((id) => (rights.get(id)?.read === true ? (rows.get(id) ?? []) : []))
  const names = await refsOf(
    q,
    caller,
    shown.flatMap((row) => idsIn(row, 'provider')),
    times,
    force,
  )
  return shown.map((row) => contractView(row, today, names, force, caller.language))
}

/** Items whose attribute names this one, as they are now: how many the reader may see, and the first of them. */
const naming = async (
  { q, caller, times, force }: Around,
  attribute: string,
  id: string,
  classes: readonly string[] | null = null,
): Promise<{ count: number; items: ItemRef[]; ids: string[] }> => {
  const parameters = parametersFrom(6)
  const reach = itemReachSql(caller, 'item.read', parameters)
  const rows = await q.rows<{ id: string; count: number }>({
    text: `select r.id, count(*) over ()::int as count from item_value v
             join item r on r.tenant_id = $1 and r.id = v.item_id and r.merged_into_id is null and r.state <> 'disposed'
           where v.tenant_id = $1 and v.attribute = $2 and v.ref = $3 and ($4::text[] is null or r.class = any($4)) and ${reach}
           order by lower(r.name), r.id limit $5`,
    values: [q.tenantId, attribute, id, classes, mostTold, ...parameters.values],
  })
  const ids = rows.map((row) => row.id)
  const items = await itemsAt(q, ids, times, force)
  return {
    count: rows[0]?.count ?? 0,
    ids,
    items: ids.flatMap((one) => {
      const row = items.get(one)
      return row === undefined ? [] : [refOf(row, force, caller.language)]
    }),
  }
}

const providedBy = async (
  around: Around,
  id: string,
): Promise<NonNullable<Commercial['provides']> | null> => {
  if (!around.times.isNow) return null
  const { models } = around.force
  const [contracts, services, delivered] = await Promise.all([
    naming(around, 'provider', id, models.within('contract')),
    naming(around, 'provider', id, models.within('service')),
    naming(around, 'supplier', id),
  ])
  return {
    contracts: await contractsOf(around, contracts.ids),
    services: services.items,
    delivered: { count: delivered.count, items: delivered.items },
  }
}
