import type { Availability } from '@evenkeel/contract/item'
import { atLeast } from '../../kernel/impact/availability.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { says } from './branch.reasons.ts'
import { attributesFor } from './item.check.ts'
import { modelOf, type InForce } from './item.model.ts'
import type { ItemRow } from './item.repo.ts'

/** The attribute that says how often an item works, in percent. */
const key = 'availability'

const most = 12

/**
 * How often at least `need` of these members work, when every one of them says how often it does; otherwise what is missing. That none fails
 * because another one does is assumed, and said.
 */
export const groupAvailability = (
  members: readonly string[],
  need: number,
  {
    caller,
    force,
    visible,
  }: {
    readonly caller: Caller
    readonly force: InForce
    readonly visible: (id: string) => ItemRow | undefined
  },
): Availability => {
  const { language } = caller
  const rows = members.map(visible)
  const said = rows.map((row) => {
    const allowed = row !== undefined && attributesFor(modelOf(force.models, row.class), caller).has(key)
    const value = allowed ? row.values[key] : undefined
    return typeof value === 'number' && value >= 0 && value <= 100 ? value : undefined
  })
  if (rows.includes(undefined)) return { percent: null, sentence: says('availability.hidden').in(language) }
  const silent = rows.filter((_, at) => said[at] === undefined).flatMap((row) => row?.name ?? [])
  if (silent.length > 0) {
    const names = [...silent.slice(0, 3), ...(silent.length > 3 ? ['…'] : [])].join(', ')
    return { percent: null, sentence: says('availability.missing', { names }).in(language) }
  }
  const percents = said.filter((one): one is number => one !== undefined)
  const percent =
    100 *
    atLeast(
      need,
      percents.map((one) => one / 100),
    )
  const number = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 4 })
  const each = rows
    .slice(0, most)
    .map((row, at) => `${row?.name ?? ''} ${number.format((percents[at] ?? 0) / 100)}`)
    .join(', ')
  return {
    percent,
    sentence: says('availability.all', {
      need,
      size: members.length,
      percent: number.format(percent / 100),
      each: rows.length > most ? `${each}, …` : each,
    }).in(language),
  }
}

/** Whether any of them says how often it works: then it is worth a word. */
export const saysAvailability = (
  members: readonly string[],
  visible: (id: string) => ItemRow | undefined,
): boolean => members.some((id) => typeof visible(id)?.values[key] === 'number')
