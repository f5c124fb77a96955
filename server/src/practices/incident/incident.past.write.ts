import { createHash } from 'node:crypto'
import { incidentShape } from '@evenkeel/contract/import-mapping'
import { jsonPointer, type JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { policyAt } from '../../platform/policy/policy.ts'
import type { Reader } from '../../platform/postgres/database.ts'
import type { Brought, Facts, PastBatch, PastKind, PastRecord, PastUpdate } from '../record/index.ts'
import { isPersonal } from './incident.command.ts'
import { faultsIn } from './incident.past.faults.ts'
import { foreignMovesIn } from './incident.past.moves.ts'
import { continuedHistory, historyOf, type PastEntryDraft, type PastHistory } from './incident.past.ts'
import type { PastRow, PastRules } from './incident.past.row.ts'
import { inOrder } from './incident.past.values.ts'
import {
  continuedIn,
  customTypes,
  factRows,
  lockKnown,
  passNumbers,
  storePast,
  takenNumbers,
  type PastRows,
  type Seen,
} from './incident.past.repo.ts'
import { priorityPolicy } from './incident.priority.ts'

type Refused = Brought['refused'][number]

const bring = async (tx: Tx, batch: PastBatch, records: readonly PastRecord[]): Promise<Brought> => {
  const refused: Refused[] = []
  const fit = records.filter((record) => {
    const faults = faultsIn(record)
    refused.push(...faults.map((fault) => ({ ...fault, sourceKey: record.sourceKey })))
    return faults.length === 0 && record.updates.length > 0
  })
  const fresh = fit.filter(({ known }) => known === null)
  const wanted = fresh.flatMap(({ updates }) => numberIn(updates) ?? [])
  const further = fit.flatMap(({ sourceKey, updates, known }) => {
    if (known === null) return []
    const [here, more] = parted(updates, known.updateKeys)
    return [{ sourceKey, id: known.id, here, more }]
  })
  const [matrix, custom, taken, rows] = await Promise.all([
    policyAt(tx, priorityPolicy, tx.author.now),
    customTypes(tx),
    takenNumbers(tx, wanted),
    lockKnown(
      tx,
      further.flatMap(({ id, more }) => (more.length > 0 ? [id] : [])),
    ),
  ])
  const rulesWith = (number: string): PastRules => ({
    source: batch.source,
    matrix: matrix.document,
    standIns: batch.standIns,
    custom,
    number,
  })
  const stored: PastRows[] = []
  const seen: Seen[] = []
  const keep = (id: string, sourceKey: string, history: PastHistory, isNew: boolean): PastRows => {
    const written = journalled(tx, batch, id, history)
    const past = {
      id,
      isNew,
      sourceKey,
      row: history.row,
      matrixVersion: matrix.version,
      recorded: history.recorded,
      lastAt: history.row.updated_at,
      ...written,
    }
    stored.push(past)
    return past
  }
  const numbers = new Set<string>(taken)
  for (const { sourceKey, updates } of fresh) {
    const own = numberIn(updates)
    if (own !== null && numbers.has(own)) {
      const line = Math.min(...updates.map((update) => update.line))
      refused.push({ sourceKey, line, column: null, value: own, code: 'number_taken' })
      continue
    }
    if (own !== null) numbers.add(own)
    const history = historyOf(updates, rulesWith(own ?? (await batch.nextNumber())))
    if (history === null) continue
    const past = keep(uuidv7(), sourceKey, history, true)
    seen.push({ recordId: past.id, updates: past.updates.length, continued: false })
  }
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { sourceKey, id, here, more } of further) {
    const row = byId.get(id)
    const faults = more.flatMap(({ line, at }): Refused[] =>
      row === undefined || row.version !== row.imported_version || at < row.last_at
        ? [{ sourceKey, line, column: null, value: at, code: 'contradiction' }]
        : [],
    )
    refused.push(...faults)
    const lines = new Set(faults.map(({ line }) => line))
    const news = more.filter(({ line }) => !lines.has(line))
    if (row !== undefined && news.length > 0) {
      const history = continuedHistory(row, here, news, rulesWith(row.number))
      // What this file does not count is as the earlier one had it.
      const counted = ['missed', 'reassignments', 'reopens'].flatMap((name) => {
        const value = row.recorded[name]
        return value === undefined ? [] : [[name, value] as const]
      })
      const recorded = { ...Object.fromEntries(counted), ...history.recorded }
      keep(id, sourceKey, { ...history, recorded }, false)
    }
    seen.push({ recordId: id, updates: here.length + news.length, continued: news.length > 0 })
  }
  storePast(tx, batch, stored, seen)
  passNumbers(
    tx,
    stored.flatMap(({ isNew, row }) => (isNew ? [row.number] : [])),
  )
  return {
    records: stored.filter(({ isNew }) => isNew).length,
    updates: stored.reduce((sum, { updates }) => sum + updates.length, 0),
    known:
      further.reduce((sum, { here }) => sum + here.length, 0) +
      fit.reduce((sum, { updates }) => sum + updates.length - inOrder(updates).length, 0),
    refused,
  }
}

const numberIn = (updates: readonly PastUpdate[]): string | null =>
  updates.find(({ values }) => (values['number'] ?? null) !== null)?.values['number'] ?? null

/** What is here already, and what is new; each update once. */
const parted = (
  updates: readonly PastUpdate[],
  keys: ReadonlySet<string>,
): readonly [PastUpdate[], PastUpdate[]] => {
  const ordered = inOrder(updates)
  return [
    ordered.filter(({ updateKey }) => keys.has(updateKey)),
    ordered.filter(({ updateKey }) => !keys.has(updateKey)),
  ]
}

/** Says it in the journal, each entry at its own time. */
const journalled = (
  tx: Tx,
  batch: PastBatch,
  id: string,
  { entries }: PastHistory,
): Pick<PastRows, 'comments' | 'updates'> => {
  const subject = { kind: 'incident', id }
  const comments: PastRows['comments'][number][] = []
  const updates: PastRows['updates'][number][] = []
  let cause: string | undefined
  for (const draft of entries) {
    const { at, by, line } = draft
    const origin = {
      imported: { batchId: batch.id, line },
      ...(draft.flags.length > 0 ? { flags: [...draft.flags] } : {}),
    }
    if (draft.kind === 'comment' || draft.kind === 'note') {
      const commentId = uuidv7()
      tx.journalPast({
        type: draft.kind === 'comment' ? 'incident.imported_comment' : 'incident.imported_note',
        subject,
        data: { commentId, body: draft.body, ...origin },
        personal: ['/body'],
        at,
        by,
        ...(cause === undefined ? {} : { cause }),
      })
      const audience = draft.kind === 'comment' ? 'public' : 'team'
      const authorId = by ?? batch.standIns.personId
      comments.push({ id: commentId, audience, body: draft.body, authorId, at })
      continue
    }
    cause =
      draft.kind === 'beginning'
        ? tx.journalPast({
            type: 'incident.imported',
            subject,
            data: { ...beginning(draft.row), ...origin },
            personal: ['/title', '/description', '/custom'],
            at,
            by,
          })
        : tx.journalPast({ ...change(draft, origin), subject, at, by })
    if (draft.updateKey !== null) updates.push({ updateKey: draft.updateKey, entryId: cause, line })
  }
  return { comments, updates }
}

const beginning = (row: PastRow): JsonObject => ({
  version: row.version,
  number: row.number,
  title: row.title,
  description: row.description,
  requesterId: row.requester_id,
  serviceId: row.service_id,
  teamId: row.team_id,
  assigneeId: row.assignee_id,
  impact: row.impact,
  urgency: row.urgency,
  priority: row.priority,
  channel: row.channel,
  category: row.category,
  ...(row.hold_reason === null ? {} : { holdReason: row.hold_reason }),
  custom: { ...row.custom },
  state: row.state,
})

const change = (
  { changes, version, action }: Extract<PastEntryDraft, { readonly kind: 'update' }>,
  origin: JsonObject,
) => ({
  type: 'incident.imported_update',
  data: {
    ...(version === null ? {} : { version }),
    changes: { ...changes },
    ...(action === null ? {} : { action }),
    ...origin,
  },
  personal: Object.keys(changes)
    .filter(isPersonal)
    .map((column) => jsonPointer(['changes', column])),
})

const factsPage = 5000

const facts = async (q: Reader, batchId: string): Promise<Facts> => {
  const sums = { count: 0, updates: 0, missed: 0, reassigned: 0, reopened: 0, withoutResolved: 0 }
  const months = new Map<string, { count: number; readonly hash: ReturnType<typeof createHash> }>()
  for (let after = ''; ;) {
    const rows = await factRows(q, batchId, after, factsPage)
    for (const row of rows) {
      after = row.source_key
      sums.count += 1
      sums.updates += row.updates
      sums.missed += row.missed ? 1 : 0
      sums.reassigned += row.reassigned ? 1 : 0
      sums.reopened += row.reopened ? 1 : 0
      sums.withoutResolved += row.resolved_at === null ? 1 : 0
      const name = row.created_at.slice(0, 7)
      const month = months.get(name) ?? { count: 0, hash: createHash('sha256') }
      months.set(name, month)
      month.count += 1
      month.hash.update(
        `${row.source_key}|${row.created_at}|${row.state}|${row.resolved_at ?? ''}|${row.updates}\n`,
      )
    }
    if (rows.length < factsPage) break
  }
  return {
    ...sums,
    byMonth: new Map(
      [...months]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, { count, hash }]) => [name, { count, checksum: hash.digest('hex') }]),
    ),
  }
}

/** How an import brings incidents. */
export const pastIncidents: PastKind = {
  kind: 'incident',
  shape: incidentShape,
  foreignMoves: foreignMovesIn,
  faultsOf: faultsIn,
  bring,
  continued: continuedIn,
  facts,
}
