import type { SourceItem, SourceBatch } from '@evenkeel/contract/item'
import type { Caller } from '../../src/platform/http/caller.ts'
import type { Database } from '../../src/platform/postgres/database.ts'
import {
  addBranchStep,
  createBranch,
  editItem,
  putItemsBySource,
  relateItem,
} from '../../src/practices/configuration/index.ts'
import { idOf } from './story.ts'

/** What an organization's services stand on. */
export type Estate = {
  readonly site: string
  /** Rooms with computers in them, the first two with the important ones. */
  readonly rooms: readonly string[]
  readonly applications: readonly Application[]
  /** Places with devices and a switch of their own. */
  readonly places: readonly { readonly name: string; readonly devices: readonly Device[] }[]
  readonly services: Readonly<
    Record<
      string,
      {
        readonly users: number
        readonly departments: readonly string[]
        readonly rto: number
        readonly important?: true
        /** Applications and other services that it depends on. */
        readonly on: readonly string[]
      }
    >
  >
}

type Application = {
  readonly key: string
  readonly name: string
  readonly vendor: string
  readonly nodes: number
  readonly needed: number
  /** A database of its own, on a cluster of as many nodes. */
  readonly database?: { readonly engine: string; readonly nodes: number; readonly needed: number }
}

type Device = {
  readonly name: string
  readonly class: 'medical_device' | 'network_device' | 'server'
  readonly values: SourceItem['values']
  /** The service that runs on it, one of many. */
  readonly carries?: string
}

type Relations = SourceBatch['relations'][number]

/** Makes the estate: a scan brings what it found, and people say what the services need of it. */
export const furnish = async (
  database: Database,
  caller: Caller,
  estate: Estate,
  services: ReadonlyMap<string, string>,
): Promise<void> => {
  const items: SourceItem[] = []
  const relations: Relations[] = []
  const add = (
    key: string,
    kind: string,
    name: string,
    values: SourceItem['values'] = {},
    placed?: string,
  ): void => {
    items.push({ externalId: key, class: kind, name, values })
    if (placed !== undefined) relations.push({ type: 'hosted_in', from: key, to: placed })
  }
  add('site', 'location', estate.site, { kind: 'site' })
  for (const [at, room] of estate.rooms.entries())
    add(`room ${at}`, 'location', room, { kind: 'room' }, 'site')
  add('core', 'group', 'Core network', { members_needed: 1 })
  for (const at of [0, 1]) {
    add(
      `core ${at}`,
      'network_device',
      `core-${at + 1}`,
      { manufacturer: 'Northwind', model: 'C9', serial: `NW-C9-${4101 + at}`, firmware: '17.9.4' },
      `room ${at}`,
    )
    relations.push({ type: 'member_of', from: `core ${at}`, to: 'core' })
  }
  let serial = 7000
  const cluster = (key: string, name: string, prefix: string, nodes: number, needed: number): void => {
    add(key, 'group', name, { members_needed: needed })
    for (let at = 0; at < nodes; at += 1) {
      const host = `${prefix}-${at + 1}`
      add(
        host,
        'server',
        host,
        {
          hostname: host,
          manufacturer: 'Harbour',
          model: 'R640',
          serial: `HB-${(serial += 7)}`,
          os: 'Debian 12',
          memory: 128,
          warranty_until: at % 2 === 0 ? '2028-06-30' : '2027-03-31',
        },
        `room ${at % 2}`,
      )
      relations.push(
        { type: 'member_of', from: host, to: key },
        { type: 'depends_on', from: host, to: 'core' },
      )
    }
  }
  for (const { key, name, vendor, nodes, needed, database: own } of estate.applications) {
    add(key, 'application', name, { vendor, personal_data: true })
    cluster(`${key} nodes`, `${name} nodes`, `${key}-app`, nodes, needed)
    relations.push({ type: 'runs_on', from: key, to: `${key} nodes` })
    if (own === undefined) continue
    add(`${key} db`, 'database', `${name} database`, { engine: own.engine, size: 400 })
    cluster(`${key} db nodes`, `${name} database nodes`, `${key}-db`, own.nodes, own.needed)
    relations.push(
      { type: 'depends_on', from: key, to: `${key} db` },
      { type: 'runs_on', from: `${key} db`, to: `${key} db nodes` },
    )
  }
  const carried: [string, string][] = []
  for (const [at, { name, devices }] of estate.places.entries()) {
    const place = `place ${at}`
    add(place, 'location', name, { kind: 'ward' }, 'site')
    const access = `access ${at}`
    const device = { manufacturer: 'Northwind', model: 'C2', serial: `NW-C2-${8200 + at}`, firmware: '15.2' }
    add(access, 'network_device', `access-${at + 1}`, device, place)
    relations.push({ type: 'depends_on', from: access, to: 'core' })
    for (const [index, one] of devices.entries()) {
      const key = `${place} ${index}`
      add(key, one.class, one.name, one.values, place)
      relations.push({ type: 'connected_to', from: key, to: access })
      if (one.carries !== undefined) carried.push([key, one.carries])
    }
  }
  const { outcomes } = await putItemsBySource(database, caller, 'scan', { dryRun: false, items, relations })
  const made = new Map(
    outcomes.flatMap(({ externalId, itemId }) => (itemId === null ? [] : [[externalId, itemId]])),
  )
  for (const [key, { users, departments, rto, important, on }] of Object.entries(estate.services)) {
    const id = idOf(services, key)
    await editItem(database, caller, id, 1, {
      values: {
        users_served: users,
        departments: [...departments],
        rto,
        critical_or_important: important === true,
      },
    })
    for (const below of on)
      await relateItem(
        database,
        caller,
        id,
        { type: 'depends_on', toId: made.get(below) ?? idOf(services, below) },
        null,
      )
  }
  for (const [key, service] of carried)
    await relateItem(
      database,
      caller,
      idOf(services, service),
      { type: 'connected_to', toId: idOf(made, key) },
      null,
    )
  await planAhead(database, caller, made)
}

const day = 86_400_000

/** Two plans for next week that are harmless alone, and not together. */
const planAhead = async (
  database: Database,
  caller: Caller,
  made: ReadonlyMap<string, string>,
): Promise<void> => {
  const night = Math.floor(Date.parse(caller.now) / day + 7) * day
  const at = (hour: number): string => new Date(night + hour * 3_600_000).toISOString()
  for (const [name, key, from, until] of [
    ['Replace core switch 1', 'core 0', 1, 4],
    ['New firmware on core switch 2', 'core 1', 3, 5],
  ] as const) {
    const { id } = await createBranch(
      database,
      caller,
      { name, description: '', startsAt: at(from), endsAt: at(until) },
      null,
    )
    await addBranchStep(
      database,
      caller,
      id,
      { kind: 'down', itemId: idOf(made, key), effect: 'down', reason: name },
      null,
    )
  }
}
