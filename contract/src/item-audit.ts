import { z } from 'zod'
import { ItemRef } from './item.ts'
import { Id, Instant, Named, PersonRef, Version } from './record.ts'
import { defineRoutes } from './route.ts'

// Stock-taking: what should be there, what was scanned, and what is decided of the difference.

export const auditCaps = { expected: 5000, delivery: 100, decisions: 50, rows: 500 } as const

/** Why scans are not taken: whoever is signed in is not who scanned them. */
export const otherPerson = 'other_person'

export const AuditState = z.enum(['open', 'closed'])
export type AuditState = z.infer<typeof AuditState>
export const AuditOutcome = z.enum(['missing', 'wrong_place', 'unexpected', 'found'])
export type AuditOutcome = z.infer<typeof AuditOutcome>
/** Its place is where it was seen; it is lost; all stays as it is. */
export const AuditDecision = z.enum(['move', 'lost', 'leave'])
export type AuditDecision = z.infer<typeof AuditDecision>

export const ListedAudit = z.object({
  id: Id,
  name: z.string(),
  state: AuditState,
  filter: z.string().nullable(),
  /** Null where the scope is a filter, or a place that this reader does not see. */
  place: Named.nullable(),
  openedBy: PersonRef,
  openedAt: Instant,
  closedBy: PersonRef.nullable(),
  closedAt: Instant.nullable(),
  version: Version,
})
export type ListedAudit = z.infer<typeof ListedAudit>

/** With how far it is: of what this reader sees, how much is expected, and how much of that was seen anywhere. */
export const AuditInList = ListedAudit.extend({ expected: z.int(), seen: z.int() })
export type AuditInList = z.infer<typeof AuditInList>

export const AuditScan = z.object({
  id: Id,
  text: z.string(),
  at: Instant,
  by: PersonRef,
  place: Named.nullable(),
})
export type AuditScan = z.infer<typeof AuditScan>

export const AuditRow = z.object({
  item: ItemRef,
  outcome: AuditOutcome,
  expectedPlace: Named.nullable(),
  seen: AuditScan.nullable(),
  decision: z.object({ decision: AuditDecision, by: PersonRef, at: Instant }).nullable(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const AuditPage = ListedAudit.extend({
  /** Of what this reader sees. */
  counts: z.object({
    expected: z.int(),
    missing: z.int(),
    wrong_place: z.int(),
    unexpected: z.int(),
    found: z.int(),
    unread: z.int(),
    undecided: z.int(),
  }),
  rows: z.array(AuditRow),
  more: z.boolean(),
  /** What was scanned and names no single item. */
  unread: z.array(AuditScan),
})
export type AuditPage = z.infer<typeof AuditPage>

/** All that a device needs to answer scans without network. */
export const AuditExpected = z.object({
  id: Id,
  name: z.string(),
  state: AuditState,
  version: Version,
  places: z.array(z.object({ id: Id, name: z.string(), inId: Id.nullable() })),
  items: z.array(
    z.object({
      id: Id,
      name: z.string(),
      placeId: Id.nullable(),
      /** What its labels say, folded: asset tag and serial number. */
      codes: z.array(z.string()),
      /** Where and when it was seen last, by anybody. */
      seen: z.object({ placeId: Id.nullable(), at: Instant }).nullable(),
    }),
  ),
})
export type AuditExpected = z.infer<typeof AuditExpected>

export const ScanDraft = z.strictObject({
  /** Made on the device: delivering a scan again adds nothing. */
  id: Id,
  text: z.string().trim().min(1).max(1000),
  placeId: Id.nullable().default(null),
  /** When it was scanned, by the device; never later than it arrives. */
  at: Instant,
})

export const TakenScan = z.object({
  id: Id,
  outcome: AuditOutcome.nullable(),
  /** Null where the text names no single item that this person sees. */
  item: ItemRef.nullable(),
  expectedPlace: Named.nullable(),
})
export type TakenScan = z.infer<typeof TakenScan>

const ById = z.object({ id: Id })

export const itemAuditRoutes = defineRoutes({
  listAudits: {
    method: 'GET',
    path: '/item-audits',
    summary: 'Stock-takings, the newest first; open ones before those that are closed',
    access: 'item.read',
    answer: z.object({ rows: z.array(AuditInList), more: z.boolean() }),
  },
  openAudit: {
    method: 'POST',
    path: '/item-audits',
    summary: 'Begin a stock-taking of what a filter finds, or of what is in a place and in the places in it',
    access: 'item.manage',
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      /** As in the list of items. */
      filter: z.string().trim().max(4000).optional(),
      placeId: Id.optional(),
    }),
    answer: z.object({ id: Id, version: Version, expected: z.int() }),
    status: 201,
    idempotent: true,
  },
  readAudit: {
    method: 'GET',
    path: '/item-audits/{id}',
    summary:
      'What of a stock-taking is found, missing, at another place or not expected, and what was decided',
    access: 'item.read',
    params: ById,
    query: z.strictObject({
      /** Only these; everything but what was found when absent. */
      outcome: AuditOutcome.optional(),
    }),
    answer: AuditPage,
  },
  readAuditExpected: {
    method: 'GET',
    path: '/item-audits/{id}/expected',
    summary: 'What a device needs to answer scans without network: expected items, their labels, and places',
    access: 'item.read',
    params: ById,
    answer: AuditExpected,
  },
  deliverScans: {
    method: 'POST',
    path: '/item-audits/{id}/scans',
    summary: 'Deliver what was scanned; the same scan again adds nothing',
    access: 'item.audit',
    params: ById,
    body: z.strictObject({
      scans: z.array(ScanDraft).min(1).max(auditCaps.delivery),
      /** Who scanned: a device on which somebody else is signed in by now delivers nothing in their name. */
      scannedBy: Id.optional(),
    }),
    answer: z.object({ taken: z.array(TakenScan) }),
  },
  decideAudit: {
    method: 'POST',
    path: '/item-audits/{id}/decisions',
    summary: 'Decide what becomes of items that are missing, not where they should be or not expected',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({
      decisions: z
        .array(z.strictObject({ itemId: Id, decision: AuditDecision }))
        .min(1)
        .max(auditCaps.decisions),
    }),
    answer: z.object({
      results: z.array(
        z.object({
          itemId: Id,
          outcome: z.enum(['done', 'not_believed', 'refused']),
          /** Why not; empty when it is done. */
          sentence: z.string(),
        }),
      ),
    }),
  },
  exportAudit: {
    method: 'GET',
    path: '/item-audits/{id}/report',
    summary:
      'The report of a stock-taking as CSV: each item with what came of it, and what was scanned and not understood',
    access: 'export',
    params: ById,
    media: { answer: 'text/csv' },
  },
  closeAudit: {
    method: 'POST',
    path: '/item-audits/{id}/close',
    summary: 'Close a stock-taking: nothing is scanned or decided any more, its report stays',
    access: 'item.manage',
    params: ById,
    body: z.strictObject({}),
    answer: z.object({ id: Id, version: Version }),
    versioned: true,
  },
})
