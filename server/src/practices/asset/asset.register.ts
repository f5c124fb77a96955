import type { RegisteredProvider } from '@evenkeel/contract/asset'
import type { TwoTimes } from '@evenkeel/contract/item'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  attributesFor,
  inForce,
  labelIn,
  modelOf,
  refOf,
  timesOf,
  type InForce,
  type ItemRow,
} from '../configuration/index.ts'
import { contractView } from './asset.contracts.ts'
import { dayAt } from './asset.end.ts'
import { serviceFunctions, type ServiceFunction } from './asset.functions.ts'
import { dayIn, idsIn, itemsOfClasses, mustReachAll, textIn, yesIn, zoneOf } from './asset.read.ts'
import { says } from './asset.reasons.ts'

export type Link = { readonly row: ItemRow; readonly rank: number; readonly from: ItemRow }

/** A provider with everything of the model that the register asks about it, as it was at two times. */
export type Registered = {
  readonly row: ItemRow
  readonly contracts: readonly ItemRow[]
  readonly services: readonly { readonly row: ItemRow; readonly is: ServiceFunction }[]
  readonly chain: readonly Link[]
}

export type Register = {
  readonly rows: readonly Registered[]
  readonly byId: ReadonlyMap<string, ItemRow>
  readonly force: InForce
  readonly today: string
  readonly validAt: string
}

const isGone = ({ state }: ItemRow): boolean => state === 'disposed' || state === 'retired'

/**
 * Whom a provider passes its service on to, and whom they pass it on to: breadth first, so that each stands at the lowest rank it has. The
 * provider itself has rank 1 (RT.05.02); chains that close stop where they close.
 */
export const chainOf = (provider: ItemRow, byId: ReadonlyMap<string, ItemRow>): Link[] => {
  const links: Link[] = []
  const known = new Set([provider.id])
  let front = [provider]
  for (let rank = 2; front.length > 0; rank += 1) {
    const next: ItemRow[] = []
    for (const from of front)
      for (const id of idsIn(from, 'subcontractors')) {
        const row = byId.get(id)
        if (row === undefined || known.has(id)) continue
        known.add(id)
        links.push({ row, rank, from })
        next.push(row)
      }
    front = next
  }
  return links
}

export const readRegister = async (
  q: Reader,
  caller: Caller,
  force: InForce,
  asked: TwoTimes,
): Promise<Register> => {
  const times = timesOf(asked, caller.now)
  const [providers, contracts, services, zone] = await Promise.all([
    itemsOfClasses(q, force.models.within('provider'), times, force),
    itemsOfClasses(q, force.models.within('contract'), times, force),
    itemsOfClasses(q, force.models.within('service'), times, force),
    zoneOf(q),
  ])
  const seen = (row: ItemRow): ItemRow => {
    const attributes = attributesFor(modelOf(force.models, row.class), caller)
    return {
      ...row,
      values: Object.fromEntries(Object.entries(row.values).filter(([key]) => attributes.has(key))),
    }
  }
  const here = services.filter((row) => !isGone(row))
  const functions = await serviceFunctions(
    q,
    force,
    here.map(({ id }) => id),
    times,
  )
  const byId = new Map(providers.map((row) => [row.id, seen(row)]))
  const open = contracts.filter((row) => !isGone(row)).map(seen)
  const contractById = new Map(open.map((row) => [row.id, row]))
  return {
    force,
    byId,
    today: dayAt(times.validAt, zone),
    validAt: times.validAt,
    rows: [...byId.values()]
      .filter((row) => !isGone(row))
      .map((row) => ({
        row,
        contracts: open.filter((one) => textIn(one, 'provider') === row.id),
        services: here.flatMap((one) => {
          const is = functions.get(one.id)
          if (is === undefined) return []
          // Named by the service itself, or by a contract that covers it.
          const provides =
            is.providerIds.includes(row.id) ||
            is.contractIds.some(
              (id) => textIn(contractById.get(id) ?? one, 'provider') === row.id && contractById.has(id),
            )
          return provides ? [{ row: one, is }] : []
        }),
        chain: chainOf(row, byId),
      })),
  }
}

/** The register as people read it: what supports a critical or important function first. */
export const listRegister = async (
  database: Database,
  caller: Caller,
  asked: TwoTimes,
): Promise<{ validAt: string; rows: RegisteredProvider[] }> => {
  mustReachAll(caller, 'item.read')
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const register = await readRegister(q, caller, force, asked)
    const nameOf = (id: unknown) => {
      const row = typeof id === 'string' ? register.byId.get(id) : undefined
      return row === undefined ? null : refOf(row, force, language)
    }
    const rows = register.rows.map((one): RegisteredProvider => {
      const { row } = one
      const gaps = gapsOf(one)
      return {
        item: refOf(row, force, language),
        lei: textIn(row, 'lei'),
        legalName: textIn(row, 'legal_name'),
        country: textIn(row, 'country'),
        substitutability: choiceLabel(row, 'substitutability', force, language),
        exitPlan: yesIn(row, 'exit_plan'),
        lastAuditOn: dayIn(row, 'last_audit_on'),
        contracts: one.contracts.map((contract) =>
          contractView(contract, register.today, nameOf, force, language),
        ),
        services: one.services.map(({ row: service, is }) => ({
          item: refOf(service, force, language),
          criticality: is.criticality,
          important: is.important === true,
          usersServed: is.usersServed,
          rtoMinutes: is.rtoMinutes,
          rpoMinutes: is.rpoMinutes,
        })),
        supportsImportant: one.services.some(({ is }) => is.important === true),
        chain: one.chain.map((link) => ({
          item: refOf(link.row, force, language),
          rank: link.rank,
          from: refOf(link.from, force, language),
        })),
        gaps: gaps.map((gap) => says(gap).in(language)),
      }
    })
    return {
      validAt: register.validAt,
      rows: rows.sort(
        (a, b) =>
          Number(b.supportsImportant) - Number(a.supportsImportant) ||
          b.services.length - a.services.length ||
          a.item.name.localeCompare(b.item.name),
      ),
    }
  })
}

/** What the register asks of a provider that delivers a service, and the model does not say. */
const gapsOf = ({ row, contracts, services }: Registered) => {
  if (services.length === 0 && contracts.length === 0) return []
  const important = services.some(({ is }) => is.important === true)
  const gaps = [
    ...(textIn(row, 'lei') === '' ? (['gap.lei'] as const) : []),
    ...(textIn(row, 'country') === '' ? (['gap.country'] as const) : []),
    ...(contracts.length === 0 ? (['gap.contract'] as const) : []),
    ...(contracts.some((contract) => textIn(contract, 'ict_service') === '') ? (['gap.kind'] as const) : []),
    // Assessed only for what supports a critical or important function (RT.07.01).
    ...(important && textIn(row, 'substitutability') === '' ? (['gap.substitutability'] as const) : []),
    ...(important && yesIn(row, 'exit_plan') === null ? (['gap.exit'] as const) : []),
  ]
  return gaps
}

const choiceLabel = (row: ItemRow, key: string, force: InForce, language: string): string => {
  const value = textIn(row, key)
  if (value === '') return ''
  const label = modelOf(force.models, row.class)
    .byKey.get(key)
    ?.choices.find((one) => one.value === value)?.label
  return label === undefined ? value : labelIn(label, language)
}
