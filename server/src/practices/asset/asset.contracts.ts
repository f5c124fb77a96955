import type { AssetContract } from '@evenkeel/contract/asset'
import type { ItemRef } from '@evenkeel/contract/item'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { inForce, refOf, rightsOn, timesOf, type InForce, type ItemRow } from '../configuration/index.ts'
import { dayAt, endOn, openEnd, type Ending } from './asset.end.ts'
import { dayIn, itemsOfClasses, mostOfClass, numberIn, refsOf, textIn, zoneOf } from './asset.read.ts'

/** When a contract ends, as it says itself. */
export const contractEnding = (row: Pick<ItemRow, 'values'>): Ending | null => {
  const day = dayIn(row, 'ends_on')
  return day === null
    ? null
    : {
        attribute: 'ends_on',
        day,
        noticeDays: numberIn(row, 'notice_days'),
        automatic: textIn(row, 'renewal') === 'automatic',
      }
}

export const contractView = (
  row: ItemRow,
  today: string,
  nameOf: (id: unknown) => ItemRef | null,
  force: InForce,
  language: string,
): AssetContract => {
  const ending = contractEnding(row)
  const startsOn = dayIn(row, 'starts_on')
  return {
    item: refOf(row, force, language),
    number: textIn(row, 'contract_number'),
    provider: nameOf(row.values['provider']),
    startsOn,
    end: ending === null ? openEnd(startsOn, today, language) : endOn(ending, startsOn, today, language),
  }
}

/** Contracts within reach that are not gone, those that end first at the top; what is over and what has no end comes last. */
export const listContracts = async (
  database: Database,
  caller: Caller,
): Promise<{ rows: AssetContract[]; more: boolean }> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf({}, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const [all, zone] = await Promise.all([
      itemsOfClasses(q, force.models.within('contract'), times, force),
      zoneOf(q),
    ])
    const rights = await rightsOn(
      q,
      caller,
      all.map(({ id }) => id),
      'item.read',
    )
    const rows = all.filter(({ id, state }) => rights.get(id)?.read === true && state !== 'disposed')
    const nameOf = await refsOf(
      q,
      caller,
      rows.map((row) => textIn(row, 'provider')).filter((id) => id !== ''),
      times,
      force,
    )
    const today = dayAt(caller.now, zone)
    return {
      rows: rows
        .map((row) => contractView(row, today, nameOf, force, caller.language))
        .sort(
          (a, b) =>
            Number(a.end.status === 'over') - Number(b.end.status === 'over') ||
            (a.end.day ?? '9999').localeCompare(b.end.day ?? '9999') ||
            a.item.name.localeCompare(b.item.name),
        ),
      more: all.length === mostOfClass,
    }
  })
}
