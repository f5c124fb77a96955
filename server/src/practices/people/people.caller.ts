import { Refusal } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { read, type Database } from '../../platform/postgres/database.ts'
import { loadPrincipal } from './people.principal.ts'

/**
 * A person with their rights as they are, for commands that do not come over HTTP: a seed's story, and mail once it comes in.
 * @throws Refusal `not_found` for a person who is not there or not active
 */
export const callerAs = async (
  database: Database,
  tenantId: string,
  personId: string,
  now: string,
  via: string,
): Promise<Caller> => {
  const principal = await read(database, tenantId, (q) => loadPrincipal(q, personId))
  if (principal === null) throw new Refusal('not_found')
  return {
    tenantId,
    now,
    request: null,
    actor: { kind: 'person', id: personId, onBehalfOf: null, via },
    personId,
    personName: principal.name,
    language: principal.language,
    timeZone: principal.timeZone,
    sessionId: null,
    keyId: null,
    provedAt: null,
    owes: null,
    sessionEnds: null,
    grants: principal.grants,
    reach: principal.reach,
  }
}
