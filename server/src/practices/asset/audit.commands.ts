import { auditCaps, otherPerson, type AuditDecision, type TakenScan } from '@evenkeel/contract/item-audit'
import { reasonIn, invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database, type Reader } from '../../platform/postgres/database.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import {
  inForce,
  itemList,
  itemPage,
  itemReachSql,
  itemsAt,
  itemsScanned,
  modelOf,
  sayAudited,
  timesOf,
  type InForce,
} from '../configuration/index.ts'
import { parametersFrom } from '../../kernel/filter/sql.ts'
import { isWithin } from '../../kernel/audit/audit.ts'
import { isThere, textIn } from './asset.read.ts'
import { says } from './audit.reasons.ts'
import { auditRow, placesOf, seenOf, type AuditRow, type Places } from './audit.repo.ts'
import { closeRound, type Ref } from './round.close.ts'

export const openAudit = async (
  database: Database,
  caller: Caller,
  draft: {
    readonly name: string
    readonly filter?: string | undefined
    readonly placeId?: string | undefined
  },
  once: OnceStore | null,
): Promise<Ref & { readonly expected: number }> => {
  const { name, filter, placeId } = draft
  if ((filter === undefined) === (placeId === undefined)) throw invalid('filter', says('scope'))
  const force = await inForce(database, caller.tenantId, caller.now)
  const candidates = await read(database, caller.tenantId, async (q) => {
    if (placeId !== undefined) return inPlace(q, caller, await placesOf(q, caller, force), placeId)
    const reading = await itemList(database, caller, { q: filter })
    return (await itemPage(q, reading, undefined, auditCaps.expected)).map(({ id }) => id)
  })
  const most = says('most', { most: auditCaps.expected })
  if (candidates.length > auditCaps.expected)
    throw invalid(placeId === undefined ? 'filter' : 'placeId', most)
  return write(database, caller, async (tx) => {
    const rows = await itemsAt(tx, candidates, timesOf({}, caller.now), force)
    const expected = [...rows.values()].filter(
      (row) =>
        isThere(row) && row.mergedIntoId === null && modelOf(force.models, row.class).nature === 'thing',
    )
    if (expected.length === 0) throw invalid(placeId === undefined ? 'filter' : 'placeId', says('none'))
    const id = uuidv7()
    tx.send({
      text: `insert into item_audit (tenant_id, id, name, filter, place_id, opened_by, opened_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [tx.tenantId, id, name, filter ?? null, placeId ?? null, caller.personId, caller.now],
    })
    for (const statement of insertMany(
      'item_audit_expected',
      { tenant_id: 'uuid', audit_id: 'uuid', item_id: 'uuid', place_id: 'uuid' },
      expected.map((row) => {
        const place = textIn(row, 'location')
        return {
          tenant_id: tx.tenantId,
          audit_id: id,
          item_id: row.id,
          place_id: place === '' ? null : place,
        }
      }),
    ))
      tx.send(statement)
    tx.journal({
      type: 'item_audit.opened',
      subject: { kind: 'item_audit', id },
      data: { name, filter: filter ?? null, placeId: placeId ?? null, expected: expected.length },
    })
    const answer = { id, version: 1, expected: expected.length }
    once?.remember(tx, 201, answer)
    return answer
  })
}

/** Items that this caller sees and that are in a place, or in one that lies in it. */
const inPlace = async (
  q: Reader,
  caller: Caller,
  { around, named }: Places,
  placeId: string,
): Promise<string[]> => {
  if (!named.has(placeId)) throw invalid('placeId', says('place'))
  const inside = [...new Set([placeId, ...around.keys()])].filter((id) => isWithin(id, placeId, around))
  const reach = parametersFrom(4)
  const seen = itemReachSql(caller, 'item.read', reach)
  const rows = await q.rows<{ id: string }>({
    text: `select distinct v.item_id as id from item_value v
             join item r on r.tenant_id = $1 and r.id = v.item_id and r.merged_into_id is null and ${seen}
           where v.tenant_id = $1 and v.attribute = 'location' and v.ref = any($2::uuid[]) order by 1 limit $3`,
    values: [q.tenantId, inside, auditCaps.expected + 1, ...reach.values],
  })
  return rows.map(({ id }) => id)
}

/**
 * An open audit, locked: deliveries go side by side, nothing arrives while it is closed.
 * @throws Refusal `not_found`, `not_allowed_here`
 */
const holdAudit = async (tx: Tx, caller: Caller, id: string, lock: 'share' | 'update'): Promise<AuditRow> => {
  await tx.rows({
    text: `select 1 from item_audit where tenant_id = $1 and id = $2 for ${lock}`,
    values: [tx.tenantId, id],
  })
  const row = await auditRow(tx, caller, id)
  if (row.state !== 'open') throw new Refusal('not_allowed_here', says('closed'))
  return row
}

type ScanDraft = {
  readonly id: string
  readonly text: string
  readonly placeId: string | null
  readonly at: string
}

/**
 * Takes what a device delivers. A scan is kept whatever it says: what names no item, or a place that is not there any more, was scanned all
 * the same, and would else wait on the device for ever.
 */
export const deliverScans = async (
  database: Database,
  caller: Caller,
  id: string,
  { scans, scannedBy }: { readonly scans: readonly ScanDraft[]; readonly scannedBy?: string | undefined },
): Promise<{ taken: TakenScan[] }> => {
  if (scannedBy !== undefined && scannedBy !== caller.personId)
    throw new Refusal('not_allowed_here', [{ code: otherPerson, message: says('other') }])
  const force = await inForce(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    await holdAudit(tx, caller, id, 'share')
    const texts = scans.map(({ text }) => wellFormed(text))
    const [items, places] = await Promise.all([itemsScanned(tx, caller, texts), placesOf(tx, caller, force)])
    const { now } = caller
    const rows = scans.map((scan, index) => {
      const text = texts[index] ?? ''
      const at = new Date(scan.at).toISOString()
      return {
        tenant_id: tx.tenantId,
        audit_id: id,
        id: scan.id,
        text,
        item_id: items.get(text) ?? null,
        place_id: scan.placeId !== null && places.named.has(scan.placeId) ? scan.placeId : null,
        at: at > now ? now : at,
        scanned_by: caller.personId,
        received_at: now,
      }
    })
    const fresh: { id: string; itemId: string | null }[] = []
    for (const { text, values } of insertMany(
      'item_audit_scan',
      {
        tenant_id: 'uuid',
        audit_id: 'uuid',
        id: 'uuid',
        text: 'text',
        item_id: 'uuid',
        place_id: 'uuid',
        at: 'timestamptz',
        scanned_by: 'uuid',
        received_at: 'timestamptz',
      },
      rows,
      ' on conflict (tenant_id, audit_id, id) do nothing returning id, item_id as "itemId"',
    ))
      fresh.push(...(await tx.rows<{ id: string; itemId: string | null }>({ text, values })))
    if (fresh.length > 0)
      tx.journal({
        type: 'item_audit.scanned',
        subject: { kind: 'item_audit', id },
        data: { scans: fresh.map((one) => ({ id: one.id, itemId: one.itemId })) },
      })
    return { taken: await answersTo(tx, caller, force, id, scans) }
  })
}

const wellFormed = (text: string): string => text.replaceAll('\0', '').toWellFormed() || '\ufffd'

const answersTo = async (
  tx: Tx,
  caller: Caller,
  force: InForce,
  auditId: string,
  scans: readonly ScanDraft[],
): Promise<TakenScan[]> => {
  const [seen, kept] = await Promise.all([
    seenOf(tx, caller, force, auditId),
    tx.rows<{ id: string; itemId: string | null }>({
      text: `select id, item_id as "itemId" from item_audit_scan where tenant_id = $1 and audit_id = $2 and id = any($3::uuid[])`,
      values: [tx.tenantId, auditId, scans.map(({ id }) => id)],
    }),
  ])
  const named = new Map(kept.map(({ id, itemId }) => [id, itemId]))
  const results = new Map(seen.items.map((one) => [one.itemId, one]))
  return scans.map(({ id }) => {
    const itemId = named.get(id) ?? null
    const result = itemId === null ? undefined : results.get(itemId)
    const item = result === undefined ? null : seen.refs(result.itemId)
    const place = result?.expectedPlaceId ?? null
    const name = place === null ? undefined : seen.places.named.get(place)
    return {
      id,
      item,
      outcome: item === null ? null : (result?.outcome ?? null),
      expectedPlace: place === null || name === undefined ? null : { id: place, name },
    }
  })
}

/** Each by itself: what cannot be decided holds up nothing else. */
export const decideAudit = async (
  database: Database,
  caller: Caller,
  id: string,
  wanted: readonly { readonly itemId: string; readonly decision: AuditDecision }[],
): Promise<{
  results: { itemId: string; outcome: 'done' | 'not_believed' | 'refused'; sentence: string }[]
}> => {
  const force = await inForce(database, caller.tenantId, caller.now)
  const { language } = caller
  return write(database, caller, async (tx) => {
    const audit = await holdAudit(tx, caller, id, 'update')
    const seen = await seenOf(tx, caller, force, id)
    const results = new Map(seen.items.map((one) => [one.itemId, one]))
    const answers: { itemId: string; outcome: 'done' | 'not_believed' | 'refused'; sentence: string }[] = []
    for (const { itemId, decision } of new Map(wanted.map((one) => [one.itemId, one])).values()) {
      try {
        const result = results.get(itemId)
        if (result === undefined || result.outcome === 'found')
          throw new Refusal('not_allowed_here', says('decide.not'))
        const placeId = result.seen?.placeId ?? null
        if (decision === 'move' && placeId === null)
          throw new Refusal('not_allowed_here', says('decide.move'))
        if (decision === 'lost' && result.seen !== null)
          throw new Refusal('not_allowed_here', says('decide.lost'))
        const { isBelieved } =
          decision === 'leave'
            ? { isBelieved: true }
            : await sayAudited(
                tx,
                force,
                caller,
                itemId,
                id,
                decision === 'move' && placeId !== null
                  ? { is: 'there', placeId }
                  : { is: 'gone', note: says('note', { name: audit.name }).in(language) },
              )
        tx.send({
          text: `insert into item_audit_decision (tenant_id, audit_id, item_id, decision, decided_by, decided_at) values ($1, $2, $3, $4, $5, $6)
                 on conflict (tenant_id, audit_id, item_id) do update
                 set decision = excluded.decision, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
          values: [tx.tenantId, id, itemId, decision, caller.personId, caller.now],
        })
        tx.journal({
          type: 'item_audit.decided',
          subject: { kind: 'item_audit', id },
          data: { itemId, decision },
        })
        answers.push(
          isBelieved
            ? { itemId, outcome: 'done', sentence: '' }
            : { itemId, outcome: 'not_believed', sentence: says('decide.believed').in(language) },
        )
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const sentence = error.grounds.map((ground) => reasonIn(ground, language).message).join('; ')
        answers.push({ itemId, outcome: 'refused', sentence: sentence === '' ? error.message : sentence })
      }
    }
    return { results: answers }
  })
}

export const closeAudit = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const audit = await holdAudit(tx, caller, id, 'update')
    return closeRound(tx, caller, 'item_audit', audit, version, says('changed'))
  })
