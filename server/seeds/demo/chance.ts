/** The same story on every machine: a small generator with a seed (mulberry32). */
export type Chance = {
  /** From 0 up to, not including, 1. */
  next(): number
  one<T>(items: readonly T[]): T
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T
  between(from: number, to: number): number
  /** True with this probability. */
  happens(probability: number): boolean
}

export const chanceFrom = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const one = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(next() * items.length)]
    if (item === undefined) throw new RangeError('nothing to choose from')
    return item
  }
  return {
    next,
    one,
    weighted: (items) => {
      let left = next() * items.reduce((sum, item) => sum + item.weight, 0)
      return items.find((item) => (left -= item.weight) < 0) ?? one(items)
    },
    between: (from, to) => from + next() * (to - from),
    happens: (probability) => next() < probability,
  }
}
