import type { Saying } from '../../kernel/language/saying.ts'
import { says } from './history.reasons.ts'
import {
  mostVerified,
  type JournalCheck,
  type JournalEntryView,
  type JournalVerdict,
} from '@evenkeel/contract/journal'
import { originOf, parseCheckpoint, verifyCheckpoint } from '../../kernel/evidence/checkpoint.ts'
import { commitmentsIn, opens, personalAt, type PersonalValues } from '../../kernel/evidence/commitment.ts'
import { leafHash } from '../../kernel/evidence/leaf.ts'
import {
  appended,
  emptyFrontier,
  frontierFrom,
  hexOf,
  rootOf,
  sameHash,
  type Frontier,
} from '../../kernel/evidence/merkle.ts'
import { parseNote, type VerifierKey } from '../../kernel/evidence/note.ts'
import type { StoredEntry } from '../../platform/journal/position.ts'
import { sealable } from '../../platform/journal/sealer.ts'
import type { Reader } from '../../platform/postgres/database.ts'

type Head = {
  readonly size: number
  readonly root: Buffer
  readonly frontier: Buffer[]
  readonly checkpoint: string
  readonly signed_at: string
}

type Sealed = Omit<StoredEntry, 'id'> & {
  readonly id: string | null
  readonly seq: number
  readonly leaf_hash: Buffer
  readonly personal: PersonalValues | null
}

/** Who signed a head, as it says itself. */
export const signersOf = (checkpoint: string): string[] =>
  parseNote(checkpoint)?.signatures.map(({ name, id }) => `${name}+${id}`) ?? []

const headColumns = 'size, root, frontier, checkpoint, signed_at'

const headsAround = async (q: Reader, seq: number): Promise<{ before: Head | null; after: Head | null }> => {
  const [before, after] = await Promise.all([
    q.maybe<Head>({
      text: `select ${headColumns} from journal_head where tenant_id = $1 and size <= $2 order by size desc limit 1`,
      values: [q.tenantId, seq],
    }),
    q.maybe<Head>({
      text: `select ${headColumns} from journal_head where tenant_id = $1 and size > $2 order by size limit 1`,
      values: [q.tenantId, seq],
    }),
  ])
  return { before: before ?? null, after: after ?? null }
}

const sealedBetween = (q: Reader, from: number, to: number): Promise<Sealed[]> =>
  q.rows<Sealed>({
    text: `select s.seq, s.leaf_hash, j.id, j.at, j.actor_kind, j.actor_id, j.on_behalf_of, j.via, j.subject_kind, j.subject_id,
             j.type, j.data, j.cause, j.request, p.personal
           from journal_seal s
           left join journal j on j.tenant_id = s.tenant_id and j.id = s.entry_id
           left join journal_personal p on p.tenant_id = s.tenant_id and p.entry_id = s.entry_id
           where s.tenant_id = $1 and s.seq >= $2 and s.seq < $3 order by s.seq`,
    values: [q.tenantId, from, to],
  })

/** Whether what is stored is what was sealed. */
const contentHolds = (tenantId: string, row: Sealed): boolean => {
  if (row.id === null) return false
  try {
    const leaf = leafHash({ ...sealable(tenantId, { ...row, id: row.id }), seq: row.seq })
    return sameHash(leaf, row.leaf_hash)
  } catch {
    // What has no canonical form was never sealed.
    return false
  }
}

const personalIn = (row: Sealed): { holds: boolean; opened: number; erased: number } => {
  const counts = { holds: true, opened: 0, erased: 0 }
  for (const [pointer, commitment] of commitmentsIn(row.data)) {
    const value = personalAt(row.personal ?? {}, pointer)
    if (value === undefined || value === 'erased') counts.erased += 1
    else if (opens(commitment, value.value, value.salt)) counts.opened += 1
    else counts.holds = false
  }
  return counts
}

/** A head's own word: its root is the one stored beside it, and a key of this instance signed it. Null without a key to hold it against. */
const signatureHolds = (tenantId: string, head: Head, keys: readonly VerifierKey[]): boolean | null => {
  if (keys.length === 0) {
    const read = parseCheckpoint(head.checkpoint)
    return read !== null && read.size === head.size && sameHash(read.root, head.root) ? null : false
  }
  const verified = verifyCheckpoint(head.checkpoint, keys)
  return (
    verified.ok &&
    verified.checkpoint.origin === originOf(tenantId) &&
    verified.checkpoint.size === head.size &&
    sameHash(verified.checkpoint.root, head.root)
  )
}

/** The tree as it was under a signed head; null when what is stored of it does not lead to that head's root. */
const frontierUnder = (head: Head | null): Frontier | null => {
  if (head === null) return emptyFrontier
  try {
    const frontier = frontierFrom(head.size, head.frontier)
    return sameHash(rootOf(frontier), head.root) ? frontier : null
  } catch {
    return null
  }
}

/** One sealed entry, looked at now: its content, its personal values, the stretch between the heads around it, and the signature. */
export const checkEntry = async (
  q: Reader,
  seq: number,
  keys: readonly VerifierKey[],
): Promise<JournalEntryView['proof']> => {
  const { before, after } = await headsAround(q, seq)
  if (after === null) return null
  const rows = await sealedBetween(q, before?.size ?? 0, after.size)
  const row = rows.find((candidate) => candidate.seq === seq)
  if (row === undefined) return null
  const start = frontierUnder(before)
  const dense = rows.length === after.size - (before?.size ?? 0)
  // The stretch is rebuilt from the stored hashes: which of its entries was changed is said by that entry's own content.
  const leads =
    start !== null &&
    dense &&
    sameHash(
      rootOf(
        appended(
          start,
          rows.map(({ leaf_hash }) => leaf_hash),
        ),
      ),
      after.root,
    )
  const content = contentHolds(q.tenantId, row)
  const checks: JournalCheck[] = [
    { what: 'content', holds: content },
    { what: 'personal', holds: row.id === null ? false : personalIn(row).holds },
    { what: 'head', holds: leads },
    { what: 'signature', holds: signatureHolds(q.tenantId, after, keys) },
  ]
  return {
    leafHash: hexOf(row.leaf_hash),
    head: after.size,
    root: hexOf(after.root),
    signedAt: after.signed_at,
    keys: signersOf(after.checkpoint),
    checks,
  }
}

const pageSize = 2000

/**
 * Verifies a stretch: from the signed head at or before `from`, over every head in it, as far as one request goes. The journal before it
 * is vouched for by that head, which is itself held against its signature.
 */
export const verifyStretch = async (
  q: Reader,
  from: number,
  keys: readonly VerifierKey[],
  most: number = mostVerified,
  language = 'en',
): Promise<JournalVerdict> => {
  const { before } = await headsAround(q, from)
  const first = before?.size ?? 0
  const verdict = {
    from: first,
    heads: 0,
    keys: new Set<string>(),
    signatures: keys.length === 0 ? null : true,
    personal: { opened: 0, erased: 0 },
  }
  const answer = (
    to: number,
    next: number | null,
    fault: JournalVerdict['fault'] = null,
  ): JournalVerdict => ({
    ...verdict,
    keys: [...verdict.keys],
    sound: fault === null,
    to,
    entries: to - first,
    fault,
    next,
  })
  const faultAt = (to: number, entry: number, words: Saying, id: string | null = null): JournalVerdict =>
    answer(to, null, { entry, id, words: words.in(language) })

  let frontier = frontierUnder(before)
  if (frontier === null || (before !== null && signatureHolds(q.tenantId, before, keys) === false))
    return faultAt(first, first, says('verify.start', { count: String(first) }))
  const heads = await q.rows<Head>({
    text: `select ${headColumns} from journal_head where tenant_id = $1 and size > $2 and size <= $3 order by size`,
    values: [q.tenantId, first, first + most],
  })
  // One batch that is longer than a stretch is verified whole: there is no head inside it.
  if (heads.length === 0) {
    const { after } = await headsAround(q, first)
    if (after === null) return endOfSeals(q, first, answer, faultAt)
    heads.push(after)
  }
  for (const head of heads) {
    for (let at = frontier.size; at < head.size; at += pageSize) {
      const rows = await sealedBetween(q, at, Math.min(at + pageSize, head.size))
      for (const row of rows) {
        if (row.seq !== frontier.size)
          return faultAt(
            frontier.size,
            frontier.size,
            says('verify.missing', { entry: String(frontier.size) }),
          )
        if (!contentHolds(q.tenantId, row))
          return faultAt(row.seq, row.seq, says('verify.content', { entry: String(row.seq) }), row.id)
        const personal = personalIn(row)
        if (!personal.holds)
          return faultAt(row.seq, row.seq, says('verify.personal', { entry: String(row.seq) }), row.id)
        verdict.personal.opened += personal.opened
        verdict.personal.erased += personal.erased
        frontier = appended(frontier, [row.leaf_hash])
      }
    }
    if (frontier.size !== head.size)
      return faultAt(
        frontier.size,
        frontier.size,
        says('verify.gap', { from: String(frontier.size), to: String(head.size - 1) }),
      )
    if (!sameHash(rootOf(frontier), head.root))
      return faultAt(
        frontier.size,
        frontier.size,
        says('verify.rewritten', { to: String(head.size - 1), count: String(head.size) }),
      )
    if (signatureHolds(q.tenantId, head, keys) === false)
      return faultAt(head.size, head.size - 1, says('verify.signature', { count: String(head.size) }))
    verdict.heads += 1
    for (const key of signersOf(head.checkpoint)) verdict.keys.add(key)
  }
  const more = await q.maybe<{ size: number }>({
    text: 'select size from journal_head where tenant_id = $1 and size > $2 order by size limit 1',
    values: [q.tenantId, frontier.size],
  })
  return more === undefined
    ? endOfSeals(q, frontier.size, answer, faultAt)
    : answer(frontier.size, frontier.size)
}

/** Behind the last head there is nothing numbered: numbers and their head are stored in one transaction. */
const endOfSeals = async (
  q: Reader,
  size: number,
  answer: (to: number, next: null) => JournalVerdict,
  faultAt: (to: number, entry: number, words: Saying) => JournalVerdict,
): Promise<JournalVerdict> => {
  const stray = await q.maybe<{ seq: number }>({
    text: 'select seq from journal_seal where tenant_id = $1 and seq >= $2 order by seq limit 1',
    values: [q.tenantId, size],
  })
  return stray === undefined
    ? answer(size, null)
    : faultAt(size, stray.seq, says('verify.stray', { entry: String(stray.seq) }))
}
