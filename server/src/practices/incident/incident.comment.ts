import type { WriteComment } from '@evenkeel/contract/incident'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { OnceStore } from '../../platform/http/idempotency.ts'
import { write } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { insertComment } from '../record/index.ts'
import { hold, makeMove, mustFit, type Sheet } from './incident.command.ts'
import { standingFacts } from './incident.facts.ts'
import { endedWait } from './incident.waits.ts'

/** Writes a comment the caller can read, or a work note for the team. */
export const commentIncident = (
  database: Database,
  caller: Caller,
  id: string,
  comment: WriteComment,
  once: OnceStore | null,
): Promise<{ id: string }> =>
  write(database, caller, async (tx) => {
    const sheet = await hold(tx, caller, id, 'incident.read')
    const answer = { id: say(sheet, caller.personId, comment) }
    sheet.finish()
    once?.remember(tx, 201, answer)
    return answer
  })

/**
 * The step; returns the comment's id. The caller's own comment on an incident that waits for them is the answer it waits for. On a
 * resolved one it is only a comment: "thanks" reopens nothing (INC-04).
 */
export const say = (
  sheet: Sheet,
  authorId: string,
  { audience, body }: WriteComment,
  cause?: string,
): string => {
  mustFit(sheet, audience === 'public' ? 'comment' : 'note')
  const { tx, by } = sheet
  const id = uuidv7()
  insertComment(tx, { id, recordId: sheet.id, audience, body, authorId })
  const said = sheet.enter({
    type: audience === 'public' ? 'incident.commented' : 'incident.noted',
    data: { commentId: id, audience, body },
    personal: ['/body'],
    ...(cause === undefined ? {} : { cause }),
  })
  if (audience === 'team') return id
  const { row } = sheet
  const byCaller = authorId === row.requester_id
  if (!byCaller && by.may('incident.work')) sheet.reachedCaller()
  if (byCaller && row.state === 'on_hold' && row.hold_reason === 'caller' && by.may('incident.answer')) {
    makeMove(sheet, 'caller_replied', standingFacts(row, { openChildren: 0, byCaller, now: tx.author.now }), {
      ...endedWait(row, tx.author.now),
      cause: said,
    })
  }
  return id
}
