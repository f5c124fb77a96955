import type { IncidentRef, MoveIncident } from '@evenkeel/contract/incident'
import { z } from 'zod'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import { definePolicy, policyInForce } from '../../platform/policy/policy.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { insertComment, mergeOrRefuse } from '../record/index.ts'
import { makeMove, onIncident, type Held } from './incident.command.ts'
import { incidentProcess } from './incident.process.ts'
import { standingFacts } from './incident.view.ts'

const IncidentRules = z.strictObject({
  /** Calendar days after resolution without objection until it closes by itself; until then the caller may say "still broken". */
  autoCloseDays: z.int().min(1).max(365),
})
export type IncidentRules = z.infer<typeof IncidentRules>

export const incidentRules = definePolicy<IncidentRules>({
  kind: 'incident_rules',
  title: 'Incident rules',
  schema: IncidentRules,
  initial: { autoCloseDays: 7 },
})

/** Makes one move of the process for somebody who saw `seen`. */
export const moveIncident = async (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  move: MoveIncident,
): Promise<IncidentRef> => {
  const rules = await policyInForce(database, caller.tenantId, incidentRules, caller.now)
  return onIncident(database, caller, id, incidentProcess.moves[move.action].by, async (tx, held) => {
    // A move is a wish about the state: if somebody else moved it since, the person should look again.
    await mergeOrRefuse(tx, held.row, seen, { state: null })
    return apply(tx, caller, held, move, rules.document)
  })
}

const apply = async (
  tx: Tx,
  caller: Caller,
  held: Held,
  move: MoveIncident,
  rules: IncidentRules,
): Promise<IncidentRef> => {
  const { row } = held
  const openChildren = await countOpenChildren(
    tx,
    row.id,
    move.action === 'resolve' ? (move.exceptChildren ?? []) : [],
  )
  const standing = standingFacts(row, openChildren, caller.now)
  switch (move.action) {
    case 'start':
      return makeMove(tx, caller, held, 'start', standing, {})
    case 'hold': {
      const facts = {
        ...standing,
        holdReason: move.reason ?? null,
        callerAsked: (move.question ?? '') !== '',
        waitsOn: move.on ?? null,
      }
      const ref = makeMove(tx, caller, held, 'hold', facts, {
        incident: {
          hold_reason: move.reason ?? null,
          hold_on: move.on ?? null,
          hold_until: move.until ?? null,
          held_at: caller.now,
        },
        ...(move.question === undefined ? {} : { record: { last_public_at: caller.now } }),
      })
      if (move.question !== undefined) writeComment(tx, caller, held, 'public', move.question)
      return ref
    }
    case 'resume':
      return makeMove(tx, caller, held, 'resume', standing, { incident: noHold })
    case 'resolve': {
      const facts = { ...standing, resolutionCode: move.code ?? null, resolutionNotes: move.notes ?? null }
      return makeMove(tx, caller, held, 'resolve', facts, {
        record: { resolved_at: caller.now },
        incident: {
          ...noHold,
          resolution_code: move.code ?? null,
          resolution_notes: move.notes ?? null,
          resolved_by: caller.personId,
          auto_close_at: daysAfter(caller.now, rules.autoCloseDays),
        },
        data: { exceptChildren: move.exceptChildren ?? [] },
      })
    }
    case 'reopen':
    case 'still_broken': {
      const reason = move.reason ?? ''
      const ref = makeMove(
        tx,
        caller,
        held,
        move.action,
        { ...standing, reopenReason: reason },
        {
          record: { resolved_at: null },
          incident: {
            resolution_code: null,
            resolution_notes: null,
            resolved_by: null,
            auto_close_at: null,
            reopen_count: row.reopen_count + 1,
          },
          data: { reason },
          personal: ['/reason'],
        },
      )
      if (move.action === 'still_broken' && reason !== '') writeComment(tx, caller, held, 'public', reason)
      return ref
    }
    case 'confirm':
      return makeMove(tx, caller, held, 'confirm', standing, {
        record: { closed_at: caller.now },
        incident: { auto_close_at: null },
      })
    case 'cancel': {
      const facts = { ...standing, cancelReason: move.reason ?? null, duplicateOf: move.duplicateOf ?? null }
      return makeMove(tx, caller, held, 'cancel', facts, {
        record: { closed_at: caller.now },
        incident: { ...noHold, cancel_reason: move.reason ?? null },
        data: { duplicateOf: move.duplicateOf ?? null },
      })
    }
  }
}

const noHold = { hold_reason: null, hold_on: null, hold_until: null, held_at: null } as const

/** Elapsed days of 24 hours, as instants. */
const daysAfter = (now: string, days: number): string =>
  new Date(Date.parse(now) + days * 86_400_000).toISOString()

const countOpenChildren = async (tx: Tx, id: string, except: readonly string[]): Promise<number> => {
  const row = await tx.one<{ count: number }>({
    text: `select count(*)::int as count from incident i join record r using (tenant_id, id)
           where i.tenant_id = $1 and i.parent_id = $2 and r.is_open and not (i.id = any($3))`,
    values: [tx.tenantId, id, except],
  })
  return row.count
}

/** Writes a comment and says so; the entry carries the text behind a commitment. */
export const writeComment = (
  tx: Tx,
  caller: Caller,
  held: Held,
  audience: 'public' | 'team',
  body: string,
): string => {
  const id = uuidv7()
  insertComment(tx, { id, recordId: held.row.id, audience, body, authorId: caller.personId })
  tx.journal({
    type: audience === 'public' ? 'incident.commented' : 'incident.noted',
    subject: { kind: 'incident', id: held.row.id },
    data: { commentId: id, audience, body },
    personal: ['/body'],
  })
  return id
}
