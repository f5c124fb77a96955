import type { JsonObject } from '../../kernel/evidence/canonical-json.ts'
import { promiseOf } from './service-level.agreed.ts'
import type { ToldEntry } from './service-level.measured.ts'
import type { Mark } from './service-level.replay.ts'

/** What the journal says of clocks, as endings of a record's entry types. */
export const clockEntries = {
  warned: 'clock_warned',
  missed: 'clock_missed',
  withdrawn: 'clock_withdrawn',
} as const

export type NewWord = { readonly type: keyof typeof clockEntries; readonly data: JsonObject }

/**
 * Pure: what is still to be said of a record's clocks. What was said is in the journal itself, so each mark is said once, whoever notices it and
 * however often; a miss that is none any more, because somebody corrected a priority or an entry came late, is taken back.
 */
export const wordsToSay = (
  marks: readonly Mark[],
  entries: readonly Pick<ToldEntry, 'type' | 'data'>[],
): readonly NewWord[] => {
  const said = new Map<string, JsonObject>()
  for (const { type, data } of entries) {
    const word = wordOf(type)
    if (word === 'warned' || word === 'missed') said.set(keyOf(word, data), data)
    if (word === 'withdrawn') said.delete(keyOf('missed', data))
  }
  const due = marks.map((mark) => ({ type: mark.what, data: dataOf(mark) }))
  const standing = new Set(due.map(({ type, data }) => keyOf(type, data)))
  const wrong = [...said].flatMap(([key, data]): NewWord[] =>
    key.startsWith('missed ') && !standing.has(key) ? [{ type: 'withdrawn', data }] : [],
  )
  return [...wrong, ...due.filter(({ type, data }) => !said.has(keyOf(type, data)))]
}

const wordOf = (type: string): keyof typeof clockEntries | undefined => {
  const ending = type.slice(type.indexOf('.') + 1)
  if (ending === clockEntries.warned) return 'warned'
  if (ending === clockEntries.missed) return 'missed'
  return ending === clockEntries.withdrawn ? 'withdrawn' : undefined
}

/** What makes a word the same word: whose clock, which round, and the instant it speaks of. */
const keyOf = (word: 'warned' | 'missed', { slot, round, warning, at }: JsonObject): string =>
  `${word} ${JSON.stringify([slot, round, warning ?? null, at])}`

const dataOf = ({ slot, round, warning, at }: Mark): JsonObject => {
  const { agreement, version } = promiseOf(round.terms)
  return {
    slot,
    round: round.number,
    // The instant it was so, which may be long before anybody could say it.
    at: new Date(at).toISOString(),
    agreement: agreement.id,
    name: agreement.name,
    version,
    ...(warning === null ? {} : { warning: { ...warning } }),
  }
}
