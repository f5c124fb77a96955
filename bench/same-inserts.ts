import { randomUUID, createHash } from 'node:crypto'
import { uuidv7 } from '../server/src/kernel/uuid.ts'

/** The floor's work: the rows that raising one incident writes, as one statement, with nothing decided and nobody checked. */
export const sameInsertsText = `
  with r as (
    insert into record (tenant_id, id, kind, number, title, description, state, is_open, priority, team_id, requester_id, created_at, updated_at)
    values ($1, $2, 'incident', $3, $4, $5, 'new', true, 4, $6, $7, $8, $8)),
  i as (
    insert into incident (tenant_id, id, impact, urgency, computed_priority, matrix_version, channel, raised_by, routing, team_path, team_since)
    values ($1, $2, 3, 3, 4, 0, 'portal', $7, $9, array[$6::uuid], $8)),
  j as (
    insert into journal (tenant_id, id, era, at, actor_kind, actor_id, via, subject_kind, subject_id, type, data, request)
    values ($1, $10, 1, $8, 'key', $7, 'key', 'incident', $2, 'incident.raised', $11, $12),
           ($1, $13, 1, $8, 'key', $7, 'key', 'incident', $2, 'incident.routed', $9, $12))
  insert into journal_personal (tenant_id, entry_id, personal) values ($1, $10, $14)`

export type Place = { readonly tenantId: string; readonly teamId: string; readonly requesterId: string }

let count = 0

export const sameInserts = (place: Place, title: string, description: string) => {
  const id = uuidv7()
  const [raised, routed] = [uuidv7(), uuidv7()]
  const routing = {
    teamId: place.teamId,
    personId: null,
    rule: 'catch_all',
    sentence: 'No rule and no service claims it.',
    version: 1,
  }
  const commitment = { $personal: createHash('sha256').update(title).digest('base64url') }
  count += 1
  const number = `FLR${process.pid}-${count}`
  return {
    name: 'same_inserts',
    text: sameInsertsText,
    values: [
      place.tenantId,
      id,
      number,
      title,
      description,
      place.teamId,
      place.requesterId,
      new Date().toISOString(),
      JSON.stringify(routing),
      raised,
      JSON.stringify({
        version: 1,
        number,
        title: commitment,
        description: commitment,
        custom: commitment,
        requesterId: place.requesterId,
        serviceId: null,
        impact: 3,
        urgency: 3,
        priority: 4,
        matrixVersion: 0,
        channel: 'portal',
        category: '',
        confidential: false,
        state: 'new',
      }),
      randomUUID(),
      routed,
      JSON.stringify({
        '/title': { value: title, salt: commitment.$personal },
        '/description': { value: description, salt: commitment.$personal },
        '/custom': { value: {}, salt: commitment.$personal },
      }),
    ],
    id,
    number,
  }
}
