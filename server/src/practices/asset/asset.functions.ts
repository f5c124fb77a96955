import type { Reader } from '../../platform/postgres/database.ts'
import { itemsAt, type InForce, type Times } from '../configuration/index.ts'
import { idsIn, numberIn, yesIn } from './asset.read.ts'

/** What classification and reporting ask of a service, answered from the model, so that nobody types it again. */
export type ServiceFunction = {
  readonly serviceId: string
  readonly name: string
  /** It supports a critical or important function (DORA Article 3 (22)). Nobody said: null, which is not no. */
  readonly important: boolean | null
  readonly criticality: number | null
  readonly usersServed: number | null
  readonly departments: readonly string[]
  readonly rtoMinutes: number | null
  readonly rpoMinutes: number | null
  /** Who outside the organization provides it; empty when nobody does. */
  readonly providerIds: readonly string[]
  readonly contractIds: readonly string[]
}

/** As they were at two times: what held when the incident was classified can be asked for later. Services nobody knew then are not there. */
export const serviceFunctions = async (
  q: Reader,
  force: InForce,
  serviceIds: readonly string[],
  times: Times,
): Promise<ReadonlyMap<string, ServiceFunction>> => {
  const rows = await itemsAt(q, serviceIds, times, force)
  return new Map(
    [...rows.values()].map((row) => [
      row.id,
      {
        serviceId: row.id,
        name: row.name,
        important: yesIn(row, 'critical_or_important'),
        criticality: row.criticality,
        usersServed: numberIn(row, 'users_served'),
        departments: idsIn(row, 'departments'),
        rtoMinutes: numberIn(row, 'rto'),
        rpoMinutes: numberIn(row, 'rpo'),
        providerIds: idsIn(row, 'provider'),
        contractIds: idsIn(row, 'contracts'),
      },
    ]),
  )
}
