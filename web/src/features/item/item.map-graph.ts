import type { BlastRadius, ItemMap, MapItem, MapRelation } from '@evenkeel/contract/item-graph'

/** Several answers as one map: what a later one says of an item counts, and it knows of more relations. */
export const joined = (maps: readonly ItemMap[]): Pick<ItemMap, 'items' | 'relations'> => {
  const items = new Map<string, MapItem>()
  const relations = new Map<string, MapRelation>()
  for (const map of maps) {
    for (const item of map.items) {
      const before = items.get(item.id)
      items.set(item.id, before === undefined ? item : { ...before, more: before.more && item.more })
    }
    for (const relation of map.relations) relations.set(relation.id, relation)
  }
  return { items: [...items.values()], relations: [...relations.values()] }
}

export type Neighbors = {
  readonly below: ReadonlyMap<string, readonly MapRelation[]>
  readonly above: ReadonlyMap<string, readonly MapRelation[]>
}

export const neighborsIn = (relations: readonly MapRelation[]): Neighbors => ({
  below: Map.groupBy(relations, ({ aboveId }) => aboveId),
  above: Map.groupBy(relations, ({ belowId }) => belowId),
})

/** What becomes of a node when something fails: it failed, it follows, or the next failure takes it along. */
export type Mark = 'failed' | 'down' | 'degraded' | 'risk' | 'reduced'

export type Blast = {
  readonly marks: ReadonlyMap<string, Mark>
  /** Pairs of neighbors on a way from a failure to what it takes along. */
  readonly ways: ReadonlySet<string>
}

export const wayKey = (one: string, other: string): string =>
  one < other ? `${one} ${other}` : `${other} ${one}`

export const blastIn = ({
  failed,
  services,
  items,
  atRisk,
  reduced,
}: Pick<BlastRadius, 'failed' | 'services' | 'items' | 'atRisk' | 'reduced'>): Blast => {
  const marks = new Map<string, Mark>()
  const ways = new Set<string>()
  for (const { item } of reduced) marks.set(item.id, 'reduced')
  for (const { item } of atRisk) marks.set(item.id, 'risk')
  for (const { item, health, path } of [...items, ...services]) {
    marks.set(item.id, health)
    const ids = path.flatMap((step) => (step.item === null ? [] : [step.item.id]))
    for (const [at, id] of ids.entries()) {
      const next = ids[at + 1]
      if (next !== undefined) ways.add(wayKey(id, next))
    }
  }
  for (const { id } of failed) marks.set(id, 'failed')
  return { marks, ways }
}

/** Where a map begins when it is read as a list: what nothing stands above; of a ring that nothing stands above, its first. */
export const topsOf = (items: readonly MapItem[], { above, below }: Neighbors): readonly MapItem[] => {
  const reached = new Set<string>()
  const reach = (from: string): void => {
    const open = [from]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (reached.has(id)) continue
      reached.add(id)
      for (const { belowId } of below.get(id) ?? []) open.push(belowId)
    }
  }
  const tops = items.filter(({ id }) => (above.get(id) ?? []).every(({ aboveId }) => aboveId === id))
  for (const { id } of tops) reach(id)
  const rings = items.filter(({ id }) => {
    if (reached.has(id)) return false
    reach(id)
    return true
  })
  return [...tops, ...rings]
}
