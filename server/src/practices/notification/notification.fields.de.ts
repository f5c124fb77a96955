import type { holdReasons } from '@evenkeel/contract/choices'
import type { FieldWords } from '../../kernel/filter/language.ts'

/** What rules about who is told look at, in German. */
export const german: FieldWords = {
  labels: {
    priority: 'Priorität',
    team: 'Team',
    service: 'Dienst',
    assignee: 'zuständige Person',
    confidential: 'vertraulich',
    by_caller: 'von jemandem, den es betrifft',
    given: 'gerade an die zuständige Person gegeben',
    new_team: 'gerade zum Team gekommen',
    moved: 'dadurch in einen anderen Status gekommen',
    priority_raised: 'dadurch dringender geworden',
    waits_for: 'worauf es seit eben wartet',
  },
  choices: {
    waits_for: {
      caller: 'meldende Person',
      change: 'Change',
      problem: 'Problem',
      vendor: 'Lieferant',
      parts: 'Ersatzteile',
      user_scheduled: 'vereinbarter Termin',
    } satisfies Record<(typeof holdReasons)[number], string>,
  },
}
