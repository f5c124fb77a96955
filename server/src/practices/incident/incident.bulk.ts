import type { IncidentStep } from '@evenkeel/contract/incident-steps'
import type { BulkKind } from '../record/index.ts'
import { hold } from './incident.command.ts'
import { firstOf } from './incident.list.ts'
import { othersIn } from './incident.moves.ts'
import { takeBack } from './incident.process.ts'
import { readableIncidents } from './incident.relatives.ts'
import { policiesAt } from './incident.rules.ts'
import { applySteps, kindsOf } from './incident.steps.ts'
import { takeBackChange } from './incident.take-back.ts'

/** Many incidents, each by all steps or by none. */
export const bulkOfIncidents: BulkKind<readonly IncidentStep[]> = {
  kind: 'incident',
  permission: takeBack.by,
  undoableMinutes: takeBack.withinMinutes,
  words: kindsOf,
  prepare: async (database, caller, steps) => {
    const policies = await policiesAt(database, caller.tenantId, caller.now)
    const alongside = steps.flatMap((step) => (step.do === 'move' ? othersIn(step.move) : []))
    return async (tx, id, cause) => {
      const sheet = await hold(tx, caller, id, takeBack.by, {
        alongside,
        ...(cause === undefined ? {} : { cause }),
      })
      await applySteps(sheet, caller, steps, policies)
      const { version } = sheet.finish()
      return version === sheet.before.version ? null : version
    }
  },
  takeBack: takeBackChange,
  names: readableIncidents,
  firstOf,
}
