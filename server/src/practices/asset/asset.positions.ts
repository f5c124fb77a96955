import type { LicenseMetric, LicensePosition, LicenseProof } from '@evenkeel/contract/asset'
import type { TwoTimes } from '@evenkeel/contract/item'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  inForce,
  itemsAt,
  refOf,
  relationsOf,
  stateWords,
  timesOf,
  type InForce,
  type ItemRow,
  type Times,
} from '../configuration/index.ts'
import { dayAt } from './asset.end.ts'
import { positionsOf, type Installed, type License, type Position } from './asset.license.ts'
import {
  dayIn,
  isThere,
  itemsOfClasses,
  mostOfClass,
  mustReachAll,
  numberIn,
  personsOf,
  textIn,
  yesIn,
  zoneOf,
} from './asset.read.ts'
import { says } from './asset.reasons.ts'

const mostInstalled = 100_000
const mostTold = 1000

type Reading = {
  readonly products: readonly ItemRow[]
  readonly licenses: readonly ItemRow[]
  readonly day: string
  /** The devices each product was installed on. */
  readonly installedOn: ReadonlyMap<string, readonly ItemRow[]>
  readonly isCut: boolean
}

/** Products, licenses and installations as they were at two times. */
const readAll = async (
  q: Reader,
  times: Times,
  force: InForce,
  productId: string | null,
): Promise<Reading> => {
  const [all, licenses, zone] = await Promise.all([
    itemsOfClasses(q, force.models.within('software'), times, force),
    itemsOfClasses(q, force.models.within('license'), times, force),
    zoneOf(q),
  ])
  const products = all.filter(({ id }) => productId === null || id === productId)
  const relations = (
    await relationsOf(
      q,
      'above',
      products.map(({ id }) => id),
      times,
      mostInstalled + 1,
    )
  ).filter(({ type }) => type === 'installed_on')
  const devices = await itemsAt(q, [...new Set(relations.map(({ belowId }) => belowId))], times, force)
  const installedOn = new Map<string, ItemRow[]>()
  for (const { aboveId, belowId } of relations.slice(0, mostInstalled)) {
    const device = devices.get(belowId)
    if (device === undefined) continue
    const known = installedOn.get(aboveId)
    if (known === undefined) installedOn.set(aboveId, [device])
    else known.push(device)
  }
  return {
    products,
    licenses,
    day: dayAt(times.validAt, zone),
    installedOn,
    isCut: relations.length > mostInstalled,
  }
}

const metrics: readonly LicenseMetric[] = ['device', 'user', 'core']

const licenseOf = (row: ItemRow): License => ({
  id: row.id,
  metric: metrics.find((one) => one === textIn(row, 'metric')) ?? 'device',
  quantity: numberIn(row, 'quantity') ?? 0,
  startsOn: dayIn(row, 'starts_on'),
  endsOn: dayIn(row, 'ends_on'),
  // What is only ordered has not been bought; what was disposed of was sold or given back.
  barred: row.state === 'in_use' || row.state === 'in_stock' ? null : stateWords(row.state),
})

const installedOf = (row: ItemRow): Installed => ({
  id: row.id,
  usedBy: textIn(row, 'used_by') === '' ? null : textIn(row, 'used_by'),
  cores: numberIn(row, 'cores'),
  barred: isThere(row) ? null : stateWords(row.state),
})

const of = (product: ItemRow, { licenses, installedOn, day }: Reading): readonly Position[] =>
  positionsOf(
    licenses.filter((row) => textIn(row, 'product') === product.id).map(licenseOf),
    (installedOn.get(product.id) ?? []).map(installedOf),
    day,
  )

const view = (
  product: ItemRow,
  position: Position,
  isCut: boolean,
  force: InForce,
  language: string,
): LicensePosition => ({
  product: refOf(product, force, language),
  metric: position.metric,
  entitled: position.entitled,
  used: position.used,
  balance: position.balance,
  standing: position.standing,
  entitledSentence: position.entitledSentence.in(language),
  usedSentence: position.usedSentence.in(language),
  doubt: (isCut ? says('doubt.cut', { most: mostInstalled }) : position.doubt)?.in(language) ?? '',
})

/** What is under-licensed comes first, the most by far at the top. */
export const listLicensePositions = async (
  database: Database,
  caller: Caller,
  asked: TwoTimes,
): Promise<{ validAt: string; knownAt: string; rows: LicensePosition[]; more: boolean }> => {
  mustReachAll(caller, 'item.read')
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf(asked, caller.now)
  return read(database, caller.tenantId, async (q) => {
    const reading = await readAll(q, times, force, null)
    const rows = reading.products
      .filter((product) => yesIn(product, 'license_needed') !== false)
      .flatMap((product) =>
        of(product, reading)
          .filter(({ licenses, uses }) => licenses.length > 0 || uses.length > 0)
          .map((position) => view(product, position, reading.isCut, force, caller.language)),
      )
    return {
      validAt: times.validAt,
      knownAt: times.knownAt,
      rows: rows.sort(
        (a, b) =>
          Math.min(a.balance, 0) - Math.min(b.balance, 0) || a.product.name.localeCompare(b.product.name),
      ),
      more: reading.products.length === mostOfClass,
    }
  })
}

/** Both numbers of one product with what is behind them. */
export const readLicensePosition = async (
  database: Database,
  caller: Caller,
  id: string,
  asked: TwoTimes,
): Promise<{ validAt: string; knownAt: string; positions: LicenseProof[] }> => {
  mustReachAll(caller, 'item.read')
  const force = await inForce(database, caller.tenantId, caller.now)
  const times = timesOf(asked, caller.now)
  const { language } = caller
  return read(database, caller.tenantId, async (q) => {
    const reading = await readAll(q, times, force, id)
    const [product] = reading.products
    if (product === undefined) throw new Refusal('not_found')
    const devices = new Map((reading.installedOn.get(id) ?? []).map((row) => [row.id, row]))
    const licenses = new Map(reading.licenses.map((row) => [row.id, row]))
    const persons = await personsOf(
      q,
      [...devices.values()].map((row) => textIn(row, 'used_by')).filter((one) => one !== ''),
    )
    return {
      validAt: times.validAt,
      knownAt: times.knownAt,
      positions: of(product, reading).map((position) => ({
        ...view(product, position, reading.isCut, force, language),
        licenses: position.licenses.flatMap(({ id: licenseId, counts, sentence }) => {
          const row = licenses.get(licenseId)
          if (row === undefined) return []
          const { quantity, startsOn, endsOn } = licenseOf(row)
          return [
            {
              item: refOf(row, force, language),
              quantity,
              startsOn,
              endsOn,
              counts,
              sentence: sentence.in(language),
            },
          ]
        }),
        uses: position.uses.slice(0, mostTold).flatMap(({ id: deviceId, counts, adds, sentence }) => {
          const row = devices.get(deviceId)
          if (row === undefined) return []
          return [
            {
              item: refOf(row, force, language),
              usedBy: persons(row.values['used_by']),
              cores: numberIn(row, 'cores'),
              counts,
              adds,
              sentence: sentence.in(language),
            },
          ]
        }),
        more: position.uses.length > mostTold,
      })),
    }
  })
}
