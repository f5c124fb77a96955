import { itemAttestationRoutes as routes } from '@evenkeel/contract/item-attestation'
import { serve } from '../../platform/http/serve.ts'
import { answerAttestation, closeAttestation, openAttestation } from './attestation.commands.ts'
import { listAttestations, readAttestation } from './attestation.page.ts'
import { remindAttestation } from './attestation.tell.ts'

export const attestationsServed = serve(routes, {
  listAttestations: ({ database, caller }) => listAttestations(database, caller),
  openAttestation: ({ database, caller, once }, { body }) => openAttestation(database, caller, body, once),
  readAttestation: ({ database, caller }, { params, query }) =>
    readAttestation(database, caller, params.id, query),
  answerAttestation: ({ database, caller }, { params, body }) =>
    answerAttestation(database, caller, params.id, body),
  remindAttestation: ({ database, caller }, { params }) => remindAttestation(database, caller, params.id),
  closeAttestation: ({ database, caller }, { params, version }) =>
    closeAttestation(database, caller, params.id, version),
})
