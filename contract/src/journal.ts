import { z } from 'zod'
import { Id, Instant, PersonRef, pageOf } from './record.ts'
import { defineRoutes } from './route.ts'

export const journalActorKinds = ['person', 'key', 'system', 'agent', 'stranger'] as const
export const JournalActorKind = z.enum(journalActorKinds)
export type JournalActorKind = z.infer<typeof JournalActorKind>

/** What the journal says, by name; the catalogue of texts has words for each. */
export const journalTypes = [
  'access.refused',
  'api_key.created',
  'api_key.revoked',
  'attachment.downloaded',
  'bulk.finished',
  'bulk.started',
  'bulk.undone',
  'credential.passkey_added',
  'credential.passkey_removed',
  'credential.passkey_renamed',
  'credential.password_changed',
  'credential.password_set',
  'credential.recovery_code_used',
  'credential.recovery_codes_renewed',
  'credential.totp_added',
  'credential.totp_removed',
  'custom_field.changed',
  'custom_field.created',
  'import.canceled',
  'import.examined',
  'import.examining',
  'import.failed',
  'import.faults_exported',
  'import.finished',
  'import.paused',
  'import.started',
  'import.uploaded',
  'import.voided',
  'import_mapping.saved',
  'incident.affected_added',
  'incident.affected_removed',
  'incident.item_named',
  'incident.item_dropped',
  'incident.impact_raised',
  'incident.impact_weighed',
  'incident.assigned',
  'incident.attached',
  'incident.attached_for_team',
  'incident.bounced',
  'incident.canceled',
  'incident.checklist_added',
  'incident.checklist_edited',
  'incident.checklist_removed',
  'incident.children_changed',
  'incident.closed',
  'incident.commented',
  'incident.detached',
  'incident.detached_for_team',
  'incident.edited',
  'incident.exported',
  'incident.held',
  'incident.imported',
  'incident.imported_comment',
  'incident.imported_note',
  'incident.imported_update',
  'incident.kept_open',
  'incident.linked',
  'incident.macro_used',
  'incident.noted',
  'incident.parent_changed',
  'incident.priority_computed',
  'incident.priority_overridden',
  'incident.raised',
  'incident.reopened',
  'incident.resolved',
  'incident.resumed',
  'incident.routed',
  'incident.started',
  'incident.taken_back',
  'incident.unlinked',
  'incident.unwatched',
  'incident.watched',
  'journal.exported',
  'mail.accepted',
  'mail.dead',
  'mail.kept',
  'mail.link_shown',
  'mail.queued',
  'item.attested',
  'item.conflict_decided',
  'item.conflict_reopened',
  'item.created',
  'item.edited',
  'item.ends',
  'item.exported',
  'item.health_said',
  'item.merged',
  'item.moved',
  'item.related',
  'item.relation_ended',
  'item.split',
  'item_attestation.answered',
  'item_attestation.closed',
  'item_attestation.opened',
  'item_attestation.told',
  'item_audit.closed',
  'item_audit.decided',
  'item_audit.exported',
  'item_audit.opened',
  'item_audit.scanned',
  'item_branch.applied',
  'item_branch.created',
  'item_branch.discarded',
  'item_branch.edited',
  'item_branch.step_added',
  'item_branch.step_removed',
  'item_source.delivered',
  'item_source.gone_decided',
  'mail.redriven',
  'mail.refused',
  'mail.unknown',
  'mail.withdrawn',
  'notification.digest_made',
  'notification.digest_moved',
  'notification.preferred',
  'notification.told',
  'organization.exported',
  'organization.imported',
  'person.created',
  'person.deactivated',
  'person.edited',
  'person.invited',
  'person.reactivated',
  'person.reset_requested',
  'person.role_given',
  'person.role_taken',
  'person.unlocked',
  'person.unused_told',
  'person.unused_warned',
  'policy.published',
  'reaction.retried',
  'register.exported',
  'role.created',
  'role.edited',
  'role.removed',
  'service.created',
  'service.edited',
  'session.confirmed',
  'session.ended',
  'session.refused',
  'session.renewed',
  'session.started',
  'team.created',
  'team.edited',
  'team.member_removed',
  'team.member_set',
  'template.changed',
  'template.created',
  'tenant.created',
  'tenant.resumed',
  'tenant.suspended',
  'view.changed',
  'view.created',
  'view.default_set',
  'view.deleted',
] as const
export type JournalType = (typeof journalTypes)[number]

/** What entries are about. */
export const journalSubjectKinds = [
  'incident',
  'person',
  'team',
  'role',
  'service',
  'item',
  'item_attestation',
  'item_audit',
  'item_branch',
  'tenant',
  'mail',
  'notification',
  'attachment',
  'bulk',
  'custom_field',
  'template',
  'view',
  'import',
  'import_mapping',
] as const

/**
 * What became of an entry's personal values for this reader: there are `none`; all are `shown`; some were `erased` for good; they are
 * `withheld` because this reader may not see whom or what they are about.
 */
export const JournalPersonal = z.enum(['none', 'shown', 'erased', 'withheld'])

/** One field that an entry changed, or one thing that it says; the words are for people. */
export const JournalChange = z.object({
  field: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
})
export type JournalChange = z.infer<typeof JournalChange>

export const JournalRow = z.object({
  id: Id,
  at: Instant,
  /** As `incident.resolved`. */
  type: z.string(),
  actor: z.object({ kind: JournalActorKind, id: Id.nullable(), name: z.string().nullable() }),
  /** In whose name, when somebody or a key acted for another one. */
  onBehalfOf: PersonRef.nullable(),
  via: z.string(),
  subject: z.object({ kind: z.string(), id: Id, name: z.string().nullable() }),
  sentence: z.string().nullable(),
  changes: z.array(JournalChange),
  personal: JournalPersonal,
  /** Null while it is not sealed: its number in the journal, and the size of the signed head that covers it. */
  seal: z.object({ number: z.int(), head: z.int() }).nullable(),
})
export type JournalRow = z.infer<typeof JournalRow>

export const journalCheckKinds = ['content', 'personal', 'head', 'signature'] as const
/** One thing that was looked at, now: whether it holds; null where it could not be looked at. */
export const JournalCheck = z.object({ what: z.enum(journalCheckKinds), holds: z.boolean().nullable() })
export type JournalCheck = z.infer<typeof JournalCheck>

export const JournalEntryView = JournalRow.extend({
  /** What was written, for entries that carry a text. */
  body: z.string().nullable(),
  details: z.array(z.object({ field: z.string(), value: z.string() })),
  cause: z.object({ id: Id, type: z.string() }).nullable(),
  request: z.string().nullable(),
  proof: z
    .object({
      leafHash: z.string(),
      head: z.int(),
      root: z.string(),
      signedAt: Instant,
      /** Name and id of the key, as they stand in the head. */
      keys: z.array(z.string()),
      checks: z.array(JournalCheck),
    })
    .nullable(),
})
export type JournalEntryView = z.infer<typeof JournalEntryView>

export const JournalState = z.object({
  /** Entries under the last signed head. */
  sealed: z.int(),
  unsealed: z.int(),
  oldestUnsealedAt: Instant.nullable(),
  head: z
    .object({ size: z.int(), root: z.string(), signedAt: Instant, keys: z.array(z.string()) })
    .nullable(),
})
export type JournalState = z.infer<typeof JournalState>

/** Entries that one request verifies at most; a longer stretch is verified piece by piece. */
export const mostVerified = 20_000

export const JournalVerdict = z.object({
  /** Whether everything that was looked at holds. */
  sound: z.boolean(),
  /** The stretch that was verified, from the head before it to the head after it; numbers of entries. */
  from: z.int(),
  to: z.int(),
  entries: z.int(),
  heads: z.int(),
  keys: z.array(z.string()),
  /** Null where this process has no key to hold signatures against. */
  signatures: z.boolean().nullable(),
  personal: z.object({ opened: z.int(), erased: z.int() }),
  /** The first thing that does not hold. */
  fault: z.object({ entry: z.int(), id: Id.nullable(), words: z.string() }).nullable(),
  /** Where the next stretch begins; null when the last head was reached. */
  next: z.int().nullable(),
})
export type JournalVerdict = z.infer<typeof JournalVerdict>

const Type = z
  .string()
  .max(60)
  .regex(/^[a-z_]+(\.[a-z_]+)*$/, 'an entry type, as incident.resolved, or the first part of one')

export const JournalQuery = z.strictObject({
  actor: Id.optional(),
  actorKind: JournalActorKind.optional(),
  kind: z.enum(journalSubjectKinds).optional(),
  subject: Id.optional(),
  /** Number of a record, as INC0001042. */
  number: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2,5}\d{1,12}$/, 'a number, as INC0001042')
    .optional(),
  /** `incident.resolved`, or `incident` for all of them. */
  type: Type.optional(),
  from: Instant.optional(),
  /** Exclusive. */
  to: Instant.optional(),
})
export type JournalQuery = z.infer<typeof JournalQuery>

export const journalRoutes = defineRoutes({
  listJournal: {
    method: 'GET',
    path: '/journal',
    summary: 'Who did what when, newest first, in the order of the journal',
    access: 'journal.read',
    query: JournalQuery.extend({
      cursor: z.string().max(120).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    /** A page may be short, or empty, and have a next one: what few entries are like is searched in stretches. */
    answer: pageOf(JournalRow).extend({ searchedTo: Instant.nullable() }),
  },
  readJournalState: {
    method: 'GET',
    path: '/journal/state',
    summary: 'How far the journal is sealed',
    access: 'journal.read',
    answer: JournalState,
  },
  verifyJournal: {
    method: 'POST',
    path: '/journal/verify',
    summary: `Verify a stretch of the journal: at most ${mostVerified.toString()} entries at a time`,
    access: 'journal.read',
    body: z.strictObject({
      /** Number of the first entry; the stretch begins at the signed head before it. */
      from: z.int().min(0).default(0),
    }),
    answer: JournalVerdict,
  },
  exportJournal: {
    method: 'GET',
    path: '/journal/export',
    summary:
      'The journal as a file that proves itself (`evenkeel journal verify --file`); personal values this reader may not see are left out; on record',
    access: 'journal.read',
    media: { answer: 'application/jsonl' },
  },
  readJournalEntry: {
    method: 'GET',
    path: '/journal/entries/{id}',
    summary: 'One entry, and whether its seal holds',
    access: 'journal.read',
    params: z.object({ id: Id }),
    answer: JournalEntryView,
  },
})
