import { z } from 'zod'
import { ItemRef } from './item.ts'
import { Id, Instant, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

// Attestation: whoever looks after items is asked, by a day, whether what the model says of them is right.

export const attestationCaps = { items: 5000, answers: 100, rows: 500 } as const

export const AttestationState = z.enum(['open', 'closed'])
export type AttestationState = z.infer<typeof AttestationState>
/** All that is known of it is right; something is not, and the note says what. */
export const AttestationAnswer = z.enum(['right', 'wrong'])
export type AttestationAnswer = z.infer<typeof AttestationAnswer>
/** What is asked for: mine to answer, without an answer, right, not right. */
export const AttestationShow = z.enum(['mine', 'waiting', 'right', 'wrong'])
export type AttestationShow = z.infer<typeof AttestationShow>

export const ListedAttestation = z.object({
  id: Id,
  name: z.string(),
  state: AttestationState,
  /** Which items, as in the list of items. */
  filter: z.string(),
  dueAt: Instant,
  openedBy: PersonRef,
  openedAt: Instant,
  closedBy: PersonRef.nullable(),
  closedAt: Instant.nullable(),
  version: Version,
  /** Of what this reader sees. */
  counts: z.object({
    items: z.int(),
    right: z.int(),
    wrong: z.int(),
    waiting: z.int(),
    /** Without an answer, and theirs to give. */
    mine: z.int(),
    /** Without an answer, and nobody looks after them. */
    nobody: z.int(),
  }),
})
export type ListedAttestation = z.infer<typeof ListedAttestation>

export const AttestedItem = z.object({
  item: ItemRef,
  /** Who looks after it now, and so is asked. */
  owner: PersonRef.nullable(),
  answer: AttestationAnswer.nullable(),
  note: z.string(),
  answeredBy: PersonRef.nullable(),
  answeredAt: Instant.nullable(),
  mayAnswer: z.boolean(),
})
export type AttestedItem = z.infer<typeof AttestedItem>

export const AttestationPage = ListedAttestation.extend({
  rows: z.array(AttestedItem),
  more: z.boolean(),
  /** How far each of them is; those with most to answer first. */
  owners: z.array(
    z.object({
      owner: PersonRef.nullable(),
      items: z.int(),
      answered: z.int(),
      /** When they were last told of it. */
      toldAt: Instant.nullable(),
    }),
  ),
})
export type AttestationPage = z.infer<typeof AttestationPage>

const ById = z.object({ id: Id })

export const itemAttestationRoutes = defineRoutes({
  listAttestations: {
    method: 'GET',
    path: '/item-attestations',
    summary: 'Attestations of items, open ones first, those that are due first',
    access: 'item.read',
    answer: z.object({ rows: z.array(ListedAttestation), more: z.boolean() }),
  },
  openAttestation: {
    method: 'POST',
    path: '/item-attestations',
    summary: 'Ask those who look after items to confirm, by a day, that what is known of them is right',
    access: 'item.manage',
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      /** As in the list of items. */
      filter: z.string().trim().max(4000),
      dueAt: Instant,
    }),
    answer: z.object({ id: Id, version: Version, items: z.int(), owners: z.int() }),
    status: 201,
    idempotent: true,
  },
  readAttestation: {
    method: 'GET',
    path: '/item-attestations/{id}',
    summary: 'What of an attestation is confirmed, not right or without an answer, and who is asked',
    access: 'item.read',
    params: ById,
    query: z.strictObject({ show: AttestationShow.optional() }),
    answer: AttestationPage,
  },
  answerAttestation: {
    method: 'POST',
    path: '/item-attestations/{id}/answers',
    summary: 'Say of items that what is known of them is right, or what is not; the last answer holds',
    access: 'item.read',
    params: ById,
    body: z.strictObject({
      itemIds: z.array(Id).min(1).max(attestationCaps.answers),
      answer: AttestationAnswer,
      /** What is not right. */
      note: z.string().trim().max(2000).default(''),
    }),
    answer: z.object({ answered: z.int() }),
  },
  remindAttestation: {
    method: 'POST',
    path: '/item-attestations/{id}/reminders',
    summary: 'Remind those who have not answered; each of them at most once a day',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({}),
    answer: z.object({ told: z.int() }),
  },
  closeAttestation: {
    method: 'POST',
    path: '/item-attestations/{id}/close',
    summary:
      'Close an attestation: nothing is answered any more; what nobody confirmed shows in the health of the model',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({}),
    answer: z.object({ id: Id, version: Version }),
    versioned: true,
  },
})
