import type { ItemValue } from '@evenkeel/contract/item'
import { Temporal } from '../../src/kernel/time/temporal.ts'
import type { Caller } from '../../src/platform/http/caller.ts'
import { read, type Database } from '../../src/platform/postgres/database.ts'
import { createItem, editItem, relateItem } from '../../src/practices/configuration/index.ts'
import { idOf } from './story.ts'

/** From whom an organization buys, under which contracts, and what its licenses allow. Days count from the demo's now. */
export type Trade = {
  readonly providers: readonly {
    readonly key: string
    readonly name: string
    readonly values: Readonly<Record<string, ItemValue>>
    /** Keys of providers named before it. */
    readonly subcontractors?: readonly string[]
  }[]
  readonly contracts: readonly {
    readonly key: string
    readonly name: string
    readonly provider: string
    readonly begins: number
    readonly ends: number | null
    readonly yearly: string
    readonly values: Readonly<Record<string, ItemValue>>
    /** Keys of the services it is about. */
    readonly services?: readonly string[]
    /** Beginnings of the names of items that it covers. */
    readonly covers?: readonly string[]
  }[]
  readonly software: readonly {
    readonly name: string
    readonly vendor: string
    readonly metric: 'device' | 'user' | 'core'
    readonly quantity: number
    readonly ends: number
    /** On how many of the workstations it is installed. */
    readonly installed: number
  }[]
  readonly workstations: { readonly prefix: string; readonly count: number }
}

export const trade = async (
  database: Database,
  caller: Caller,
  { providers, contracts, software, workstations }: Trade,
  services: ReadonlyMap<string, string>,
  people: readonly string[],
  now: number,
): Promise<void> => {
  const make = async (kind: string, name: string, values: Record<string, ItemValue>): Promise<string> =>
    (await createItem(database, caller, { class: kind, name, values, state: 'in_use' }, null)).id
  const day = (after: number): string =>
    Temporal.Instant.fromEpochMilliseconds(now)
      .toZonedDateTimeISO('UTC')
      .toPlainDate()
      .add({ days: after })
      .toString()
  const edit = async (id: string, values: Record<string, ItemValue>): Promise<void> => {
    const { version } = await read(database, caller.tenantId, (q) =>
      q.one<{ version: number }>({
        text: 'select version from item where tenant_id = $1 and id = $2',
        values: [q.tenantId, id],
      }),
    )
    await editItem(database, caller, id, version, { values })
  }
  const providerIds = new Map<string, string>()
  for (const { key, name, values, subcontractors = [] } of providers) {
    const chain = subcontractors.map((one) => idOf(providerIds, one))
    providerIds.set(
      key,
      await make('provider', name, { ...values, ...(chain.length === 0 ? {} : { subcontractors: chain }) }),
    )
  }
  for (const { name, provider, begins, ends, yearly, values, services: of = [], covers = [] } of contracts) {
    const providerId = idOf(providerIds, provider)
    const id = await make('contract', name, {
      ...values,
      provider: providerId,
      starts_on: day(begins),
      ...(ends === null ? {} : { ends_on: day(ends) }),
      annual_cost: { amount: yearly, currency: 'EUR' },
    })
    for (const service of of) await edit(idOf(services, service), { provider: providerId, contracts: [id] })
    const covered = await read(database, caller.tenantId, (q) =>
      q.rows<{ id: string }>({
        text: `select id from item where tenant_id = $1 and class in ('server', 'network_device', 'medical_device')
                 and name like any($2::text[]) order by name`,
        values: [q.tenantId, covers.map((one) => `${one}%`)],
      }),
    )
    for (const one of covered)
      await edit(one.id, {
        contracts: [id],
        supplier: providerId,
        cost: { amount: '7400', currency: 'EUR' },
        bought_on: day(-700),
        useful_life: 60,
      })
  }
  const desks: string[] = []
  for (let at = 0; at < workstations.count; at += 1) {
    const person = people[at % people.length]
    desks.push(
      await make('workstation', `${workstations.prefix}-${String(at + 1).padStart(2, '0')}`, {
        manufacturer: 'Harbour',
        model: 'Note 14',
        serial: `HN-${6200 + at * 3}`,
        cores: at % 3 === 0 ? 8 : 6,
        ...(person === undefined || at % 6 === 5 ? {} : { used_by: person }),
        bought_on: day(-400),
        useful_life: 36,
        cost: { amount: '1180', currency: 'EUR' },
        warranty_until: day(at % 4 === 0 ? 40 : 700),
      }),
    )
  }
  for (const { name, vendor, metric, quantity, ends, installed } of software) {
    const product = await make('software', name, { vendor })
    await make('license', `${name}, ${quantity}`, {
      product,
      metric,
      quantity,
      starts_on: day(-320),
      ends_on: day(ends),
      contract_kind: 'license',
      ict_service: 's13',
      renewal: 'agreed',
    })
    for (const desk of desks.slice(0, installed))
      await relateItem(database, caller, product, { type: 'installed_on', toId: desk }, null)
  }
}
