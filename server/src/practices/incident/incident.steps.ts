import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import type { Caller } from '../../platform/http/caller.ts'
import { assign } from './incident.assign.ts'
import { addFromTemplate, tickNamed } from './incident.checklist.ts'
import type { Sheet } from './incident.command.ts'
import { say } from './incident.comment.ts'
import { edit, overridePriority } from './incident.edit.ts'
import { move } from './incident.moves.ts'
import type { Policies } from './incident.rules.ts'

/** Several changes of one incident, in order, as one: the first that is refused refuses all. Each needs its own permission. */
export const applySteps = async (
  sheet: Sheet,
  caller: Caller,
  steps: readonly IncidentStep[],
  policies: Policies,
): Promise<void> => {
  for (const step of steps) await applyStep(sheet, caller, step, policies)
}

const applyStep = async (
  sheet: Sheet,
  caller: Caller,
  step: IncidentStep,
  policies: Policies,
): Promise<void> => {
  switch (step.do) {
    case 'set':
      return edit(sheet, step.fields, policies)
    case 'assign':
      return assign(sheet, step.to)
    case 'override_priority':
      return overridePriority(sheet, step)
    case 'comment':
      say(sheet, caller.personId, step)
      return
    case 'move':
      return move(sheet, caller, step.move, policies)
    case 'add_checklist':
      return addFromTemplate(sheet, caller, step.templateId)
    case 'tick':
      return tickNamed(sheet, caller, step)
  }
}

/** What the steps are, without what they say: for the list of bulk actions. */
export const kindsOf = (steps: readonly IncidentStep[]): string[] =>
  steps.map((step) => {
    if (step.do === 'move') return step.move.action
    if (step.do === 'comment') return step.audience === 'public' ? 'comment' : 'note'
    return step.do
  })
