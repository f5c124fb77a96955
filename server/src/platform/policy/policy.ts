import { issueSaying } from '../../kernel/language/issue.ts'
import { z } from 'zod'
import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { tenantCache } from '../cache/tenant-cache.ts'
import type { Tx } from '../journal/write.ts'
import type { Database, Reader } from '../postgres/database.ts'
import { says } from '../platform.reasons.ts'

/** A kind of versioned decision document: its schema, and what holds before anybody published one. */
export type PolicyKind<Document> = {
  readonly kind: string
  readonly title: string
  readonly schema: z.ZodType<Document>
  readonly initial: Document
}

export const definePolicy = <Document>(kind: PolicyKind<Document>): PolicyKind<Document> => kind

/** Version 0 is the initial document that comes with the product. */
export type PolicyVersion<Document> = {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly document: Document
  readonly effectiveFrom: string
}

type Stored = { kind: string; name: string; version: number; document: unknown; effective_from: string }

const versions = tenantCache(['policy.'], (q) =>
  q.rows<Stored>({
    text: 'select kind, name, version, document, effective_from from policy_version where tenant_id = $1 order by kind, name, version desc',
    values: [q.tenantId],
  }),
)

// Documents are validated when published; parsing again on every decision would be the most expensive part of it.
const parsed = new WeakMap<object, unknown>()

/** The version in force at an instant: the highest whose time has come. */
export const policyInForce = async <Document>(
  database: Database,
  tenantId: string,
  kind: PolicyKind<Document>,
  at: string,
  name = '',
): Promise<PolicyVersion<Document>> => {
  const all = await versions(database, tenantId)
  const row = all.find(
    (version) => version.kind === kind.kind && version.name === name && version.effective_from <= at,
  )
  if (row === undefined)
    return {
      kind: kind.kind,
      name,
      version: 0,
      document: kind.initial,
      effectiveFrom: '1970-01-01T00:00:00.000Z',
    }
  let document = parsed.get(row)
  if (document === undefined) parsed.set(row, (document = kind.schema.parse(row.document)))
  // What `kind.schema` returned above.
  return {
    kind: row.kind,
    name: row.name,
    version: row.version,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    document: document as Document,
    effectiveFrom: row.effective_from,
  }
}

/** The same, read in the transaction at hand: for reactions, whose process may not have heard yet what another one published. */
export const policyAt = async <Document>(
  q: Reader,
  kind: PolicyKind<Document>,
  at: string,
): Promise<{ readonly version: number; readonly document: Document }> => {
  const row = await q.maybe<{ version: number; document: unknown }>({
    name: 'policy_at',
    text: `select version, document from policy_version
           where tenant_id = $1 and kind = $2 and name = '' and effective_from <= $3 order by version desc limit 1`,
    values: [q.tenantId, kind.kind, at],
  })
  if (row === undefined) return { version: 0, document: kind.initial }
  return { version: row.version, document: kind.schema.parse(row.document) }
}

/**
 * Every published version of a kind under every name, by name, the first first. In force at an instant is the highest whose time has come:
 * who replays a history asks for each of its instants. Read anew, for a cache may be older than the entry that it is asked because of.
 */
export const policyHistory = async <Document>(
  q: Reader,
  kind: PolicyKind<Document>,
): Promise<readonly PolicyVersion<Document>[]> => {
  const rows = await q.rows<Stored>({
    name: 'policy_history',
    text: `select kind, name, version, document, effective_from from policy_version
           where tenant_id = $1 and kind = $2 order by name, version`,
    values: [q.tenantId, kind.kind],
  })
  return rows.map((row) => ({
    kind: row.kind,
    name: row.name,
    version: row.version,
    document: kind.schema.parse(row.document),
    effectiveFrom: row.effective_from,
  }))
}

export type Publication = {
  /** Checked against the kind's schema. */
  readonly document: unknown
  readonly name?: string
  readonly note: string
  /** RFC 3339; now when absent. Never in the past: yesterday's decisions keep their version. */
  readonly effectiveFrom?: string
  /** The version this one was made from; somebody else's newer one is a conflict. */
  readonly basedOn: number
}

/** Publishes the next version. */
export const publishPolicy = async <Document>(
  tx: Tx,
  kind: PolicyKind<Document>,
  publication: Publication,
): Promise<number> => {
  const { author } = tx
  const name = publication.name ?? ''
  const effectiveFrom = publication.effectiveFrom ?? author.now
  if (effectiveFrom < author.now)
    throw new Refusal('invalid', [{ code: 'past', field: 'effectiveFrom', message: says('policy.past') }])
  const last = await tx.maybe<{ version: number }>({
    text: 'select version from policy_version where tenant_id = $1 and kind = $2 and name = $3 order by version desc limit 1',
    values: [author.tenantId, kind.kind, name],
  })
  const version = (last?.version ?? 0) + 1
  if (publication.basedOn !== version - 1)
    throw new Refusal('changed_meanwhile', says('policy.published', { version: version - 1 }))
  // A policy document is JSON by its schema; the generic type cannot say so.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const stored = readDocument(kind, publication.document) as JsonObject
  tx.send({
    text: `insert into policy_version (tenant_id, kind, name, version, document, note, author_id, published_at, effective_from)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      author.tenantId,
      kind.kind,
      name,
      version,
      JSON.stringify(stored),
      publication.note,
      author.actor.id,
      author.now,
      effectiveFrom,
    ],
  })
  tx.journal({
    type: 'policy.published',
    subject: { kind: 'tenant', id: author.tenantId },
    data: { kind: kind.kind, name, version, effectiveFrom, note: publication.note, document: stored },
  })
  return version
}

/** @throws Refusal `invalid` naming what is wrong with the document, each with its path. */
export const readDocument = <Document>(kind: PolicyKind<Document>, document: unknown): Document => {
  const result = kind.schema.safeParse(document)
  if (result.success) return result.data
  throw new Refusal(
    'invalid',
    result.error.issues.slice(0, 20).map((issue) => ({
      code: issue.code ?? 'invalid',
      field: ['document', ...issue.path].join('.'),
      message: issueSaying(issue),
    })),
  )
}
