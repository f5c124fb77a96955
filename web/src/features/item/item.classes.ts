import type { ItemClassView } from '@evenkeel/contract/item-class'

export type ClassNode = {
  readonly key: string
  readonly label: string
  readonly depth: number
  /** Of it and of the classes below it. */
  readonly count: number
}

/** A class and every class below it. */
export const withBelow = (key: string, classes: readonly ItemClassView[]): readonly string[] =>
  classes.filter((one) => one.key === key || one.ancestors.includes(key)).map((one) => one.key)

/** Classes as a tree in lines, each below its parent by name; those without an item are left out unless `empty`. */
export const classTree = (
  classes: readonly ItemClassView[],
  counts: ReadonlyMap<string, number>,
  empty: boolean,
): readonly ClassNode[] => {
  const below = (parent: string | null, depth: number, seen: ReadonlySet<string>): readonly ClassNode[] =>
    classes
      .filter((one) => one.parent === parent && !seen.has(one.key))
      .toSorted((a, b) => a.label.localeCompare(b.label))
      .flatMap((one) => {
        const lines = below(one.key, depth + 1, new Set([...seen, one.key]))
        const count = withBelow(one.key, classes).reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)
        return count === 0 && !empty ? [] : [{ key: one.key, label: one.label, depth, count }, ...lines]
      })
  return below(null, 0, new Set())
}
