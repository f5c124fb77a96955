import type { IncidentRef } from '@evenkeel/contract/incident'
import type { IncidentStep, StepsPreview } from '@evenkeel/contract/incident-steps'
import { Refusal } from '../../kernel/refusal.ts'
import { uuidv7 } from '../../kernel/uuid.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { write, type Tx } from '../../platform/journal/write.ts'
import type { Database } from '../../platform/postgres/database.ts'
import { mergeOrRefuse, type Wish, dryRun } from '../record/index.ts'
import { assignWishes } from './incident.assign.ts'
import { hold, type Sheet } from './incident.command.ts'
import { editWishes, showField } from './incident.edit.ts'
import { moveWish } from './incident.moves.ts'
import { filledIn, replyValues } from './incident.replies.ts'
import { policiesAt, type Policies } from './incident.rules.ts'
import { described } from './incident.sentences.ts'
import { applySteps } from './incident.steps.ts'
import { templateToUse } from './incident.templates.ts'
import { namesFor } from './incident.timeline.ts'
import { says } from './incident.reasons.ts'

/**
 * Makes the changes of a macro, all or none, for somebody who saw version `seen` of the incident and `macroVersion` of the macro: what
 * they tried out is what is done.
 */
export const runMacro = async (
  database: Database,
  caller: Caller,
  id: string,
  macroId: string,
  { seen, macroVersion }: { readonly seen: number; readonly macroVersion: number },
): Promise<IncidentRef> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  return write(database, caller, async (tx) => {
    const macro = await templateToUse(tx, caller, macroId, 'macro')
    if (macro.version !== macroVersion)
      throw new Refusal('changed_meanwhile', says('macro.changed', { version: macro.version }))
    const sheet = await hold(tx, caller, id, 'incident.read_internal')
    const wishes = macro.document.steps.flatMap((step) => wishesOf(sheet, step))
    await mergeOrRefuse(tx, sheet.row, seen, wishes, showField(tx, policies))
    await apply(tx, sheet, caller, { id: macroId, ...macro }, policies)
    return sheet.finish()
  })
}

/** What a macro would do to the incident as it is now, or why it would not. */
export const previewMacro = (
  database: Database,
  caller: Caller,
  id: string,
  macroId: string,
): Promise<StepsPreview> =>
  preview(database, caller, id, async (tx) => ({
    id: macroId,
    ...(await templateToUse(tx, caller, macroId, 'macro')),
  }))

/** The same for steps that are still being written: nothing is kept of them, so they are tried before they become a version. */
export const previewSteps = (
  database: Database,
  caller: Caller,
  id: string,
  steps: readonly IncidentStep[],
): Promise<StepsPreview> =>
  preview(database, caller, id, async () => ({
    id: uuidv7(),
    name: 'draft',
    version: 1,
    document: { steps },
  }))

const preview = async (
  database: Database,
  caller: Caller,
  id: string,
  find: (tx: Tx) => Promise<UsedMacro>,
): Promise<StepsPreview> => {
  const policies = await policiesAt(database, caller.tenantId, caller.now)
  try {
    return await dryRun(database, caller, async (tx) => {
      const macro = await find(tx)
      const sheet = await hold(tx, caller, id, 'incident.read_internal')
      await apply(tx, sheet, caller, macro, policies)
      const names = await namesFor(tx, caller, policies.services, sheet.entries)
      return {
        ready: true,
        reasons: [],
        items: sheet.entries.map((entry) => ({
          type: entry.type,
          ...described(entry, names, true, caller.language),
        })),
      }
    })
  } catch (error) {
    if (!(error instanceof Refusal) || ['not_found', 'unavailable'].includes(error.code)) throw error
    return { ready: false, reasons: error.reasonsIn(caller.language), items: [] }
  }
}

type UsedMacro = {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly document: { readonly steps: readonly IncidentStep[] }
}

/** One entry for the macro, and each change with it as the cause. Texts are filled in with the incident as it is at that step. */
const apply = async (
  tx: Tx,
  sheet: Sheet,
  caller: Caller,
  macro: UsedMacro,
  policies: Policies,
): Promise<void> => {
  sheet.enterCause({
    type: 'incident.macro_used',
    data: { macroId: macro.id, macroVersion: macro.version, name: macro.name },
  })
  for (const step of macro.document.steps) {
    const filled =
      step.do === 'comment'
        ? { ...step, body: filledIn(step.body, await replyValues(tx, caller, sheet.row, policies)) }
        : step
    await applySteps(sheet, caller, [filled], policies)
  }
}

const wishesOf = ({ row }: Sheet, step: IncidentStep): Wish[] => {
  switch (step.do) {
    case 'set':
      return editWishes(row, step.fields)
    case 'assign':
      return assignWishes(row, step.to)
    case 'override_priority':
      return [
        {
          column: 'priority',
          field: 'priority',
          theirs: row.priority,
          yours: step.priority ?? row.computed_priority,
        },
      ]
    case 'comment':
    case 'add_checklist':
    case 'tick':
      return []
    case 'move':
      return [moveWish(row, step.move)]
  }
}
