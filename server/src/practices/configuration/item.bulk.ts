import type { ItemValue } from '@evenkeel/contract/item'
import { itemBulkRoutes as routes, type ItemChange } from '@evenkeel/contract/item-bulk'
import { isJsonObject, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { serve } from '../../platform/http/serve.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import {
  type BulkKind,
  countQuery,
  listBulk,
  previewBulk,
  readBulk,
  startBulk,
  touchedSince,
  undoBulk,
} from '../record/index.ts'
import { itemRows } from './item.at.ts'
import { editByHand, moveByHand } from './item.by-hand.ts'
import { takenGrounds, attributesFor, refuseValues } from './item.check.ts'
import { changeItem, holdItem, rightsOn, saying, storeChanged } from './item.commands.ts'
import { saidByMove } from './item.life.ts'
import { itemPage } from './item.list.index.ts'
import { itemList, mostCounted } from './item.list.ts'
import { inForce, inForceAt, modelOf } from './item.model.ts'
import { says } from './item.reasons.ts'
import { type Known, noChanges } from './item.repo.ts'

/** What people say of an item now; a source says nothing here. */
const saidByHand = ({ facts }: Known, now: string): Readonly<Record<string, ItemValue>> =>
  facts.find(
    ({ source, validFrom, validTo }) =>
      source === 'hand' && validFrom <= now && (validTo === null || now < validTo),
  )?.values ?? {}

/** What a change says by hand of an item, key by key. */
const keysOf = (change: ItemChange): readonly string[] =>
  change.do === 'set'
    ? Object.keys(change.values)
    : [...new Set([...Object.keys(saidByMove('in_use')), ...Object.keys(change.move.values)])]

const apply = async (
  tx: Tx,
  caller: Caller,
  force: Awaited<ReturnType<typeof inForce>>,
  id: string,
  change: ItemChange,
): Promise<number | null> => {
  const known = await holdItem(tx, caller, id, undefined)
  const said = saidByHand(known, caller.now)
  // Kept with the entry: taking it back says again what people said before, and not what was believed of several sources.
  const before = Object.fromEntries(keysOf(change).map((key) => [key, said[key] ?? null]))
  const how = { from: caller.now, more: { before } }
  const row =
    change.do === 'set'
      ? await editByHand(tx, caller, force, known, { values: change.values }, how)
      : await moveByHand(tx, caller, force, known, change.move, how)
  return row.version === known.row.version ? null : row.version
}

type Entry = { readonly id: string; readonly data: JsonObject }

const takeBack = async (
  tx: Tx,
  caller: Caller,
  { recordId, version, bulkId }: { recordId: string; version: number | null; bulkId: string },
): Promise<void> => {
  if (version === null) throw new Refusal('not_ready', says('takeBack.nothing'))
  const force = await inForceAt(tx, caller.now)
  const known = await holdItem(tx, caller, recordId, undefined)
  const entry = await tx.maybe<Entry>({
    name: 'item_entry_of_version',
    text: `select id, data from journal where tenant_id = $1 and subject_id = $2 and (data->>'version')::integer = $3
             and data ? 'before'`,
    values: [tx.tenantId, recordId, version],
  })
  const before = entry?.data['before']
  if (entry === undefined || !isJsonObject(before)) throw new Refusal('not_ready', says('takeBack.nothing'))
  const touched = await touchedSince(tx, recordId, version)
  const reasons = Object.keys(before).flatMap((key) => {
    const touch = touched.get(key)
    return touch === undefined
      ? []
      : [
          {
            code: 'changed_meanwhile',
            field: key,
            message: says('takeBack.since', { by: touch.by ?? says('takeBack.system') }),
          },
        ]
  })
  if (reasons.length > 0) throw new Refusal('changed_meanwhile', reasons)
  // The entry keeps what was said, and sayings are values of attributes.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const patch = before as Record<string, ItemValue | null>
  const model = modelOf(force.models, known.row.class)
  refuseValues(await takenGrounds(tx, attributesFor(model, caller), patch, recordId))
  const changes = noChanges()
  const { row, changed, isChanged } = changeItem(
    tx,
    force,
    known,
    [saying('hand', caller.personId, caller.now, patch)],
    changes,
  )
  if (!isChanged) return
  await storeChanged(tx, force, known.row, row, changes)
  tx.journal({
    type: 'item.edited',
    subject: { kind: 'item', id: recordId },
    data: {
      version: row.version,
      changes: changed,
      said: before,
      source: 'hand',
      validFrom: caller.now,
      bulkId,
      undoes: [entry.id],
    },
    cause: entry.id,
  })
}

const named = async (
  q: Reader,
  caller: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly number: null; readonly title: string }>> => {
  const [rows, rights] = await Promise.all([itemRows(q, ids), rightsOn(q, caller, ids, 'item.read')])
  return new Map(
    rows.flatMap(({ id, name }) =>
      rights.get(id)?.read === true ? [[id, { number: null, title: name }] as const] : [],
    ),
  )
}

const firstOf: BulkKind<ItemChange>['firstOf'] = async (database: Database, caller, list, most) => {
  const reading = await itemList(database, caller, list)
  const [rows, { count }] = await read(database, caller.tenantId, (q) =>
    Promise.all([itemPage(q, reading, undefined, most), q.one(countQuery(reading.list, mostCounted))]),
  )
  return {
    ids: rows.slice(0, most).map(({ id }) => id),
    found: { count: Math.min(count, mostCounted), capped: count > mostCounted },
  }
}

const bulk: BulkKind<ItemChange> = {
  kind: 'item',
  permission: 'item.manage',
  undoableMinutes: 15,
  words: (change) => [change.do === 'set' ? 'set' : change.move.action],
  prepare: async (database, caller, change) => {
    const force = await inForce(database, caller.tenantId, caller.now)
    return (tx, id) => apply(tx, caller, force, id, change)
  },
  takeBack,
  names: named,
  firstOf,
}

export const itemBulkServed = serve(routes, {
  previewItemBulk: ({ database, caller }, { body }) => previewBulk(bulk, database, caller, body, body.change),
  startItemBulk: ({ database, caller, once }, { body }) =>
    startBulk(bulk, database, caller, body.ids, body.change, once),
  listItemBulk: ({ database, caller }) => listBulk(bulk, database, caller),
  readItemBulk: ({ database, caller }, { params }) => readBulk(bulk, database, caller, params.id),
  undoItemBulk: ({ database, caller }, { params }) => undoBulk(bulk, database, caller, params.id),
})
