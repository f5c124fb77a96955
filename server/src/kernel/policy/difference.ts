import type { Json } from '../evidence/canonical-json.ts'
import { says } from './difference.reasons.ts'

/** Who reads it, and what they call the members of the documents. */
export type DifferenceReader = { readonly language: string; readonly member: (name: string) => string }
const english: DifferenceReader = { language: 'en', member: (name) => name }

/** One thing that differs: where (a JSON pointer) and in words. */
export type Difference = { readonly path: string; readonly sentence: string }

/**
 * What two documents differ in. Members of lists that carry an `id` (or a `serviceId`, `date`, `name`, `key`, `value` or `class`) are matched by it, so that a rule
 * that only moved is said to have moved, not to have been rewritten with everything behind it.
 */
export const differences = (before: Json, after: Json, reader: DifferenceReader = english): Difference[] =>
  differencesAt(before, after, '', reader)

const differencesAt = (before: Json, after: Json, path: string, reader: DifferenceReader): Difference[] => {
  const tell = (
    key: 'changes' | 'isNew' | 'isGone',
    at: string,
    ...[from, to]: readonly [Json, Json]
  ): Difference => ({
    path: at,
    sentence: says(`difference.${key}`, {
      where: words(at, reader),
      from: shown(from, reader),
      to: shown(to, reader),
    }).in(reader.language),
  })
  if (same(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path, reader)
  // A condition is read as a whole: what of its tree moved where tells nobody anything.
  if (isObject(before) && isObject(after) && !(isCondition(before) && isCondition(after))) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => {
      const [from, to] = [member(before, key), member(after, key)]
      const at = `${path}/${escaped(key)}`
      if (from === undefined && to === undefined) return []
      if (from === undefined) return [tell('isNew', at, null, to ?? null)]
      if (to === undefined) return [tell('isGone', at, from, null)]
      return differencesAt(from, to, at, reader)
    })
  }
  return [tell('changes', path, before, after)]
}

const listDifferences = (
  before: readonly Json[],
  after: readonly Json[],
  path: string,
  reader: DifferenceReader,
): Difference[] => {
  const { language } = reader
  const where = words(path, reader)
  if (isWords(before) && isWords(after)) return wordDifferences(before, after, path, reader)
  const keyed =
    [...before, ...after].every((item) => keyOf(item) !== undefined) && unique(before) && unique(after)
  if (!keyed) {
    const length = Math.max(before.length, after.length)
    return Array.from({ length }, (_, index) => index).flatMap((index) => {
      const [from, to] = [before[index], after[index]]
      const at = `${path}/${index}`
      if (from === undefined)
        return [
          {
            path: at,
            sentence: says('difference.gets', { where, what: shown(to ?? null, reader) }).in(language),
          },
        ]
      if (to === undefined)
        return [
          { path: at, sentence: says('difference.loses', { where, what: shown(from, reader) }).in(language) },
        ]
      return differencesAt(from, to, at, reader)
    })
  }
  const [old, fresh] = [byKey(before), byKey(after)]
  const found: Difference[] = []
  for (const [key, item] of old) {
    if (!fresh.has(key))
      found.push({
        path: `${path}/${escaped(key)}`,
        sentence: says('difference.loses', { where, what: titleOf(item, reader) }).in(language),
      })
  }
  const kept = [...old.keys()].filter((key) => fresh.has(key))
  const order = [...fresh.keys()].filter((key) => old.has(key))
  for (const [key, item] of fresh) {
    const at = `${path}/${escaped(key)}`
    const was = old.get(key)
    if (was === undefined)
      found.push({
        path: at,
        sentence: says('difference.gets', {
          where,
          what: `${titleOf(item, reader)}${contentsOf(item, reader)}`,
        }).in(language),
      })
    else {
      if (kept.indexOf(key) !== order.indexOf(key)) {
        found.push({
          path: at,
          sentence: says('difference.moves', {
            what: titleOf(item, reader),
            from: String(kept.indexOf(key) + 1),
            to: String(order.indexOf(key) + 1),
          }).in(language),
        })
      }
      found.push(...differencesAt(was, item, at, reader))
    }
  }
  return found
}

/** A list of words, each once: which of them come and go counts, not at which place. */
const isWords = (list: readonly Json[]): list is readonly string[] =>
  list.every((item) => typeof item === 'string') && new Set(list).size === list.length

const wordDifferences = (
  before: readonly string[],
  after: readonly string[],
  path: string,
  reader: DifferenceReader,
): Difference[] => {
  const where = words(path, reader)
  const tell = (key: 'loses' | 'gets', word: string): Difference => ({
    path: `${path}/${escaped(word)}`,
    sentence: says(`difference.${key}`, { where, what: shown(word, reader) }).in(reader.language),
  })
  const found = [
    ...before.filter((word) => !after.includes(word)).map((word) => tell('loses', word)),
    ...after.filter((word) => !before.includes(word)).map((word) => tell('gets', word)),
  ]
  return found.length > 0
    ? found
    : [{ path, sentence: says('difference.reordered', { where }).in(reader.language) }]
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Documents may have members called like those of every object.
const member = (value: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined

const keyOf = (item: Json): string | undefined => {
  if (!isObject(item)) return undefined
  for (const name of ['id', 'serviceId', 'date', 'name', 'key', 'value', 'class']) {
    const value = member(item, name)
    if (typeof value === 'string') return value
  }
  return undefined
}

const byKey = (items: readonly Json[]): Map<string, Json> =>
  new Map(items.map((item) => [keyOf(item) ?? '', item]))
const unique = (items: readonly Json[]): boolean => new Set(items.map(keyOf)).size === items.length

const titleOf = (item: Json, reader: DifferenceReader): string => {
  const name = isObject(item) ? (member(item, 'name') ?? member(item, 'label') ?? keyOf(item)) : undefined
  return typeof name === 'string'
    ? says('difference.quoted', { name }).in(reader.language)
    : shown(item, reader)
}

/** What a new member holds beside its name: `: when title contains "printer", pick "none"`. */
const contentsOf = (item: Json, reader: DifferenceReader): string => {
  if (!isObject(item)) return ''
  const parts = Object.entries(item).flatMap(([name, value]) =>
    name === 'id' || name === 'name' || name === 'label' || saysNothing(value)
      ? []
      : [`${reader.member(name)} ${shown(value, reader)}`],
  )
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

/** What was left as it comes. */
const saysNothing = (value: Json): boolean =>
  value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)

const isCondition = (value: Json): boolean =>
  isObject(value) &&
  (['all', 'any'].some((group) => Array.isArray(member(value, group))) ||
    isObject(member(value, 'not') ?? null) ||
    (typeof member(value, 'field') === 'string' && typeof member(value, 'op') === 'string'))

/** A condition in words, by the names of its fields. */
const conditionWords = (value: Json, reader: DifferenceReader): string => {
  const { language } = reader
  const word = (key: 'everything' | 'nothing' | 'and' | 'or' | 'not'): string =>
    says(`difference.${key}`).in(language)
  const within = (parts: readonly Json[], between: string): string =>
    parts
      .map((part) =>
        isCondition(part) && isObject(part) && member(part, 'field') === undefined
          ? `(${conditionWords(part, reader)})`
          : conditionWords(part, reader),
      )
      .join(` ${between} `)
  if (!isObject(value)) return JSON.stringify(value)
  const [all, any, not] = [member(value, 'all'), member(value, 'any'), member(value, 'not')]
  if (Array.isArray(all)) return all.length === 0 ? word('everything') : within(all, word('and'))
  if (Array.isArray(any)) return any.length === 0 ? word('nothing') : within(any, word('or'))
  if (not !== undefined) return `${word('not')} (${conditionWords(not, reader)})`
  const asked = member(value, 'value')
  return [
    member(value, 'field'),
    member(value, 'op'),
    ...(asked === undefined ? [] : [JSON.stringify(asked)]),
  ]
    .map(String)
    .join(' ')
}

const same = (one: Json, other: Json): boolean => {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item: Json, index) => same(item, other[index] ?? null))
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) => Object.hasOwn(other, key) && same(member(one, key) ?? null, member(other, key) ?? null),
    )
  )
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
const words = (path: string, { language, member: named }: DifferenceReader): string =>
  path === '' ? says('difference.document').in(language) : path.slice(1).split('/').map(named).join(' › ')

const shown = (value: Json, reader: DifferenceReader): string => {
  if (value === null) return says('difference.nothing').in(reader.language)
  const text = isCondition(value) ? conditionWords(value, reader) : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}
