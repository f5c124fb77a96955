import { invalid, Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { unfitFor, type Sheet } from './incident.command.ts'
import { taskFits } from './incident.process.ts'
import { mayRead, relativeColumns, type RelativeRow } from './incident.relatives.ts'
import { says } from './incident.reasons.ts'

/**
 * The incident that another one is a duplicate of. It must not be a duplicate itself: so what is a duplicate of what is always one
 * step, and never a circle. The command holds both under lock (`alongside`): of two that would be sound each and a circle together, the
 * later one sees the earlier.
 *
 * @throws Refusal `invalid` naming the field
 */
export const survivorFor = async (
  tx: Tx,
  caller: Caller,
  duplicateId: string,
  survivorId: string,
  field: string,
): Promise<RelativeRow> => {
  if (duplicateId === survivorId) throw invalid(field, says('duplicate.itself'))
  const [survivor, links] = await Promise.all([
    tx.maybe<RelativeRow>({
      text: `select ${relativeColumns('$3')} from record r where r.tenant_id = $1 and r.id = $2 and r.kind = 'incident'`,
      values: [tx.tenantId, survivorId, caller.personId],
    }),
    tx.rows<{ from_id: string; to_id: string }>({
      text: `select from_id, to_id from record_link where tenant_id = $1 and type = 'duplicate_of' and from_id in ($2, $3)`,
      values: [tx.tenantId, duplicateId, survivorId],
    }),
  ])
  if (survivor === undefined || !mayRead(caller, survivor)) throw invalid(field, says('incident.none'))
  const survivorOf = new Map(links.map((link) => [link.from_id, link.to_id]))
  if (survivorOf.has(survivorId) || survivor.state === 'canceled')
    throw invalid(field, says('duplicate.over', { number: survivor.number }))
  const marked = survivorOf.get(duplicateId)
  if (marked !== undefined && marked !== survivorId) throw invalid(field, says('duplicate.marked'))
  return survivor
}

/**
 * What canceling as a duplicate leaves behind: the link, and on the survivor everybody the duplicate happened to, as affected people
 * and watchers, so that nobody who called loses the thread.
 */
export const becomeDuplicate = async (
  sheet: Sheet,
  caller: Caller,
  survivorId: string,
  cause: string,
): Promise<void> => {
  const { tx, id } = sheet
  const survivor = await survivorFor(tx, caller, id, survivorId, 'duplicateOf')
  if (survivor.confidentiality === 'confidential')
    throw invalid('duplicateOf', says('duplicate.confidential', { number: survivor.number }))
  const fits = taskFits('absorb', survivor.state)
  if (fits !== true)
    throw new Refusal('not_allowed_here', [
      { ...unfitFor('absorb', survivor.state, fits), field: 'duplicateOf' },
    ])
  await insertLink(tx, id, 'duplicate_of', survivorId, cause)
  const moved = await movePeople(tx, id, survivor)
  if (moved.affected.length + moved.watching.length === 0) return
  tx.journal({
    type: 'incident.affected_added',
    subject: { kind: 'incident', id: survivorId },
    data: { ...moved, from: id },
    cause,
  })
}

/** Stores and announces a link; does nothing when it is there. */
export const insertLink = async (
  tx: Tx,
  fromId: string,
  type: string,
  toId: string,
  cause?: string,
): Promise<void> => {
  const there = await tx.maybe<{ type: string }>({
    name: 'incident_link_find',
    text: 'select type from record_link where tenant_id = $1 and from_id = $2 and type = $3 and to_id = $4',
    values: [tx.tenantId, fromId, type, toId],
  })
  if (there === undefined) linkNew(tx, fromId, type, toId, cause)
}

/** A link is one row and two entries, one on each timeline. Neither record's fields change by it, so neither does a version. */
export const linkNew = (tx: Tx, fromId: string, type: string, toId: string, cause?: string): void => {
  const { actor, now } = tx.author
  tx.insert('record_link', {
    tenant_id: tx.tenantId,
    from_id: fromId,
    type,
    to_id: toId,
    added_by: actor.onBehalfOf ?? actor.id,
    created_at: now,
  })
  const linked = tx.journal({
    type: 'incident.linked',
    subject: { kind: 'incident', id: fromId },
    data: { type, direction: 'out', recordId: toId },
    ...(cause === undefined ? {} : { cause }),
  })
  tx.journal({
    type: 'incident.linked',
    subject: { kind: 'incident', id: toId },
    data: { type, direction: 'in', recordId: fromId },
    cause: linked,
  })
}

const movePeople = async (
  tx: Tx,
  duplicateId: string,
  survivor: RelativeRow,
): Promise<{ readonly affected: string[]; readonly watching: string[] }> => {
  const people = `select requester_id as person_id from record where tenant_id = $1 and id = $2
                  union select person_id from affected_person where tenant_id = $1 and record_id = $2`
  const [affected, watching] = await Promise.all([
    tx.rows<{ person_id: string }>({
      name: 'incident_move_affected',
      text: `insert into affected_person (tenant_id, record_id, person_id, created_at)
             select $1, $3, p.person_id, $5 from (${people}) p where p.person_id <> $4
             on conflict do nothing returning person_id`,
      values: [tx.tenantId, duplicateId, survivor.id, survivor.requester_id, tx.author.now],
    }),
    tx.rows<{ person_id: string }>({
      name: 'incident_move_watchers',
      text: `insert into watcher (tenant_id, record_id, person_id)
             select $1, $3, p.person_id from (${people}) p where p.person_id <> $4
             on conflict do nothing returning person_id`,
      values: [tx.tenantId, duplicateId, survivor.id, survivor.requester_id],
    }),
  ])
  return { affected: affected.map((row) => row.person_id), watching: watching.map((row) => row.person_id) }
}

/**
 * Undoes what canceling as a duplicate left behind: the link, and those who came to the survivor by it. Who was there before, or came
 * by themselves since, stays.
 */
export const releaseDuplicate = async (
  tx: Tx,
  duplicateId: string,
  survivorId: string,
  canceledEntry: string,
): Promise<void> => {
  const moved = await tx.rows<{ data: { affected?: string[]; watching?: string[] } }>({
    name: 'incident_moved_people',
    text: `select data from journal where tenant_id = $1 and subject_id = $2 and type = 'incident.affected_added' and cause = $3`,
    values: [tx.tenantId, survivorId, canceledEntry],
  })
  const affected = moved.flatMap(({ data }) => data.affected ?? [])
  const watching = moved.flatMap(({ data }) => data.watching ?? [])
  tx.send({
    name: 'incident_unmove_affected',
    text: 'delete from affected_person where tenant_id = $1 and record_id = $2 and person_id = any($3)',
    values: [tx.tenantId, survivorId, affected],
  })
  tx.send({
    name: 'incident_unmove_watchers',
    text: 'delete from watcher where tenant_id = $1 and record_id = $2 and person_id = any($3) and shared_by is null',
    values: [tx.tenantId, survivorId, watching],
  })
  if (affected.length > 0)
    tx.journal({
      type: 'incident.affected_removed',
      subject: { kind: 'incident', id: survivorId },
      data: { affected },
      cause: canceledEntry,
    })
  await removeLink(tx, duplicateId, 'duplicate_of', survivorId)
}

/** Removes a link and says so on both timelines; false when there is none. */
export const removeLink = async (tx: Tx, fromId: string, type: string, toId: string): Promise<boolean> => {
  const removed = await tx.rows({
    name: 'incident_link_delete',
    text: 'delete from record_link where tenant_id = $1 and from_id = $2 and type = $3 and to_id = $4 returning to_id',
    values: [tx.tenantId, fromId, type, toId],
  })
  if (removed.length === 0) return false
  const unlinked = tx.journal({
    type: 'incident.unlinked',
    subject: { kind: 'incident', id: fromId },
    data: { type, direction: 'out', recordId: toId },
  })
  tx.journal({
    type: 'incident.unlinked',
    subject: { kind: 'incident', id: toId },
    data: { type, direction: 'in', recordId: fromId },
    cause: unlinked,
  })
  return true
}
