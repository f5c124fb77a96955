import type { Caller } from '../../platform/http/caller.ts'
import { write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { hold, mustBeActive, mustFit } from './incident.command.ts'

/** Watches an incident, or adds somebody else. Adding somebody shares the incident with them, which takes the right to edit it. */
export const watchIncident = (
  database: Database,
  caller: Caller,
  id: string,
  personId: string = caller.personId,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.watch')
    const self = personId === caller.personId
    if (!self) {
      mustFit(sheet, 'share')
      await mustBeActive(tx, personId, 'personId')
    }
    const added = await tx.rows({
      name: 'incident_watch',
      text: `insert into watcher as w (tenant_id, record_id, person_id, shared_by) values ($1,$2,$3,$4)
             on conflict (tenant_id, record_id, person_id) do update set shared_by = excluded.shared_by
             where w.shared_by is null and excluded.shared_by is not null
             returning person_id`,
      values: [tx.tenantId, id, personId, self ? null : caller.personId],
    })
    if (added.length > 0) sheet.enter({ type: 'incident.watched', data: { personId, shared: !self } })
    sheet.finish()
  })

/** Stops watching, or removes a watcher. */
export const unwatchIncident = (
  database: Database,
  caller: Caller,
  id: string,
  personId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.watch')
    if (personId !== caller.personId) mustFit(sheet, 'share')
    const removed = await tx.rows({
      name: 'incident_unwatch',
      text: 'delete from watcher where tenant_id = $1 and record_id = $2 and person_id = $3 returning person_id',
      values: [tx.tenantId, id, personId],
    })
    if (removed.length > 0) sheet.enter({ type: 'incident.unwatched', data: { personId } })
    sheet.finish()
  })

/**
 * Says that it happens to oneself too, or to somebody else: one more affected person instead of one more incident. Affected people read
 * it from then on, so only what one may read can be joined: an id that somebody came by opens nothing. The desk adds the others.
 */
export const addAffected = (
  database: Database,
  caller: Caller,
  id: string,
  personId: string = caller.personId,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.read')
    mustFit(sheet, 'join')
    if (personId !== caller.personId) {
      mustFit(sheet, 'share')
      await mustBeActive(tx, personId, 'personId')
    }
    // It happens to the caller anyway.
    if (personId === sheet.row.requester_id) return
    const added = await tx.rows({
      name: 'incident_affect',
      text: `insert into affected_person (tenant_id, record_id, person_id, created_at) values ($1,$2,$3,$4)
             on conflict do nothing returning person_id`,
      values: [tx.tenantId, id, personId, tx.author.now],
    })
    if (added.length > 0) sheet.enter({ type: 'incident.affected_added', data: { affected: [personId] } })
    sheet.finish()
  })

/** Says that it does not happen to them after all. */
export const removeAffected = (
  database: Database,
  caller: Caller,
  id: string,
  personId: string,
): Promise<void> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.read')
    // Leaving gives up rights and takes none.
    if (personId !== caller.personId) mustFit(sheet, 'share')
    const removed = await tx.rows({
      name: 'incident_unaffect',
      text: 'delete from affected_person where tenant_id = $1 and record_id = $2 and person_id = $3 returning person_id',
      values: [tx.tenantId, id, personId],
    })
    if (removed.length > 0) sheet.enter({ type: 'incident.affected_removed', data: { affected: [personId] } })
    sheet.finish()
  })
