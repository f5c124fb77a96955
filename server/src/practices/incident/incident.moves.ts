import { phrased } from './incident.language.ts'
import type { IncidentRef, MoveIncident } from '@evenkeel/contract/incident'
import { invalid } from '../../kernel/refusal.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { mergeOrRefuse, type Wish } from '../record/index.ts'
import { makeMove, onIncident, type Sheet } from './incident.command.ts'
import { say } from './incident.comment.ts'
import { standingFacts } from './incident.facts.ts'
import { childrenOf, resolveChildren } from './incident.family.ts'
import { becomeDuplicate } from './incident.duplicates.ts'
import { incidentProcess } from './incident.process.ts'
import type { IncidentRow } from './incident.repo.ts'
import type { IncidentRules } from '@evenkeel/contract/policy'
import { policiesAt, type Policies } from './incident.rules.ts'
import { endedResolution, endedWait } from './incident.waits.ts'
import { says } from './incident.reasons.ts'

/** Makes one move of the process for somebody who saw version `seen`. */
export const moveIncident = async (
  database: Database,
  caller: Caller,
  id: string,
  seen: number,
  wish: MoveIncident,
): Promise<IncidentRef> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  const decide = async (sheet: Sheet): Promise<void> => {
    await mergeOrRefuse(sheet.tx, sheet.row, seen, [moveWish(sheet.row, wish)])
    await move(sheet, caller, wish, policies)
  }
  return onIncident(database, caller, id, incidentProcess.moves[wish.action].by, decide, othersIn(wish))
}

/** A move is a wish about the state somebody saw: if another one moved it since, they should look again. */
export const moveWish = (row: IncidentRow, { action }: MoveIncident): Wish => {
  const { state } = row
  const theirs = phrased(state, ({ states }) => states[state])
  const yours = phrased(action, ({ move }) => move(action, incidentProcess.moves[action].label ?? action))
  return {
    column: 'state',
    field: 'action',
    theirs: state,
    yours: action,
    shown: { theirs, yours },
    say: (by) => says('move.chosen', { by, state: theirs, action: yours }),
  }
}

/** Incidents that a move locks beside its own. */
export const othersIn = (wish: MoveIncident): string[] =>
  wish.action === 'cancel' && wish.duplicateOf !== undefined ? [wish.duplicateOf] : []

/** The step: one move of the process, with what belongs to it. */
export const move = async (
  sheet: Sheet,
  caller: Caller,
  wish: MoveIncident,
  policies: Policies,
): Promise<void> => {
  const { tx, row } = sheet
  const { now } = tx.author
  const byCaller = caller.personId === row.requester_id
  const standing = standingFacts(row, { openChildren: 0, byCaller, now })
  switch (wish.action) {
    case 'start': {
      makeMove(sheet, 'start', standing)
      return
    }
    case 'hold': {
      if (wish.until !== undefined && Date.parse(wish.until) <= Date.parse(now))
        throw invalid('until', says('hold.past'))
      const asks = wish.question !== undefined && wish.question !== ''
      const facts = {
        ...standing,
        holdReason: wish.reason ?? null,
        callerAsked: asks,
        waitsOn: wish.on ?? null,
        waitsUntil: wish.until ?? null,
      }
      const held = makeMove(sheet, 'hold', facts, {
        change: {
          hold_reason: wish.reason ?? null,
          hold_on: wish.on ?? null,
          hold_until: wish.until === undefined ? null : new Date(wish.until).toISOString(),
          held_at: now,
        },
      })
      if (asks) say(sheet, caller.personId, { audience: 'public', body: wish.question ?? '' }, held)
      return
    }
    case 'resume': {
      makeMove(sheet, 'resume', standing, endedWait(row, now))
      return
    }
    case 'resolve': {
      const children = await childrenOf(tx, row.id, wish.children)
      const facts = {
        ...standing,
        openChildren: children.open.length,
        openChildrenUnexplained: children.unexplained.length,
        resolutionCode: wish.code ?? null,
        resolutionNotes: wish.notes ?? null,
      }
      const ended = endedWait(row, now)
      const resolved = makeMove(sheet, 'resolve', facts, {
        change: {
          ...ended.change,
          resolved_at: now,
          resolution_code: wish.code ?? null,
          resolution_notes: wish.notes ?? null,
          resolved_by: caller.personId,
          auto_close_at: autoCloseAt(now, policies.rules.document),
        },
        data: ended.data,
      })
      resolveChildren(sheet, children, resolved)
      return
    }
    case 'reopen':
    case 'still_broken': {
      const reason = wish.reason ?? ''
      const ended = endedResolution(row, now)
      const reopened = makeMove(
        sheet,
        wish.action,
        { ...standing, reopenReason: reason },
        { change: ended.change, data: { ...ended.data, reason }, personal: ['/reason'] },
      )
      if (wish.action === 'still_broken' && reason !== '')
        say(sheet, caller.personId, { audience: 'public', body: reason }, reopened)
      return
    }
    case 'confirm': {
      makeMove(sheet, 'confirm', standing, { change: { closed_at: now, auto_close_at: null } })
      return
    }
    case 'cancel': {
      const openChildren = await countOpenChildren(tx, row.id)
      const duplicateOf = wish.reason === 'duplicate' ? (wish.duplicateOf ?? null) : null
      if (wish.duplicateOf !== undefined && wish.reason !== 'duplicate')
        throw invalid('duplicateOf', says('duplicate.only'))
      const facts = { ...standing, openChildren, cancelReason: wish.reason ?? null, duplicateOf }
      const ended = endedWait(row, now)
      const canceled = makeMove(sheet, 'cancel', facts, {
        change: { ...ended.change, closed_at: now, cancel_reason: wish.reason ?? null },
        data: { ...ended.data, ...(duplicateOf === null ? {} : { duplicateOf }) },
      })
      if (duplicateOf !== null) await becomeDuplicate(sheet, caller, duplicateOf, canceled)
      return
    }
    case 'withdraw': {
      const ended = endedWait(row, now)
      makeMove(
        sheet,
        'withdraw',
        { ...standing, openChildren: await countOpenChildren(tx, row.id) },
        { change: { ...ended.change, closed_at: now, cancel_reason: 'withdrawn' }, data: ended.data },
      )
      return
    }
  }
}

/** When a resolution becomes final: days of 24 hours after it. */
const autoCloseAt = (resolvedAt: string, rules: Pick<IncidentRules, 'autoCloseDays'>): string =>
  new Date(Date.parse(resolvedAt) + rules.autoCloseDays * 86_400_000).toISOString()

const countOpenChildren = async (tx: Tx, id: string): Promise<number> => {
  const row = await tx.one<{ count: number }>({
    name: 'incident_count_open_children',
    text: `select count(*)::int as count from incident i join record r on r.tenant_id = i.tenant_id and r.id = i.id
           where i.tenant_id = $1 and i.parent_id = $2 and r.is_open`,
    values: [tx.tenantId, id],
  })
  return row.count
}
