import { isJsonObject, type JsonObject } from '../../kernel/evidence/canonical-json.ts'

/** What the process, or the product, misses in what another system says; kept with the entry. */
export const pastFlags = [
  /** The process has no move between these states. */
  'no_such_move',
  /** It began in a state in which nothing begins here. */
  'began_elsewhere',
  /** The file has no line for this: its columns say when it was. */
  'from_columns',
  'unassigned',
  'no_hold_reason',
  'no_code',
  'no_notes',
  'no_cancel_reason',
  /** There are notes without a code, and none is kept without one. */
  'code_stands_in',
  'team_stands_in',
  'caller_stands_in',
] as const
export type PastFlag = (typeof pastFlags)[number]

/** The flags of an entry. */
export const flagsIn = ({ flags }: JsonObject): PastFlag[] =>
  Array.isArray(flags) ? pastFlags.filter((flag) => flags.includes(flag)) : []

// What stood in, and what only columns tell, says something of the file, not of how people worked.
const ofTheFile: readonly PastFlag[] = [
  'from_columns',
  'code_stands_in',
  'team_stands_in',
  'caller_stands_in',
]

/** Whether an entry tells of something that the process would not have allowed. */
export const deviates = (data: JsonObject): boolean => flagsIn(data).some((flag) => !ofTheFile.includes(flag))

/** The line of the file that an entry comes from. */
export const lineIn = ({ imported }: JsonObject): number =>
  isJsonObject(imported) && typeof imported['line'] === 'number' ? imported['line'] : 0
