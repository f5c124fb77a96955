import { attestationCaps, type AttestationAnswer } from '@evenkeel/contract/item-attestation'
import { invalid, Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { insertMany } from '../../platform/postgres/insert-many.ts'
import { inForce, itemList, itemPage, itemsAt, rightsOn, timesOf } from '../configuration/index.ts'
import { isThere } from './asset.read.ts'
import { says } from './attestation.reasons.ts'
import { askedItems, attestationRow, type AttestationRow } from './attestation.repo.ts'
import { closeRound, type Ref } from './round.close.ts'

export const openAttestation = async (
  database: Database,
  caller: Caller,
  { name, filter, dueAt }: { readonly name: string; readonly filter: string; readonly dueAt: string },
  once: OnceStore | null,
): Promise<Ref & { readonly items: number; readonly owners: number }> => {
  const due = new Date(dueAt).toISOString()
  if (due <= caller.now) throw invalid('dueAt', says('due'))
  const { items: most } = attestationCaps
  const force = await inForce(database, caller.tenantId, caller.now)
  const candidates = await read(database, caller.tenantId, async (q) => {
    const reading = await itemList(database, caller, { q: filter })
    return (await itemPage(q, reading, undefined, most)).map(({ id }) => id)
  })
  if (candidates.length > most) throw invalid('filter', says('most', { most }))
  return write(database, caller, async (tx) => {
    const [rows, rights] = await Promise.all([
      itemsAt(tx, candidates, timesOf({}, caller.now), force),
      rightsOn(tx, caller, candidates, 'item.manage'),
    ])
    const asked = [...rows.values()].filter(
      (row) => isThere(row) && row.mergedIntoId === null && rights.get(row.id)?.act === true,
    )
    if (asked.length === 0) throw invalid('filter', says('none'))
    const id = uuidv7()
    tx.send({
      text: 'insert into item_attestation (tenant_id, id, name, filter, due_at, opened_by, opened_at) values ($1, $2, $3, $4, $5, $6, $7)',
      values: [tx.tenantId, id, name, filter, due, caller.personId, caller.now],
    })
    for (const statement of insertMany(
      'item_attestation_item',
      { tenant_id: 'uuid', attestation_id: 'uuid', item_id: 'uuid' },
      asked.map((row) => ({ tenant_id: tx.tenantId, attestation_id: id, item_id: row.id })),
    ))
      tx.send(statement)
    tx.journal({
      type: 'item_attestation.opened',
      subject: { kind: 'item_attestation', id },
      data: { name, filter, dueAt: due, items: asked.length },
    })
    const { owners } = await tx.one<{ owners: number }>({
      text: `select count(distinct owner_id)::int as owners from item where tenant_id = $1 and id = any($2::uuid[])`,
      values: [tx.tenantId, asked.map((row) => row.id)],
    })
    const answer = { id, version: 1, items: asked.length, owners }
    once?.remember(tx, 201, answer)
    return answer
  })
}

/**
 * An open attestation, locked: answers go side by side, none arrives while it is closed.
 * @throws Refusal `not_found`, `not_allowed_here`
 */
const holdAttestation = async (
  tx: Tx,
  caller: Caller,
  id: string,
  lock: 'share' | 'update',
): Promise<AttestationRow> => {
  await tx.rows({
    text: `select 1 from item_attestation where tenant_id = $1 and id = $2 for ${lock}`,
    values: [tx.tenantId, id],
  })
  const row = await attestationRow(tx, caller, id)
  if (row.state !== 'open') throw new Refusal('not_allowed_here', says('closed'))
  return row
}

/** All of them or none: who presses once means what they see. The last answer holds, and the journal keeps each. */
export const answerAttestation = async (
  database: Database,
  caller: Caller,
  id: string,
  {
    itemIds,
    answer,
    note,
  }: { readonly itemIds: readonly string[]; readonly answer: AttestationAnswer; readonly note: string },
): Promise<{ answered: number }> => {
  if (answer === 'wrong' && note === '') throw invalid('note', says('note'))
  const ids = [...new Set(itemIds)]
  return write(database, caller, async (tx) => {
    await holdAttestation(tx, caller, id, 'share')
    const asked = await askedItems(tx, caller, id, { ids }, ids.length)
    if (asked.length < ids.length) throw invalid('itemIds', says('notIn'))
    if (asked.some(({ act, ownerId }) => !act && ownerId !== caller.personId))
      throw new Refusal('forbidden', says('notYours'))
    const said = answer === 'wrong' ? note : ''
    tx.send({
      text: `update item_attestation_item set answer = $4, note = $5, answered_by = $6, answered_at = $7
             where tenant_id = $1 and attestation_id = $2 and item_id = any($3::uuid[])`,
      values: [tx.tenantId, id, ids, answer, said, caller.personId, caller.now],
    })
    for (const itemId of ids)
      tx.journal({
        type: 'item.attested',
        subject: { kind: 'item', id: itemId },
        data: { attestationId: id, answer, note: said },
        ...(said === '' ? {} : { personal: ['/note'] }),
      })
    tx.journal({
      type: 'item_attestation.answered',
      subject: { kind: 'item_attestation', id },
      data: { answer, items: ids.length },
    })
    return { answered: ids.length }
  })
}

export const closeAttestation = async (
  database: Database,
  caller: Caller,
  id: string,
  version: number,
): Promise<Ref> =>
  write(database, caller, async (tx) => {
    const attestation = await holdAttestation(tx, caller, id, 'update')
    return closeRound(tx, caller, 'item_attestation', attestation, version, says('changed'))
  })
