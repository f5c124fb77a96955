import type { ReadBarcode } from '@evenkeel/contract/item-barcode'
import type { ItemValue } from '@evenkeel/contract/item'
import { parseDeviceBarcode } from '../../kernel/barcode/barcode.ts'
import { plainOf, withSeparators } from '../../kernel/barcode/scanned.ts'
import { nameOf, type DeviceBarcode } from '../../kernel/barcode/device-barcode.ts'
import { mayAtAll } from '../../kernel/access.ts'
import { fold } from '../../kernel/filter/fold.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { itemReachSql } from './item.access.ts'
import { itemRows, refOf } from './item.at.ts'
import { attributesFor } from './item.check.ts'
import { inForce, modelOf } from './item.model.ts'

const mostFaults = 10
const mostItems = 20
const deviceClass = 'medical_device'

/** What a scanned text says, and which item it is: by what it identifies, or as a number that we gave. */
export const readBarcode = async (
  database: Database,
  caller: Caller,
  given: string,
): Promise<ReadBarcode> => {
  const { language } = caller
  const force = await inForce(database, caller.tenantId, caller.now)
  const attributes = attributesFor(modelOf(force.models, deviceClass), caller)
  return read(database, caller.tenantId, async (q) => {
    const { barcode, faults, found } = await recognize(q, caller, given)
    if (barcode === null && found.ids.length === 0)
      throw new Refusal(
        'invalid',
        faults.slice(0, mostFaults).map(({ at, saying }) => ({
          code: 'barcode',
          field: `text.${at}`,
          message: saying,
        })),
      )
    const rows = await itemRows(q, found.ids.slice(0, mostItems))
    const values = barcode === null ? {} : valuesOf(barcode)
    const canMake = mayAtAll(caller.grants, 'item.manage') && barcode !== null && !found.isOne
    return {
      agency: barcode?.agency ?? null,
      says: barcode === null ? [] : sentences(barcode, language),
      items: rows.map((row) => refOf(row, force, language)),
      isExact: found.isOne && rows.length === 1,
      draft: canMake
        ? {
            class: deviceClass,
            values: Object.fromEntries(Object.entries(values).filter(([key]) => attributes.has(key))),
          }
        : null,
    }
  })
}

/** Which single item each text names, of those that this person sees; null where it is none, or could be several. */
export const itemsScanned = async (
  q: Reader,
  caller: Caller,
  texts: readonly string[],
): Promise<ReadonlyMap<string, string | null>> =>
  new Map(
    await Promise.all(
      [...new Set(texts)].map(async (text) => {
        const { found } = await recognize(q, caller, text)
        return [text, found.isOne ? (found.ids[0] ?? null) : null] as const
      }),
    ),
  )

const recognize = async (q: Reader, caller: Caller, given: string) => {
  const text = withSeparators(given)
  const { barcode, faults } = parseDeviceBarcode(text, Number(caller.now.slice(0, 4)))
  const plain = plainOf(text)
  const meant = isPlain(plain)
    ? await itemsWith(q, caller, ['asset_tag', 'serial'], plain)
    : new Map<string, Set<string>>()
  const own = [...meant.keys()]
  const found =
    own.length > 0 || barcode === null
      ? { ids: own, isOne: own.length === 1 }
      : await itemsOf(q, caller, barcode)
  return { barcode, faults, found }
}

const isPlain = (text: string): boolean =>
  text !== '' && text.length <= 200 && text.isWellFormed() && !/\p{Cc}/u.test(text)

/** Items that this reader sees and that carry a value in one of these attributes, with the attributes. */
const itemsWith = async (
  q: Reader,
  caller: Caller,
  keys: readonly string[],
  value: string,
): Promise<Map<string, Set<string>>> => {
  const reach = parametersFrom(4)
  const seen = itemReachSql(caller, 'item.read', reach)
  const rows = await q.rows<{ id: string; attribute: string }>({
    text: `select v.item_id as id, v.attribute from item_value v
             join item r on r.tenant_id = $1 and r.id = v.item_id and r.merged_into_id is null and ${seen}
           where v.tenant_id = $1 and v.attribute = any($2::text[]) and v.folded = $3 order by v.item_id limit 200`,
    values: [q.tenantId, keys, fold(value).slice(0, 200), ...reach.values],
  })
  const found = new Map<string, Set<string>>()
  for (const { id, attribute } of rows) found.set(id, (found.get(id) ?? new Set()).add(attribute))
  return found
}

/** Device identifier and serial number name one thing; a lot or the identifier alone name those that have it. */
const itemsOf = async (
  q: Reader,
  caller: Caller,
  { deviceIdentifier, serial, lot }: DeviceBarcode,
): Promise<{ readonly ids: string[]; readonly isOne: boolean }> => {
  const of = async (key: string, value: string | null): Promise<ReadonlySet<string> | null> =>
    value === null || !isPlain(value) ? null : new Set((await itemsWith(q, caller, [key], value)).keys())
  const [byModel, bySerial, byLot] = await Promise.all([
    of('udi_di', deviceIdentifier),
    of('serial', serial),
    of('lot', lot),
  ])
  const both = (one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): string[] =>
    one === null ? [...(other ?? [])] : other === null ? [...one] : [...one].filter((id) => other.has(id))
  if (bySerial !== null) {
    const ids = both(byModel, bySerial)
    return { ids, isOne: ids.length === 1 }
  }
  return { ids: both(byModel, byLot), isOne: false }
}

const valuesOf = ({
  agency,
  deviceIdentifier,
  serial,
  lot,
  expires,
  made,
  donation,
}: DeviceBarcode): Record<string, ItemValue> =>
  Object.fromEntries(
    (
      [
        ['issuing_agency', agency],
        ['udi_di', deviceIdentifier],
        ['serial', serial],
        ['lot', lot],
        ['donation', donation],
        ['expires_on', expires?.date ?? null],
        ['manufactured_on', made?.date ?? null],
      ] as const
    ).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  )

const sentences = (barcode: DeviceBarcode, language: string): ReadBarcode['says'] => {
  const { deviceIdentifier, lot, serial, expires, made, donation, quantity } = barcode
  const said = {
    deviceIdentifier,
    serial,
    lot,
    expires: expires?.date ?? null,
    made: made?.date ?? null,
    donation,
    quantity: quantity === null ? null : String(quantity),
  } as const
  return [
    ...(['deviceIdentifier', 'serial', 'lot', 'expires', 'made', 'donation', 'quantity'] as const).flatMap(
      (key) => {
        const text = said[key]
        return text === null ? [] : [{ key, label: nameOf[key].in(language), text }]
      },
    ),
    ...barcode.further.map(({ identifier, value }) => ({ key: identifier, label: identifier, text: value })),
  ]
}
