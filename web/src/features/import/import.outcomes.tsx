import type { ArrivalOutcomes } from '@evenkeel/contract/import'
import type { ImportKindName } from '@evenkeel/contract/import-mapping'
import { say } from '../../language/say.ts'
import { Counts } from './import.counts.tsx'

/** What would become, or became, of items and relations. */
export const Outcomes = ({
  rows,
  outcomes,
  kind,
  isDone,
}: {
  readonly rows: number | null
  readonly outcomes: ArrivalOutcomes
  readonly kind: ImportKindName
  readonly isDone: boolean
}) => {
  const { created, recognized, changed, same, conflict, refused } = outcomes
  const isItems = kind === 'item'
  return (
    <Counts
      counts={[
        ...(rows === null ? [] : [{ name: say('import.rowsRead'), count: rows }]),
        { name: say(isDone ? 'import.outcome.made' : 'import.outcome.created'), count: created },
        ...(isItems
          ? [
              {
                name: say('import.outcome.recognized'),
                count: recognized,
                about: say('import.outcome.recognizedText'),
              },
              { name: say(isDone ? 'import.outcome.changedDone' : 'import.outcome.changed'), count: changed },
            ]
          : []),
        { name: say('import.outcome.same'), count: same },
        ...(isItems
          ? [
              {
                name: say('import.outcome.conflict'),
                count: conflict,
                about: say('import.outcome.conflictText'),
                isNotable: conflict > 0,
              },
            ]
          : []),
        { name: say('import.refused'), count: refused, isNotable: refused > 0 },
      ]}
    />
  )
}
