import type { ImportFault } from '@evenkeel/contract/import'
import type { Saying } from '../language/saying.ts'
import { says } from './mapping.reasons.ts'
import type { RowFault } from './row.ts'

/** What a row was refused for, as a sentence. */
export const rowFaultSaying = (
  fault: Omit<RowFault, 'field'> & { readonly field?: string | null },
): Saying => {
  if (fault.column === null && fault.code === 'missing')
    return says('fault.missingField', { field: fault.field ?? '' })
  return said[fault.code](fault.column ?? '', fault.value ?? '')
}

const said: Readonly<Record<ImportFault['code'], (column: string, value: string) => Saying>> = {
  untranslated: (column, value) => says('fault.untranslated', { column, value }),
  not_an_instant: (column, value) => says('fault.notAnInstant', { column, value }),
  not_a_choice: (column, value) => says('fault.notAChoice', { column, value }),
  not_a_number: (column, value) => says('fault.notANumber', { column, value }),
  not_a_flag: (column, value) => says('fault.notAFlag', { column, value }),
  in_the_future: (column, value) => says('fault.inTheFuture', { column, value }),
  too_long: (column) => says('fault.tooLong', { column }),
  missing: (column) => says('fault.missing', { column }),
  unknown_person: (column, value) => says('fault.unknownPerson', { column, value }),
  unknown_team: (column, value) => says('fault.unknownTeam', { column, value }),
  unknown_service: (column, value) => says('fault.unknownService', { column, value }),
  number_taken: (_, value) => says('fault.numberTaken', { value }),
  no_identity: (column) => says('fault.noIdentity', { column }),
  too_few_cells: (_, value) => says('fault.tooFewCells', { value }),
  too_many_cells: (_, value) => says('fault.tooManyCells', { value }),
  too_many_updates: () => says('fault.tooManyUpdates'),
  not_a_day: (column, value) => says('fault.notADay', { column, value }),
  not_an_amount: (column, value) => says('fault.notAnAmount', { column, value }),
  unknown_item: (_, value) => says('fault.unknownItem', { value }),
  not_of_class: (_, value) => says('fault.notOfClass', { value }),
  twice: () => says('fault.twice'),
  same_item: () => says('fault.sameItem'),
  dropped: () => says('fault.dropped'),
  name_taken: (_, value) => says('fault.nameTaken', { value }),
  no_team: () => says('fault.noTeam'),
  same_ends: () => says('fault.sameEnds'),
  not_taken: (_, value) => says('fault.notTaken', { value }),
  contradiction: (column, value) => says('fault.contradiction', { column, value }),
}
