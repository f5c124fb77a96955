import { parametersFrom } from '../../kernel/filter/sql.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { reachSql } from '../record/index.ts'

/** What of `r` this reader may also open: numbers go as far as `insight.read`, names only as far as `incident.read`. */
export const readableSql = (
  caller: Caller,
  first: number,
): { readonly text: string; readonly values: readonly unknown[] } => {
  const parameters = parametersFrom(first)
  const text = reachSql(caller.grants, 'incident.read', caller.reach, parameters)
  return { text, values: parameters.values }
}
