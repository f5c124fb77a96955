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

/** A relation as it is drawn: one between two items, or a way through items that are not shown. */
export type DrawnRelation = MapRelation & {
  /** How many items that are not shown the shortest such way leads through. */
  readonly through?: number
}

/**
 * The map without some of its items, and the ways that led through them: so hiding what one does not look for hides nothing of what depends
 * on what. Where two items are connected anyway, no way is added; relations that carry no trouble make none.
 */
export const contracted = (
  items: readonly MapItem[],
  relations: readonly MapRelation[],
  shown: ReadonlySet<string>,
): { readonly items: readonly MapItem[]; readonly relations: readonly DrawnRelation[] } => {
  const kept: DrawnRelation[] = relations.filter(
    ({ belowId, aboveId }) => shown.has(belowId) && shown.has(aboveId),
  )
  const connected = new Set(kept.map(({ belowId, aboveId }) => `${belowId} ${aboveId}`))
  const carrying = Map.groupBy(
    relations.filter(({ trouble }) => trouble !== 'none'),
    ({ belowId }) => belowId,
  )
  for (const { id: start } of items) {
    if (!shown.has(start)) continue
    const passed = new Set<string>()
    let front = (carrying.get(start) ?? []).filter(({ aboveId }) => !shown.has(aboveId))
    for (let through = 1; front.length > 0; through += 1) {
      const hidden = [...new Set(front.map(({ aboveId }) => aboveId))].filter((id) => !passed.has(id))
      for (const id of hidden) passed.add(id)
      const further = hidden.flatMap((id) => carrying.get(id) ?? [])
      for (const relation of further) {
        const { aboveId } = relation
        const pair = `${start} ${aboveId}`
        if (!shown.has(aboveId) || aboveId === start || connected.has(pair)) continue
        connected.add(pair)
        kept.push({ ...relation, id: `${start} ${relation.id}`, belowId: start, through })
      }
      front = further.filter(({ aboveId }) => !shown.has(aboveId))
    }
  }
  return { items: items.filter(({ id }) => shown.has(id)), relations: kept }
}

/** How many members of each group are not among these items, of all it has. */
export const membersNotShown = (
  items: readonly MapItem[],
  relations: readonly MapRelation[],
): ReadonlyMap<string, number> => {
  const here = new Set(items.map(({ id }) => id))
  const members = Map.groupBy(
    relations.filter(({ type, belowId }) => type === 'member_of' && here.has(belowId)),
    ({ aboveId }) => aboveId,
  )
  return new Map(
    items.flatMap(({ id, quorum }) => {
      if (quorum === null) return []
      const shown = new Set((members.get(id) ?? []).map(({ belowId }) => belowId)).size
      return quorum.size > shown ? [[id, quorum.size - shown] as const] : []
    }),
  )
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

/** How the nodes of a map look at the moment. */
export type Looks = {
  readonly picked: string | undefined
  /** What a failure would do; undefined while none is asked about. */
  readonly blast: Blast | undefined
  /** Those that a search or a filter found; undefined for all. */
  readonly found: ReadonlySet<string> | undefined
}

/** Whether a node steps back behind others. */
export const isDim = ({ picked, blast, found }: Looks, id: string): boolean => {
  if (found !== undefined && !found.has(id)) return true
  return blast !== undefined && !blast.marks.has(id) && id !== picked
}

const byHealth = ['down', 'degraded', 'unknown', 'up'] as const

/** What somebody who has only a moment looks at first: services before what they stand on, the worst and then the most critical. */
export const mostPressing = (items: readonly MapItem[]): MapItem | undefined =>
  items.toSorted(
    (one, other) =>
      Number(other.isService) - Number(one.isService) ||
      byHealth.indexOf(one.health.now) - byHealth.indexOf(other.health.now) ||
      (one.criticality ?? 5) - (other.criticality ?? 5),
  )[0]

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
